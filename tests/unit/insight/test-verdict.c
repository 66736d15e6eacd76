/* SPDX-License-Identifier: MIT */
/* The looks of a verdict: fixed cases by hand, and by simulation how often it errs. */
#include "sight-verdict.h"

#include <math.h>

#define N_BEFORE 400

static SightTrial *trials_new(gint64 k, gint64 n, gint64 k_after, gint64 n_after) {
  SightTrial *trials = g_new0(SightTrial, (gsize)(n + n_after));

  for (gint64 i = 0; i < n; i++)
    trials[i].had = i < k;
  for (gint64 i = 0; i < n_after; i++)
    /* spread evenly */
    trials[n + i] = (SightTrial){.after = TRUE, .had = (i + 1) * k_after / n_after > i * k_after / n_after};
  return trials;
}

static SightLooks looks_of(gint64 k, gint64 n, gint64 k_after, gint64 n_after) {
  g_autofree SightTrial *trials = trials_new(k, n, k_after, n_after);

  return sight_verdict_looks(trials, (gsize)(n + n_after), 0);
}

static void check(gint64 k, gint64 n, gint64 k_after, gint64 n_after, SightVerdict verdict, gint64 look, gint64 next) {
  SightLooks looks = looks_of(k, n, k_after, n_after);

  g_assert_cmpstr(sight_verdict_name(looks.verdict), ==, sight_verdict_name(verdict));
  g_assert_cmpint(looks.look, ==, look);
  g_assert_cmpint(looks.next, ==, next);
}

static void test_looks(void) {
  check(0, 0, 0, 100, SIGHT_VERDICT_NO_BASELINE, 0, 0);
  check(40, 400, 0, 0, SIGHT_VERDICT_NO_VISITS, 0, 20);
  /* A clean row is not enough before its look. */
  check(40, 400, 0, 19, SIGHT_VERDICT_NOT_ENOUGH, 0, 20);
  check(40, 400, 0, 79, SIGHT_VERDICT_NOT_ENOUGH, 40, 80);
  check(40, 400, 0, 80, SIGHT_VERDICT_IMPROVED, 80, 160);
  check(40, 400, 0, 319, SIGHT_VERDICT_IMPROVED, 160, 320);
  check(40, 400, 0, 320, SIGHT_VERDICT_FIXED, 320, 0);
  check(40, 400, 20, 20, SIGHT_VERDICT_WORSE, 20, 40);
  check(5000, 10000, 80, 160, SIGHT_VERDICT_NOT_ENOUGH, 160, 320);
  /* What nobody had cannot improve. */
  check(0, 400, 0, 5000, SIGHT_VERDICT_NOT_ENOUGH, 320, 0);
  /* The first look is late where the rate is low: 20 at 10 %, 56 at 3 %, 166 at 1 %. */
  g_assert_cmpint(looks_of(100, 1000, 0, 0).next, ==, 20);
  g_assert_cmpint(looks_of(30, 1000, 0, 0).next, ==, 56);
  g_assert_cmpint(looks_of(10, 1000, 0, 0).next, ==, 166);
  /* How many clean ones "fixed" needs. */
  g_assert_cmpint(looks_of(100, 1000, 0, 0).clean, ==, 263);
  g_assert_cmpint(looks_of(300, 1000, 0, 0).clean, ==, 86);
  g_assert_cmpint(looks_of(30, 1000, 0, 0).clean, ==, 881);
}

static void test_no_change(void) {
  /* As many as before, of so many that nothing else is left. */
  check(50000, 100000, 160, 320, SIGHT_VERDICT_NO_CHANGE, 320, 0);
}

/* The looks are planned by the first of the other variant, so that more of them move none. */
static void test_variants(void) {
  g_autofree SightTrial *trials = g_new0(SightTrial, 1400);

  for (gsize i = 0; i < 1400; i++)
    trials[i] = (SightTrial){.after = i % 2 == 1, .had = i < 200 ? i % 20 == 0 : i % 2 == 0};
  g_assert_cmpint(sight_verdict_looks(trials, 200, 100).next, ==, 160);
  g_assert_cmpint(sight_verdict_looks(trials, 318, 100).next, ==, 160);
  g_assert_cmpint(sight_verdict_looks(trials, 1400, 100).look, ==, 320);
}

