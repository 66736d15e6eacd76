/* SPDX-License-Identifier: MIT */
/* Presses and clicks: which of them a person made, and what the pointer passes over. */
#include "sight-terms.h"
#include "sight-window-pass-private.h"

/* A label passes a click on to its field within this time, as far as clicks alone tell; where presses are told as well,
 * a click without one of its own is passed on, however busy the page is. */
#define LABEL_MS 50
#define LABEL_BUSY_MS 2000
/* Two tellings of one press, and what a script clicks in answer to one. */
#define SAME_PRESS_MS 100
#define ANSWER_MS 1000
/* How far up the pointer is told to be over something. */
#define MAX_OVER 32
#define PLACE_SHARES 1000

enum { WEIGHT_MOVE = 1, WEIGHT_CLICK = 10 };

static int int_of(SightJson object, const char *key) {
  return (int)CLAMP(sight_json_int(sight_json_get(object, key), 0), G_MININT, G_MAXINT);
}

/* With the keyboard one clicks what has the focus, or sends the form that has it. */
static gboolean could_be_keyboard(const SightWindowPass *pass) {
  int focused = pass->focused_node, control = pass->held->control;
  if (focused <= 0)
    return FALSE;
  int form = sight_dom_closest(pass->dom, control, "form");
  return sight_dom_contains(pass->dom, control, focused) || sight_dom_contains(pass->dom, focused, control) ||
         (form != 0 && sight_dom_closest(pass->dom, focused, "form") == form);
}

/* Where the recorder does not say it: a person presses before a click, if presses are told at all; what a script clicks
 * lies at 0, 0. */
static gboolean is_by_hand(const SightWindowPass *pass, const SightEvent *next) {
  SightJson payload =
      next != NULL && g_strcmp0(sight_event_tag(next), "ss:click") == 0 ? sight_event_payload(next) : (SightJson){0};
  SightJson trusted = sight_json_get(payload, "trusted");
  if (sight_json_type(trusted) == SIGHT_JSON_BOOL && int_of(payload, "id") == pass->held->node)
    return sight_json_bool(trusted, TRUE);
  if (pass->unspent)
    return TRUE;
  gboolean nowhere = pass->held_x == 0 && pass->held_y == 0;
  return (!pass->presses_known && !nowhere) || could_be_keyboard(pass);
}

static void told_by_script(SightWindowPass *pass) {
  const guint outside = SIGHT_TARGET_CHOICE | SIGHT_TARGET_LEAVES | SIGHT_TARGET_LINK;
  if ((pass->held->traits & outside) == 0 || pass->now_ms - pass->clicked_ms > ANSWER_MS)
    return;
  SightAct act = sight_pass_act(pass, SIGHT_ACT_ANSWER, 0);
  act.amount = (int)(pass->now_ms - pass->clicked_ms);
  sight_pass_watch(pass, act);
}

/* Where in the element, as far as the recorder tells; of what is hit within a control it tells the place in that. */
static void measure_place(SightWindowPass *pass, const SightTarget *target, const SightEvent *next) {
  SightJson payload =
      next != NULL && g_strcmp0(sight_event_tag(next), "ss:click") == 0 ? sight_event_payload(next) : (SightJson){0};
  SightJson place = sight_json_get(payload, "place");
  if (sight_json_type(place) != SIGHT_JSON_ARRAY || int_of(payload, "id") != target->node ||
      target->node != target->control)
    return;
  int numbers[2] = {0};
  guint n = 0;
  SightJsonIter it = sight_json_iter(place);
  while (n < G_N_ELEMENTS(numbers) && sight_json_next(&it))
    numbers[n++] = (int)(CLAMP(sight_json_double(it.value, 0), 0, 1) * PLACE_SHARES + 0.5);
  if (n == G_N_ELEMENTS(numbers))
    sight_terms_measure(pass->findings, numbers, n);
}

