/* SPDX-License-Identifier: MIT */
/* Where the marks of signals stand on a timeline. */
#include "sight-ui-timeline-marks.h"

#define MAX_LANES 8

static gboolean is_graver(SightSignalKind kind, SightSignalKind than) {
  return sight_signal_info((int)kind)->gravity > sight_signal_info((int)than)->gravity;
}

GArray *sight_ui_marks_layout(const GPtrArray *signals, const SightUiTimelineSpan *span, double width,
                              double mark_width, guint n_lanes) {
  GArray *marks = g_array_new(FALSE, FALSE, sizeof(SightUiMark));
  int last_in_lane[MAX_LANES];
  n_lanes = CLAMP(n_lanes, 1, MAX_LANES);
  for (guint i = 0; i < n_lanes; i++)
    last_in_lane[i] = -1;
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(signals, i);
    double x = sight_ui_timeline_span_to_x(span, (double)signal->start_ms, width);
    if (x < -mark_width || x > width + mark_width)
      continue;
    guint lane = n_lanes;
    int nearest = -1;
    for (guint l = 0; l < n_lanes; l++) {
      int last = last_in_lane[l];
      gboolean is_free = last < 0 || x - g_array_index(marks, SightUiMark, last).x >= mark_width;
      if (is_free && lane == n_lanes)
        lane = l;
      if (last > nearest)
        nearest = last;
    }
    if (lane == n_lanes) {
      SightUiMark *group = &g_array_index(marks, SightUiMark, nearest);
      if (is_graver(signal->kind, group->kind))
        group->kind = signal->kind;
      group->last = i;
      group->count++;
      continue;
    }
    SightUiMark mark = {signal->kind, i, i, 1, lane, x};
    g_array_append_val(marks, mark);
    last_in_lane[lane] = (int)marks->len - 1;
  }
  return marks;
}

GPtrArray *sight_ui_marks_at(const GPtrArray *signals, const GArray *marks, double x, double near) {
  GPtrArray *found = g_ptr_array_new();
  guint first = signals->len, last = 0;
  for (guint i = 0; i < marks->len; i++) {
    const SightUiMark *mark = &g_array_index(marks, SightUiMark, i);
    if (ABS(mark->x - x) > near)
      continue;
    first = MIN(first, mark->first);
    last = MAX(last, mark->last);
  }
  for (guint i = first; i < signals->len && i <= last; i++)
    g_ptr_array_add(found, g_ptr_array_index(signals, i));
  return found;
}
