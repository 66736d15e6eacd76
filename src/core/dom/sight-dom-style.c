/* SPDX-License-Identifier: MIT */
/* Style sheets as script changed them: the changes are kept in order, for the browser to make again. */
#include "sight-dom-private.h"

#include <string.h>

/* What one sheet may keep; a sheet that changes without end loses its oldest changes of single properties first. */
#define MAX_OPS 20000u
#define MAX_BYTES (16u * 1024 * 1024)
#define MAX_SHEETS 10000u
/* How far back an older change of the same property is looked for. */
#define LOOK_BACK 64u

static void op_clear(gpointer data) {
  SightRuleOp *op = data;
  g_free(op->text);
  g_free(op->value);
  g_free(op->priority);
}

static SightRuleLog *log_new(void) {
  SightRuleLog *log = g_new0(SightRuleLog, 1);
  log->ops = g_array_new(FALSE, TRUE, sizeof(SightRuleOp));
  g_array_set_clear_func(log->ops, op_clear);
  return log;
}

void sight_rule_log_free(SightRuleLog *log) {
  if (log == NULL)
    return;
  g_array_unref(log->ops);
  g_free(log->css);
  g_free(log);
}

static gsize op_bytes(const SightRuleOp *op) {
  return sizeof *op + (op->text != NULL ? strlen(op->text) : 0) + (op->value != NULL ? strlen(op->value) : 0);
}

static gboolean same_place(const SightRuleOp *a, const SightRuleOp *b) {
  return a->n_path == b->n_path && a->nested == b->nested && memcmp(a->path, b->path, a->n_path * sizeof(int)) == 0;
}

static void log_remove(SightRuleLog *log, guint i) {
  log->bytes -= op_bytes(&g_array_index(log->ops, SightRuleOp, i));
  g_array_remove_index(log->ops, i);
}

/* Whether an older change is undone or overwritten by this one; then it need not be kept. */
static void forget_overwritten(SightRuleLog *log, const SightRuleOp *op) {
  guint floor = log->ops->len > LOOK_BACK ? log->ops->len - LOOK_BACK : 0;
  if (op->kind != SIGHT_RULE_SET && op->kind != SIGHT_RULE_UNSET)
    return;
  for (guint i = log->ops->len; i-- > floor;) {
    const SightRuleOp *old = &g_array_index(log->ops, SightRuleOp, i);
    if (old->kind != SIGHT_RULE_SET && old->kind != SIGHT_RULE_UNSET)
      return; /* indexes before it mean other rules */
    if (!same_place(old, op) || g_strcmp0(old->text, op->text) != 0)
      continue;
    log_remove(log, i);
    return;
  }
}

static void log_add(SightDom *dom, SightRuleLog *log, SightRuleOp op) {
  g_clear_pointer(&log->css, g_free);
  if (op.kind == SIGHT_RULE_REPLACE) {
    g_array_set_size(log->ops, 0);
    log->bytes = 0;
  }
  forget_overwritten(log, &op);
  const SightRuleOp *last = log->ops->len > 0 ? &g_array_index(log->ops, SightRuleOp, log->ops->len - 1) : NULL;
  if (op.kind == SIGHT_RULE_REMOVE && last != NULL && last->kind == SIGHT_RULE_ADD && op.n_path > 0 &&
      same_place(last, &op)) {
    log_remove(log, log->ops->len - 1);
    return;
  }
  if (log->ops->len >= MAX_OPS || log->bytes >= MAX_BYTES) {
    sight_dom_leave_out(dom);
    op_clear(&op);
    return;
  }
  log->bytes += op_bytes(&op);
  g_array_append_val(log->ops, op);
}

static gboolean read_path(SightRuleOp *op, SightJson index) {
  if (sight_json_type(index) == SIGHT_JSON_NUMBER) {
    op->path[op->n_path++] = (int)CLAMP(sight_json_int(index, 0), -1, G_MAXINT);
    return TRUE;
  }
  if (sight_json_type(index) != SIGHT_JSON_ARRAY)
    return TRUE;
  op->nested = TRUE;
  SightJsonIter it = sight_json_iter(index);
  while (sight_json_next(&it)) {
    if (op->n_path == SIGHT_RULE_MAX_PATH)
      return FALSE;
    op->path[op->n_path++] = (int)CLAMP(sight_json_int(it.value, 0), -1, G_MAXINT);
  }
  return op->n_path > 0;
}

static void add_rules(SightDom *dom, SightRuleLog *log, SightJson list, SightRuleKind kind) {
  SightJsonIter it = sight_json_iter(list);
  while (sight_json_next(&it)) {
    SightRuleOp op = {.kind = (guint8)kind};
    const char *rule = sight_json_string(sight_json_get(it.value, "rule"), NULL);
    if (!read_path(&op, sight_json_get(it.value, "index")) || (kind == SIGHT_RULE_ADD && rule == NULL)) {
      dom->anomalies++;
      continue;
    }
    op.text = g_strdup(kind == SIGHT_RULE_ADD ? rule : NULL);
    log_add(dom, log, op);
  }
}

