/* SPDX-License-Identifier: MIT */
/* Events as a clip may hold them: what is known is copied, member by member; the rest stays behind. */
#include "sight-clip-private.h"

#include "sight-hash.h"

#include <string.h>

static void copy_numbers(SightJsonWriter *w, SightJson object, const char *const *keys) {
  for (guint i = 0; keys[i] != NULL; i++) {
    SightJson value = sight_json_get(object, keys[i]);
    SightJsonType type = sight_json_type(value);
    if (type != SIGHT_JSON_NUMBER && type != SIGHT_JSON_BOOL)
      continue;
    sight_json_key(w, keys[i]);
    sight_json_put_value(w, value);
  }
}

/* An index, or a path of them. */
static void copy_index(SightJsonWriter *w, SightJson object) {
  SightJson index = sight_json_get(object, "index");
  SightJsonIter it = sight_json_iter(index);
  if (sight_json_type(index) != SIGHT_JSON_ARRAY) {
    copy_numbers(w, object, (const char *const[]){"index", NULL});
    return;
  }
  sight_json_key(w, "index");
  sight_json_begin_array(w);
  while (sight_json_next(&it))
    sight_json_put_int(w, sight_json_int(it.value, 0));
  sight_json_end_array(w);
}

static void member_css(SightJsonWriter *w, SightJson object, const char *key) {
  gsize bytes;
  const char *text = sight_json_string(sight_json_get(object, key), &bytes);
  if (text == NULL)
    return;
  sight_json_key(w, key);
  sight_clip_put_css(w, text, bytes);
}

static void member_text(SightJsonWriter *w, SightJson object, const char *key) {
  gsize bytes;
  const char *text = sight_json_string(sight_json_get(object, key), &bytes);
  if (text == NULL)
    return;
  sight_json_key(w, key);
  sight_json_put_string_len(w, text, bytes);
}

static SightJsonIter begin_list(SightJsonWriter *w, SightJson object, const char *key) {
  sight_json_key(w, key);
  sight_json_begin_array(w);
  return sight_json_iter(sight_json_get(object, key));
}

static void clean_add(SightClipCleaner *cleaner, SightJson add) {
  SightJsonWriter *w = &cleaner->w;
  static const char *const ids[] = {"parentId", "previousId", "nextId"};
  SightJson node = sight_json_get(add, "node");
  SightClipKind parent = sight_clip_kind(cleaner, (int)sight_json_int(sight_json_get(add, "parentId"), 0));
  if (sight_json_type(node) != SIGHT_JSON_OBJECT)
    return;
  sight_json_begin_object(w);
  for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
    SightJson id = sight_json_get(add, ids[i]);
    if (sight_json_type(id) == SIGHT_JSON_ABSENT)
      continue;
    sight_json_key(w, ids[i]);
    if (sight_json_type(id) == SIGHT_JSON_NUMBER)
      sight_json_put_int(w, sight_json_int(id, 0));
    else
      sight_json_put_null(w);
  }
  sight_json_key(w, "node");
  sight_clip_clean_node(cleaner, node, parent == SIGHT_CLIP_FRAME ? SIGHT_CLIP_PLAIN : parent);
  sight_json_end_object(w);
}

/* What elements draw from now on comes to hang below them. `parts` gets by their ids what it is called. */
static void add_parts(SightClipCleaner *cleaner, SightJson data, GHashTable *parts) {
  SightJsonWriter *w = &cleaner->w;
  g_autoptr(GString) json = g_string_new(NULL);
  SightJsonIter it = sight_json_iter(sight_json_get(data, "attributes"));
  while (cleaner->sprites != NULL && sight_json_next(&it)) {
    int id = (int)sight_json_int(sight_json_get(it.value, "id"), 0);
    char *part =
        sight_clip_part_of(cleaner, sight_json_get(it.value, "attributes"), sight_clip_kind(cleaner, id), json);
    if (part == NULL)
      continue;
    g_hash_table_replace(parts, GINT_TO_POINTER(id), part);
    sight_json_begin_object(w);
    sight_json_member_int(w, "parentId", id);
    sight_json_key(w, "nextId");
    sight_json_put_null(w);
    sight_json_key(w, "node");
    sight_clip_put_part(cleaner, json);
    sight_json_end_object(w);
  }
}

