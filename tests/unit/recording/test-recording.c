/* SPDX-License-Identifier: MIT */
/* Opening a session: from what analysis has stored it is what it is from all batches, also while it grows. */
#include "analysis-fixture.h"
#include "sight-account.h"
#include "sight-batch-table.h"
#include "sight-event-reader.h"
#include "sight-recording.h"
#include "sight-track-table.h"

#define TIMES 3
#define CLICK(at, id)                                                                                                  \
  "{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":" #id ",\"x\":5,\"y\":5},\"timestamp\":@" #at "}"
#define TEXT(at, text)                                                                                                 \
  "{\"type\":3,\"data\":{\"source\":0,\"adds\":[],\"removes\":[],\"attributes\":[],\"texts\":[{\"id\":21,\"value\":"   \
  "\"" text "\"}]},\"timestamp\":@" #at "}"

static void work_off(AnalysisFixture *f) {
  g_autoptr(GError) error = NULL;
  sight_analysis_run_pending(f->store, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error(error);
}

static GPtrArray *opened(AnalysisFixture *f, const char *session) {
  g_autoptr(GError) error = NULL;
  GPtrArray *windows = sight_recording_open(f->store, analysis_row(f, session), NULL, &error);
  g_assert_no_error(error);
  return windows;
}

typedef struct {
  gint64 row;
  GPtrArray *found; /* of SightStoredTrack, or of SightRecordingWindow */
  const SightRuleset *rules;
  SightAnalysis *run, *open;
} Asking;

static gboolean list_tracks(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  asking->found = sight_track_table_list(db, asking->row, SIGHT_TRACK_VERSION, error);
  return asking->found != NULL;
}

static GPtrArray *stored_tracks(AnalysisFixture *f, const char *session) {
  Asking asking = {.row = analysis_row(f, session)};
  g_assert_true(sight_store_read(f->store, list_tracks, &asking, NULL));
  return asking.found;
}

static gboolean add_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_recording_add(user_data, "w1", event);
  return TRUE;
}

static gboolean add_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  sight_event_read_bytes(stored->batch.events, stored->batch.events_bytes, &sight_reader_default_limits, add_event,
                         user_data, NULL, NULL);
  return TRUE;
}

static gboolean read_all(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  return sight_batch_table_each_in_sequence(db, asking->row, NULL, add_batch, asking->found, NULL, error);
}

static gboolean analyse_both(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  asking->run = sight_analysis_run(db, asking->row, asking->rules, NULL, NULL, error);
  asking->open = sight_analysis_open(db, asking->row, asking->rules, NULL, error);
  return asking->run != NULL && asking->open != NULL;
}

static guint64 hash_at(SightTrack *track, gint64 at_ms) {
  g_autoptr(SightCursor) cursor = sight_cursor_new(track);
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_cursor_seek(cursor, at_ms, &error));
  g_assert_no_error(error);
  return sight_dom_hash(sight_cursor_page(cursor));
}

static void assert_same_pages(AnalysisFixture *f, const char *session) {
  g_autoptr(GPtrArray) windows = opened(f, session), all = sight_recording_new();
  Asking asking = {.row = analysis_row(f, session), .found = all};
  g_assert_true(sight_store_read(f->store, read_all, &asking, NULL));
  sight_recording_finish(all);
  g_assert_cmpuint(windows->len, ==, 1);
  SightTrack *a = ((SightRecordingWindow *)windows->pdata[0])->track,
             *b = ((SightRecordingWindow *)all->pdata[0])->track;
  g_assert_cmpuint(sight_track_n_events(a), ==, sight_track_n_events(b));
  gint64 first_ms = sight_track_first_ms(b), length_ms = sight_track_last_ms(b) - first_ms;
  for (guint i = 0; i < TIMES; i++) {
    gint64 at_ms = first_ms + (gint64)(g_test_rand_double() * (double)length_ms) + 1;
    g_assert_cmpuint(hash_at(a, at_ms), ==, hash_at(b, at_ms));
  }
}

static void assert_same_analysis(AnalysisFixture *f, const char *session) {
  Asking asking = {.row = analysis_row(f, session), .rules = f->rules};
  g_assert_true(sight_store_read(f->store, analyse_both, &asking, NULL));
  g_autoptr(SightAnalysis) run = asking.run, open = asking.open;
  g_autoptr(GBytes) a = sight_account_pack(run), b = sight_account_pack(open);
  g_assert_true(g_bytes_equal(a, b));
  g_assert_cmpuint(run->signals->len, ==, open->signals->len);
  g_assert_cmpuint(run->pages->len, ==, open->pages->len);
  g_assert_cmpint(run->session->duration_ms, ==, open->session->duration_ms);
  g_assert_cmpint(run->session->started_ms, ==, open->session->started_ms);
  g_assert_cmpstr(run->session->exit, ==, open->session->exit);
}

static void check_folder(AnalysisFixture *f, const char *folder, guint every) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) sessions = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  guint n = 0;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *session = g_strdup_printf("session-%u", g_str_hash(path));
    if (n++ % every == 0 && analysis_import(f, path, session))
      g_ptr_array_add(sessions, g_steal_pointer(&session));
  }
  work_off(f);
  g_assert_cmpuint(sessions->len, >, 5);
  for (guint i = 0; i < sessions->len; i++) {
    g_autoptr(GPtrArray) tracks = stored_tracks(f, sessions->pdata[i]);
    g_assert_cmpuint(tracks->len, ==, 1);
    assert_same_pages(f, sessions->pdata[i]);
    assert_same_analysis(f, sessions->pdata[i]);
  }
}

