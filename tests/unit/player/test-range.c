/* SPDX-License-Identifier: MIT */
/* In and out point, and going round between them. */
#include "sight-ui-range.h"

static void count(SightUiRange *range, guint *n_changed) {
  ++*n_changed;
}

static void test_points(void) {
  g_autoptr(SightUiRange) range = sight_ui_range_new();
  guint n_changed = 0;
  gint64 from_ms, to_ms;
  g_signal_connect(range, "changed", G_CALLBACK(count), &n_changed);
  g_assert_false(sight_ui_range_get(range, 10000, &from_ms, &to_ms));
  g_assert_cmpint(from_ms, ==, 0);
  g_assert_cmpint(to_ms, ==, 10000);
  sight_ui_range_set_in(range, 2000);
  g_assert_true(sight_ui_range_get(range, 10000, &from_ms, &to_ms));
  g_assert_cmpint(from_ms, ==, 2000);
  g_assert_cmpint(to_ms, ==, 10000);
  sight_ui_range_set_out(range, 5000);
  g_assert_cmpuint(n_changed, ==, 2);
  sight_ui_range_set_out(range, 5000);
  g_assert_cmpuint(n_changed, ==, 2);
  sight_ui_range_get(range, 4000, &from_ms, &to_ms);
  g_assert_cmpint(to_ms, ==, 4000);
  sight_ui_range_clear(range);
  g_assert_cmpint(sight_ui_range_get_in(range), ==, -1);
  g_assert_cmpint(sight_ui_range_get_out(range), ==, -1);
}

static void test_points_do_not_cross(void) {
  g_autoptr(SightUiRange) range = sight_ui_range_new();
  sight_ui_range_set(range, 2000, 5000);
  sight_ui_range_set_in(range, 6000);
  g_assert_cmpint(sight_ui_range_get_in(range), ==, 6000);
  g_assert_cmpint(sight_ui_range_get_out(range), ==, -1);
  sight_ui_range_set_out(range, 6000);
  g_assert_cmpint(sight_ui_range_get_in(range), ==, -1);
  g_assert_cmpint(sight_ui_range_get_out(range), ==, 6000);
}

static void test_wrap(void) {
  g_autoptr(SightUiRange) range = sight_ui_range_new();
  g_assert_cmpint(sight_ui_range_wrap(range, 10000, 9990, 10000), ==, -1);
  sight_ui_range_set_loop(range, TRUE);
  g_assert_cmpint(sight_ui_range_wrap(range, 10000, 9970, 9990), ==, -1);
  g_assert_cmpint(sight_ui_range_wrap(range, 10000, 9990, 10010), ==, 0);
  sight_ui_range_set(range, 2000, 5000);
  g_assert_cmpint(sight_ui_range_wrap(range, 10000, 4990, 5020), ==, 2000);
  g_assert_cmpint(sight_ui_range_wrap(range, 10000, 1000, 1030), ==, -1);
  g_assert_cmpint(sight_ui_range_wrap(range, 10000, 7000, 7030), ==, -1);
  g_assert_cmpint(sight_ui_range_wrap(range, 10000, 9990, 10000), ==, 2000);
  g_assert_cmpint(sight_ui_range_wrap(range, 0, 0, 0), ==, -1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/range/points", test_points);
  g_test_add_func("/player/range/points-do-not-cross", test_points_do_not_cross);
  g_test_add_func("/player/range/wrap", test_wrap);
  return g_test_run();
}
