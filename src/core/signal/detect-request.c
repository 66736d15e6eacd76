/* SPDX-License-Identifier: MIT */
/* Requests of the page that failed, grouped by method, page of the URL and status. */
#include "sight-detectors.h"
#include "sight-page.h"
#include "sight-text.h"

typedef struct {
  SightSignal *latest; /* borrowed */
} RequestState;

static void request_act(gpointer data, const SightAct *act, const SightScene *scene) {
  RequestState *state = data;
  if (act->kind != SIGHT_ACT_REQUEST)
    return;
  g_autofree char *template = sight_page_template(act->text, NULL);
  g_autofree char *method = sight_text_excerpt(act->method != NULL ? act->method : "GET", -1, 10);
  g_autofree char *status = act->amount > 0 ? g_strdup_printf(" %d", act->amount) : g_strdup("");
  g_autofree char *message = g_strdup_printf("%s %s%s", method, template, status);
  SightSignal *signal =
      sight_scene_report_message(scene, SIGHT_SIGNAL_REQUEST, act->at_ms, message, NULL, &state->latest);
  signal->magnitude = act->amount;
  g_free(signal->fingerprint);
  signal->fingerprint = g_strdup_printf("%s %s", sight_signal_kind_name(SIGHT_SIGNAL_REQUEST), message);
}

const SightDetector sight_detector_request = {"request", sizeof(RequestState), request_act, NULL, NULL};