static void test_samples(AnalysisFixture *f, gconstpointer data) {
  g_autofree char *folder = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
  check_folder(f, folder, 5);
}

static void test_corpus(AnalysisFixture *f, gconstpointer data) {
  const char *corpus = g_getenv("SIGHT_CORPUS");
  g_autofree char *folder = g_build_filename(corpus != NULL ? corpus : "/nonexistent", "recordings", NULL);
  if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
    g_test_message("no corpus beside the project");
    return;
  }
  check_folder(f, folder, 3);
}

static gboolean has_text(GPtrArray *windows, const char *text) {
  SightTrack *track = ((SightRecordingWindow *)windows->pdata[0])->track;
  g_autoptr(SightCursor) cursor = sight_cursor_new(track);
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_cursor_seek(cursor, sight_track_last_ms(track) + 1, NULL));
  sight_dom_write_text(sight_cursor_page(cursor), out);
  return strstr(out->str, text) != NULL;
}

/* What came in since is shown whether it was analysed or not; who has it open keeps what was there. */
static void test_grows(AnalysisFixture *f, gconstpointer data) {
  g_autofree char *begin = g_strconcat(analysis_page, "," CLICK(500, 10), NULL);
  analysis_put(f, "session-1", "w1", 0, begin);
  work_off(f);
  g_autoptr(GPtrArray) before = opened(f, "session-1"), tracks = stored_tracks(f, "session-1");
  g_assert_cmpuint(tracks->len, ==, 1);
  analysis_put(f, "session-1", "w1", 1, TEXT(2000, "Sold out"));
  g_autoptr(GPtrArray) stale = stored_tracks(f, "session-1");
  g_assert_cmpuint(stale->len, ==, 0);
  g_autoptr(GPtrArray) waiting = opened(f, "session-1");
  g_assert_true(has_text(waiting, "Sold out"));
  g_assert_false(has_text(before, "Sold out"));
  work_off(f);
  g_autoptr(GPtrArray) grown = stored_tracks(f, "session-1"), after = opened(f, "session-1");
  g_assert_cmpuint(grown->len, ==, 1);
  g_assert_cmpint(((SightStoredTrack *)grown->pdata[0])->row, ==, ((SightStoredTrack *)tracks->pdata[0])->row);
  g_assert_true(has_text(after, "Sold out"));
  g_assert_false(has_text(before, "Sold out"));
  g_assert_true(has_text(before, "Total"));
}

/* An earlier batch came late: what was cut is cut anew, under another number. */
static void test_late(AnalysisFixture *f, gconstpointer data) {
  analysis_put(f, "session-1", "w1", 1, TEXT(5000, "Sold out"));
  work_off(f);
  g_autoptr(GPtrArray) tracks = stored_tracks(f, "session-1");
  analysis_put(f, "session-1", "w1", 0, analysis_page);
  work_off(f);
  g_autoptr(GPtrArray) anew = stored_tracks(f, "session-1"), windows = opened(f, "session-1");
  g_assert_cmpint(((SightStoredTrack *)anew->pdata[0])->row, !=, ((SightStoredTrack *)tracks->pdata[0])->row);
  g_assert_true(has_text(windows, "Sold out"));
}

/* A second tab begins: nothing stored is used until it is in, too. */
static void test_tabs(AnalysisFixture *f, gconstpointer data) {
  analysis_put(f, "session-1", "w1", 0, analysis_page);
  work_off(f);
  analysis_put(f, "session-1", "w2", 0, analysis_page);
  g_autoptr(GPtrArray) waiting = opened(f, "session-1");
  g_assert_cmpuint(waiting->len, ==, 2);
  work_off(f);
  g_autoptr(GPtrArray) tracks = stored_tracks(f, "session-1"), windows = opened(f, "session-1");
  g_assert_cmpuint(tracks->len, ==, 2);
  g_assert_cmpuint(windows->len, ==, 2);
}

static gboolean erase(SightDb *db, gpointer user_data, GError **error) {
  return sight_session_table_erase(db, *(gint64 *)user_data, error);
}

/* Erased while it is open: an error, and nothing of it stays. */
static void test_erased(AnalysisFixture *f, gconstpointer data) {
  analysis_put(f, "session-1", "w1", 0, analysis_page);
  work_off(f);
  gint64 row = analysis_row(f, "session-1");
  g_autoptr(GPtrArray) windows = opened(f, "session-1");
  g_assert_true(sight_store_write(f->store, SIGHT_WRITE_DURABLE, erase, &row, NULL));
  g_assert_false(has_text(windows, "Total"));
  Asking asking = {.row = row};
  g_assert_true(sight_store_read(f->store, list_tracks, &asking, NULL));
  g_assert_cmpuint(asking.found->len, ==, 0);
  g_ptr_array_unref(asking.found);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  analysis_test("/analysis/recording/samples", test_samples);
  analysis_test("/analysis/recording/corpus", test_corpus);
  analysis_test("/analysis/recording/grows", test_grows);
  analysis_test("/analysis/recording/late", test_late);
  analysis_test("/analysis/recording/tabs", test_tabs);
  analysis_test("/analysis/recording/erased", test_erased);
  return g_test_run();
}
