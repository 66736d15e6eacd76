/* SPDX-License-Identifier: MIT */
/* The few of a project's settings that questions over many sessions depend on. For query and insight only. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

typedef struct {
  gboolean has_key_actions;
  gint64 high_exit_min_views;
  gint64 high_exit_percent; /* 0: the top tenth */
} SightCohortRules;

/* Of one endpoint. Settings that cannot be read count as the defaults, as they do for analysis. */
gboolean sight_cohort_rules_read(SightDb *db, gint64 endpoint, SightCohortRules *rules, GError **error);
/* Rows of the pages that count as high exit at one endpoint, the highest rate first, appended to `pages` (gint64).
 */
gboolean sight_cohort_high_exit_pages(SightDb *db, gint64 endpoint, GArray *pages, GError **error);

G_END_DECLS
