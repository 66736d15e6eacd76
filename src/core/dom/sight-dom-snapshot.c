/* SPDX-License-Identifier: MIT */
/* SightSerialized nodes of a recording become nodes of the page: full snapshots, and the nodes of an add. */
#include "sight-dom-private.h"
#include "sight-dom-valid.h"

#include <string.h>

static void read_flag(SightSerialized *s, SightJson value, SightNodeFlags flag) {
  if (sight_json_bool(value, FALSE))
    s->flags |= (guint16)flag;
}

static void read_member(SightSerialized *s, const char *key, SightJson value) {
  switch (key[0]) {
  case 'a':
    if (strcmp(key, "attributes") == 0)
      s->attributes = value;
    return;
  case 'c':
    if (strcmp(key, "childNodes") == 0)
      s->children = value;
    else if (strcmp(key, "compatMode") == 0 && g_strcmp0(sight_json_string(value, NULL), "BackCompat") == 0)
      s->flags |= SIGHT_FLAG_BACK_COMPAT;
    return;
  case 'i':
    if (strcmp(key, "id") == 0)
      s->id = (int)CLAMP(sight_json_int(value, 0), G_MININT, G_MAXINT);
    else if (strcmp(key, "isSVG") == 0)
      read_flag(s, value, SIGHT_FLAG_SVG);
    else if (strcmp(key, "isShadow") == 0)
      read_flag(s, value, SIGHT_FLAG_IN_SHADOW);
    else if (strcmp(key, "isShadowHost") == 0)
      read_flag(s, value, SIGHT_FLAG_SHADOW_HOST);
    else if (strcmp(key, "isCustom") == 0)
      read_flag(s, value, SIGHT_FLAG_CUSTOM);
    else if (strcmp(key, "isStyle") == 0)
      read_flag(s, value, SIGHT_FLAG_STYLE_TEXT);
    return;
  case 'n':
    if (strcmp(key, "needBlock") == 0)
      read_flag(s, value, SIGHT_FLAG_BLOCKED);
    else if (strcmp(key, "name") == 0)
      s->name = value;
    return;
  case 'p':
    if (strcmp(key, "publicId") == 0)
      s->public_id = value;
    return;
  case 'r':
    if (strcmp(key, "rootId") == 0)
      s->root_id = (int)CLAMP(sight_json_int(value, 0), G_MININT, G_MAXINT);
    return;
  case 's':
    if (strcmp(key, "systemId") == 0)
      s->system_id = value;
    else if (strcmp(key, SIGHT_DOM_LATE) == 0)
      s->late = sight_json_bool(value, FALSE);
    return;
  case 't':
    if (strcmp(key, "type") == 0)
      s->type = (int)CLAMP(sight_json_int(value, -1), -1, 255);
    else if (strcmp(key, "tagName") == 0)
      s->tag = sight_json_string(value, &s->tag_bytes);
    else if (strcmp(key, "textContent") == 0)
      s->text = value;
    return;
  default:
    return;
  }
}

gboolean sight_dom_read_serialized(SightJson tainted_node, SightSerialized *s) {
  *s = (SightSerialized){.type = -1};
  SightJsonIter it = sight_json_iter(tainted_node);
  while (sight_json_next(&it))
    if (it.key != NULL)
      read_member(s, it.key, it.value);
  return s->id > 0 && s->type >= SIGHT_NODE_DOCUMENT && s->type <= SIGHT_NODE_COMMENT;
}

/* Names that a parser would never make, and values that are no values, stay out. */
static void add_attribute(SightDom *dom, SightNodeIndex index, const SightJsonIter *it) {
  gsize bytes;
  if (!sight_dom_takes_attribute(it->key, it->key_bytes))
    return;
  switch (sight_json_type(it->value)) {
  case SIGHT_JSON_STRING: {
    const char *value = sight_json_string(it->value, &bytes);
    sight_dom_attr_set(dom, index, it->key, it->key_bytes, value, bytes, FALSE);
    return;
  }
  case SIGHT_JSON_BOOL:
  case SIGHT_JSON_NUMBER: {
    SightNodeState *state = NULL;
    if (strcmp(it->key, "rr_scrollLeft") == 0 || strcmp(it->key, "rr_scrollTop") == 0)
      state = sight_dom_state_make(dom, index);
    if (state != NULL) {
      state->has_scroll = TRUE;
      *(it->key[9] == 'L' ? &state->scroll_x : &state->scroll_y) = sight_json_double(it->value, 0);
      return;
    }
    g_autoptr(GString) raw = g_string_new(NULL);
    sight_json_append_value(raw, it->value);
    sight_dom_attr_set(dom, index, it->key, it->key_bytes, raw->str, raw->len, TRUE);
    return;
  }
  case SIGHT_JSON_ABSENT:
  case SIGHT_JSON_NULL:
  case SIGHT_JSON_ARRAY:
  case SIGHT_JSON_OBJECT:
    return;
  }
}

