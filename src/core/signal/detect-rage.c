/* SPDX-License-Identifier: MIT */
/* Rage clicks: several clicks in a row on one thing, and nothing answers them at once. */
#include "sight-detectors.h"

/* A selection made by the button press comes this much before its click. */
#define SELECT_BEFORE_MS 500
#define SCROLL_AFTER_MS 300
/* What the recorder saw is told this much later. */
#define LATE_MS 500
/* Longer chains are not told click by click. */
#define MAX_OPEN 64
/* Who clicks until nothing is left to undo clicks once in vain. */
#define IN_VAIN 1

typedef struct {
  SightTarget *target; /* of the first click of the chain, or NULL */
  gint64 start_ms, last_ms;
  int x, y, n_clicks;
  gboolean is_void;
  gint64 open_ms[MAX_OPEN]; /* clicks that nothing answered yet */
  int n_open, n_answered;
  gboolean pressed, early; /* between button down and click; what came then answers the click */
  gint64 selected_ms;      /* when text was selected last, plus 1; 0: never */
} RageState;

/* Each click was answered, or all but the last. */
static gboolean is_answered(const RageState *state) {
  return state->n_answered > 0 && state->n_clicks - state->n_answered <= IN_VAIN;
}

static void close_chain(RageState *state, const SightScene *scene) {
  if (state->target != NULL && !state->is_void && !is_answered(state) && state->n_clicks >= scene->rules->rage_clicks) {
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
  const guint made_for_it = SIGHT_TARGET_TEXT_FIELD | SIGHT_TARGET_CHOICE | SIGHT_TARGET_LABEL | SIGHT_TARGET_STEPPER |
                            SIGHT_TARGET_PAGER | SIGHT_TARGET_MEDIA;
  if (!continues(state, act, scene->rules)) {
    close_chain(state, scene);
    state->target = sight_target_ref(act->target);
    state->start_ms = act->at_ms;
    state->n_clicks = state->n_open = state->n_answered = 0;
    state->is_void = (act->target->traits & made_for_it) != 0;
  }
  state->n_clicks++;
  if (state->early)
    state->n_answered++;
  else if (state->n_open < MAX_OPEN)
    state->open_ms[state->n_open++] = act->at_ms;
  state->pressed = state->early = FALSE;
  state->last_ms = act->at_ms;
  state->x = act->x;
  state->y = act->y;
  if (state->selected_ms > 0 && act->at_ms - (state->selected_ms - 1) <= SELECT_BEFORE_MS)
    state->is_void = TRUE;
}

static gboolean is_answer(const RageState *state, const SightAct *act, const SightScene *scene) {
  if (act->kind == SIGHT_ACT_INPUT || act->kind == SIGHT_ACT_PAGE)
    return TRUE;
  if (act->kind == SIGHT_ACT_ANSWER)
    return act->node == 0 || act->node == state->target->node || act->node == state->target->control;
  if (act->kind != SIGHT_ACT_CHANGE)
    return FALSE;
  for (guint i = 0; i < act->n_nodes; i++)
    if (!sight_rhythm_explains(scene->rhythm, act->nodes[i], act->at_ms, state->start_ms))
      return TRUE;
  return act->n_nodes == 0;
}

static void answer(RageState *state, const SightAct *act, const SightScene *scene) {
  gint64 at_ms = act->at_ms;
  int kept = 0;
  for (int i = 0; i < state->n_open; i++) {
    gint64 after_ms = at_ms - state->open_ms[i];
    if (act->kind == SIGHT_ACT_ANSWER && act->amount > 0)
      after_ms = MIN(after_ms, act->amount);
    if (after_ms <= scene->rules->rage_answer_ms)
      state->n_answered++;
    else
      state->open_ms[kept++] = state->open_ms[i];
  }
  state->n_open = kept;
  state->early = state->pressed;
}

static void rage_act(gpointer data, const SightAct *act, const SightScene *scene) {
  RageState *state = data;
  if (act->kind == SIGHT_ACT_CLICK) {
    click(state, act, scene);
    return;
  }
  if (act->kind == SIGHT_ACT_DOWN) {
    state->pressed = TRUE;
    state->early = FALSE;
  }
  if (state->target != NULL && is_answer(state, act, scene))
    answer(state, act, scene);
  if (act->kind == SIGHT_ACT_SELECT && !act->empty) {
    state->selected_ms = act->at_ms + 1;
    if (state->target != NULL && act->at_ms - state->last_ms <= SELECT_BEFORE_MS)
      state->is_void = TRUE;
  }
  if (act->kind == SIGHT_ACT_SCROLL && state->target != NULL && act->at_ms - state->last_ms <= SCROLL_AFTER_MS)
    state->is_void = TRUE;
  if (act->kind == SIGHT_ACT_PAGE)
    close_chain(state, scene);
  if (state->target != NULL &&
      act->at_ms - state->last_ms > MAX(scene->rules->rage_gap_ms, scene->rules->rage_answer_ms) + LATE_MS)
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
