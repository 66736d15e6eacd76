/* SPDX-License-Identifier: MIT */
/* Reading a track: its tables, its events, and the page at a time. */
#include "sight-compress.h"
#include "sight-track-private.h"

#include <string.h>

#define MAX_EXPANDED (1024u * 1024 * 1024)

guint64 sight_track_n_events(const SightTrack *track) {
  return track->n_events;
}

gboolean sight_track_has_page(const SightTrack *track) {
  return track->has_page;
}

gint64 sight_track_first_ms(const SightTrack *track) {
  return track->first_ms;
}

gint64 sight_track_last_ms(const SightTrack *track) {
  return track->last_ms;
}

gint64 sight_track_first_page_ms(const SightTrack *track) {
  return track->first_page_ms;
}

gsize sight_track_bytes(const SightTrack *track) {
  gsize bytes = track->open->allocated_len + track->changes->len * sizeof(gint64);
  for (guint i = 0; i < track->segments->len; i++) {
    const SightSegment *segment = g_ptr_array_index(track->segments, i);
    bytes += segment->entries->len * sizeof(SightEntry);
    bytes += segment->events != NULL ? g_bytes_get_size(segment->events) : 0;
    bytes += segment->keyframe != NULL ? g_bytes_get_size(segment->keyframe) : 0;
  }
  return bytes;
}

const GArray *sight_track_jumps(const SightTrack *track) {
  return track->jumps;
}

static void add_idle(GArray *idle, gint64 start_ms, gint64 end_ms, gint64 idle_ms) {
  SightStretch stretch = {start_ms, end_ms};
  if (end_ms - start_ms >= idle_ms)
    g_array_append_val(idle, stretch);
}

GArray *sight_track_idle(const SightTrack *track, gint64 idle_ms) {
  GArray *idle = g_array_new(FALSE, FALSE, sizeof(SightStretch));
  gint64 since_ms = track->first_ms;
  for (guint i = 0; i < track->active->len; i++) {
    const SightStretch *active = &g_array_index(track->active, SightStretch, i);
    add_idle(idle, since_ms, active->start_ms, idle_ms);
    since_ms = active->end_ms;
  }
  if (track->n_events > 0)
    add_idle(idle, since_ms, track->last_ms, idle_ms);
  return idle;
}

guint sight_track_n_segments(const SightTrack *track) {
  return track->segments->len;
}

void sight_track_segment(const SightTrack *track, guint i, SightSegmentInfo *info) {
  const SightSegment *segment = g_ptr_array_index(track->segments, i);
  const SightEntry *first = &g_array_index(segment->entries, SightEntry, 0);
  const SightEntry *last = &g_array_index(segment->entries, SightEntry, segment->entries->len - 1);
  *info = (SightSegmentInfo){.first_ms = first->time_ms,
                             .last_ms = last->time_ms,
                             .n_events = segment->entries->len,
                             .bytes = segment->events != NULL ? segment->events_bytes : track->open->len,
                             .keyframe_bytes = segment->keyframe_bytes};
}

GBytes *sight_segment_read(const SightTrack *track, const SightSegment *segment, GError **error) {
  if (segment->events == NULL)
    return g_bytes_new(track->open->str, track->open->len);
  gsize bytes;
  const void *data = g_bytes_get_data(segment->events, &bytes);
  return sight_zstd_expand(data, bytes, MAX_EXPANDED, error);
}

