/* SPDX-License-Identifier: MIT */
/* The difference of two pages as operations, in the order in which they are to be made. */
#include "sight-dom-difference-private.h"

#include "sight-hash.h"

#include <string.h>

typedef struct {
  const SightDiff *d;
  SightJsonWriter w;
  gint64 time_ms;
  GArray *frames, *apart; /* of SightNodeIndex of `to` */
  gboolean radios;        /* one is new or another: it may uncheck others, or have done so */
} Writer;

static void begin_list(Writer *o, const char *key) {
  sight_json_key(&o->w, key);
  sight_json_begin_array(&o->w);
}

/* Nodes that move leave their place first, so that what is removed around them does not take them along. */
static void write_leaving(Writer *o) {
  const SightDiff *d = o->d;
  begin_list(o, "detaches");
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root))
    if (d->match[i] != 0 && !(d->flags[i] & SIGHT_DIFF_STABLE))
      sight_json_put_int(&o->w, sight_dom_at(d->from, d->match[i])->id);
  sight_json_end_array(&o->w);
  begin_list(o, "removes");
  for (SightNodeIndex i = d->from->root; i != 0; i = sight_dom_following(d->from, i, d->from->root))
    if (d->back[i] == 0 && d->back[sight_dom_at(d->from, i)->parent] != 0)
      sight_json_put_int(&o->w, sight_dom_at(d->from, i)->id);
  sight_json_end_array(&o->w);
  begin_list(o, "renames");
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    int old_id = d->match[i] != 0 ? sight_dom_at(d->from, d->match[i])->id : 0;
    if (old_id == 0 || old_id == sight_dom_at(d->to, i)->id)
      continue;
    sight_json_begin_array(&o->w);
    sight_json_put_int(&o->w, old_id);
    sight_json_put_int(&o->w, sight_dom_at(d->to, i)->id);
    sight_json_end_array(&o->w);
  }
  sight_json_end_array(&o->w);
}

static void write_move(Writer *o, const SightNode *node, int parent_id, int next_id) {
  sight_json_begin_object(&o->w);
  sight_json_member_int(&o->w, "parentId", parent_id);
  sight_json_key(&o->w, "nextId");
  if (next_id != 0)
    sight_json_put_int(&o->w, next_id);
  else
    sight_json_put_null(&o->w);
  sight_json_member_int(&o->w, "id", node->id);
  if (node->flags & SIGHT_FLAG_IN_SHADOW)
    sight_json_member_bool(&o->w, "isShadow", TRUE);
  sight_json_end_object(&o->w);
}

/* A new node with all below it, in one. */
static void write_whole(Writer *o, SightNodeIndex index, int parent_id, int next_id) {
  sight_json_begin_object(&o->w);
  sight_json_member_int(&o->w, "parentId", parent_id);
  sight_json_key(&o->w, "nextId");
  if (next_id != 0)
    sight_json_put_int(&o->w, next_id);
  else
    sight_json_put_null(&o->w);
  sight_json_key(&o->w, "node");
  sight_dom_serialize(o->d->to, &o->w, index, o->frames, o->apart);
  sight_json_end_object(&o->w);
}

static void write_apart(Writer *o) {
  const SightDom *to = o->d->to;
  for (guint k = 0; k < o->apart->len; k++) {
    SightNodeIndex top = g_array_index(o->apart, SightNodeIndex, k);
    for (SightNodeIndex i = top; i != 0;) {
      gboolean document = sight_dom_at(to, i)->type == SIGHT_NODE_DOCUMENT;
      if (document)
        g_array_append_val(o->frames, i);
      else
        sight_dom_serialize_add(to, &o->w, i, 0);
      i = document ? sight_dom_following_skip(to, i, top) : sight_dom_following(to, i, top);
    }
  }
  g_array_set_size(o->apart, 0);
}

