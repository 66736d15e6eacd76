/* SPDX-License-Identifier: MIT */
/* Incremental snapshots: what the user does, what the page changes. */
#include "sight-terms.h"
#include "sight-text.h"
#include "sight-window-pass-private.h"

#include <string.h>

/* Typing or scrolling that rests for longer begins a new item of the story. */
#define TYPING_PAUSE_MS 10000
#define SCROLL_PAUSE_MS 3000
#define CHOOSING_MS 1000
#define LEAST_SCROLL_PX 100
/* Fields typed in that are watched for going away. */
#define MAX_TYPED 64
#define FIELD_CHARS 20
#define VALUE_BYTES 64

enum { WEIGHT_SCROLL = 2, WEIGHT_INPUT = 4 };
/* rrweb's MediaInteractions */
enum { MEDIA_PLAY = 0, MEDIA_PAUSE = 1 };

static int int_of(SightJson object, const char *key) {
  return (int)CLAMP(sight_json_int(sight_json_get(object, key), 0), G_MININT, G_MAXINT);
}

void sight_pass_seen(SightWindowPass *pass, int node) {
  SightAct act = sight_pass_act(pass, SIGHT_ACT_CHANGE, 0);
  pass->nodes[0] = node;
  act.nodes = pass->nodes;
  act.n_nodes = 1;
  sight_pass_watch(pass, act);
}

/* Style, canvas and media change something that can be seen, too. */
static void other_change(SightWindowPass *pass, SightJson data) {
  int node = int_of(data, "id");
  sight_pass_seen(pass, node != 0 ? node : int_of(data, "styleId"));
}

/* A twitch of the wheel is no part of the story. */
static void tell_scrolling(SightWindowPass *pass) {
  if (pass->scrolled_px < LEAST_SCROLL_PX)
    return;
  if (pass->scrolling == NULL) {
    pass->scrolling = sight_findings_add_story(pass->findings, SIGHT_STORY_SCROLL, pass->window, pass->scroll_since_ms,
                                               pass->now_ms, NULL, NULL);
    if (pass->scrolling == NULL)
      return;
    pass->scrolling->node = pass->scrolling_node;
  }
  pass->scrolling->end_ms = pass->now_ms;
  g_free(pass->scrolling->text);
  pass->scrolling->text = g_strdup_printf("%" G_GINT64_FORMAT " px", pass->scrolled_px);
}

/* What is typed scrolls in its field, and back when the field loses the focus: nobody scrolls there. */
static gboolean is_field(const SightWindowPass *pass, int node) {
  const char *tag = sight_dom_tag(pass->dom, node);
  return g_strcmp0(tag, "input") == 0 || g_strcmp0(tag, "textarea") == 0;
}

static void scroll(SightWindowPass *pass, SightJson data) {
  SightAct act = sight_pass_act(pass, SIGHT_ACT_SCROLL, int_of(data, "id"));
  if (is_field(pass, act.node))
    return;
  act.x = int_of(data, "x");
  act.y = int_of(data, "y");
  act.look = sight_pass_view_scrolled(pass, act.node, act.y);
  act.empty = g_hash_table_contains(pass->script_scrolls, GINT_TO_POINTER(act.node));
  sight_pass_watch(pass, act);
  if (act.empty)
    return;
  sight_pass_active(pass, WEIGHT_SCROLL);
  if (pass->now_ms - pass->scroll_last_ms > SCROLL_PAUSE_MS) {
    pass->scrolling = NULL;
    pass->scroll_since_ms = pass->now_ms;
    pass->scrolled_px = 0;
    pass->scrolling_node = 0;
  }
  if (act.node == pass->scrolling_node)
    pass->scrolled_px += ABS((gint64)act.y - pass->scroll_from_px);
  pass->scrolling_node = act.node;
  pass->scroll_from_px = act.y;
  pass->scroll_last_ms = pass->now_ms;
  tell_scrolling(pass);
}

/* Values that the page sets are told like those that are typed; but who types does so where the focus is, and who
 * chooses has pressed something. A field that the recorder does not know is none that could be typed in, and a radio
 * button goes out as another one of its group goes on. */
static gboolean is_by_hand(const SightWindowPass *pass, SightJson data, int node) {
  gboolean radio = g_strcmp0(sight_dom_attribute(pass->dom, node, "type"), "radio") == 0;
  if (node <= 0 || (radio && !sight_json_bool(sight_json_get(data, "isChecked"), TRUE)))
    return FALSE;
  SightJson told = sight_json_get(data, "userTriggered");
  if (sight_json_type(told) == SIGHT_JSON_BOOL)
    return sight_json_bool(told, TRUE);
  return pass->focused_node == 0 || pass->focused_node == node || pass->now_ms - pass->pressed_ms <= CHOOSING_MS;
}

