/* SPDX-License-Identifier: MIT */
/* Mutations: nodes removed and added, texts and attributes changed, by the rules of rrweb's own Replayer. */
#include "sight-dom-private.h"
#include "sight-dom-valid.h"
#include "sight-hash.h"

#include <string.h>

/* Documents that come before their frame are kept as text, but not without end. */
#define MAX_WAITING_FRAMES (64u * 1024 * 1024)

/* Adds that wait within one mutation: which id they wait for, and what is to be looked at (again). */
typedef struct {
  GHashTable *waiting; /* id -> GArray of SightJson */
  GArray *todo;        /* of SightJson: a queue read from `next` on */
  guint next;
} Adds;

static int get_id(SightJson object, const char *key) {
  return (int)CLAMP(sight_json_int(sight_json_get(object, key), 0), G_MININT, G_MAXINT);
}

static void free_array(gpointer data) {
  g_array_unref(data);
}

static void wait_for(SightDom *dom, Adds *adds, int id, SightJson add) {
  GArray *list = g_hash_table_lookup(adds->waiting, GINT_TO_POINTER(id));
  if (list == NULL) {
    list = g_array_new(FALSE, FALSE, sizeof(SightJson));
    g_hash_table_insert(adds->waiting, GINT_TO_POINTER(id), list);
  }
  g_array_append_val(list, add);
}

static void wake(Adds *adds, int id) {
  if (g_hash_table_size(adds->waiting) == 0)
    return;
  GArray *list = g_hash_table_lookup(adds->waiting, GINT_TO_POINTER(id));
  if (list == NULL)
    return;
  g_array_append_vals(adds->todo, list->data, list->len);
  g_hash_table_remove(adds->waiting, GINT_TO_POINTER(id));
}

static void remember_frame(SightDom *dom, int frame_id, SightJson document) {
  g_autoptr(GString) text = g_string_new(NULL);
  sight_json_append_value(text, document);
  const char *old = g_hash_table_lookup(dom->frames, GINT_TO_POINTER(frame_id));
  if (old != NULL)
    return; /* rrweb takes the first one that waits */
  if (dom->frames_bytes + text->len > MAX_WAITING_FRAMES) {
    sight_dom_leave_out(dom);
    return;
  }
  dom->frames_bytes += text->len;
  g_hash_table_insert(dom->frames, GINT_TO_POINTER(frame_id), g_strdup(text->str));
}

/* What stands in a frame that came after the snapshot is what was recorded of it: rrweb never loads its `srcdoc`. */
static void drop_srcdoc(SightDom *dom, SightNodeIndex index) {
  if (sight_node_is(sight_dom_at(dom, index), SIGHT_TAG_IFRAME))
    sight_dom_attr_remove(dom, index, "srcdoc");
}

void sight_dom_attach_document(SightDom *dom, SightNodeIndex frame, SightJson tainted_document) {
  int id = get_id(tainted_document, "id");
  SightNodeIndex old = sight_dom_find(dom, id);
  guint64 left_out = dom->left_out;
  if (sight_json_int(sight_json_get(tainted_document, "type"), -1) != SIGHT_NODE_DOCUMENT ||
      !sight_node_is(sight_dom_at(dom, frame), SIGHT_TAG_IFRAME) ||
      (old != 0 && sight_dom_is_inside(dom, frame, old))) {
    dom->anomalies += dom->left_out == left_out;
    return;
  }
  while (sight_dom_at(dom, frame)->first != 0)
    sight_dom_node_free(dom, sight_dom_at(dom, frame)->first);
  SightNodeIndex document = sight_dom_build(dom, tainted_document);
  if (document == 0)
    return;
  for (SightNodeIndex i = document; i != 0; i = sight_dom_following(dom, i, document)) {
    drop_srcdoc(dom, i);
    sight_dom_at(dom, i)->flags |= SIGHT_FLAG_ADDED;
  }
  sight_dom_link(dom, document, frame, 0);
}

/* The text of a style element that has its text as _cssText, and no child yet. rrweb takes the one for the other where
 * the element was added, but shows both where it came with a snapshot. */
