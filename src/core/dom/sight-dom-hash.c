/* SPDX-License-Identifier: MIT */
/* Sums over content: of each subtree, for matching; of the whole page with ids and state, for comparing. */
#include "sight-dom-difference-private.h"

#include <string.h>

static guint64 mix(guint64 sum, guint64 value) {
  sum = (sum ^ value) * 0x9e3779b97f4a7c15u;
  return sum ^ (sum >> 29);
}

static guint64 mix_bytes(guint64 sum, const char *text, gsize bytes) {
  sum = mix(sum, bytes);
  for (; bytes >= 8; bytes -= 8, text += 8) {
    guint64 word;
    memcpy(&word, text, 8);
    sum = mix(sum, word);
  }
  guint64 rest = 0;
  if (bytes > 0)
    memcpy(&rest, text, bytes);
  return mix(sum, rest);
}

static guint64 mix_str(const SightDom *dom, guint64 sum, SightStr str) {
  gsize bytes;
  const char *text = sight_dom_str(dom, str, &bytes);
  return text != NULL ? mix_bytes(sum, text, bytes) : mix(sum, 1);
}

/* Names have other numbers in other pages: their text counts, once for each name. */
static guint64 *name_sums(const SightDom *dom) {
  guint64 *sums = g_new(guint64, dom->names->len);
  for (guint i = 0; i < dom->names->len; i++) {
    const char *name = g_ptr_array_index(dom->names, i);
    sums[i] = mix_bytes(0, name, strlen(name));
  }
  return sums;
}

static guint64 node_sum(const SightDom *dom, SightNodeIndex index, const guint64 *names) {
  const SightNode *node = sight_dom_at(dom, index);
  guint64 kept = SIGHT_FLAG_SVG | SIGHT_FLAG_SHADOW_HOST | SIGHT_FLAG_IN_SHADOW | SIGHT_FLAG_BLOCKED;
  guint64 sum = mix(node->type, node->flags & kept);
  sum = mix(mix_str(dom, sum, node->text), names[node->tag]);
  /* the order of attributes says nothing */
  guint64 attrs = 0;
  for (guint i = 0; i < node->n_attrs; i++) {
    const SightAttr *attr = sight_dom_attr_at(dom, node, i);
    guint64 raw = attr->name & SIGHT_ATTR_RAW;
    attrs += mix_str(dom, names[attr->name & ~SIGHT_ATTR_RAW] + raw, attr->value);
  }
  return mix(sum, attrs);
}

guint64 *sight_dom_sums(const SightDom *dom) {
  guint64 *sums = g_new0(guint64, dom->nodes->len);
  g_autofree guint64 *names = name_sums(dom);
  SightNodeIndex index = dom->root;
  while (index != 0) {
    if (sums[index] == 0)
      sums[index] = node_sum(dom, index, names);
    SightNodeIndex next = sight_dom_at(dom, index)->first;
    /* upwards, each sum goes into that of its parent, in the order of the children */
    while (next == 0) {
      const SightNode *node = sight_dom_at(dom, index);
      sums[index] = mix(sums[index], 0xe0d);
      if (index == dom->root)
        return sums;
      sums[node->parent] = mix(sums[node->parent], sums[index]);
      next = node->next;
      index = node->parent;
    }
    index = next;
  }
  return sums;
}

static guint64 sum_text(guint64 sum, const char *text) {
  return text != NULL ? mix_bytes(sum, text, strlen(text)) : mix(sum, 2);
}

static guint64 log_sum(guint64 sum, const SightRuleLog *log) {
  for (guint i = 0; log != NULL && i < log->ops->len; i++) {
    const SightRuleOp *op = &g_array_index(log->ops, SightRuleOp, i);
    sum = mix(mix(sum, op->kind), op->nested);
    sum = mix_bytes(sum, (const char *)op->path, op->n_path * sizeof op->path[0]);
    sum = sum_text(sum_text(sum_text(sum, op->text), op->value), op->priority);
  }
  return sum;
}

static guint64 double_sum(guint64 sum, double value) {
  guint64 bits;
  memcpy(&bits, &value, sizeof bits);
  return mix(sum, bits);
}

static guint64 state_sum(const SightDom *dom, SightNodeIndex index, const SightNodeState *state) {
  guint64 sum = 7;
  if (state->has_scroll && (state->scroll_x != 0 || state->scroll_y != 0))
    sum = double_sum(double_sum(sum, state->scroll_x), state->scroll_y);
  SightNodeState initial = {0};
  if (state->has_input)
    sight_dom_initial_input(dom, index, &initial);
  if (state->has_input && (state->checked != initial.checked || strcmp(state->input, initial.input) != 0))
    sum = mix(sum_text(sum, state->input), (guint64)state->checked);
  if (state->media != NULL && state->media->playing)
    sum = mix(sum, 3);
  sum = log_sum(sum, state->rules);
  for (guint i = 0; state->canvas != NULL && i < state->canvas->len; i++)
    sum = sum_text(sum, g_ptr_array_index(state->canvas, i));
  for (guint i = 0; state->adopted != NULL && i < state->adopted->len; i++) {
    int id = g_array_index(state->adopted, int, i);
    SightRuleLog *log = g_hash_table_lookup(dom->sheets, GINT_TO_POINTER(id));
    sum = mix(sum, (guint64)id);
    if (log != NULL)
      sum = sum_text(sum, sight_css_of_log(log));
  }
  return sum;
}

guint64 sight_dom_hash(const SightDom *dom) {
  if (dom->root == 0)
    return 0;
  g_autofree guint64 *sums = sight_dom_sums(dom);
  guint64 hash = mix(sums[dom->root], ((guint64)dom->width << 32) | (guint64)dom->height);
  for (SightNodeIndex i = dom->root; i != 0; i = sight_dom_following(dom, i, dom->root)) {
    const SightNodeState *state = sight_dom_state(dom, i);
    hash = mix(hash, (guint64)sight_dom_at(dom, i)->id);
    guint64 sum = state != NULL ? state_sum(dom, i, state) : 7;
    if (sum != 7)
      hash = mix(hash, sum);
  }
  return hash;
}
