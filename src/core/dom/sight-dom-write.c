/* SPDX-License-Identifier: MIT */
/* The page as rrweb events: a full snapshot, and after it what a snapshot cannot say. */
#include "sight-dom-private.h"

#include "sight-hash.h"

#include <string.h>

/* A recording without Meta event has no size; rrweb would show nothing at all. */
#define FALLBACK_WIDTH 1280
#define FALLBACK_HEIGHT 800

typedef struct {
  const SightDom *dom;
  SightJsonWriter w;
  gint64 time_ms;
  gboolean only_present;
  int sheet; /* whose rules are written */
} Output;

static void begin_event(Output *o, SightEventType type) {
  sight_json_begin_object(&o->w);
  sight_json_member_int(&o->w, "type", type);
  sight_json_member_int(&o->w, "timestamp", o->time_ms);
  sight_json_key(&o->w, "data");
  sight_json_begin_object(&o->w);
}

static void begin_incremental(Output *o, SightSource source, int id) {
  begin_event(o, SIGHT_EVENT_INCREMENTAL);
  sight_json_member_int(&o->w, "source", source);
  if (id != 0)
    sight_json_member_int(&o->w, "id", id);
}

static void end_event(Output *o) {
  sight_json_end_object(&o->w);
  sight_json_end_object(&o->w);
}

static void member_double(SightJsonWriter *w, const char *key, double value) {
  sight_json_key(w, key);
  sight_json_put_double(w, value);
}

/* `list`: the one that is not empty, and is begun. */
static void begin_mutation(Output *o, const char *list) {
  const char *const lists[] = {"texts", "attributes", "removes", "adds"};
  begin_incremental(o, SIGHT_SOURCE_MUTATION, 0);
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
    if (strcmp(lists[i], list) == 0)
      continue;
    sight_json_key(&o->w, lists[i]);
    sight_json_begin_array(&o->w);
    sight_json_end_array(&o->w);
  }
  sight_json_key(&o->w, list);
  sight_json_begin_array(&o->w);
}

static void write_size(Output *o) {
  sight_json_member_int(&o->w, "width", o->dom->width > 0 ? o->dom->width : FALLBACK_WIDTH);
  sight_json_member_int(&o->w, "height", o->dom->height > 0 ? o->dom->height : FALLBACK_HEIGHT);
}

static void write_meta(Output *o) {
  begin_event(o, SIGHT_EVENT_META);
  sight_json_member_string(&o->w, "href", o->dom->url != NULL ? o->dom->url : "about:blank");
  write_size(o);
  end_event(o);
}

/* What hangs below a level that is not written in place: one flat list, parents first. */
static void write_apart(Output *o, GArray *apart, GArray *frames) {
  if (apart->len == 0)
    return;
  begin_mutation(o, "adds");
  for (guint i = 0; i < apart->len; i++) {
    SightNodeIndex top = g_array_index(apart, SightNodeIndex, i);
    for (SightNodeIndex index = top; index != 0;) {
      if (sight_dom_at(o->dom, index)->type == SIGHT_NODE_DOCUMENT) {
        g_array_append_val(frames, index);
        index = sight_dom_following_skip(o->dom, index, top);
        continue;
      }
      sight_dom_serialize_add(o->dom, &o->w, index, 0);
      index = sight_dom_following(o->dom, index, top);
    }
  }
  sight_json_end_array(&o->w);
  end_event(o);
  g_array_set_size(apart, 0);
}

static void write_frame(Output *o, SightNodeIndex document, GArray *frames, GArray *apart) {
  begin_mutation(o, "adds");
  sight_json_begin_object(&o->w);
  sight_json_member_int(&o->w, "parentId", sight_dom_at(o->dom, sight_dom_at(o->dom, document)->parent)->id);
  sight_json_key(&o->w, "nextId");
  sight_json_put_null(&o->w);
  sight_json_key(&o->w, "node");
  sight_dom_serialize(o->dom, &o->w, document, frames, apart);
  sight_json_end_object(&o->w);
  sight_json_end_array(&o->w);
  sight_json_member_bool(&o->w, "isAttachIframe", TRUE);
  end_event(o);
}

