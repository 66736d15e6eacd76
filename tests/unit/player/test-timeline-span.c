/* SPDX-License-Identifier: MIT */
/* Which part of a session a timeline shows. */
#include "sight-ui-timeline-span.h"

#define EPSILON 0.001

static void test_zoom(void) {
  SightUiTimelineSpan span = {.whole_ms = 100000};
  g_assert_true(sight_ui_timeline_span_is_whole(&span));
  g_assert_cmpfloat_with_epsilon(sight_ui_timeline_span_length(&span), 100000, EPSILON);
  sight_ui_timeline_span_zoom(&span, 0.25, 0.5);
  /* What stood at a quarter stands there still. */
  g_assert_cmpfloat_with_epsilon(span.from_ms, 12500, EPSILON);
  g_assert_cmpfloat_with_epsilon(span.to_ms, 62500, EPSILON);
  g_assert_cmpint(sight_ui_timeline_span_to_ms(&span, 250, 1000), ==, 25000);
  g_assert_cmpfloat_with_epsilon(sight_ui_timeline_span_to_x(&span, 25000, 1000), 250, EPSILON);
  sight_ui_timeline_span_zoom(&span, 0.0, 0.000001);
  g_assert_cmpfloat_with_epsilon(sight_ui_timeline_span_length(&span), SIGHT_UI_TIMELINE_SPAN_MIN_MS, EPSILON);
  sight_ui_timeline_span_zoom(&span, 0.5, 1e9);
  g_assert_true(sight_ui_timeline_span_is_whole(&span));
}

static void test_pan(void) {
  SightUiTimelineSpan span = {.whole_ms = 100000};
  sight_ui_timeline_span_pan(&span, 0.5);
  g_assert_true(sight_ui_timeline_span_is_whole(&span));
  sight_ui_timeline_span_set(&span, 20000, 40000);
  sight_ui_timeline_span_pan(&span, 0.1);
  g_assert_cmpfloat_with_epsilon(span.from_ms, 22000, EPSILON);
  sight_ui_timeline_span_pan(&span, -10);
  g_assert_cmpfloat_with_epsilon(span.from_ms, 0, EPSILON);
  g_assert_cmpfloat_with_epsilon(span.to_ms, 20000, EPSILON);
  sight_ui_timeline_span_pan(&span, 10);
  g_assert_cmpfloat_with_epsilon(span.to_ms, 100000, EPSILON);
}

static void test_follow(void) {
  SightUiTimelineSpan span = {.whole_ms = 100000};
  g_assert_false(sight_ui_timeline_span_follow(&span, 90000));
  sight_ui_timeline_span_set(&span, 20000, 40000);
  g_assert_false(sight_ui_timeline_span_follow(&span, 40000));
  g_assert_true(sight_ui_timeline_span_follow(&span, 40001));
  g_assert_cmpfloat_with_epsilon(span.from_ms, 38001, EPSILON);
  g_assert_true(sight_ui_timeline_span_follow(&span, 0));
  g_assert_cmpfloat_with_epsilon(span.from_ms, 0, EPSILON);
}

static void test_nothing(void) {
  SightUiTimelineSpan span = {0};
  sight_ui_timeline_span_zoom(&span, 0.5, 0.5);
  g_assert_true(sight_ui_timeline_span_is_whole(&span));
  g_assert_cmpint(sight_ui_timeline_span_to_ms(&span, 500, 1000), ==, 0);
  g_assert_cmpint(sight_ui_timeline_span_to_ms(&span, 500, 0), ==, 0);
}

/* 10 s, of which 4 to 8 take the place of one. */
static void test_fold(void) {
  SightUiTimelineBreak idle = {4000, 8000, 1000};
  g_autoptr(GArray) breaks = g_array_new(FALSE, FALSE, sizeof(SightUiTimelineBreak));
  SightUiTimelineSpan span = {.whole_ms = 10000};
  g_array_append_val(breaks, idle);
  sight_ui_timeline_span_fold(&span, 10000, breaks);
  g_assert_cmpfloat(span.whole_ms, ==, 7000.0);
  g_assert_cmpfloat(sight_ui_timeline_span_to_x(&span, 4000, 700), ==, 400.0);
  g_assert_cmpfloat(sight_ui_timeline_span_to_x(&span, 6000, 700), ==, 450.0);
  g_assert_cmpfloat(sight_ui_timeline_span_to_x(&span, 9000, 700), ==, 600.0);
  for (int x = 0; x <= 700; x += 35)
    g_assert_cmpfloat_with_epsilon(
        sight_ui_timeline_span_to_x(&span, (double)sight_ui_timeline_span_to_ms(&span, x, 700), 700), x, 0.11);
  /* What was visible stays so when it is unfolded. */
  sight_ui_timeline_span_set(&span, 3000, 6000);
  sight_ui_timeline_span_fold(&span, 10000, NULL);
  g_assert_cmpfloat(span.from_ms, ==, 3000.0);
  g_assert_cmpfloat(span.to_ms, ==, 9000.0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/timeline-span/zoom", test_zoom);
  g_test_add_func("/player/timeline-span/pan", test_pan);
  g_test_add_func("/player/timeline-span/follow", test_follow);
  g_test_add_func("/player/timeline-span/nothing", test_nothing);
  g_test_add_func("/player/timeline-span/fold", test_fold);
  return g_test_run();
}
