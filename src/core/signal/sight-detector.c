/* SPDX-License-Identifier: MIT */
/* How acts reach the detectors. */
#include "sight-detector.h"

#include "sight-detectors.h"
#include "sight-text.h"

#include <string.h>

#define IN_LIST(name) &sight_detector_##name,
const SightDetector *const sight_detectors[] = {SIGHT_DETECTORS(IN_LIST) NULL};

#define MESSAGE_CHARS 500
#define AGAIN_MS 1000
#define TWICE_MS 50

/* What the user does is answered within this time; changes in it are not the page's own rhythm. */
#define ANSWER_MS 300

struct SightWatch {
  SightScene scene;
  char *window, *page;
  SightRhythm *rhythm;
  gint64 last_ms;
  gpointer states[G_N_ELEMENTS(sight_detectors)];
};

SightSignal *sight_scene_report(const SightScene *scene, SightSignalKind kind, gint64 start_ms, gint64 end_ms,
                                const SightTarget *target) {
  SightSignal *signal = g_new0(SightSignal, 1);
  signal->kind = kind;
  signal->start_ms = start_ms;
  signal->end_ms = MAX(start_ms, end_ms);
  signal->window = g_strdup(scene->window);
  signal->page = g_strdup(scene->page);
  signal->count = 1;
  const char *what = "";
  if (target != NULL) {
    signal->node = target->control;
    signal->selector = g_strdup(target->selector);
    signal->target = target->label[0] != '\0' ? g_strdup(target->label) : NULL;
    what = target->selector != NULL ? target->selector : target->label;
  }
  signal->fingerprint = g_strdup_printf("%s %s %s", sight_signal_kind_name(kind), scene->page, what);
  g_ptr_array_add(scene->signals, signal);
  return signal;
}

/* The first line of a stack that names a place: "at f (file:1:2)" or "f@file:1:2". */
static char *top_frame(const char *stack) {
  g_auto(GStrv) lines = g_strsplit(stack != NULL ? stack : "", "\n", 12);
  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip(lines[i]);
    if (g_str_has_prefix(line, "at ") || strchr(line, '@') != NULL || strstr(line, "://") != NULL)
      return sight_text_fold(line);
  }
  return g_strdup("");
}

SightSignal *sight_scene_report_message(const SightScene *scene, SightSignalKind kind, gint64 at_ms,
                                        const char *message, const char *stack, SightSignal **latest) {
  g_autofree char *excerpt = sight_text_excerpt(message != NULL ? message : "", -1, MESSAGE_CHARS);
  const char *plain = g_str_has_prefix(excerpt, "Uncaught ") ? excerpt + strlen("Uncaught ") : excerpt;
  gint64 since_ms = *latest != NULL ? at_ms - (*latest)->end_ms : G_MAXINT64;
  if (since_ms <= AGAIN_MS && g_strcmp0((*latest)->message, plain) == 0) {
    if (since_ms > TWICE_MS)
      (*latest)->count++;
    (*latest)->end_ms = at_ms;
    return *latest;
  }
  g_autofree char *folded = sight_text_fold(plain);
  g_autofree char *frame = top_frame(stack);
  SightSignal *signal = sight_scene_report(scene, kind, at_ms, at_ms, NULL);
  signal->message = g_strdup(plain);
  g_free(signal->fingerprint);
  signal->fingerprint = g_strdup_printf("%s %s %s", sight_signal_kind_name(kind), folded, frame);
  *latest = signal;
  return signal;
}

SightWatch *sight_watch_new(const SightRuleset *rules, const char *window, GPtrArray *signals) {
  SightWatch *watch = g_new0(SightWatch, 1);
  watch->window = g_strdup(window);
  watch->page = g_strdup("/");
  watch->rhythm = sight_rhythm_new();
  watch->scene = (SightScene){.rules = rules,
                              .window = watch->window,
                              .page = watch->page,
                              .acted_ms = G_MININT64,
                              .rhythm = watch->rhythm,
                              .signals = signals};
  for (guint i = 0; sight_detectors[i] != NULL; i++)
    watch->states[i] = g_malloc0(sight_detectors[i]->state_bytes);
  return watch;
}

void sight_watch_free(SightWatch *watch) {
  if (watch == NULL)
    return;
  for (guint i = 0; sight_detectors[i] != NULL; i++) {
    if (sight_detectors[i]->clear != NULL)
      sight_detectors[i]->clear(watch->states[i]);
    g_free(watch->states[i]);
  }
  sight_rhythm_free(watch->rhythm);
  g_free(watch->window);
  g_free(watch->page);
  g_free(watch);
}

void sight_watch_set_page(SightWatch *watch, const char *page, int viewport_height_px) {
  watch->scene.viewport_height_px = viewport_height_px;
  if (g_str_equal(watch->page, page))
    return;
  g_free(watch->page);
  watch->page = g_strdup(page);
  watch->scene.page = watch->page;
}

void sight_watch_set_facts(SightWatch *watch) {
  watch->scene.facts = TRUE;
}

static gboolean is_of_user(SightActKind kind) {
  return kind == SIGHT_ACT_DOWN || kind == SIGHT_ACT_CLICK || kind == SIGHT_ACT_INPUT || kind == SIGHT_ACT_SCROLL;
}

static void learn(SightWatch *watch, const SightAct *act) {
  if (watch->scene.acted_ms != G_MININT64 && act->at_ms - watch->scene.acted_ms <= ANSWER_MS)
    return;
  for (guint i = 0; i < act->n_nodes; i++)
    sight_rhythm_learn(watch->rhythm, act->nodes[i], act->at_ms);
}

void sight_watch_act(SightWatch *watch, const SightAct *act) {
  watch->last_ms = MAX(watch->last_ms, act->at_ms);
  for (guint i = 0; sight_detectors[i] != NULL; i++)
    sight_detectors[i]->act(watch->states[i], act, &watch->scene);
  if (act->kind == SIGHT_ACT_CHANGE)
    learn(watch, act);
  if (act->kind == SIGHT_ACT_PAGE && act->empty)
    sight_rhythm_reset(watch->rhythm);
  if (is_of_user(act->kind) && !(act->kind == SIGHT_ACT_SCROLL && act->empty))
    watch->scene.acted_ms = act->at_ms;
}

void sight_watch_finish(SightWatch *watch, gint64 end_ms) {
  for (guint i = 0; sight_detectors[i] != NULL; i++)
    if (sight_detectors[i]->finish != NULL)
      sight_detectors[i]->finish(watch->states[i], MAX(end_ms, watch->last_ms), &watch->scene);
}
