/* SPDX-License-Identifier: MIT */
/* Intervals and tests; each function names its source in the header. */
#include "sight-statistics.h"

#include <math.h>

#define Z 1.959963984540054
/* Tables that are as likely as the one seen differ by rounding alone. */
#define SAME (1 + 1e-7)

static double rate(gint64 k, gint64 n) {
  return n > 0 ? (double)k / (double)n : 0;
}

SightInterval sight_statistics_rate(gint64 k, gint64 n) {
  double p = rate(k, n), count = (double)n;

  if (n == 0)
    return (SightInterval){0, 1};
  double middle = p + Z * Z / (2 * count), half = Z * sqrt(p * (1 - p) / count + Z * Z / (4 * count * count));
  double whole = 1 + Z * Z / count;
  return (SightInterval){k == 0 ? 0 : (middle - half) / whole, k == n ? 1 : (middle + half) / whole};
}

SightInterval sight_statistics_difference(gint64 k1, gint64 n1, gint64 k2, gint64 n2) {
  SightInterval first = sight_statistics_rate(k1, n1), second = sight_statistics_rate(k2, n2);
  double p1 = rate(k1, n1), p2 = rate(k2, n2);

  return (SightInterval){p1 - p2 - hypot(p1 - first.low, second.high - p2),
                         p1 - p2 + hypot(first.high - p1, p2 - second.low)};
}

SightInterval sight_statistics_ratio(gint64 k1, gint64 n1, gint64 k2, gint64 n2) {
  double more = k1 == 0 || k2 == 0 ? 0.5 : 0;
  double a = (double)k1 + more, m = (double)n1 + more, b = (double)k2 + more, n = (double)n2 + more;

  if (n1 == 0 || n2 == 0)
    return (SightInterval){0, INFINITY};
  double middle = log(a / m / (b / n)), half = Z * sqrt(MAX(1 / a - 1 / m + 1 / b - 1 / n, 0));
  return (SightInterval){exp(middle - half), exp(middle + half)};
}

/* The logarithm of the number of ways to choose k of n. */
static double log_ways(gint64 n, gint64 k) {
  return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

double sight_statistics_fisher(gint64 k1, gint64 n1, gint64 k2, gint64 n2) {
  gint64 k = k1 + k2, least = MAX(0, k - n2), most = MIN(k, n1);
  double all = log_ways(n1 + n2, k), seen = exp(log_ways(n1, k1) + log_ways(n2, k2) - all), sum = 0;

  for (gint64 i = least; i <= most; i++) {
    double likely = exp(log_ways(n1, i) + log_ways(n2, k - i) - all);
    if (likely <= seen * SAME)
      sum += likely;
  }
  return MIN(sum, 1);
}

typedef struct {
  double probability;
  gsize place;
} Ranked;

static int greatest_first(gconstpointer a, gconstpointer b) {
  const Ranked *x = a, *y = b;

  return (x->probability < y->probability) - (x->probability > y->probability);
}

void sight_statistics_adjust(double *probabilities, gsize n) {
  g_autoptr(GArray) ranked = g_array_sized_new(FALSE, FALSE, sizeof(Ranked), (guint)n);
  double least = 1;

  for (gsize i = 0; i < n; i++) {
    Ranked one = {probabilities[i], i};
    g_array_append_val(ranked, one);
  }
  g_array_sort(ranked, greatest_first);
  for (gsize i = 0; i < n; i++) {
    const Ranked *one = &g_array_index(ranked, Ranked, i);
    least = MIN(least, one->probability * (double)n / (double)(n - i));
    probabilities[one->place] = least;
  }
}
