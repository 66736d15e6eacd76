/* SPDX-License-Identifier: MIT */
/* The arrays that a page lives in: nodes, strings, attributes, names; and how they stay small. */
#include "sight-dom-private.h"

#include <string.h>

#define MAX_NODES 20000000u
#define MAX_STRING (256u * 1024 * 1024)
#define MAX_ARENA (2u * 1024 * 1024 * 1024u - 1)
#define MAX_NAMES 65536u
#define FIRST_STEPS (1000 * 1000)
#define STEPS_FOR_BYTE 16

/* murmur's finaliser, seeded: ids come from strangers, who must not be able to choose collisions */
static guint hash_id(const SightDom *dom, int id) {
  guint32 h = (guint32)id ^ dom->slot_seed;
  h = (h ^ (h >> 16)) * 0x85ebca6bu;
  h = (h ^ (h >> 13)) * 0xc2b2ae35u;
  return (h ^ (h >> 16)) & (dom->slots - 1);
}

static guint slot_of(const SightDom *dom, int id) {
  guint i = hash_id(dom, id);
  while (dom->slot_nodes[i] != 0 && dom->slot_ids[i] != id)
    i = (i + 1) & (dom->slots - 1);
  return i;
}

SightNodeIndex sight_dom_find(const SightDom *dom, int id) {
  if (id == 0 || dom->slots == 0)
    return 0;
  return dom->slot_nodes[slot_of(dom, id)];
}

static void slots_resize(SightDom *dom, guint slots) {
  g_autofree int *old_ids = dom->slot_ids;
  g_autofree SightNodeIndex *old_nodes = dom->slot_nodes;
  guint old = dom->slots;
  dom->slots = slots;
  dom->slot_ids = g_new(int, slots);
  dom->slot_nodes = g_new0(SightNodeIndex, slots);
  for (guint i = 0; i < old; i++) {
    if (old_nodes[i] == 0)
      continue;
    guint to = slot_of(dom, old_ids[i]);
    dom->slot_ids[to] = old_ids[i];
    dom->slot_nodes[to] = old_nodes[i];
  }
}

/* Where the id is, or where it goes. */
static guint free_slot(SightDom *dom, int id) {
  if ((dom->n_live + 1) * 2 > dom->slots)
    slots_resize(dom, MAX(dom->slots * 2, 256));
  return slot_of(dom, id);
}

static void map_put(SightDom *dom, int id, SightNodeIndex index) {
  guint i = free_slot(dom, id);
  dom->slot_ids[i] = id;
  dom->slot_nodes[i] = index;
}

/* Linear probing without tombstones: what follows in the run moves up. */
static void map_remove(SightDom *dom, int id) {
  guint hole = slot_of(dom, id);
  if (dom->slot_nodes[hole] == 0)
    return;
  guint mask = dom->slots - 1;
  for (guint i = (hole + 1) & mask; dom->slot_nodes[i] != 0; i = (i + 1) & mask) {
    guint home = hash_id(dom, dom->slot_ids[i]);
    if (((i - home) & mask) < ((i - hole) & mask))
      continue;
    dom->slot_ids[hole] = dom->slot_ids[i];
    dom->slot_nodes[hole] = dom->slot_nodes[i];
    hole = i;
  }
  dom->slot_nodes[hole] = 0;
}

SightNodeIndex sight_dom_node_new(SightDom *dom, int id, SightNodeType type) {
  if (dom->n_live >= MAX_NODES) {
    sight_dom_leave_out(dom);
    return 0;
  }
  if (id <= 0) {
    dom->anomalies++;
    return 0;
  }
  guint slot = free_slot(dom, id);
  if (dom->slot_nodes[slot] != 0) {
    sight_dom_node_make_ghost(dom, dom->slot_nodes[slot]);
    slot = free_slot(dom, id);
  }
  SightNodeIndex index = dom->free_list;
  if (index != 0)
    dom->free_list = sight_dom_at(dom, index)->next;
  else {
    index = dom->nodes->len;
    g_array_set_size(dom->nodes, index + 1);
  }
  SightNode *node = sight_dom_at(dom, index);
  *node = (SightNode){.id = id, .type = (guint8)type};
  dom->slot_ids[slot] = id;
  dom->slot_nodes[slot] = index;
  dom->n_live++;
  return index;
}

