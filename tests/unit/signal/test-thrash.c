/* SPDX-License-Identifier: MIT */
/* Thrashed cursor, and hands that merely move. */
#include "watch-fixture.h"

#include <math.h>

static guint found(const WatchFixture *f) {
  return watch_count(f, SIGHT_SIGNAL_THRASH);
}

static void move(WatchFixture *f, gint64 at_ms, int x, int y) {
  SightAct act = {.kind = SIGHT_ACT_MOVE, .at_ms = at_ms, .x = x, .y = y};
  sight_watch_act(f->watch, &act);
}

/* Left and right, a sample every 50 ms, a turn every `per_turn` samples of `px`. */
static void shake(WatchFixture *f, gint64 from_ms, int n, int per_turn, int px) {
  int x = 400;
  for (int i = 0; i < n; i++) {
    x += i / per_turn % 2 == 0 ? px : -px;
    move(f, from_ms + i * 50, x, 300 + i % 3 * 4);
  }
}

static void test_found(WatchFixture *f, gconstpointer data) {
  shake(f, 1000, 50, 4, 40);
  watch_end(f, 20000);
  const SightSignal *signal = watch_only(f, SIGHT_SIGNAL_THRASH);
  g_assert_cmpint(signal->count, >=, 4);
  g_assert_cmpint(signal->start_ms, >=, 1000);
  g_assert_cmpint(signal->end_ms, <=, 3500);
  g_assert_cmpint(signal->magnitude, >=, 300);
}

static void test_goes_on(WatchFixture *f, gconstpointer data) {
  shake(f, 1000, 200, 4, 40);
  watch_end(f, 20000);
  g_assert_cmpint(watch_only(f, SIGHT_SIGNAL_THRASH)->end_ms, >=, 10000);
}

static void test_twice(WatchFixture *f, gconstpointer data) {
  shake(f, 1000, 50, 4, 40);
  shake(f, 20000, 50, 4, 40);
  watch_end(f, 40000);
  g_assert_cmpuint(found(f), ==, 2);
}

static void test_straight(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 60; i++)
    move(f, 1000 + i * 50, i * 20, 300 + i * 5);
  watch_end(f, 20000);
  g_assert_cmpuint(found(f), ==, 0);
}

/* A wide curve turns all the time, but never by much. */
static void test_circle(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 80; i++)
    move(f, 1000 + i * 50, (int)(600 + 300 * cos(i / 8.0)), (int)(400 + 300 * sin(i / 8.0)));
  watch_end(f, 20000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_slow(WatchFixture *f, gconstpointer data) {
  shake(f, 1000, 100, 4, 12);
  watch_end(f, 20000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_trembling(WatchFixture *f, gconstpointer data) {
  shake(f, 1000, 100, 1, 4);
  watch_end(f, 20000);
  g_assert_cmpuint(found(f), ==, 0);
}

/* From one thing to the next over the whole page: few turns in a large box. */
static void test_looking_around(WatchFixture *f, gconstpointer data) {
  shake(f, 1000, 80, 12, 70);
  watch_end(f, 20000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_two_jumps(WatchFixture *f, gconstpointer data) {
  shake(f, 1000, 8, 1, 200);
  watch_end(f, 20000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_dragging(WatchFixture *f, gconstpointer data) {
  watch_act(f, SIGHT_ACT_DOWN, 900, 10);
  shake(f, 1000, 50, 4, 40);
  watch_act(f, SIGHT_ACT_UP, 3600, 10);
  watch_end(f, 20000);
  g_assert_cmpuint(found(f), ==, 0);
}

static void test_extreme(WatchFixture *f, gconstpointer data) {
  for (int i = 0; i < 2000; i++)
    move(f, 1000 + i / 2, i % 2 == 0 ? G_MININT : G_MAXINT, i % 3 == 0 ? G_MININT : G_MAXINT);
  watch_end(f, 20000);
  g_assert_cmpuint(found(f), <=, 1);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  watch_test("/thrash/found", test_found);
  watch_test("/thrash/goes-on", test_goes_on);
  watch_test("/thrash/twice", test_twice);
  watch_test("/thrash/straight", test_straight);
  watch_test("/thrash/circle", test_circle);
  watch_test("/thrash/slow", test_slow);
  watch_test("/thrash/trembling", test_trembling);
  watch_test("/thrash/looking-around", test_looking_around);
  watch_test("/thrash/two-jumps", test_two_jumps);
  watch_test("/thrash/dragging", test_dragging);
  watch_test("/thrash/extreme", test_extreme);
  return g_test_run();
}
