/* SPDX-License-Identifier: MIT */
/* What is left of the changes that script made to a sheet, without what it took back. */
#include "sight-dom-private.h"

/* A log that names rules further down than this is written as it is. */
#define MAX_INDEX 20000

/* A rule of the sheet: one of its text, by its place there, or one that script put in. */
typedef struct {
  int original; /* -1: put in */
  char *text;
} Rule;

/* The sheet down to the last rule that was touched; how many rules its text has nobody knows without a browser. */
typedef struct {
  GArray *rules; /* of Rule */
  int next_original;
  GArray *gone;    /* int: places in the text */
  GArray *changes; /* of SightRuleOp: inside of rules of the text, in order; path[0] is the place in the text */
  gsize work;      /* of sight_css_change(), for all of the sheet */
} Sheet;

static void reach(Sheet *sheet, int index) {
  while ((int)sheet->rules->len <= index) {
    Rule rule = {sheet->next_original++, NULL};
    g_array_append_val(sheet->rules, rule);
  }
}

static void rule_clear(gpointer data) {
  g_free(((Rule *)data)->text);
}

/* A change inside of a rule that script put in is a change of its text. */
static void change_text(Sheet *sheet, Rule *rule, const SightRuleOp *op) {
  g_autoptr(GPtrArray) one = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GArray) ops = g_array_new(FALSE, FALSE, sizeof(SightRuleOp));
  SightRuleOp first = *op;
  SightRuleLog log = {.ops = ops};
  first.path[0] = 0;
  g_array_append_val(ops, first);
  g_ptr_array_add(one, g_steal_pointer(&rule->text));
  sight_css_change(one, &log, &sheet->work);
  rule->text = one->len > 0 ? g_ptr_array_steal_index(one, 0) : g_strdup("");
}

static void take(Sheet *sheet, const SightRuleOp *op) {
  int index = op->n_path > 0 ? MAX(op->path[0], 0) : 0;
  gboolean whole = op->n_path <= 1;
  if (op->kind == SIGHT_RULE_ADD && whole) {
    Rule rule = {-1, g_strdup(op->text)};
    reach(sheet, index - 1);
    g_array_insert_val(sheet->rules, (guint)index, rule);
    return;
  }
  reach(sheet, index);
  Rule *rule = &g_array_index(sheet->rules, Rule, index);
  if (op->kind == SIGHT_RULE_REMOVE && whole) {
    if (rule->original >= 0)
      g_array_append_val(sheet->gone, rule->original);
    g_array_remove_index(sheet->rules, (guint)index);
  } else if (rule->original < 0)
    change_text(sheet, rule, op);
  else {
    SightRuleOp change = *op;
    change.path[0] = rule->original;
    change.n_path = MAX(change.n_path, 1);
    g_array_append_val(sheet->changes, change);
  }
}

static int downwards(gconstpointer a, gconstpointer b) {
  return *(const int *)b - *(const int *)a;
}

static gboolean is_gone(const Sheet *sheet, int original) {
  for (guint i = 0; i < sheet->gone->len; i++)
    if (g_array_index(sheet->gone, int, i) == original)
      return TRUE;
  return FALSE;
}

/* First within rules that stay, while all are in their places; then out, from the end; then in, from the beginning. */
static void write_left(Sheet *sheet, SightRuleOpFunc func, gpointer user_data) {
  for (guint i = 0; i < sheet->changes->len; i++) {
    const SightRuleOp *change = &g_array_index(sheet->changes, SightRuleOp, i);
    if (!is_gone(sheet, change->path[0]))
      func(change, user_data);
  }
  g_array_sort(sheet->gone, downwards);
  for (guint i = 0; i < sheet->gone->len; i++) {
    SightRuleOp op = {.kind = SIGHT_RULE_REMOVE, .n_path = 1, .path = {g_array_index(sheet->gone, int, i)}};
    func(&op, user_data);
  }
  for (guint i = 0; i < sheet->rules->len; i++) {
    const Rule *rule = &g_array_index(sheet->rules, Rule, i);
    SightRuleOp op = {.kind = SIGHT_RULE_ADD, .n_path = 1, .path = {(int)i}, .text = rule->text};
    if (rule->original < 0)
      func(&op, user_data);
  }
}

void sight_dom_rules_left(const SightRuleLog *log, SightRuleOpFunc func, gpointer user_data) {
  guint start = 0;
  for (guint i = 0; i < log->ops->len; i++) {
    const SightRuleOp *op = &g_array_index(log->ops, SightRuleOp, i);
    if (op->kind == SIGHT_RULE_REPLACE)
      start = i;
    else if (op->n_path > 0 && op->path[0] > MAX_INDEX)
      return;
  }
  g_autoptr(GArray) rules = g_array_new(FALSE, TRUE, sizeof(Rule)), gone = g_array_new(FALSE, FALSE, sizeof(int)),
                    changes = g_array_new(FALSE, FALSE, sizeof(SightRuleOp));
  Sheet sheet = {.rules = rules, .gone = gone, .changes = changes};
  g_array_set_clear_func(rules, rule_clear);
  for (guint i = start; i < log->ops->len; i++) {
    const SightRuleOp *op = &g_array_index(log->ops, SightRuleOp, i);
    if (op->kind == SIGHT_RULE_REPLACE)
      func(op, user_data);
    else
      take(&sheet, op);
  }
  write_left(&sheet, func, user_data);
}
