/* SPDX-License-Identifier: MIT */
/* Rates, their intervals and their comparison, as pure functions. Intervals are of 95 %. Counts are of independent
 * cases, `k` of `n`, 0 <= k <= n. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double low, high;
} SightInterval;

/* Of a rate k/n: Wilson's score interval (Wilson 1927; Newcombe 1998, Stat. Med. 17, 857, method 3). n 0: 0 to 1. */
SightInterval sight_statistics_rate(gint64 k, gint64 n);
/* Of the difference k1/n1 - k2/n2 of two rates: the hybrid score interval (Newcombe 1998, Stat. Med. 17, 873, method
 * 10). */
SightInterval sight_statistics_difference(gint64 k1, gint64 n1, gint64 k2, gint64 n2);
/* Of the ratio of two rates: Katz's log interval (Katz et al. 1978, Biometrics 34, 469), with half a case added to each
 * count where one is 0. */
SightInterval sight_statistics_ratio(gint64 k1, gint64 n1, gint64 k2, gint64 n2);
/* How likely rates that differ at least so much are where both are the same: Fisher's exact test, two-sided (as
 * likely as what was seen, or less). */
double sight_statistics_fisher(gint64 k1, gint64 n1, gint64 k2, gint64 n2);
/* Replaces n probabilities by the least false discovery rate at which each of them would be taken (Benjamini and
 * Hochberg 1995, J. R. Stat. Soc. B 57, 289). */
void sight_statistics_adjust(double *probabilities, gsize n);

G_END_DECLS