void sight_dom_node_set_id(SightDom *dom, SightNodeIndex index, int id) {
  SightNode *node = sight_dom_at(dom, index);
  map_remove(dom, node->id);
  node->id = id;
  map_put(dom, id, index);
}

void sight_dom_node_make_ghost(SightDom *dom, SightNodeIndex index) {
  sight_dom_canvas_forget(dom, index);
  while (sight_dom_find(dom, dom->last_ghost) != 0)
    dom->last_ghost--;
  sight_dom_node_set_id(dom, index, dom->last_ghost--);
  dom->anomalies++;
}

void sight_dom_unlink(SightDom *dom, SightNodeIndex index) {
  SightNode *node = sight_dom_at(dom, index);
  if (node->parent == 0)
    return;
  SightNode *parent = sight_dom_at(dom, node->parent);
  if (parent->first_shadow == index)
    parent->first_shadow = node->next;
  if (node->prev != 0)
    sight_dom_at(dom, node->prev)->next = node->next;
  else
    parent->first = node->next;
  if (node->next != 0)
    sight_dom_at(dom, node->next)->prev = node->prev;
  else
    parent->last = node->prev;
  node->parent = node->prev = node->next = 0;
}

void sight_dom_link(SightDom *dom, SightNodeIndex index, SightNodeIndex parent_index, SightNodeIndex next) {
  SightNode *node = sight_dom_at(dom, index);
  SightNode *parent = sight_dom_at(dom, parent_index);
  gboolean shadow = (node->flags & SIGHT_FLAG_IN_SHADOW) != 0;
  if (next != 0 && ((sight_dom_at(dom, next)->flags & SIGHT_FLAG_IN_SHADOW) != 0) != shadow)
    next = 0; /* of the other list */
  if (shadow && next == parent->first_shadow)
    parent->first_shadow = index;
  else if (!shadow && next == 0)
    next = parent->first_shadow;
  node->parent = parent_index;
  node->next = next;
  node->prev = next != 0 ? sight_dom_at(dom, next)->prev : parent->last;
  if (node->prev != 0)
    sight_dom_at(dom, node->prev)->next = index;
  else
    parent->first = index;
  if (next != 0)
    sight_dom_at(dom, next)->prev = index;
  else
    parent->last = index;
}

static void node_release(SightDom *dom, SightNodeIndex index) {
  SightNode *node = sight_dom_at(dom, index);
  map_remove(dom, node->id);
  g_hash_table_remove(dom->aside, GINT_TO_POINTER(node->id));
  sight_dom_str_drop(dom, node->text);
  for (guint i = 0; i < node->n_attrs; i++)
    sight_dom_str_drop(dom, sight_dom_attr_at(dom, node, i)->value);
  dom->attrs_garbage += node->attrs_size;
  if (node->flags & SIGHT_FLAG_STATE)
    g_hash_table_remove(dom->states, GUINT_TO_POINTER(index));
  if (dom->root == index)
    dom->root = 0;
  *node = (SightNode){.next = dom->free_list, .type = 0xff};
  dom->free_list = index;
  dom->n_live--;
}

void sight_dom_node_free(SightDom *dom, SightNodeIndex top) {
  sight_dom_unlink(dom, top);
  /* deepest first, so that no recursion is needed: a node without children is released and its parent looked at again
   */
  SightNodeIndex index = top;
  while (index != 0) {
    SightNode *node = sight_dom_at(dom, index);
    if (node->first != 0) {
      index = node->first;
      continue;
    }
    SightNodeIndex parent = index == top ? 0 : node->parent;
    if (parent != 0)
      sight_dom_unlink(dom, index);
    node_release(dom, index);
    index = parent;
  }
}

void sight_dom_leave_out(SightDom *dom) {
  dom->anomalies++;
  dom->left_out++;
}

gboolean sight_dom_may_step(const SightDom *dom) {
  return dom->steps <= FIRST_STEPS + dom->bytes * STEPS_FOR_BYTE;
}

gboolean sight_dom_is_inside(SightDom *dom, SightNodeIndex index, SightNodeIndex ancestor) {
  if (!sight_dom_may_step(dom)) {
    sight_dom_leave_out(dom);
    return TRUE;
  }
  for (; index != 0 && index != ancestor; index = sight_dom_at(dom, index)->parent)
    dom->steps++;
  return index != 0;
}

SightNodeIndex sight_dom_following_skip(const SightDom *dom, SightNodeIndex index, SightNodeIndex top) {
  while (index != 0 && index != top) {
    const SightNode *node = sight_dom_at(dom, index);
    if (node->next != 0)
      return node->next;
    index = node->parent;
  }
  return 0;
}

