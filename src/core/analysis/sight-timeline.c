/* SPDX-License-Identifier: MIT */
/* Idle stretches, the activity curve, and the tab in use. */
#include "sight-timeline.h"

#include <math.h>

/* A shorter gap is no wider than a hair on any timeline. */
#define LEAST_GAP_MS 1000

static int by_start(gconstpointer a, gconstpointer b) {
  const SightIdleSpan *x = a, *y = b;
  return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

static int by_beginning(gconstpointer a, gconstpointer b) {
  const SightHole *x = a, *y = b;
  return (x->from_ms > y->from_ms) - (x->from_ms < y->from_ms);
}

static void add_span(const SightFindings *findings, gint64 from_ms, gint64 to_ms, gboolean missing) {
  if (to_ms - from_ms < (missing ? LEAST_GAP_MS : findings->rules->idle_ms))
    return;
  SightIdleSpan span = {.start_ms = from_ms, .end_ms = to_ms, .missing = missing};
  g_array_append_val(findings->analysis->idle, span);
}

/* Nothing is heard of the visitor from here to there: where batches are missing, that does not mean idle. What another
 * tab recorded meanwhile is not quiet. */
static void add_quiet(const SightFindings *findings, gint64 from_ms, gint64 to_ms) {
  for (guint i = 0; i < findings->holes->len; i++) {
    const SightHole *hole = &g_array_index(findings->holes, SightHole, i);
    gint64 hole_from_ms = MAX(hole->from_ms, from_ms), hole_to_ms = MIN(hole->to_ms, to_ms);
    if (hole->from_ms == G_MININT64 || hole_to_ms <= hole_from_ms)
      continue;
    add_span(findings, from_ms, hole_from_ms, FALSE);
    add_span(findings, hole_from_ms, hole_to_ms, TRUE);
    from_ms = hole_to_ms;
  }
  add_span(findings, from_ms, to_ms, FALSE);
}

void sight_timeline_fill_idle(const SightFindings *findings, gint64 duration_ms) {
  g_autoptr(GArray) busy = g_array_new(FALSE, FALSE, sizeof(SightIdleSpan));
  for (guint i = 0; i < findings->activity->len; i++) {
    gint64 at_ms = g_array_index(findings->activity, SightActivity, i).at_ms;
    SightIdleSpan span = {.start_ms = at_ms, .end_ms = at_ms};
    g_array_append_val(busy, span);
  }
  g_array_append_vals(busy, findings->playing->data, findings->playing->len);
  g_array_sort(busy, by_start);
  g_array_sort(findings->holes, by_beginning);
  gint64 until_ms = 0;
  for (guint i = 0; i < busy->len; i++) {
    const SightIdleSpan *span = &g_array_index(busy, SightIdleSpan, i);
    add_quiet(findings, until_ms, span->start_ms);
    until_ms = MAX(until_ms, span->end_ms);
  }
  add_quiet(findings, until_ms, duration_ms);
}

/* Which of `n_bins` a time falls in; durations of years must not overflow. */
static guint bin_of(gint64 at_ms, gint64 duration_ms, guint n_bins) {
  if (duration_ms <= 0)
    return 0;
  double share = (double)CLAMP(at_ms, 0, duration_ms) / (double)duration_ms;
  return MIN((guint)(share * n_bins), n_bins - 1);
}

void sight_timeline_fill_curve(const SightFindings *findings, gint64 duration_ms) {
  double sums[SIGHT_CURVE_BINS] = {0};
  double greatest = 0;
  for (guint i = 0; i < findings->activity->len; i++) {
    const SightActivity *activity = &g_array_index(findings->activity, SightActivity, i);
    sums[bin_of(activity->at_ms, duration_ms, SIGHT_CURVE_BINS)] += activity->weight;
  }
  for (guint i = 0; i < findings->playing->len; i++) {
    const SightIdleSpan *span = &g_array_index(findings->playing, SightIdleSpan, i);
    guint last = bin_of(span->end_ms, duration_ms, SIGHT_CURVE_BINS);
    for (guint bin = bin_of(span->start_ms, duration_ms, SIGHT_CURVE_BINS); bin <= last; bin++)
      sums[bin] = MAX(sums[bin], 1);
  }
  for (guint i = 0; i < SIGHT_CURVE_BINS; i++)
    greatest = MAX(greatest, sums[i]);
  /* The root keeps quiet stretches visible beside a burst of clicks. */
  for (guint i = 0; i < SIGHT_CURVE_BINS; i++)
    findings->analysis->curve[i] = greatest > 0 ? (guint8)lround(255 * sqrt(sums[i] / greatest)) : 0;
}

static int by_time(gconstpointer a, gconstpointer b) {
  const SightTabMoment *x = a, *y = b;
  return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

/* The tab that was begun last among those that are open and not hidden; `none` where there is none. */
static guint newest_visible(const gint64 *begun, const gboolean *hidden, guint n_windows, guint none) {
  guint newest = none;
  for (guint i = 0; i < n_windows; i++)
    if (begun[i] >= 0 && !hidden[i] && (newest == none || begun[i] >= begun[newest]))
      newest = i;
  return newest;
}

static void end_span(const SightFindings *findings, guint window, gint64 start_ms, gint64 end_ms) {
  if (end_ms <= start_ms && findings->analysis->spans->len > 0)
    return;
  SightWindowSpan *span = g_new0(SightWindowSpan, 1);
  span->start_ms = start_ms;
  span->end_ms = end_ms;
  span->window = g_strdup(findings->windows->pdata[window]);
  g_ptr_array_add(findings->analysis->spans, span);
}

void sight_timeline_fill_spans(const SightFindings *findings, gint64 duration_ms) {
  guint n_windows = findings->windows->len;
  guint active = n_windows;
  gint64 since_ms = 0;
  g_autofree gint64 *begun = g_new(gint64, n_windows + 1);
  g_autofree gboolean *hidden = g_new0(gboolean, n_windows + 1);
  for (guint i = 0; i < n_windows; i++)
    begun[i] = -1;
  g_array_sort(findings->moments, by_time);
  for (guint i = 0; i < findings->moments->len; i++) {
    const SightTabMoment *moment = &g_array_index(findings->moments, SightTabMoment, i);
    guint wanted = active;
    if (moment->change == SIGHT_TAB_BEGINS)
      begun[moment->window] = moment->at_ms;
    hidden[moment->window] = moment->change == SIGHT_TAB_HIDDEN;
    if (moment->change == SIGHT_TAB_USED || moment->change == SIGHT_TAB_SHOWN || active == n_windows)
      wanted = moment->window;
    else if (hidden[active])
      wanted = newest_visible(begun, hidden, n_windows, active);
    if (wanted == active)
      continue;
    if (active != n_windows && moment->at_ms > since_ms) {
      end_span(findings, active, since_ms, moment->at_ms);
      since_ms = moment->at_ms;
    }
    active = wanted;
  }
  if (active != n_windows)
    end_span(findings, active, since_ms, duration_ms);
}