typedef struct {
  double improved, worse, fixed; /* shares of the runs in which it was said at any look */
  double found_by;               /* improved or fixed by 100 after-visits */
} Said;

static Said simulate(gint64 n_before, double rate, double rate_after, int n_runs) {
  const gint64 first = looks_of((gint64)((double)n_before * rate), n_before, 0, 0).next, most = MAX(first, 20) * 64;
  g_autofree SightTrial *trials = g_new0(SightTrial, (gsize)(n_before + most));
  Said said = {0};

  for (int run = 0; run < n_runs; run++) {
    gboolean verdicts[SIGHT_N_VERDICTS] = {FALSE}, found = FALSE;
    for (gint64 i = 0; i < n_before + most; i++)
      trials[i] =
          (SightTrial){.after = i >= n_before, .had = g_test_rand_double() < (i < n_before ? rate : rate_after)};
    SightLooks looks = sight_verdict_looks(trials, (gsize)n_before, 0);
    while (looks.next > 0 && looks.next <= most) {
      gint64 at = looks.next;
      looks = sight_verdict_looks(trials, (gsize)(n_before + at), 0);
      verdicts[looks.verdict] = TRUE;
      found |= at <= 100 && looks.verdict >= SIGHT_VERDICT_IMPROVED;
    }
    said.improved += verdicts[SIGHT_VERDICT_IMPROVED] || verdicts[SIGHT_VERDICT_FIXED];
    said.worse += verdicts[SIGHT_VERDICT_WORSE];
    said.fixed += verdicts[SIGHT_VERDICT_FIXED];
    said.found_by += found;
  }
  said.improved /= n_runs;
  said.worse /= n_runs;
  said.fixed /= n_runs;
  said.found_by /= n_runs;
  g_test_message("before %" G_GINT64_FORMAT " at %.0f %%, after at %.0f %%: improved %.2f %%, worse %.2f %%, fixed "
                 "%.2f %%, found by 100: %.1f %%",
                 n_before, 100 * rate, 100 * rate_after, 100 * said.improved, 100 * said.worse, 100 * said.fixed,
                 100 * said.found_by);
  return said;
}

/* At most 1.5 % of all may err; of these runs, so many that a rule that keeps this fails once in hundreds. The rarest
 * problem comes nearest: 1.3 % by 40,000 runs in scipy. */
static void test_errors(void) {
  const char *full = g_getenv("SIGHT_TEST_FULL");
  int n_runs = full != NULL && full[0] != '\0' ? 5000 : 500;
  double slack = 3 * sqrt(0.015 * 0.985 / n_runs);
  const struct {
    gint64 n;
    double rate;
  } settings[] = {{200, 0.1}, {400, 0.03}, {2000, 0.01}, {60, 0.2}, {1000, 0.05}};

  for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
    Said said = simulate(settings[i].n, settings[i].rate, settings[i].rate, n_runs);
    g_assert_cmpfloat(said.improved, <=, 0.015 + slack);
    g_assert_cmpfloat(said.worse, <=, 0.015 + slack);
    g_assert_cmpfloat(said.fixed, <=, 0.015 + slack);
  }
  Said gone = simulate(N_BEFORE, 0.1, 0, n_runs), doubled = simulate(N_BEFORE, 0.1, 0.2, n_runs);
  g_assert_cmpfloat(gone.found_by, >=, 0.95);
  g_assert_cmpfloat(gone.fixed, >=, 0.8);
  g_assert_cmpfloat(gone.worse, ==, 0);
  g_assert_cmpfloat(doubled.worse, >=, 0.8);
  /* A fifth of the problem is left: improved, and not fixed. */
  Said left = simulate(N_BEFORE, 0.1, 0.02, n_runs);
  g_assert_cmpfloat(left.improved, >=, 0.9);
  g_assert_cmpfloat(left.fixed, <=, 0.015 + slack);
}

/* A problem that is followed for 112 days, of which nothing changed: visitors before and after, with their days. */
#define FIRST_DAYS 14
#define MOST_DAYS 112

typedef struct {
  GArray *before, *after; /* of Visitor, from the cut on: the nearest first */
  double day;             /* now */
  int look_days;          /* the window that was looked at last */
  SightVerdictWindow last;
} Followed;

typedef struct {
  double day; /* from the cut */
  gboolean had;
} Visitor;

