/* SPDX-License-Identifier: MIT */
/* Intervals and tests against the values that their sources print. */
#include "sight-statistics.h"

#include <math.h>

static void check(SightInterval interval, double low, double high) {
  g_assert_cmpfloat_with_epsilon(interval.low, low, 0.00006);
  g_assert_cmpfloat_with_epsilon(interval.high, high, 0.00006);
}

/* Newcombe 1998, Stat. Med. 17, 857, table I, method 3. */
static void test_rate(void) {
  check(sight_statistics_rate(81, 263), 0.2553, 0.3662);
  check(sight_statistics_rate(15, 148), 0.0624, 0.1605);
  check(sight_statistics_rate(0, 20), 0, 0.1611);
  check(sight_statistics_rate(1, 29), 0.0061, 0.1718);
  check(sight_statistics_rate(29, 29), 0.8830, 1);
  check(sight_statistics_rate(0, 0), 0, 1);
}

/* Newcombe 1998, Stat. Med. 17, 873, table II, method 10. */
static void test_difference(void) {
  check(sight_statistics_difference(56, 70, 48, 80), 0.0524, 0.3339);
  check(sight_statistics_difference(9, 10, 3, 10), 0.1705, 0.8090);
  check(sight_statistics_difference(6, 7, 2, 7), 0.0582, 0.8062);
  check(sight_statistics_difference(5, 56, 0, 29), -0.0381, 0.1926);
  check(sight_statistics_difference(0, 10, 0, 10), -0.2775, 0.2775);
  check(sight_statistics_difference(10, 10, 0, 10), 0.6075, 1);
}

/* By hand: ln(0.2 / 0.1) ± 1.96 √(1/20 - 1/100 + 1/10 - 1/100). */
static void test_ratio(void) {
  check(sight_statistics_ratio(20, 100, 10, 100), exp(log(2) - 1.959963984540054 * sqrt(0.13)),
        exp(log(2) + 1.959963984540054 * sqrt(0.13)));
  g_assert_cmpfloat(sight_statistics_ratio(5, 10, 0, 10).low, >, 0);
  g_assert_true(isfinite(sight_statistics_ratio(5, 10, 0, 10).high));
}

/* Fisher's cups of tea, 1935; and the example of Agresti that R prints. */
/* The sum over every table with these margins, as its definition has it. */
static double fisher_naive(gint64 k1, gint64 n1, gint64 k2, gint64 n2) {
  gint64 k = k1 + k2;
  double all = lgamma(n1 + n2 + 1) - lgamma(k + 1) - lgamma(n1 + n2 - k + 1), seen = 0, sum = 0;

  for (int pass = 0; pass < 2; pass++) {
    for (gint64 i = MAX(0, k - n2); i <= MIN(k, n1); i++) {
      double likely = exp(lgamma(n1 + 1) - lgamma(i + 1) - lgamma(n1 - i + 1) + lgamma(n2 + 1) - lgamma(k - i + 1) -
                          lgamma(n2 - k + i + 1) - all);
      seen = pass == 0 && i == k1 ? likely : seen;
      sum += pass == 1 && likely <= seen * (1 + 1e-7) ? likely : 0;
    }
  }
  return MIN(sum, 1);
}

static void test_fisher_random(void) {
  for (int i = 0; i < 3000; i++) {
    gint64 n1 = g_test_rand_int_range(1, 60), n2 = g_test_rand_int_range(1, 400);
    gint64 k1 = g_test_rand_int_range(0, (int)n1 + 1), k2 = g_test_rand_int_range(0, (int)n2 + 1);
    g_assert_cmpfloat_with_epsilon(sight_statistics_fisher(k1, n1, k2, n2), fisher_naive(k1, n1, k2, n2), 1e-9);
  }
}

static void test_fisher(void) {
  g_assert_cmpfloat_with_epsilon(sight_statistics_fisher(3, 4, 1, 4), 0.4857143, 1e-6);
  g_assert_cmpfloat_with_epsilon(sight_statistics_fisher(1, 10, 11, 14), 0.002759456, 1e-8);
  g_assert_cmpfloat_with_epsilon(sight_statistics_fisher(0, 10, 0, 10), 1, 1e-9);
  g_assert_cmpfloat(sight_statistics_fisher(60000, 100000, 50000, 100000), <, 1e-100);
}

/* Mendel's peas (315, 101, 108, 32 for 9:3:3:1): chi-squared 0.470024, p 0.925426. Counts whose chi-squared is a known
 * quantile: 3.841459 at one degree of freedom and 5.991465 at two are the 5 % points; a die of ten faces. */
static void test_fit(void) {
  const gint64 peas[] = {315, 101, 108, 32}, two[] = {5098, 4902}, three[] = {1000, 1000, 1000}, none[] = {0, 0};
  const gint64 die[] = {20, 10, 10, 10, 10, 10, 10, 10, 5, 5};
  const double mendel[] = {9, 3, 3, 1}, even[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

  g_assert_cmpfloat_with_epsilon(sight_statistics_fit(peas, mendel, 4), 0.925426, 1e-6);
  /* 3.8416 */
  g_assert_cmpfloat_with_epsilon(sight_statistics_fit(two, even, 2), 0.049996, 1e-6);
  g_assert_cmpfloat(sight_statistics_fit(three, even, 3), ==, 1);
  g_assert_cmpfloat(sight_statistics_fit(none, even, 2), ==, 1);
  g_assert_cmpfloat(sight_statistics_fit(two, even, 1), ==, 1);
  /* 15 at nine degrees of freedom */
  g_assert_cmpfloat_with_epsilon(sight_statistics_fit(die, even, 10), 0.090936, 1e-6);
}

static void test_adjust(void) {
  double values[] = {0.01, 0.04, 0.03, 0.005};
  const double wanted[] = {0.02, 0.04, 0.04, 0.02};

  sight_statistics_adjust(values, G_N_ELEMENTS(values));
  for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
    g_assert_cmpfloat_with_epsilon(values[i], wanted[i], 1e-12);
  sight_statistics_adjust(values, 0);
}

/* Of true nothings at most one share in twenty is taken: with every null true, hardly a set shows any. */
static void test_false_discoveries(void) {
  guint n_wrong = 0;

  for (int set = 0; set < 200; set++) {
    double values[100];
    gboolean any = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
      values[i] = g_test_rand_double();
    sight_statistics_adjust(values, G_N_ELEMENTS(values));
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
      any |= values[i] < 0.05;
    n_wrong += any;
  }
  /* 10 are expected, more than 25 in less than one run of 100,000. */
  g_assert_cmpuint(n_wrong, <=, 25);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/statistics/rate", test_rate);
  g_test_add_func("/base/statistics/difference", test_difference);
  g_test_add_func("/base/statistics/ratio", test_ratio);
  g_test_add_func("/base/statistics/fisher", test_fisher);
  g_test_add_func("/base/statistics/fit", test_fit);
  g_test_add_func("/base/statistics/fisher-random", test_fisher_random);
  g_test_add_func("/base/statistics/adjust", test_adjust);
  g_test_add_func("/base/statistics/false-discoveries", test_false_discoveries);
  return g_test_run();
}
