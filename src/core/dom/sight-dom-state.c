/* SPDX-License-Identifier: MIT */
/* State that is no markup: input, scroll, viewport, media, fonts, pointer, focus, selection. */
#include "sight-dom-private.h"

#include <string.h>

#define MAX_FONTS (8u * 1024 * 1024)
#define MAX_SELECTION (64u * 1024)
#define MAX_CUSTOM_ELEMENTS 1000u
/* Nothing larger is a window on a screen; what a recording claims beyond is cut. */
#define MAX_VIEWPORT 16384

static int get_id(SightJson object, const char *key) {
  return (int)CLAMP(sight_json_int(sight_json_get(object, key), 0), G_MININT, G_MAXINT);
}

static SightNodeIndex target(SightDom *dom, SightJson data) {
  int id = get_id(data, "id");
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0 && id != -1)
    dom->anomalies++;
  return index;
}

static void apply_viewport(SightDom *dom, SightJson data) {
  dom->width = (int)CLAMP(sight_json_int(sight_json_get(data, "width"), 0), 0, MAX_VIEWPORT);
  dom->height = (int)CLAMP(sight_json_int(sight_json_get(data, "height"), 0), 0, MAX_VIEWPORT);
}

SightNodeIndex sight_dom_scroller(const SightDom *dom, SightNodeIndex index) {
  const SightNode *node = sight_dom_at(dom, index);
  gboolean body = sight_node_is(node, SIGHT_TAG_BODY);
  const SightNode *html = body ? sight_dom_at(dom, node->parent) : node;
  if (!sight_node_is(html, SIGHT_TAG_HTML) || html->parent == 0 ||
      sight_dom_at(dom, html->parent)->type != SIGHT_NODE_DOCUMENT)
    return index;
  gboolean quirks = (sight_dom_at(dom, html->parent)->flags & SIGHT_FLAG_BACK_COMPAT) != 0;
  return body == quirks ? html->parent : index;
}

static void apply_scroll(SightDom *dom, SightJson data) {
  SightNodeIndex index = target(dom, data);
  if (index == 0)
    return;
  index = sight_dom_scroller(dom, index);
  SightNodeState *state = sight_dom_state_make(dom, index);
  state->has_scroll = TRUE;
  state->scroll_x = sight_json_double(sight_json_get(data, "x"), 0);
  state->scroll_y = sight_json_double(sight_json_get(data, "y"), 0);
}

static void apply_input(SightDom *dom, SightJson data) {
  static const char *const fields[] = {"input", "select", "textarea", NULL};
  SightNodeIndex index = target(dom, data);
  const SightNode *node = index != 0 ? sight_dom_at(dom, index) : NULL;
  if (node == NULL || node->type != SIGHT_NODE_ELEMENT || !g_strv_contains(fields, sight_dom_name_text(dom, node->tag)))
    return;
  const char *text = sight_json_string(sight_json_get(data, "text"), NULL);
  SightNodeState *state = sight_dom_state_make(dom, index);
  state->has_input = TRUE;
  state->checked = sight_json_bool(sight_json_get(data, "isChecked"), FALSE);
  g_free(state->input);
  state->input = g_strdup(text != NULL ? text : "");
}

static void apply_media(SightDom *dom, const SightEvent *event) {
  enum { PLAY, PAUSE, SEEKED, VOLUME, RATE };
  SightJson data = event->data;
  SightNodeIndex index = target(dom, data);
  if (index == 0 || sight_dom_at(dom, index)->type != SIGHT_NODE_ELEMENT)
    return;
  SightNodeState *state = sight_dom_state_make(dom, index);
  if (state->media == NULL)
    state->media = g_new0(SightMedia, 1);
  SightMedia *media = state->media;
  gint64 kind = sight_json_int(sight_json_get(data, "type"), -1);
  if (kind == PLAY)
    media->playing = TRUE;
  else if (kind == PAUSE)
    media->playing = FALSE;
  const struct {
    const char *key;
    gboolean *has;
    double *value;
  } numbers[] = {{"currentTime", &media->has_time, &media->time_s},
                 {"playbackRate", &media->has_rate, &media->rate},
                 {"volume", &media->has_volume, &media->volume}};
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    SightJson value = sight_json_get(data, numbers[i].key);
    if (sight_json_type(value) != SIGHT_JSON_NUMBER)
      continue;
    *numbers[i].has = TRUE;
    *numbers[i].value = sight_json_double(value, 0);
  }
  SightJson muted = sight_json_get(data, "muted"), loop = sight_json_get(data, "loop");
  if (sight_json_type(muted) == SIGHT_JSON_BOOL) {
    media->has_muted = TRUE;
    media->muted = sight_json_bool(muted, FALSE);
  }
  if (sight_json_type(loop) == SIGHT_JSON_BOOL) {
    media->has_loop = TRUE;
    media->loop = sight_json_bool(loop, FALSE);
  }
  media->since_ms = event->time_ms;
}

