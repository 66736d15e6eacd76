/* SPDX-License-Identifier: MIT */
/* The difference of two pages: which node of the one is which of the other, by id and then by structure. */
#include "sight-dom-difference-private.h"

#include <string.h>

/* Where more of the page is made anew than this, building it in one go is quicker. */
#define REBUILD_PERCENT 60
#define REBUILD_MIN_NODES 500
/* How far a node of the same kind is looked for among its new siblings. */
#define LOOK_AHEAD 8

void sight_diff_init(SightDiff *diff, const SightDom *from, const SightDom *to) {
  *diff = (SightDiff){.from = from, .to = to};
  diff->match = g_new0(SightNodeIndex, to->nodes->len);
  diff->flags = g_new0(guint8, to->nodes->len);
  diff->back = g_new0(SightNodeIndex, from->nodes->len);
  diff->order = g_new0(guint32, from->nodes->len);
  diff->from_sum = sight_dom_sums(from);
  diff->to_sum = sight_dom_sums(to);
  diff->names = g_new0(guint32, from->names->len);
  for (guint i = 1; i < from->names->len; i++)
    diff->names[i] = sight_dom_name_find(to, g_ptr_array_index(from->names, i));
  guint32 place = 0;
  for (SightNodeIndex i = from->root; i != 0; i = sight_dom_following(from, i, from->root))
    diff->order[i] = ++place;
}

void sight_diff_clear(SightDiff *diff) {
  g_free(diff->match);
  g_free(diff->flags);
  g_free(diff->back);
  g_free(diff->order);
  g_free(diff->from_sum);
  g_free(diff->to_sum);
  g_free(diff->names);
}

gboolean sight_diff_same_str(const SightDom *a, SightStr x, const SightDom *b, SightStr y) {
  gsize x_bytes, y_bytes;
  const char *x_text = sight_dom_str(a, x, &x_bytes), *y_text = sight_dom_str(b, y, &y_bytes);
  return x_bytes == y_bytes && (x_bytes == 0 || memcmp(x_text, y_text, x_bytes) == 0);
}

gboolean sight_diff_same_sheet(const SightDiff *d, SightNodeIndex t_sheet, SightNodeIndex f_sheet) {
  SightNodeIndex t = sight_dom_at(d->to, t_sheet)->first, f = sight_dom_at(d->from, f_sheet)->first;
  for (; t != 0 && f != 0; t = sight_dom_at(d->to, t)->next, f = sight_dom_at(d->from, f)->next)
    if (sight_dom_at(d->to, t)->id != sight_dom_at(d->from, f)->id || d->to_sum[t] != d->from_sum[f])
      return FALSE;
  return t == 0 && f == 0;
}

gboolean sight_rule_log_begins_with(const SightRuleLog *log, const SightRuleLog *start) {
  if (start == NULL || start->ops->len == 0)
    return TRUE;
  if (log == NULL || log->ops->len < start->ops->len)
    return FALSE;
  for (guint i = 0; i < start->ops->len; i++) {
    const SightRuleOp *a = &g_array_index(log->ops, SightRuleOp, i), *b = &g_array_index(start->ops, SightRuleOp, i);
    if (a->kind != b->kind || a->nested != b->nested || a->n_path != b->n_path ||
        memcmp(a->path, b->path, a->n_path * sizeof a->path[0]) != 0 || g_strcmp0(a->text, b->text) != 0 ||
        g_strcmp0(a->value, b->value) != 0 || g_strcmp0(a->priority, b->priority) != 0)
      return FALSE;
  }
  return TRUE;
}

static gboolean canvas_begins_with(const SightNodeState *log, const SightNodeState *start) {
  if (start == NULL || start->canvas == NULL)
    return TRUE;
  if (log == NULL || log->canvas == NULL || log->canvas->len < start->canvas->len)
    return FALSE;
  for (guint i = 0; i < start->canvas->len; i++)
    if (strcmp(g_ptr_array_index(log->canvas, i), g_ptr_array_index(start->canvas, i)) != 0)
      return FALSE;
  return TRUE;
}

/* Whatever was drawn on a canvas goes when it gets another size. */
static gboolean same_side(const SightDiff *d, const SightNode *t, const SightNode *f, const char *name) {
  return g_strcmp0(sight_dom_attr_text(d->to, t, name), sight_dom_attr_text(d->from, f, name)) == 0;
}

