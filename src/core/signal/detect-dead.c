/* SPDX-License-Identifier: MIT */
/* Dead clicks: a click that nothing answers; and slow clicks, which are answered late. */
#include "sight-detectors.h"

#include <string.h>

/* A selection or a focus change made by the button press comes this much before its click. */
#define PRESS_MS 500
/* What follows a later act of the user within this time answers that one. */
#define OWN_ANSWER_MS 300
/* That the page kept the browser from following a link is told this soon, however busy it is. */
#define KEPT_MS 2000
/* More clicks than this are not waited for at once. */
#define MAX_WAITING 64
/* Where the pointer was is told this much later, and what answered as well. */
#define LATE_MS 700
/* An element changes its look this soon after the pointer came over it or left it, as far as samples of its way tell.
 */
#define HOVER_MS 400
#define HOVER_BEFORE_MS 150
/* A page that scrolls this soon may have been led there. */
#define LED_MS 1000
#define MAX_OVER 32
#define MAX_CROSSED 128
#define MAX_MAYBES 6
#define MAYBE_NODES 6

/* Looks that changed, and what changed late: an answer, unless the pointer turns out to have been the cause. */
typedef struct {
  gint64 at_ms;
  int nodes[MAYBE_NODES];
  guint n_nodes;
  gboolean late; /* after the wait for an answer; then it need not be a look */
} Maybe;

typedef struct {
  SightTarget *target;
  gint64 at_ms;
  gint64 next_act_ms; /* of the user, on something else; G_MAXINT64: none yet */
  gboolean hinted;
  gboolean leads;   /* somewhere else, as far as is known: whatever comes of it is the browser's */
  gint64 hidden_ms; /* plus 1: the tab was hidden when the wait was over; nobody saw what came then; 0: no */
  Maybe maybes[MAX_MAYBES];
  guint n_maybes;
} Waiting;

typedef struct {
  int node;
  gint64 at_ms;
} Crossing;

typedef struct {
  GArray *waiting;     /* of Waiting, by time */
  gboolean pressed;    /* between button down and up */
  gint64 pressed_ms;   /* plus 1; 0: never */
  gboolean early;      /* something answered the press before the click came */
  gint64 selected_ms;  /* plus 1; 0: never */
  SightSignal *latest; /* the newest finding, borrowed, which further clicks of its chain count in */
  int latest_control;
  gint64 scrolled_ms; /* plus 1; 0: never */
  gint64 focused_ms;  /* when the focus moved without a press, plus 1; 0: never */
  int slow_control;   /* what answered late before: where the wait is cut short, nothing is claimed of it */
  gint64 slow_ms;     /* end of the latest slow click, plus 1: more clicks in it are the same waiting */
  int over[MAX_OVER]; /* what the pointer is over */
  guint n_over;
  Crossing crossed[MAX_CROSSED]; /* a ring: what it came over or left */
  guint n_crossed;
} DeadState;

static void waiting_clear(gpointer data) {
  Waiting *waiting = data;
  g_clear_pointer(&waiting->target, sight_target_unref);
}

static gboolean looks_alive(const Waiting *waiting) {
  return waiting->hinted || (waiting->target->traits & SIGHT_TARGET_INTERACTIVE) != 0;
}

static void report(DeadState *state, const Waiting *waiting, gint64 end_ms, const SightScene *scene) {
  const SightRuleset *rules = scene->rules;
  gint64 until = MIN(waiting->at_ms + rules->dead_wait_ms, end_ms);
  gint64 watched_ms = (waiting->hidden_ms > 0 ? waiting->hidden_ms - 1 : end_ms) - waiting->at_ms;
  if (waiting->leads || (waiting->target->control == state->slow_control && watched_ms < rules->slow_wait_ms))
    return;
  if (state->latest != NULL && state->latest_control == waiting->target->control &&
      waiting->at_ms - state->latest->end_ms <= 0) {
    state->latest->count++;
    state->latest->end_ms = until;
    return;
  }
  state->latest = sight_scene_report(scene, SIGHT_SIGNAL_DEAD, waiting->at_ms, until, waiting->target);
  state->latest_control = waiting->target->control;
  /* Whether it looked as if it should do something: others weigh less. So do those of which it cannot be known what
   * answered outside of the page. */
  state->latest->magnitude = (looks_alive(waiting) ? 2 : 1) * (scene->facts ? 2 : 1);
}

