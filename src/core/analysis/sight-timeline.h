/* SPDX-License-Identifier: MIT */
/* What of a session is seen along its time: when it was idle, how lively it was, which tab was in use. */
#pragma once

#include "sight-findings.h"

G_BEGIN_DECLS

/* All times of the findings must be from the start of the session by now. Each fills its part of the analysis. */
void sight_timeline_fill_idle(const SightFindings *findings, gint64 duration_ms);
void sight_timeline_fill_curve(const SightFindings *findings, gint64 duration_ms);
void sight_timeline_fill_spans(const SightFindings *findings, gint64 duration_ms);

G_END_DECLS
