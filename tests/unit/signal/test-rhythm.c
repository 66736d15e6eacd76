/* SPDX-License-Identifier: MIT */
/* Which changes are the page's own rhythm. */
#include "sight-rhythm.h"

static void beat(SightRhythm *rhythm, int node, gint64 from_ms, gint64 period_ms, int n) {
  for (int i = 0; i < n; i++)
    sight_rhythm_learn(rhythm, node, from_ms + i * period_ms);
}

static void test_clock(void) {
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  beat(rhythm, 5, 0, 1000, 4);
  g_assert_true(sight_rhythm_explains(rhythm, 5, 4020, 3500));
  g_assert_false(sight_rhythm_explains(rhythm, 5, 3550, 3500));
  g_assert_false(sight_rhythm_explains(rhythm, 6, 4020, 3500));
}

static void test_throttled(void) {
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  beat(rhythm, 5, 0, 1000, 4);
  g_assert_true(sight_rhythm_explains(rhythm, 5, 6000, 3500));
  sight_rhythm_learn(rhythm, 5, 6000);
  g_assert_true(sight_rhythm_explains(rhythm, 5, 7010, 6500));
}

static void test_animation(void) {
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  for (int i = 0; i < 100; i++)
    sight_rhythm_learn(rhythm, 5, i * 16 + i % 4 * 3);
  g_assert_true(sight_rhythm_explains(rhythm, 5, 1620, 1600));
  g_assert_false(sight_rhythm_explains(rhythm, 5, 2600, 1600));
}

/* A film on a busy machine: never at rest, and never in step. A page that changes now and then is at rest. */
static void test_restless(void) {
  static const gint64 gaps[] = {250, 420, 210, 640, 330, 820, 260, 540};
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  gint64 at = 0;
  for (guint i = 0; i < 16; i++, at += gaps[i % G_N_ELEMENTS(gaps)])
    sight_rhythm_learn(rhythm, 5, at);
  g_assert_true(sight_rhythm_explains(rhythm, 5, at + 100, at - 50));
  g_assert_false(sight_rhythm_explains(rhythm, 5, at + 100, 2000));
  g_assert_false(sight_rhythm_explains(rhythm, 5, at + 3000, at - 50));
  at = 0;
  for (guint i = 0; i < 16; i++, at += i % 2 ? 950 : 500)
    sight_rhythm_learn(rhythm, 6, at);
  g_assert_false(sight_rhythm_explains(rhythm, 6, at - 200, at - 250));
}

/* Two changes are no rhythm yet, however long after them a third one comes. */
static void test_too_few(void) {
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  beat(rhythm, 5, 0, 1000, 2);
  g_assert_false(sight_rhythm_explains(rhythm, 5, 2000, 1500));
  g_assert_false(sight_rhythm_explains(rhythm, 5, 5000, 2500));
}

static void test_irregular(void) {
  static const gint64 times[] = {0, 300, 2000, 2400, 4900, 5600, 6000};
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  for (guint i = 0; i < G_N_ELEMENTS(times); i++)
    sight_rhythm_learn(rhythm, 5, times[i]);
  g_assert_false(sight_rhythm_explains(rhythm, 5, 6400, 6100));
}

/* It must have run before the click already. */
static void test_begun_later(void) {
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  beat(rhythm, 5, 1000, 100, 10);
  g_assert_false(sight_rhythm_explains(rhythm, 5, 2000, 990));
  g_assert_true(sight_rhythm_explains(rhythm, 5, 2000, 1950));
}

static void test_too_slow(void) {
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  beat(rhythm, 5, 0, 6000, 6);
  g_assert_false(sight_rhythm_explains(rhythm, 5, 36000, 35000));
}

static void test_reset(void) {
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  beat(rhythm, 5, 0, 1000, 5);
  sight_rhythm_reset(rhythm);
  g_assert_false(sight_rhythm_explains(rhythm, 5, 5000, 4500));
}

/* A page that changes everywhere costs bounded memory, and the newest is still learned. */
static void test_many_nodes(void) {
  g_autoptr(SightRhythm) rhythm = sight_rhythm_new();
  for (int node = 1; node <= 100000; node++)
    sight_rhythm_learn(rhythm, node, node);
  beat(rhythm, 7, 200000, 1000, 4);
  g_assert_true(sight_rhythm_explains(rhythm, 7, 204000, 203500));
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/rhythm/clock", test_clock);
  g_test_add_func("/rhythm/throttled", test_throttled);
  g_test_add_func("/rhythm/animation", test_animation);
  g_test_add_func("/rhythm/restless", test_restless);
  g_test_add_func("/rhythm/too-few", test_too_few);
  g_test_add_func("/rhythm/irregular", test_irregular);
  g_test_add_func("/rhythm/begun-later", test_begun_later);
  g_test_add_func("/rhythm/too-slow", test_too_slow);
  g_test_add_func("/rhythm/reset", test_reset);
  g_test_add_func("/rhythm/many-nodes", test_many_nodes);
  return g_test_run();
}