static void draw(SightDom *dom, SightJson data) {
  SightNodeIndex index = target(dom, data);
  if (index != 0)
    sight_dom_canvas_draw(dom, index, data);
}

static void apply_font(SightDom *dom, SightJson data) {
  g_autoptr(GString) text = g_string_new(NULL);
  sight_json_append_value(text, data);
  if (dom->fonts_bytes + text->len > MAX_FONTS) {
    sight_dom_leave_out(dom);
    return;
  }
  dom->fonts_bytes += text->len;
  g_ptr_array_add(dom->fonts, g_string_free(g_steal_pointer(&text), FALSE));
}

static void set_mouse(SightDom *dom, SightJson at) {
  dom->has_mouse = TRUE;
  dom->mouse_x = sight_json_double(sight_json_get(at, "x"), 0);
  dom->mouse_y = sight_json_double(sight_json_get(at, "y"), 0);
  dom->mouse_id = get_id(at, "id");
}

static void apply_moves(SightDom *dom, SightJson data) {
  SightJson last = {0};
  SightJsonIter it = sight_json_iter(sight_json_get(data, "positions"));
  while (sight_json_next(&it))
    last = it.value;
  if (sight_json_type(last) == SIGHT_JSON_OBJECT)
    set_mouse(dom, last);
}

static void apply_pointer(SightDom *dom, SightJson data) {
  int id = get_id(data, "id");
  if (id == -1 || target(dom, data) == 0)
    return;
  switch ((SightMouseKind)sight_json_int(sight_json_get(data, "type"), -1)) {
  case SIGHT_MOUSE_FOCUS:
    dom->focus_id = id;
    dom->focus_visible = sight_json_bool(sight_json_get(data, "visible"), -1);
    return;
  case SIGHT_MOUSE_BLUR:
    if (dom->focus_id == id)
      dom->focus_id = 0;
    return;
  case SIGHT_MOUSE_TOUCH_START:
    dom->touching = TRUE;
    set_mouse(dom, data);
    return;
  case SIGHT_MOUSE_TOUCH_END:
    dom->touching = FALSE;
    set_mouse(dom, data);
    return;
  case SIGHT_MOUSE_TOUCH_CANCEL:
    dom->touching = FALSE;
    return;
  case SIGHT_MOUSE_UP:
  case SIGHT_MOUSE_DOWN:
  case SIGHT_MOUSE_CLICK:
    set_mouse(dom, data);
    return;
  case SIGHT_MOUSE_CONTEXT_MENU:
  case SIGHT_MOUSE_DBL_CLICK:
  case SIGHT_MOUSE_TOUCH_DEPARTED:
    return;
  }
}

static void apply_selection(SightDom *dom, SightJson data) {
  g_autoptr(GString) text = g_string_new(NULL);
  sight_json_append_value(text, sight_json_get(data, "ranges"));
  g_clear_pointer(&dom->selection, g_free);
  if (sight_json_type(sight_json_get(data, "ranges")) == SIGHT_JSON_ARRAY && text->len <= MAX_SELECTION)
    dom->selection = g_string_free(g_steal_pointer(&text), FALSE);
}