/* From the last child to the first, so that each finds the one that it stands before. */
static void write_children(Writer *o, SightNodeIndex parent) {
  const SightDiff *d = o->d;
  int parent_id = sight_dom_at(d->to, parent)->id, next_id[2] = {0, 0};
  for (SightNodeIndex i = sight_dom_at(d->to, parent)->last; i != 0; i = sight_dom_at(d->to, i)->prev) {
    const SightNode *node = sight_dom_at(d->to, i);
    guint list = (node->flags & SIGHT_FLAG_IN_SHADOW) ? 1 : 0;
    if (node->type == SIGHT_NODE_DOCUMENT) {
      if (d->match[i] == 0)
        g_array_append_val(o->frames, i);
      continue;
    }
    if (d->match[i] == 0 && !(d->flags[i] & SIGHT_DIFF_MARKED))
      write_whole(o, i, parent_id, next_id[list]);
    else if (d->match[i] == 0)
      sight_dom_serialize_add(d->to, &o->w, i, next_id[list]);
    else if (!(d->flags[i] & SIGHT_DIFF_STABLE))
      write_move(o, node, parent_id, next_id[list]);
    next_id[list] = node->id;
  }
  write_apart(o);
}

static void write_inserts(Writer *o) {
  const SightDiff *d = o->d;
  begin_list(o, "inserts");
  for (SightNodeIndex i = d->to->root; i != 0;) {
    gboolean known = d->match[i] != 0 || (d->flags[i] & SIGHT_DIFF_MARKED);
    if (known && sight_dom_at(d->to, i)->first != 0)
      write_children(o, i);
    i = known ? sight_dom_following(d->to, i, d->to->root) : sight_dom_following_skip(d->to, i, d->to->root);
  }
  sight_json_end_array(&o->w);
}

static void write_frames(Writer *o) {
  begin_list(o, "frames");
  for (guint i = 0; i < o->frames->len; i++)
    sight_dom_write_frame(&o->w, o->d->to, g_array_index(o->frames, SightNodeIndex, i), o->time_ms, o->frames);
  sight_json_end_array(&o->w);
}

static void write_texts(Writer *o) {
  const SightDiff *d = o->d;
  begin_list(o, "texts");
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    const SightNode *t = sight_dom_at(d->to, i);
    if (d->match[i] == 0 || t->type < SIGHT_NODE_TEXT ||
        sight_diff_same_str(d->to, t->text, d->from, sight_dom_at(d->from, d->match[i])->text))
      continue;
    gsize bytes;
    const char *text = sight_dom_str(d->to, t->text, &bytes);
    sight_json_begin_object(&o->w);
    sight_json_member_int(&o->w, "id", t->id);
    sight_json_key(&o->w, "value");
    sight_json_put_string_len(&o->w, text != NULL ? text : "", bytes);
    sight_json_end_object(&o->w);
  }
  sight_json_end_array(&o->w);
}

/* Attributes */

static gboolean same_attributes(const SightDiff *d, const SightNode *t, const SightNode *f) {
  if (t->n_attrs != f->n_attrs)
    return FALSE;
  for (guint i = 0; i < t->n_attrs; i++) {
    const SightAttr *a = sight_dom_attr_at(d->to, t, i), *b = sight_dom_attr_at(d->from, f, i);
    guint32 name = d->names[b->name & ~SIGHT_ATTR_RAW] | (b->name & SIGHT_ATTR_RAW);
    if (a->name != name || !sight_diff_same_str(d->to, a->value, d->from, b->value))
      return FALSE;
  }
  return TRUE;
}

/* Handlers never run, and are not put on display. */
static gboolean is_shown(const char *name) {
  return g_ascii_strncasecmp(name, "on", 2) != 0;
}

static void put_attribute(Writer *o, const SightNode *t, const SightAttr *attr) {
  const char *name = sight_dom_name_text(o->d->to, attr->name);
  if (!(attr->name & SIGHT_ATTR_RAW)) {
    gsize bytes;
    const char *value = sight_dom_str(o->d->to, attr->value, &bytes);
    sight_json_key(&o->w, name);
    sight_json_put_string_len(&o->w, value != NULL ? value : "", bytes);
    return;
  }
  sight_json_member_string(&o->w, name, sight_dom_attr_text(o->d->to, t, name));
}