/* The log of the sheet that an event is about: a constructed one by styleId, else that of an element. */
static SightRuleLog *log_of(SightDom *dom, SightJson data) {
  int style_id = (int)CLAMP(sight_json_int(sight_json_get(data, "styleId"), 0), G_MININT, G_MAXINT);
  if (style_id != 0) {
    SightRuleLog *log = g_hash_table_lookup(dom->sheets, GINT_TO_POINTER(style_id));
    if (log == NULL)
      dom->anomalies++;
    return log;
  }
  int id = (int)CLAMP(sight_json_int(sight_json_get(data, "id"), 0), G_MININT, G_MAXINT);
  SightNodeIndex index = sight_dom_find(dom, id);
  const SightNode *node = index != 0 ? sight_dom_at(dom, index) : NULL;
  /* the sheet of a link is there where it was recorded */
  gboolean link =
      node != NULL && sight_node_is(node, SIGHT_TAG_LINK) && sight_dom_attr_find(dom, node, "_cssText") != NULL;
  if (node == NULL || (!sight_node_is(node, SIGHT_TAG_STYLE) && !link)) {
    dom->anomalies++;
    return NULL;
  }
  SightNodeState *state = sight_dom_state_make(dom, index);
  if (state->rules == NULL)
    state->rules = log_new();
  return state->rules;
}

void sight_dom_apply_rules(SightDom *dom, SightJson data) {
  SightRuleLog *log = log_of(dom, data);
  if (log == NULL)
    return;
  add_rules(dom, log, sight_json_get(data, "adds"), SIGHT_RULE_ADD);
  add_rules(dom, log, sight_json_get(data, "removes"), SIGHT_RULE_REMOVE);
  const char *keys[] = {"replace", "replaceSync"};
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    const char *text = sight_json_string(sight_json_get(data, keys[i]), NULL);
    if (text != NULL)
      log_add(dom, log, (SightRuleOp){.kind = SIGHT_RULE_REPLACE, .text = g_strdup(text)});
  }
}

void sight_dom_apply_declaration(SightDom *dom, SightJson data) {
  SightRuleLog *log = log_of(dom, data);
  SightRuleOp place = {0};
  if (log == NULL || !read_path(&place, sight_json_get(data, "index")) || place.n_path == 0)
    return;
  SightJson set = sight_json_get(data, "set"), unset = sight_json_get(data, "remove");
  const char *property = sight_json_string(sight_json_get(set, "property"), NULL);
  if (property != NULL) {
    SightRuleOp op = place;
    op.kind = SIGHT_RULE_SET;
    op.text = g_strdup(property);
    op.value = g_strdup(sight_json_string(sight_json_get(set, "value"), NULL));
    op.priority = g_strdup(sight_json_string(sight_json_get(set, "priority"), NULL));
    log_add(dom, log, op);
  }
  property = sight_json_string(sight_json_get(unset, "property"), NULL);
  if (property != NULL) {
    SightRuleOp op = place;
    op.kind = SIGHT_RULE_UNSET;
    op.text = g_strdup(property);
    log_add(dom, log, op);
  }
}

void sight_dom_apply_adopted(SightDom *dom, SightJson data) {
  int id = (int)CLAMP(sight_json_int(sight_json_get(data, "id"), 0), G_MININT, G_MAXINT);
  SightNodeIndex index = sight_dom_find(dom, id);
  if (index == 0) {
    dom->anomalies++;
    return;
  }
  SightJsonIter styles = sight_json_iter(sight_json_get(data, "styles"));
  while (sight_json_next(&styles)) {
    int style_id = (int)CLAMP(sight_json_int(sight_json_get(styles.value, "styleId"), 0), G_MININT, G_MAXINT);
    gboolean full = g_hash_table_size(dom->sheets) >= MAX_SHEETS;
    if (full)
      sight_dom_leave_out(dom);
    else if (style_id == 0)
      dom->anomalies++;
    if (full || style_id == 0)
      continue;
    SightRuleLog *log = log_new();
    add_rules(dom, log, sight_json_get(styles.value, "rules"), SIGHT_RULE_ADD);
    g_hash_table_insert(dom->sheets, GINT_TO_POINTER(style_id), log);
  }
  SightNodeState *state = sight_dom_state_make(dom, index);
  g_clear_pointer(&state->adopted, g_array_unref);
  state->adopted = g_array_new(FALSE, FALSE, sizeof(int));
  SightJsonIter ids = sight_json_iter(sight_json_get(data, "styleIds"));
  while (sight_json_next(&ids) && state->adopted->len < MAX_SHEETS) {
    int style_id = (int)CLAMP(sight_json_int(ids.value, 0), G_MININT, G_MAXINT);
    g_array_append_val(state->adopted, style_id);
  }
}

