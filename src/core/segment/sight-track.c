/* SPDX-License-Identifier: MIT */
/* SightTrack: takes events, cuts them into segments and keeps these small. */
#include "sight-compress.h"
#include "sight-track-private.h"

#include <string.h>

/* A segment is cut where reading it would take longer than this much work: bytes (or four times the keyframe, so that
 * keyframes stay a small part of the whole), or mutations of pages worth it. */
#define CUT_BYTES (1536 * 1024)
#define CUT_MUTATIONS 250
/* With few bytes even many mutations are read in no time. */
#define CUT_MIN_BYTES (128 * 1024)
#define MAX_SEGMENT (1024u * 1024 * 1024)
#define LEVEL 1
/* Activity that is nearer to each other than this is one stretch. */
#define ACTIVE_GAP_MS 1000
#define JUMP_MS 60000

static void segment_free(gpointer data) {
  SightSegment *segment = data;
  g_clear_pointer(&segment->events, g_bytes_unref);
  g_clear_pointer(&segment->keyframe, g_bytes_unref);
  g_array_unref(segment->entries);
  g_free(segment);
}

static void reset(SightTrack *track) {
  g_clear_pointer(&track->page, sight_dom_free);
  track->page = sight_dom_new();
  g_ptr_array_set_size(track->segments, 0);
  g_string_truncate(track->open, 0);
  g_array_set_size(track->changes, 0);
  g_array_set_size(track->active, 0);
  g_array_set_size(track->jumps, 0);
  g_hash_table_remove_all(track->playing);
  track->mutations = 0;
  track->n_events = 0;
  track->first_ms = track->last_ms = 0;
  track->first_page_ms = -1;
  track->has_page = track->unsorted = track->after_meta = FALSE;
}

SightTrack *sight_track_new(void) {
  SightTrack *track = g_new0(SightTrack, 1);
  g_atomic_ref_count_init(&track->ref_count);
  track->segments = g_ptr_array_new_with_free_func(segment_free);
  track->open = g_string_new(NULL);
  track->changes = g_array_new(FALSE, FALSE, sizeof(gint64));
  track->active = g_array_new(FALSE, FALSE, sizeof(SightStretch));
  track->jumps = g_array_new(FALSE, FALSE, sizeof(SightStretch));
  track->playing = g_hash_table_new(NULL, NULL);
  track->cut_bytes = CUT_BYTES;
  track->cut_min_bytes = CUT_MIN_BYTES;
  reset(track);
  return track;
}

SightTrack *sight_track_ref(SightTrack *track) {
  g_atomic_ref_count_inc(&track->ref_count);
  return track;
}

void sight_track_unref(SightTrack *track) {
  if (!g_atomic_ref_count_dec(&track->ref_count))
    return;
  g_ptr_array_unref(track->segments);
  g_string_free(track->open, TRUE);
  sight_dom_free(track->page);
  g_array_unref(track->changes);
  g_array_unref(track->active);
  g_array_unref(track->jumps);
  g_hash_table_unref(track->playing);
  g_free(track);
}

static SightSegment *open_segment(SightTrack *track) {
  SightSegment *last = track->segments->len > 0 ? g_ptr_array_index(track->segments, track->segments->len - 1) : NULL;
  return last != NULL && last->events == NULL ? last : NULL;
}

static void close_segment(SightTrack *track) {
  SightSegment *segment = open_segment(track);
  if (segment == NULL)
    return;
  segment->events_bytes = track->open->len;
  segment->events = sight_zstd_compress(track->open->str, track->open->len, LEVEL);
  g_string_truncate(track->open, 0);
  track->mutations = 0;
}

static SightSegment *begin_segment(SightTrack *track, gint64 time_ms) {
  SightSegment *segment = g_new0(SightSegment, 1);
  segment->entries = g_array_new(FALSE, FALSE, sizeof(SightEntry));
  g_autoptr(GString) keyframe = g_string_new(NULL);
  if (sight_dom_write_events(track->page, time_ms, keyframe)) {
    segment->keyframe_bytes = keyframe->len;
    segment->keyframe = sight_zstd_compress(keyframe->str, keyframe->len, LEVEL);
  }
  g_ptr_array_add(track->segments, segment);
  return segment;
}

