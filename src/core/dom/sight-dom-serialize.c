/* SPDX-License-Identifier: MIT */
/* Nodes of the page as rrweb's serialized nodes. */
#include "sight-dom-private.h"

#include <string.h>

static void put_str(const SightDom *dom, SightJsonWriter *w, SightStr str) {
  gsize bytes;
  const char *text = sight_dom_str(dom, str, &bytes);
  sight_json_put_string_len(w, text != NULL ? text : "", bytes);
}

static gboolean is_late(const SightDom *dom, const SightNode *node) {
  return (node->flags & SIGHT_FLAG_LATE) && node->parent != 0 &&
         sight_dom_attr_find(dom, sight_dom_at(dom, node->parent), "_cssText") != NULL;
}

/* What stands in a style element that has its text as _cssText, where that is no text's: rrweb would look for one. */
static gboolean is_note_of_sheet(const SightDom *dom, const SightNode *node) {
  const SightNode *parent = sight_dom_at(dom, node->parent);
  return node->type > SIGHT_NODE_TEXT && sight_node_is(parent, SIGHT_TAG_STYLE) &&
         sight_dom_attr_find(dom, parent, "_cssText") != NULL && !sight_dom_style_is_shared(dom, parent);
}

/* `apart`: without what is written with the text nodes then. */
static void write_attributes(const SightDom *dom, SightJsonWriter *w, SightNodeIndex index, gboolean apart) {
  const SightNode *node = sight_dom_at(dom, index);
  gboolean shared = apart && sight_dom_style_is_shared(dom, node);
  const SightNodeState *state = sight_dom_state(dom, index);
  sight_json_key(w, "attributes");
  sight_json_begin_object(w);
  for (guint i = 0; i < node->n_attrs; i++) {
    const SightAttr *attr = sight_dom_attr_at(dom, node, i);
    gsize bytes;
    const char *value = sight_dom_str(dom, attr->value, &bytes), *name = sight_dom_name_text(dom, attr->name);
    if (shared && strcmp(name, "_cssText") == 0)
      continue;
    sight_json_key(w, name);
    if ((attr->name & SIGHT_ATTR_RAW) && bytes > 0)
      sight_json_put_raw(w, value, bytes);
    else
      put_str(dom, w, attr->value);
  }
  if (state != NULL && state->has_scroll) {
    sight_json_key(w, "rr_scrollLeft");
    sight_json_put_double(w, state->scroll_x);
    sight_json_key(w, "rr_scrollTop");
    sight_json_put_double(w, state->scroll_y);
  }
  sight_json_end_object(w);
}

static void member_true(SightJsonWriter *w, gboolean value, const char *key) {
  if (value)
    sight_json_member_bool(w, key, TRUE);
}

/* The text node's share of the sheet that is in the attribute of its style element. Only the first nodes of that are
 * looked at; the last text of them has all that is left. */
static void write_share(const SightDom *dom, SightJsonWriter *w, SightNodeIndex index) {
  static const char mark[] = "/* rr_split */";
  const SightNode *node = sight_dom_at(dom, index);
  guint place = 0, at = 0;
  for (SightNodeIndex i = node->prev; i != 0 && at < SIGHT_DOM_MAX_SHARES; i = sight_dom_at(dom, i)->prev, at++)
    place += sight_dom_at(dom, i)->type == SIGHT_NODE_TEXT;
  const char *share =
      at < SIGHT_DOM_MAX_SHARES ? sight_dom_attr_text(dom, sight_dom_at(dom, node->parent), "_cssText") : NULL;
  SightNodeIndex next = node->next;
  for (at++; next != 0 && at < SIGHT_DOM_MAX_SHARES && sight_dom_at(dom, next)->type != SIGHT_NODE_TEXT; at++)
    next = sight_dom_at(dom, next)->next;
  gboolean last = next == 0 || at >= SIGHT_DOM_MAX_SHARES;
  for (guint i = 0; share != NULL && i < place; i++) {
    const char *end = strstr(share, mark);
    share = end != NULL ? end + strlen(mark) : NULL;
  }
  const char *end = share != NULL && !last ? strstr(share, mark) : NULL;
  sight_json_member_bool(w, "isStyle", TRUE);
  sight_json_key(w, "textContent");
  sight_json_put_string_len(w, share != NULL ? share : "",
                            share == NULL ? 0
                            : end != NULL ? (gsize)(end - share)
                                          : strlen(share));
}

