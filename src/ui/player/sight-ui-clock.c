/* SPDX-License-Identifier: MIT */
/* SightUiClock: the playhead in motion, and what it jumps over. */
#include "sight-ui-clock.h"

#define LEAD_IN_MS 800
#define LEAD_OUT_MS 1000
#define WORTH_MS 2000

void sight_ui_clock_start(SightUiClock *clock, gint64 position_ms, double speed, gint64 now_us) {
  *clock = (SightUiClock){position_ms, now_us, speed};
}

gint64 sight_ui_clock_position(const SightUiClock *clock, gint64 now_us) {
  return clock->base_ms + (gint64)((double)MAX(now_us - clock->base_us, 0) / 1000.0 * clock->speed);
}

gint64 sight_ui_clock_skip(const SightAnalysis *analysis, gint64 position_ms) {
  for (guint i = 0; i < analysis->idle->len; i++) {
    const SightIdleSpan *span = &g_array_index(analysis->idle, SightIdleSpan, i);
    gint64 to_ms = span->end_ms - LEAD_OUT_MS;
    if (position_ms >= span->start_ms + LEAD_IN_MS && to_ms - position_ms >= WORTH_MS)
      return to_ms;
  }
  return -1;
}

GArray *sight_ui_clock_skipped(const SightAnalysis *analysis) {
  GArray *skipped = g_array_new(FALSE, FALSE, sizeof(SightIdleSpan));
  for (guint i = 0; i < analysis->idle->len; i++) {
    SightIdleSpan span = g_array_index(analysis->idle, SightIdleSpan, i);
    span.start_ms += LEAD_IN_MS;
    span.end_ms -= LEAD_OUT_MS;
    if (span.end_ms - span.start_ms >= WORTH_MS)
      g_array_append_val(skipped, span);
  }
  return skipped;
}

const char *sight_ui_clock_window(const SightAnalysis *analysis, gint64 position_ms) {
  const char *window = NULL;
  for (guint i = 0; i < analysis->spans->len; i++) {
    const SightWindowSpan *span = g_ptr_array_index(analysis->spans, i);
    if (window && span->start_ms > position_ms)
      break;
    window = span->window;
  }
  return window;
}
