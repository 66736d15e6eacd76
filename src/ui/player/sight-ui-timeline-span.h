/* SPDX-License-Identifier: MIT */
/* SightUiTimelineSpan: which part of a session a timeline shows: zooming and moving, as plain numbers; stretches in
 * which nothing happens may be folded to a short break. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Nobody looks closer than this. */
#define SIGHT_UI_TIMELINE_SPAN_MIN_MS 1000.0

/* A stretch of the session that takes the place of `shown_ms`. */
typedef struct {
  double start_ms, end_ms, shown_ms;
} SightUiTimelineBreak;

/* Its members are times as they are shown: without what is folded away. */
typedef struct {
  double whole_ms;       /* length of the session */
  double from_ms, to_ms; /* to_ms 0: everything */
  GArray *breaks;        /* of SightUiTimelineBreak, in time order, borrowed; NULL: none */
} SightUiTimelineSpan;

/* Folds other stretches of a session of that length; what is visible stays so. */
void sight_ui_timeline_span_fold(SightUiTimelineSpan *span, double duration_ms, GArray *breaks);
/* A time of the session as it is shown, and back. */
double sight_ui_timeline_span_shown(const SightUiTimelineSpan *span, double at_ms);
double sight_ui_timeline_span_real(const SightUiTimelineSpan *span, double shown_ms);

/* What is shown, also where that is everything; at least 1 ms. */
double sight_ui_timeline_span_end(const SightUiTimelineSpan *span);
double sight_ui_timeline_span_length(const SightUiTimelineSpan *span);
gboolean sight_ui_timeline_span_is_whole(const SightUiTimelineSpan *span);
/* Shows from … to, moved into the session; everything where that is at least as long. */
void sight_ui_timeline_span_set(SightUiTimelineSpan *span, double from_ms, double to_ms);
/* The length times `factor`; what stands at `share` (0 … 1) of the width stays there. */
void sight_ui_timeline_span_zoom(SightUiTimelineSpan *span, double share, double factor);
/* Moves by a share of what is shown. */
void sight_ui_timeline_span_pan(SightUiTimelineSpan *span, double share);
/* Turns a page where the time of the session is not shown; TRUE: it did. */
gboolean sight_ui_timeline_span_follow(SightUiTimelineSpan *span, double at_ms);
/* Between pixels and times of the session, to which times are cut. */
double sight_ui_timeline_span_to_x(const SightUiTimelineSpan *span, double at_ms, double width);
gint64 sight_ui_timeline_span_to_ms(const SightUiTimelineSpan *span, double x, double width);

G_END_DECLS
