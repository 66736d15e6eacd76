/* SPDX-License-Identifier: MIT */
/* Reads cases from standard input, a line each, and prints what sight-statistics says of them:
 *   rates K1 N1 K2 N2
 *   times VALUE… | VALUE… */
#include "sight-statistics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(double value) {
  printf(" %.12g", value);
}

static void put_interval(SightInterval interval) {
  put(interval.low);
  put(interval.high);
}

static void rates(const char *line) {
  gint64 n[4];
  char *rest = (char *)line;

  for (gsize i = 0; i < G_N_ELEMENTS(n); i++)
    n[i] = g_ascii_strtoll(rest, &rest, 10);
  put_interval(sight_statistics_rate(n[0], n[1]));
  put_interval(sight_statistics_rate_exact(n[0], n[1], 0.95));
  put_interval(sight_statistics_rate_exact(n[0], n[1], 0.99));
  put_interval(sight_statistics_difference(n[0], n[1], n[2], n[3]));
  put_interval(sight_statistics_difference_at(n[0], n[1], n[2], n[3], SIGHT_Z_99));
  put(sight_statistics_fisher_less(n[0], n[1], n[2], n[3]));
  put(sight_statistics_fisher(n[0], n[1], n[2], n[3]));
  put(sight_statistics_share(n[0], n[1], 0.25));
}

static GArray *values_of(const char *text) {
  GArray *values = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_auto(GStrv) words = g_strsplit(text, " ", -1);

  for (guint i = 0; words[i] != NULL; i++) {
    gint64 value = g_ascii_strtoll(words[i], NULL, 10);
    if (words[i][0] != '\0')
      g_array_append_val(values, value);
  }
  return values;
}

static void times(const char *line) {
  g_auto(GStrv) sides = g_strsplit(line, "|", 2);
  g_autoptr(GArray) first = values_of(sides[0]), second = values_of(sides[1]);
  SightShift shift = sight_statistics_shift((const gint64 *)(void *)first->data, first->len,
                                            (const gint64 *)(void *)second->data, second->len, 2000, 1);

  put(shift.shift);
  put_interval(shift.between);
  put(shift.chance);
}

int main(void) {
  char line[65536];

  while (fgets(line, sizeof line, stdin) != NULL) {
    g_strchomp(line);
    printf("%.5s", line);
    if (g_str_has_prefix(line, "rates "))
      rates(line + 6);
    else if (g_str_has_prefix(line, "times "))
      times(line + 6);
    printf("\n");
  }
  return EXIT_SUCCESS;
}