/* Whether what happens now may still be taken for an answer. Of what does not look or listen as if it did anything,
 * which only our recorder tells, what comes late is chance. */
static gboolean in_time(const Waiting *waiting, gint64 at_ms, const SightScene *scene) {
  gint64 since_ms = at_ms - waiting->at_ms;
  if (since_ms <= scene->rules->dead_wait_ms)
    return TRUE;
  if (scene->facts && !looks_alive(waiting))
    return FALSE;
  return since_ms <= scene->rules->slow_wait_ms && waiting->next_act_ms >= at_ms;
}

typedef gboolean (*Answers)(const Waiting *waiting, const SightAct *act, const SightScene *scene);

/* Only for what looks as if it does something: beside plain text, anything that happens later is chance. */
static void report_slow(DeadState *state, const Waiting *waiting, gint64 at_ms, const SightScene *scene) {
  gint64 took_ms = at_ms - waiting->at_ms;
  if (waiting->leads || !looks_alive(waiting) || took_ms <= scene->rules->dead_wait_ms ||
      took_ms > scene->rules->slow_wait_ms)
    return;
  if (state->slow_ms != 0 && waiting->at_ms < state->slow_ms - 1)
    return;
  SightSignal *signal = sight_scene_report(scene, SIGHT_SIGNAL_SLOW, waiting->at_ms, at_ms, waiting->target);
  signal->magnitude = (int)took_ms;
  state->slow_control = waiting->target->control;
  state->slow_ms = at_ms + 1;
}

static gboolean was_crossed(const DeadState *state, int node, gint64 from_ms, gint64 to_ms) {
  for (guint i = 0; i < MIN(state->n_crossed, MAX_CROSSED); i++)
    if (state->crossed[i].node == node && state->crossed[i].at_ms >= from_ms && state->crossed[i].at_ms <= to_ms)
      return TRUE;
  return FALSE;
}

/* What comes late, just as the pointer leaves what was clicked, is that which was said of it while it was there. */
static gboolean is_parting(const DeadState *state, const Waiting *waiting, const Maybe *maybe) {
  gint64 from_ms = MAX(waiting->at_ms + 1, maybe->at_ms - HOVER_MS), to_ms = maybe->at_ms + HOVER_BEFORE_MS;
  return maybe->late && (was_crossed(state, waiting->target->node, from_ms, to_ms) ||
                         was_crossed(state, waiting->target->control, from_ms, to_ms));
}

/* Reports those for which it is certain by now that nothing will answer. */
static void expire(DeadState *state, gint64 now_ms, const SightScene *scene) {
  const SightRuleset *rules = scene->rules;
  for (guint i = 0; state->waiting != NULL && i < state->waiting->len;) {
    const Waiting *waiting = &g_array_index(state->waiting, Waiting, i);
    /* A late answer counts as one only where the user clicked or typed nothing else meanwhile. */
    gboolean acted = waiting->next_act_ms <= now_ms;
    int wait_ms = acted ? rules->dead_wait_ms : MAX(rules->slow_wait_ms, rules->dead_wait_ms);
    gboolean answered = waiting->n_maybes > 0 && now_ms - waiting->maybes[0].at_ms > LATE_MS;
    if (!answered && (waiting->n_maybes > 0 || now_ms - waiting->at_ms <= wait_ms + LATE_MS)) {
      i++;
      continue;
    }
    if (answered && !is_parting(state, waiting, &waiting->maybes[0]))
      report_slow(state, waiting, waiting->maybes[0].at_ms, scene);
    else
      report(state, waiting, now_ms, scene);
    g_array_remove_index(state->waiting, i);
  }
}

