/* SPDX-License-Identifier: MIT */
/* Comparing as people ask for it, in texts; and what became of problems that were dealt with. */
#pragma once

#include "sight-compare.h"
#include "sight-problems.h"

G_BEGIN_DECLS

/* Borrowed. */
typedef struct {
  const char *filter;      /* who met it, or the steps of a flow, which counts where it was not completed */
  const char *opportunity; /* who could have met it; NULL: who viewed the page, or took the first step */
  const char *page;        /* NULL: none is known */
  gint64 endpoint;         /* of its sessions; 0: of all */
  const char *release;     /* since this one; NULL: since the date */
  gint64 date_ms;
  const char *variant, *against; /* NAME=VALUE each, in place of both: the first against the second; NULL: not so */
  double share;                  /* of the visitors that `variant` is meant to get; 0: half of them */
  int days;                      /* how long before and after; 0: SIGHT_COMPARE_DAYS */
  gint64 now_ms;
} SightCompareAsk;

/* `*steps` (may be NULL) gets the texts of the steps of a flow (GPtrArray of char, the caller's). SIGHT_FILTER_ERROR
 * where a filter is none, or nobody knows who had the opportunity: there is no rate then. Inside sight_store_read(), on
 * a worker. */
SightComparison *sight_compare_ask(SightDb *db, const SightCompareAsk *ask, GPtrArray **steps,
                                   GCancellable *cancellable, GError **error);

/* Who could have met what a filter picks, as far as it says so: those who viewed the page that it names, else all; of a
 * flow those who took its first step. A filter, the caller's; NULL with error. */
char *sight_compare_guess(const char *filter, GError **error);

/* The releases of the sessions of an endpoint (0: of all), the one whose first session arrived first last: GPtrArray of
 * char, the caller's. */
GPtrArray *sight_compare_releases(SightDb *db, gint64 endpoint, GCancellable *cancellable, GError **error);

/* Since when somebody says that a problem is fixed: a release, or a date (when its issue was closed, or when it was
 * said). FALSE: nobody says so. */
gboolean sight_compare_since(const SightProblem *problem, const char **release, gint64 *date_ms);

/* What became of a problem. Owns its strings. */
typedef struct {
  char *problem, *title;
  gint64 endpoint, since_ms;
  SightProblemState before, now;
  char *sentence; /* the verdict in words */
} SightFollowUp;

/* A list that owns them, empty. */
GPtrArray *sight_follow_ups_new(void);
/* Those that were said to be fixed and of which there is a verdict: *fixed* verifies them, *worse* and *no change* tell
 * that they are not. Nothing less moves a problem, and no visits never do. GPtrArray of SightFollowUp, the caller's. */
GPtrArray *sight_follow_ups(SightDb *db, const GPtrArray *problems, gint64 now_ms, GCancellable *cancellable,
                            GError **error);
/* Says so of the problem, unless somebody said something else meanwhile. Inside sight_store_write(). */
gboolean sight_follow_up_write(SightDb *db, const SightFollowUp *follow_up, GError **error);

G_END_DECLS
