/* SPDX-License-Identifier: MIT */
/* Token buckets, with a clock of the test's own. */
#include "sight-rate-limit.h"

#define SECOND G_USEC_PER_SEC

static void test_burst_and_refill(void) {
  g_autoptr(SightRateLimit) limit = sight_rate_limit_new(2, 3, 10);
  for (int i = 0; i < 3; i++)
    g_assert_cmpuint(sight_rate_limit_take(limit, "a", 0), ==, 0);
  g_assert_cmpuint(sight_rate_limit_take(limit, "a", 0), ==, 1);
  g_assert_cmpuint(sight_rate_limit_ask(limit, "a", 0), ==, 1);
  g_assert_cmpuint(sight_rate_limit_ask(limit, "b", 0), ==, 0);
  g_assert_cmpuint(sight_rate_limit_count(limit), ==, 1);
  g_assert_cmpuint(sight_rate_limit_take(limit, "b", 0), ==, 0);
  g_assert_cmpuint(sight_rate_limit_ask(limit, "a", SECOND / 2), ==, 0);
  g_assert_cmpuint(sight_rate_limit_take(limit, "a", SECOND / 2), ==, 0);
  g_assert_cmpuint(sight_rate_limit_take(limit, "a", SECOND / 2), ==, 1);
  /* Never more than the burst, however long nobody came; a clock that goes back takes nothing away. */
  for (int i = 0; i < 3; i++)
    g_assert_cmpuint(sight_rate_limit_take(limit, "a", 1000 * (gint64)SECOND), ==, 0);
  g_assert_cmpuint(sight_rate_limit_take(limit, "a", 1000 * (gint64)SECOND), ==, 1);
  g_assert_cmpuint(sight_rate_limit_take(limit, "a", 0), ==, 1);
}

static void test_slow(void) {
  g_autoptr(SightRateLimit) limit = sight_rate_limit_new(0.1, 1, 10);
  g_assert_cmpuint(sight_rate_limit_take(limit, "a", 0), ==, 0);
  g_assert_cmpuint(sight_rate_limit_take(limit, "a", 0), ==, 10);
}

static void test_no_limit(void) {
  g_autoptr(SightRateLimit) limit = sight_rate_limit_new(0, 0, 10);
  for (int i = 0; i < 10000; i++)
    g_assert_cmpuint(sight_rate_limit_take(limit, "a", 0), ==, 0);
}

static void test_memory(void) {
  g_autoptr(SightRateLimit) limit = sight_rate_limit_new(1, 2, 100);
  g_assert_cmpuint(sight_rate_limit_take(limit, "worst", 0), ==, 0);
  g_assert_cmpuint(sight_rate_limit_take(limit, "worst", 0), ==, 0);
  for (int i = 0; i < 1000; i++) {
    g_autofree char *name = g_strdup_printf("n%d", i);
    sight_rate_limit_take(limit, name, 0);
    g_assert_cmpuint(sight_rate_limit_count(limit), <=, 100);
  }
  /* Who has used all is the last to be forgotten. */
  g_assert_cmpuint(sight_rate_limit_take(limit, "worst", 0), ==, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/collector/rate-limit/burst-and-refill", test_burst_and_refill);
  g_test_add_func("/collector/rate-limit/slow", test_slow);
  g_test_add_func("/collector/rate-limit/no-limit", test_no_limit);
  g_test_add_func("/collector/rate-limit/memory", test_memory);
  return g_test_run();
}
