/* SPDX-License-Identifier: MIT */
/* Clips of recordings that nobody vouches for: they can be read again, and cleaning them once more changes nothing. */
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

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  if (bytes == 0 || bytes > 65536)
    return 0;
  g_autoptr(GString) once = clip_of(data, bytes, -1, -1);
  if (once == NULL)
    return 0;
  g_assert_null(strstr(once->str, "\"tagName\":\"script\""));
  g_assert_null(strstr(once->str, "\"srcdoc\""));
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  g_autoptr(GError) error = NULL;
  sight_json_parser_parse(parser, once->str, once->len, &root, &error);
  g_assert_no_error(error);
  return 0;
}