static void write_nodes(Output *o) {
  g_autoptr(GArray) frames = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  g_autoptr(GArray) apart = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  const SightNodeState *state = sight_dom_state(o->dom, o->dom->root);
  gboolean scrolled = state != NULL && state->has_scroll;
  begin_event(o, SIGHT_EVENT_FULL_SNAPSHOT);
  sight_json_key(&o->w, "node");
  sight_dom_serialize(o->dom, &o->w, o->dom->root, frames, apart);
  sight_json_key(&o->w, "initialOffset");
  sight_json_begin_object(&o->w);
  member_double(&o->w, "left", scrolled ? state->scroll_x : 0);
  member_double(&o->w, "top", scrolled ? state->scroll_y : 0);
  sight_json_end_object(&o->w);
  sight_json_member_int(&o->w, "ss:page", o->dom->snapshot_ms);
  end_event(o);
  write_apart(o, apart, frames);
  for (guint i = 0; i < frames->len; i++) {
    write_frame(o, g_array_index(frames, SightNodeIndex, i), frames, apart);
    write_apart(o, apart, frames);
  }
}

static void write_rule_op(const SightRuleOp *op, gpointer user_data) {
  Output *o = user_data;
  gboolean declaration = op->kind == SIGHT_RULE_SET || op->kind == SIGHT_RULE_UNSET;
  begin_incremental(o, declaration ? SIGHT_SOURCE_STYLE_DECLARATION : SIGHT_SOURCE_STYLE_SHEET_RULE, o->sheet);
  sight_dom_write_rule_op(&o->w, op);
  end_event(o);
}

static void write_rule_log(Output *o, const SightRuleLog *log, guint start, int id) {
  o->sheet = id;
  if (o->only_present) {
    sight_dom_rules_left(log, write_rule_op, o);
    return;
  }
  for (guint i = start; i < log->ops->len; i++)
    write_rule_op(&g_array_index(log->ops, SightRuleOp, i), o);
}

/* Constructed sheets are written as their rules are: rrweb, seeking over a mutation, would make changes of a sheet
 * before the sheet itself. */
static void write_adopted(Output *o, int host, const GArray *ids, GHashTable *written) {
  begin_incremental(o, SIGHT_SOURCE_ADOPTED_STYLE_SHEET, host);
  sight_json_key(&o->w, "styles");
  sight_json_begin_array(&o->w);
  for (guint i = 0; i < ids->len; i++) {
    int id = g_array_index(ids, int, i);
    const SightRuleLog *log = g_hash_table_lookup(o->dom->sheets, GINT_TO_POINTER(id));
    if (log == NULL || !g_hash_table_add(written, GINT_TO_POINTER(id)))
      continue;
    sight_json_begin_object(&o->w);
    sight_json_member_int(&o->w, "styleId", id);
    sight_json_key(&o->w, "rules");
    sight_dom_write_rules(&o->w, log);
    sight_json_end_object(&o->w);
  }
  sight_json_end_array(&o->w);
  sight_json_key(&o->w, "styleIds");
  sight_json_begin_array(&o->w);
  for (guint i = 0; i < ids->len; i++)
    sight_json_put_int(&o->w, g_array_index(ids, int, i));
  sight_json_end_array(&o->w);
  end_event(o);
}

static void write_styles(Output *o) {
  g_autoptr(GHashTable) written = g_hash_table_new(sight_hash_number, NULL);
  for (SightNodeIndex i = o->dom->root; i != 0; i = sight_dom_following(o->dom, i, o->dom->root)) {
    const SightNodeState *state = sight_dom_state(o->dom, i);
    if (state == NULL)
      continue;
    if (state->adopted != NULL)
      write_adopted(o, sight_dom_at(o->dom, i)->id, state->adopted, written);
    if (state->rules != NULL)
      write_rule_log(o, state->rules, 0, sight_dom_at(o->dom, i)->id);
  }
}

static void write_media(Output *o, int id, const SightMedia *media) {
  begin_incremental(o, SIGHT_SOURCE_MEDIA_INTERACTION, id);
  sight_json_member_int(&o->w, "type", media->playing ? 0 : 1);
  if (media->has_time) {
    double rate = media->has_rate ? media->rate : 1;
    double passed = media->playing ? (double)(o->time_ms - media->since_ms) / 1000 * rate : 0;
    member_double(&o->w, "currentTime", media->time_s + MAX(passed, 0));
  }
  if (media->has_rate)
    member_double(&o->w, "playbackRate", media->rate);
  if (media->has_volume)
    member_double(&o->w, "volume", media->volume);
  if (media->has_muted)
    sight_json_member_bool(&o->w, "muted", media->muted);
  if (media->has_loop)
    sight_json_member_bool(&o->w, "loop", media->loop);
  end_event(o);
}

static void write_raw_event(Output *o, const char *data) {
  sight_json_begin_object(&o->w);
  sight_json_member_int(&o->w, "type", SIGHT_EVENT_INCREMENTAL);
  sight_json_member_int(&o->w, "timestamp", o->time_ms);
  sight_json_key(&o->w, "data");
  sight_json_put_raw(&o->w, data, strlen(data));
  sight_json_end_object(&o->w);
}

