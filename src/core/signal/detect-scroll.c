/* SPDX-License-Identifier: MIT */
/* Excessive scrolling: up and down again, many times, on one page: something is being looked for. */
#include "sight-detectors.h"

#define MAX_SCROLLERS 32
#define USUAL_VIEWPORT_PX 800
/* Nobody scrolls up and down for so long without a sign of a hand: pointer, finger, wheel or keys. */
#define HAND_MS 30000

/* One scrolling box: the page, or an element of it. */
typedef struct {
  int node;
  gboolean started;
  int turn_px;   /* where the current direction began, or the farthest point in it */
  int direction; /* -1, 0, 1 */
  GArray *turns; /* of gint64: times of the reversals in the chain so far */
  gint64 travelled_px;
  gboolean by_hand;
} Scroller;

typedef struct {
  GArray *scrollers;
  gint64 hand_ms; /* plus 1: when a hand was seen last */
} ScrollState;

static void scroller_clear(gpointer data) {
  Scroller *scroller = data;
  g_clear_pointer(&scroller->turns, g_array_unref);
}

static gint64 turn(const Scroller *scroller, guint i) {
  return g_array_index(scroller->turns, gint64, i);
}

/* Whether the chain begins with enough reversals within the window: those too early for it were dropped. */
static gboolean is_excessive(const Scroller *scroller, const SightRuleset *rules) {
  guint n = (guint)rules->scroll_reversals;
  return scroller->turns->len >= n && turn(scroller, n - 1) - turn(scroller, 0) <= rules->scroll_window_ms;
}

static void close_chain(Scroller *scroller, const SightScene *scene) {
  if (scroller->by_hand && is_excessive(scroller, scene->rules)) {
    guint n = scroller->turns->len;
    SightSignal *signal =
        sight_scene_report(scene, SIGHT_SIGNAL_SCROLL, turn(scroller, 0), turn(scroller, n - 1), NULL);
    signal->node = scroller->node;
    signal->count = (int)n;
    signal->magnitude = (int)MIN(scroller->travelled_px, G_MAXINT);
  }
  g_array_set_size(scroller->turns, 0);
  scroller->travelled_px = 0;
  scroller->by_hand = FALSE;
}

static Scroller *find(ScrollState *state, int node) {
  if (state->scrollers == NULL) {
    state->scrollers = g_array_new(FALSE, TRUE, sizeof(Scroller));
    g_array_set_clear_func(state->scrollers, scroller_clear);
  }
  for (guint i = 0; i < state->scrollers->len; i++) {
    Scroller *scroller = &g_array_index(state->scrollers, Scroller, i);
    if (scroller->node == node)
      return scroller;
  }
  if (state->scrollers->len >= MAX_SCROLLERS)
    return NULL;
  Scroller scroller = {.node = node, .turns = g_array_new(FALSE, FALSE, sizeof(gint64))};
  g_array_append_val(state->scrollers, scroller);
  return &g_array_index(state->scrollers, Scroller, state->scrollers->len - 1);
}

static void close_all(ScrollState *state, const SightScene *scene) {
  for (guint i = 0; state->scrollers != NULL && i < state->scrollers->len; i++)
    close_chain(&g_array_index(state->scrollers, Scroller, i), scene);
}

static void reverse(Scroller *scroller, const SightAct *act, int direction, const SightScene *scene) {
  guint n = scroller->turns->len;
  if (n > 0 && act->at_ms - turn(scroller, n - 1) > scene->rules->scroll_window_ms)
    close_chain(scroller, scene);
  if (scroller->direction != 0)
    g_array_append_val(scroller->turns, act->at_ms);
  if (scroller->turns->len >= (guint)scene->rules->scroll_reversals && !is_excessive(scroller, scene->rules))
    g_array_remove_index(scroller->turns, 0);
  scroller->travelled_px += ABS((gint64)act->y - scroller->turn_px);
  scroller->direction = direction;
  scroller->turn_px = act->y;
}

static void scroll_to(Scroller *scroller, const SightAct *act, const SightScene *scene) {
  int viewport = scene->viewport_height_px > 0 ? scene->viewport_height_px : USUAL_VIEWPORT_PX;
  gint64 least = MAX(1, (gint64)viewport * scene->rules->scroll_share_percent / 100);
  gint64 moved = (gint64)act->y - scroller->turn_px;
  if (!scroller->started) {
    scroller->started = TRUE;
    scroller->turn_px = act->y;
    return;
  }
  gboolean onward = scroller->direction != 0 && (moved > 0) == (scroller->direction > 0);
  if (onward) {
    /* In small steps, as a wheel or a finger makes them; what a script does jumps. */
    scroller->by_hand |= moved != 0 && ABS(moved) < least;
    scroller->travelled_px += ABS(moved);
    scroller->turn_px = act->y;
  } else if (ABS(moved) >= least) {
    reverse(scroller, act, moved > 0 ? 1 : -1, scene);
  }
}

static void scroll_act(gpointer data, const SightAct *act, const SightScene *scene) {
  ScrollState *state = data;
  if (act->kind == SIGHT_ACT_PAGE) {
    close_all(state, scene);
    g_clear_pointer(&state->scrollers, g_array_unref);
  }
  if (act->kind == SIGHT_ACT_MOVE || act->kind == SIGHT_ACT_DOWN || act->kind == SIGHT_ACT_CLICK ||
      act->kind == SIGHT_ACT_INPUT || act->kind == SIGHT_ACT_WHEEL)
    state->hand_ms = act->at_ms + 1;
  if (act->kind != SIGHT_ACT_SCROLL || act->empty)
    return;
  Scroller *scroller = find(state, act->node);
  if (scroller == NULL)
    return;
  scroll_to(scroller, act, scene);
  scroller->by_hand |= state->hand_ms > 0 && act->at_ms - (state->hand_ms - 1) <= HAND_MS;
}

static void scroll_finish(gpointer data, gint64 end_ms, const SightScene *scene) {
  close_all(data, scene);
}

static void scroll_clear(gpointer data) {
  ScrollState *state = data;
  g_clear_pointer(&state->scrollers, g_array_unref);
}

const SightDetector sight_detector_scroll = {"scroll", sizeof(ScrollState), scroll_act, scroll_finish, scroll_clear};
