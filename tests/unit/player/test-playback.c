/* SPDX-License-Identifier: MIT */
/* Going to moments: where watching starts, and how long a moment is what the analyst looks at. */
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

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/playback/moment", test_moment);
  return g_test_run();
}