/* A full snapshot of the recorder is as good as a keyframe; the Meta event before it belongs to it. */
static gboolean is_boundary(const SightTrack *track, const SightEvent *event) {
  if (event->type == SIGHT_EVENT_META)
    return TRUE;
  return event->type == SIGHT_EVENT_FULL_SNAPSHOT && !track->after_meta;
}

static gboolean must_cut(SightTrack *track, const SightSegment *segment, const SightEvent *event) {
  gsize bytes = track->open->len;
  if (bytes + event->text_bytes > MAX_SEGMENT)
    return TRUE;
  if (!track->has_page)
    return FALSE; /* there would be nothing to begin with */
  if (is_boundary(track, event))
    return bytes >= track->cut_min_bytes;
  if (track->after_meta)
    return FALSE;
  gsize keyframe = track->cut_min_bytes > 0 ? segment->keyframe_bytes : 0;
  return bytes >= MAX(track->cut_bytes, 4 * keyframe) ||
         (track->mutations >= CUT_MUTATIONS && bytes >= MAX(track->cut_min_bytes, keyframe / 2));
}

static gboolean is_activity(const SightEvent *event) {
  if (event->type != SIGHT_EVENT_INCREMENTAL)
    return FALSE;
  switch ((SightSource)event->source) {
  case SIGHT_SOURCE_MOUSE_MOVE:
  case SIGHT_SOURCE_MOUSE_INTERACTION:
  case SIGHT_SOURCE_SCROLL:
  case SIGHT_SOURCE_INPUT:
  case SIGHT_SOURCE_TOUCH_MOVE:
  case SIGHT_SOURCE_MEDIA_INTERACTION:
  case SIGHT_SOURCE_DRAG:
  case SIGHT_SOURCE_SELECTION:
    return TRUE;
  case SIGHT_SOURCE_MUTATION:
  case SIGHT_SOURCE_VIEWPORT_RESIZE:
  case SIGHT_SOURCE_STYLE_SHEET_RULE:
  case SIGHT_SOURCE_CANVAS_MUTATION:
  case SIGHT_SOURCE_FONT:
  case SIGHT_SOURCE_LOG:
  case SIGHT_SOURCE_STYLE_DECLARATION:
  case SIGHT_SOURCE_ADOPTED_STYLE_SHEET:
  case SIGHT_SOURCE_CUSTOM_ELEMENT:
    return FALSE;
  }
  return FALSE;
}

static gboolean is_change(const SightEvent *event) {
  if (event->type == SIGHT_EVENT_FULL_SNAPSHOT)
    return TRUE;
  return event->type == SIGHT_EVENT_INCREMENTAL &&
         (event->source == SIGHT_SOURCE_MUTATION || event->source == SIGHT_SOURCE_INPUT ||
          event->source == SIGHT_SOURCE_SCROLL || event->source == SIGHT_SOURCE_VIEWPORT_RESIZE);
}

/* While something plays, its user watches: the stretch of activity reaches to the next event. */
static void note_activity(SightTrack *track, const SightEvent *event) {
  SightStretch *last =
      track->active->len > 0 ? &g_array_index(track->active, SightStretch, track->active->len - 1) : NULL;
  gboolean watching = g_hash_table_size(track->playing) > 0;
  if (last != NULL && (watching || (is_activity(event) && event->time_ms - last->end_ms <= ACTIVE_GAP_MS)))
    last->end_ms = MAX(last->end_ms, event->time_ms);
  else if (is_activity(event)) {
    SightStretch stretch = {event->time_ms, event->time_ms};
    g_array_append_val(track->active, stretch);
  }
  if (event->type == SIGHT_EVENT_FULL_SNAPSHOT)
    g_hash_table_remove_all(track->playing);
  if (event->type != SIGHT_EVENT_INCREMENTAL || event->source != SIGHT_SOURCE_MEDIA_INTERACTION)
    return;
  gpointer id = GINT_TO_POINTER((int)sight_json_int(sight_json_get(event->data, "id"), 0));
  gint64 kind = sight_json_int(sight_json_get(event->data, "type"), -1);
  if (kind == 0 && g_hash_table_size(track->playing) < 1000)
    g_hash_table_add(track->playing, id);
  else if (kind == 1)
    g_hash_table_remove(track->playing, id);
}