/* When the answer came of which the recorder tells; it looks only now and then, so it may be a little late. */
static gint64 told_ms(const Waiting *waiting, const SightAct *act, const SightScene *scene) {
  gint64 at_ms = act->amount > 0 ? MIN(waiting->at_ms + act->amount, act->at_ms) : act->at_ms;
  gint64 in_time_ms = waiting->at_ms + scene->rules->dead_wait_ms;
  return at_ms > in_time_ms && at_ms <= in_time_ms + LATE_MS ? in_time_ms : at_ms;
}

static void answer(DeadState *state, const SightAct *act, const SightScene *scene, Answers answers) {
  for (guint i = 0; state->waiting != NULL && i < state->waiting->len;) {
    const Waiting *waiting = &g_array_index(state->waiting, Waiting, i);
    if (!answers(waiting, act, scene)) {
      i++;
      continue;
    }
    if (act->kind == SIGHT_ACT_ANSWER)
      report_slow(state, waiting, told_ms(waiting, act, scene), scene);
    if (act->kind == SIGHT_ACT_PAGE || (act->kind == SIGHT_ACT_LEAVE && !act->empty))
      report_slow(state, waiting, act->at_ms, scene);
    g_array_remove_index(state->waiting, i);
  }
}

static gboolean always(const Waiting *waiting, const SightAct *act, const SightScene *scene) {
  return TRUE;
}

static gboolean is_of_target(const Waiting *waiting, int node) {
  return node == waiting->target->node || node == waiting->target->control;
}

static gboolean input_answers(const Waiting *waiting, const SightAct *act, const SightScene *scene) {
  return is_of_target(waiting, act->node) || act->at_ms - waiting->at_ms <= OWN_ANSWER_MS;
}

/* Later it is moved by a key, of which nothing is told. */
static gboolean focus_answers(const Waiting *waiting, const SightAct *act, const SightScene *scene) {
  return !is_of_target(waiting, act->node) && act->at_ms - waiting->at_ms <= scene->rules->dead_wait_ms;
}

/* A script that scrolls the page leads somewhere, as smoothly as it likes. Where nobody tells who scrolls, it may have
 * been one while it is early. */
static gboolean scroll_answers(const Waiting *waiting, const SightAct *act, const SightScene *scene) {
  gint64 wait_ms = scene->rules->dead_scroll_wait_ms;
  if (act->look && act->empty)
    wait_ms = scene->rules->dead_wait_ms;
  else if (act->look && !scene->facts && looks_alive(waiting))
    wait_ms = MAX(wait_ms, LED_MS);
  return act->at_ms - waiting->at_ms <= wait_ms;
}

static gboolean told_answers(const Waiting *waiting, const SightAct *act, const SightScene *scene) {
  if (act->node != 0 && !is_of_target(waiting, act->node))
    return FALSE;
  /* Of several presses the one that was answered. */
  gint64 off_ms = act->amount > 0 ? ABS(act->at_ms - act->amount - waiting->at_ms) : 0;
  return off_ms <= LATE_MS && in_time(waiting, told_ms(waiting, act, scene), scene);
}

static gboolean is_news(const SightAct *act, const SightScene *scene, gint64 since_ms) {
  if (act->n_nodes == 0)
    return TRUE;
  for (guint i = 0; i < act->n_nodes; i++)
    if (!sight_rhythm_explains(scene->rhythm, act->nodes[i], act->at_ms, since_ms))
      return TRUE;
  return FALSE;
}

