/* SPDX-License-Identifier: MIT */
/* Reading a track: its events, and the page at a time. */
#include "sight-track-private.h"

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
  gsize bytes = track->text->allocated_len + track->changes->len * sizeof(gint64);
  for (guint i = 0; i < track->segments->len; i++) {
    const SightSegment *segment = g_ptr_array_index(track->segments, i);
    bytes += segment->entries != NULL ? segment->entries->len * sizeof(SightEntry) : 0;
    bytes += segment->events != NULL ? g_bytes_get_size(segment->events) : 0;
    bytes += segment->keyframe != NULL ? g_bytes_get_size(segment->keyframe) : 0;
  }
  return bytes;
}

guint sight_track_n_segments(const SightTrack *track) {
  return track->segments->len;
}

void sight_track_segment(const SightTrack *track, guint i, SightSegmentInfo *info) {
  const SightSegment *segment = g_ptr_array_index(track->segments, i);
  *info = (SightSegmentInfo){.first_ms = segment->first_ms,
                             .last_ms = segment->last_ms,
                             .n_events = segment->n_events,
                             .bytes = segment->n_bytes,
                             .keyframe_bytes = segment->keyframe_bytes};
}

/* The last segment that begins before the time: all that comes before it is in its keyframe. */
static guint segment_before(const SightTrack *track, gint64 at_ms) {
  guint low = 0, high = track->segments->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    const SightSegment *segment = g_ptr_array_index(track->segments, middle);
    if (segment->first_ms < at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low > 0 ? low - 1 : 0;
}

gboolean sight_track_events(SightTrack *track, gint64 from_ms, gint64 to_ms, GString *out, GError **error) {
  g_string_append_c(out, '[');
  gboolean any = FALSE;
  for (guint i = segment_before(track, from_ms); i < track->segments->len; i++) {
    const SightSegment *segment = g_ptr_array_index(track->segments, i);
    if (segment->first_ms >= to_ms)
      break;
    if (segment->last_ms < from_ms)
      continue;
    g_autoptr(SightTexts) texts = sight_segment_read(track, i, error);
    if (texts == NULL)
      return FALSE;
    const char *data = g_bytes_get_data(texts->text, NULL);
    guint end = sight_texts_from(texts, to_ms);
    for (guint k = sight_texts_from(texts, from_ms); k < end; k++) {
      const SightEntry *entry = &g_array_index(texts->entries, SightEntry, k);
      if (any)
        g_string_append_c(out, ',');
      g_string_append_len(out, data + entry->start, (gssize)entry->bytes);
      any = TRUE;
    }
  }
  g_string_append_c(out, ']');
  return TRUE;
}

/* The cursor */

struct SightCursor {
  SightTrack *track;
  SightDom *page;
  SightEventParser *parser;
  SightTexts *texts; /* of the segment that it is in, or NULL */
  guint segment;     /* index */
  guint next;        /* first entry that is not applied */
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
  g_clear_pointer(&cursor->texts, sight_texts_unref);
  g_free(cursor);
}

const SightDom *sight_cursor_page(const SightCursor *cursor) {
  return cursor->page;
}

gint64 sight_cursor_at_ms(const SightCursor *cursor) {
  return cursor->at_ms;
}

static gboolean apply_keyframe(SightCursor *cursor, GBytes *keyframe, GError **error) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  gsize bytes;
  const char *json = g_bytes_get_data(keyframe, &bytes);
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
  g_autoptr(GError) problem = NULL;
  g_clear_pointer(&cursor->page, sight_dom_free);
  cursor->page = sight_dom_new();
  g_clear_pointer(&cursor->texts, sight_texts_unref);
  g_autoptr(GBytes) keyframe = sight_segment_keyframe(cursor->track, index, &problem);
  if (problem != NULL) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  if (keyframe != NULL && !apply_keyframe(cursor, keyframe, error))
    return FALSE;
  cursor->texts = sight_segment_read(cursor->track, index, error);
  cursor->segment = index;
  cursor->generation = cursor->track->generation;
  cursor->next = 0;
  return cursor->texts != NULL;
}

gboolean sight_cursor_seek(SightCursor *cursor, gint64 at_ms, GError **error) {
  const GPtrArray *segments = cursor->track->segments;
  if (segments->len == 0)
    return TRUE;
  guint index = segment_before(cursor->track, at_ms);
  gboolean near = cursor->texts != NULL && index == cursor->segment && at_ms >= cursor->at_ms &&
                  cursor->generation == cursor->track->generation;
  cursor->at_ms = at_ms;
  if (!near && !enter(cursor, index, error)) {
    g_clear_pointer(&cursor->texts, sight_texts_unref);
    return FALSE;
  }
  const SightSegment *segment = g_ptr_array_index(segments, index);
  if (!cursor->track->has_source && segment->n_events > cursor->texts->entries->len) {
    sight_texts_unref(cursor->texts); /* the segment has grown since */
    cursor->texts = sight_segment_read(cursor->track, index, error);
    if (cursor->texts == NULL)
      return FALSE;
  }
  guint end = sight_texts_from(cursor->texts, at_ms);
  const char *data = g_bytes_get_data(cursor->texts->text, NULL);
  for (; cursor->next < end; cursor->next++) {
    const SightEntry *entry = &g_array_index(cursor->texts->entries, SightEntry, cursor->next);
    SightEvent event;
    if (sight_event_parser_parse(cursor->parser, data + entry->start, entry->bytes, &event, NULL))
      sight_dom_apply(cursor->page, &event);
  }
  return TRUE;
}
