/* SPDX-License-Identifier: MIT */
/* The tables of Explore about privacy: what looks private, who watched, and what is asked of those who record. */
#pragma once

#include "sight-ui-explore-ask.h"

G_BEGIN_DECLS

/* As SightUiExploreTable.run; `flow` is a selector whose elements would be masked, or "". Its rows are about a
 * SightUiFinding. */
gboolean sight_ui_explore_run_private(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error);
gboolean sight_ui_explore_run_log(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error);
gboolean sight_ui_explore_run_duties(SightDb *db, const SightUiExploreAsk *ask, GPtrArray *rows, GError **error);

G_END_DECLS