static gboolean change_answers(const Waiting *waiting, const SightAct *act, const SightScene *scene) {
  if (waiting->hidden_ms > 0 || !in_time(waiting, act->at_ms, scene))
    return FALSE;
  /* Soon after another act it is that one's answer. Later nobody can tell, and no claim is made. */
  if (waiting->next_act_ms < act->at_ms && act->at_ms - waiting->next_act_ms <= OWN_ANSWER_MS)
    return FALSE;
  return is_news(act, scene, waiting->at_ms);
}

static gboolean leaving_answers(const Waiting *waiting, const SightAct *act, const SightScene *scene) {
  gint64 since_ms = act->at_ms - waiting->at_ms;
  return since_ms <= (act->empty ? scene->rules->dead_wait_ms : scene->rules->slow_wait_ms);
}

static void acted_elsewhere(DeadState *state, const SightAct *act) {
  for (guint i = 0; state->waiting != NULL && i < state->waiting->len; i++) {
    Waiting *waiting = &g_array_index(state->waiting, Waiting, i);
    gboolean same = act->target != NULL && act->target->control == waiting->target->control;
    if (!same && act->at_ms > waiting->at_ms)
      waiting->next_act_ms = MIN(waiting->next_act_ms, act->at_ms);
  }
}

static void click(DeadState *state, const SightAct *act) {
  const guint excluded = SIGHT_TARGET_TEXT_FIELD | SIGHT_TARGET_CHOICE | SIGHT_TARGET_MEDIA | SIGHT_TARGET_BACKGROUND |
                         SIGHT_TARGET_UNKNOWN;
  acted_elsewhere(state, act);
  gboolean early = state->early;
  gboolean selects = state->selected_ms > 0 && act->at_ms - (state->selected_ms - 1) <= PRESS_MS;
  state->early = FALSE;
  state->pressed_ms = 0;
  if ((act->target->traits & excluded) != 0 || early || selects)
    return;
  if (state->waiting == NULL) {
    state->waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
    g_array_set_clear_func(state->waiting, waiting_clear);
  }
  if (state->waiting->len >= MAX_WAITING)
    g_array_remove_index(state->waiting, 0);
  Waiting waiting = {.target = sight_target_ref(act->target),
                     .at_ms = act->at_ms,
                     .next_act_ms = G_MAXINT64,
                     .leads = (act->target->traits & (SIGHT_TARGET_LEAVES | SIGHT_TARGET_LINK)) != 0};
  g_array_append_val(state->waiting, waiting);
}

/* Hover */

static gboolean is_hover(const DeadState *state, const Waiting *waiting, const Maybe *maybe) {
  /* Whoever leaves what was clicked may leave it with a new look: nothing is claimed. */
  for (guint i = 0; i < maybe->n_nodes; i++)
    if (is_of_target(waiting, maybe->nodes[i]))
      return FALSE;
  gint64 from_ms = MAX(waiting->at_ms + 1, maybe->at_ms - HOVER_MS), to_ms = maybe->at_ms + HOVER_BEFORE_MS;
  for (guint i = 0; i < maybe->n_nodes; i++)
    if (was_crossed(state, maybe->nodes[i], from_ms, to_ms))
      return TRUE;
  return FALSE;
}

static void cross(DeadState *state, int node, gint64 at_ms) {
  state->crossed[state->n_crossed % MAX_CROSSED] = (Crossing){.node = node, .at_ms = at_ms};
  state->n_crossed++;
}

static gboolean is_among(const int *nodes, guint n_nodes, int node) {
  for (guint i = 0; i < n_nodes; i++)
    if (nodes[i] == node)
      return TRUE;
  return FALSE;
}

