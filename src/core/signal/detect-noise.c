/* SPDX-License-Identifier: MIT */
/* What is reported like an error and is none of the page's (see sight-noise), told once for as long as it goes on. */
#include "sight-detectors.h"
#include "sight-text.h"

/* Loops report themselves whenever something moves: within this time it is the same noise. */
#define AGAIN_MS 60000

typedef struct {
  SightSignal *latest; /* borrowed */
  char *text;          /* of it, as recorded */
} NoiseState;

static void noise_act(gpointer data, const SightAct *act, const SightScene *scene) {
  NoiseState *state = data;
  if (act->kind != SIGHT_ACT_NOISE)
    return;
  if (state->latest != NULL && g_strcmp0(state->text, act->text) == 0 &&
      act->at_ms - state->latest->end_ms <= AGAIN_MS) {
    state->latest->count++;
    state->latest->end_ms = act->at_ms;
    return;
  }
  sight_scene_report_message(scene, SIGHT_SIGNAL_NOISE, act->at_ms, act->text, act->detail, &state->latest);
  g_free(state->text);
  state->text = g_strdup(act->text);
}

static void noise_clear(gpointer data) {
  g_free(((NoiseState *)data)->text);
}

const SightDetector sight_detector_noise = {"noise", sizeof(NoiseState), noise_act, NULL, noise_clear};
