/* SPDX-License-Identifier: MIT */
/* Events of PostHog's analytics as ours. Facts: the types $exception_list and its frames in posthog-js (2026): frames
 * from the outermost in, with the names of the browser, or those that were resolved by source maps. */
#include "sight-posthog-event.h"

#include "sight-event.h"

#define MAX_FRAMES 50

static const char *text_of(SightJson object, const char *key) {
  return sight_json_string(sight_json_get(object, key), NULL);
}

static const char *either(SightJson object, const char *key, const char *other) {
  const char *text = text_of(object, key);
  return text != NULL && *text != '\0' ? text : text_of(object, other);
}

static gint64 number_of(SightJson object, const char *key, const char *other) {
  return sight_json_int(sight_json_get(object, key), sight_json_int(sight_json_get(object, other), 0));
}

const char *sight_posthog_event_window(SightJson properties) {
  return text_of(properties, "$window_id");
}

/* As browsers write it: the innermost first. */
static char *write_stack(SightJson exception) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GString) stack = g_string_new(NULL);
  SightJsonIter it = sight_json_iter(sight_json_get(sight_json_get(exception, "stacktrace"), "frames"));
  while (sight_json_next(&it)) {
    const char *file = either(it.value, "source", "filename"), *name = either(it.value, "resolved_name", "function");
    if (file != NULL)
      g_ptr_array_add(lines, g_strdup_printf("    at %s (%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ")",
                                             name != NULL ? name : "?", file, number_of(it.value, "line", "lineno"),
                                             number_of(it.value, "column", "colno")));
  }
  for (guint n = 0; n < lines->len && n < MAX_FRAMES; n++)
    g_string_append_printf(stack, "%s%s", n > 0 ? "\n" : "", (const char *)lines->pdata[lines->len - 1 - n]);
  return stack->len > 0 ? g_strdup(stack->str) : NULL;
}

static void put_exception(SightJsonWriter *w, SightJson properties) {
  SightJsonIter list = sight_json_iter(sight_json_get(properties, "$exception_list"));
  SightJson exception = sight_json_next(&list) ? list.value : (SightJson){0};
  const char *type = either(exception, "type", "type"), *value = either(exception, "value", "value");
  if (type == NULL)
    type = text_of(properties, "$exception_type");
  if (value == NULL)
    value = text_of(properties, "$exception_message");
  g_autofree char *message = type != NULL && value != NULL ? g_strdup_printf("%s: %s", type, value)
                             : value != NULL               ? g_strdup(value)
                                                           : g_strdup(type);
  g_autofree char *stack = write_stack(exception);
  sight_json_member_string(w, "message", message != NULL ? message : "");
  sight_json_member_string(w, "kind", "exception");
  if (stack != NULL)
    sight_json_member_string(w, "stack", stack);
}

/* Of the properties, what the page's makers gave: none of PostHog's own, and no structures. */
static void put_plain(SightJsonWriter *w, const char *key, SightJson properties) {
  sight_json_key(w, key);
  sight_json_begin_object(w);
  for (SightJsonIter it = sight_json_iter(properties); sight_json_next(&it);) {
    SightJsonType type = sight_json_type(it.value);
    gboolean is_plain = type == SIGHT_JSON_STRING || type == SIGHT_JSON_NUMBER || type == SIGHT_JSON_BOOL;
    gboolean is_own =
        it.key == NULL || it.key[0] == '$' || g_str_equal(it.key, "token") || g_str_equal(it.key, "distinct_id");
    if (is_own || !is_plain)
      continue;
    sight_json_key(w, it.key);
    sight_json_put_value(w, it.value);
  }
  sight_json_end_object(w);
}

/* Who the visitor is from now on: as listings of recordings say it, by an address, or by the id that the product gave;
 * what was made up for the browser is nobody. NULL: nobody. */
static const char *identified(SightJson properties) {
  const char *email = text_of(sight_json_get(properties, "$set"), "email");
  const char *id = either(properties, "$user_id", "distinct_id");
  if (email != NULL && *email != '\0')
    return email;
  return id != NULL && *id != '\0' && g_strcmp0(id, text_of(properties, "$anon_distinct_id")) != 0 ? id : NULL;
}

static void put_identity(SightJsonWriter *w, SightJson properties) {
  sight_json_member_string(w, "user", identified(properties));
  put_plain(w, "traits", sight_json_get(properties, "$set"));
}

static const char *tag_of(const char *name) {
  if (g_str_equal(name, "$exception"))
    return "ss:error";
  if (g_str_equal(name, "$identify"))
    return "ss:identify";
  return name[0] != '$' ? "ss:event" : NULL;
}

gboolean sight_posthog_event_write(const char *tainted_name, gint64 time_ms, SightJson properties, GString *out) {
  SightJsonWriter w = {.out = out};
  const char *tag = tainted_name != NULL && *tainted_name != '\0' ? tag_of(tainted_name) : NULL;
  gboolean is_identity = g_strcmp0(tag, "ss:identify") == 0;
  if (tag == NULL || time_ms <= 0 || (is_identity && identified(properties) == NULL))
    return FALSE;
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "type", SIGHT_EVENT_CUSTOM);
  sight_json_member_int(&w, "timestamp", time_ms);
  sight_json_key(&w, "data");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "tag", tag);
  sight_json_key(&w, "payload");
  sight_json_begin_object(&w);
  if (is_identity) {
    put_identity(&w, properties);
  } else if (g_str_equal(tag, "ss:error")) {
    put_exception(&w, properties);
  } else {
    sight_json_member_string(&w, "name", tainted_name);
    put_plain(&w, "properties", properties);
  }
  sight_json_end_object(&w);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
  return TRUE;
}
