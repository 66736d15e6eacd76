/* SPDX-License-Identifier: MIT */
/* Rates and times, their intervals and their comparison, as pure functions. Intervals are of 95 % where nothing else is
 * said. Counts are of independent cases, `k` of `n`, 0 <= k <= n. tests/oracle/test-statistics.py holds each against
 * statsmodels and scipy. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double low, high;
} SightInterval;

/* Quantiles of the normal distribution, for two-sided intervals of 95 % and 99 %. */
#define SIGHT_Z_95 1.959963984540054
#define SIGHT_Z_99 2.575829303548901

/* Of a rate k/n: Wilson's score interval (Wilson 1927; Newcombe 1998, Stat. Med. 17, 857, method 3). n 0: 0 to 1. */
SightInterval sight_statistics_rate(gint64 k, gint64 n);
/* The same exactly: it never covers less than `level` (0 … 1) of all samples (Clopper and Pearson 1934, Biometrika 26,
 * 404). n 0: 0 to 1. */
SightInterval sight_statistics_rate_exact(gint64 k, gint64 n, double level);
/* Of the difference k1/n1 - k2/n2 of two rates: the hybrid score interval (Newcombe 1998, Stat. Med. 17, 873, method
 * 10). */
SightInterval sight_statistics_difference(gint64 k1, gint64 n1, gint64 k2, gint64 n2);
/* The same for the level of another quantile. */
SightInterval sight_statistics_difference_at(gint64 k1, gint64 n1, gint64 k2, gint64 n2, double z);
/* Of the ratio of two rates: Katz's log interval (Katz et al. 1978, Biometrics 34, 469), with half a case added to each
 * count where one is 0. */
SightInterval sight_statistics_ratio(gint64 k1, gint64 n1, gint64 k2, gint64 n2);
/* How likely rates that differ at least so much are where both are the same: Fisher's exact test, two-sided (as
 * likely as what was seen, or less). */
double sight_statistics_fisher(gint64 k1, gint64 n1, gint64 k2, gint64 n2);
/* The same, one-sided: how likely the first has k1 or fewer (the lower tail of the hypergeometric distribution). */
double sight_statistics_fisher_less(gint64 k1, gint64 n1, gint64 k2, gint64 n2);
/* How likely k of n or further from it is where each case has the chance `p`, 0 < p < 1: Pearson's chi-squared with one
 * degree of freedom. For large counts alone. */
double sight_statistics_share(gint64 k, gint64 n, double p);
/* How likely counts that fit their shares no better are where the shares are true: Pearson's chi-squared test of fit,
 * n - 1 degrees of freedom (Pearson 1900; upper tail by Abramowitz and Stegun 1964, 26.4.4 and 26.4.5). Shares are
 * positive and need not add up to 1. 1 where there is nothing to compare. For large counts alone. */
double sight_statistics_fit(const gint64 *counts, const double *shares, gsize n);
/* Replaces n probabilities by the least false discovery rate at which each of them would be taken (Benjamini and
 * Hochberg 1995, J. R. Stat. Soc. B 57, 289). */
void sight_statistics_adjust(double *probabilities, gsize n);

typedef struct {
  double shift;          /* how much greater the first are, typically: the median of all differences of two */
  SightInterval between; /* 95 % */
  double chance;         /* of a difference at least so great where there is none, two-sided */
} SightShift;

/* How far the values of one sample lie from those of another, whatever their distribution: Hodges and Lehmann's
 * estimator (1963, Ann. Math. Stat. 34, 598), with the percentile bootstrap of `n_rounds` samples drawn by `seed`
 * (Efron 1979, Ann. Stat. 7, 1): equal input gives an equal answer. The chance is that of Mann and Whitney's test
 * (1947, Ann. Math. Stat. 18, 50), normal approximation with ties and continuity. Values are independent cases, within
 * +-2^52; each sample has one at least. Linear in both and in the rounds, but for sorting. */
SightShift sight_statistics_shift(const gint64 *first, gsize n_first, const gint64 *second, gsize n_second,
                                  guint n_rounds, guint32 seed);

G_END_DECLS
