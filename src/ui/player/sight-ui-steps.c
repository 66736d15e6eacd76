/* SPDX-License-Identifier: MIT */
/* Going from page to page, tab to tab, signal to signal. */
#include "sight-ui-steps.h"

/* Somebody who has just gone to a start goes back to the one before it. */
#define JUST_MS 1500
/* Watching a signal begins before it and goes on after it: somebody who is just before one means that one. */
#define SIGNAL_NEAR_MS 5000
#define LEAD_MS 1000
#define SIGNAL_BEFORE_MS 10000
#define SIGNAL_AFTER_MS 5000
#define AROUND_MS 15000

/* Takes a start into account. `found` is -1 at first. */
static void consider(gint64 start_ms, gint64 at_ms, int direction, gint64 *found) {
  if (direction > 0 && start_ms > at_ms && (*found < 0 || start_ms < *found))
    *found = start_ms;
  if (direction < 0 && start_ms < at_ms && start_ms > *found)
    *found = start_ms;
}

static gint64 just_before(gint64 at_ms, int direction) {
  return direction < 0 ? at_ms - JUST_MS : at_ms;
}

/* Nothing before the first start: back to it, unless one is there already. */
static gint64 or_first(gint64 found, gint64 at_ms, int direction) {
  return found < 0 && direction < 0 && at_ms > 0 ? 0 : found;
}

/* A page is gone to where it is in front: in a tab behind, nobody would see it. */
gint64 sight_ui_step_page(const SightAnalysis *analysis, gint64 at_ms, int direction) {
  gint64 found = -1, from_ms = just_before(at_ms, direction);
  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *page = g_ptr_array_index(analysis->pages, i);
    for (guint j = 0; j < analysis->spans->len; j++) {
      const SightWindowSpan *span = g_ptr_array_index(analysis->spans, j);
      gint64 start_ms = MAX(page->start_ms, span->start_ms);
      if (g_strcmp0(span->window, page->window) == 0 && start_ms < MIN(page->end_ms, span->end_ms))
        consider(start_ms, from_ms, direction, &found);
    }
  }
  return or_first(found, at_ms, direction);
}

gint64 sight_ui_step_tab(const SightAnalysis *analysis, gint64 at_ms, int direction) {
  gint64 found = -1, from_ms = just_before(at_ms, direction);
  for (guint i = 0; i < analysis->spans->len; i++) {
    const SightWindowSpan *span = g_ptr_array_index(analysis->spans, i);
    consider(span->start_ms, from_ms, direction, &found);
  }
  return analysis->spans->len > 1 ? or_first(found, at_ms, direction) : -1;
}

gint64 sight_ui_step_signal(const SightAnalysis *analysis, gint64 at_ms, int direction) {
  gint64 found = -1;
  for (guint i = 0; i < analysis->signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(analysis->signals, i);
    consider(signal->start_ms, at_ms, direction, &found);
  }
  return found;
}

const SightPageView *sight_ui_page_at(const SightAnalysis *analysis, const char *window, gint64 at_ms) {
  const SightPageView *found = NULL;
  for (guint i = 0; i < analysis->pages->len; i++) {
    const SightPageView *page = g_ptr_array_index(analysis->pages, i);
    if (page->start_ms <= at_ms && at_ms <= page->end_ms && (!window || g_strcmp0(page->window, window) == 0))
      found = page;
  }
  return found;
}

const SightSignal *sight_ui_signal_near(const SightAnalysis *analysis, gint64 at_ms, gint64 around_ms) {
  const SightSignal *nearest = NULL;
  for (guint i = 0; i < analysis->signals->len; i++) {
    const SightSignal *signal = g_ptr_array_index(analysis->signals, i);
    gint64 distance = ABS(signal->start_ms - at_ms);
    gint64 least = nearest ? ABS(nearest->start_ms - at_ms) : G_MAXINT64;
    if (distance <= around_ms && (distance < least || (distance == least && signal->kind < nearest->kind)))
      nearest = signal;
  }
  return nearest;
}

void sight_ui_stretch_around(const SightAnalysis *analysis, gint64 duration_ms, gint64 at_ms, gint64 *from_ms,
                             gint64 *to_ms, const SightSignal **signal) {
  /* A signal that starts just then is the one that was gone to. */
  const SightSignal *near = analysis ? sight_ui_signal_near(analysis, at_ms, 0) : NULL;
  if (!near && analysis)
    near = sight_ui_signal_near(analysis, at_ms + LEAD_MS, SIGNAL_NEAR_MS);
  *from_ms = near ? near->start_ms - SIGNAL_BEFORE_MS : at_ms - AROUND_MS;
  *to_ms = near ? MAX(near->end_ms, near->start_ms) + SIGNAL_AFTER_MS : at_ms + AROUND_MS;
  *from_ms = CLAMP(*from_ms, 0, MAX(duration_ms - 1, 0));
  *to_ms = CLAMP(*to_ms, *from_ms + 1, MAX(duration_ms, *from_ms + 1));
  if (signal)
    *signal = near;
}
