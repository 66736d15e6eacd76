/* SPDX-License-Identifier: MIT */
/* Marks of signals on the timeline. */
#include "sight-ui-timeline-marks.h"

static GPtrArray *signals_at(const gint64 *times, const SightSignalKind *kinds, guint n) {
  GPtrArray *signals = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free);
  for (guint i = 0; i < n; i++) {
    SightSignal *signal = g_new0(SightSignal, 1);
    signal->kind = kinds[i];
    signal->start_ms = signal->end_ms = times[i];
    g_ptr_array_add(signals, signal);
  }
  return signals;
}

static const SightUiMark *mark(GArray *marks, guint index) {
  return &g_array_index(marks, SightUiMark, index);
}

static void test_apart(void) {
  const gint64 times[] = {1000, 5000};
  const SightSignalKind kinds[] = {SIGHT_SIGNAL_DEAD, SIGHT_SIGNAL_RAGE};
  g_autoptr(GPtrArray) signals = signals_at(times, kinds, 2);
  g_autoptr(GArray) marks = sight_ui_marks_layout(signals, &(SightUiTimelineSpan){.whole_ms = 10000}, 1000, 20, 2);
  g_assert_cmpint(marks->len, ==, 2);
  g_assert_cmpfloat(mark(marks, 0)->x, ==, 100.0);
  g_assert_cmpint(mark(marks, 1)->lane, ==, 0);
}

static void test_dense(void) {
  const gint64 times[] = {1000, 1010, 1020, 1030, 4000};
  const SightSignalKind kinds[] = {SIGHT_SIGNAL_DEAD, SIGHT_SIGNAL_SCROLL, SIGHT_SIGNAL_ERROR, SIGHT_SIGNAL_SCROLL,
                                   SIGHT_SIGNAL_RAGE};
  g_autoptr(GPtrArray) signals = signals_at(times, kinds, 5);
  g_autoptr(GArray) marks = sight_ui_marks_layout(signals, &(SightUiTimelineSpan){.whole_ms = 10000}, 1000, 20, 2);
  g_assert_cmpint(marks->len, ==, 3);
  g_assert_cmpint(mark(marks, 0)->count, ==, 1);
  g_assert_cmpint(mark(marks, 1)->lane, ==, 1);
  /* The third finds both lanes taken and joins the last; the gravest kind shows. */
  g_assert_cmpint(mark(marks, 1)->count, ==, 3);
  g_assert_cmpint(mark(marks, 1)->kind, ==, SIGHT_SIGNAL_ERROR);
  g_assert_cmpint(mark(marks, 1)->last, ==, 3);
  g_assert_cmpint(mark(marks, 2)->first, ==, 4);
  /* A place says all that its marks hold. */
  g_autoptr(GPtrArray) there = sight_ui_marks_at(signals, marks, 104, 8);
  g_assert_cmpint(there->len, ==, 4);
  g_assert_true(g_ptr_array_index(there, 0) == g_ptr_array_index(signals, 0));
  g_autoptr(GPtrArray) alone = sight_ui_marks_at(signals, marks, 395, 8);
  g_assert_cmpint(alone->len, ==, 1);
  g_autoptr(GPtrArray) nothing = sight_ui_marks_at(signals, marks, 600, 8);
  g_assert_cmpint(nothing->len, ==, 0);
}

/* Which kind a group shows is what the table says is graver, not its number. */
static void test_gravest(void) {
  const gint64 times[] = {1000, 1000, 1000};
  const SightSignalKind kinds[] = {SIGHT_SIGNAL_SCROLL, SIGHT_SIGNAL_SCROLL, SIGHT_SIGNAL_ERROR_CLICK};
  g_autoptr(GPtrArray) signals = signals_at(times, kinds, 3);
  g_autoptr(GArray) marks = sight_ui_marks_layout(signals, &(SightUiTimelineSpan){.whole_ms = 10000}, 1000, 20, 1);
  g_assert_cmpint(marks->len, ==, 1);
  g_assert_cmpint(mark(marks, 0)->kind, ==, SIGHT_SIGNAL_ERROR_CLICK);
}

static void test_outside(void) {
  const gint64 times[] = {1000, 5000, 9000};
  const SightSignalKind kinds[] = {SIGHT_SIGNAL_DEAD, SIGHT_SIGNAL_RAGE, SIGHT_SIGNAL_DEAD};
  g_autoptr(GPtrArray) signals = signals_at(times, kinds, 3);
  SightUiTimelineSpan span = {.whole_ms = 10000, .from_ms = 4000, .to_ms = 6000};
  g_autoptr(GArray) marks = sight_ui_marks_layout(signals, &span, 1000, 20, 2);
  g_assert_cmpint(marks->len, ==, 1);
  g_assert_cmpint(mark(marks, 0)->first, ==, 1);
  g_assert_cmpfloat(mark(marks, 0)->x, ==, 500.0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/marks/apart", test_apart);
  g_test_add_func("/player/marks/dense", test_dense);
  g_test_add_func("/player/marks/gravest", test_gravest);
  g_test_add_func("/player/marks/outside", test_outside);
  return g_test_run();
}