static void apply_custom_element(SightDom *dom, SightJson data) {
  const char *name = sight_json_string(sight_json_get(sight_json_get(data, "define"), "name"), NULL);
  if (name != NULL && g_hash_table_size(dom->custom_elements) < MAX_CUSTOM_ELEMENTS)
    g_hash_table_add(dom->custom_elements, g_strdup(name));
}

void sight_dom_apply_state(SightDom *dom, const SightEvent *event) {
  if (event->type == SIGHT_EVENT_META) {
    apply_viewport(dom, event->data);
    return;
  }
  switch ((SightSource)event->source) {
  case SIGHT_SOURCE_TOUCH_MOVE:
    dom->touching = TRUE; /* a snapshot between start and end does not tell of the start */
    apply_moves(dom, event->data);
    return;
  case SIGHT_SOURCE_MOUSE_MOVE:
    dom->touching = FALSE; /* moves are told late: the last of a touch may come after its end */
    apply_moves(dom, event->data);
    return;
  case SIGHT_SOURCE_DRAG:
    apply_moves(dom, event->data);
    return;
  case SIGHT_SOURCE_MOUSE_INTERACTION:
    apply_pointer(dom, event->data);
    return;
  case SIGHT_SOURCE_SCROLL:
    apply_scroll(dom, event->data);
    return;
  case SIGHT_SOURCE_VIEWPORT_RESIZE:
    apply_viewport(dom, event->data);
    return;
  case SIGHT_SOURCE_INPUT:
    apply_input(dom, event->data);
    return;
  case SIGHT_SOURCE_MEDIA_INTERACTION:
    apply_media(dom, event);
    return;
  case SIGHT_SOURCE_CANVAS_MUTATION:
    draw(dom, event->data);
    return;
  case SIGHT_SOURCE_FONT:
    apply_font(dom, event->data);
    return;
  case SIGHT_SOURCE_SELECTION:
    apply_selection(dom, event->data);
    return;
  case SIGHT_SOURCE_CUSTOM_ELEMENT:
    apply_custom_element(dom, event->data);
    return;
  case SIGHT_SOURCE_LOG:
  case SIGHT_SOURCE_MUTATION:
  case SIGHT_SOURCE_STYLE_SHEET_RULE:
  case SIGHT_SOURCE_STYLE_DECLARATION:
  case SIGHT_SOURCE_ADOPTED_STYLE_SHEET:
    return;
  }
}

void sight_dom_initial_input(const SightDom *dom, SightNodeIndex index, SightNodeState *state) {
  const SightNode *node = sight_dom_at(dom, index);
  const char *value = sight_dom_attr_text(dom, node, "value");
  if (value == NULL && sight_dom_is_tag(dom, node, "textarea") && node->first != 0)
    value = sight_dom_text(dom, sight_dom_at(dom, node->first)->id);
  if (sight_dom_is_tag(dom, node, "select")) {
    SightNodeIndex first = 0, chosen = 0;
    for (SightNodeIndex i = sight_dom_following(dom, index, index); i != 0 && chosen == 0;) {
      SightNodeIndex at = i;
      gboolean other = sight_dom_is_tag(dom, sight_dom_at(dom, at), "select"); /* with options of its own */
      i = other ? sight_dom_following_skip(dom, at, index) : sight_dom_following(dom, at, index);
      if (!sight_dom_is_tag(dom, sight_dom_at(dom, at), "option"))
        continue;
      first = first != 0 ? first : at;
      if (sight_dom_attr_text(dom, sight_dom_at(dom, at), "selected") != NULL)
        chosen = at;
    }
    chosen = chosen != 0 ? chosen : first;
    value = chosen != 0 ? sight_dom_attr_text(dom, sight_dom_at(dom, chosen), "value") : NULL;
    if (chosen != 0 && value == NULL && sight_dom_at(dom, chosen)->first != 0)
      value = sight_dom_text(dom, sight_dom_at(dom, sight_dom_at(dom, chosen)->first)->id);
  }
  *state = (SightNodeState){.has_input = TRUE};
  state->input = (char *)(value != NULL ? value : "");
  state->checked = sight_dom_attr_text(dom, node, "checked") != NULL;
}