static void write_attribute_changes(Writer *o, const SightNode *t, const SightNode *f) {
  const SightDiff *d = o->d;
  sight_json_begin_object(&o->w);
  sight_json_member_int(&o->w, "id", t->id);
  sight_json_key(&o->w, "attributes");
  sight_json_begin_object(&o->w);
  for (guint i = 0; i < f->n_attrs; i++) {
    const char *name = sight_dom_name_text(d->from, sight_dom_attr_at(d->from, f, i)->name);
    if (sight_dom_attr_find(d->to, t, name) == NULL && is_shown(name))
      sight_json_member_string(&o->w, name, NULL);
  }
  for (guint i = 0; i < t->n_attrs; i++) {
    const SightAttr *attr = sight_dom_attr_at(d->to, t, i);
    const char *name = sight_dom_name_text(d->to, attr->name);
    const SightAttr *old = sight_dom_attr_find(d->from, f, name);
    if (!is_shown(name) || (old != NULL && ((old->name ^ attr->name) & SIGHT_ATTR_RAW) == 0 &&
                            sight_diff_same_str(d->to, attr->value, d->from, old->value)))
      continue;
    put_attribute(o, t, attr);
  }
  sight_json_end_object(&o->w);
  sight_json_end_object(&o->w);
}

static void write_attributes(Writer *o) {
  const SightDiff *d = o->d;
  begin_list(o, "attributes");
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    const SightNode *t = sight_dom_at(d->to, i), *f = d->match[i] != 0 ? sight_dom_at(d->from, d->match[i]) : NULL;
    if (f != NULL && t->type == SIGHT_NODE_ELEMENT && !same_attributes(d, t, f))
      write_attribute_changes(o, t, f);
  }
  sight_json_end_array(&o->w);
}

/* State beside the nodes */

static void write_rules(Writer *o, SightNodeIndex i, const SightNodeState *t_state, const SightNodeState *f_state) {
  const SightDiff *d = o->d;
  if (t_state == NULL || t_state->rules == NULL)
    return;
  /* a sheet whose text is set again, or whose element is put in again, has lost what script did to it */
  gboolean fresh = d->match[i] == 0 || (d->flags[i] & SIGHT_DIFF_RELOCATED) || f_state == NULL ||
                   f_state->rules == NULL || !sight_diff_same_sheet(d, i, d->match[i]);
  sight_dom_write_rule_log(&o->w, t_state->rules, fresh ? 0 : f_state->rules->ops->len, sight_dom_at(d->to, i)->id,
                           o->time_ms);
}

/* Whether a constructed sheet is the same in both; each is compared once, however many adopt it. */
static gboolean same_sheet(const SightDiff *d, gpointer id, GHashTable *known) {
  gpointer same;
  if (g_hash_table_lookup_extended(known, id, NULL, &same))
    return GPOINTER_TO_INT(same);
  const SightRuleLog *a = g_hash_table_lookup(d->to->sheets, id), *b = g_hash_table_lookup(d->from->sheets, id);
  gboolean result = sight_rule_log_begins_with(a, b) && sight_rule_log_begins_with(b, a);
  g_hash_table_insert(known, id, GINT_TO_POINTER(result));
  return result;
}

static gboolean same_adopted(const SightDiff *d, GHashTable *known, const SightNodeState *t_state,
                             const SightNodeState *f_state) {
  const GArray *t = t_state != NULL ? t_state->adopted : NULL, *f = f_state != NULL ? f_state->adopted : NULL;
  guint t_len = t != NULL ? t->len : 0, f_len = f != NULL ? f->len : 0;
  if (t_len != f_len)
    return FALSE;
  for (guint i = 0; i < t_len; i++) {
    gpointer id = GINT_TO_POINTER(g_array_index(t, int, i));
    if (g_array_index(f, int, i) != GPOINTER_TO_INT(id))
      return FALSE;
    if (!same_sheet(d, id, known))
      return FALSE;
  }
  return TRUE;
}

static void write_styles(Writer *o) {
  const SightDiff *d = o->d;
  g_autoptr(GHashTable) written = g_hash_table_new(sight_hash_number, NULL);
  g_autoptr(GHashTable) known = g_hash_table_new(sight_hash_number, NULL);
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    const SightNodeState *t = sight_dom_state(d->to, i), *f = sight_dom_state(d->from, d->match[i]);
    if (t == NULL && (f == NULL || f->adopted == NULL))
      continue;
    if (!same_adopted(d, known, t, f)) {
      g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(int));
      sight_dom_write_adopted(&o->w, d->to, sight_dom_at(d->to, i)->id,
                              t != NULL && t->adopted != NULL ? t->adopted : none, written, o->time_ms);
    }
    write_rules(o, i, t, f);
  }
}

