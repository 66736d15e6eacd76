/* SPDX-License-Identifier: MIT */
/* The looks and what is said at each. */
#include "sight-verdict.h"

#include "sight-statistics.h"

#include <math.h>

#define LEAST_LOOK 20

typedef struct {
  gint64 had, n;
} Count;

const char *sight_verdict_name(SightVerdict verdict) {
#define NAME(id, name) name,
  static const char *const names[] = {SIGHT_VERDICTS(NAME)};
#undef NAME
  return names[verdict];
}

static void count(Count *counts, const SightTrial *trial) {
  counts[trial->after ? 1 : 0].n++;
  counts[trial->after ? 1 : 0].had += trial->had != FALSE;
}

/* How many without the problem there must be, so that a rate of a fifth of `rate` would show it in all but one of 200
 * such rows. */
static double clean_row(double rate) {
  return log(SIGHT_VERDICT_CHANCE) / log1p(-SIGHT_VERDICT_SHARE * rate);
}

/* So that the last look may still see a clean row. Where nobody had it, none will. */
static gint64 first_look(Count before) {
  if (before.had == 0)
    return LEAST_LOOK;
  double last = clean_row((double)before.had / (double)before.n) / (1 << (SIGHT_VERDICT_N_LOOKS - 1));
  return MAX(LEAST_LOOK, (gint64)ceil(last));
}

static SightVerdict verdict_of(Count before, Count after) {
  double rate = (double)before.had / (double)before.n, slack = SIGHT_VERDICT_SHARE * rate;
  SightInterval difference = sight_statistics_difference_at(before.had, before.n, after.had, after.n, SIGHT_Z_99);

  if (sight_statistics_fisher_less(before.had, before.n, after.had, after.n) <= SIGHT_VERDICT_CHANCE)
    return SIGHT_VERDICT_WORSE;
  if (sight_statistics_fisher_less(after.had, after.n, before.had, before.n) <= SIGHT_VERDICT_CHANCE) {
    double left = sight_statistics_rate_exact(after.had, after.n, 1 - 2 * SIGHT_VERDICT_CHANCE).high;
    return left <= slack ? SIGHT_VERDICT_FIXED : SIGHT_VERDICT_IMPROVED;
  }
  return difference.low >= -slack && difference.high <= slack ? SIGHT_VERDICT_NO_CHANGE : SIGHT_VERDICT_NOT_ENOUGH;
}

/* Those before, at most so many of them; 0: all. */
static Count plan(const SightTrial *trials, gsize n_trials, gsize n_plan) {
  Count counts[2] = {0};

  for (gsize i = 0; i < n_trials && (n_plan == 0 || (gsize)counts[0].n < n_plan); i++) {
    if (!trials[i].after)
      count(counts, &trials[i]);
  }
  return counts[0];
}

static void look(SightLooks *looks, const Count *counts) {
  SightVerdict said = verdict_of(counts[0], counts[1]);

  if (said != SIGHT_VERDICT_NOT_ENOUGH)
    looks->verdict = said;
  looks->look = counts[1].n;
}

SightLooks sight_verdict_looks(const SightTrial *trials, gsize n_trials, gsize n_plan) {
  SightLooks looks = {.verdict = SIGHT_VERDICT_NO_BASELINE};
  Count planned = plan(trials, n_trials, n_plan), counts[2] = {0};
  int n_looks = 0;

  if (planned.n == 0)
    return looks;
  looks.verdict = SIGHT_VERDICT_NOT_ENOUGH;
  looks.next = first_look(planned);
  for (gsize i = 0; i < n_trials; i++) {
    count(counts, &trials[i]);
    if (looks.next > 0 && trials[i].after && counts[1].n == looks.next && counts[0].n > 0) {
      look(&looks, counts);
      looks.next = ++n_looks < SIGHT_VERDICT_N_LOOKS ? looks.next * 2 : 0;
    }
  }
  if (counts[1].n == 0)
    looks.verdict = SIGHT_VERDICT_NO_VISITS;
  if (counts[0].had > 0)
    looks.clean = (gint64)ceil(clean_row((double)counts[0].had / (double)counts[0].n));
  return looks;
}

gboolean sight_verdict_decides(SightVerdict verdict) {
  return verdict == SIGHT_VERDICT_FIXED || verdict == SIGHT_VERDICT_WORSE || verdict == SIGHT_VERDICT_NO_CHANGE;
}

gboolean sight_verdict_follow(int days, int most, SightVerdictWindowFunc func, gpointer user_data,
                              SightVerdict *verdict) {
  gint64 looked_at = 0;

  for (; days <= most; days *= 2) {
    SightVerdictWindow window = {0};
    if (!func(days, &window, user_data))
      return FALSE;
    *verdict = window.looks.look > looked_at ? window.looks.verdict : SIGHT_VERDICT_NOT_ENOUGH;
    gboolean looked_out = window.looks.next == 0 && window.looks.verdict != SIGHT_VERDICT_NO_BASELINE;
    if (sight_verdict_decides(*verdict) || !window.over || looked_out)
      return TRUE;
    looked_at = window.n_after;
  }
  return TRUE;
}