SightNodeIndex sight_dom_following(const SightDom *dom, SightNodeIndex index, SightNodeIndex top) {
  SightNodeIndex first = sight_dom_at(dom, index)->first;
  return first != 0 ? first : sight_dom_following_skip(dom, index, top);
}

/* Strings */

SightStr sight_dom_str_new(SightDom *dom, const char *text, gsize bytes) {
  if (text == NULL)
    return 0;
  if (bytes > MAX_STRING || dom->arena->len + bytes + 8 > MAX_ARENA) {
    sight_dom_leave_out(dom);
    return 0;
  }
  guint32 at = dom->arena->len, length = (guint32)bytes;
  g_byte_array_set_size(dom->arena, at + 5 + length);
  guint8 *to = dom->arena->data + at;
  memcpy(to, &length, 4);
  memcpy(to + 4, text, length);
  to[4 + length] = 0;
  return at;
}

const char *sight_dom_str(const SightDom *dom, SightStr str, gsize *bytes) {
  guint32 length = 0;
  if (str != 0)
    memcpy(&length, dom->arena->data + str, 4);
  if (bytes != NULL)
    *bytes = length;
  return str != 0 ? (const char *)dom->arena->data + str + 4 : NULL;
}

void sight_dom_str_drop(SightDom *dom, SightStr str) {
  gsize bytes;
  if (sight_dom_str(dom, str, &bytes) != NULL)
    dom->arena_garbage += bytes + 5;
}

void sight_dom_str_set(SightDom *dom, SightStr *str, const char *text, gsize bytes) {
  gsize old_bytes;
  const char *old = sight_dom_str(dom, *str, &old_bytes);
  if (old != NULL && text != NULL && bytes == old_bytes) {
    memmove(dom->arena->data + *str + 4, text, bytes);
    return;
  }
  sight_dom_str_drop(dom, *str);
  *str = sight_dom_str_new(dom, text, bytes);
}

/* Names */

guint32 sight_dom_name(SightDom *dom, const char *name, gsize bytes) {
  g_autofree char *owned = NULL;
  char small[64];
  if (bytes < sizeof small) {
    memcpy(small, name, bytes);
    small[bytes] = 0;
    name = small;
  } else
    name = owned = g_strndup(name, bytes);
  guint32 id = GPOINTER_TO_UINT(g_hash_table_lookup(dom->name_ids, name));
  if (id != 0)
    return id;
  char *kept = owned != NULL ? g_steal_pointer(&owned) : g_strdup(name);
  id = dom->names->len;
  g_ptr_array_add(dom->names, kept);
  g_hash_table_insert(dom->name_ids, kept, GUINT_TO_POINTER(id));
  return id;
}

guint32 sight_dom_name_find(const SightDom *dom, const char *name) {
  return GPOINTER_TO_UINT(g_hash_table_lookup(dom->name_ids, name));
}

const char *sight_dom_name_text(const SightDom *dom, guint32 name) {
  return g_ptr_array_index(dom->names, name & ~SIGHT_ATTR_RAW);
}

static void names_reset(SightDom *dom) {
  static const char *const fixed[] = {"iframe", "textarea", "style",  "link", "html", "body", "details", "summary",
                                      "dialog", "input",    "hidden", "open", "type", "id",   "role",    "data-testid"};
  g_hash_table_remove_all(dom->name_ids);
  g_ptr_array_set_size(dom->names, 0);
  g_ptr_array_add(dom->names, g_strdup(""));
  g_array_set_size(dom->tag_traits, 0);
  for (guint i = 0; i < G_N_ELEMENTS(fixed); i++)
    sight_dom_name(dom, fixed[i], strlen(fixed[i])); /* in the order of SightTag */
}

gboolean sight_dom_is_tag(const SightDom *dom, const SightNode *node, const char *tag) {
  return node->type == SIGHT_NODE_ELEMENT && strcmp(sight_dom_name_text(dom, node->tag), tag) == 0;
}

/* Attributes */

SightAttr *sight_dom_attr_at(const SightDom *dom, const SightNode *node, guint i) {
  return &((SightAttr *)(void *)dom->attrs->data)[node->attrs + i];
}

