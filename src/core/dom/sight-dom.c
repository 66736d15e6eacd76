/* SPDX-License-Identifier: MIT */
/* SightDom: its life, which event goes to which part, and the plain questions about nodes. */
#include "sight-dom-private.h"

#include "sight-hash.h"

#include <string.h>

static void state_free(gpointer data) {
  SightNodeState *state = data;
  g_free(state->input);
  g_free(state->media);
  g_clear_pointer(&state->rules, sight_rule_log_free);
  g_clear_pointer(&state->canvas, g_ptr_array_unref);
  g_clear_pointer(&state->adopted, g_array_unref);
  g_free(state);
}

SightDom *sight_dom_new(void) {
  SightDom *dom = g_new0(SightDom, 1);
  dom->slot_seed = g_random_int();
  dom->name_ids = g_hash_table_new(sight_hash_text, g_str_equal);
  dom->names = g_ptr_array_new_with_free_func(g_free);
  dom->tag_traits = g_array_new(FALSE, TRUE, sizeof(guint16));
  dom->states = g_hash_table_new_full(NULL, NULL, NULL, state_free);
  dom->sheets = g_hash_table_new_full(sight_hash_number, NULL, NULL, (GDestroyNotify)sight_rule_log_free);
  dom->aside = g_hash_table_new_full(sight_hash_number, NULL, NULL, g_free);
  dom->frames = g_hash_table_new_full(sight_hash_number, NULL, NULL, g_free);
  dom->fonts = g_ptr_array_new_with_free_func(g_free);
  dom->custom_elements = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  sight_dom_clear_page(dom);
  return dom;
}

void sight_dom_free(SightDom *dom) {
  if (dom == NULL)
    return;
  g_array_unref(dom->nodes);
  g_free(dom->slot_ids);
  g_free(dom->slot_nodes);
  g_byte_array_unref(dom->arena);
  g_array_unref(dom->attrs);
  g_hash_table_unref(dom->name_ids);
  g_ptr_array_unref(dom->names);
  g_array_unref(dom->tag_traits);
  g_hash_table_unref(dom->states);
  g_hash_table_unref(dom->sheets);
  g_hash_table_unref(dom->aside);
  g_hash_table_unref(dom->frames);
  g_ptr_array_unref(dom->fonts);
  sight_json_parser_free(dom->canvas_parser);
  g_hash_table_unref(dom->custom_elements);
  g_free(dom->url);
  g_free(dom->selection);
  g_free(dom);
}

static void apply_incremental(SightDom *dom, const SightEvent *event) {
  switch (event->source) {
  case SIGHT_SOURCE_MUTATION:
    sight_dom_apply_mutation(dom, event->data);
    return;
  case SIGHT_SOURCE_STYLE_SHEET_RULE:
    sight_dom_apply_rules(dom, event->data);
    return;
  case SIGHT_SOURCE_STYLE_DECLARATION:
    sight_dom_apply_declaration(dom, event->data);
    return;
  case SIGHT_SOURCE_ADOPTED_STYLE_SHEET:
    sight_dom_apply_adopted(dom, event->data);
    return;
  default:
    sight_dom_apply_state(dom, event);
  }
}

void sight_dom_apply(SightDom *dom, const SightEvent *event) {
  dom->time_ms = event->time_ms;
  dom->bytes += event->text_bytes;
  switch (event->type) {
  case SIGHT_EVENT_META: {
    const char *url = sight_json_string(sight_json_get(event->data, "href"), NULL);
    if (url != NULL) {
      g_free(dom->url);
      dom->url = g_strdup(url);
    }
    sight_dom_apply_state(dom, event);
    return;
  }
  case SIGHT_EVENT_FULL_SNAPSHOT:
    sight_dom_apply_snapshot(dom, event);
    return;
  case SIGHT_EVENT_INCREMENTAL:
    apply_incremental(dom, event);
    sight_dom_compact_if_worth(dom);
    return;
  default:
    return;
  }
}

guint64 sight_dom_left_out(const SightDom *dom) {
  return dom->left_out;
}

guint64 sight_dom_anomalies(const SightDom *dom) {
  return dom->anomalies;
}

gboolean sight_dom_has_page(const SightDom *dom) {
  return dom->root != 0;
}

int sight_dom_root(const SightDom *dom) {
  return dom->root != 0 ? sight_dom_at(dom, dom->root)->id : 0;
}