static void note(SightTrack *track, const SightEvent *event) {
  if (track->n_events > 0 && event->time_ms - track->last_ms >= JUMP_MS) {
    SightStretch jump = {track->last_ms, event->time_ms};
    g_array_append_val(track->jumps, jump);
  }
  note_activity(track, event);
  if (is_change(event))
    g_array_append_val(track->changes, event->time_ms);
  if (event->type == SIGHT_EVENT_FULL_SNAPSHOT && !track->has_page) {
    track->has_page = TRUE;
    track->first_page_ms = event->time_ms;
  }
  if (event->type == SIGHT_EVENT_INCREMENTAL && event->source == SIGHT_SOURCE_MUTATION)
    track->mutations++;
}

static void append(SightTrack *track, SightSegment *segment, const SightEvent *event) {
  SightEntry entry = {event->time_ms, (guint32)track->open->len, (guint32)event->text_bytes};
  g_string_append_len(track->open, event->text, (gssize)event->text_bytes);
  g_array_append_val(segment->entries, entry);
}

void sight_track_add(SightTrack *track, const SightEvent *event) {
  if (event->text_bytes == 0 || event->text_bytes > MAX_SEGMENT)
    return;
  SightSegment *segment = open_segment(track);
  if (track->unsorted || (track->n_events > 0 && event->time_ms < track->last_ms)) {
    /* kept anyhow, and sorted in before anybody reads */
    track->unsorted = TRUE;
    if (segment != NULL && track->open->len + event->text_bytes > MAX_SEGMENT) {
      close_segment(track);
      segment = NULL;
    }
    append(track, segment != NULL ? segment : begin_segment(track, event->time_ms), event);
    track->n_events++;
    return;
  }
  if (segment != NULL && must_cut(track, segment, event)) {
    close_segment(track);
    segment = NULL;
  }
  if (segment == NULL)
    segment = begin_segment(track, event->time_ms);
  append(track, segment, event);
  note(track, event);
  track->after_meta = event->type == SIGHT_EVENT_META;
  sight_dom_apply(track->page, event);
  if (track->n_events++ == 0)
    track->first_ms = event->time_ms;
  track->last_ms = event->time_ms;
}

/* All again, in order of time; those of one time stay in the order in which they came. */
typedef struct {
  gint64 time_ms;
  guint64 order;
  const char *text;
  gsize bytes;
} Sorted;

static int by_time(gconstpointer a, gconstpointer b) {
  const Sorted *x = a, *y = b;
  if (x->time_ms != y->time_ms)
    return x->time_ms < y->time_ms ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

static void sort_all(SightTrack *track) {
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(Sorted));
  close_segment(track);
  for (guint i = 0; i < track->segments->len; i++) {
    const SightSegment *segment = g_ptr_array_index(track->segments, i);
    GBytes *text = sight_segment_read(track, segment, NULL);
    if (text == NULL)
      continue;
    g_ptr_array_add(texts, text);
    const char *start = g_bytes_get_data(text, NULL);
    for (guint k = 0; k < segment->entries->len; k++) {
      const SightEntry *entry = &g_array_index(segment->entries, SightEntry, k);
      Sorted item = {entry->time_ms, sorted->len, start + entry->start, entry->bytes};
      g_array_append_val(sorted, item);
    }
  }
  g_array_sort(sorted, by_time);
  reset(track);
  track->generation++;
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  for (guint i = 0; i < sorted->len; i++) {
    const Sorted *item = &g_array_index(sorted, Sorted, i);
    SightEvent event;
    if (sight_event_parser_parse(parser, item->text, item->bytes, &event, NULL))
      sight_track_add(track, &event);
  }
}

void sight_track_settle(SightTrack *track) {
  if (track->unsorted)
    sort_all(track);
}