void sight_dom_write_node_state(SightJsonWriter *w, int id, const SightNodeState *state, gint64 time_ms,
                                const SightDom *dom, SightDomStateKinds kinds) {
  Output o = {.dom = dom, .w = *w, .time_ms = time_ms};
  if ((kinds & SIGHT_STATE_CANVAS) && state->canvas != NULL)
    for (guint i = 0; i < state->canvas->len; i++)
      write_raw_event(&o, g_ptr_array_index(state->canvas, i));
  if ((kinds & SIGHT_STATE_INPUT) && state->has_input) {
    begin_incremental(&o, SIGHT_SOURCE_INPUT, id);
    sight_json_member_string(&o.w, "text", state->input);
    sight_json_member_bool(&o.w, "isChecked", state->checked);
    end_event(&o);
  }
  if ((kinds & SIGHT_STATE_MEDIA) && state->media != NULL)
    write_media(&o, id, state->media);
  if ((kinds & SIGHT_STATE_SCROLL) && state->has_scroll) {
    begin_incremental(&o, SIGHT_SOURCE_SCROLL, id);
    member_double(&o.w, "x", state->scroll_x);
    member_double(&o.w, "y", state->scroll_y);
    end_event(&o);
  }
  *w = o.w;
}

static void write_states(Output *o, SightDomStateKinds kinds) {
  for (SightNodeIndex i = o->dom->root; i != 0; i = sight_dom_following(o->dom, i, o->dom->root)) {
    const SightNodeState *state = sight_dom_state(o->dom, i);
    if (state != NULL)
      sight_dom_write_node_state(&o->w, sight_dom_at(o->dom, i)->id, state, o->time_ms, o->dom, kinds);
  }
}

/* What the pointer was over, or, where that is gone, the top element for whatever is in its place. */
static int under_pointer(const SightDom *dom) {
  if (sight_dom_find(dom, dom->mouse_id) != 0)
    return dom->mouse_id;
  if (dom->mouse_id <= 0)
    return 0;
  for (SightNodeIndex i = sight_dom_at(dom, dom->root)->first; i != 0; i = sight_dom_at(dom, i)->next)
    if (sight_dom_at(dom, i)->type == SIGHT_NODE_ELEMENT)
      return sight_dom_at(dom, i)->id;
  return 0;
}

static void write_pointer(Output *o) {
  const SightDom *dom = o->dom;
  int under = dom->has_mouse ? under_pointer(dom) : 0;
  if (dom->focus_id != 0 && sight_dom_find(dom, dom->focus_id) != 0) {
    begin_incremental(o, SIGHT_SOURCE_MOUSE_INTERACTION, dom->focus_id);
    sight_json_member_int(&o->w, "type", SIGHT_MOUSE_FOCUS);
    if (dom->focus_visible != -1)
      sight_json_member_bool(&o->w, "visible", dom->focus_visible);
    end_event(o);
  }
  if (under != 0) {
    begin_incremental(o, dom->touching ? SIGHT_SOURCE_TOUCH_MOVE : SIGHT_SOURCE_MOUSE_MOVE, 0);
    sight_json_key(&o->w, "positions");
    sight_json_begin_array(&o->w);
    sight_json_begin_object(&o->w);
    member_double(&o->w, "x", dom->mouse_x);
    member_double(&o->w, "y", dom->mouse_y);
    sight_json_member_int(&o->w, "id", under);
    sight_json_member_int(&o->w, "timeOffset", 0);
    sight_json_end_object(&o->w);
    sight_json_end_array(&o->w);
    end_event(o);
  }
  if (dom->selection != NULL) {
    begin_incremental(o, SIGHT_SOURCE_SELECTION, 0);
    sight_json_key(&o->w, "ranges");
    sight_json_put_raw(&o->w, dom->selection, strlen(dom->selection));
    end_event(o);
  }
}

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Those that are no part of `known`. */
static void write_custom_elements(Output *o, GHashTable *known) {
  guint n = 0;
  g_autofree gpointer *names = g_hash_table_get_keys_as_array(o->dom->custom_elements, &n);
  qsort(names, n, sizeof *names, compare_names);
  for (guint i = 0; i < n; i++) {
    if (known != NULL && g_hash_table_contains(known, names[i]))
      continue;
    begin_incremental(o, SIGHT_SOURCE_CUSTOM_ELEMENT, 0);
    sight_json_key(&o->w, "define");
    sight_json_begin_object(&o->w);
    sight_json_member_string(&o->w, "name", names[i]);
    sight_json_end_object(&o->w);
    end_event(o);
  }
}

static void write_definitions(Output *o) {
  for (guint i = 0; i < o->dom->fonts->len; i++)
    write_raw_event(o, g_ptr_array_index(o->dom->fonts, i));
  write_custom_elements(o, NULL);
}

