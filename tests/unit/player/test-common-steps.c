/* SPDX-License-Identifier: MIT */
/* What two visits have in common, and which of them waits for the other. */
#include "sight-ui-common-steps.h"

static void add_page(SightAnalysis *analysis, gint64 at_ms, const char *page) {
  SightPageView *view = g_new0(SightPageView, 1);
  *view = (SightPageView){.page = g_strdup(page), .start_ms = at_ms, .end_ms = at_ms + 1000};
  g_ptr_array_add(analysis->pages, view);
}

static void add_act(SightAnalysis *analysis, SightStoryKind kind, gint64 at_ms, const char *text) {
  SightStoryItem *item = g_new0(SightStoryItem, 1);
  *item = (SightStoryItem){.kind = kind, .start_ms = at_ms, .end_ms = at_ms, .text = g_strdup(text), .signal = -1};
  g_ptr_array_add(analysis->story, item);
}

/* A cart that is paid for, in the second visit after a look at the help; pressed four times in the first. */
static GPtrArray *make_steps(void) {
  g_autoptr(SightAnalysis) one = sight_analysis_new(), other = sight_analysis_new();
  add_page(one, 0, "/product/:id");
  add_act(one, SIGHT_STORY_SCROLL, 500, "down");
  add_page(one, 5000, "/cart");
  for (gint64 at_ms = 9000; at_ms < 9400; at_ms += 100)
    add_act(one, SIGHT_STORY_CLICK, at_ms, "Pay");
  add_page(one, 20000, "/thanks");
  add_page(other, 0, "/help");
  add_page(other, 4000, "/product/:id");
  add_page(other, 6000, "/cart");
  add_act(other, SIGHT_STORY_CLICK, 7000, "Help");
  add_act(other, SIGHT_STORY_CLICK, 30000, "Pay");
  add_page(other, 31000, "/thanks");
  return sight_ui_common_steps(one, other);
}

static void assert_step(const GPtrArray *steps, guint index, const char *title, gint64 one_ms, gint64 other_ms) {
  const SightUiCommonStep *step = g_ptr_array_index(steps, index);
  g_assert_cmpstr(step->title, ==, title);
  g_assert_cmpint(step->at_ms[0], ==, one_ms);
  g_assert_cmpint(step->at_ms[1], ==, other_ms);
}

static void test_found(void) {
  g_autoptr(GPtrArray) steps = make_steps();
  g_assert_cmpuint(steps->len, ==, 5);
  assert_step(steps, 0, "Start", 0, 0);
  assert_step(steps, 1, "Opened \u2068/product/:id\u2069", 0, 4000);
  assert_step(steps, 2, "Opened \u2068/cart\u2069", 5000, 6000);
  assert_step(steps, 3, "Clicked “\u2068Pay\u2069”", 9000, 30000);
  assert_step(steps, 4, "Opened \u2068/thanks\u2069", 20000, 31000);
}

static void test_nothing_in_common(void) {
  g_autoptr(SightAnalysis) one = sight_analysis_new(), other = sight_analysis_new();
  g_autoptr(GPtrArray) empty = sight_ui_common_steps(one, other);
  g_assert_cmpuint(empty->len, ==, 1);
  add_page(one, 0, "/a");
  add_page(other, 0, "/b");
  g_autoptr(GPtrArray) steps = sight_ui_common_steps(one, other);
  g_assert_cmpuint(steps->len, ==, 1);
  assert_step(steps, 0, "Start", 0, 0);
  g_assert_cmpint(sight_ui_common_steps_other(steps, 0, 7000, 60000), ==, 7000);
  g_assert_cmpint(sight_ui_common_steps_other(steps, 0, 7000, 5000), ==, 5000);
}

static void test_long_sessions(void) {
  g_autoptr(SightAnalysis) one = sight_analysis_new(), other = sight_analysis_new();
  for (guint i = 0; i < 3000; i++) {
    g_autofree char *text = g_strdup_printf("%u", i % 7);
    add_act(one, SIGHT_STORY_CLICK, i, text);
    add_act(other, SIGHT_STORY_CLICK, 2 * i, text);
  }
  g_autoptr(GPtrArray) steps = sight_ui_common_steps(one, other);
  g_assert_cmpuint(steps->len, ==, 1001);
  assert_step(steps, 1000, "Clicked “\u20685\u2069”", 999, 1998);
}

static void test_other(void) {
  g_autoptr(GPtrArray) steps = make_steps();
  g_assert_cmpuint(sight_ui_common_steps_at(steps, 0, 8999), ==, 2);
  g_assert_cmpuint(sight_ui_common_steps_at(steps, 0, 9000), ==, 3);
  g_assert_cmpuint(sight_ui_common_steps_at(steps, 1, 3999), ==, 0);
  /* Two seconds after the cart was opened, in both. */
  g_assert_cmpint(sight_ui_common_steps_other(steps, 0, 7000, 60000), ==, 8000);
  /* The first visit had pressed by then. */
  g_assert_cmpint(sight_ui_common_steps_other(steps, 1, 25000, 40000), ==, 8999);
  g_assert_cmpint(sight_ui_common_steps_other(steps, 1, 99000, 40000), ==, 40000);
}

static void assert_waits(const GPtrArray *steps, gint64 one_ms, gint64 other_ms, gboolean one, gboolean other) {
  gboolean waits[2];
  sight_ui_common_steps_waits(steps, (gint64[]){one_ms, other_ms}, (gboolean[]){FALSE, FALSE}, waits);
  g_assert_cmpint(waits[0], ==, one);
  g_assert_cmpint(waits[1], ==, other);
}

static void test_waits(void) {
  g_autoptr(GPtrArray) steps = make_steps();
  gboolean waits[2];
  assert_waits(steps, 5000, 6000, FALSE, FALSE);
  assert_waits(steps, 9000, 29999, TRUE, FALSE);
  assert_waits(steps, 9000, 30000, FALSE, FALSE);
  assert_waits(steps, 19000, 31000, FALSE, TRUE);
  /* Nobody waits for one that is over. */
  sight_ui_common_steps_waits(steps, (gint64[]){9000, 29999}, (gboolean[]){FALSE, TRUE}, waits);
  g_assert_false(waits[0]);
  g_assert_true(waits[1]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/common-steps/found", test_found);
  g_test_add_func("/player/common-steps/nothing-in-common", test_nothing_in_common);
  g_test_add_func("/player/common-steps/long-sessions", test_long_sessions);
  g_test_add_func("/player/common-steps/other", test_other);
  g_test_add_func("/player/common-steps/waits", test_waits);
  return g_test_run();
}
