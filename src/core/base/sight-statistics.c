/* SPDX-License-Identifier: MIT */
/* Intervals and tests; each function names its source in the header. */
#include "sight-statistics.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Tables that are as likely as the one seen differ by rounding alone. */
#define SAME (1 + 1e-7)

static double rate(gint64 k, gint64 n) {
  return n > 0 ? (double)k / (double)n : 0;
}

static SightInterval wilson(gint64 k, gint64 n, double z) {
  double p = rate(k, n), count = (double)n;

  if (n == 0)
    return (SightInterval){0, 1};
  double middle = p + z * z / (2 * count), half = z * sqrt(p * (1 - p) / count + z * z / (4 * count * count));
  double whole = 1 + z * z / count;
  return (SightInterval){k == 0 ? 0 : (middle - half) / whole, k == n ? 1 : (middle + half) / whole};
}

SightInterval sight_statistics_rate(gint64 k, gint64 n) {
  return wilson(k, n, SIGHT_Z_95);
}

/* The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method; it converges quickly where
 * x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b) {
  double c = 1, d = 1 / MAX(1 - (a + b) * x / (a + 1), DBL_MIN), value = d;

  for (int i = 1; i < 10000; i++) {
    double m = i, even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    value *= c * d;
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    value *= c * d;
    if (fabs(c * d - 1) < 1e-15)
      break;
  }
  return value;
}

/* The regularized incomplete beta function I_x(a, b), 0 < x < 1: the distribution of the beta distribution. */
static double beta_below(double x, double a, double b) {
  double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));

  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(x, a, b) / a : 1 - front * beta_fraction(1 - x, b, a) / b;
}

static double beta_quantile(double chance, double a, double b) {
  double low = 0, high = 1;

  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2;
    if (beta_below(middle, a, b) < chance)
      low = middle;
    else
      high = middle;
  }
  return (low + high) / 2;
}

SightInterval sight_statistics_rate_exact(gint64 k, gint64 n, double level) {
  double side = (1 - level) / 2, yes = (double)k, no = (double)(n - k);

  return (SightInterval){k == 0 ? 0 : beta_quantile(side, yes, no + 1),
                         k == n ? 1 : beta_quantile(1 - side, yes + 1, no)};
}

SightInterval sight_statistics_difference(gint64 k1, gint64 n1, gint64 k2, gint64 n2) {
  return sight_statistics_difference_at(k1, n1, k2, n2, SIGHT_Z_95);
}

SightInterval sight_statistics_difference_at(gint64 k1, gint64 n1, gint64 k2, gint64 n2, double z) {
  SightInterval first = wilson(k1, n1, z), second = wilson(k2, n2, z);
  double p1 = rate(k1, n1), p2 = rate(k2, n2);

  return (SightInterval){p1 - p2 - hypot(p1 - first.low, second.high - p2),
                         p1 - p2 + hypot(first.high - p1, p2 - second.low)};
}

SightInterval sight_statistics_ratio(gint64 k1, gint64 n1, gint64 k2, gint64 n2) {
  double more = k1 == 0 || k2 == 0 ? 0.5 : 0;
  double a = (double)k1 + more, m = (double)n1 + more, b = (double)k2 + more, n = (double)n2 + more;

  if (n1 == 0 || n2 == 0)
    return (SightInterval){0, INFINITY};
  double middle = log(a / m / (b / n)), half = SIGHT_Z_95 * sqrt(MAX(1 / a - 1 / m + 1 / b - 1 / n, 0));
  return (SightInterval){exp(middle - half), exp(middle + half)};
}

