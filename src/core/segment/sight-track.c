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
/* What is held to put late events in their place. */
#define SORT_BYTES (64 * 1024 * 1024)
#define MAX_SEGMENT SIGHT_TRACK_MAX_EXPANDED

static void segment_free(gpointer data) {
  SightSegment *segment = data;
  g_clear_pointer(&segment->events, g_bytes_unref);
  g_clear_pointer(&segment->keyframe, g_bytes_unref);
  g_clear_pointer(&segment->entries, g_array_unref);
  g_free(segment);
}

static void reset(SightTrack *track) {
  g_clear_pointer(&track->page, sight_dom_free);
  track->page = sight_dom_new();
  sight_track_clear_cache(track);
  sight_track_tables_reset(track);
  g_ptr_array_set_size(track->segments, 0);
  g_string_truncate(track->text, 0);
  track->open = FALSE;
  track->mutations = track->at_last = 0;
  track->n_events = 0;
  track->first_ms = track->last_ms = 0;
  track->first_page_ms = -1;
  track->has_page = track->unsorted = track->after_meta = FALSE;
  track->n_too_late = 0;
}

SightTrack *sight_track_new(void) {
  SightTrack *track = g_new0(SightTrack, 1);
  g_atomic_ref_count_init(&track->ref_count);
  g_mutex_init(&track->lock);
  track->segments = g_ptr_array_new_with_free_func(segment_free);
  track->text = g_string_new(NULL);
  track->cut_bytes = CUT_BYTES;
  track->cut_min_bytes = CUT_MIN_BYTES;
  track->sort_bytes = SORT_BYTES;
  sight_track_tables_init(track);
  reset(track);
  return track;
}

SightTrack *sight_track_new_cut(const SightTrackSource *source) {
  SightTrack *track = sight_track_new();
  track->source = *source;
  track->has_source = TRUE;
  return track;
}

SightTrack *sight_track_ref(SightTrack *track) {
  g_atomic_ref_count_inc(&track->ref_count);
  return track;
}

void sight_track_unref(SightTrack *track) {
  if (!g_atomic_ref_count_dec(&track->ref_count))
    return;
  sight_track_clear_cache(track);
  sight_track_tables_clear(track);
  g_ptr_array_unref(track->segments);
  g_string_free(track->text, TRUE);
  g_clear_pointer(&track->page, sight_dom_free);
  if (track->source.destroy != NULL)
    track->source.destroy(track->source.data);
  g_mutex_clear(&track->lock);
  g_free(track);
}

void sight_track_at_batch(SightTrack *track, gint64 seq) {
  track->seq = seq;
}

static SightSegment *last_segment(const SightTrack *track) {
  return g_ptr_array_index(track->segments, track->segments->len - 1);
}

static void close_segment(SightTrack *track) {
  if (track->open && !track->has_source) {
    last_segment(track)->events = sight_zstd_compress(track->text->str, track->text->len, SIGHT_TRACK_FAST_LEVEL);
    g_string_truncate(track->text, 0);
  }
  track->open = FALSE;
  track->mutations = 0;
}

static void begin_segment(SightTrack *track, gint64 time_ms) {
  SightSegment *segment = g_new0(SightSegment, 1);
  segment->first_ms = segment->last_ms = time_ms;
  segment->first_seq = segment->last_seq = track->seq;
  if (track->at_last > 0 && time_ms == track->last_ms) {
    segment->first_seq = MIN(track->seq, track->at_last_seq);
    segment->skipped = track->at_last;
  }
  segment->entries = track->has_source ? NULL : g_array_new(FALSE, FALSE, sizeof(SightEntry));
  segment->changes = track->changes->len;
  segment->active = track->active->len;
  segment->jumps = track->jumps->len;
  segment->places = track->places->len;
  g_autoptr(GString) keyframe = g_string_new(NULL);
  if (sight_dom_write_events(track->page, time_ms, keyframe)) {
    segment->keyframe_bytes = keyframe->len;
    segment->keyframe = sight_zstd_compress(keyframe->str, keyframe->len,
                                            track->has_source ? SIGHT_TRACK_LEVEL : SIGHT_TRACK_FAST_LEVEL);
  }
  g_ptr_array_add(track->segments, segment);
  track->open = TRUE;
}