static void move(DeadState *state, const SightAct *act) {
  guint n = MIN(act->n_nodes, MAX_OVER);
  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    if (!is_among(state->over, state->n_over, act->nodes[i]))
      cross(state, act->nodes[i], act->at_ms);
  for (guint i = 0; i < state->n_over; i++)
    if (!is_among(act->nodes, n, state->over[i]))
      cross(state, state->over[i], act->at_ms);
  memcpy(state->over, act->nodes, n * sizeof(int));
  state->n_over = n;
  for (guint i = 0; state->waiting != NULL && i < state->waiting->len; i++) {
    Waiting *waiting = &g_array_index(state->waiting, Waiting, i);
    guint kept = 0;
    for (guint j = 0; j < waiting->n_maybes; j++)
      if (!is_hover(state, waiting, &waiting->maybes[j]))
        waiting->maybes[kept++] = waiting->maybes[j];
    waiting->n_maybes = kept;
  }
}

static void changed(DeadState *state, const SightAct *act, const SightScene *scene) {
  Maybe maybe = {.at_ms = act->at_ms};
  gboolean look = act->look && act->n_nodes > 0 && act->n_nodes <= MAYBE_NODES;
  gboolean focused = state->focused_ms > 0 && act->at_ms - (state->focused_ms - 1) <= OWN_ANSWER_MS;
  if (look) {
    maybe.n_nodes = act->n_nodes;
    memcpy(maybe.nodes, act->nodes, act->n_nodes * sizeof(int));
  }
  for (guint i = 0; state->waiting != NULL && i < state->waiting->len;) {
    Waiting *waiting = &g_array_index(state->waiting, Waiting, i);
    maybe.late = act->at_ms - waiting->at_ms > scene->rules->dead_wait_ms;
    gboolean answers = change_answers(waiting, act, scene);
    /* With the focus, late: by a key, or as a dialog that opens at last; nothing is claimed. */
    gboolean by_key = maybe.late && focused;
    if (answers && (by_key || (!look && !maybe.late))) {
      g_array_remove_index(state->waiting, i);
      continue;
    }
    if (answers && !is_hover(state, waiting, &maybe) && waiting->n_maybes < MAX_MAYBES)
      waiting->maybes[waiting->n_maybes++] = maybe;
    i++;
  }
}

/* Whoever leaves a page at last, after having pressed what leads nowhere, was not led there. */
static void leave_behind(DeadState *state, const SightAct *act, const SightScene *scene) {
  for (guint i = 0; state->waiting != NULL && i < state->waiting->len;) {
    const Waiting *waiting = &g_array_index(state->waiting, Waiting, i);
    gboolean leads = looks_alive(waiting) && (waiting->target->traits & SIGHT_TARGET_DISABLED) == 0;
    if (leads || waiting->n_maybes > 0 || act->at_ms - waiting->at_ms <= scene->rules->dead_wait_ms) {
      i++;
      continue;
    }
    report(state, waiting, act->at_ms, scene);
    g_array_remove_index(state->waiting, i);
  }
}

static void hidden(DeadState *state, const SightAct *act, const SightScene *scene) {
  leave_behind(state, act, scene);
  answer(state, act, scene, leaving_answers);
  for (guint i = 0; act->empty && state->waiting != NULL && i < state->waiting->len; i++)
    g_array_index(state->waiting, Waiting, i).hidden_ms = act->at_ms + 1;
}

static void hint(DeadState *state, const SightAct *act) {
  for (guint i = 0; state->waiting != NULL && i < state->waiting->len; i++) {
    Waiting *waiting = &g_array_index(state->waiting, Waiting, i);
    if (is_of_target(waiting, act->node))
      waiting->hinted = TRUE;
  }
}

static void kept(DeadState *state, const SightAct *act) {
  for (guint i = state->waiting != NULL ? state->waiting->len : 0; i > 0; i--) {
    Waiting *waiting = &g_array_index(state->waiting, Waiting, i - 1);
    if (is_of_target(waiting, act->node) && act->at_ms - waiting->at_ms <= KEPT_MS) {
      waiting->leads = FALSE;
      return;
    }
  }
}