static gboolean is_any(const SightDom *dom, const SightNode *node, const char *const *tags) {
  return node->type == SIGHT_NODE_ELEMENT && g_strv_contains(tags, sight_dom_name_text(dom, node->tag));
}

/* Attributes that work only while an element is built (rr_…, _cssText) must be equal. */
static gboolean same_built(const SightDiff *d, const SightNode *t, const SightNode *f) {
  guint t_built = 0, f_built = 0;
  for (guint i = 0; i < f->n_attrs; i++) {
    const char *name = sight_dom_name_text(d->from, sight_dom_attr_at(d->from, f, i)->name);
    f_built += g_str_has_prefix(name, "rr_") || strcmp(name, "_cssText") == 0;
  }
  for (guint i = 0; i < t->n_attrs; i++) {
    const SightAttr *attr = sight_dom_attr_at(d->to, t, i), *other;
    const char *name = sight_dom_name_text(d->to, attr->name);
    if (!g_str_has_prefix(name, "rr_") && strcmp(name, "_cssText") != 0)
      continue;
    t_built++;
    other = sight_dom_attr_find(d->from, f, name);
    if (other == NULL || !sight_diff_same_str(d->to, attr->value, d->from, other->value))
      return FALSE;
  }
  return t_built == f_built;
}

/* Whether the element on display can become the wanted one by the operations that there are. */
static gboolean can_become(const SightDiff *d, SightNodeIndex t_index, SightNodeIndex f_index) {
  static const char *const sheets[] = {"style", "link", NULL};
  const SightNode *t = sight_dom_at(d->to, t_index), *f = sight_dom_at(d->from, f_index);
  const SightNodeState *t_state = sight_dom_state(d->to, t_index), *f_state = sight_dom_state(d->from, f_index);
  guint fixed = SIGHT_FLAG_SVG | SIGHT_FLAG_SHADOW_HOST | SIGHT_FLAG_IN_SHADOW | SIGHT_FLAG_BLOCKED |
                SIGHT_FLAG_BACK_COMPAT | SIGHT_FLAG_LATE;
  if (t->type != f->type || ((t->flags ^ f->flags) & fixed) != 0 || d->names[f->tag] != t->tag)
    return FALSE;
  if (t->type == SIGHT_NODE_DOCTYPE)
    return sight_diff_same_str(d->to, t->text, d->from, f->text);
  if (t->type != SIGHT_NODE_ELEMENT)
    return TRUE;
  if (!same_built(d, t, f))
    return FALSE;
  if (is_any(d->to, t, sheets) && sight_diff_same_sheet(d, t_index, f_index))
    return sight_rule_log_begins_with(t_state != NULL ? t_state->rules : NULL, f_state != NULL ? f_state->rules : NULL);
  if (sight_dom_is_tag(d->to, t, "canvas"))
    return canvas_begins_with(t_state, f_state) && same_side(d, t, f, "width") && same_side(d, t, f, "height");
  if (sight_dom_is_tag(d->to, t, "iframe"))
    return f->first == 0 || t->first != 0;
  if (sight_dom_is_tag(d->to, t, "textarea"))
    return (sight_dom_attr_find(d->to, t, "value") != NULL) == (sight_dom_attr_find(d->from, f, "value") != NULL);
  return TRUE;
}

static void pair(SightDiff *d, SightNodeIndex t, SightNodeIndex f) {
  d->match[t] = f;
  d->back[f] = t;
}

static void match_by_id(SightDiff *d) {
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    const SightNode *t = sight_dom_at(d->to, i);
    SightNodeIndex f = sight_dom_find(d->from, t->id);
    d->n_to++;
    if (i == d->to->root) {
      if (f == d->from->root && can_become(d, i, f))
        pair(d, i, f);
      continue;
    }
    const SightNode *parent = sight_dom_at(d->to, t->parent);
    gboolean new_parent = d->match[t->parent] == 0;
    if ((d->flags[t->parent] & SIGHT_DIFF_NEW_DOCUMENT) || (new_parent && parent->type == SIGHT_NODE_DOCUMENT)) {
      d->flags[i] |= SIGHT_DIFF_NEW_DOCUMENT;
      continue;
    }
    if (f == 0 || d->order[f] == 0 || sight_dom_at(d->from, f)->root_id != t->root_id || !can_become(d, i, f))
      continue;
    /* only elements are worth keeping when they go elsewhere */
    if (t->type != SIGHT_NODE_ELEMENT && d->match[t->parent] != sight_dom_at(d->from, f)->parent)
      continue;
    if (t->type == SIGHT_NODE_DOCUMENT || t->type == SIGHT_NODE_ELEMENT || !new_parent) {
      pair(d, i, f);
      d->stats.kept++;
    }
  }
}