static void clicked(SightWindowPass *pass, const SightEvent *next) {
  const SightTarget *target = pass->held;
  SightAct act = sight_pass_act(pass, SIGHT_ACT_CLICK, target->node);
  act.target = target;
  g_autofree char *form = sight_pass_form_key(pass, target->control);
  act.text = form;
  act.x = pass->held_x;
  act.y = pass->held_y;
  sight_pass_watch(pass, act);
  sight_pass_active(pass, WEIGHT_CLICK);
  pass->clicked_ms = pass->now_ms;
  pass->clicked_node = target->node;
  pass->clicked_label = g_strcmp0(sight_dom_tag(pass->dom, target->control), "label") == 0;
  pass->findings->n_clicks++;
  pass->typing = pass->scrolling = NULL;
  pass->scroll_last_ms = G_MININT64 / 2;
  const char *name = target->label[0] != '\0' ? target->label : target->selector;
  SightStoryItem *item = sight_findings_add_story(pass->findings, SIGHT_STORY_CLICK, pass->window, pass->now_ms,
                                                  pass->now_ms, name, target->selector);
  if (item != NULL)
    item->node = target->node;
  if (sight_terms_add_moment(pass->findings, pass->index, SIGHT_TERM_CLICK, name, pass->now_ms, pass->now_ms)) {
    sight_terms_also(pass->findings, SIGHT_TERM_CLICKED, target->selector);
    measure_place(pass, target, next);
  }
}

void sight_pass_settle_click(SightWindowPass *pass, const SightEvent *next) {
  if (pass->held == NULL)
    return;
  if (is_by_hand(pass, next)) {
    if (!pass->unspent)
      sight_pass_begin_press(pass, pass->held->control, pass->held->node);
    clicked(pass, next);
    pass->unspent = FALSE;
  } else {
    told_by_script(pass);
  }
  pass->pressing = FALSE;
  g_clear_pointer(&pass->held, sight_target_unref);
}

static void hold(SightWindowPass *pass, int node, int x, int y) {
  sight_pass_settle_click(pass, NULL);
  pass->held = sight_target_new(pass->dom, node);
  pass->held_x = x;
  pass->held_y = y;
}

static gboolean is_passed_on(const SightWindowPass *pass, int node) {
  static const char *const fields[] = {"input", "select", "textarea", NULL};
  const char *tag = sight_dom_tag(pass->dom, node);
  int within_ms = pass->presses_known && !pass->unspent ? LABEL_BUSY_MS : LABEL_MS;
  return pass->clicked_label && pass->now_ms - pass->clicked_ms <= within_ms && tag != NULL &&
         g_strv_contains(fields, tag);
}

/* What a click changes; any other field is entered by it, to type, choose or slide. */
static gboolean is_box(const SightWindowPass *pass, int node) {
  const char *type = sight_dom_attribute(pass->dom, node, "type");
  return g_strcmp0(sight_dom_tag(pass->dom, node), "input") == 0 && type != NULL &&
         (g_ascii_strcasecmp(type, "checkbox") == 0 || g_ascii_strcasecmp(type, "radio") == 0);
}

/* The focus goes with the click that a label passes on to its box. */
static gboolean is_label_focus(const SightWindowPass *pass, int node) {
  return is_passed_on(pass, node) && is_box(pass, node);
}

static void click(SightWindowPass *pass, SightJson data) {
  int node = int_of(data, "id");
  if (is_passed_on(pass, node)) {
    pass->clicked_label = FALSE;
    /* A field is entered then; a box that stays as it is has answered nothing. */
    if (!is_box(pass, node))
      sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_FOCUS, node));
    return;
  }
  if (node == pass->clicked_node && pass->now_ms - pass->clicked_ms <= SAME_PRESS_MS && !pass->unspent &&
      pass->presses_known)
    return;
  hold(pass, node, int_of(data, "x"), int_of(data, "y"));
}

void sight_pass_mute_press(SightWindowPass *pass, int node, int x, int y) {
  if (node == pass->clicked_node && pass->now_ms - pass->clicked_ms <= SAME_PRESS_MS)
    return;
  hold(pass, node, x, y);
  pass->unspent = TRUE;
}

