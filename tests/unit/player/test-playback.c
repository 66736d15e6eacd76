/* SPDX-License-Identifier: MIT */
/* Going to moments: where watching starts, and how long a moment is what the analyst looks at. */
#include "analysis-fixture.h"
#include "sight-annotation-table.h"
#include "sight-ui-playback.h"
#include "store-fixture.h"

static void on_position(SightUiPlayback *playback, GParamSpec *pspec, gint64 *seen_moment_ms) {
  *seen_moment_ms = sight_ui_playback_get_moment_ms(playback);
}

static void test_moment(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  SightUiPlayback *playback = sight_ui_playback_new(store);
  gint64 seen_ms = -2;
  g_signal_connect(playback, "notify::position-ms", G_CALLBACK(on_position), &seen_ms);
  g_assert_cmpint(sight_ui_playback_get_moment_ms(playback), ==, -1);

  sight_ui_playback_open(playback, 1, 10000, FALSE);
  g_assert_cmpint(sight_ui_playback_get_position_ms(playback), ==, 10000 - SIGHT_UI_LEAD_MS);
  g_assert_cmpint(sight_ui_playback_get_subject_ms(playback), ==, 10000);
  /* It plays on: still there some seconds after it, and no longer. */
  sight_ui_playback_set_position_ms(playback, 15999);
  g_assert_cmpint(sight_ui_playback_get_subject_ms(playback), ==, 10000);
  sight_ui_playback_set_position_ms(playback, 16000);
  g_assert_cmpint(sight_ui_playback_get_subject_ms(playback), ==, 16000);

  /* Two moments near the start are watched from the start, but they are two. */
  sight_ui_playback_go_to_moment(playback, 1000);
  g_assert_cmpint(sight_ui_playback_get_position_ms(playback), ==, 0);
  sight_ui_playback_open(playback, 1, 2000, FALSE);
  g_assert_cmpint(sight_ui_playback_get_position_ms(playback), ==, 0);
  g_assert_cmpint(seen_ms, ==, 2000);
  sight_ui_playback_seek(playback, 1500);
  g_assert_cmpint(sight_ui_playback_get_subject_ms(playback), ==, 1500);
  g_assert_cmpint(seen_ms, ==, -1);

  while (sight_ui_playback_get_loading(playback))
    g_main_context_iteration(NULL, TRUE);
  g_object_unref(playback);
  sight_store_close(store);
  remove_folder(folder);
}

#define CLICK(time) ",{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":10,\"x\":5,\"y\":5},\"timestamp\":@" time "}"

static gboolean put_settings(SightDb *db, gpointer user_data, GError **error) {
  return sight_annotation_table_put_settings(db, 1, user_data, error);
}

static void set_rules(AnalysisFixture *f, const char *json) {
  g_autoptr(GError) error = NULL;
  sight_store_write(f->store, SIGHT_WRITE_DURABLE, put_settings, (gpointer)json, &error);
  g_assert_no_error(error);
}

static void analyse(AnalysisFixture *f) {
  g_autoptr(GError) error = NULL;
  sight_analysis_run_pending(f->store, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error(error);
}

static void wait_for_rage(SightUiPlayback *playback, guint n) {
  const SightAnalysis *analysis = NULL;
  while ((analysis = sight_ui_playback_get_analysis(playback)) == NULL ||
         analysis_count(analysis, SIGHT_SIGNAL_RAGE) != n)
    g_main_context_iteration(NULL, TRUE);
}

static void count(SightUiPlayback *playback, guint *n) {
  (*n)++;
}

/* What is open is read again where the store has other findings of it: by other rules, with other names, or with more
 * of the recording. It stays where it is. */
static void test_refresh(AnalysisFixture *f, gconstpointer data) {
  guint n_grown = 0;
  g_autofree char *events = g_strconcat(analysis_page, CLICK("1000") CLICK("1300") CLICK("1600"), NULL);
  analysis_put(f, "visit", "w1", 0, events);
  analyse(f);
  SightUiPlayback *playback = sight_ui_playback_new(f->store);
  g_signal_connect(playback, "grown", G_CALLBACK(count), &n_grown);
  sight_ui_playback_open(playback, analysis_row(f, "visit"), 4000, FALSE);
  wait_for_rage(playback, 1);
  gint64 position_ms = sight_ui_playback_get_position_ms(playback);

  set_rules(f, "{\"rage-clicks\":9}");
  analyse(f);
  wait_for_rage(playback, 0);
  set_rules(f, "{\"page-rules\":[{\"do\":\"rename\",\"pattern\":\"/cart\",\"as\":\"Cart\"}]}");
  analyse(f);
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(playback);
  while (g_strcmp0(((SightPageView *)g_ptr_array_index(analysis->pages, 0))->page, "Cart") != 0) {
    g_main_context_iteration(NULL, TRUE);
    analysis = sight_ui_playback_get_analysis(playback);
  }
  g_assert_cmpint(sight_ui_playback_get_position_ms(playback), ==, position_ms);
  g_assert_cmpuint(n_grown, ==, 0);

  analysis_put(f, "visit", "w1", 1, CLICK("61000") + 1);
  analyse(f);
  while (n_grown == 0)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpint(sight_ui_playback_get_duration_ms(playback), ==, 61000);
  g_object_unref(playback);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/playback/moment", test_moment);
  analysis_test("/player/playback/refresh", test_refresh);
  return g_test_run();
}
