/* SPDX-License-Identifier: MIT */
/* Stored tracks: cut without being kept, put away as segments, and read again from batches they say the same as a track
 * that keeps everything. */
#include <gio/gio.h>
#include <string.h>

#include "sight-batch.h"
#include "sight-compress.h"
#include "sight-event-reader.h"
#include "sight-track-private.h"

#define BATCH_EVENTS 40

/* Where batches and segments stand. */
typedef struct {
  GPtrArray *batches;  /* of char: JSON arrays */
  GPtrArray *segments; /* of SightStoredSegment */
  gint64 broken;       /* seq of a batch that cannot be read, or -1 */
} Shelf;

static gboolean read_batches(gpointer data, gint64 first_seq, gint64 last_seq, SightTrackBatchFunc func,
                             gpointer user_data, GError **error) {
  const Shelf *shelf = data;
  for (guint i = 0; i < shelf->batches->len; i++) {
    const char *json = g_ptr_array_index(shelf->batches, i);
    if (i >= first_seq && i <= last_seq && i != shelf->broken)
      func(i, json, strlen(json), user_data);
  }
  return TRUE;
}

static GBytes *read_keyframe(gpointer data, guint n, GError **error) {
  const SightStoredSegment *segment = g_ptr_array_index(((Shelf *)data)->segments, n);
  if (segment->keyframe == NULL)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no keyframe");
  return segment->keyframe != NULL ? g_bytes_ref(segment->keyframe) : NULL;
}

typedef struct {
  Shelf *shelf;
  SightBatchBuilder builder;
} Filling;

static void end_batch(Filling *filling) {
  SightBatch batch = {0};
  if (filling->builder.n_events == 0)
    return;
  sight_batch_builder_finish(&filling->builder, &batch);
  g_ptr_array_add(filling->shelf->batches, g_strndup(batch.events, batch.events_bytes));
  sight_batch_builder_restart(&filling->builder);
}

static gboolean fill(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Filling *filling = user_data;
  sight_batch_builder_add(&filling->builder, event);
  if (filling->builder.n_events == BATCH_EVENTS)
    end_batch(filling);
  return TRUE;
}

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

/* Of what is held to put late events in their place; 0: as much as always. */
static gsize sort_bytes;

static void cut_finely(SightTrack *track) {
  track->sort_bytes = sort_bytes > 0 ? sort_bytes : track->sort_bytes;
  track->cut_bytes = 2000;
  track->cut_min_bytes = 0;
}

static void add_all(SightTrack *track, const Shelf *shelf) {
  for (guint i = 0; i < shelf->batches->len; i++) {
    const char *json = g_ptr_array_index(shelf->batches, i);
    sight_track_at_batch(track, i);
    sight_event_read_bytes(json, strlen(json), &sight_reader_default_limits, add, track, NULL, NULL);
  }
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_track_settle(track, &error));
  g_assert_no_error(error);
}

static SightTrack *stored_track(Shelf *shelf) {
  SightTrackSource source = {.read = read_batches, .keyframe = read_keyframe, .data = shelf};
  g_autoptr(SightTrack) cut = sight_track_new_cut(&source);
  cut_finely(cut);
  add_all(cut, shelf);
  g_clear_pointer(&shelf->segments, g_ptr_array_unref);
  shelf->segments = sight_track_take_segments(cut);
  g_autoptr(GError) error = NULL;
  SightTrack *stored = sight_track_new_stored(shelf->segments, &source, &error);
  g_assert_no_error(error);
  return stored;
}

static void assert_same_stretches(const GArray *a, const GArray *b) {
  g_assert_cmpmem(a->data, a->len * sizeof(SightStretch), b->data, b->len * sizeof(SightStretch));
}

static void assert_same_place(const SightTrack *kept, const SightTrack *stored, gint64 at_ms) {
  SightPlace a = {0}, b = {0};
  g_assert_cmpint(sight_track_place(kept, at_ms, &a), ==, sight_track_place(stored, at_ms, &b));
  g_assert_cmpint(a.at_ms, ==, b.at_ms);
  g_assert_cmpint(a.width, ==, b.width);
  g_assert_cmpint(a.height, ==, b.height);
  g_assert_cmpstr(a.href, ==, b.href);
  g_assert_cmpstr(a.media, ==, b.media);
}

