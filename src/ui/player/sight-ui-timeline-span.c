/* SPDX-License-Identifier: MIT */
/* Zooming and moving over a timeline. */
#include "sight-ui-timeline-span.h"

double sight_ui_timeline_span_shown(const SightUiTimelineSpan *span, double at_ms) {
  double shown_ms = at_ms;
  for (guint i = 0; span->breaks && i < span->breaks->len; i++) {
    const SightUiTimelineBreak *fold = &g_array_index(span->breaks, SightUiTimelineBreak, i);
    if (at_ms <= fold->start_ms)
      break;
    double length = fold->end_ms - fold->start_ms;
    shown_ms -= (MIN(at_ms, fold->end_ms) - fold->start_ms) * (1.0 - fold->shown_ms / length);
  }
  return shown_ms;
}

double sight_ui_timeline_span_real(const SightUiTimelineSpan *span, double shown_ms) {
  double real_ms = shown_ms;
  for (guint i = 0; span->breaks && i < span->breaks->len; i++) {
    const SightUiTimelineBreak *fold = &g_array_index(span->breaks, SightUiTimelineBreak, i);
    double into_ms = real_ms - fold->start_ms;
    if (into_ms <= 0.0)
      break;
    double length = fold->end_ms - fold->start_ms;
    real_ms += into_ms < fold->shown_ms ? into_ms * (length / fold->shown_ms - 1.0) : length - fold->shown_ms;
  }
  return real_ms;
}

void sight_ui_timeline_span_fold(SightUiTimelineSpan *span, double duration_ms, GArray *breaks) {
  gboolean is_whole = sight_ui_timeline_span_is_whole(span);
  double from_ms = sight_ui_timeline_span_real(span, span->from_ms);
  double to_ms = sight_ui_timeline_span_real(span, span->to_ms);
  span->breaks = breaks;
  span->whole_ms = sight_ui_timeline_span_shown(span, duration_ms);
  if (is_whole)
    span->from_ms = span->to_ms = 0.0;
  else
    sight_ui_timeline_span_set(span, sight_ui_timeline_span_shown(span, from_ms),
                               sight_ui_timeline_span_shown(span, to_ms));
}

double sight_ui_timeline_span_end(const SightUiTimelineSpan *span) {
  return span->to_ms > span->from_ms ? span->to_ms : MAX(span->whole_ms, 1.0);
}

double sight_ui_timeline_span_length(const SightUiTimelineSpan *span) {
  return sight_ui_timeline_span_end(span) - span->from_ms;
}

gboolean sight_ui_timeline_span_is_whole(const SightUiTimelineSpan *span) {
  return span->to_ms <= span->from_ms;
}

void sight_ui_timeline_span_set(SightUiTimelineSpan *span, double from_ms, double to_ms) {
  double length = MAX(to_ms - from_ms, SIGHT_UI_TIMELINE_SPAN_MIN_MS);
  if (length >= span->whole_ms) {
    span->from_ms = span->to_ms = 0.0;
    return;
  }
  span->from_ms = CLAMP(from_ms, 0.0, span->whole_ms - length);
  span->to_ms = span->from_ms + length;
}

void sight_ui_timeline_span_zoom(SightUiTimelineSpan *span, double share, double factor) {
  double length = sight_ui_timeline_span_length(span);
  double anchor = span->from_ms + share * length;
  double next = MAX(length * factor, SIGHT_UI_TIMELINE_SPAN_MIN_MS);
  sight_ui_timeline_span_set(span, anchor - share * next, anchor - share * next + next);
}

void sight_ui_timeline_span_pan(SightUiTimelineSpan *span, double share) {
  double length = sight_ui_timeline_span_length(span);
  sight_ui_timeline_span_set(span, span->from_ms + share * length, span->from_ms + share * length + length);
}

gboolean sight_ui_timeline_span_follow(SightUiTimelineSpan *span, double at_ms) {
  double shown_ms = sight_ui_timeline_span_shown(span, at_ms);
  if (sight_ui_timeline_span_is_whole(span) || (shown_ms >= span->from_ms && shown_ms <= span->to_ms))
    return FALSE;
  double length = sight_ui_timeline_span_length(span);
  sight_ui_timeline_span_set(span, shown_ms - length / 10, shown_ms + length * 9 / 10);
  return TRUE;
}

double sight_ui_timeline_span_to_x(const SightUiTimelineSpan *span, double at_ms, double width) {
  return (sight_ui_timeline_span_shown(span, at_ms) - span->from_ms) * width / sight_ui_timeline_span_length(span);
}

gint64 sight_ui_timeline_span_to_ms(const SightUiTimelineSpan *span, double x, double width) {
  double time = span->from_ms + CLAMP(x, 0.0, width) * sight_ui_timeline_span_length(span) / MAX(width, 1.0);
  return (gint64)sight_ui_timeline_span_real(span, CLAMP(time, 0.0, MAX(span->whole_ms, 0.0)));
}
