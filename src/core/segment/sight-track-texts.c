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
  gint64 first_ms, last_ms, seq;
  gboolean unsorted;
} Collecting;

static gboolean collect_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Collecting *all = user_data;
  if (event->time_ms < all->first_ms || event->time_ms > all->last_ms || event->text_bytes == 0)
    return TRUE;
  SightEntry entry = {event->time_ms, all->seq, all->text->len, event->text_bytes};
  if (all->entries->len > 0 && g_array_index(all->entries, SightEntry, all->entries->len - 1).time_ms > event->time_ms)
    all->unsorted = TRUE;
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

static SightTexts *collect(SightTrack *track, gint64 first_seq, gint64 last_seq, gint64 first_ms, gint64 last_ms,
                           GError **error) {
  Collecting all = {.text = g_string_new(NULL),
                    .entries = g_array_new(FALSE, FALSE, sizeof(SightEntry)),
                    .first_ms = first_ms,
                    .last_ms = last_ms};
  gboolean ok = track->source.read(track->source.data, first_seq, last_seq, collect_batch, &all, error);
  if (all.unsorted)
    g_array_sort(all.entries, by_time);
  g_autoptr(SightTexts) texts = texts_new(g_string_free_to_bytes(all.text), all.entries);
  return ok ? g_steal_pointer(&texts) : NULL;
}

SightTexts *sight_texts_read_all(SightTrack *track, GError **error) {
  return collect(track, G_MININT64, G_MAXINT64, G_MININT64, G_MAXINT64, error);
}

static SightTexts *read_from_source(SightTrack *track, const SightSegment *segment, GError **error) {
  SightTexts *texts = collect(track, segment->first_seq, segment->last_seq, segment->first_ms, segment->last_ms, error);
  if (texts == NULL)
    return NULL;
  g_array_remove_range(texts->entries, 0, MIN(segment->skipped, texts->entries->len));
  g_array_set_size(texts->entries, MIN(segment->n_events, texts->entries->len));
  return texts;
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