/* The logarithm of the number of ways to choose k of n. */
static double log_ways(gint64 n, gint64 k) {
  return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

/* Tables with the same margins, by how many of the first row have it. */
typedef struct {
  gint64 n1, n2, k, least, most;
  double all;
} Tables;

static double likelihood(const Tables *tables, gint64 i) {
  return exp(log_ways(tables->n1, i) + log_ways(tables->n2, tables->k - i) - tables->all);
}

/* The sum from one table on away from the likeliest, each out of the one before, until more changes nothing. */
static double tail(const Tables *tables, gint64 from, int step) {
  double likely = from >= tables->least && from <= tables->most ? likelihood(tables, from) : 0, sum = 0;

  for (gint64 i = from; likely > sum * DBL_EPSILON / 16 && likely > 0; i += step) {
    double a = (double)i, n1 = (double)tables->n1, n2 = (double)tables->n2, k = (double)tables->k;
    sum += likely;
    if (step > 0)
      likely *= (n1 - a) * (k - a) / ((a + 1) * (n2 - k + a + 1));
    else
      likely *= a * (n2 - k + a) / ((n1 - a + 1) * (k - a + 1));
  }
  return sum;
}

/* From the likeliest table on likelihoods fall on both sides: the first beyond it, on the side of `step`, that is no
 * more likely than `seen`. */
static gint64 first_rare(const Tables *tables, gint64 likeliest, int step, double seen) {
  gint64 low = 0, high = step > 0 ? tables->most - likeliest + 1 : likeliest - tables->least + 1;

  while (low < high) {
    gint64 middle = low + (high - low) / 2;
    if (likelihood(tables, likeliest + step * middle) <= seen * SAME)
      high = middle;
    else
      low = middle + 1;
  }
  return likeliest + step * low;
}

double sight_statistics_fisher(gint64 k1, gint64 n1, gint64 k2, gint64 n2) {
  gint64 k = k1 + k2;
  Tables tables = {n1, n2, k, MAX(0, k - n2), MIN(k, n1), log_ways(n1 + n2, k)};
  gint64 likeliest =
      CLAMP((gint64)floor((double)(k + 1) * (double)(n1 + 1) / (double)(n1 + n2 + 2)), tables.least, tables.most);
  double seen = likelihood(&tables, k1);

  if (likelihood(&tables, likeliest) <= seen * SAME)
    return 1;
  return MIN(tail(&tables, first_rare(&tables, likeliest, 1, seen), 1) +
                 tail(&tables, first_rare(&tables, likeliest, -1, seen), -1),
             1);
}

double sight_statistics_fisher_less(gint64 k1, gint64 n1, gint64 k2, gint64 n2) {
  gint64 k = k1 + k2;
  double all = log_ways(n1 + n2, k), sum = 0;

  for (gint64 i = MAX(0, k - n2); i <= k1; i++)
    sum += exp(log_ways(n1, i) + log_ways(n2, k - i) - all);
  return MIN(sum, 1);
}

double sight_statistics_share(gint64 k, gint64 n, double p) {
  double count = (double)n, off = (double)k - count * p;

  return n > 0 ? erfc(sqrt(off * off / (count * p * (1 - p)) / 2)) : 1;
}

/* The upper tail of chi-squared. Even degrees end with a sum of powers, odd ones begin with that of a normal deviate.
 */
static double chi_squared_tail(double x, gsize degrees) {
  double half = x / 2, term = 0, sum = 0;

  if (degrees % 2 == 0) {
    term = sum = exp(-half);
    for (gsize i = 1; i < degrees / 2; i++)
      sum += term *= half / (double)i;
    return MIN(sum, 1);
  }
  sum = erfc(sqrt(half));
  term = sqrt(2 * x / G_PI) * exp(-half);
  for (gsize i = 1; i < degrees; i += 2) {
    sum += term;
    term *= x / (double)(i + 2);
  }
  return MIN(sum, 1);
}

double sight_statistics_fit(const gint64 *counts, const double *shares, gsize n) {
  double all = 0, whole = 0, x = 0;

  for (gsize i = 0; i < n; i++) {
    all += (double)counts[i];
    whole += shares[i];
  }
  if (n < 2 || all <= 0)
    return 1;
  for (gsize i = 0; i < n; i++) {
    double expected = all * shares[i] / whole;
    x += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
  }
  return chi_squared_tail(x, n - 1);
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

static int least_first(gconstpointer a, gconstpointer b) {
  const gint64 *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static gint64 *sorted(const gint64 *values, gsize n) {
  gint64 *copy = g_memdup2(values, n * sizeof *values);

  qsort(copy, n, sizeof *copy, least_first);
  return copy;
}

typedef struct {
  const gint64 *values; /* ascending */
  gsize n;
} Sample;

/* How many of the differences between a value of `a` and one of `b` are at most `most`. */
static guint64 n_differences(Sample a, Sample b, gint64 most) {
  guint64 n = 0;
  gsize below = 0; /* the first of b that is not too small */

  for (gsize i = 0; i < a.n; i++) {
    while (below < b.n && a.values[i] - b.values[below] > most)
      below++;
    n += b.n - below;
  }
  return n;
}

/* The difference before which `place` others stand in their order. */
static gint64 difference_at(Sample a, Sample b, guint64 place) {
  gint64 low = a.values[0] - b.values[b.n - 1], high = a.values[a.n - 1] - b.values[0];

  while (low < high) {
    gint64 middle = low + (high - low) / 2;
    if (n_differences(a, b, middle) > place)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

static double median_difference(Sample a, Sample b) {
  guint64 n = (guint64)a.n * b.n;
  double high = (double)difference_at(a, b, n / 2);

  return n % 2 == 1 ? high : ((double)difference_at(a, b, n / 2 - 1) + high) / 2;
}

/* As many values, each drawn from all of `from`; ascending again. `counts` is room for a number each. */
static Sample draw(Sample from, GRand *random, guint *counts, gint64 *values) {
  gsize n = 0;

  for (gsize i = 0; i < from.n; i++)
    counts[i] = 0;
  for (gsize i = 0; i < from.n; i++)
    counts[g_rand_int_range(random, 0, (gint32)from.n)]++;
  for (gsize i = 0; i < from.n; i++) {
    for (guint j = 0; j < counts[i]; j++)
      values[n++] = from.values[i];
  }
  return (Sample){values, n};
}

static int least_double_first(gconstpointer a, gconstpointer b) {
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static SightInterval bootstrap(Sample a, Sample b, guint n_rounds, guint32 seed) {
  g_autoptr(GRand) random = g_rand_new_with_seed(seed);
  g_autofree guint *counts = g_new(guint, MAX(a.n, b.n));
  g_autofree gint64 *first = g_new(gint64, a.n), *second = g_new(gint64, b.n);
  g_autofree double *shifts = g_new(double, n_rounds);

  for (guint i = 0; i < n_rounds; i++) {
    Sample one = draw(a, random, counts, first), other = draw(b, random, counts, second);
    shifts[i] = median_difference(one, other);
  }
  qsort(shifts, n_rounds, sizeof *shifts, least_double_first);
  return (SightInterval){shifts[n_rounds / 40], shifts[n_rounds - 1 - n_rounds / 40]};
}

/* Mann and Whitney's U of the first sample counts the pairs in which its value is greater, ties half. */
static double rank_chance(Sample a, Sample b) {
  double n = (double)a.n, m = (double)b.n, all = n + m, u = 0, ties = 0;
  gsize i = 0, j = 0;

  while (i < a.n || j < b.n) {
    gint64 value = j == b.n || (i < a.n && a.values[i] <= b.values[j]) ? a.values[i] : b.values[j];
    gsize first = i, second = j;
    while (i < a.n && a.values[i] == value)
      i++;
    while (j < b.n && b.values[j] == value)
      j++;
    double same = (double)(i - first + j - second);
    u += (double)(i - first) * ((double)second + (double)(j - second) / 2);
    ties += same * same * same - same;
  }
  double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
  double off = MAX(fabs(u - n * m / 2) - 0.5, 0);
  return variance > 0 ? erfc(off / sqrt(variance) / sqrt(2)) : 1;
}

SightShift sight_statistics_shift(const gint64 *first, gsize n_first, const gint64 *second, gsize n_second,
                                  guint n_rounds, guint32 seed) {
  g_autofree gint64 *ascending = sorted(first, n_first), *other = sorted(second, n_second);
  Sample a = {ascending, n_first}, b = {other, n_second};

  return (SightShift){median_difference(a, b), bootstrap(a, b, n_rounds, seed), rank_chance(a, b)};
}
