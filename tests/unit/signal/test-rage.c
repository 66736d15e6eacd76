/* SPDX-License-Identifier: MIT */
/* Rage clicks, and what only looks like them. */
#include "watch-fixture.h"

static void clicks(WatchFixture *f, const SightTarget *target, int n, gint64 gap_ms) {
  for (int i = 0; i < n; i++)
    watch_click(f, 1000 + i * gap_ms, target);
}

static void test_found(WatchFixture *f, gconstpointer data) {
  clicks(f, f->button, 4, 300);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_RAGE);
  g_assert_cmpint(signal->count, ==, 4);
  g_assert_cmpint(signal->start_ms, ==, 1000);
  g_assert_cmpint(signal->end_ms, ==, 1900);
  g_assert_cmpint(signal->node, ==, 10);
  g_assert_cmpstr(signal->target, ==, "Pay now");
  g_assert_cmpstr(signal->selector, ==, "#n10");
  g_assert_cmpstr(signal->page, ==, "/cart");
  g_assert_cmpstr(signal->window, ==, "w1");
  g_assert_false(signal->severe);
}

static void test_severe(WatchFixture *f, gconstpointer data) {
  clicks(f, f->button, 5, 900);
  watch_end(f, 20000);
  g_assert_true(watch_only(f, SIGHT_SIGNAL_RAGE)->severe);
}

static void test_two_chains(WatchFixture *f, gconstpointer data) {
  clicks(f, f->button, 3, 200);
  for (int i = 0; i < 3; i++)
    watch_click(f, 9000 + i * 200, f->button);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 2);
}

/* At the very end of a recording a chain needs no answer to be one. */
static void test_at_the_end(WatchFixture *f, gconstpointer data) {
  clicks(f, f->button, 3, 200);
  watch_end(f, 1400);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 1);
}

static void test_two_clicks(WatchFixture *f, gconstpointer data) {
  clicks(f, f->button, 2, 200);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

static void test_slow_clicks(WatchFixture *f, gconstpointer data) {
  clicks(f, f->button, 6, 1001);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

static void test_far_apart(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 5; i++)
    watch_click_at(f, 1000 + i * 200, f->button, 100 + i * 31, 100);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

/* Each is near the one before; how far they wander in all does not matter. */
static void test_wandering(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 5; i++)
    watch_click_at(f, 1000 + i * 200, f->button, 100 + i * 18, 100 + i * 24);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 1);
}

static void test_several_targets(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 6; i++)
    watch_click(f, 1000 + i * 200, i % 2 == 0 ? f->button : f->other);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

static void test_made_for_it(WatchFixture *f, gconstpointer data) {
  static const guint traits[] = {SIGHT_TARGET_TEXT_FIELD, SIGHT_TARGET_CHOICE, SIGHT_TARGET_STEPPER,
                                 SIGHT_TARGET_PAGER};
  for (guint i = 0; i < G_N_ELEMENTS(traits); i++) {
    g_autoptr(SightTarget) target = watch_target(100 + (int)i, SIGHT_TARGET_INTERACTIVE | traits[i], "");
    for (int n = 0; n < 10; n++)
      watch_click(f, 10000 * (i + 1) + n * 200, target);
  }
  watch_end(f, 90000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

static void test_selects_text(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->text);
  watch_select(f, 1150, FALSE);
  watch_click(f, 1200, f->text);
  watch_click(f, 1400, f->text);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

/* Setting the caret down is no selection. */
static void test_empty_selection(WatchFixture *f, gconstpointer data) {
  watch_click(f, 1000, f->text);
  watch_select(f, 1150, TRUE);
  watch_click(f, 1200, f->text);
  watch_click(f, 1400, f->text);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 1);
}

static void test_scrolls(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 5; i++) {
    watch_click(f, 1000 + i * 500, f->button);
    watch_scroll(f, 1100 + i * 500, i * 700);
  }
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

static void test_rules(WatchFixture *f, gconstpointer data) {
  f->rules->rage_clicks = 6;
  clicks(f, f->button, 5, 200);
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

/* Undo, dice, one more row: each click does something. */
static void test_each_answered(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 6; i++) {
    watch_click(f, 1000 + i * 200, f->button);
    watch_change(f, 1010 + i * 200, 77);
  }
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

/* There is nothing left to undo. */
static void test_last_in_vain(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 6; i++) {
    watch_click(f, 1000 + i * 900, f->button);
    if (i < 5)
      watch_change(f, 1010 + i * 900, 77);
  }
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

static void test_told_each_answered(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 4; i++) {
    SightAct act = {.kind = SIGHT_ACT_ANSWER, .at_ms = 1600 + i * 800, .node = 10, .amount = 400};
    watch_click(f, 1000 + i * 800, f->button);
    sight_watch_act(f->watch, &act);
  }
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 0);
}

/* One answer, late, for many clicks. */
static void test_answered_too_late(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 6; i++)
    watch_click(f, 1000 + i * 500, f->button);
  watch_change(f, 4000, 77);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_RAGE)->count, ==, 6);
}

/* A clock ticks meanwhile: that answers nobody. */
static void test_clock_answers_not(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 12; i++)
    watch_change(f, 100 + i * 500, 50);
  for (int i = 0; i < 4; i++) {
    watch_click(f, 6000 + i * 500, f->button);
    watch_change(f, 6100 + i * 500, 50);
  }
  watch_end(f, 20000);
  g_assert_cmpuint(watch_count(f, SIGHT_SIGNAL_RAGE), ==, 1);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  watch_test("/rage/found", test_found);
  watch_test("/rage/severe", test_severe);
  watch_test("/rage/two-chains", test_two_chains);
  watch_test("/rage/at-the-end", test_at_the_end);
  watch_test("/rage/two-clicks", test_two_clicks);
  watch_test("/rage/slow-clicks", test_slow_clicks);
  watch_test("/rage/far-apart", test_far_apart);
  watch_test("/rage/wandering", test_wandering);
  watch_test("/rage/several-targets", test_several_targets);
  watch_test("/rage/made-for-it", test_made_for_it);
  watch_test("/rage/selects-text", test_selects_text);
  watch_test("/rage/empty-selection", test_empty_selection);
  watch_test("/rage/scrolls", test_scrolls);
  watch_test("/rage/rules", test_rules);
  watch_test("/rage/each-answered", test_each_answered);
  watch_test("/rage/last-in-vain", test_last_in_vain);
  watch_test("/rage/told-each-answered", test_told_each_answered);
  watch_test("/rage/answered-too-late", test_answered_too_late);
  watch_test("/rage/clock-answers-not", test_clock_answers_not);
  return g_test_run();
}