static SightAttr *attr_by_name(const SightDom *dom, const SightNode *node, guint32 name) {
  for (guint i = 0; i < node->n_attrs; i++) {
    SightAttr *attr = sight_dom_attr_at(dom, node, i);
    if ((attr->name & ~SIGHT_ATTR_RAW) == name)
      return attr;
  }
  return NULL;
}

SightAttr *sight_dom_attr_find(const SightDom *dom, const SightNode *node, const char *name) {
  guint32 id = node->n_attrs > 0 ? sight_dom_name_find(dom, name) : 0;
  return id != 0 ? attr_by_name(dom, node, id) : NULL;
}

const SightAttr *sight_dom_attr_fixed(const SightDom *dom, const SightNode *node, SightTag name) {
  return node->n_attrs > 0 ? attr_by_name(dom, node, name) : NULL;
}

void sight_dom_attr_set(SightDom *dom, SightNodeIndex index, const char *name, gsize name_bytes, const char *value,
                        gsize value_bytes, gboolean raw) {
  guint32 id = sight_dom_name(dom, name, name_bytes);
  SightNode *node = sight_dom_at(dom, index);
  SightAttr *attr = attr_by_name(dom, node, id);
  node->flags &= (guint16)~SIGHT_FLAG_ASKED;
  if (attr != NULL) {
    attr->name = id | (raw ? SIGHT_ATTR_RAW : 0);
    sight_dom_str_set(dom, &attr->value, value, value_bytes);
    return;
  }
  if (node->n_attrs >= SIGHT_DOM_MAX_ATTRIBUTES) {
    sight_dom_leave_out(dom);
    return;
  }
  if (node->n_attrs == node->attrs_size) {
    guint size = node->attrs_size == 0 ? 2 : node->attrs_size * 2u;
    guint at = dom->attrs->len;
    if (node->attrs_size > 0 && node->attrs + node->attrs_size == at)
      g_array_set_size(dom->attrs, node->attrs + size); /* it stands at the end: grow in place */
    else {
      g_array_set_size(dom->attrs, at + size);
      SightAttr *pool = (SightAttr *)(void *)dom->attrs->data;
      if (node->n_attrs > 0)
        memcpy(pool + at, pool + node->attrs, node->n_attrs * sizeof *pool);
      dom->attrs_garbage += node->attrs_size;
      node->attrs = at;
    }
    node->attrs_size = (guint16)size;
  }
  attr = sight_dom_attr_at(dom, node, node->n_attrs++);
  *attr = (SightAttr){.name = id | (raw ? SIGHT_ATTR_RAW : 0), .value = sight_dom_str_new(dom, value, value_bytes)};
}

void sight_dom_attr_remove(SightDom *dom, SightNodeIndex index, const char *name) {
  SightNode *node = sight_dom_at(dom, index);
  SightAttr *attr = sight_dom_attr_find(dom, node, name);
  if (attr == NULL)
    return;
  node->flags &= (guint16)~SIGHT_FLAG_ASKED;
  sight_dom_str_drop(dom, attr->value);
  SightAttr *end = sight_dom_attr_at(dom, node, 0) + node->n_attrs;
  memmove(attr, attr + 1, (gsize)(end - attr - 1) * sizeof *attr);
  node->n_attrs--;
}

const char *sight_dom_attr_text(const SightDom *dom, const SightNode *node, const char *name) {
  const SightAttr *attr = sight_dom_attr_find(dom, node, name);
  return attr != NULL ? sight_dom_attr_value(dom, attr) : NULL;
}

const char *sight_dom_attr_value(const SightDom *dom, const SightAttr *attr) {
  const char *value = sight_dom_str(dom, attr->value, NULL);
  if (value == NULL || !(attr->name & SIGHT_ATTR_RAW))
    return value;
  if (strcmp(value, "true") == 0)
    return "";
  return strcmp(value, "false") == 0 ? NULL : value;
}

/* State beside the nodes */

SightNodeState *sight_dom_state(const SightDom *dom, SightNodeIndex index) {
  if (index == 0 || !(sight_dom_at(dom, index)->flags & SIGHT_FLAG_STATE))
    return NULL;
  return g_hash_table_lookup(dom->states, GUINT_TO_POINTER(index));
}

SightNodeState *sight_dom_state_make(SightDom *dom, SightNodeIndex index) {
  SightNodeState *state = sight_dom_state(dom, index);
  if (state != NULL)
    return state;
  state = g_new0(SightNodeState, 1);
  g_hash_table_insert(dom->states, GUINT_TO_POINTER(index), state);
  sight_dom_at(dom, index)->flags |= SIGHT_FLAG_STATE;
  return state;
}