/* A full snapshot of the recorder is as good as a keyframe; the Meta event before it belongs to it. */
static gboolean is_boundary(const SightTrack *track, const SightEvent *event) {
  if (event->type == SIGHT_EVENT_META)
    return TRUE;
  return event->type == SIGHT_EVENT_FULL_SNAPSHOT && !track->after_meta;
}

static gboolean must_cut(SightTrack *track, const SightEvent *event) {
  const SightSegment *segment = last_segment(track);
  gsize bytes = segment->n_bytes;
  if (bytes + event->text_bytes > MAX_SEGMENT)
    return TRUE;
  if (!track->has_page)
    return FALSE; /* there would be nothing to begin with */
  gsize keyframe = track->cut_min_bytes > 0 ? segment->keyframe_bytes : 0;
  if (is_boundary(track, event))
    return bytes >= MAX(track->cut_min_bytes, keyframe);
  if (track->after_meta)
    return FALSE;
  return bytes >= MAX(track->cut_bytes, 4 * keyframe) ||
         (track->mutations >= CUT_MUTATIONS && bytes >= MAX(track->cut_min_bytes, keyframe / 2));
}

static void append(SightTrack *track, const SightEvent *event) {
  SightSegment *segment = last_segment(track);
  segment->last_ms = event->time_ms;
  segment->first_seq = MIN(segment->first_seq, track->seq);
  segment->last_seq = MAX(segment->last_seq, track->seq);
  segment->n_events++;
  segment->n_bytes += event->text_bytes;
  if (track->has_source)
    return;
  SightEntry entry = {event->time_ms, track->seq, track->text->len, event->text_bytes};
  g_string_append_len(track->text, event->text, (gssize)event->text_bytes);
  g_array_append_val(segment->entries, entry);
}

/* Kept anyhow, and sorted in before anybody reads. */
static void add_late(SightTrack *track, const SightEvent *event) {
  track->unsorted = TRUE;
  track->n_events++;
  if (track->has_source)
    return;
  if (track->open && track->text->len + event->text_bytes > MAX_SEGMENT)
    close_segment(track);
  if (!track->open)
    begin_segment(track, event->time_ms);
  append(track, event);
}

void sight_track_add(SightTrack *track, const SightEvent *event) {
  g_return_if_fail(track->page != NULL);
  if (event->text_bytes == 0 || event->text_bytes > MAX_SEGMENT)
    return;
  if (track->unsorted || (track->n_events > 0 && event->time_ms < track->last_ms)) {
    add_late(track, event);
    return;
  }
  if (track->open && must_cut(track, event))
    close_segment(track);
  if (!track->open)
    begin_segment(track, event->time_ms);
  append(track, event);
  sight_track_tables_note(track, event);
  if (event->type == SIGHT_EVENT_INCREMENTAL && event->source == SIGHT_SOURCE_MUTATION)
    track->mutations++;
  track->after_meta = event->type == SIGHT_EVENT_META;
  sight_dom_apply(track->page, event);
  gboolean same = track->n_events > 0 && event->time_ms == track->last_ms;
  track->at_last = same ? track->at_last + 1 : 1;
  track->at_last_seq = same ? MIN(track->at_last_seq, track->seq) : track->seq;
  if (track->n_events++ == 0)
    track->first_ms = event->time_ms;
  track->last_ms = event->time_ms;
}

/* All again, in order of time; those of one time stay in the order in which they came. */
typedef struct {
  const char *text;
  const SightEntry *entry;
} Sorted;

static int by_time(gconstpointer a, gconstpointer b) {
  gint64 x = ((const Sorted *)a)->entry->time_ms, y = ((const Sorted *)b)->entry->time_ms;
  return (x > y) - (x < y);
}