static void assert_same_at(SightTrack *kept, SightTrack *stored, gint64 at_ms) {
  g_autoptr(SightCursor) a = sight_cursor_new(kept), b = sight_cursor_new(stored);
  g_autoptr(GString) a_events = g_string_new(NULL), b_events = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_cursor_seek(a, at_ms, &error));
  g_assert_true(sight_cursor_seek(b, at_ms, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(sight_dom_hash(sight_cursor_page(a)), ==, sight_dom_hash(sight_cursor_page(b)));
  g_assert_true(sight_track_events(kept, at_ms - 5000, at_ms, a_events, &error));
  g_assert_true(sight_track_events(stored, at_ms - 5000, at_ms, b_events, &error));
  g_assert_cmpstr(a_events->str, ==, b_events->str);
  g_assert_cmpint(sight_track_change(kept, at_ms, 1), ==, sight_track_change(stored, at_ms, 1));
  g_assert_cmpint(sight_track_change(kept, at_ms, -1), ==, sight_track_change(stored, at_ms, -1));
  assert_same_place(kept, stored, at_ms);
}

static void assert_same(Shelf *shelf, guint times) {
  g_autoptr(SightTrack) kept = sight_track_new(), stored = stored_track(shelf);
  cut_finely(kept);
  add_all(kept, shelf);
  g_assert_cmpuint(sight_track_n_events(kept), ==, sight_track_n_events(stored));
  g_assert_cmpuint(sight_track_n_segments(kept), ==, sight_track_n_segments(stored));
  g_assert_cmpint(sight_track_first_ms(kept), ==, sight_track_first_ms(stored));
  g_assert_cmpint(sight_track_last_ms(kept), ==, sight_track_last_ms(stored));
  g_assert_cmpint(sight_track_has_page(kept), ==, sight_track_has_page(stored));
  g_assert_cmpint(sight_track_first_page_ms(kept), ==, sight_track_first_page_ms(stored));
  g_autoptr(GArray) kept_idle = sight_track_idle(kept, 2000), stored_idle = sight_track_idle(stored, 2000);
  assert_same_stretches(kept_idle, stored_idle);
  assert_same_stretches(sight_track_jumps(kept), sight_track_jumps(stored));
  gint64 length = sight_track_last_ms(kept) - sight_track_first_ms(kept);
  for (guint i = 0; i < times; i++)
    assert_same_at(kept, stored, sight_track_first_ms(kept) + (gint64)(g_test_rand_double() * (double)(length + 2)));
  SightSegmentInfo info;
  for (guint i = 0; i < MIN(sight_track_n_segments(kept), times); i++) {
    sight_track_segment(kept, i, &info);
    assert_same_at(kept, stored, info.first_ms);
    assert_same_at(kept, stored, info.last_ms + 1);
  }
}

static void with_shelf(GFile *file, void (*check)(Shelf *shelf)) {
  Shelf shelf = {.batches = g_ptr_array_new_with_free_func(g_free), .broken = -1};
  Filling filling = {.shelf = &shelf};
  sight_event_read_file(file, &sight_reader_default_limits, fill, &filling, NULL, NULL, NULL);
  end_batch(&filling);
  if (shelf.batches->len > 0)
    check(&shelf);
  sight_batch_builder_clear(&filling.builder);
  g_ptr_array_unref(shelf.batches);
  g_clear_pointer(&shelf.segments, g_ptr_array_unref);
}

static guint with_folder(const char *folder, guint every, void (*check)(Shelf *shelf)) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  guint n = 0;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    if (n++ % every != 0)
      continue;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GFile) file = g_file_new_for_path(path);
    with_shelf(file, check);
  }
  return n;
}

static void check_same(Shelf *shelf) {
  assert_same(shelf, 3);
}

