/* SPDX-License-Identifier: MIT */
/* Drawing a timeline. */
#pragma once

#include "sight-analysis.h"
#include "sight-cohort-rules.h"
#include "sight-ui-notes.h"
#include "sight-ui-timeline-span.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Heights in pixels, from the top down. */
#define SIGHT_UI_TIMELINE_BAND 20
#define SIGHT_UI_TIMELINE_GAP 4
#define SIGHT_UI_TIMELINE_CURVE 34
#define SIGHT_UI_TIMELINE_MARK 16
#define SIGHT_UI_TIMELINE_LANES 2
#define SIGHT_UI_TIMELINE_HEIGHT                                                                                       \
  (SIGHT_UI_TIMELINE_BAND + SIGHT_UI_TIMELINE_GAP + SIGHT_UI_TIMELINE_CURVE + 2 +                                      \
   SIGHT_UI_TIMELINE_LANES * SIGHT_UI_TIMELINE_MARK)

/* One drawing. Borrows everything. */
typedef struct {
  GtkWidget *widget;
  GtkSnapshot *snapshot;
  const SightAnalysis *analysis;   /* NULL: not there yet */
  const GArray *reached;           /* of SightReached: key actions */
  SightUiNotes *notes;             /* what the team says */
  const SightUiTimelineSpan *span; /* what is visible */
  gint64 duration_ms, position_ms;
  gint64 in_ms, out_ms; /* -1: not set */
  double hover_x;       /* < 0: none */
  double width;
  gboolean dark;
  GdkRGBA text, accent;
} SightUiTimelineDrawing;

/* The marks of signals as they are drawn: GArray of SightUiMark, the caller's. */
GArray *sight_ui_timeline_marks(const SightAnalysis *analysis, const SightUiTimelineSpan *span, double width);
void sight_ui_timeline_draw(const SightUiTimelineDrawing *drawing);

G_END_DECLS
