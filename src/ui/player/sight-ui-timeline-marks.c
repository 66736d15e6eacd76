/* SPDX-License-Identifier: MIT */
/* Where the marks of signals stand on a timeline. */
#include "sight-ui-timeline-marks.h"

#define MAX_LANES 8

GArray *sight_ui_marks_layout(const GPtrArray *signals, double from_ms, double to_ms, double width, double mark_width,
                              guint n_lanes) {
  GArray *marks = g_array_new(FALSE, FALSE, sizeof(SightUiMark));
  int last_in_lane[MAX_LANES];
  n_lanes = CLAMP(n_lanes, 1, MAX_LANES);
  for (guint i = 0; i < n_lanes; i++)
    last_in_lane[i] = -1;
  double scale = to_ms > from_ms ? width / (to_ms - from_ms) : 0.0;
  for (guint i = 0; i < signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(signals, i);
    double x = ((double)signal->start_ms - from_ms) * scale;
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
      group->kind = MIN(group->kind, signal->kind);
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