static void set_doctype(SightDom *dom, SightNodeIndex index, const SightSerialized *s) {
  gsize name_bytes = 0;
  const char *name = sight_json_string(s->name, &name_bytes);
  const char *public_id = sight_json_string(s->public_id, NULL), *system_id = sight_json_string(s->system_id, NULL);
  g_autoptr(GString) both = g_string_new(public_id != NULL ? public_id : "");
  g_string_append_c(both, 0);
  g_string_append(both, system_id != NULL ? system_id : "");
  if (name == NULL || !sight_dom_takes_name(name, name_bytes, TRUE)) {
    name = "html";
    name_bytes = 4;
  }
  guint32 tag = sight_dom_name(dom, name, name_bytes);
  SightStr text = sight_dom_str_new(dom, both->str, both->len);
  SightNode *node = sight_dom_at(dom, index);
  node->tag = tag;
  node->text = text;
}

static void set_element(SightDom *dom, SightNodeIndex index, const SightSerialized *s) {
  const char *known = sight_dom_element_name(s->tag, s->tag_bytes, (s->flags & SIGHT_FLAG_SVG) != 0);
  g_autofree char *tag = g_ascii_strdown(known, known == s->tag ? (gssize)s->tag_bytes : -1);
  guint32 name = sight_dom_name(dom, tag, strlen(tag));
  SightNode *node = sight_dom_at(dom, index);
  node->tag = name;
  if (sight_node_is(node, SIGHT_TAG_IFRAME)) /* no browser lets it have a shadow root */
    node->flags &= (guint16)~SIGHT_FLAG_SHADOW_HOST;
  SightJsonIter it = sight_json_iter(s->attributes);
  while (sight_json_next(&it))
    if (it.key != NULL)
      add_attribute(dom, index, &it);
}

SightNodeIndex sight_dom_build_one(SightDom *dom, const SightSerialized *s) {
  SightNodeIndex index = sight_dom_node_new(dom, s->id, (SightNodeType)s->type);
  if (index == 0)
    return 0;
  SightNode *node = sight_dom_at(dom, index);
  node->flags = s->flags & (guint16)~SIGHT_FLAG_IN_SHADOW;
  node->root_id = s->root_id;
  switch ((SightNodeType)s->type) {
  case SIGHT_NODE_DOCTYPE:
    set_doctype(dom, index, s);
    break;
  case SIGHT_NODE_ELEMENT:
    set_element(dom, index, s);
    break;
  case SIGHT_NODE_TEXT:
  case SIGHT_NODE_CDATA:
  case SIGHT_NODE_COMMENT: {
    gsize bytes = 0;
    const char *text = sight_json_string(s->text, &bytes);
    SightStr str = sight_dom_str_new(dom, text != NULL ? text : "", bytes);
    sight_dom_at(dom, index)->text = str;
    break;
  }
  case SIGHT_NODE_NONE:
  case SIGHT_NODE_DOCUMENT:
    break;
  }
  return index;
}

gboolean sight_dom_may_hold(const SightDom *dom, SightNodeIndex parent_index, int child_type) {
  const SightNode *parent = sight_dom_at(dom, parent_index);
  if (child_type == SIGHT_NODE_DOCUMENT || sight_node_is(parent, SIGHT_TAG_IFRAME))
    return child_type == SIGHT_NODE_DOCUMENT && sight_node_is(parent, SIGHT_TAG_IFRAME) && parent->first == 0;
  if (parent->type == SIGHT_NODE_DOCUMENT)
    return child_type != SIGHT_NODE_TEXT && child_type != SIGHT_NODE_CDATA;
  if (child_type == SIGHT_NODE_DOCTYPE || parent->type != SIGHT_NODE_ELEMENT)
    return FALSE;
  if (child_type == SIGHT_NODE_ELEMENT &&
      (sight_node_is(parent, SIGHT_TAG_STYLE) || sight_node_is(parent, SIGHT_TAG_LINK)))
    return FALSE;
  return child_type == SIGHT_NODE_TEXT || !sight_node_is(parent, SIGHT_TAG_TEXTAREA);
}

