/* SPDX-License-Identifier: MIT */
/* Where "previous" and "next" lead, and what is at a time, by what analysis found. Times from the start of the session.
 */
#pragma once

#include "sight-analysis.h"

G_BEGIN_DECLS

/* Start of the next (direction 1) or previous (-1) page, tab or signal; -1: there is none. Going back first leads to
 * the start of the page or tab that one is in, unless one has only just come there. */
gint64 sight_ui_step_page(const SightAnalysis *analysis, gint64 at_ms, int direction);
gint64 sight_ui_step_tab(const SightAnalysis *analysis, gint64 at_ms, int direction);
gint64 sight_ui_step_signal(const SightAnalysis *analysis, gint64 at_ms, int direction);

/* The page that was on display then in that window (NULL: whichever), or NULL. Borrowed. */
const SightPageView *sight_ui_page_at(const SightAnalysis *analysis, const char *window, gint64 at_ms);
/* The signal nearest to a time, at most so far from its start, of several the gravest; or NULL. Borrowed. */
const SightSignal *sight_ui_signal_near(const SightAnalysis *analysis, gint64 at_ms, gint64 around_ms);

/* The stretch that somebody who is at `at_ms` wants to show to others: around the signal there, or some seconds before
 * and after. `signal` (may be NULL) gets the signal, or NULL. `analysis` may be NULL. */
void sight_ui_stretch_around(const SightAnalysis *analysis, gint64 duration_ms, gint64 at_ms, gint64 *from_ms,
                             gint64 *to_ms, const SightSignal **signal);

G_END_DECLS
