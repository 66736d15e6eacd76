/* SPDX-License-Identifier: MIT */
/* Radio buttons: to check one unchecks the others of its group. Which of several that were checked stays so depends on
 * the order of that, and not on the order in which they stand; so it is kept with them, as what was typed is. */
#include "sight-dom-private.h"

#include <string.h>

/* So many checked buttons of one name are looked at, the newest; and so far up for the form that they belong to. */
#define MAX_OTHERS 64
#define MAX_DEPTH 512

static gboolean is_checked(const SightDom *dom, SightNodeIndex index) {
  const SightNodeState *state = sight_dom_state(dom, index);
  return state != NULL && state->has_input ? state->checked
                                           : sight_dom_attr_find(dom, sight_dom_at(dom, index), "checked") != NULL;
}

gboolean sight_dom_is_radio(const SightDom *dom, SightNodeIndex index) {
  const SightNode *node = sight_dom_at(dom, index);
  const char *type = sight_node_is(node, SIGHT_TAG_INPUT) ? sight_dom_attr_text(dom, node, "type") : NULL;
  return type != NULL && g_ascii_strcasecmp(type, "radio") == 0;
}

/* The form that the button belongs to; else the document or the shadow root's host in which it is. */
static SightNodeIndex owner(const SightDom *dom, SightNodeIndex index) {
  for (guint i = 0; i < MAX_DEPTH; i++) {
    gboolean shadow = (sight_dom_at(dom, index)->flags & SIGHT_FLAG_IN_SHADOW) != 0;
    SightNodeIndex parent = sight_dom_at(dom, index)->parent;
    if (parent == 0 || sight_dom_at(dom, index)->type == SIGHT_NODE_DOCUMENT)
      return index;
    if (shadow || sight_dom_is_tag(dom, sight_dom_at(dom, parent), "form"))
      return parent;
    index = parent;
  }
  return 0;
}

static void set_checked(SightDom *dom, SightNodeIndex index, gboolean checked) {
  SightNodeState *state = sight_dom_state_make(dom, index);
  if (!state->has_input)
    state->input = g_strdup(sight_dom_attr_text(dom, sight_dom_at(dom, index), "value"));
  state->has_input = TRUE;
  state->checked = checked;
}

void sight_dom_radio_checked(SightDom *dom, SightNodeIndex index) {
  const SightNode *node = sight_dom_at(dom, index);
  const char *name = sight_dom_attr_text(dom, node, "name");
  /* without a value, nothing can be said of it that would not give it one */
  if (name == NULL || *name == 0 || sight_dom_attr_text(dom, node, "value") == NULL || !is_checked(dom, index))
    return;
  GArray *ids = g_hash_table_lookup(dom->radios, name);
  if (ids == NULL) {
    ids = g_array_new(FALSE, FALSE, sizeof(int));
    g_hash_table_insert(dom->radios, g_strdup(name), ids);
  }
  SightNodeIndex form = owner(dom, index);
  int id = node->id;
  for (guint i = ids->len; i-- > 0;) {
    SightNodeIndex other = sight_dom_find(dom, g_array_index(ids, int, i));
    if (other != 0 && other != index && sight_dom_is_radio(dom, other) && is_checked(dom, other) &&
        g_strcmp0(sight_dom_attr_text(dom, sight_dom_at(dom, other), "name"),
                  sight_dom_attr_text(dom, sight_dom_at(dom, index), "name")) == 0) {
      if (owner(dom, other) != form)
        continue;
      set_checked(dom, other, FALSE);
      set_checked(dom, index, TRUE);
    }
    g_array_remove_index(ids, i);
  }
  if (ids->len >= MAX_OTHERS)
    g_array_remove_index(ids, 0);
  g_array_append_val(ids, id);
}