/* All of the object but its children and its end. */
static void write_open(const SightDom *dom, SightJsonWriter *w, SightNodeIndex index, gboolean apart) {
  const SightNode *node = sight_dom_at(dom, index);
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", node->type);
  sight_json_member_int(w, "id", node->id);
  if (node->root_id != 0)
    sight_json_member_int(w, "rootId", node->root_id);
  member_true(w, node->flags & SIGHT_FLAG_IN_SHADOW, "isShadow");
  switch ((SightNodeType)node->type) {
  case SIGHT_NODE_DOCUMENT:
    if (node->flags & SIGHT_FLAG_BACK_COMPAT)
      sight_json_member_string(w, "compatMode", "BackCompat");
    return;
  case SIGHT_NODE_DOCTYPE: {
    gsize bytes;
    const char *ids = sight_dom_str(dom, node->text, &bytes);
    sight_json_member_string(w, "name", sight_dom_name_text(dom, node->tag));
    sight_json_member_string(w, "publicId", ids != NULL ? ids : "");
    sight_json_member_string(w, "systemId", ids != NULL ? ids + strlen(ids) + 1 : "");
    return;
  }
  case SIGHT_NODE_ELEMENT:
    sight_json_member_string(w, "tagName", sight_dom_name_text(dom, node->tag));
    write_attributes(dom, w, index, apart);
    member_true(w, node->flags & SIGHT_FLAG_SVG, "isSVG");
    member_true(w, node->flags & SIGHT_FLAG_CUSTOM, "isCustom");
    member_true(w, node->flags & SIGHT_FLAG_BLOCKED, "needBlock");
    member_true(w, node->flags & SIGHT_FLAG_SHADOW_HOST, "isShadowHost");
    return;
  case SIGHT_NODE_TEXT:
    if (apart && node->parent != 0 && sight_dom_style_is_shared(dom, sight_dom_at(dom, node->parent))) {
      write_share(dom, w, index);
      return;
    }
    member_true(w, node->flags & SIGHT_FLAG_STYLE_TEXT, "isStyle");
    member_true(w, is_late(dom, node), SIGHT_DOM_LATE);
    break;
  case SIGHT_NODE_CDATA:
  case SIGHT_NODE_COMMENT:
  case SIGHT_NODE_NONE:
    break;
  }
  sight_json_key(w, "textContent");
  put_str(dom, w, node->text);
}

static gboolean has_children(const SightNode *node) {
  return node->type == SIGHT_NODE_DOCUMENT || node->type == SIGHT_NODE_ELEMENT;
}

/* Which nodes are not written where they stand. */
typedef struct {
  GArray *frames, *apart;      /* of SightNodeIndex */
  SightNodeIndex body_written; /* the element below a document whose body is: rrweb's rebuild would move that one behind
                                  whatever follows */
  SightNodeIndex
      late_written; /* the style element in which a late text has been put apart: what follows comes after it */
} Places;

static gboolean is_body_of_document(const SightDom *dom, const SightNode *node) {
  const SightNode *parent = sight_dom_at(dom, node->parent);
  return sight_node_is(node, SIGHT_TAG_BODY) && node->parent != 0 && parent->parent != 0 &&
         sight_dom_at(dom, parent->parent)->type == SIGHT_NODE_DOCUMENT;
}

/* The first of `index` and its following siblings that is written in place; the others go to their lists. */
static SightNodeIndex first_in_place(const SightDom *dom, SightNodeIndex index, gboolean deep, Places *places) {
  for (; index != 0; index = sight_dom_at(dom, index)->next) {
    const SightNode *node = sight_dom_at(dom, index);
    if (node->type == SIGHT_NODE_DOCUMENT)
      g_array_append_val(places->frames, index);
    else if (deep || is_late(dom, node) || is_note_of_sheet(dom, node) ||
             (node->parent != 0 && (node->parent == places->body_written || node->parent == places->late_written))) {
      if (is_late(dom, node))
        places->late_written = node->parent;
      g_array_append_val(places->apart, index);
    } else {
      if (is_body_of_document(dom, node))
        places->body_written = node->parent;
      return index;
    }
  }
  return 0;
}

void sight_dom_serialize(const SightDom *dom, SightJsonWriter *w, SightNodeIndex top, GArray *frames, GArray *apart) {
  Places places = {.frames = frames, .apart = apart};
  guint depth = 0;
  SightNodeIndex index = top;
  while (index != 0) {
    const SightNode *node = sight_dom_at(dom, index);
    write_open(dom, w, index, FALSE);
    if (has_children(node)) {
      sight_json_key(w, "childNodes");
      sight_json_begin_array(w);
      SightNodeIndex child = first_in_place(dom, node->first, depth + 1 >= SIGHT_DOM_WRITE_DEPTH, &places);
      if (child != 0) {
        depth++;
        index = child;
        continue;
      }
      sight_json_end_array(w);
    }
    sight_json_end_object(w);
    while (index != top) {
      SightNodeIndex next = first_in_place(dom, sight_dom_at(dom, index)->next, FALSE, &places);
      if (next != 0) {
        index = next;
        break;
      }
      index = sight_dom_at(dom, index)->parent;
      depth--;
      sight_json_end_array(w);
      sight_json_end_object(w);
    }
    if (index == top)
      return;
  }
}

void sight_dom_serialize_add(const SightDom *dom, SightJsonWriter *w, SightNodeIndex index, int next_id) {
  const SightNode *node = sight_dom_at(dom, index);
  sight_json_begin_object(w);
  sight_json_member_int(w, "parentId", node->parent != 0 ? sight_dom_at(dom, node->parent)->id : 0);
  sight_json_key(w, "nextId");
  if (next_id != 0)
    sight_json_put_int(w, next_id);
  else
    sight_json_put_null(w);
  sight_json_key(w, "node");
  write_open(dom, w, index, TRUE);
  if (has_children(node)) {
    sight_json_key(w, "childNodes");
    sight_json_begin_array(w);
    sight_json_end_array(w);
  }
  sight_json_end_object(w);
  sight_json_end_object(w);
}
