/* SPDX-License-Identifier: MIT */
/* The playhead in motion, what it jumps over, and which tab it follows. */
#include "sight-ui-clock.h"
#include "sight-ui-player.h"

static void test_position(void) {
  SightUiClock clock;
  sight_ui_clock_start(&clock, 1000, 2.0, 5000000);
  g_assert_cmpint(sight_ui_clock_position(&clock, 5000000), ==, 1000);
  g_assert_cmpint(sight_ui_clock_position(&clock, 5500000), ==, 2000);
  /* A clock that was set a moment ahead does not run backwards. */
  g_assert_cmpint(sight_ui_clock_position(&clock, 4000000), ==, 1000);
}

static void window_span_free(gpointer data) {
  SightWindowSpan *span = data;
  g_free(span->window);
  g_free(span);
}

static void add_span(SightAnalysis *analysis, gint64 start_ms, gint64 end_ms, const char *window) {
  SightWindowSpan *span = g_new(SightWindowSpan, 1);
  *span = (SightWindowSpan){start_ms, end_ms, g_strdup(window)};
  g_ptr_array_add(analysis->spans, span);
}

static void test_skip(void) {
  SightAnalysis analysis = {.idle = g_array_new(FALSE, FALSE, sizeof(SightIdleSpan))};
  SightIdleSpan span = {10000, 60000}, brief = {70000, 72000};
  g_array_append_val(analysis.idle, span);
  g_array_append_val(analysis.idle, brief);
  g_assert_cmpint(sight_ui_clock_skip(&analysis, 9000), ==, -1);
  g_assert_cmpint(sight_ui_clock_skip(&analysis, 10100), ==, -1);
  g_assert_cmpint(sight_ui_clock_skip(&analysis, 11000), ==, 59000);
  g_assert_cmpint(sight_ui_clock_skip(&analysis, 58000), ==, -1);
  g_assert_cmpint(sight_ui_clock_skip(&analysis, 65000), ==, -1);
  g_assert_cmpint(sight_ui_clock_skip(&analysis, 70900), ==, -1);
  g_array_unref(analysis.idle);
}

static void test_window(void) {
  SightAnalysis analysis = {.spans = g_ptr_array_new_with_free_func(window_span_free)};
  g_assert_null(sight_ui_clock_window(&analysis, 0));
  add_span(&analysis, 0, 5000, "one");
  add_span(&analysis, 5000, 9000, "two");
  g_assert_cmpstr(sight_ui_clock_window(&analysis, 0), ==, "one");
  g_assert_cmpstr(sight_ui_clock_window(&analysis, 4999), ==, "one");
  g_assert_cmpstr(sight_ui_clock_window(&analysis, 5000), ==, "two");
  g_assert_cmpstr(sight_ui_clock_window(&analysis, 99999), ==, "two");
  g_ptr_array_unref(analysis.spans);
}

static void test_format(void) {
  static const struct {
    gint64 time_ms;
    const char *text;
  } cases[] = {{-5, "0:00"}, {999, "0:00"}, {61000, "1:01"}, {3599999, "59:59"}, {3600000, "1:00:00"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = sight_ui_format_time(cases[i].time_ms);
    g_assert_cmpstr(text, ==, cases[i].text);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/clock/position", test_position);
  g_test_add_func("/player/clock/skip", test_skip);
  g_test_add_func("/player/clock/window", test_window);
  g_test_add_func("/player/clock/format", test_format);
  return g_test_run();
}
