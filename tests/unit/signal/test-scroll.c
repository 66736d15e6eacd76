/* SPDX-License-Identifier: MIT */
/* Excessive scrolling, and plain reading. */
#include "watch-fixture.h"

static guint found(const WatchFixture *f) {
  return watch_count(f, SIGHT_SIGNAL_SCROLL);
}

/* `n` swings of `px` down and up in turn, `gap_ms` apart, in steps as a wheel makes them. */
static void swing(WatchFixture *f, int n, int px, gint64 gap_ms) {
  int y = 0;
  gint64 at_ms = 1000;
  watch_scroll(f, at_ms, y);
  for (int i = 0; i < n; i++) {
    for (int step = 0; step < 4; step++) {
      y += (i % 2 == 0 ? px : -px) / 4;
      at_ms += gap_ms / 4;
      watch_scroll(f, at_ms, y);
    }
  }
}

static void test_found(WatchFixture *f, gconstpointer data) {
  swing(f, 8, 400, 2000);
  watch_end(f, 60000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_SCROLL);
  g_assert_cmpint(signal->count, ==, 7);
  g_assert_cmpint(signal->node, ==, 1);
  g_assert_cmpint(signal->magnitude, >=, 7 * 400);
  g_assert_cmpstr(signal->page, ==, "/cart");
  g_assert_cmpint(signal->start_ms, >, 1000);
  g_assert_cmpint(signal->end_ms, <=, 17000);
}

static void test_six_swings_are_five_reversals(WatchFixture *f, gconstpointer data) {
  swing(f, 6, 400, 2000);
  watch_end(f, 60000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_small_swings(WatchFixture *f, gconstpointer data) {
  swing(f, 30, 196, 1000);
  watch_end(f, 60000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_too_slow(WatchFixture *f, gconstpointer data) {
  swing(f, 12, 400, 6100);
  watch_end(f, 100000);
  g_assert_cmpuint(found(f), ==, 0);
}

/* Slowly at first, then in a hurry: only the hurry counts. */
static void test_begins_slowly(WatchFixture *f, gconstpointer data) {
  int y = 0;
  for (int i = 0; i < 5; i++)
    watch_scroll(f, 1000 + i * 9000, (y = i % 2 == 0 ? 0 : 500));
  for (int i = 0; i < 9; i++)
    watch_scroll(f, 40000 + i * 1000, (y = i % 2 == 0 ? 500 : 0));
  watch_end(f, 100000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_SCROLL);
  g_assert_cmpint(signal->start_ms, >, 10000);
}

static void test_reading(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 60; i++)
    watch_scroll(f, 1000 + i * 400, i * 150 - (i % 10 == 9 ? 120 : 0));
  watch_end(f, 60000);
  g_assert_cmpuint(found(f), ==, 0);
}

/* Half on one page, half on the next. */
static void test_two_pages(WatchFixture *f, gconstpointer data) {
  swing(f, 5, 400, 1000);
  watch_act(f, SIGHT_ACT_PAGE, 7000, 0);
  int y = 0;
  for (int i = 0; i < 5; i++)
    watch_scroll(f, 8000 + i * 1000, (y = i % 2 == 0 ? 0 : 500));
  watch_end(f, 60000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_two_boxes(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 5; i++) {
    SightAct act = {.kind = SIGHT_ACT_SCROLL, .at_ms = 1000 + i * 1000, .node = 40, .y = i % 2 == 0 ? 0 : 500};
    watch_scroll(f, 1000 + i * 1000, i % 2 == 0 ? 0 : 500);
    sight_watch_act(f->watch, &act);
  }
  watch_end(f, 60000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_extreme_positions(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 20; i++)
    watch_scroll(f, 1000 + i * 100, i % 2 == 0 ? G_MININT : G_MAXINT);
  watch_end(f, 60000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_SCROLL)->magnitude, ==, G_MAXINT);
}

static void jump(WatchFixture *f, int i, gboolean by_script, SightActKind sign) {
  SightAct act = {.kind = SIGHT_ACT_SCROLL, .at_ms = 1000 + i * 1500, .node = 1, .y = i % 2 * 400, .empty = by_script};
  sight_watch_act(f->watch, &act);
  if (sign != SIGHT_ACT_TICK)
    watch_act(f, sign, 1100 + i * 1500, 1);
}

/* A log that scrolls by itself: no sign of a hand. */
static void test_nobody(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 40; i++)
    jump(f, i, FALSE, SIGHT_ACT_TICK);
  watch_end(f, 90000);
  g_assert_cmpuint(found(f), ==, 0);
}

/* One of which the recorder says so, while the pointer moves. */
static void test_by_script(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 40; i++)
    jump(f, i, TRUE, SIGHT_ACT_MOVE);
  watch_end(f, 90000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_by_keys(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 40; i++)
    jump(f, i, FALSE, SIGHT_ACT_WHEEL);
  watch_end(f, 90000);
  g_assert_cmpuint(found(f), ==, 1);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  watch_test("/scroll/found", test_found);
  watch_test("/scroll/six-swings", test_six_swings_are_five_reversals);
  watch_test("/scroll/small-swings", test_small_swings);
  watch_test("/scroll/too-slow", test_too_slow);
  watch_test("/scroll/begins-slowly", test_begins_slowly);
  watch_test("/scroll/reading", test_reading);
  watch_test("/scroll/two-pages", test_two_pages);
  watch_test("/scroll/two-boxes", test_two_boxes);
  watch_test("/scroll/extreme-positions", test_extreme_positions);
  watch_test("/scroll/nobody", test_nobody);
  watch_test("/scroll/by-script", test_by_script);
  watch_test("/scroll/by-keys", test_by_keys);
  return g_test_run();
}
