/* SPDX-License-Identifier: MIT */
/* What an issue is drafted from, read out of the store. */
#pragma once

#include "sight-issue.h"

G_BEGIN_DECLS

/* The draft about a moment of a session (ms from its start), and about a problem (NULL: none) that is met there.
 * `analysis` (may be NULL) gets what it was drafted from, the caller's. Blocks: on a worker. */
SightIssue *sight_issue_read(SightStore *store, gint64 row, gint64 at_ms, const SightProblem *problem,
                             SightAnalysis **analysis, GCancellable *cancellable, GError **error);

G_END_DECLS