static void change(DeadState *state, const SightAct *act, const SightScene *scene) {
  /* What scrolling loads answers the scrolling. */
  gboolean scrolling = state->scrolled_ms != 0 && act->at_ms - (state->scrolled_ms - 1) <= OWN_ANSWER_MS;
  if (!scrolling)
    changed(state, act, scene);
  /* Menus open on the press of the button already, before the click comes, however long it is held. */
  gint64 pressed_ms = state->pressed_ms - 1;
  if (pressed_ms >= 0 && act->at_ms - pressed_ms <= scene->rules->dead_wait_ms && is_news(act, scene, pressed_ms))
    state->early = TRUE;
}

/* Between the press and its click, focus and selection are moved by the user's own hand. On a touch screen they move
 * only after the finger was lifted. */
static gboolean is_pressing(const DeadState *state, gint64 at_ms) {
  return state->pressed || (state->pressed_ms > 0 && at_ms - (state->pressed_ms - 1) <= PRESS_MS);
}

static void dead_act(gpointer data, const SightAct *act, const SightScene *scene) {
  DeadState *state = data;
  expire(state, act->at_ms, scene);
  switch (act->kind) {
  case SIGHT_ACT_DOWN:
    state->pressed = TRUE;
    state->pressed_ms = act->at_ms + 1;
    state->early = FALSE;
    acted_elsewhere(state, act);
    break;
  case SIGHT_ACT_UP:
    state->pressed = FALSE;
    break;
  case SIGHT_ACT_CLICK:
    state->pressed = FALSE;
    click(state, act);
    break;
  case SIGHT_ACT_HINT:
    hint(state, act);
    break;
  case SIGHT_ACT_KEPT:
    kept(state, act);
    break;
  case SIGHT_ACT_FOCUS:
    if (is_pressing(state, act->at_ms))
      break;
    answer(state, act, scene, focus_answers);
    state->focused_ms = act->at_ms + 1;
    break;
  case SIGHT_ACT_INPUT:
    answer(state, act, scene, input_answers);
    acted_elsewhere(state, act);
    break;
  case SIGHT_ACT_SELECT:
    if (!act->empty)
      state->selected_ms = act->at_ms + 1;
    if (!is_pressing(state, act->at_ms))
      answer(state, act, scene, always);
    break;
  case SIGHT_ACT_SCROLL:
    answer(state, act, scene, scroll_answers);
    state->scrolled_ms = act->at_ms + 1;
    break;
  case SIGHT_ACT_CHANGE:
    change(state, act, scene);
    break;
  case SIGHT_ACT_ANSWER:
    answer(state, act, scene, told_answers);
    break;
  case SIGHT_ACT_MOVE:
    move(state, act);
    break;
  case SIGHT_ACT_LEAVE:
  case SIGHT_ACT_PAGE:
    hidden(state, act, scene);
    break;
  case SIGHT_ACT_TICK:
  case SIGHT_ACT_ENTER:
  case SIGHT_ACT_WHEEL:
  case SIGHT_ACT_ERROR:
  case SIGHT_ACT_CONSOLE:
  case SIGHT_ACT_REQUEST:
  case SIGHT_ACT_NOISE:
  case SIGHT_ACT_NOTICE:
  case SIGHT_ACT_FORM:
  case SIGHT_N_ACTS:
    break;
  }
}

static void dead_finish(gpointer data, gint64 end_ms, const SightScene *scene) {
  DeadState *state = data;
  for (guint i = 0; state->waiting != NULL && i < state->waiting->len; i++) {
    const Waiting *waiting = &g_array_index(state->waiting, Waiting, i);
    /* Where the recording ends sooner, the answer may have come after it. */
    if (end_ms - waiting->at_ms >= scene->rules->dead_wait_ms && waiting->n_maybes == 0)
      report(state, waiting, end_ms, scene);
  }
}

static void dead_clear(gpointer data) {
  DeadState *state = data;
  g_clear_pointer(&state->waiting, g_array_unref);
}

const SightDetector sight_detector_dead = {"dead", sizeof(DeadState), dead_act, dead_finish, dead_clear};
