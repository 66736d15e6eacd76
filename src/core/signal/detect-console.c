/* SPDX-License-Identifier: MIT */
/* What the page wrote as an error to its console. */
#include "sight-detectors.h"

typedef struct {
  SightSignal *latest; /* borrowed */
} ConsoleState;

static void console_act(gpointer data, const SightAct *act, const SightScene *scene) {
  ConsoleState *state = data;
  if (act->kind == SIGHT_ACT_CONSOLE)
    sight_scene_report_message(scene, SIGHT_SIGNAL_CONSOLE, act->at_ms, act->text, act->detail, &state->latest);
}

const SightDetector sight_detector_console = {"console", sizeof(ConsoleState), console_act, NULL, NULL};
