/* SPDX-License-Identifier: MIT */
/* The texts and keyframes of segments, out of the track itself or out of its source. */
#include "sight-compress.h"
#include "sight-event-reader.h"
#include "sight-track-private.h"

static SightTexts *texts_new(GBytes *text, GArray *entries) {
  SightTexts *texts = g_new0(SightTexts, 1);
  g_atomic_ref_count_init(&texts->ref_count);
  texts->text = text;
  texts->entries = entries;
  return texts;
}

SightTexts *sight_texts_ref(SightTexts *texts) {
  g_atomic_ref_count_inc(&texts->ref_count);
  return texts;
}

void sight_texts_unref(SightTexts *texts) {
  if (!g_atomic_ref_count_dec(&texts->ref_count))
    return;
  g_bytes_unref(texts->text);
  g_array_unref(texts->entries);
  g_free(texts);
}

guint sight_texts_from(const SightTexts *texts, gint64 at_ms) {
  guint low = 0, high = texts->entries->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(texts->entries, SightEntry, middle).time_ms < at_ms)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Out of the source */

typedef struct {
  GString *text;
  GArray *entries;
  gint64 first_ms, last_ms, seq, greatest_ms;
  guint skip;   /* of those at first_ms */
  guint enough; /* beyond so many, nothing that is later than all of them */
  gboolean unsorted;
} Collecting;

static gboolean collect_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Collecting *all = user_data;
  if (event->time_ms < all->first_ms || event->time_ms > all->last_ms || event->text_bytes == 0)
    return TRUE;
  if (event->time_ms == all->first_ms && all->skip > 0) {
    all->skip--;
    return TRUE;
  }
  if (all->entries->len > 0 && event->time_ms < all->greatest_ms)
    all->unsorted = TRUE;
  else if (all->entries->len >= all->enough)
    return TRUE;
  all->greatest_ms = all->entries->len > 0 ? MAX(all->greatest_ms, event->time_ms) : event->time_ms;
  SightEntry entry = {event->time_ms, all->seq, all->text->len, event->text_bytes};
  g_string_append_len(all->text, event->text, (gssize)event->text_bytes);
  g_array_append_val(all->entries, entry);
  return TRUE;
}

static void collect_batch(gint64 seq, const char *events, gsize bytes, gpointer user_data) {
  Collecting *all = user_data;
  all->seq = seq;
  /* What cannot be read was counted when it came in. */
  sight_event_read_bytes(events, bytes, &sight_reader_default_limits, collect_event, all, NULL, NULL);
}

static int by_time(gconstpointer a, gconstpointer b) {
  gint64 x = ((const SightEntry *)a)->time_ms, y = ((const SightEntry *)b)->time_ms;
  return (x > y) - (x < y);
}

/* All of them, through a buffer of so many bytes. */
typedef struct {
  SightTrack *track;
  Collecting all;
  SightEventParser *parser;
} Sorting;

/* Hands on the first ones in order of time until half of the buffer is free, or `all`. What comes later than that is
 * too late. */
static void pour(Sorting *sorting, gboolean all) {
  GArray *entries = sorting->all.entries;
  GString *rest = g_string_sized_new(sorting->all.text->len / 2);
  gsize poured = 0;
  guint n = 0;
  gint64 seq = sorting->track->seq;
  g_array_sort(entries, by_time);
  for (; n < entries->len && (all || poured < sorting->all.text->len / 2); n++) {
    const SightEntry *entry = &g_array_index(entries, SightEntry, n);
    SightEvent event;
    poured += entry->bytes;
    sorting->track->seq = entry->seq;
    if (sight_event_parser_parse(sorting->parser, sorting->all.text->str + entry->start, entry->bytes, &event, NULL))
      sight_track_add_sorted(sorting->track, &event);
  }
  sorting->track->seq = seq;
  g_array_remove_range(entries, 0, n);
  for (guint i = 0; i < entries->len; i++) {
    SightEntry *entry = &g_array_index(entries, SightEntry, i);
    gsize start = rest->len;
    g_string_append_len(rest, sorting->all.text->str + entry->start, (gssize)entry->bytes);
    entry->start = start;
  }
  g_string_free(sorting->all.text, TRUE);
  sorting->all.text = rest;
}

static void sort_batch(gint64 seq, const char *events, gsize bytes, gpointer user_data) {
  Sorting *sorting = user_data;
  collect_batch(seq, events, bytes, &sorting->all);
  if (sorting->all.text->len > sorting->track->sort_bytes)
    pour(sorting, FALSE);
}