/* The last segment that begins before the time: all that comes before it is in its keyframe. */
static guint segment_before(const SightTrack *track, gint64 at_ms) {
  guint low = 0, high = track->segments->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    const SightSegment *segment = g_ptr_array_index(track->segments, middle);
    if (g_array_index(segment->entries, SightEntry, 0).time_ms < at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 ? low - 1 : 0;
}

/* The first entry with time_ms >= at_ms. */
static guint entry_from(const SightSegment *segment, gint64 at_ms) {
  guint low = 0, high = segment->entries->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(segment->entries, SightEntry, middle).time_ms < at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean sight_track_events(const SightTrack *track, gint64 from_ms, gint64 to_ms, GString *out, GError **error) {
  g_string_append_c(out, '[');
  gboolean any = FALSE;
  for (guint i = segment_before(track, from_ms); i < track->segments->len; i++) {
    const SightSegment *segment = g_ptr_array_index(track->segments, i);
    guint start = entry_from(segment, from_ms), end = entry_from(segment, to_ms);
    if (g_array_index(segment->entries, SightEntry, 0).time_ms >= to_ms)
      break;
    if (start >= end)
      continue;
    g_autoptr(GBytes) text = sight_segment_read(track, segment, error);
    if (text == NULL)
      return FALSE;
    const char *data = g_bytes_get_data(text, NULL);
    for (guint k = start; k < end; k++) {
      const SightEntry *entry = &g_array_index(segment->entries, SightEntry, k);
      if (any)
        g_string_append_c(out, ',');
      g_string_append_len(out, data + entry->start, entry->bytes);
      any = TRUE;
    }
  }
  g_string_append_c(out, ']');
  return TRUE;
}

gint64 sight_track_change(const SightTrack *track, gint64 at_ms, int direction) {
  guint low = 0, high = track->changes->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    gint64 time_ms = g_array_index(track->changes, gint64, middle);
    if (direction > 0 ? time_ms <= at_ms : time_ms < at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  if (direction > 0)
    return low < track->changes->len ? g_array_index(track->changes, gint64, low) : -1;
  return low > 0 ? g_array_index(track->changes, gint64, low - 1) : -1;
}

/* The cursor */

struct SightCursor {
  SightTrack *track;
  SightDom *page;
  SightEventParser *parser;
  GBytes *text;  /* of the segment that it is in, or NULL */
  guint segment; /* index */
  guint next;    /* first entry that is not applied */
  guint generation;
  gint64 at_ms;
};

SightCursor *sight_cursor_new(SightTrack *track) {
  SightCursor *cursor = g_new0(SightCursor, 1);
  cursor->track = sight_track_ref(track);
  cursor->page = sight_dom_new();
  cursor->parser = sight_event_parser_new();
  cursor->at_ms = G_MININT64;
  return cursor;
}

void sight_cursor_free(SightCursor *cursor) {
  if (cursor == NULL)
    return;
  sight_track_unref(cursor->track);
  sight_dom_free(cursor->page);
  sight_event_parser_free(cursor->parser);
  g_clear_pointer(&cursor->text, g_bytes_unref);
  g_free(cursor);
}

const SightDom *sight_cursor_page(const SightCursor *cursor) {
  return cursor->page;
}

gint64 sight_cursor_at_ms(const SightCursor *cursor) {
  return cursor->at_ms;
}

static gboolean apply_keyframe(SightCursor *cursor, const SightSegment *segment, GError **error) {
  gsize bytes;
  const void *data = g_bytes_get_data(segment->keyframe, &bytes);
  g_autoptr(GBytes) text = sight_zstd_expand(data, bytes, MAX_EXPANDED, error);
  if (text == NULL)
    return FALSE;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  const char *json = g_bytes_get_data(text, &bytes);
  if (!sight_json_parser_parse(parser, json, bytes, &root, error))
    return FALSE;
  SightJsonIter it = sight_json_iter(root);
  while (sight_json_next(&it)) {
    gint64 type = sight_json_int(sight_json_get(it.value, "type"), -1);
    SightJson body = sight_json_get(it.value, "data");
    SightEvent event = {.time_ms = sight_json_int(sight_json_get(it.value, "timestamp"), 0),
                        .type = (guint8)type,
                        .source = SIGHT_SOURCE_NONE,
                        .data = body};
    if (type == SIGHT_EVENT_INCREMENTAL)
      event.source = (guint8)sight_json_int(sight_json_get(body, "source"), SIGHT_SOURCE_NONE);
    sight_dom_apply(cursor->page, &event);
  }
  return TRUE;
}

static gboolean enter(SightCursor *cursor, guint index, GError **error) {
  const SightSegment *segment = g_ptr_array_index(cursor->track->segments, index);
  g_clear_pointer(&cursor->page, sight_dom_free);
  cursor->page = sight_dom_new();
  g_clear_pointer(&cursor->text, g_bytes_unref);
  if (segment->keyframe != NULL && !apply_keyframe(cursor, segment, error))
    return FALSE;
  cursor->text = sight_segment_read(cursor->track, segment, error);
  cursor->segment = index;
  cursor->generation = cursor->track->generation;
  cursor->next = 0;
  return cursor->text != NULL;
}

gboolean sight_cursor_seek(SightCursor *cursor, gint64 at_ms, GError **error) {
  const GPtrArray *segments = cursor->track->segments;
  if (segments->len == 0)
    return TRUE;
  guint index = segment_before(cursor->track, at_ms);
  gboolean near = cursor->text != NULL && index == cursor->segment && at_ms >= cursor->at_ms &&
                  cursor->generation == cursor->track->generation;
  cursor->at_ms = at_ms;
  if (!near && !enter(cursor, index, error)) {
    g_clear_pointer(&cursor->text, g_bytes_unref);
    return FALSE;
  }
  const SightSegment *segment = g_ptr_array_index(segments, index);
  guint end = entry_from(segment, at_ms);
  const SightEntry *last = end > 0 ? &g_array_index(segment->entries, SightEntry, end - 1) : NULL;
  if (last != NULL && (gsize)last->start + last->bytes > g_bytes_get_size(cursor->text)) {
    g_bytes_unref(cursor->text); /* the segment has grown since */
    cursor->text = sight_segment_read(cursor->track, segment, error);
    if (cursor->text == NULL)
      return FALSE;
  }
  const char *data = g_bytes_get_data(cursor->text, NULL);
  for (; cursor->next < end; cursor->next++) {
    const SightEntry *entry = &g_array_index(segment->entries, SightEntry, cursor->next);
    SightEvent event;
    if (sight_event_parser_parse(cursor->parser, data + entry->start, entry->bytes, &event, NULL))
      sight_dom_apply(cursor->page, &event);
  }
  return TRUE;
}
