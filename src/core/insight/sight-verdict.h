/* SPDX-License-Identifier: MIT */
/* Whether a problem is gone, said at planned looks alone, so that looking more often makes no error more likely. Pure
 * functions; no source beyond the statistics that they name (sight-statistics.h). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* VERDICT (id, name) */
#define SIGHT_VERDICTS(VERDICT)                                                                                        \
  VERDICT(NO_BASELINE, "no-baseline") /* nobody had the opportunity before */                                          \
  VERDICT(NO_VISITS, "no-visits")     /* nobody had it since */                                                        \
  VERDICT(NOT_ENOUGH, "not-enough")                                                                                    \
  VERDICT(NO_CHANGE, "no-change") /* within a fifth of the rate before */                                              \
  VERDICT(WORSE, "worse")                                                                                              \
  VERDICT(IMPROVED, "improved")                                                                                        \
  VERDICT(FIXED, "fixed") /* at most a fifth of the rate before is left */

#define SIGHT_VERDICT_ID(id, ...) SIGHT_VERDICT_##id,
typedef enum { SIGHT_VERDICTS(SIGHT_VERDICT_ID) SIGHT_N_VERDICTS } SightVerdict;
const char *sight_verdict_name(SightVerdict verdict);

/* Each look errs with at most this chance in either direction. */
#define SIGHT_VERDICT_CHANCE 0.005
/* What is left of a fixed problem at most, and what no change stays within, as a share of the rate before. */
#define SIGHT_VERDICT_SHARE 0.2
#define SIGHT_VERDICT_N_LOOKS 5

/* One of those who had the opportunity, and whether the problem was met. */
typedef struct {
  gboolean after; /* FALSE: before, or the variant to compare with */
  gboolean had;
} SightTrial;

typedef struct {
  SightVerdict verdict;
  gint64 look;  /* of how many after it was told; 0: no look was taken */
  gint64 next;  /* how many after the next look waits for; 0: the last one was taken */
  gint64 clean; /* how many after without the problem *fixed* needs; 0: nobody had it before */
} SightLooks;

/* `trials` in the order of time. The first look is planned from the first `n_plan` of those before (0: all of them);
 * each of the next doubles it. What is said at a look stays until one that says something else; a look that shows
 * nothing takes nothing back. Between looks nothing changes. */
SightLooks sight_verdict_looks(const SightTrial *trials, gsize n_trials, gsize n_plan);

/* What a window of so many days says. */
typedef struct {
  SightLooks looks;
  gint64 n_after; /* how many after it holds */
  gboolean over;  /* no more are counted in it */
} SightVerdictWindow;
/* FALSE: it cannot be told. */
typedef gboolean (*SightVerdictWindowFunc)(int days, SightVerdictWindow *window, gpointer user_data);

/* Whether it is gone, or is not; less leaves that open. */
gboolean sight_verdict_decides(SightVerdict verdict);
/* Windows double from `days` up to `most` while one is over, decides nothing and had too few for its looks. Each look
 * is taken once: what was looked at within a shorter one says nothing within a longer one. FALSE where a window could
 * not be told. */
gboolean sight_verdict_follow(int days, int most, SightVerdictWindowFunc func, gpointer user_data,
                              SightVerdict *verdict);

G_END_DECLS
