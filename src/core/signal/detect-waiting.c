/* SPDX-License-Identifier: MIT */
/* Waiting: a busy indicator in view for long. */
#include "sight-detectors.h"

#define MAX_BUSY 64
/* What comes this soon after an act was asked for by it. */
#define ASKED_MS 1500

typedef struct {
  int node;
  gint64 since_ms;
  gboolean asked;
} Busy;

typedef struct {
  Busy busy[MAX_BUSY]; /* those in view */
  guint n_busy;
  gint64 acted_ms;     /* plus 1 */
  SightSignal *latest; /* borrowed */
} WaitingState;

static void end(WaitingState *state, guint i, gint64 at_ms, const SightScene *scene) {
  Busy busy = state->busy[i];
  state->busy[i] = state->busy[--state->n_busy];
  gint64 waited = at_ms - busy.since_ms;
  if (waited < (busy.asked ? scene->rules->waiting_after_act_ms : scene->rules->waiting_ms))
    return;
  /* Several at the same time are one waiting. */
  if (state->latest != NULL && busy.since_ms <= state->latest->end_ms) {
    state->latest->start_ms = MIN(state->latest->start_ms, busy.since_ms);
    state->latest->end_ms = MAX(state->latest->end_ms, at_ms);
  } else {
    state->latest = sight_scene_report(scene, SIGHT_SIGNAL_WAITING, busy.since_ms, at_ms, NULL);
    state->latest->node = busy.node;
  }
  state->latest->magnitude = (int)MIN(state->latest->end_ms - state->latest->start_ms, G_MAXINT);
}

static void end_all(WaitingState *state, gint64 at_ms, const SightScene *scene) {
  while (state->n_busy > 0)
    end(state, state->n_busy - 1, at_ms, scene);
}

static void notice(WaitingState *state, const SightAct *act, const SightScene *scene) {
  guint i = 0;
  while (i < state->n_busy && state->busy[i].node != act->node)
    i++;
  if (g_strcmp0(act->detail, "gone") == 0 || g_strcmp0(act->detail, "left") == 0) {
    if (i < state->n_busy)
      end(state, i, act->at_ms, scene);
    return;
  }
  if (i < state->n_busy || state->n_busy >= MAX_BUSY || act->amount <= 0)
    return;
  gboolean asked = state->acted_ms > 0 && act->at_ms - (state->acted_ms - 1) <= ASKED_MS;
  state->busy[state->n_busy++] = (Busy){.node = act->node, .since_ms = act->at_ms, .asked = asked};
}

/* What asks the page for something: a click, Enter, a form that is sent. */
static gboolean asks(const SightAct *act) {
  gboolean form = act->kind == SIGHT_ACT_FORM;
  return act->kind == SIGHT_ACT_CLICK || act->kind == SIGHT_ACT_ENTER ||
         (form && (g_strcmp0(act->detail, "submit") == 0 || g_strcmp0(act->detail, "sent") == 0));
}

static void waiting_act(gpointer data, const SightAct *act, const SightScene *scene) {
  WaitingState *state = data;
  if (asks(act))
    state->acted_ms = act->at_ms + 1;
  if (act->kind == SIGHT_ACT_NOTICE && g_strcmp0(act->text, "busy") == 0)
    notice(state, act, scene);
  if (act->kind == SIGHT_ACT_PAGE || act->kind == SIGHT_ACT_LEAVE)
    end_all(state, act->at_ms, scene);
}

static void waiting_finish(gpointer data, gint64 end_ms, const SightScene *scene) {
  end_all(data, end_ms, scene);
}

const SightDetector sight_detector_waiting = {"waiting", sizeof(WaitingState), waiting_act, waiting_finish, NULL};