static void down(SightWindowPass *pass, int node) {
  g_autoptr(SightTarget) target = sight_target_new(pass->dom, node);
  SightAct act = sight_pass_act(pass, SIGHT_ACT_DOWN, node);
  act.target = target;
  pass->presses_known = pass->unspent = TRUE;
  pass->pressed_node = node;
  pass->focused_before = pass->blurred ? 0 : pass->focused_node;
  pass->pressed_ms = pass->now_ms;
  sight_pass_begin_press(pass, target->control, node);
  sight_pass_watch(pass, act);
  sight_pass_active(pass, WEIGHT_MOVE);
}

/* No click comes of a press on a disabled control. */
static void up(SightWindowPass *pass, SightJson data) {
  int node = int_of(data, "id");
  pass->lifted = TRUE;
  pass->lifted_ms = pass->now_ms;
  sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_UP, node));
  sight_pass_active(pass, WEIGHT_MOVE);
  g_autoptr(SightTarget) target = sight_target_new(pass->dom, node);
  if (node == pass->pressed_node && (target->traits & SIGHT_TARGET_DISABLED) != 0)
    sight_pass_mute_press(pass, node, int_of(data, "x"), int_of(data, "y"));
}

void sight_pass_mouse(SightWindowPass *pass, SightJson data) {
  int node = int_of(data, "id");
  switch (sight_json_int(sight_json_get(data, "type"), -1)) {
  case SIGHT_MOUSE_DOWN:
  case SIGHT_MOUSE_TOUCH_START:
    down(pass, node);
    break;
  case SIGHT_MOUSE_UP:
  case SIGHT_MOUSE_TOUCH_END:
    up(pass, data);
    break;
  case SIGHT_MOUSE_TOUCH_CANCEL:
    pass->pressing = pass->unspent = FALSE;
    sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_UP, node));
    sight_pass_active(pass, WEIGHT_MOVE);
    break;
  case SIGHT_MOUSE_CLICK:
    click(pass, data);
    break;
  case SIGHT_MOUSE_FOCUS:
    /* Told again with a snapshot. */
    if (node == pass->focused_node && !pass->blurred)
      break;
    pass->focused_node = node;
    pass->blurred = FALSE;
    /* Where it was before the press it is as before. */
    if (node != pass->focused_before && !is_label_focus(pass, node))
      sight_pass_watch(pass, sight_pass_act(pass, SIGHT_ACT_FOCUS, node));
    break;
  case SIGHT_MOUSE_BLUR:
    pass->blurred |= node == pass->focused_node;
    break;
  case SIGHT_MOUSE_CONTEXT_MENU:
  case SIGHT_MOUSE_DBL_CLICK:
  case SIGHT_MOUSE_TOUCH_DEPARTED:
    sight_pass_active(pass, WEIGHT_MOVE);
    break;
  default:
    break;
  }
}

/* Fingers move for other reasons than mice, and whoever drags has one, too: these only count as activity. */
void sight_pass_move(SightWindowPass *pass, SightJson data, gboolean is_mouse) {
  SightJsonIter it = sight_json_iter(sight_json_get(data, "positions"));
  while (is_mouse && sight_json_next(&it)) {
    SightAct act = sight_pass_act(pass, SIGHT_ACT_MOVE, int_of(it.value, "id"));
    act.at_ms += CLAMP(sight_json_int(sight_json_get(it.value, "timeOffset"), 0), -2000, 0);
    act.x = int_of(it.value, "x");
    act.y = int_of(it.value, "y");
    act.nodes = pass->nodes;
    if (act.node != pass->pointed_node)
      for (int at = act.node; at > 0 && act.n_nodes < MAX_OVER; at = sight_dom_parent(pass->dom, at))
        pass->nodes[act.n_nodes++] = at;
    pass->pointed_node = act.node;
    sight_pass_watch(pass, act);
  }
  sight_pass_active(pass, WEIGHT_MOVE);
}