static GArray *visitors_of(double a_day, double rate) {
  GArray *visitors = g_array_new(FALSE, FALSE, sizeof(Visitor));
  Visitor visitor = {0};

  for (;;) {
    visitor.day -= log(1 - g_test_rand_double()) / a_day;
    visitor.had = g_test_rand_double() < rate;
    if (visitor.day >= MOST_DAYS)
      return visitors;
    g_array_append_val(visitors, visitor);
  }
}

static void add_trials(GArray *trials, const GArray *visitors, double days, gboolean after) {
  for (guint i = 0; i < visitors->len; i++) {
    const Visitor *visitor = &g_array_index(visitors, Visitor, i);
    SightTrial trial = {.after = after, .had = visitor->had};
    if (visitor->day < days)
      g_array_append_val(trials, trial);
  }
}

static gboolean look_within(int days, SightVerdictWindow *window, gpointer user_data) {
  Followed *followed = user_data;
  g_autoptr(GArray) trials = g_array_new(FALSE, FALSE, sizeof(SightTrial));

  add_trials(trials, followed->before, days, FALSE);
  guint n_before = trials->len;
  add_trials(trials, followed->after, MIN(followed->day, days), TRUE);
  window->looks = sight_verdict_looks((const SightTrial *)(void *)trials->data, trials->len, 0);
  window->n_after = trials->len - n_before;
  window->over = followed->day >= days;
  followed->last = *window;
  followed->look_days = days;
  return TRUE;
}

/* When something may be said next: at the next look of the window, or where it ends and a longer one begins. */
static gboolean go_on(Followed *followed) {
  gint64 next = followed->last.looks.next;
  double end = followed->look_days > followed->day ? followed->look_days : MOST_DAYS;

  if (followed->day >= MOST_DAYS || (next == 0 && followed->last.looks.verdict != SIGHT_VERDICT_NO_BASELINE))
    return FALSE;
  if (next > 0 && followed->after->len >= next) {
    double at = g_array_index(followed->after, Visitor, next - 1).day;
    end = at >= followed->day && at < end ? at + 1e-9 : end;
  }
  followed->day = end;
  return TRUE;
}

/* Whoever waits for a verdict, however long, is told a wrong one as seldom as whoever looks within one window. */
static void test_windows(void) {
  const char *full = g_getenv("SIGHT_TEST_FULL");
  int n_runs = full != NULL && full[0] != '\0' ? 5000 : 300;
  double slack = 3 * sqrt(0.015 * 0.985 / n_runs);
  const double settings[][2] = {{1.5, 0.2}, {1.5, 0.03}, {4, 0.1}, {4, 0.03}, {15, 0.2}, {15, 0.05}, {15, 0.03}};

  for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
    int n_better = 0, n_worse = 0;
    for (int run = 0; run < n_runs; run++) {
      Followed followed = {.before = visitors_of(settings[i][0], settings[i][1]),
                           .after = visitors_of(settings[i][0], settings[i][1])};
      gboolean better = FALSE, worse = FALSE;
      SightVerdict verdict = SIGHT_VERDICT_NOT_ENOUGH;
      do {
        g_assert_true(sight_verdict_follow(FIRST_DAYS, MOST_DAYS, look_within, &followed, &verdict));
        better |= verdict == SIGHT_VERDICT_IMPROVED || verdict == SIGHT_VERDICT_FIXED;
        worse |= verdict == SIGHT_VERDICT_WORSE;
      } while (!sight_verdict_decides(verdict) && go_on(&followed));
      n_better += better;
      n_worse += worse;
      g_array_unref(followed.before);
      g_array_unref(followed.after);
    }
    g_test_message("%.1f visitors a day, %.0f %% meet it: improved %.2f %%, worse %.2f %%", settings[i][0],
                   100 * settings[i][1], 100.0 * n_better / n_runs, 100.0 * n_worse / n_runs);
    g_assert_cmpfloat((double)n_better / n_runs, <=, 0.015 + slack);
    g_assert_cmpfloat((double)n_worse / n_runs, <=, 0.015 + slack);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/insight/verdict/looks", test_looks);
  g_test_add_func("/insight/verdict/no-change", test_no_change);
  g_test_add_func("/insight/verdict/variants", test_variants);
  g_test_add_func("/insight/verdict/errors", test_errors);
  g_test_add_func("/insight/verdict/windows", test_windows);
  return g_test_run();
}