static gboolean same_input(const SightNodeState *a, const SightNodeState *b) {
  gboolean has_a = a != NULL && a->has_input, has_b = b != NULL && b->has_input;
  return has_a == has_b && (!has_a || (a->checked == b->checked && strcmp(a->input, b->input) == 0));
}

static gboolean same_media(const SightNodeState *a, const SightNodeState *b) {
  const SightMedia *x = a != NULL ? a->media : NULL, *y = b != NULL ? b->media : NULL;
  return x == y || (x != NULL && y != NULL && memcmp(x, y, sizeof *x) == 0);
}

static gboolean same_defaults(const SightDiff *d, SightNodeIndex t, SightNodeIndex f) {
  const char *const names[] = {"value", "checked", "type"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    if (g_strcmp0(sight_dom_attr_text(d->to, sight_dom_at(d->to, t), names[i]),
                  sight_dom_attr_text(d->from, sight_dom_at(d->from, f), names[i])) != 0)
      return FALSE;
  return TRUE;
}

static gboolean is_input_of(const SightDom *dom, const SightNode *node, const char *const *types) {
  const char *type = sight_dom_is_tag(dom, node, "input") ? sight_dom_attr_text(dom, node, "type") : NULL;
  g_autofree char *lower = type != NULL ? g_ascii_strdown(type, -1) : NULL;
  return lower != NULL && g_strv_contains(types, lower);
}

/* Where what is in the field is its attribute: to set the one makes the other. */
static gboolean keeps_value_in_attribute(const SightDom *dom, const SightNode *node) {
  static const char *const types[] = {"checkbox", "radio", "hidden", "submit", "button", "reset", "image", NULL};
  return is_input_of(dom, node, types);
}

static gboolean is_radio(const SightDom *dom, const SightNode *node) {
  static const char *const types[] = {"radio", NULL};
  return is_input_of(dom, node, types);
}

static gboolean same_field(const SightDiff *d, SightNodeIndex t, SightNodeIndex f, gboolean typed) {
  return same_input(sight_dom_state(d->to, t), sight_dom_state(d->from, f)) && (typed || same_defaults(d, t, f)) &&
         (sight_dom_is_tag(d->to, sight_dom_at(d->to, t), "input") || d->to_sum[t] == d->from_sum[f]);
}

static gboolean same_group(const SightDiff *d, SightNodeIndex t, SightNodeIndex f) {
  return g_strcmp0(sight_dom_attr_text(d->to, sight_dom_at(d->to, t), "name"),
                   sight_dom_attr_text(d->from, sight_dom_at(d->from, f), "name")) == 0;
}

static void write_field(Writer *o, SightNodeIndex i, gboolean typed) {
  const SightDiff *d = o->d;
  static const char *const fields[] = {"input", "select", "textarea", NULL};
  const SightNode *node = sight_dom_at(d->to, i);
  const SightNodeState *t = sight_dom_state(d->to, i);
  if (node->type != SIGHT_NODE_ELEMENT || !g_strv_contains(fields, sight_dom_name_text(d->to, node->tag)) ||
      typed != (t != NULL && t->has_input))
    return;
  SightNodeIndex old = d->match[i];
  gboolean checked = typed ? t->checked : sight_dom_attr_find(d->to, node, "checked") != NULL;
  if ((old != 0 ? same_field(d, i, old, typed) : !typed) && !(checked && o->radios && is_radio(d->to, node)))
    return;
  SightNodeState initial = {0};
  if (!typed) {
    sight_dom_initial_input(d->to, i, &initial);
    t = &initial;
  }
  sight_dom_write_node_state(&o->w, node->id, t, o->time_ms, d->to, SIGHT_STATE_INPUT);
  if (!typed && sight_dom_attr_find(d->to, node, "value") == NULL && keeps_value_in_attribute(d->to, node))
    sight_dom_write_attribute_removal(&o->w, node->id, "value", o->time_ms);
}

/* As it was: first what the page itself had checked, then what was chosen, which unchecks others of its group. */
static void write_fields(Writer *o) {
  const SightDiff *d = o->d;
  for (SightNodeIndex i = d->to->root; i != 0 && !o->radios; i = sight_dom_following(d->to, i, d->to->root)) {
    const SightNodeState *t = sight_dom_state(d->to, i);
    o->radios = is_radio(d->to, sight_dom_at(d->to, i)) &&
                (d->match[i] == 0 || (d->flags[i] & SIGHT_DIFF_RELOCATED) || !same_group(d, i, d->match[i]) ||
                 !same_field(d, i, d->match[i], t != NULL && t->has_input));
  }
  for (guint typed = 0; typed < 2; typed++)
    for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root))
      write_field(o, i, typed != 0);
}

