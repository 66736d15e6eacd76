/* SPDX-License-Identifier: MIT */
/* From stretches of tracks to the events of a clip. */
#include "sight-clip.h"

#include "sight-clip-private.h"
#include "sight-event-reader.h"
#include "sight-hash.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK(sight - clip - error - quark, sight_clip_error)

typedef struct {
  SightClipCleaner cleaner;
  GCancellable *cancellable;
  GHashTable *shown; /* see SightClipAbout */
  gsize left;        /* of what is drawn again and again */
} Writing;

/* What is drawn may hold so much in all, however often a page names it. */
#define MAX_SHOWN_BYTES ((gsize)32 * 1024 * 1024)

/* Where an address stands that is drawn, in an event as the recorder and we write it. */
static gboolean is_drawn(const GString *events, gsize at) {
  static const char *const before[] = {"\"src\":\"", "\"href\":\"", "\"xlink:href\":\"", "\"poster\":\"",
                                       "url(",       "url('",       "url(\\\"",          "\"background\":\""};
  for (guint i = 0; i < G_N_ELEMENTS(before); i++) {
    gsize bytes = strlen(before[i]);
    if (at >= bytes && memcmp(events->str + at - bytes, before[i], bytes) == 0)
      return TRUE;
  }
  return FALSE;
}

/* With what is shown in the place of its addresses: the cleaner lets through what needs no network, where it may stand.
 */
static void put_shown(Writing *writing, GString *events) {
  if (writing->shown == NULL || g_hash_table_size(writing->shown) == 0)
    return;
  g_autoptr(GString) out = g_string_sized_new(events->len);
  const char *from = events->str, *at = from;
  while ((at = strstr(at, "http")) != NULL) {
    gsize bytes = strcspn(at, "\"'()\\ ");
    g_autofree char *address = g_strndup(at, bytes);
    const char *url = is_drawn(events, (gsize)(at - events->str)) ? g_hash_table_lookup(writing->shown, address) : NULL;
    if (url != NULL && strlen(url) <= writing->left) {
      g_string_append_len(out, from, at - from);
      g_string_append(out, url);
      writing->left -= strlen(url);
      from = at + bytes;
    }
    at += bytes;
  }
  g_string_append(out, from);
  g_string_assign(events, out->str);
}

static gboolean take_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Writing *writing = user_data;
  if (g_cancellable_set_error_if_cancelled(writing->cancellable, error))
    return FALSE;
  sight_clip_clean_event(&writing->cleaner, event);
  return TRUE;
}

/* Nothing of the two lists of events is too large: the one comes from our own pages, the other was read before. */
static gboolean take_events(Writing *writing, GString *events, GError **error) {
  const SightReaderLimits limits = {.max_bytes = G_MAXUINT64, .max_event_bytes = G_MAXINT32, .max_events = G_MAXUINT64};
  g_autoptr(GError) local = NULL;
  put_shown(writing, events);
  if (events->len <= 2 || sight_event_read_bytes(events->str, events->len, &limits, take_event, writing, NULL, &local))
    return TRUE;
  if (g_error_matches(local, SIGHT_EVENT_ERROR, SIGHT_EVENT_ERROR_EMPTY))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&local));
  return FALSE;
}

/* The moment at which the part has a page for the first time; -1: it has none. */
static gint64 part_start_ms(const SightClipPart *part) {
  gint64 page_ms = sight_track_first_page_ms(part->track);
  if (page_ms < 0 || page_ms >= part->to_ms || part->from_ms >= part->to_ms)
    return -1;
  return MAX(part->from_ms, page_ms);
}

/* What the visitor's browser preferred, as the recorder tells it. */
static void write_media(SightJsonWriter *w, SightTrack *track, gint64 at_ms) {
  SightPlace place = {0};
  if (!sight_track_place(track, at_ms, &place) || place.media == NULL)
    return;
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", SIGHT_EVENT_CUSTOM);
  sight_json_member_int(w, "timestamp", at_ms);
  sight_json_key(w, "data");
  sight_json_begin_object(w);
  sight_json_member_string(w, "tag", "ss:context");
  sight_json_key(w, "payload");
  sight_json_begin_object(w);
  sight_json_key(w, "media");
  sight_json_put_raw(w, place.media, strlen(place.media));
  sight_json_end_object(w);
  sight_json_end_object(w);
  sight_json_end_object(w);
}

static gboolean write_part(Writing *writing, const SightClipPart *part, gint64 from_ms, GError **error) {
  g_autoptr(SightCursor) cursor = sight_cursor_new(part->track);
  g_autoptr(GString) events = g_string_new(NULL);
  /* What comes before its time is applied. A recording begins with the size of the page, and a moment later the page.
   */
  gint64 page_ms = MAX(from_ms, sight_track_first_page_ms(part->track) + 1);
  g_hash_table_remove_all(writing->cleaner.kinds);
  writing->cleaner.from_ms = from_ms;
  if (!sight_cursor_seek(cursor, page_ms, error))
    return FALSE;
  if (sight_dom_write_present(sight_cursor_page(cursor), from_ms, events) && !take_events(writing, events, error))
    return FALSE;
  write_media(&writing->cleaner.w, part->track, from_ms);
  g_string_truncate(events, 0);
  return sight_track_events(part->track, page_ms, part->to_ms, events, error) && take_events(writing, events, error);
}