void sight_dom_rules_forget(SightDom *dom, SightNodeIndex index) {
  SightNodeState *state = sight_dom_state(dom, index);
  if (state != NULL)
    g_clear_pointer(&state->rules, sight_rule_log_free);
}

gboolean sight_dom_style_is_shared(const SightDom *dom, const SightNode *node) {
  if (!sight_node_is(node, SIGHT_TAG_STYLE) || sight_dom_attr_find(dom, node, "_cssText") == NULL)
    return FALSE;
  SightNodeIndex child = node->first;
  for (guint i = 0; child != 0 && i < SIGHT_DOM_MAX_SHARES && sight_dom_at(dom, child)->type != SIGHT_NODE_TEXT; i++)
    child = sight_dom_at(dom, child)->next;
  return child != 0 && sight_dom_at(dom, child)->type == SIGHT_NODE_TEXT &&
         !(sight_dom_at(dom, child)->flags & SIGHT_FLAG_LATE);
}

void sight_dom_style_spread(SightDom *dom, SightNodeIndex style) {
  const SightNode *node = sight_dom_at(dom, style);
  if (!sight_dom_style_is_shared(dom, node))
    return;
  static const char mark[] = "/* rr_split */";
  g_autofree char *css = g_strdup(sight_dom_attr_text(dom, node, "_cssText"));
  const char *rest = css != NULL ? css : "";
  SightNodeIndex last = node->last;
  while (sight_dom_at(dom, last)->type != SIGHT_NODE_TEXT)
    last = sight_dom_at(dom, last)->prev;
  for (SightNodeIndex child = node->first; child != 0;) {
    SightNodeIndex next = sight_dom_at(dom, child)->next;
    if (sight_dom_at(dom, child)->type == SIGHT_NODE_TEXT) {
      const char *end = child != last ? strstr(rest, mark) : NULL;
      gsize bytes = end != NULL ? (gsize)(end - rest) : strlen(rest);
      SightStr text = sight_dom_at(dom, child)->text;
      sight_dom_str_set(dom, &text, rest, bytes);
      sight_dom_at(dom, child)->text = text;
      sight_dom_at(dom, child)->flags |= SIGHT_FLAG_STYLE_TEXT;
      rest += bytes + (end != NULL ? strlen(mark) : 0);
    }
    child = next;
  }
  sight_dom_attr_remove(dom, style, "_cssText");
}

static void write_index(SightJsonWriter *w, const SightRuleOp *op) {
  if (op->n_path == 0)
    return;
  sight_json_key(w, "index");
  if (op->nested)
    sight_json_begin_array(w);
  for (guint i = 0; i < op->n_path; i++)
    sight_json_put_int(w, op->path[i]);
  if (op->nested)
    sight_json_end_array(w);
}

static void write_rule(SightJsonWriter *w, const SightRuleOp *op) {
  sight_json_begin_object(w);
  if (op->kind == SIGHT_RULE_ADD)
    sight_json_member_string(w, "rule", op->text);
  write_index(w, op);
  sight_json_end_object(w);
}

void sight_dom_write_rule_op(SightJsonWriter *w, const SightRuleOp *op) {
  switch ((SightRuleKind)op->kind) {
  case SIGHT_RULE_ADD:
  case SIGHT_RULE_REMOVE:
    sight_json_key(w, op->kind == SIGHT_RULE_ADD ? "adds" : "removes");
    sight_json_begin_array(w);
    write_rule(w, op);
    sight_json_end_array(w);
    return;
  case SIGHT_RULE_REPLACE:
    sight_json_member_string(w, "replaceSync", op->text);
    return;
  case SIGHT_RULE_SET:
  case SIGHT_RULE_UNSET:
    write_index(w, op);
    sight_json_key(w, op->kind == SIGHT_RULE_SET ? "set" : "remove");
    sight_json_begin_object(w);
    sight_json_member_string(w, "property", op->text);
    if (op->kind == SIGHT_RULE_SET && op->value != NULL)
      sight_json_member_string(w, "value", op->value);
    if (op->priority != NULL)
      sight_json_member_string(w, "priority", op->priority);
    sight_json_end_object(w);
    return;
  }
}

void sight_dom_write_rules(SightJsonWriter *w, const SightRuleLog *log) {
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func(g_free);
  gsize work = 0;
  sight_css_change(rules, log, &work);
  sight_json_begin_array(w);
  for (guint i = 0; i < rules->len; i++) {
    sight_json_begin_object(w);
    sight_json_member_string(w, "rule", g_ptr_array_index(rules, i));
    sight_json_member_int(w, "index", i);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}