gboolean sight_dom_is_described(const SightDom *dom, SightNodeIndex index, const SightSerialized *s) {
  const SightNode *node = sight_dom_at(dom, index);
  if (s->type != node->type)
    return FALSE;
  if (node->type != SIGHT_NODE_ELEMENT) {
    gsize bytes = 0, old_bytes = 0;
    const char *text = sight_json_string(s->text, &bytes), *old = sight_dom_str(dom, node->text, &old_bytes);
    return node->type == SIGHT_NODE_DOCTYPE || (bytes == old_bytes && (bytes == 0 || memcmp(text, old, bytes) == 0));
  }
  if (s->tag == NULL || !sight_dom_is_tag(dom, node, s->tag) || sight_json_length(s->attributes) != node->n_attrs)
    return FALSE;
  SightJsonIter it = sight_json_iter(s->attributes);
  while (sight_json_next(&it)) {
    const SightAttr *attr = it.key != NULL ? sight_dom_attr_find(dom, node, it.key) : NULL;
    const char *value = sight_json_string(it.value, NULL);
    if (attr == NULL || (value != NULL && g_strcmp0(value, sight_dom_str(dom, attr->value, NULL)) != 0))
      return FALSE;
  }
  return TRUE;
}

typedef struct {
  SightJsonIter children;
  SightNodeIndex parent;
} Level;

static void push_children(SightDom *dom, GArray *stack, SightNodeIndex index, SightJson children) {
  const SightNode *node = sight_dom_at(dom, index);
  if (node->type != SIGHT_NODE_DOCUMENT && node->type != SIGHT_NODE_ELEMENT)
    return;
  if (sight_node_is(node, SIGHT_TAG_TEXTAREA) && sight_dom_attr_find(dom, node, "value") != NULL)
    return; /* its text is the attribute; rrweb drops the children too */
  Level level = {sight_json_iter(children), index};
  g_array_append_val(stack, level);
}

/* rrweb's rebuild of a document puts the body behind all else in html. */
static void body_last(SightDom *dom, SightNodeIndex document) {
  guint looked = 0;
  for (SightNodeIndex html = sight_dom_at(dom, document)->first; html != 0 && looked < 64; looked++) {
    SightNodeIndex body = sight_dom_at(dom, html)->type == SIGHT_NODE_ELEMENT ? sight_dom_at(dom, html)->last : 0;
    while (body != 0 && !sight_node_is(sight_dom_at(dom, body), SIGHT_TAG_BODY))
      body = sight_dom_at(dom, body)->prev;
    if (body != 0 && sight_dom_at(dom, body)->next != 0) {
      sight_dom_unlink(dom, body);
      sight_dom_link(dom, body, html, 0);
    }
    html = sight_dom_at(dom, html)->next;
  }
}

/* What the snapshot says of the element that scrolls the page is kept with the document. */
static void move_scroll(SightDom *dom, SightNodeIndex index) {
  const SightNodeState *state = sight_dom_state(dom, index);
  SightNodeIndex scroller = sight_dom_scroller(dom, index);
  if (state == NULL || !state->has_scroll || scroller == index)
    return;
  double x = state->scroll_x, y = state->scroll_y;
  SightNodeState *to = sight_dom_state_make(dom, scroller), *from = sight_dom_state_make(dom, index);
  to->has_scroll = TRUE;
  to->scroll_x = x;
  to->scroll_y = y;
  from->has_scroll = FALSE;
}