/* Tells a player how long it goes on after the last event. */
static void write_end(SightJsonWriter *w, gint64 to_ms) {
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", SIGHT_EVENT_CUSTOM);
  sight_json_member_int(w, "timestamp", to_ms);
  sight_json_key(w, "data");
  sight_json_begin_object(w);
  sight_json_member_string(w, "tag", "clip-end");
  sight_json_key(w, "payload");
  sight_json_begin_object(w);
  sight_json_end_object(w);
  sight_json_end_object(w);
  sight_json_end_object(w);
}

static gboolean write_events(Writing *writing, const SightClipPart *parts, guint n_parts, gint64 *first_ms,
                             gint64 *last_ms, GError **error) {
  SightJsonWriter *w = &writing->cleaner.w;
  *first_ms = -1;
  sight_json_begin_array(w);
  for (guint i = 0; i < n_parts; i++) {
    gint64 from_ms = part_start_ms(&parts[i]);
    if (from_ms < 0)
      continue;
    if (!write_part(writing, &parts[i], from_ms, error))
      return FALSE;
    *first_ms = *first_ms < 0 ? from_ms : *first_ms;
    *last_ms = parts[i].to_ms;
  }
  if (*first_ms < 0) {
    g_set_error_literal(error, SIGHT_CLIP_ERROR, SIGHT_CLIP_ERROR_EMPTY, _("No page can be seen in this range"));
    return FALSE;
  }
  write_end(w, *last_ms);
  sight_json_end_array(w);
  return TRUE;
}

/* With a name and a note that are masked, too. */
static void write_masked_element(const GString *events, const SightClipAbout *about, gint64 first_ms, gint64 last_ms,
                                 GString *out) {
  SightRedaction *redaction = about != NULL ? about->redaction : NULL;
  g_autofree char *name =
      redaction != NULL && about->name != NULL ? sight_redaction_text(redaction, about->name) : NULL;
  g_autofree char *note =
      redaction != NULL && about->note != NULL ? sight_redaction_text(redaction, about->note) : NULL;
  const SightClipAbout masked = {.name = name, .note = note};

  sight_clip_write_element(events, redaction != NULL ? &masked : about, first_ms, last_ms, out);
}

static gboolean write_html(const GString *events, const SightClipAbout *about, gint64 first_ms, gint64 last_ms,
                           GString *out, GError **error) {
  gsize was = out->len;
  const char *name = about != NULL ? about->name : NULL;
  g_autofree char *masked =
      name != NULL && about->redaction != NULL ? sight_redaction_text(about->redaction, name) : NULL;

  if (sight_clip_page_begin(out, masked != NULL ? masked : name, error)) {
    write_masked_element(events, about, first_ms, last_ms, out);
    if (sight_clip_page_end(out, error))
      return TRUE;
  }
  g_string_truncate(out, was);
  return FALSE;
}

/* The events of the range, cleaned and masked. */
static gboolean make_events(const SightClipPart *parts, guint n_parts, const SightClipAbout *about,
                            GCancellable *cancellable, GString *events, gint64 *first_ms, gint64 *last_ms,
                            GError **error) {
  g_autoptr(GHashTable) kinds = g_hash_table_new(sight_hash_number, NULL);
  GHashTable *shown = about != NULL ? about->shown : NULL;
  g_autoptr(SightClipSprites) sprites = shown != NULL ? sight_clip_sprites_new(shown) : NULL;
  Writing writing = {.cleaner = {.w = {.out = events}, .kinds = kinds, .sprites = sprites},
                     .cancellable = cancellable,
                     .shown = shown,
                     .left = MAX_SHOWN_BYTES};
  if (!write_events(&writing, parts, n_parts, first_ms, last_ms, error))
    return FALSE;
  if (about != NULL && about->redaction != NULL)
    sight_clip_learn_about(about);
  return about == NULL || about->redaction == NULL || sight_redaction_apply(about->redaction, events, error);
}

gboolean sight_clip_write(const SightClipPart *parts, guint n_parts, SightClipForm form, const SightClipAbout *about,
                          GCancellable *cancellable, GString *out, GError **error) {
  g_autoptr(GString) events = g_string_new(NULL);
  gint64 first_ms, last_ms = 0;
  if (!make_events(parts, n_parts, about, cancellable, events, &first_ms, &last_ms, error))
    return FALSE;
  if (form == SIGHT_CLIP_FILE) {
    sight_clip_write_file(events, about, first_ms, last_ms, out);
    return TRUE;
  }
  if (form == SIGHT_CLIP_HTML)
    return write_html(events, about, first_ms, last_ms, out, error);
  g_string_append_len(out, events->str, (gssize)events->len);
  g_string_append_c(out, '\n');
  return TRUE;
}

gboolean sight_clip_page_add(const SightClipPart *parts, guint n_parts, const SightClipAbout *about,
                             GCancellable *cancellable, GString *out, GError **error) {
  g_autoptr(GString) events = g_string_new(NULL);
  gint64 first_ms, last_ms = 0;
  if (!make_events(parts, n_parts, about, cancellable, events, &first_ms, &last_ms, error))
    return FALSE;
  write_masked_element(events, about, first_ms, last_ms, out);
  return TRUE;
}
