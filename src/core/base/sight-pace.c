/* SPDX-License-Identifier: MIT */
/* Budgets of requests over sliding stretches of time, and their forecast by going through them. */
#include "sight-pace.h"

#include <string.h>

#define MAX_LIMITS 4
/* A limit is not learned to be lower than this part of what was said of it: another client may share it for a while. */
#define LEAST_PART 8
/* What a forecast goes through one by one; beyond that it is in proportion. */
#define MAX_STEPS 100000
#define LEARNED_HOLDS_MS ((gint64)24 * 3600 * 1000)

struct SightPace {
  SightPaceLimit limits[MAX_LIMITS];
  guint first_n[MAX_LIMITS];
  guint n_limits;
  gint64 not_before_ms, learned_ms;
  /* The times of the newest requests; as many as the largest limit counts. */
  gint64 *times;
  guint size, next;
  guint64 n_times; /* counted in all */
};

SightPace *sight_pace_new(const SightPaceLimit *limits, guint n_limits) {
  g_return_val_if_fail(n_limits >= 1 && n_limits <= MAX_LIMITS, NULL);
  SightPace *pace = g_new0(SightPace, 1);
  pace->n_limits = n_limits;
  pace->not_before_ms = G_MININT64;
  for (guint i = 0; i < n_limits; i++) {
    pace->limits[i] = limits[i];
    pace->first_n[i] = limits[i].n;
    pace->size = MAX(pace->size, limits[i].n);
  }
  pace->times = g_new0(gint64, pace->size);
  return pace;
}

void sight_pace_free(SightPace *pace) {
  if (pace == NULL)
    return;
  g_free(pace->times);
  g_free(pace);
}

/* The time of the request that was the n-th from the end, n from 1. */
static gint64 time_of(const SightPace *pace, guint n) {
  return pace->times[(pace->next + pace->size - n) % pace->size];
}

gint64 sight_pace_wait_ms(const SightPace *pace, gint64 now_ms) {
  gint64 due_ms = MAX(now_ms, pace->not_before_ms);
  for (guint i = 0; i < pace->n_limits; i++) {
    const SightPaceLimit *limit = &pace->limits[i];
    if (pace->n_times >= limit->n)
      due_ms = MAX(due_ms, time_of(pace, limit->n) + limit->ms);
  }
  return due_ms - now_ms;
}

void sight_pace_count(SightPace *pace, gint64 now_ms) {
  pace->times[pace->next] = now_ms;
  pace->next = (pace->next + 1) % pace->size;
  pace->n_times++;
}

/* Of those counted, the ones within the last stretch, but for the newest. */
static guint let_through(const SightPace *pace, gint64 now_ms, gint64 stretch_ms) {
  guint known = (guint)MIN(pace->n_times, pace->size), n = 1;
  while (n < known && time_of(pace, n + 1) > now_ms - stretch_ms)
    n++;
  return n - 1;
}

static void set_limit(SightPace *pace, guint which, guint n, gint64 learned_ms) {
  if (pace->limits[which].n != n)
    pace->learned_ms = learned_ms;
  pace->limits[which].n = n;
}

void sight_pace_refuse(SightPace *pace, gint64 now_ms, gint64 after_ms) {
  guint which = 0;
  while (which + 1 < pace->n_limits && pace->limits[which].ms < after_ms)
    which++;
  SightPaceLimit *limit = &pace->limits[which];
  guint n = let_through(pace, now_ms, limit->ms), least = MAX(1, pace->first_n[which] / LEAST_PART);
  /* A budget that is used up is told to be free again when the oldest request in it is past. */
  if (n > 0 && after_ms >= (time_of(pace, n + 1) + limit->ms - now_ms) / 2)
    set_limit(pace, which, CLAMP(n, MIN(least, limit->n), limit->n), now_ms);
  pace->not_before_ms = MAX(pace->not_before_ms, now_ms + after_ms);
}

gint64 sight_pace_forecast_ms(const SightPace *pace, gint64 now_ms, guint64 n, gint64 each_ms) {
  SightPace ahead = *pace;
  g_autofree gint64 *times = g_memdup2(pace->times, pace->size * sizeof *times);
  gint64 at_ms = now_ms;
  guint64 n_steps = MIN(n, MAX_STEPS);
  ahead.times = times;
  for (guint64 i = 0; i < n_steps; i++) {
    at_ms += sight_pace_wait_ms(&ahead, at_ms);
    sight_pace_count(&ahead, at_ms);
    at_ms += each_ms;
  }
  double part = n_steps > 0 ? (double)n / (double)n_steps : 1;
  return (gint64)((double)(at_ms - now_ms) * part);
}

/* Between processes */

void sight_pace_write(const SightPace *pace, gint64 now_ms, gint64 wall_ms, SightJsonWriter *w) {
  gint64 ahead_ms = wall_ms - now_ms, oldest_ms = now_ms - pace->limits[pace->n_limits - 1].ms;
  sight_json_begin_object(w);
  if (pace->not_before_ms > now_ms)
    sight_json_member_int(w, "not_before_ms", pace->not_before_ms + ahead_ms);
  sight_json_member_int(w, "learned_ms", pace->learned_ms + ahead_ms);
  sight_json_key(w, "limits");
  sight_json_begin_array(w);
  for (guint i = 0; i < pace->n_limits; i++)
    sight_json_put_uint(w, pace->limits[i].n);
  sight_json_end_array(w);
  sight_json_key(w, "sent_ms");
  sight_json_begin_array(w);
  for (guint n = (guint)MIN(pace->n_times, pace->size); n > 0; n--)
    if (time_of(pace, n) > oldest_ms)
      sight_json_put_int(w, time_of(pace, n) + ahead_ms);
  sight_json_end_array(w);
  sight_json_end_object(w);
}

void sight_pace_read(SightPace *pace, SightJson tainted_written, gint64 now_ms, gint64 wall_ms) {
  gint64 longest_ms = pace->limits[pace->n_limits - 1].ms, last_ms = now_ms - longest_ms;
  gint64 learned_ms = sight_json_int(sight_json_get(tainted_written, "learned_ms"), 0);
  gint64 not_before_ms = sight_json_int(sight_json_get(tainted_written, "not_before_ms"), 0);
  SightJsonIter it = sight_json_iter(sight_json_get(tainted_written, "limits"));
  for (guint i = 0; i < pace->n_limits && sight_json_next(&it); i++) {
    gint64 n = sight_json_int(it.value, 0), least = MAX(1, pace->first_n[i] / LEAST_PART);
    if (learned_ms <= wall_ms && learned_ms > wall_ms - LEARNED_HOLDS_MS && n >= least && n < pace->first_n[i])
      set_limit(pace, i, (guint)n, now_ms - (wall_ms - learned_ms));
  }
  /* The clock on the wall may have been put back: then what was sent counts as sent now, and waits are as long as one
   * stretch at most. */
  if (not_before_ms > wall_ms)
    pace->not_before_ms = now_ms + MIN(not_before_ms - wall_ms, longest_ms);
  for (it = sight_json_iter(sight_json_get(tainted_written, "sent_ms")); sight_json_next(&it);) {
    gint64 age_ms = wall_ms - CLAMP(sight_json_int(it.value, 0), 0, wall_ms);
    if (age_ms >= longest_ms)
      continue;
    last_ms = MAX(last_ms, now_ms - age_ms);
    sight_pace_count(pace, last_ms);
  }
}