/* Elements that hold more than what can be seen of them are not used for others. */
static gboolean may_reuse(const SightDiff *d, SightNodeIndex t_index, SightNodeIndex f_index) {
  static const char *const own[] = {"iframe", "canvas", "audio", "video", "object", "embed",  "style",    "link",
                                    "dialog", "script", "html",  "body",  "head",   "select", "textarea", NULL};
  const SightNode *t = sight_dom_at(d->to, t_index), *f = sight_dom_at(d->from, f_index);
  if (d->back[f_index] != 0 || d->match[t_index] != 0 || t->type == SIGHT_NODE_DOCUMENT ||
      t->type == SIGHT_NODE_DOCTYPE || t->root_id != f->root_id || is_any(d->to, t, own))
    return FALSE;
  return can_become(d, t_index, f_index);
}

static void reuse(SightDiff *d, SightNodeIndex t, SightNodeIndex f) {
  pair(d, t, f);
  d->stats.reused++;
}

static SightNodeIndex skip_matched(const SightDom *dom, SightNodeIndex index, const SightNodeIndex *matches,
                                   gboolean forwards) {
  while (index != 0 && matches[index] != 0)
    index = forwards ? sight_dom_at(dom, index)->next : sight_dom_at(dom, index)->prev;
  return index;
}

/* Equal subtrees at both ends of what is left of two lists of children: a list that grew or shrank in the middle. */
static void reuse_equal_ends(SightDiff *d, SightNodeIndex t_parent, SightNodeIndex f_parent) {
  for (guint side = 0; side < 2; side++) {
    gboolean forwards = side == 0;
    const SightNode *tp = sight_dom_at(d->to, t_parent), *fp = sight_dom_at(d->from, f_parent);
    SightNodeIndex t = forwards ? tp->first : tp->last, f = forwards ? fp->first : fp->last;
    for (;;) {
      t = skip_matched(d->to, t, d->match, forwards);
      f = skip_matched(d->from, f, d->back, forwards);
      if (t == 0 || f == 0 || d->to_sum[t] != d->from_sum[f] || !may_reuse(d, t, f))
        break;
      reuse(d, t, f);
    }
  }
}

/* The others in order: each takes the next one of its kind, if that is near. */
static void reuse_in_order(SightDiff *d, SightNodeIndex t_parent, SightNodeIndex f_parent) {
  SightNodeIndex f = sight_dom_at(d->from, f_parent)->first;
  for (SightNodeIndex t = sight_dom_at(d->to, t_parent)->first; t != 0; t = sight_dom_at(d->to, t)->next) {
    if (d->match[t] != 0)
      continue;
    f = skip_matched(d->from, f, d->back, TRUE);
    SightNodeIndex candidate = f;
    for (guint i = 0; candidate != 0 && i < LOOK_AHEAD && !may_reuse(d, t, candidate); i++)
      candidate = sight_dom_at(d->from, candidate)->next;
    if (candidate == 0 || !may_reuse(d, t, candidate))
      continue;
    reuse(d, t, candidate);
    f = sight_dom_at(d->from, candidate)->next;
  }
}

static void match_by_structure(SightDiff *d) {
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    SightNodeIndex f = d->match[i];
    if (f == 0 || sight_dom_at(d->to, i)->first == 0 || sight_dom_at(d->from, f)->first == 0)
      continue;
    reuse_equal_ends(d, i, f);
    reuse_in_order(d, i, f);
  }
}

/* Of the children that stay under their parent, the longest run of them in the order that they have stays in place
 * (longest increasing subsequence); the others move. */