static void clean_mutation(SightClipCleaner *cleaner, SightJson data) {
  SightJsonWriter *w = &cleaner->w;
  g_autoptr(GHashTable) parts = g_hash_table_new_full(sight_hash_number, NULL, NULL, g_free);
  SightJsonIter it = begin_list(w, data, "removes");
  while (sight_json_next(&it)) {
    sight_json_begin_object(w);
    copy_numbers(w, it.value, (const char *const[]){"parentId", "id", "isShadow", NULL});
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
  /* Before the texts and attributes, which may be of what is added; and twice, as a node may come before its parent. */
  gsize before = w->out->len;
  for (int pass = 0; pass < 2; pass++) {
    g_string_truncate(w->out, before);
    w->need_comma = TRUE;
    it = begin_list(w, data, "adds");
    while (sight_json_next(&it))
      clean_add(cleaner, it.value);
    add_parts(cleaner, data, parts);
    sight_json_end_array(w);
  }
  it = begin_list(w, data, "texts");
  while (sight_json_next(&it)) {
    int id = (int)sight_json_int(sight_json_get(it.value, "id"), 0);
    sight_json_begin_object(w);
    sight_json_member_int(w, "id", id);
    sight_json_key(w, "value");
    if (sight_json_type(sight_json_get(it.value, "value")) == SIGHT_JSON_NULL)
      sight_json_put_null(w);
    else
      sight_clip_put_text(cleaner, sight_json_get(it.value, "value"), sight_clip_kind(cleaner, id));
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
  it = begin_list(w, data, "attributes");
  while (sight_json_next(&it)) {
    int id = (int)sight_json_int(sight_json_get(it.value, "id"), 0);
    sight_json_begin_object(w);
    sight_json_member_int(w, "id", id);
    sight_json_key(w, "attributes");
    sight_clip_clean_attributes(cleaner, sight_json_get(it.value, "attributes"), sight_clip_kind(cleaner, id),
                                g_hash_table_lookup(parts, GINT_TO_POINTER(id)));
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
  if (sight_json_bool(sight_json_get(data, "isAttachIframe"), FALSE))
    sight_json_member_bool(w, "isAttachIframe", TRUE);
}

/* Positions are written down for some time before they are sent: those from before the range stay out. */
static gboolean is_in_range(const SightClipCleaner *cleaner, const SightEvent *event, SightJson position) {
  return sight_json_type(position) == SIGHT_JSON_OBJECT &&
         sight_json_int(sight_json_get(position, "timeOffset"), 0) >= cleaner->from_ms - event->time_ms;
}

/* rrweb takes for granted that there is one. */
static gboolean has_positions(const SightClipCleaner *cleaner, const SightEvent *event) {
  SightJsonIter it = sight_json_iter(sight_json_get(event->data, "positions"));
  while (sight_json_next(&it))
    if (is_in_range(cleaner, event, it.value))
      return TRUE;
  return FALSE;
}

static void clean_positions(SightClipCleaner *cleaner, const SightEvent *event) {
  SightJsonIter it = begin_list(&cleaner->w, event->data, "positions");
  while (sight_json_next(&it)) {
    if (!is_in_range(cleaner, event, it.value))
      continue;
    sight_json_begin_object(&cleaner->w);
    copy_numbers(&cleaner->w, it.value, (const char *const[]){"x", "y", "id", "timeOffset", NULL});
    sight_json_end_object(&cleaner->w);
  }
  sight_json_end_array(&cleaner->w);
}

static void clean_rules(SightJsonWriter *w, SightJson rules) {
  SightJsonIter it = sight_json_iter(rules);
  while (sight_json_next(&it)) {
    sight_json_begin_object(w);
    member_css(w, it.value, "rule");
    copy_index(w, it.value);
    sight_json_end_object(w);
  }
}

static void clean_sheet_rules(SightJsonWriter *w, SightJson data) {
  const char *const lists[] = {"adds", "removes"};
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
    if (sight_json_type(sight_json_get(data, lists[i])) != SIGHT_JSON_ARRAY)
      continue;
    begin_list(w, data, lists[i]);
    clean_rules(w, sight_json_get(data, lists[i]));
    sight_json_end_array(w);
  }
  member_css(w, data, "replace");
  member_css(w, data, "replaceSync");
}

static void clean_declaration(SightJsonWriter *w, SightJson data) {
  SightJson set = sight_json_get(data, "set"), unset = sight_json_get(data, "remove");
  copy_index(w, data);
  if (sight_json_type(set) == SIGHT_JSON_OBJECT) {
    sight_json_key(w, "set");
    sight_json_begin_object(w);
    member_text(w, set, "property");
    member_css(w, set, "value");
    member_text(w, set, "priority");
    sight_json_end_object(w);
  }
  if (sight_json_type(unset) == SIGHT_JSON_OBJECT) {
    sight_json_key(w, "remove");
    sight_json_begin_object(w);
    member_text(w, unset, "property");
    sight_json_end_object(w);
  }
}

static void clean_adopted(SightJsonWriter *w, SightJson data) {
  SightJsonIter it = begin_list(w, data, "styleIds");
  while (sight_json_next(&it))
    sight_json_put_int(w, sight_json_int(it.value, 0));
  sight_json_end_array(w);
  if (sight_json_type(sight_json_get(data, "styles")) != SIGHT_JSON_ARRAY)
    return;
  it = begin_list(w, data, "styles");
  while (sight_json_next(&it)) {
    sight_json_begin_object(w);
    copy_numbers(w, it.value, (const char *const[]){"styleId", NULL});
    sight_json_key(w, "rules");
    sight_json_begin_array(w);
    clean_rules(w, sight_json_get(it.value, "rules"));
    sight_json_end_array(w);
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

static void clean_selection(SightJsonWriter *w, SightJson data) {
  SightJsonIter it = begin_list(w, data, "ranges");
  while (sight_json_next(&it)) {
    sight_json_begin_object(w);
    copy_numbers(w, it.value, (const char *const[]){"start", "startOffset", "end", "endOffset", NULL});
    sight_json_end_object(w);
  }
  sight_json_end_array(w);
}

static void put_canvas_string(SightJsonWriter *w, const char *text, gsize bytes) {
  gboolean address = g_strstr_len(text, (gssize)bytes, "://") != NULL || g_str_has_prefix(text, "//") ||
                     g_ascii_strncasecmp(text, "javascript:", 11) == 0;
  if (g_strstr_len(text, (gssize)bytes, "(") != NULL)
    sight_clip_put_css(w, text, bytes); /* a filter may have an address */
  else if (address)
    sight_json_put_string(w, "");
  else
    sight_json_put_string_len(w, text, bytes);
}

/* What was drawn, of whatever form, with each string looked at. */
static void copy_drawing(SightJsonWriter *w, SightJson value) {
  g_autoptr(GArray) levels = g_array_new(FALSE, FALSE, sizeof(SightJsonIter));
  for (;;) {
    SightJsonType type = sight_json_type(value);
    gsize bytes;
    if (type == SIGHT_JSON_ARRAY || type == SIGHT_JSON_OBJECT) {
      SightJsonIter inner = sight_json_iter(value);
      if (type == SIGHT_JSON_ARRAY)
        sight_json_begin_array(w);
      else
        sight_json_begin_object(w);
      g_array_append_val(levels, inner);
    } else if (type == SIGHT_JSON_STRING) {
      const char *text = sight_json_string(value, &bytes);
      put_canvas_string(w, text, bytes);
    } else
      sight_json_put_value(w, value);
    while (levels->len > 0 && !sight_json_next(&g_array_index(levels, SightJsonIter, levels->len - 1))) {
      if (sight_json_type(g_array_index(levels, SightJsonIter, levels->len - 1).container) == SIGHT_JSON_ARRAY)
        sight_json_end_array(w);
      else
        sight_json_end_object(w);
      g_array_set_size(levels, levels->len - 1);
    }
    if (levels->len == 0)
      return;
    const SightJsonIter *top = &g_array_index(levels, SightJsonIter, levels->len - 1);
    if (top->key != NULL)
      sight_json_key_len(w, top->key, top->key_bytes);
    value = top->value;
  }
}

static void clean_canvas(SightJsonWriter *w, SightJson data) {
  static const char *const members[] = {"type", "commands", "property", "args", "setter", NULL};
  for (guint i = 0; members[i] != NULL; i++) {
    SightJson value = sight_json_get(data, members[i]);
    if (sight_json_type(value) == SIGHT_JSON_ABSENT)
      continue;
    sight_json_key(w, members[i]);
    copy_drawing(w, value);
  }
}

static void clean_font(SightJsonWriter *w, SightJson data) {
  gboolean buffer = sight_json_bool(sight_json_get(data, "buffer"), FALSE);
  member_text(w, data, "family");
  sight_json_member_bool(w, "buffer", buffer);
  if (buffer)
    member_text(w, data, "fontSource"); /* a list of bytes */
  else
    member_css(w, data, "fontSource");
  SightJson descriptors = sight_json_get(data, "descriptors");
  if (sight_json_type(descriptors) == SIGHT_JSON_OBJECT) {
    sight_json_key(w, "descriptors");
    copy_drawing(w, descriptors);
  }
}

static void clean_custom_element(SightJsonWriter *w, SightJson data) {
  sight_json_key(w, "define");
  sight_json_begin_object(w);
  member_text(w, sight_json_get(data, "define"), "name");
  sight_json_end_object(w);
}

static void clean_incremental(SightClipCleaner *cleaner, const SightEvent *event) {
  SightJsonWriter *w = &cleaner->w;
  SightJson data = event->data;
  sight_json_member_int(w, "source", event->source);
  copy_numbers(w, data, (const char *const[]){"id", "styleId", NULL});
  switch ((SightSource)event->source) {
  case SIGHT_SOURCE_MUTATION:
    clean_mutation(cleaner, data);
    break;
  case SIGHT_SOURCE_MOUSE_MOVE:
  case SIGHT_SOURCE_TOUCH_MOVE:
  case SIGHT_SOURCE_DRAG:
    clean_positions(cleaner, event);
    break;
  case SIGHT_SOURCE_MOUSE_INTERACTION:
  case SIGHT_SOURCE_SCROLL:
  case SIGHT_SOURCE_VIEWPORT_RESIZE:
  case SIGHT_SOURCE_MEDIA_INTERACTION:
    copy_numbers(w, data,
                 (const char *const[]){"type", "x", "y", "width", "height", "pointerType", "visible", "currentTime",
                                       "volume", "muted", "playbackRate", "loop", NULL});
    break;
  case SIGHT_SOURCE_INPUT:
    member_text(w, data, "text");
    copy_numbers(w, data, (const char *const[]){"isChecked", "userTriggered", NULL});
    break;
  case SIGHT_SOURCE_STYLE_SHEET_RULE:
    clean_sheet_rules(w, data);
    break;
  case SIGHT_SOURCE_STYLE_DECLARATION:
    clean_declaration(w, data);
    break;
  case SIGHT_SOURCE_CANVAS_MUTATION:
    clean_canvas(w, data);
    break;
  case SIGHT_SOURCE_FONT:
    clean_font(w, data);
    break;
  case SIGHT_SOURCE_SELECTION:
    clean_selection(w, data);
    break;
  case SIGHT_SOURCE_ADOPTED_STYLE_SHEET:
    clean_adopted(w, data);
    break;
  case SIGHT_SOURCE_CUSTOM_ELEMENT:
    clean_custom_element(w, data);
    break;
  case SIGHT_SOURCE_LOG: /* never gets here */
    break;
  }
}

static void clean_snapshot(SightClipCleaner *cleaner, SightJson data) {
  SightJsonWriter *w = &cleaner->w;
  g_hash_table_remove_all(cleaner->kinds);
  sight_json_key(w, "node");
  sight_clip_clean_node(cleaner, sight_json_get(data, "node"), SIGHT_CLIP_PLAIN);
  sight_json_key(w, "initialOffset");
  sight_json_begin_object(w);
  copy_numbers(w, sight_json_get(data, "initialOffset"), (const char *const[]){"left", "top", NULL});
  sight_json_end_object(w);
}

/* The address of the page as people read it: what follows "?" or "#" may be anything, and tells nothing that is seen.
 */
static void clean_meta(SightJsonWriter *w, SightJson data) {
  const char *href = sight_json_string(sight_json_get(data, "href"), NULL);
  gboolean web = href != NULL && (g_str_has_prefix(href, "https://") || g_str_has_prefix(href, "http://"));
  sight_json_key(w, "href");
  sight_json_put_string_len(w, web ? href : "about:blank", web ? strcspn(href, "?#") : 11);
  copy_numbers(w, data, (const char *const[]){"width", "height", NULL});
}

static gboolean is_wanted(const SightClipCleaner *cleaner, const SightEvent *event) {
  switch (event->type) {
  case SIGHT_EVENT_FULL_SNAPSHOT:
    return sight_json_type(sight_json_get(event->data, "node")) == SIGHT_JSON_OBJECT;
  case SIGHT_EVENT_META:
    return TRUE;
  case SIGHT_EVENT_INCREMENTAL:
    if (event->source == SIGHT_SOURCE_MOUSE_MOVE || event->source == SIGHT_SOURCE_TOUCH_MOVE ||
        event->source == SIGHT_SOURCE_DRAG)
      return has_positions(cleaner, event);
    return event->source <= SIGHT_SOURCE_CUSTOM_ELEMENT && event->source != SIGHT_SOURCE_LOG;
  default:
    return FALSE;
  }
}

void sight_clip_clean_event(SightClipCleaner *cleaner, const SightEvent *tainted_event) {
  SightJsonWriter *w = &cleaner->w;
  if (!is_wanted(cleaner, tainted_event))
    return;
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", tainted_event->type);
  sight_json_member_int(w, "timestamp", tainted_event->time_ms);
  sight_json_key(w, "data");
  sight_json_begin_object(w);
  if (tainted_event->type == SIGHT_EVENT_META)
    clean_meta(w, tainted_event->data);
  else if (tainted_event->type == SIGHT_EVENT_FULL_SNAPSHOT)
    clean_snapshot(cleaner, tainted_event->data);
  else
    clean_incremental(cleaner, tainted_event);
  sight_json_end_object(w);
  sight_json_end_object(w);
}
