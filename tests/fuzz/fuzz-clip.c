/* SPDX-License-Identifier: MIT */
/* Clips of recordings that nobody vouches for: they can be read again, and no node in them runs or loads a document. */
#include "sight-clip.h"
#include "sight-event-reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static const SightReaderLimits limits = {.max_bytes = 1024 * 1024, .max_event_bytes = 65536, .max_events = 2000};

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

static GString *clip_of(const void *data, gsize bytes, gint64 from_ms, gint64 to_ms) {
  g_autoptr(SightTrack) track = sight_track_new();
  sight_event_read_bytes(data, bytes, &limits, add, track, NULL, NULL);
  sight_track_settle(track, NULL);
  if (!sight_track_has_page(track))
    return NULL;
  gint64 first_ms = sight_track_first_ms(track), last_ms = sight_track_last_ms(track);
  const SightClipPart part = {track, from_ms < 0 ? first_ms + (last_ms - first_ms) / 2 : from_ms,
                              to_ms < 0 ? last_ms + 1 : to_ms};
  GString *out = g_string_new(NULL);
  if (sight_clip_write(&part, 1, SIGHT_CLIP_JSON, NULL, NULL, out, NULL))
    return out;
  g_string_free(out, TRUE);
  return NULL;
}

static void check_node(const char *tag, SightJson attributes) {
  static const char *const forbidden[] = {"script", "base", "link", NULL};
  g_autofree char *lower = g_ascii_strdown(tag, -1);
  const char *colon = strrchr(lower, ':');
  g_assert_false(g_strv_contains(forbidden, colon != NULL ? colon + 1 : lower));
  SightJsonIter it = sight_json_iter(attributes);
  while (sight_json_next(&it)) {
    g_assert_cmpint(g_ascii_strcasecmp(it.key, "srcdoc"), !=, 0);
    g_assert_cmpint(g_ascii_strncasecmp(it.key, "on", 2), !=, 0);
  }
}

/* Nodes are told by two members: an attribute may have the name of either, and a text may say anything. */
static void check_nodes(SightJson value) {
  SightJson attributes = sight_json_get(value, "attributes");
  const char *tag = sight_json_string(sight_json_get(value, "tagName"), NULL);
  if (tag != NULL && sight_json_type(attributes) == SIGHT_JSON_OBJECT)
    check_node(tag, attributes);
  SightJsonIter it = sight_json_iter(value);
  while (sight_json_next(&it))
    check_nodes(it.value);
}

static void check_clip(SightJson events) {
  SightJsonIter it = sight_json_iter(events);
  while (sight_json_next(&it)) {
    SightJson data = sight_json_get(it.value, "data");
    if (sight_json_int(sight_json_get(data, "source"), SIGHT_SOURCE_MUTATION) == SIGHT_SOURCE_MUTATION)
      check_nodes(data);
  }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  if (bytes == 0 || bytes > 65536)
    return 0;
  g_autoptr(GString) once = clip_of(data, bytes, -1, -1);
  if (once == NULL)
    return 0;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  g_autoptr(GError) error = NULL;
  sight_json_parser_parse(parser, once->str, once->len, &root, &error);
  g_assert_no_error(error);
  check_clip(root);
  return 0;
}
