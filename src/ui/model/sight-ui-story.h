/* SPDX-License-Identifier: MIT */
/* Sentences about what a visitor did, and what came of a signal. */
#pragma once

#include "sight-analysis.h"
#include "sight-cohort-rules.h"

G_BEGIN_DECLS

/* "Clicked “Pay now”"; of a signal its reason. Plain text, the caller's. */
char *sight_ui_story_title(const SightAnalysis *analysis, const SightStoryItem *item);

/* "Reached “ordered”", of a key action. Plain text, the caller's. */
char *sight_ui_story_reached(const SightReached *reached);

/* How many items from that place on are the same act again and again, with what was found of it between: 1 where it is
 * alone. `n_acts` gets the number of acts, `end_ms` when the last one ended. */
guint sight_ui_story_run(const SightAnalysis *analysis, guint first, guint *n_acts, gint64 *end_ms);

/* What came of a signal: "3 s later: Opened /thanks", or that the recording ends. Plain text, the caller's. */
char *sight_ui_story_after(const SightAnalysis *analysis, const SightSignal *signal);

G_END_DECLS