static void take_css_text(SightDom *dom, SightNodeIndex style, SightNodeIndex index, gboolean late) {
  const SightAttr *attr = sight_dom_attr_find(dom, sight_dom_at(dom, style), "_cssText");
  if (attr == NULL)
    return;
  if (late || !(sight_dom_at(dom, style)->flags & SIGHT_FLAG_ADDED) || sight_dom_at(dom, style)->first != 0) {
    sight_dom_at(dom, index)->flags |= SIGHT_FLAG_LATE;
    return;
  }
  g_autofree char *css = g_strdup(sight_dom_str(dom, attr->value, NULL));
  if (css == NULL)
    return;
  SightStr text = sight_dom_at(dom, index)->text;
  sight_dom_str_set(dom, &text, css, strlen(css));
  sight_dom_at(dom, index)->text = text;
  sight_dom_at(dom, index)->flags |= SIGHT_FLAG_STYLE_TEXT;
  sight_dom_attr_remove(dom, style, "_cssText");
}

/* A new text takes the place of what a text area had; the text that a style element has in its attribute stays. */
static void before_text(SightDom *dom, SightNodeIndex parent_index, SightNodeIndex index, gboolean late) {
  const SightNode *parent = sight_dom_at(dom, parent_index);
  if (sight_node_is(parent, SIGHT_TAG_TEXTAREA)) {
    sight_dom_attr_remove(dom, parent_index, "value");
    while (sight_dom_at(dom, parent_index)->first != 0)
      sight_dom_node_free(dom, sight_dom_at(dom, parent_index)->first);
  } else if (sight_node_is(parent, SIGHT_TAG_STYLE) || sight_node_is(parent, SIGHT_TAG_LINK)) {
    if (sight_dom_attr_find(dom, parent, "_cssText") != NULL)
      sight_dom_style_spread(dom, parent_index);
    take_css_text(dom, parent_index, index, late);
    sight_dom_rules_forget(dom, parent_index);
  }
}

/* A document has one doctype and one root element: a new one takes the place of the old one. Only the first children
 * are looked at: a document has few. */
static void before_document_child(SightDom *dom, SightNodeIndex parent, SightNodeIndex index) {
  guint8 type = sight_dom_at(dom, index)->type;
  if (type != SIGHT_NODE_DOCTYPE && type != SIGHT_NODE_ELEMENT)
    return;
  SightNodeIndex child = sight_dom_at(dom, parent)->first;
  for (guint i = 0; child != 0 && i < 64; i++) {
    SightNodeIndex next = sight_dom_at(dom, child)->next;
    if (child != index && sight_dom_at(dom, child)->type == type)
      sight_dom_node_free(dom, child);
    child = next;
  }
}

/* Nodes that were put aside because the recorder did not know their sibling: old recordings only. */
static void place_aside(SightDom *dom, SightNodeIndex first, int previous_id, int next_id) {
  g_autoptr(GQueue) queue = g_queue_new();
  int previous = previous_id, next = next_id;
  SightNodeIndex at = first;
  while (at != 0) {
    for (guint side = 0; side < 2; side++) {
      int id = side == 0 ? previous : next;
      SightNodeIndex index =
          id > 0 && g_hash_table_contains(dom->aside, GINT_TO_POINTER(id)) ? sight_dom_find(dom, id) : 0;
      SightNodeIndex parent = sight_dom_at(dom, at)->parent;
      if (index == 0 || index == at || sight_dom_at(dom, index)->parent != 0 || sight_dom_is_inside(dom, parent, index))
        continue;
      sight_dom_link(dom, index, parent, side == 0 ? at : sight_dom_at(dom, at)->next);
      g_queue_push_tail(queue, GUINT_TO_POINTER(index));
    }
    at = GPOINTER_TO_UINT(g_queue_pop_head(queue));
    if (at == 0)
      return;
    gpointer key = GINT_TO_POINTER(sight_dom_at(dom, at)->id);
    SightAside *aside = g_hash_table_lookup(dom->aside, key);
    previous = aside != NULL ? aside->previous_id : 0;
    next = aside != NULL ? aside->next_id : 0;
    g_hash_table_remove(dom->aside, key);
  }
}

static SightNodeIndex sibling_for(const SightDom *dom, SightNodeIndex parent, int previous_id, int next_id) {
  SightNodeIndex previous = previous_id > 0 ? sight_dom_find(dom, previous_id) : 0;
  if (previous != 0 && sight_dom_at(dom, previous)->parent == parent && sight_dom_at(dom, previous)->next != 0)
    return sight_dom_at(dom, previous)->next;
  SightNodeIndex next = next_id > 0 ? sight_dom_find(dom, next_id) : 0;
  return next != 0 && sight_dom_at(dom, next)->parent == parent ? next : 0;
}

/* One add, its members found in one walk over its keys. */
typedef struct {
  SightJson node;
  int parent_id, previous_id, next_id;
  SightSerialized s;
} Add;

