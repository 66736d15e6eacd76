/* SPDX-License-Identifier: MIT */
/* Zooming and moving over a timeline. */
#include "sight-ui-timeline-span.h"

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
  if (sight_ui_timeline_span_is_whole(span) || (at_ms >= span->from_ms && at_ms <= span->to_ms))
    return FALSE;
  double length = sight_ui_timeline_span_length(span);
  sight_ui_timeline_span_set(span, at_ms - length / 10, at_ms + length * 9 / 10);
  return TRUE;
}

double sight_ui_timeline_span_to_x(const SightUiTimelineSpan *span, double at_ms, double width) {
  return (at_ms - span->from_ms) * width / sight_ui_timeline_span_length(span);
}

gint64 sight_ui_timeline_span_to_ms(const SightUiTimelineSpan *span, double x, double width) {
  double time = span->from_ms + CLAMP(x, 0.0, width) * sight_ui_timeline_span_length(span) / MAX(width, 1.0);
  return (gint64)CLAMP(time, 0.0, MAX(span->whole_ms, 0.0));
}
