/* SPDX-License-Identifier: MIT */
/* SightUiClock: where the playhead is while it moves: a position, a speed and a start, plain data. */
#pragma once

#include "sight-analysis.h"

G_BEGIN_DECLS

typedef struct {
  gint64 base_ms; /* position at base_us */
  gint64 base_us; /* monotonic */
  double speed;
} SightUiClock;

void sight_ui_clock_start(SightUiClock *clock, gint64 position_ms, double speed, gint64 now_us);
gint64 sight_ui_clock_position(const SightUiClock *clock, gint64 now_us);

/* Where playing goes on where `position_ms` is inside an idle stretch that is worth skipping; else -1. A little of both
 * ends stays, so that one sees where one was and where one comes to. */
gint64 sight_ui_clock_skip(const SightAnalysis *analysis, gint64 position_ms);

/* Every stretch that playing jumps over from its start to its end: GArray of SightIdleSpan, the caller's. */
GArray *sight_ui_clock_skipped(const SightAnalysis *analysis);

/* The window that was active then, or NULL. Borrowed from the analysis. */
const char *sight_ui_clock_window(const SightAnalysis *analysis, gint64 position_ms);

G_END_DECLS