static void scroll_document(SightDom *dom, SightNodeIndex document) {
  SightNodeIndex html = sight_dom_at(dom, document)->first;
  for (guint i = 0; html != 0 && i < 64; html = sight_dom_at(dom, html)->next, i++)
    if (sight_node_is(sight_dom_at(dom, html), SIGHT_TAG_HTML)) {
      move_scroll(dom, html);
      if (sight_dom_at(dom, html)->last != 0) /* see body_last() */
        move_scroll(dom, sight_dom_at(dom, html)->last);
    }
}

SightNodeIndex sight_dom_build(SightDom *dom, SightJson tainted_node) {
  SightSerialized s;
  if (!sight_dom_read_serialized(tainted_node, &s)) {
    dom->anomalies++;
    return 0;
  }
  SightNodeIndex top = sight_dom_build_one(dom, &s);
  if (top == 0)
    return 0;
  g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(Level));
  push_children(dom, stack, top, s.children);
  while (stack->len > 0) {
    Level *level = &g_array_index(stack, Level, stack->len - 1);
    if (!sight_json_next(&level->children)) {
      g_array_set_size(stack, stack->len - 1);
      continue;
    }
    SightNodeIndex parent = level->parent;
    /* The text for browsers that know no frames is never shown, and gone in rrweb too after the first mutation. */
    if (sight_node_is(sight_dom_at(dom, parent), SIGHT_TAG_IFRAME) &&
        sight_json_int(sight_json_get(level->children.value, "type"), -1) != SIGHT_NODE_DOCUMENT)
      continue;
    if (!sight_dom_read_serialized(level->children.value, &s) || !sight_dom_may_hold(dom, parent, s.type)) {
      dom->anomalies++;
      continue;
    }
    SightNodeIndex index = sight_dom_build_one(dom, &s);
    if (index == 0)
      continue;
    if ((s.flags & SIGHT_FLAG_IN_SHADOW) && s.type != SIGHT_NODE_DOCUMENT &&
        (sight_dom_at(dom, parent)->flags & SIGHT_FLAG_SHADOW_HOST))
      sight_dom_at(dom, index)->flags |= SIGHT_FLAG_IN_SHADOW;
    sight_dom_link(dom, index, parent, 0);
    push_children(dom, stack, index, s.children);
  }
  if (sight_dom_at(dom, top)->type == SIGHT_NODE_DOCUMENT) {
    body_last(dom, top);
    scroll_document(dom, top);
  }
  return top;
}

/* Documents of frames that came before the snapshot in which their elements are; the walk goes on into each, as it may
 * hold further frames. */
static void attach_waiting(SightDom *dom) {
  for (SightNodeIndex i = dom->root; i != 0 && g_hash_table_size(dom->frames) > 0;
       i = sight_dom_following(dom, i, dom->root))
    if (sight_node_is(sight_dom_at(dom, i), SIGHT_TAG_IFRAME))
      sight_dom_attach_remembered(dom, i);
}

void sight_dom_apply_snapshot(SightDom *dom, const SightEvent *event) {
  SightJson node = sight_json_get(event->data, "node");
  SightSerialized s;
  if (!sight_dom_read_serialized(node, &s) || s.type != SIGHT_NODE_DOCUMENT) {
    dom->anomalies++; /* the page before stays: better than none */
    return;
  }
  sight_dom_clear_page(dom);
  g_ptr_array_set_size(dom->fonts, 0);
  dom->fonts_bytes = 0;
  g_clear_pointer(&dom->selection, g_free);
  dom->mouse_id = dom->focus_id = 0;
  dom->epoch++;
  dom->bytes = dom->style_cost = dom->steps = 0;
  /* a page written by sight_dom_write_events() says which snapshot it came from */
  dom->snapshot_ms = sight_json_int(sight_json_get(event->data, "ss:page"), event->time_ms);
  dom->root = sight_dom_build(dom, node);
  if (dom->root == 0)
    return;
  attach_waiting(dom);
  SightJson offset = sight_json_get(event->data, "initialOffset");
  double x = sight_json_double(sight_json_get(offset, "left"), 0);
  double y = sight_json_double(sight_json_get(offset, "top"), 0);
  SightNodeState *state = sight_dom_state(dom, dom->root);
  if (x != 0 || y != 0 || (state != NULL && state->has_scroll)) {
    state = sight_dom_state_make(dom, dom->root);
    state->has_scroll = TRUE;
    state->scroll_x = x;
    state->scroll_y = y;
  }
}
