/* SPDX-License-Identifier: MIT */
/* Quick back: to a page and straight back to where one came from, without having done anything there. */
#include "sight-detectors.h"

/* A page that was left sooner was a redirection, not a visit. */
#define LEAST_MS 300

typedef struct {
  char *before, *url; /* the page before and the one on display */
  gint64 since_ms;
  gboolean used;
} QuickBackState;

static void page(QuickBackState *state, const SightAct *act, const SightScene *scene) {
  gint64 stayed = act->at_ms - state->since_ms;
  if (act->text == NULL || g_strcmp0(act->text, state->url) == 0)
    return;
  if (g_strcmp0(act->text, state->before) == 0 && !state->used && stayed >= LEAST_MS &&
      stayed < scene->rules->quick_back_ms) {
    SightSignal *signal = sight_scene_report(scene, SIGHT_SIGNAL_QUICK_BACK, state->since_ms, act->at_ms, NULL);
    signal->message = g_strdup(scene->page);
    signal->magnitude = (int)stayed;
  }
  g_free(state->before);
  state->before = g_steal_pointer(&state->url);
  state->url = g_strdup(act->text);
  state->since_ms = act->at_ms;
  state->used = FALSE;
}

static void quick_back_act(gpointer data, const SightAct *act, const SightScene *scene) {
  QuickBackState *state = data;
  if (act->kind == SIGHT_ACT_INPUT)
    state->used = TRUE;
  if (act->kind == SIGHT_ACT_PAGE)
    page(state, act, scene);
}

static void quick_back_clear(gpointer data) {
  QuickBackState *state = data;
  g_clear_pointer(&state->before, g_free);
  g_clear_pointer(&state->url, g_free);
}

const SightDetector sight_detector_quick_back = {"quick-back", sizeof(QuickBackState), quick_back_act, NULL,
                                                 quick_back_clear};
