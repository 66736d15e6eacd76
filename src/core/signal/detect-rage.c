/* SPDX-License-Identifier: MIT */
/* Rage clicks: several clicks in a row on one thing that was not made to be clicked so. */
#include "sight-detectors.h"

/* A selection made by the button press comes this much before its click. */
#define SELECT_BEFORE_MS 500
#define SCROLL_AFTER_MS 300

typedef struct {
  SightTarget *target; /* of the first click of the chain, or NULL */
  gint64 start_ms, last_ms;
  int x, y, n_clicks;
  gboolean is_void;
  gint64 selected_ms; /* when text was selected last, plus 1; 0: never */
} RageState;

static void close_chain(RageState *state, const SightScene *scene) {
  if (state->target != NULL && !state->is_void && state->n_clicks >= scene->rules->rage_clicks) {
    SightSignal *signal = sight_scene_report(scene, SIGHT_SIGNAL_RAGE, state->start_ms, state->last_ms, state->target);
    signal->count = state->n_clicks;
    signal->severe = state->n_clicks >= scene->rules->rage_severe_clicks;
  }
  g_clear_pointer(&state->target, sight_target_unref);
}

static gboolean continues(const RageState *state, const SightAct *act, const SightRuleset *rules) {
  if (state->target == NULL || act->at_ms - state->last_ms > rules->rage_gap_ms)
    return FALSE;
  gint64 dx = act->x - (gint64)state->x, dy = act->y - (gint64)state->y;
  if (dx * dx + dy * dy > (gint64)rules->rage_radius_px * rules->rage_radius_px)
    return FALSE;
  return act->target->control == state->target->control;
}

static void click(RageState *state, const SightAct *act, const SightScene *scene) {
  if (!continues(state, act, scene->rules)) {
    close_chain(state, scene);
    state->target = sight_target_ref(act->target);
    state->start_ms = act->at_ms;
    state->n_clicks = 0;
    state->is_void = (act->target->traits &
                      (SIGHT_TARGET_TEXT_FIELD | SIGHT_TARGET_CHOICE | SIGHT_TARGET_STEPPER | SIGHT_TARGET_PAGER)) != 0;
  }
  state->n_clicks++;
  state->last_ms = act->at_ms;
  state->x = act->x;
  state->y = act->y;
  if (state->selected_ms > 0 && act->at_ms - (state->selected_ms - 1) <= SELECT_BEFORE_MS)
    state->is_void = TRUE;
}

static void rage_act(gpointer data, const SightAct *act, const SightScene *scene) {
  RageState *state = data;
  if (act->kind == SIGHT_ACT_CLICK) {
    click(state, act, scene);
    return;
  }
  if (act->kind == SIGHT_ACT_SELECT && !act->empty) {
    state->selected_ms = act->at_ms + 1;
    if (state->target != NULL && act->at_ms - state->last_ms <= SELECT_BEFORE_MS)
      state->is_void = TRUE;
  }
  if (act->kind == SIGHT_ACT_SCROLL && state->target != NULL && act->at_ms - state->last_ms <= SCROLL_AFTER_MS)
    state->is_void = TRUE;
  if (act->kind == SIGHT_ACT_PAGE)
    close_chain(state, scene);
  if (state->target != NULL && act->at_ms - state->last_ms > scene->rules->rage_gap_ms + SCROLL_AFTER_MS)
    close_chain(state, scene);
}

static void rage_finish(gpointer data, gint64 end_ms, const SightScene *scene) {
  close_chain(data, scene);
}

static void rage_clear(gpointer data) {
  RageState *state = data;
  g_clear_pointer(&state->target, sight_target_unref);
}

const SightDetector sight_detector_rage = {"rage", sizeof(RageState), rage_act, rage_finish, rage_clear};
