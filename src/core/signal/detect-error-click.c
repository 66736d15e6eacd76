/* SPDX-License-Identifier: MIT */
/* Error clicks: an exception, a console error or a failing request that begins right after a click. */
#include "sight-detectors.h"
#include "sight-text.h"

#define MESSAGE_CHARS 300
/* Requests may fail long after they began: so many clicks are remembered. */
#define MAX_CLICKS 16
/* The same error after a click on the same thing again is the same trouble, as long as the user keeps trying. */
#define AGAIN_MS 10000

typedef struct {
  SightTarget *target;
  gint64 at_ms, until_ms; /* until_ms: when the user did something else; G_MAXINT64: not yet */
  gboolean reported;
} Click;

typedef struct {
  Click clicks[MAX_CLICKS]; /* a ring */
  guint next;
  SightSignal *latest; /* borrowed */
} ErrorClickState;

static Click *newest(ErrorClickState *state) {
  return &state->clicks[(state->next + MAX_CLICKS - 1) % MAX_CLICKS];
}

static void click(ErrorClickState *state, const SightAct *act) {
  newest(state)->until_ms = MIN(newest(state)->until_ms, act->at_ms);
  Click *slot = &state->clicks[state->next];
  g_clear_pointer(&slot->target, sight_target_unref);
  *slot = (Click){.target = sight_target_ref(act->target), .at_ms = act->at_ms, .until_ms = G_MAXINT64};
  state->next = (state->next + 1) % MAX_CLICKS;
}

static void report(ErrorClickState *state, const Click *click, const SightAct *act, const SightScene *scene) {
  g_autofree char *message = sight_text_excerpt(act->text != NULL ? act->text : "", -1, MESSAGE_CHARS);
  SightSignal *latest = state->latest;
  if (latest != NULL && latest->node == click->target->control && g_strcmp0(latest->message, message) == 0 &&
      click->at_ms - latest->end_ms <= AGAIN_MS) {
    latest->count++;
    latest->end_ms = MAX(latest->end_ms, act->at_ms);
    return;
  }
  state->latest = sight_scene_report(scene, SIGHT_SIGNAL_ERROR_CLICK, click->at_ms, act->at_ms, click->target);
  state->latest->message = g_steal_pointer(&message);
  state->latest->magnitude = act->amount;
}

static void trouble(ErrorClickState *state, const SightAct *act, gint64 began_ms, const SightScene *scene) {
  for (guint i = 0; i < MAX_CLICKS; i++) {
    Click *click = &state->clicks[i];
    gint64 after = began_ms - click->at_ms;
    if (click->target == NULL || click->reported || after < 0 || after > scene->rules->error_click_ms ||
        began_ms >= click->until_ms)
      continue;
    click->reported = TRUE;
    report(state, click, act, scene);
  }
}

static void error_click_act(gpointer data, const SightAct *act, const SightScene *scene) {
  ErrorClickState *state = data;
  if (act->kind == SIGHT_ACT_CLICK)
    click(state, act);
  if (act->kind == SIGHT_ACT_INPUT && act->at_ms > newest(state)->at_ms)
    newest(state)->until_ms = MIN(newest(state)->until_ms, act->at_ms);
  if (act->kind == SIGHT_ACT_ERROR || act->kind == SIGHT_ACT_CONSOLE)
    trouble(state, act, act->at_ms, scene);
  if (act->kind == SIGHT_ACT_REQUEST)
    trouble(state, act, act->began_ms, scene);
}

static void error_click_clear(gpointer data) {
  ErrorClickState *state = data;
  for (guint i = 0; i < MAX_CLICKS; i++)
    g_clear_pointer(&state->clicks[i].target, sight_target_unref);
}

const SightDetector sight_detector_error_click = {"error-click", sizeof(ErrorClickState), error_click_act, NULL,
                                                  error_click_clear};