SightNodeType sight_dom_node_type(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  return index != 0 ? (SightNodeType)sight_dom_at(dom, index)->type : SIGHT_NODE_NONE;
}

static int id_at(const SightDom *dom, SightNodeIndex index) {
  return index != 0 ? sight_dom_at(dom, index)->id : 0;
}

int sight_dom_parent(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  return index != 0 ? id_at(dom, sight_dom_at(dom, index)->parent) : 0;
}

int sight_dom_first_child(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  return index != 0 ? id_at(dom, sight_dom_at(dom, index)->first) : 0;
}

int sight_dom_next_sibling(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  return index != 0 ? id_at(dom, sight_dom_at(dom, index)->next) : 0;
}

int sight_dom_closest(const SightDom *dom, int id, const char *tag) {
  SightNodeIndex index = sight_dom_find(dom, id);
  for (guint level = 0; index != 0 && level < SIGHT_DOM_LEVELS; level++, index = sight_dom_at(dom, index)->parent)
    if (sight_dom_is_tag(dom, sight_dom_at(dom, index), tag))
      return sight_dom_at(dom, index)->id;
  return 0;
}

gboolean sight_dom_contains(const SightDom *dom, int ancestor, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  for (guint level = 0; index != 0 && level < SIGHT_DOM_LEVELS; level++, index = sight_dom_at(dom, index)->parent)
    if (sight_dom_at(dom, index)->id == ancestor)
      return TRUE;
  return FALSE;
}

const char *sight_dom_tag(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0 || sight_dom_at(dom, index)->type != SIGHT_NODE_ELEMENT)
    return NULL;
  return sight_dom_name_text(dom, sight_dom_at(dom, index)->tag);
}

const char *sight_dom_attribute(const SightDom *dom, int id, const char *name) {
  SightNodeIndex index = sight_dom_find(dom, id);
  return index != 0 ? sight_dom_attr_text(dom, sight_dom_at(dom, index), name) : NULL;
}

guint sight_dom_n_nodes(const SightDom *dom) {
  return dom->n_live;
}

gboolean sight_dom_has_anchor(const SightDom *dom, const char *tainted_name) {
  g_autofree char *plain = g_uri_unescape_string(tainted_name, NULL);
  const char *name = plain != NULL ? plain : tainted_name;
  for (SightNodeIndex at = dom->root; at != 0; at = sight_dom_following(dom, at, dom->root)) {
    const SightNode *node = sight_dom_at(dom, at);
    if (node->type != SIGHT_NODE_ELEMENT)
      continue;
    if (g_strcmp0(sight_dom_attr_text(dom, node, "id"), name) == 0 ||
        (sight_dom_is_tag(dom, node, "a") && g_strcmp0(sight_dom_attr_text(dom, node, "name"), name) == 0))
      return TRUE;
  }
  return FALSE;
}

gboolean sight_dom_attribute_at(const SightDom *dom, int id, guint i, const char **name, const char **value) {
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0 || i >= sight_dom_at(dom, index)->n_attrs)
    return FALSE;
  const SightAttr *attr = sight_dom_attr_at(dom, sight_dom_at(dom, index), i);
  *name = sight_dom_name_text(dom, attr->name);
  *value = sight_dom_attr_value(dom, attr);
  return TRUE;
}

const char *sight_dom_text(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0)
    return NULL;
  const SightNode *node = sight_dom_at(dom, index);
  if (node->type == SIGHT_NODE_ELEMENT || node->type == SIGHT_NODE_DOCUMENT || node->type == SIGHT_NODE_DOCTYPE)
    return NULL;
  const char *text = sight_dom_str(dom, node->text, NULL);
  return text != NULL ? text : "";
}

const char *sight_dom_value(const SightDom *dom, int id) {
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0)
    return NULL;
  const SightNodeState *state = sight_dom_state(dom, index);
  if (state != NULL && state->has_input)
    return state->input;
  const SightNode *node = sight_dom_at(dom, index);
  const char *value = sight_dom_attr_text(dom, node, "value");
  if (value == NULL && sight_dom_is_tag(dom, node, "textarea") && node->first != 0)
    value = sight_dom_text(dom, sight_dom_at(dom, node->first)->id);
  return value;
}

void sight_dom_viewport(const SightDom *dom, int *width_px, int *height_px) {
  *width_px = dom->width;
  *height_px = dom->height;
}