static int as_id(SightJson value) {
  return (int)CLAMP(sight_json_int(value, 0), G_MININT, G_MAXINT);
}

static gboolean read_add(SightJson tainted_add, Add *add) {
  *add = (Add){.s.type = -1};
  SightJsonIter it = sight_json_iter(tainted_add);
  while (sight_json_next(&it)) {
    if (it.key == NULL)
      return FALSE;
    if (strcmp(it.key, "parentId") == 0)
      add->parent_id = as_id(it.value);
    else if (strcmp(it.key, "nextId") == 0)
      add->next_id = as_id(it.value);
    else if (strcmp(it.key, "previousId") == 0)
      add->previous_id = as_id(it.value);
    else if (strcmp(it.key, "node") == 0)
      add->node = it.value;
  }
  return sight_dom_read_serialized(add->node, &add->s);
}

/* One that has changed since it was described, and is described again elsewhere, moves: what stands in it and is not
 * added again comes along. */
static void replace(SightDom *dom, SightNodeIndex old, SightNodeIndex index) {
  SightNodeIndex next;
  for (SightNodeIndex child = sight_dom_at(dom, old)->first; child != 0; child = next) {
    const SightNode *node = sight_dom_at(dom, child);
    if (!sight_dom_may_step(dom)) {
      sight_dom_leave_out(dom);
      break;
    }
    dom->steps++;
    next = node->next;
    if (node->type == SIGHT_NODE_DOCUMENT || !sight_dom_may_hold(dom, index, node->type))
      continue;
    if (node->flags & SIGHT_FLAG_IN_SHADOW)
      sight_dom_at(dom, index)->flags |= SIGHT_FLAG_SHADOW_HOST;
    sight_dom_unlink(dom, child);
    sight_dom_link(dom, child, index, 0);
  }
  sight_dom_node_free(dom, old);
}

/* The node of an add: the one that is there, where it is only moved, else a new one. 0 where it must not be added. */
static SightNodeIndex node_for_add(SightDom *dom, const Add *add, SightNodeIndex parent) {
  SightNodeIndex old = sight_dom_find(dom, add->s.id);
  if (!sight_dom_may_hold(dom, parent, add->s.type) || (old != 0 && sight_dom_is_inside(dom, parent, old)))
    return 0;
  if (old != 0 && sight_dom_is_described(dom, old, &add->s)) {
    sight_dom_unlink(dom, old);
    return old;
  }
  SightNodeIndex index = sight_dom_build_one(dom, &add->s);
  if (index == 0)
    return 0;
  if (old != 0)
    replace(dom, old, index);
  sight_dom_at(dom, index)->flags |= SIGHT_FLAG_ADDED;
  drop_srcdoc(dom, index);
  return index;
}

static void put_aside(SightDom *dom, const Add *add) {
  SightAside *aside = g_new(SightAside, 1);
  *aside = (SightAside){add->s.id, add->previous_id, add->next_id};
  g_hash_table_insert(dom->aside, GINT_TO_POINTER(add->s.id), aside);
}

void sight_dom_attach_remembered(SightDom *dom, SightNodeIndex frame) {
  gpointer key = GINT_TO_POINTER(sight_dom_at(dom, frame)->id), waiting;
  if (!g_hash_table_steal_extended(dom->frames, key, NULL, &waiting))
    return;
  g_autofree char *text = waiting;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson document;
  dom->frames_bytes -= MIN(dom->frames_bytes, strlen(text));
  if (sight_json_parser_parse(parser, text, strlen(text), &document, NULL))
    sight_dom_attach_document(dom, frame, document);
}

