/* SPDX-License-Identifier: MIT */
/* Unseen messages: told to the user outside of what the user sees, while the user goes on. */
#include "sight-detectors.h"

#define MAX_NOTICES 64
/* Messages that come together say the same: one that is seen is enough. */
#define TOGETHER_MS 500
/* What is gone sooner was never meant to be read. */
#define LEAST_MS 1000
/* Whoever does nothing for so long is not going on. */
#define LONGEST_MS 30000

typedef struct {
  int node, off_px;
  gint64 shown_ms;
  gboolean acted;  /* the user did something since */
  gboolean routed; /* the page put another view there since, and may take the message away with the one before */
} Notice;

typedef struct {
  Notice notices[MAX_NOTICES];
  guint n_notices;
  gint64 seen_ms;     /* when a message was shown in view, or came into it; plus 1 */
  gint64 reported_ms; /* when the latest reported one was shown; plus 1 */
} UnseenState;

static void forget(UnseenState *state, guint i) {
  state->notices[i] = state->notices[--state->n_notices];
}

static void report(UnseenState *state, const Notice *notice, const SightScene *scene) {
  gint64 seen_before = notice->shown_ms - (state->seen_ms - 1);
  if (!notice->acted || (state->seen_ms > 0 && ABS(seen_before) <= TOGETHER_MS))
    return;
  if (state->reported_ms > 0 && notice->shown_ms - (state->reported_ms - 1) <= TOGETHER_MS)
    return;
  SightSignal *signal = sight_scene_report(scene, SIGHT_SIGNAL_UNSEEN, notice->shown_ms,
                                           notice->shown_ms + scene->rules->unseen_ms, NULL);
  signal->node = notice->node;
  signal->magnitude = notice->off_px;
  state->reported_ms = notice->shown_ms + 1;
}

static void expire(UnseenState *state, gint64 now_ms, const SightScene *scene) {
  for (guint i = 0; i < state->n_notices;) {
    const Notice *notice = &state->notices[i];
    gint64 age = now_ms - notice->shown_ms;
    gboolean waits = age < scene->rules->unseen_ms || (!notice->acted && age < LONGEST_MS);
    if (waits) {
      i++;
      continue;
    }
    report(state, notice, scene);
    forget(state, i);
  }
}

static void seen(UnseenState *state, const SightAct *act) {
  for (guint i = 0; i < state->n_notices;)
    if (state->notices[i].node == act->node)
      forget(state, i);
    else
      i++;
}

static void gone(UnseenState *state, const SightAct *act) {
  for (guint i = 0; i < state->n_notices;) {
    Notice *notice = &state->notices[i];
    if (notice->node == act->node && (notice->routed || act->at_ms - notice->shown_ms < LEAST_MS))
      forget(state, i);
    else
      i++;
  }
}

static void notice(UnseenState *state, const SightAct *act) {
  /* A field that is marked is not the message that says why. */
  if (g_strcmp0(act->text, "busy") == 0 || act->detail == NULL || act->field != NULL)
    return;
  if (g_str_equal(act->detail, "gone")) {
    gone(state, act);
    return;
  }
  if (g_str_equal(act->detail, "seen") || act->amount > 0) {
    /* That of a message which was there for long already says nothing of new ones. */
    if (g_str_equal(act->detail, "shown"))
      state->seen_ms = act->at_ms + 1;
    seen(state, act);
    return;
  }
  /* Neither above nor below: beside the page, or cut off, where things for screen readers are. */
  if (act->y == 0)
    return;
  if (g_str_equal(act->detail, "shown") && state->n_notices < MAX_NOTICES)
    state->notices[state->n_notices++] = (Notice){.node = act->node, .off_px = act->y, .shown_ms = act->at_ms};
}

static void unseen_act(gpointer data, const SightAct *act, const SightScene *scene) {
  UnseenState *state = data;
  gboolean goes_on = act->kind == SIGHT_ACT_CLICK || act->kind == SIGHT_ACT_SCROLL || act->kind == SIGHT_ACT_INPUT ||
                     (act->kind == SIGHT_ACT_FORM && g_strcmp0(act->detail, "submit") == 0);
  expire(state, act->at_ms, scene);
  for (guint i = 0; goes_on && i < state->n_notices; i++)
    state->notices[i].acted |= act->at_ms > state->notices[i].shown_ms;
  if (act->kind == SIGHT_ACT_NOTICE)
    notice(state, act);
  if (goes_on)
    expire(state, act->at_ms, scene);
  if (act->kind == SIGHT_ACT_PAGE && act->empty)
    state->n_notices = 0;
  for (guint i = 0; act->kind == SIGHT_ACT_PAGE && i < state->n_notices; i++)
    state->notices[i].routed = TRUE;
}

const SightDetector sight_detector_unseen = {"unseen", sizeof(UnseenState), unseen_act, NULL, NULL};
