/* SPDX-License-Identifier: MIT */
/* Where "previous" and "next" lead. */
#include "sight-ui-steps.h"

/* Two tabs: "a" in front until 10 s and again from 20 s on, "b" between. */
typedef struct {
  SightPageView pages[3];
  SightWindowSpan spans[3];
  SightSignal signals[2];
  SightAnalysis analysis;
} Visit;

static void visit_init(Visit *visit) {
  *visit = (Visit){
      .pages = {{.window = (char *)"a", .page = (char *)"/", .start_ms = 0, .end_ms = 5000},
                {.window = (char *)"a", .page = (char *)"/cart", .start_ms = 5000, .end_ms = 30000},
                {.window = (char *)"b", .page = (char *)"/help", .start_ms = 9000, .end_ms = 30000}},
      .spans = {{0, 10000, (char *)"a"}, {10000, 20000, (char *)"b"}, {20000, 30000, (char *)"a"}},
      .signals = {{.kind = SIGHT_SIGNAL_DEAD, .start_ms = 6000, .end_ms = 6000},
                  {.kind = SIGHT_SIGNAL_RAGE, .start_ms = 22000, .end_ms = 24000}},
      .analysis = {.pages = g_ptr_array_new(), .spans = g_ptr_array_new(), .signals = g_ptr_array_new()},
  };
  for (guint i = 0; i < 3; i++) {
    g_ptr_array_add(visit->analysis.pages, &visit->pages[i]);
    g_ptr_array_add(visit->analysis.spans, &visit->spans[i]);
  }
  for (guint i = 0; i < 2; i++)
    g_ptr_array_add(visit->analysis.signals, &visit->signals[i]);
}

static void visit_clear(Visit *visit) {
  g_ptr_array_unref(visit->analysis.pages);
  g_ptr_array_unref(visit->analysis.spans);
  g_ptr_array_unref(visit->analysis.signals);
}

static void test_pages(void) {
  Visit visit;
  visit_init(&visit);
  g_assert_cmpint(sight_ui_step_page(&visit.analysis, 0, 1), ==, 5000);
  /* The page of the tab behind is met where the tab comes to the front. */
  g_assert_cmpint(sight_ui_step_page(&visit.analysis, 5000, 1), ==, 10000);
  g_assert_cmpint(sight_ui_step_page(&visit.analysis, 10000, 1), ==, 20000);
  g_assert_cmpint(sight_ui_step_page(&visit.analysis, 20000, 1), ==, -1);
  g_assert_cmpint(sight_ui_step_page(&visit.analysis, 15000, -1), ==, 10000);
  g_assert_cmpint(sight_ui_step_page(&visit.analysis, 10400, -1), ==, 5000);
  g_assert_cmpint(sight_ui_step_page(&visit.analysis, 1000, -1), ==, 0);
  g_assert_cmpint(sight_ui_step_page(&visit.analysis, 0, -1), ==, -1);
  visit_clear(&visit);
}

static void test_tabs(void) {
  Visit visit;
  visit_init(&visit);
  g_assert_cmpint(sight_ui_step_tab(&visit.analysis, 0, 1), ==, 10000);
  g_assert_cmpint(sight_ui_step_tab(&visit.analysis, 25000, -1), ==, 20000);
  g_assert_cmpint(sight_ui_step_tab(&visit.analysis, 25000, 1), ==, -1);
  g_ptr_array_set_size(visit.analysis.spans, 1);
  g_assert_cmpint(sight_ui_step_tab(&visit.analysis, 5000, -1), ==, -1);
  visit_clear(&visit);
}

static void test_signals(void) {
  Visit visit;
  visit_init(&visit);
  g_assert_cmpint(sight_ui_step_signal(&visit.analysis, 0, 1), ==, 6000);
  g_assert_cmpint(sight_ui_step_signal(&visit.analysis, 6000, 1), ==, 22000);
  g_assert_cmpint(sight_ui_step_signal(&visit.analysis, 22000, -1), ==, 6000);
  g_assert_cmpint(sight_ui_step_signal(&visit.analysis, 6000, -1), ==, -1);
  visit_clear(&visit);
}

static void test_page_at(void) {
  Visit visit;
  visit_init(&visit);
  g_assert_true(sight_ui_page_at(&visit.analysis, "a", 12000) == &visit.pages[1]);
  g_assert_true(sight_ui_page_at(&visit.analysis, "b", 12000) == &visit.pages[2]);
  g_assert_null(sight_ui_page_at(&visit.analysis, "b", 8000));
  visit_clear(&visit);
}

static void test_stretch(void) {
  Visit visit;
  const SightSignal *signal;
  gint64 from_ms, to_ms;
  visit_init(&visit);
  sight_ui_stretch_around(&visit.analysis, 30000, 7000, &from_ms, &to_ms, &signal);
  g_assert_true(signal == &visit.signals[0]);
  g_assert_cmpint(from_ms, ==, 0);
  g_assert_cmpint(to_ms, ==, 11000);
  sight_ui_stretch_around(&visit.analysis, 30000, 24000, &from_ms, &to_ms, &signal);
  g_assert_true(signal == &visit.signals[1]);
  g_assert_cmpint(from_ms, ==, 12000);
  g_assert_cmpint(to_ms, ==, 29000);
  /* Just before a signal one means it, even if another one has been not much longer ago. */
  visit.signals[0].start_ms = visit.signals[0].end_ms = 19000;
  sight_ui_stretch_around(&visit.analysis, 30000, 20000, &from_ms, &to_ms, &signal);
  g_assert_true(signal == &visit.signals[1]);
  /* Who went to a signal means that one, however soon another one follows. */
  visit.signals[0].start_ms = visit.signals[0].end_ms = 21200;
  sight_ui_stretch_around(&visit.analysis, 30000, 21200, &from_ms, &to_ms, &signal);
  g_assert_true(signal == &visit.signals[0]);
  /* Of two at one time the graver one. */
  visit.signals[0].start_ms = visit.signals[0].end_ms = 22000;
  sight_ui_stretch_around(&visit.analysis, 30000, 22000, &from_ms, &to_ms, &signal);
  g_assert_cmpint(signal->kind, ==, SIGHT_SIGNAL_RAGE);
  sight_ui_stretch_around(&visit.analysis, 60000, 40000, &from_ms, &to_ms, &signal);
  g_assert_null(signal);
  g_assert_cmpint(from_ms, ==, 25000);
  g_assert_cmpint(to_ms, ==, 55000);
  sight_ui_stretch_around(NULL, 0, 0, &from_ms, &to_ms, NULL);
  g_assert_cmpint(from_ms, <, to_ms);
  visit_clear(&visit);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/steps/pages", test_pages);
  g_test_add_func("/player/steps/tabs", test_tabs);
  g_test_add_func("/player/steps/signals", test_signals);
  g_test_add_func("/player/steps/page-at", test_page_at);
  g_test_add_func("/player/steps/stretch", test_stretch);
  return g_test_run();
}