static void insert(SightDom *dom, const Add *add, SightNodeIndex parent, Adds *adds) {
  SightNodeIndex index = 0;
  guint64 left_out = dom->left_out;
  if (add->s.root_id <= 0 || sight_dom_find(dom, add->s.root_id) != 0)
    index = node_for_add(dom, add, parent);
  if (index == 0) {
    /* What is too much is counted as that alone. */
    dom->anomalies += dom->left_out == left_out;
    return;
  }
  if (add->previous_id == -1 || add->next_id == -1) {
    put_aside(dom, add);
    wake(adds, add->s.id);
    return;
  }
  SightNode *node = sight_dom_at(dom, index);
  node->flags &= (guint16) ~(SIGHT_FLAG_IN_SHADOW | SIGHT_FLAG_LATE);
  /* A document has no shadow root, whatever is said. */
  if ((add->s.flags & SIGHT_FLAG_IN_SHADOW) && sight_dom_at(dom, parent)->type == SIGHT_NODE_ELEMENT) {
    sight_dom_at(dom, parent)->flags |= SIGHT_FLAG_SHADOW_HOST;
    node->flags |= SIGHT_FLAG_IN_SHADOW;
  }
  if (node->type == SIGHT_NODE_TEXT)
    before_text(dom, parent, index, add->s.late);
  else if (sight_node_is(sight_dom_at(dom, parent), SIGHT_TAG_STYLE))
    sight_dom_rules_forget(dom, parent); /* whatever comes, the browser reads the sheet anew */
  else if (sight_dom_at(dom, parent)->type == SIGHT_NODE_DOCUMENT)
    before_document_child(dom, parent, index);
  /* where a late text stands makes no difference */
  gboolean late = (sight_dom_at(dom, index)->flags & SIGHT_FLAG_LATE) != 0;
  sight_dom_link(dom, index, parent, late ? 0 : sibling_for(dom, parent, add->previous_id, add->next_id));
  if ((add->previous_id != 0 || add->next_id != 0) && g_hash_table_size(dom->aside) > 0)
    place_aside(dom, index, add->previous_id, add->next_id);
  if (sight_node_is(sight_dom_at(dom, index), SIGHT_TAG_IFRAME))
    sight_dom_attach_remembered(dom, index);
  wake(adds, add->s.id);
}

static void apply_add(SightDom *dom, SightJson tainted_add, Adds *adds) {
  Add add;
  if (!read_add(tainted_add, &add)) {
    dom->anomalies++;
    return;
  }
  SightNodeIndex parent = sight_dom_find(dom, add.parent_id);
  if (parent == 0 && add.s.type == SIGHT_NODE_DOCUMENT)
    remember_frame(dom, add.parent_id, add.node);
  else if (parent == 0)
    wait_for(dom, adds, add.parent_id, tainted_add);
  else if (add.next_id != 0 && add.next_id != -1 && sight_dom_find(dom, add.next_id) == 0)
    wait_for(dom, adds, add.next_id, tainted_add);
  else if (!sight_node_is(sight_dom_at(dom, parent), SIGHT_TAG_IFRAME))
    insert(dom, &add, parent, adds);
  else {
    sight_dom_attach_document(dom, parent, add.node);
    wake(adds, add.s.id);
  }
}

static void apply_adds(SightDom *dom, SightJson list) {
  if (sight_json_length(list) == 0)
    return;
  g_autoptr(GHashTable) waiting = g_hash_table_new_full(sight_hash_number, NULL, NULL, free_array);
  g_autoptr(GArray) todo = g_array_new(FALSE, FALSE, sizeof(SightJson));
  Adds adds = {waiting, todo, 0};
  SightJsonIter it = sight_json_iter(list);
  while (sight_json_next(&it)) {
    apply_add(dom, it.value, &adds);
    /* each add waits at most twice: for its parent, then for its sibling */
    while (adds.next < todo->len)
      apply_add(dom, g_array_index(todo, SightJson, adds.next++), &adds);
    g_array_set_size(todo, 0);
    adds.next = 0;
  }
  dom->anomalies += g_hash_table_size(waiting);
}

/* A node that has gone elsewhere meanwhile stays: one that leaves a shadow root is first added outside of it, and then
 * removed inside, each by an event of its own. */
static gboolean is_child(const SightDom *dom, SightNodeIndex index, SightNodeIndex parent, gboolean shadow) {
  const SightNode *node = sight_dom_at(dom, index);
  shadow = shadow && (sight_dom_at(dom, parent)->flags & SIGHT_FLAG_SHADOW_HOST);
  return node->parent == parent && node->type != SIGHT_NODE_DOCUMENT &&
         shadow == ((node->flags & SIGHT_FLAG_IN_SHADOW) != 0);
}

static void apply_removes(SightDom *dom, SightJson list) {
  SightJsonIter it = sight_json_iter(list);
  while (sight_json_next(&it)) {
    SightNodeIndex index = sight_dom_find(dom, get_id(it.value, "id"));
    SightNodeIndex parent = sight_dom_find(dom, get_id(it.value, "parentId"));
    gboolean shadow = sight_json_bool(sight_json_get(it.value, "isShadow"), FALSE);
    if (index == 0 || parent == 0 || !is_child(dom, index, parent, shadow)) {
      dom->anomalies++;
      continue;
    }
    SightNode *node = sight_dom_at(dom, index);
    if (node->type == SIGHT_NODE_TEXT)
      sight_dom_style_spread(dom, parent);
    if (node->type >= SIGHT_NODE_TEXT)
      sight_dom_rules_forget(dom, parent);
    sight_dom_node_free(dom, index);
  }
}