/* Keeping small */

void sight_dom_clear_page(SightDom *dom) {
  g_clear_pointer(&dom->nodes, g_array_unref);
  dom->nodes = g_array_new(FALSE, TRUE, sizeof(SightNode));
  g_array_set_size(dom->nodes, 1);
  dom->free_list = dom->root = 0;
  dom->n_live = 0;
  g_clear_pointer(&dom->slot_ids, g_free);
  g_clear_pointer(&dom->slot_nodes, g_free);
  dom->slots = 0;
  /* new ones: the next page need not be as large as the last */
  g_clear_pointer(&dom->arena, g_byte_array_unref);
  g_clear_pointer(&dom->attrs, g_array_unref);
  dom->arena = g_byte_array_new();
  g_byte_array_set_size(dom->arena, 1);
  dom->attrs = g_array_new(FALSE, TRUE, sizeof(SightAttr));
  dom->arena_garbage = dom->attrs_garbage = 0;
  dom->last_ghost = G_MAXINT;
  g_hash_table_remove_all(dom->states);
  g_hash_table_remove_all(dom->sheets);
  g_hash_table_remove_all(dom->aside);
  names_reset(dom);
}

static SightStr str_move(SightDom *to, const SightDom *from, SightStr str) {
  gsize bytes;
  const char *text = sight_dom_str(from, str, &bytes);
  return sight_dom_str_new(to, text, bytes);
}

/* Names that nothing uses any more go too, where there are too many. */
static void compact_names(SightDom *dom) {
  g_autoptr(GPtrArray) old = dom->names;
  g_hash_table_steal_all(dom->name_ids);
  dom->names = g_ptr_array_new_with_free_func(g_free);
  names_reset(dom);
  for (guint i = 1; i < dom->nodes->len; i++) {
    SightNode *node = sight_dom_at(dom, i);
    if (node->type == 0xff)
      continue;
    const char *tag = g_ptr_array_index(old, node->tag);
    node->tag = node->tag != 0 ? sight_dom_name(dom, tag, strlen(tag)) : 0;
    for (guint k = 0; k < node->n_attrs; k++) {
      SightAttr *attr = sight_dom_attr_at(dom, node, k);
      const char *name = g_ptr_array_index(old, attr->name & ~SIGHT_ATTR_RAW);
      attr->name = sight_dom_name(dom, name, strlen(name)) | (attr->name & SIGHT_ATTR_RAW);
    }
  }
}

static void compact(SightDom *dom) {
  SightDom old = *dom;
  gsize live = old.arena->len - MIN(old.arena_garbage, old.arena->len);
  dom->arena = g_byte_array_sized_new((guint)(live + live / 8 + 64));
  g_byte_array_set_size(dom->arena, 1);
  dom->attrs = g_array_sized_new(FALSE, TRUE, sizeof(SightAttr), (guint)(old.attrs->len - old.attrs_garbage + 64));
  dom->arena_garbage = dom->attrs_garbage = 0;
  for (guint i = 1; i < dom->nodes->len; i++) {
    SightNode *node = sight_dom_at(dom, i);
    if (node->type == 0xff)
      continue;
    node->text = str_move(dom, &old, node->text);
    guint at = dom->attrs->len, n = node->n_attrs;
    g_array_set_size(dom->attrs, at + n);
    for (guint k = 0; k < n; k++) {
      SightAttr attr = *sight_dom_attr_at(&old, node, k);
      attr.value = str_move(dom, &old, attr.value);
      g_array_index(dom->attrs, SightAttr, at + k) = attr;
    }
    node->attrs = at;
    node->attrs_size = (guint16)n;
  }
  g_byte_array_unref(old.arena);
  g_array_unref(old.attrs);
  if (dom->names->len > MAX_NAMES)
    compact_names(dom);
}

void sight_dom_compact_if_worth(SightDom *dom) {
  gboolean arena = dom->arena_garbage > 65536 && dom->arena_garbage > dom->arena->len / 2;
  gboolean attrs = dom->attrs_garbage > 16384 && dom->attrs_garbage > dom->attrs->len / 2;
  gboolean names = dom->names->len > MAX_NAMES && dom->names->len > 4 * (guint64)dom->n_live + dom->attrs->len;
  if (arena || attrs || names)
    compact(dom);
}
