/* SPDX-License-Identifier: MIT */
/* The few of a project's settings that questions over sessions depend on. For query, insight and what shows a session.
 */
#pragma once

#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef struct {
  gboolean has_key_actions;
  gint64 high_exit_min_views;
  gint64 high_exit_percent; /* 0: the top tenth */
  gint64 churn_days;        /* a user whose name is known is waited for so long */
} SightCohortRules;

/* Of one endpoint. Settings that cannot be read count as the defaults, as they do for analysis. */
gboolean sight_cohort_rules_read(SightDb *db, gint64 endpoint, SightCohortRules *rules, GError **error);
/* The sets are the caller's; NULL with error. */
/* Of the index, those of one endpoint. */
SightSet *sight_cohort_endpoint(SightDb *db, gint64 endpoint, GError **error);
/* Those that reached one of the key actions of their endpoint. What a key action asks for is in the index: a change of
 * them reads no recording. */
SightSet *sight_cohort_converted(SightDb *db, GError **error);

/* That a session reached a key action. */
typedef struct {
  char *name; /* as the key action is called */
  gint64 at_ms;
} SightReached;
/* Each time that a session reached one of the key actions of its endpoint, in the order of time: GArray of
 * SightReached, the caller's, frees its names. Empty where the session is not in the index. NULL with error. */
GArray *sight_cohort_reached(SightDb *db, gint64 session, gint64 endpoint, GError **error);
/* Those of users whose name is known that began less than so many days before `now_ms`: these may come back yet. Of a
 * start that cannot be believed nobody knows, and it waits for nothing. */
SightSet *sight_cohort_awaited(SightDb *db, gint64 days, gint64 now_ms, GError **error);
/* Those of one endpoint that ended on a page of high exit, and are not among `converted`. */
SightSet *sight_cohort_high_exit(SightDb *db, gint64 endpoint, const SightSet *converted, GError **error);

G_END_DECLS