static void apply_text(SightDom *dom, SightJson change) {
  SightNodeIndex index = sight_dom_find(dom, get_id(change, "id"));
  const SightNode *node = index != 0 ? sight_dom_at(dom, index) : NULL;
  if (node == NULL || node->type < SIGHT_NODE_TEXT) {
    dom->anomalies++;
    return;
  }
  gsize bytes = 0;
  const char *value = sight_json_string(sight_json_get(change, "value"), &bytes);
  if (node->parent != 0) {
    sight_dom_style_spread(dom, node->parent);
    sight_dom_rules_forget(dom, node->parent);
  }
  SightStr text = sight_dom_at(dom, index)->text;
  sight_dom_str_set(dom, &text, value != NULL ? value : "", bytes);
  SightNode *changed = sight_dom_at(dom, index);
  changed->text = text;
  if (changed->parent != 0 && sight_node_is(sight_dom_at(dom, changed->parent), SIGHT_TAG_STYLE))
    changed->flags |= SIGHT_FLAG_STYLE_TEXT;
}

static void apply_css_text(SightDom *dom, SightNodeIndex index) {
  while (sight_dom_at(dom, index)->first != 0)
    sight_dom_node_free(dom, sight_dom_at(dom, index)->first);
  sight_dom_rules_forget(dom, index);
}

static void apply_attribute(SightDom *dom, SightNodeIndex index, const SightJsonIter *it) {
  const SightNode *node = sight_dom_at(dom, index);
  switch (sight_json_type(it->value)) {
  case SIGHT_JSON_NULL:
    sight_dom_attr_remove(dom, index, it->key);
    if (strcmp(it->key, "open") == 0 && sight_dom_is_tag(dom, node, "dialog"))
      sight_dom_attr_remove(dom, index, "rr_open_mode");
    return;
  case SIGHT_JSON_STRING: {
    gsize bytes;
    const char *value = sight_json_string(it->value, &bytes);
    if (strcmp(it->key, "_cssText") == 0 &&
        (sight_node_is(node, SIGHT_TAG_STYLE) || sight_node_is(node, SIGHT_TAG_LINK)))
      apply_css_text(dom, index);
    else if (strcmp(it->key, "value") == 0 && sight_node_is(node, SIGHT_TAG_TEXTAREA))
      while (sight_dom_at(dom, index)->first != 0)
        sight_dom_node_free(dom, sight_dom_at(dom, index)->first);
    else if (strcmp(it->key, "srcdoc") == 0 && sight_node_is(node, SIGHT_TAG_IFRAME))
      return;
    if (sight_dom_takes_attribute(it->key, it->key_bytes))
      sight_dom_attr_set(dom, index, it->key, it->key_bytes, value, bytes, FALSE);
    return;
  }
  case SIGHT_JSON_OBJECT:
    if (strcmp(it->key, "style") == 0)
      sight_dom_apply_style_object(dom, index, it->value);
    return;
  case SIGHT_JSON_ABSENT:
  case SIGHT_JSON_BOOL:
  case SIGHT_JSON_NUMBER:
  case SIGHT_JSON_ARRAY:
    return; /* as rrweb has it */
  }
}

void sight_dom_apply_mutation(SightDom *dom, SightJson data) {
  apply_removes(dom, sight_json_get(data, "removes"));
  apply_adds(dom, sight_json_get(data, "adds"));
  SightJsonIter texts = sight_json_iter(sight_json_get(data, "texts"));
  while (sight_json_next(&texts))
    apply_text(dom, texts.value);
  SightJsonIter changes = sight_json_iter(sight_json_get(data, "attributes"));
  while (sight_json_next(&changes)) {
    SightNodeIndex index = sight_dom_find(dom, get_id(changes.value, "id"));
    if (index == 0 || sight_dom_at(dom, index)->type != SIGHT_NODE_ELEMENT) {
      dom->anomalies++;
      continue;
    }
    SightJsonIter it = sight_json_iter(sight_json_get(changes.value, "attributes"));
    while (sight_json_next(&it))
      if (it.key != NULL) {
        apply_attribute(dom, index, &it);
        if (strcmp(it.key, "width") == 0 || strcmp(it.key, "height") == 0)
          sight_dom_canvas_resized(dom, index);
      }
  }
}