/* Batches that came in the wrong order, as after a clock that was set back. */
static void check_unsorted(Shelf *shelf) {
  gpointer first = g_ptr_array_steal_index(shelf->batches, 0);
  g_ptr_array_insert(shelf->batches, (int)shelf->batches->len / 2, first);
  assert_same(shelf, 3);
}

/* Each batch comes after the next one, and little is held: as much as lies between them. */
static void check_swapped(Shelf *shelf) {
  for (guint i = 0; i + 1 < shelf->batches->len; i += 2) {
    gpointer first = g_ptr_array_steal_index(shelf->batches, i);
    g_ptr_array_insert(shelf->batches, (int)i + 1, first);
  }
  sort_bytes = 1;
  for (guint i = 0; i < shelf->batches->len; i++)
    sort_bytes = MAX(sort_bytes, 4 * strlen(g_ptr_array_index(shelf->batches, i)));
  assert_same(shelf, 3);
  sort_bytes = 0;
}

/* What comes later than can be held for is left out and counted, and the rest can be seen. */
static void check_too_late(Shelf *shelf) {
  g_autoptr(SightTrack) kept = sight_track_new();
  add_all(kept, shelf);
  if (shelf->batches->len < 3 || sight_track_last_ms(kept) == sight_track_first_ms(kept))
    return;
  gpointer first = g_ptr_array_steal_index(shelf->batches, 0);
  g_ptr_array_add(shelf->batches, first);
  SightTrackSource source = {.read = read_batches, .keyframe = read_keyframe, .data = shelf};
  g_autoptr(SightTrack) cut = sight_track_new_cut(&source);
  cut->sort_bytes = 1;
  add_all(cut, shelf);
  g_assert_cmpuint(sight_track_n_too_late(cut), >, 0);
  g_assert_cmpuint(sight_track_n_events(cut) + sight_track_n_too_late(cut), ==, sight_track_n_events(kept));
  g_assert_cmpint(sight_track_last_ms(cut), ==, sight_track_last_ms(kept));
}

/* One batch is lost: the rest can be seen. */
static void check_broken(Shelf *shelf) {
  g_autoptr(SightTrack) stored = stored_track(shelf);
  g_autoptr(SightCursor) cursor = sight_cursor_new(stored);
  g_autoptr(GError) error = NULL;
  shelf->broken = (gint64)shelf->batches->len / 2;
  g_assert_true(sight_cursor_seek(cursor, sight_track_last_ms(stored) + 1, &error));
  g_assert_no_error(error);
}

static char *samples(void) {
  return g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
}

/* A long address that every size is told with is kept once, in memory and in the tables; what changes nothing, never.
 */
static void test_places(void) {
  enum { N = 20000 };
  Shelf shelf = {.batches = g_ptr_array_new_with_free_func(g_free), .broken = -1};
  g_autofree char *href = g_strnfill(4000, 'h');
  GString *events = g_string_new(NULL);
  g_string_append_printf(events, "[{\"type\":4,\"timestamp\":1,\"data\":{\"href\":\"%s\",\"width\":9,\"height\":9}}",
                         href);
  for (int i = 0; i < N; i++)
    g_string_append_printf(events, ",{\"type\":3,\"timestamp\":%d,\"data\":{\"source\":4,\"width\":%d,\"height\":9}}",
                           2 + i, 10 + i / 2 % 2);
  g_string_append(events, "]");
  g_ptr_array_add(shelf.batches, g_string_free(events, FALSE));
  g_autoptr(SightTrack) stored = stored_track(&shelf);
  const SightStoredSegment *segment = g_ptr_array_index(shelf.segments, 0);
  gsize bytes;
  const void *packed = g_bytes_get_data(segment->tables, &bytes);
  g_autoptr(GBytes) tables = sight_zstd_expand(packed, bytes, SIGHT_TRACK_MAX_EXPANDED, NULL);
  g_assert_cmpuint(shelf.segments->len, ==, 1);
  g_assert_cmpuint(g_bytes_get_size(tables), <, N * 40);
  g_assert_cmpuint(stored->places->len, ==, 1 + N / 2);
  for (guint i = 0; i < stored->places->len; i++)
    g_assert_true(g_array_index(stored->places, SightPlace, i).href ==
                  g_array_index(stored->places, SightPlace, 0).href);
  g_assert_cmpstr(g_array_index(stored->places, SightPlace, 0).href, ==, href);
  g_ptr_array_unref(shelf.batches);
  g_ptr_array_unref(shelf.segments);
}