static void settle_children(SightDiff *d, SightNodeIndex t_parent, GArray *chain, SightNodeIndex *before) {
  SightNodeIndex f_parent = d->match[t_parent];
  g_array_set_size(chain, 0);
  for (SightNodeIndex t = sight_dom_at(d->to, t_parent)->first; t != 0; t = sight_dom_at(d->to, t)->next) {
    SightNodeIndex f = d->match[t];
    if (f == 0 || sight_dom_at(d->from, f)->parent != f_parent)
      continue;
    guint low = 0, high = chain->len;
    while (low < high) {
      guint middle = (low + high) / 2;
      if (d->order[d->match[g_array_index(chain, SightNodeIndex, middle)]] < d->order[f])
        low = middle + 1;
      else
        high = middle;
    }
    before[t] = low > 0 ? g_array_index(chain, SightNodeIndex, low - 1) : 0;
    if (low == chain->len)
      g_array_append_val(chain, t);
    else
      g_array_index(chain, SightNodeIndex, low) = t;
  }
  SightNodeIndex t = chain->len > 0 ? g_array_index(chain, SightNodeIndex, chain->len - 1) : 0;
  for (; t != 0; t = before[t])
    d->flags[t] |= SIGHT_DIFF_STABLE;
}

/* Marks what is made anew around something that stays, and what is taken along by a move. */
static const char *settle(SightDiff *d) {
  g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  g_autofree SightNodeIndex *before = g_new0(SightNodeIndex, d->to->nodes->len);
  const char *why = NULL;
  d->flags[d->to->root] |= SIGHT_DIFF_STABLE;
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    const SightNode *t = sight_dom_at(d->to, i);
    if (d->match[i] != 0)
      settle_children(d, i, chain, before);
    if (i != d->to->root && (!(d->flags[i] & SIGHT_DIFF_STABLE) || (d->flags[t->parent] & SIGHT_DIFF_RELOCATED)))
      d->flags[i] |= SIGHT_DIFF_RELOCATED;
    if (d->match[i] == 0) {
      d->stats.added++;
      continue;
    }
    if (!(d->flags[i] & SIGHT_DIFF_STABLE))
      d->stats.moved++;
    if ((d->flags[i] & SIGHT_DIFF_RELOCATED) && sight_dom_is_tag(d->to, t, "iframe"))
      why = "a frame moves, and would load anew";
    for (SightNodeIndex p = t->parent; p != 0 && d->match[p] == 0 && !(d->flags[p] & SIGHT_DIFF_MARKED);
         p = sight_dom_at(d->to, p)->parent)
      d->flags[p] |= SIGHT_DIFF_MARKED;
  }
  return why;
}

const char *sight_diff_match(SightDiff *d) {
  if (d->from->root == 0 || d->to->root == 0)
    return "one of them is no page";
  match_by_id(d);
  if (d->match[d->to->root] == 0)
    return "another document";
  /* a later snapshot of the same page (a checkout) keeps its ids; a page that was loaded anew gives them to others */
  if (d->from->snapshot_ms != d->to->snapshot_ms && (guint64)d->stats.kept * 10 < (guint64)d->n_to * 7)
    return "another snapshot";
  match_by_structure(d);
  for (SightNodeIndex i = sight_dom_at(d->to, d->to->root)->first; i != 0; i = sight_dom_at(d->to, i)->next)
    if (d->match[i] == 0 && sight_dom_at(d->to, i)->type != SIGHT_NODE_COMMENT)
      return "another root element";
  const char *why = settle(d);
  if (why == NULL && d->stats.added > REBUILD_MIN_NODES &&
      (guint64)d->stats.added * 100 > (guint64)d->n_to * REBUILD_PERCENT)
    why = "most of it is new";
  return why;
}

gboolean sight_dom_difference(const SightDom *from, const SightDom *to, gint64 time_ms, GString *out,
                              SightDifferenceStats *stats, const char **why) {
  g_auto(SightDiff) diff;
  sight_diff_init(&diff, from, to);
  const char *reason = sight_diff_match(&diff);
  for (SightNodeIndex i = from->root; reason == NULL && i != 0; i = sight_dom_following(from, i, from->root))
    if (diff.back[i] == 0 && diff.back[sight_dom_at(from, i)->parent] != 0)
      diff.stats.removed++;
  if (stats != NULL)
    *stats = diff.stats;
  if (why != NULL)
    *why = reason;
  if (reason != NULL)
    return FALSE;
  sight_diff_write(&diff, time_ms, out);
  return TRUE;
}
