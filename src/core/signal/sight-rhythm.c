/* SPDX-License-Identifier: MIT */
/* Nodes that change at a steady pace, or without rest, learned from the times of their changes. */
#include "sight-rhythm.h"

#include "sight-hash.h"

/* Changes within one frame are one beat. */
#define SAME_BEAT_MS 8
/* A slower pace than this is none: SIGNALS.md looks at the 5 s before a click. */
#define LONGEST_PERIOD_MS 5000
/* Below it timers are so coarse that only long pauses tell. */
#define FAST_PERIOD_MS 200
/* Two are in step with any later one, sooner or later. */
#define LEAST_BEATS 3
/* A throttled timer leaves beats out. */
#define MAX_LEFT_OUT 4
/* What changes at least so often and for so long has no rest, however uneven its pace is: a film, a busy page's clock.
 */
#define RESTLESS_GAP_MS 1000
#define RESTLESS_MEAN_MS 600
#define RESTLESS_MS 3000
/* Bounds memory on a page that changes everywhere; learning then begins anew. */
#define MAX_NODES 20000

typedef struct {
  gint64 first_ms, last_ms;
  int period_ms; /* 0 until the second beat */
  int n_beats;   /* in step with one another, from first_ms on */
  gint64 run_ms; /* since when no pause was longer than RESTLESS_GAP_MS */
  int run_beats; /* changes since then */
} Beat;

struct SightRhythm {
  GHashTable *beats; /* node → Beat */
};

SightRhythm *sight_rhythm_new(void) {
  SightRhythm *rhythm = g_new0(SightRhythm, 1);
  rhythm->beats = g_hash_table_new_full(sight_hash_number, NULL, NULL, g_free);
  return rhythm;
}

void sight_rhythm_free(SightRhythm *rhythm) {
  if (rhythm == NULL)
    return;
  g_hash_table_unref(rhythm->beats);
  g_free(rhythm);
}

void sight_rhythm_reset(SightRhythm *rhythm) {
  g_hash_table_remove_all(rhythm->beats);
}

static gboolean in_step(const Beat *beat, gint64 gap_ms) {
  gint64 period = beat->period_ms;
  if (period < FAST_PERIOD_MS)
    return gap_ms <= 3 * period + 60;
  gint64 beats = (gap_ms + period / 2) / period;
  if (beats < 1 || beats > MAX_LEFT_OUT)
    return FALSE;
  return ABS(gap_ms - beats * period) <= period * 15 / 100 + 40;
}

void sight_rhythm_learn(SightRhythm *rhythm, int node, gint64 at_ms) {
  Beat *beat = g_hash_table_lookup(rhythm->beats, GINT_TO_POINTER(node));
  if (beat == NULL) {
    if (g_hash_table_size(rhythm->beats) >= MAX_NODES)
      sight_rhythm_reset(rhythm);
    beat = g_new0(Beat, 1);
    beat->first_ms = beat->last_ms = beat->run_ms = at_ms;
    beat->n_beats = 1;
    g_hash_table_insert(rhythm->beats, GINT_TO_POINTER(node), beat);
    return;
  }
  gint64 gap = at_ms - beat->last_ms;
  if (gap <= SAME_BEAT_MS)
    return;
  if (gap > LONGEST_PERIOD_MS) {
    *beat = (Beat){.first_ms = at_ms, .last_ms = at_ms, .n_beats = 1, .run_ms = at_ms};
    return;
  }
  if (gap > RESTLESS_GAP_MS) {
    beat->run_ms = at_ms;
    beat->run_beats = 0;
  }
  beat->run_beats++;
  beat->n_beats++;
  if (beat->period_ms == 0) {
    beat->period_ms = (int)gap;
  } else if (!in_step(beat, gap)) {
    beat->first_ms = beat->last_ms;
    beat->period_ms = (int)gap;
    beat->n_beats = 2;
  } else if (gap * 2 < (gint64)beat->period_ms * 3) {
    beat->period_ms = (int)((3 * (gint64)beat->period_ms + gap) / 4);
  }
  beat->last_ms = at_ms;
}

static gboolean is_restless(const Beat *beat, gint64 at_ms, gint64 since_ms) {
  return since_ms - beat->run_ms >= RESTLESS_MS && at_ms - beat->last_ms <= RESTLESS_GAP_MS &&
         beat->last_ms - beat->run_ms <= (gint64)beat->run_beats * RESTLESS_MEAN_MS;
}

gboolean sight_rhythm_explains(SightRhythm *rhythm, int node, gint64 at_ms, gint64 since_ms) {
  const Beat *beat = g_hash_table_lookup(rhythm->beats, GINT_TO_POINTER(node));
  if (beat == NULL || beat->period_ms == 0)
    return FALSE;
  if (is_restless(beat, at_ms, since_ms))
    return TRUE;
  /* Three beats in step, and two whole periods before the click. */
  if (beat->n_beats < LEAST_BEATS || since_ms - beat->first_ms < 2 * (gint64)beat->period_ms)
    return FALSE;
  gint64 gap = at_ms - beat->last_ms;
  return gap <= SAME_BEAT_MS || in_step(beat, gap);
}