/* What played later in the recording stands still at its beginning. */
static void write_initial_media(Writer *o, SightNodeIndex i) {
  const SightDom *to = o->d->to;
  const SightNode *node = sight_dom_at(to, i);
  SightMedia media = {.has_time = TRUE,
                      .has_rate = TRUE,
                      .has_volume = TRUE,
                      .has_muted = TRUE,
                      .has_loop = TRUE,
                      .rate = 1,
                      .volume = 1,
                      .muted = sight_dom_attr_text(to, node, "muted") != NULL,
                      .loop = sight_dom_attr_text(to, node, "loop") != NULL};
  const SightNodeState state = {.media = &media};
  sight_dom_write_node_state(&o->w, node->id, &state, o->time_ms, to, SIGHT_STATE_MEDIA);
}

static void write_states(Writer *o) {
  const SightDiff *d = o->d;
  write_fields(o);
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    const SightNodeState *t = sight_dom_state(d->to, i), *f = sight_dom_state(d->from, d->match[i]);
    int id = sight_dom_at(d->to, i)->id;
    if (t != NULL && t->canvas != NULL)
      for (guint k = f != NULL && f->canvas != NULL ? f->canvas->len : 0; k < t->canvas->len; k++)
        sight_dom_write_data(&o->w, g_ptr_array_index(t->canvas, k), o->time_ms);
    if (t != NULL && t->media != NULL && (!same_media(t, f) || (d->flags[i] & SIGHT_DIFF_RELOCATED)))
      sight_dom_write_node_state(&o->w, id, t, o->time_ms, d->to, SIGHT_STATE_MEDIA);
    else if ((t == NULL || t->media == NULL) && f != NULL && f->media != NULL)
      write_initial_media(o, i);
  }
}

/* Always where there is any: whatever changed on the page may have moved it. */
static void write_scrolls(Writer *o) {
  const SightDiff *d = o->d;
  const SightNodeState zero = {.has_scroll = TRUE};
  for (SightNodeIndex i = d->to->root; i != 0; i = sight_dom_following(d->to, i, d->to->root)) {
    const SightNodeState *t = sight_dom_state(d->to, i), *f = sight_dom_state(d->from, d->match[i]);
    gboolean wanted = t != NULL && t->has_scroll, had = f != NULL && f->has_scroll;
    if (wanted || had)
      sight_dom_write_node_state(&o->w, sight_dom_at(d->to, i)->id, wanted ? t : &zero, o->time_ms, d->to,
                                 SIGHT_STATE_SCROLL);
  }
}

void sight_diff_write(const SightDiff *diff, gint64 time_ms, GString *out) {
  g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  g_autoptr(GArray) apart = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  Writer o = {.d = diff, .w = {.out = out}, .time_ms = time_ms, .frames = frames, .apart = apart};
  sight_json_begin_object(&o.w);
  write_leaving(&o);
  write_inserts(&o);
  write_frames(&o);
  write_texts(&o);
  write_attributes(&o);
  begin_list(&o, "events");
  if (diff->from->width != diff->to->width || diff->from->height != diff->to->height)
    sight_dom_write_viewport(&o.w, diff->to, time_ms);
  sight_dom_write_fonts(&o.w, diff->to, diff->from->fonts->len, time_ms);
  sight_dom_write_custom_elements(&o.w, diff->to, diff->from->custom_elements, time_ms);
  write_styles(&o);
  write_states(&o);
  sight_dom_write_pointer(&o.w, diff->to, diff->from->focus_id, time_ms);
  write_scrolls(&o);
  sight_json_end_array(&o.w);
  sight_json_end_object(&o.w);
}
