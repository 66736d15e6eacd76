/* SPDX-License-Identifier: MIT */
/* JavaScript exceptions and unhandled rejections, grouped by message and place. */
#include "sight-detectors.h"

typedef struct {
  SightSignal *latest; /* borrowed */
} ExceptionState;

static void exception_act(gpointer data, const SightAct *act, const SightScene *scene) {
  ExceptionState *state = data;
  if (act->kind == SIGHT_ACT_ERROR)
    sight_scene_report_message(scene, SIGHT_SIGNAL_ERROR, act->at_ms, act->text, act->detail, &state->latest);
}

const SightDetector sight_detector_exception = {"exception", sizeof(ExceptionState), exception_act, NULL, NULL};