gboolean sight_track_sort_source(SightTrack *track, GError **error) {
  Sorting sorting = {.track = track,
                     .all = {.text = g_string_new(NULL),
                             .entries = g_array_new(FALSE, FALSE, sizeof(SightEntry)),
                             .first_ms = G_MININT64,
                             .last_ms = G_MAXINT64,
                             .enough = G_MAXUINT},
                     .parser = sight_event_parser_new()};
  gboolean ok = track->source.read(track->source.data, G_MININT64, G_MAXINT64, sort_batch, &sorting, error);
  if (ok)
    pour(&sorting, TRUE);
  g_string_free(sorting.all.text, TRUE);
  g_array_unref(sorting.all.entries);
  sight_event_parser_free(sorting.parser);
  return ok;
}

/* Very many events may have the time at which the segment begins or ends: no more of them is held than it has. */
static SightTexts *read_from_source(SightTrack *track, const SightSegment *segment, GError **error) {
  Collecting all = {.text = g_string_new(NULL),
                    .entries = g_array_new(FALSE, FALSE, sizeof(SightEntry)),
                    .first_ms = segment->first_ms,
                    .last_ms = segment->last_ms,
                    .skip = segment->skipped,
                    .enough = segment->n_events};
  gboolean ok =
      track->source.read(track->source.data, segment->first_seq, segment->last_seq, collect_batch, &all, error);
  if (all.unsorted)
    g_array_sort(all.entries, by_time);
  g_array_set_size(all.entries, MIN(segment->n_events, all.entries->len));
  g_autoptr(SightTexts) texts = texts_new(g_string_free_to_bytes(all.text), all.entries);
  return ok ? g_steal_pointer(&texts) : NULL;
}

/* Out of the track */

static SightTexts *read_from_track(SightTrack *track, const SightSegment *segment, GError **error) {
  gsize bytes;
  const void *data = segment->events != NULL ? g_bytes_get_data(segment->events, &bytes) : NULL;
  GBytes *text = data != NULL ? sight_zstd_expand(data, bytes, SIGHT_TRACK_MAX_EXPANDED, error)
                              : g_bytes_new(track->text->str, track->text->len);
  return text != NULL ? texts_new(text, g_array_copy(segment->entries)) : NULL;
}

/* Either */

void sight_track_clear_cache(SightTrack *track) {
  for (guint i = 0; i < SIGHT_TRACK_CACHED; i++)
    g_clear_pointer(&track->cached[i].texts, sight_texts_unref);
}

static SightTexts *find_cached(SightTrack *track, guint index) {
  SightTexts *found = NULL;
  g_mutex_lock(&track->lock);
  for (guint i = 0; i < SIGHT_TRACK_CACHED && found == NULL; i++) {
    if (track->cached[i].texts != NULL && track->cached[i].segment == index &&
        track->cached[i].generation == track->generation)
      found = sight_texts_ref(track->cached[i].texts);
  }
  g_mutex_unlock(&track->lock);
  return found;
}

static void cache(SightTrack *track, guint index, SightTexts *texts) {
  g_mutex_lock(&track->lock);
  guint i = track->cached_next++ % SIGHT_TRACK_CACHED;
  g_clear_pointer(&track->cached[i].texts, sight_texts_unref);
  track->cached[i].texts = sight_texts_ref(texts);
  track->cached[i].segment = index;
  track->cached[i].generation = track->generation;
  g_mutex_unlock(&track->lock);
}

SightTexts *sight_segment_read(SightTrack *track, guint index, GError **error) {
  const SightSegment *segment = g_ptr_array_index(track->segments, index);
  SightTexts *texts = find_cached(track, index);
  if (texts != NULL)
    return texts;
  texts = track->has_source ? read_from_source(track, segment, error) : read_from_track(track, segment, error);
  /* An open one still grows. */
  if (texts != NULL && (track->has_source || segment->events != NULL))
    cache(track, index, texts);
  return texts;
}

GBytes *sight_segment_keyframe(SightTrack *track, guint index, GError **error) {
  const SightSegment *segment = g_ptr_array_index(track->segments, index);
  if (segment->keyframe_bytes == 0)
    return NULL;
  g_autoptr(GBytes) packed = segment->keyframe != NULL ? g_bytes_ref(segment->keyframe)
                                                       : track->source.keyframe(track->source.data, index, error);
  if (packed == NULL)
    return NULL;
  gsize bytes;
  const void *data = g_bytes_get_data(packed, &bytes);
  return sight_zstd_expand(data, bytes, SIGHT_TRACK_MAX_EXPANDED, error);
}