static void test_samples(void) {
  g_autofree char *folder = samples();
  g_assert_cmpuint(with_folder(folder, 4, check_same), >, 0);
}

static void test_unsorted(void) {
  g_autofree char *folder = samples();
  g_assert_cmpuint(with_folder(folder, 9, check_unsorted), >, 0);
}

static void test_late(void) {
  g_autofree char *folder = samples();
  g_assert_cmpuint(with_folder(folder, 9, check_swapped), >, 0);
  g_assert_cmpuint(with_folder(folder, 9, check_too_late), >, 0);
}

/* Very many events of one time, in many batches: a segment holds its own ones and no more. */
static void test_same_time(void) {
  Shelf shelf = {.batches = g_ptr_array_new_with_free_func(g_free), .broken = -1};
  for (int batch = 0; batch < 40; batch++) {
    GString *events = g_string_new(NULL);
    for (int i = 0; i < 50; i++)
      g_string_append_printf(events, "%s{\"type\":5,\"timestamp\":7,\"data\":{\"tag\":\"t\",\"payload\":%d}}",
                             i > 0 ? "," : "[", batch * 50 + i);
    g_string_append_c(events, ']');
    g_ptr_array_add(shelf.batches, g_string_free(events, FALSE));
  }
  char *page = g_strdup("[{\"type\":2,\"timestamp\":7,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[]}}}]");
  g_ptr_array_insert(shelf.batches, 0, page);
  assert_same(&shelf, 3);
  g_autoptr(SightTrack) stored = stored_track(&shelf);
  g_assert_cmpuint(sight_track_n_segments(stored), >, 10);
  for (guint i = 0; i < sight_track_n_segments(stored); i++) {
    SightSegmentInfo info;
    sight_track_segment(stored, i, &info);
    g_autoptr(SightTexts) texts = sight_segment_read(stored, i, NULL);
    g_assert_cmpuint(texts->entries->len, ==, info.n_events);
    g_assert_cmpuint(g_bytes_get_size(texts->text), ==, info.bytes);
  }
  g_ptr_array_unref(shelf.batches);
  g_ptr_array_unref(shelf.segments);
}

static void test_broken(void) {
  g_autofree char *folder = samples();
  g_assert_cmpuint(with_folder(folder, 9, check_broken), >, 0);
}

static void test_corpus(void) {
  const char *corpus = g_getenv("SIGHT_CORPUS");
  g_autofree char *folder = g_build_filename(corpus != NULL ? corpus : "/nonexistent", "recordings", NULL);
  if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
    g_test_message("no corpus beside the project");
    return;
  }
  g_assert_cmpuint(with_folder(folder, 2, check_same), >, 0);
}

/* Tables that somebody tore are refused, not believed. */
static void test_damaged(void) {
  SightTrackSource source = {.read = read_batches, .keyframe = read_keyframe};
  g_autoptr(GPtrArray) segments = g_ptr_array_new_with_free_func((GDestroyNotify)sight_stored_segment_free);
  SightStoredSegment *segment = g_new0(SightStoredSegment, 1);
  segment->n_events = 1;
  segment->tables = g_bytes_new_static("torn", 4);
  g_ptr_array_add(segments, segment);
  g_autoptr(GError) error = NULL;
  g_assert_null(sight_track_new_stored(segments, &source, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/segment/stored/samples", test_samples);
  g_test_add_func("/segment/stored/places", test_places);
  g_test_add_func("/segment/stored/unsorted", test_unsorted);
  g_test_add_func("/segment/stored/late", test_late);
  g_test_add_func("/segment/stored/same-time", test_same_time);
  g_test_add_func("/segment/stored/broken", test_broken);
  g_test_add_func("/segment/stored/damaged", test_damaged);
  g_test_add_func("/segment/stored/corpus", test_corpus);
  return g_test_run();
}
