/* SPDX-License-Identifier: MIT */
/* Where the marks of signals stand on a timeline: in lanes, so that they do not cover each other, grouped when dense.
 */
#pragma once

#include "sight-signal.h"

G_BEGIN_DECLS

typedef struct {
  SightSignalKind kind; /* of the gravest in the group: the smallest value */
  guint first, last;    /* indices of signals */
  guint count;
  guint lane;
  double x; /* centre */
} SightUiMark;

/* `signals` in order of time. Those outside from_ms … to_ms have no mark. GArray of SightUiMark by x; the caller's. */
GArray *sight_ui_marks_layout(const GPtrArray *signals, double from_ms, double to_ms, double width, double mark_width,
                              guint n_lanes);

G_END_DECLS