/* The buttons of a group have one name: which of them it is its value says. */
static char *selector_of(const SightWindowPass *pass, int node, const char *field) {
  g_autofree char *selector = sight_dom_selector(pass->dom, node);
  const char *value = sight_dom_attribute(pass->dom, node, "value");
  g_autoptr(GString) out = g_string_new(selector);

  if (g_str_equal(field, "radio") && value != NULL && strnlen(value, VALUE_BYTES) < VALUE_BYTES)
    sight_dom_append_attribute(out, "value", value);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void tell_field(SightWindowPass *pass, SightStoryItem *item, SightJson data) {
  const char *tag = sight_dom_tag(pass->dom, item->node), *type = sight_dom_attribute(pass->dom, item->node, "type");

  if (item->field == NULL && tag != NULL) {
    item->field = sight_text_excerpt(g_str_equal(tag, "input") && type != NULL ? type : tag, -1, FIELD_CHARS);
    item->selector = selector_of(pass, item->node, item->field);
  }
  item->on = sight_json_bool(sight_json_get(data, "isChecked"), FALSE);
}

static void input(SightWindowPass *pass, SightJson data) {
  int node = int_of(data, "id");
  sight_pass_filled_input(pass, node);
  if (!is_by_hand(pass, data, node)) {
    other_change(pass, data);
    return;
  }
  SightAct act = sight_pass_act(pass, SIGHT_ACT_INPUT, node);
  const char *text = sight_json_string(sight_json_get(data, "text"), NULL);
  act.look = sight_pass_is_typed(pass, node);
  act.empty = act.look && (text == NULL || text[0] == '\0');
  if (act.look && g_hash_table_size(pass->typed) < MAX_TYPED)
    g_hash_table_add(pass->typed, GINT_TO_POINTER(node));
  sight_pass_watch(pass, act);
  sight_pass_active(pass, WEIGHT_INPUT);
  pass->scrolling = NULL;
  pass->scroll_last_ms = G_MININT64 / 2;
  if (pass->typing != NULL && pass->typing_node == node && pass->now_ms - pass->typing->end_ms <= TYPING_PAUSE_MS) {
    pass->typing->end_ms = pass->now_ms;
    tell_field(pass, pass->typing, data);
    return;
  }
  g_autofree char *label = sight_dom_label(pass->dom, node, 80);
  g_autofree char *selector = label[0] == '\0' ? sight_dom_selector(pass->dom, node) : NULL;
  pass->typing = sight_findings_add_story(pass->findings, SIGHT_STORY_INPUT, pass->window, pass->now_ms, pass->now_ms,
                                          selector != NULL ? selector : label, NULL);
  pass->typing_node = node;
  if (pass->typing != NULL) {
    pass->typing->node = node;
    tell_field(pass, pass->typing, data);
  }
  sight_terms_add_moment(pass->findings, pass->index, SIGHT_TERM_TYPED, selector != NULL ? selector : label,
                         pass->now_ms, pass->now_ms);
}

static void selection(SightWindowPass *pass, SightJson data) {
  SightAct act = sight_pass_act(pass, SIGHT_ACT_SELECT, 0);
  act.empty = TRUE;
  SightJsonIter it = sight_json_iter(sight_json_get(data, "ranges"));
  while (sight_json_next(&it))
    if (int_of(it.value, "start") != int_of(it.value, "end") ||
        int_of(it.value, "startOffset") != int_of(it.value, "endOffset"))
      act.empty = FALSE;
  sight_pass_watch(pass, act);
}

static void stop_playing(SightWindowPass *pass, gint64 since_ms) {
  SightIdleSpan span = {.start_ms = since_ms, .end_ms = pass->now_ms};
  g_array_append_val(pass->findings->playing, span);
}

void sight_pass_stop_media(SightWindowPass *pass) {
  GHashTableIter it;
  gpointer since = NULL;
  g_hash_table_iter_init(&it, pass->playing);
  while (g_hash_table_iter_next(&it, NULL, &since))
    stop_playing(pass, *(gint64 *)since);
  g_hash_table_remove_all(pass->playing);
}

static void media(SightWindowPass *pass, SightJson data) {
  int node = int_of(data, "id");
  gpointer key = GINT_TO_POINTER(node);
  gint64 what = sight_json_int(sight_json_get(data, "type"), -1);
  gint64 *since = g_hash_table_lookup(pass->playing, key);
  other_change(pass, data);
  /* A film that loops is decoration; nobody sits and watches it. */
  if (what == MEDIA_PLAY && since == NULL && sight_dom_attribute(pass->dom, node, "loop") == NULL)
    g_hash_table_insert(pass->playing, key, g_memdup2(&pass->now_ms, sizeof pass->now_ms));
  if (what == MEDIA_PAUSE && since != NULL) {
    stop_playing(pass, *since);
    g_hash_table_remove(pass->playing, key);
  }
}

void sight_pass_incremental(SightWindowPass *pass, const SightEvent *event) {
  switch (event->source) {
  case SIGHT_SOURCE_MUTATION:
    sight_pass_change(pass, event->data);
    sight_pass_look_at_busy(pass);
    break;
  case SIGHT_SOURCE_MOUSE_MOVE:
  case SIGHT_SOURCE_TOUCH_MOVE:
  case SIGHT_SOURCE_DRAG:
    sight_pass_move(pass, event->data, event->source == SIGHT_SOURCE_MOUSE_MOVE);
    break;
  case SIGHT_SOURCE_MOUSE_INTERACTION:
    sight_pass_mouse(pass, event->data);
    break;
  case SIGHT_SOURCE_SCROLL:
    scroll(pass, event->data);
    break;
  case SIGHT_SOURCE_VIEWPORT_RESIZE: {
    SightPageView *view = pass->view;
    sight_pass_view_resized(pass, int_of(event->data, "height"));
    sight_watch_set_page(pass->watch, view != NULL ? view->page : "/", pass->viewport_h);
    break;
  }
  case SIGHT_SOURCE_INPUT:
    input(pass, event->data);
    break;
  case SIGHT_SOURCE_MEDIA_INTERACTION:
    media(pass, event->data);
    break;
  case SIGHT_SOURCE_STYLE_SHEET_RULE:
  case SIGHT_SOURCE_CANVAS_MUTATION:
  case SIGHT_SOURCE_STYLE_DECLARATION:
  case SIGHT_SOURCE_ADOPTED_STYLE_SHEET:
    other_change(pass, event->data);
    break;
  case SIGHT_SOURCE_LOG:
    sight_pass_log(pass, event->data);
    break;
  case SIGHT_SOURCE_SELECTION:
    selection(pass, event->data);
    break;
  default:
    break;
  }
}