void sight_track_add_sorted(SightTrack *track, const SightEvent *event) {
  if (track->n_events == 0 || event->time_ms >= track->last_ms)
    sight_track_add(track, event);
  else
    track->n_too_late++;
}

static gboolean sort_all(SightTrack *track, GError **error) {
  g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func((GDestroyNotify)sight_texts_unref);
  g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(Sorted));
  close_segment(track);
  if (track->has_source) {
    reset(track);
    track->generation++;
    return sight_track_sort_source(track, error);
  }
  for (guint i = 0; i < track->segments->len; i++) {
    SightTexts *texts = sight_segment_read(track, i, error);
    if (texts == NULL)
      return FALSE;
    g_ptr_array_add(kept, texts);
    for (guint k = 0; k < texts->entries->len; k++) {
      const SightEntry *entry = &g_array_index(texts->entries, SightEntry, k);
      Sorted item = {(const char *)g_bytes_get_data(texts->text, NULL) + entry->start, entry};
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
    track->seq = item->entry->seq;
    if (sight_event_parser_parse(parser, item->text, item->entry->bytes, &event, NULL))
      sight_track_add(track, &event);
  }
  return TRUE;
}

guint64 sight_track_n_too_late(const SightTrack *track) {
  return track->n_too_late;
}

gboolean sight_track_settle(SightTrack *track, GError **error) {
  return !track->unsorted || sort_all(track, error);
}

/* As it is stored */

GPtrArray *sight_track_take_segments(SightTrack *track) {
  GPtrArray *stored = g_ptr_array_new_with_free_func((GDestroyNotify)sight_stored_segment_free);
  close_segment(track);
  for (guint i = 0; i < track->segments->len; i++) {
    SightSegment *segment = g_ptr_array_index(track->segments, i);
    SightStoredSegment *item = g_new0(SightStoredSegment, 1);
    *item = (SightStoredSegment){.first_ms = segment->first_ms,
                                 .last_ms = segment->last_ms,
                                 .first_seq = segment->first_seq,
                                 .last_seq = segment->last_seq,
                                 .skipped = segment->skipped,
                                 .n_events = segment->n_events,
                                 .n_bytes = segment->n_bytes,
                                 .keyframe_bytes = segment->keyframe_bytes,
                                 .tables = sight_track_tables_pack(track, i),
                                 .keyframe = g_steal_pointer(&segment->keyframe)};
    g_ptr_array_add(stored, item);
  }
  return stored;
}

static gboolean append_stored(SightTrack *track, const SightStoredSegment *stored, GError **error) {
  SightSegment *segment = g_new0(SightSegment, 1);
  *segment = (SightSegment){.first_ms = stored->first_ms,
                            .last_ms = stored->last_ms,
                            .first_seq = stored->first_seq,
                            .last_seq = stored->last_seq,
                            .skipped = stored->skipped,
                            .n_events = stored->n_events,
                            .n_bytes = stored->n_bytes,
                            .keyframe_bytes = stored->keyframe_bytes};
  if (track->n_events == 0)
    track->first_ms = stored->first_ms;
  gboolean ordered =
      stored->last_ms >= stored->first_ms && (track->n_events == 0 || stored->first_ms >= track->last_ms);
  g_ptr_array_add(track->segments, segment);
  track->n_events += stored->n_events;
  track->last_ms = stored->last_ms;
  if (ordered && stored->n_events > 0 && sight_track_tables_unpack(track, stored->first_ms, stored->tables))
    return TRUE;
  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "segment %u of a track is damaged", track->segments->len - 1);
  return FALSE;
}

SightTrack *sight_track_new_stored(const GPtrArray *segments, const SightTrackSource *source, GError **error) {
  g_autoptr(SightTrack) track = sight_track_new_cut(source);
  g_clear_pointer(&track->page, sight_dom_free);
  for (guint i = 0; i < segments->len; i++) {
    if (!append_stored(track, g_ptr_array_index(segments, i), error))
      return NULL;
  }
  return g_steal_pointer(&track);
}