/* For the difference, which writes the same events. */

void sight_dom_write_custom_elements(SightJsonWriter *w, const SightDom *dom, GHashTable *known, gint64 time_ms) {
  Output o = {.dom = dom, .w = *w, .time_ms = time_ms};
  write_custom_elements(&o, known);
  *w = o.w;
}

void sight_dom_write_frame(SightJsonWriter *w, const SightDom *dom, SightNodeIndex document, gint64 time_ms,
                           GArray *frames) {
  Output o = {.dom = dom, .w = *w, .time_ms = time_ms};
  g_autoptr(GArray) apart = g_array_new(FALSE, FALSE, sizeof(SightNodeIndex));
  write_frame(&o, document, frames, apart);
  write_apart(&o, apart, frames);
  *w = o.w;
}

void sight_dom_write_rule_log(SightJsonWriter *w, const SightRuleLog *log, guint start, int id, gint64 time_ms) {
  Output o = {.w = *w, .time_ms = time_ms};
  write_rule_log(&o, log, start, id);
  *w = o.w;
}

void sight_dom_write_adopted(SightJsonWriter *w, const SightDom *dom, int host, const GArray *ids, GHashTable *written,
                             gint64 time_ms) {
  Output o = {.dom = dom, .w = *w, .time_ms = time_ms};
  write_adopted(&o, host, ids, written);
  *w = o.w;
}

void sight_dom_write_data(SightJsonWriter *w, const char *data, gint64 time_ms) {
  Output o = {.w = *w, .time_ms = time_ms};
  write_raw_event(&o, data);
  *w = o.w;
}

void sight_dom_write_attribute_removal(SightJsonWriter *w, int id, const char *name, gint64 time_ms) {
  Output o = {.w = *w, .time_ms = time_ms};
  begin_mutation(&o, "attributes");
  sight_json_begin_object(&o.w);
  sight_json_member_int(&o.w, "id", id);
  sight_json_key(&o.w, "attributes");
  sight_json_begin_object(&o.w);
  sight_json_member_string(&o.w, name, NULL);
  sight_json_end_object(&o.w);
  sight_json_end_object(&o.w);
  sight_json_end_array(&o.w);
  end_event(&o);
  *w = o.w;
}

void sight_dom_write_viewport(SightJsonWriter *w, const SightDom *dom, gint64 time_ms) {
  Output o = {.dom = dom, .w = *w, .time_ms = time_ms};
  begin_incremental(&o, SIGHT_SOURCE_VIEWPORT_RESIZE, 0);
  write_size(&o);
  end_event(&o);
  *w = o.w;
}

void sight_dom_write_fonts(SightJsonWriter *w, const SightDom *dom, guint start, gint64 time_ms) {
  for (guint i = start; i < dom->fonts->len; i++)
    sight_dom_write_data(w, g_ptr_array_index(dom->fonts, i), time_ms);
}

void sight_dom_write_pointer(SightJsonWriter *w, const SightDom *dom, int old_focus, gint64 time_ms) {
  Output o = {.dom = dom, .w = *w, .time_ms = time_ms};
  if (old_focus != 0 && dom->focus_id != old_focus && sight_dom_find(dom, old_focus) != 0) {
    begin_incremental(&o, SIGHT_SOURCE_MOUSE_INTERACTION, old_focus);
    sight_json_member_int(&o.w, "type", SIGHT_MOUSE_BLUR);
    end_event(&o);
  }
  write_pointer(&o);
  *w = o.w;
}

static gboolean write_events(const SightDom *dom, gint64 time_ms, gboolean only_present, GString *out) {
  if (dom->root == 0)
    return FALSE;
  Output o = {.dom = dom, .w = {.out = out}, .time_ms = time_ms, .only_present = only_present};
  sight_json_begin_array(&o.w);
  write_meta(&o);
  write_nodes(&o);
  write_definitions(&o);
  write_styles(&o);
  write_states(&o, SIGHT_STATE_CANVAS | SIGHT_STATE_INPUT | SIGHT_STATE_MEDIA);
  write_pointer(&o);
  /* last: it needs everything in its place, and some fields come into view when they get the focus */
  write_states(&o, SIGHT_STATE_SCROLL);
  sight_json_end_array(&o.w);
  return TRUE;
}

gboolean sight_dom_write_events(const SightDom *dom, gint64 time_ms, GString *out) {
  return write_events(dom, time_ms, FALSE, out);
}

gboolean sight_dom_write_present(const SightDom *dom, gint64 time_ms, GString *out) {
  return write_events(dom, time_ms, TRUE, out);
}
