/* SPDX-License-Identifier: MIT */
/* Where the marks of signals stand on a timeline: in lanes, so that they do not cover each other, grouped when dense.
 */
#pragma once

#include "sight-signal.h"
#include "sight-ui-timeline-span.h"

G_BEGIN_DECLS

typedef struct {
  SightSignalKind kind; /* of the gravest in the group */
  guint first, last;    /* indices of signals */
  guint count;
  guint lane;
  double x; /* centre */
} SightUiMark;

/* `signals` in order of time. Those outside of the span have no mark. GArray of SightUiMark by x; the caller's. */
GArray *sight_ui_marks_layout(const GPtrArray *signals, const SightUiTimelineSpan *span, double width,
                              double mark_width, guint n_lanes);
/* Every signal that the marks within `near` pixels of a place hold: GPtrArray of SightSignal, in order of time, which
 * the caller frees but not what is in it. */
GPtrArray *sight_ui_marks_at(const GPtrArray *signals, const GArray *marks, double x, double near);

G_END_DECLS
