/* SPDX-License-Identifier: MIT */
/* Changes of single properties in a style attribute, written as rrweb's virtual DOM writes them. */
#include "sight-dom-private.h"

#include <string.h>

/* Each change reads the whole attribute: a long one may only be changed as often as this allows (bytes read). */
#define FIRST_CREDIT (128 * 1024 * 1024)
#define SHORT_STYLE 16384

static void strip(const char **text, gsize *bytes) {
  while (*bytes > 0 && g_ascii_isspace(**text)) {
    ++*text;
    --*bytes;
  }
  while (*bytes > 0 && g_ascii_isspace((*text)[*bytes - 1]))
    --*bytes;
}

static char *without_comments(const char *text) {
  g_autoptr(GString) out = g_string_sized_new(strlen(text) + 64);
  for (const char *open; (open = strstr(text, "/*")) != NULL;) {
    const char *close = strstr(open + 2, "*/");
    if (close == NULL)
      break;
    g_string_append_len(out, text, open - text);
    text = close + 2;
  }
  g_string_append(out, text);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void append(GString *out, const char *name, gsize name_bytes, const char *value, gsize value_bytes) {
  if (out->len > 0)
    g_string_append_c(out, ' ');
  g_string_append_len(out, name, (gssize)name_bytes);
  g_string_append(out, ": ");
  g_string_append_len(out, value, (gssize)value_bytes);
  g_string_append_c(out, ';');
}

/* One declaration as it is, or as the changes want it; a change that found its place is taken out of them. */
static void rewrite(GString *out, const char *item, gsize bytes, GHashTable *changes) {
  const char *colon = memchr(item, ':', bytes);
  if (colon == NULL || colon + 1 == item + bytes)
    return;
  gsize name_bytes = (gsize)(colon - item), value_bytes = bytes - name_bytes - 1;
  const char *name = item, *value = colon + 1;
  strip(&name, &name_bytes);
  strip(&value, &value_bytes);
  char key[128];
  const char *wanted = NULL;
  if (name_bytes < sizeof key) {
    memcpy(key, name, name_bytes);
    key[name_bytes] = 0;
    wanted = g_hash_table_lookup(changes, key);
  }
  if (wanted == NULL) {
    append(out, name, name_bytes, value, value_bytes);
    return;
  }
  if (wanted[0] != 0)
    append(out, name, name_bytes, wanted, strlen(wanted));
  g_hash_table_remove(changes, key);
}

/* A semicolon ends a declaration unless a ")" comes after it before any "(": then it stands in brackets. */
static void rewrite_all(GString *out, const char *style, GHashTable *changes) {
  g_autofree char *text = without_comments(style);
  gsize bytes = strlen(text);
  g_autofree guint8 *inside = g_malloc0(bytes + 1);
  guint8 closes = 0;
  for (gsize i = bytes; i-- > 0;) {
    if (text[i] == ')' || text[i] == '(')
      closes = text[i] == ')';
    inside[i] = closes;
  }
  gsize start = 0;
  for (gsize i = 0; i <= bytes; i++) {
    if (i < bytes && (text[i] != ';' || inside[i]))
      continue;
    rewrite(out, text + start, i - start, changes);
    start = i + 1;
  }
}

/* The new value, "" where the property is to go. A value is text, [text, priority], or false. */
static char *wanted_value(SightJson value) {
  const char *priority = NULL;
  if (sight_json_type(value) == SIGHT_JSON_ARRAY) {
    SightJsonIter pair = sight_json_iter(value);
    SightJson parts[2] = {{0}};
    for (guint i = 0; i < 2 && sight_json_next(&pair); i++)
      parts[i] = pair.value;
    value = parts[0];
    priority = sight_json_string(parts[1], NULL);
  }
  g_autoptr(GString) text = g_string_new(NULL);
  if (sight_json_type(value) == SIGHT_JSON_STRING)
    g_string_append(text, sight_json_string(value, NULL));
  else if (sight_json_type(value) == SIGHT_JSON_NUMBER)
    sight_json_append_value(text, value);
  if (text->len > 0 && g_strcmp0(priority, "important") == 0)
    g_string_append(text, " !important");
  return g_string_free(g_steal_pointer(&text), FALSE);
}

void sight_dom_apply_style_object(SightDom *dom, SightNodeIndex index, SightJson tainted_changes) {
  const char *old = sight_dom_attr_text(dom, sight_dom_at(dom, index), "style");
  gsize old_bytes = old != NULL ? strlen(old) : 0;
  if (old_bytes > SHORT_STYLE) {
    if (dom->style_cost > FIRST_CREDIT) {
      dom->anomalies++;
      return;
    }
    dom->style_cost += old_bytes;
  }
  g_autoptr(GHashTable) changes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
  SightJsonIter it = sight_json_iter(tainted_changes);
  while (sight_json_next(&it))
    if (it.key_bytes > 0)
      g_hash_table_insert(changes, (gpointer)it.key, wanted_value(it.value));
  g_autoptr(GString) text = g_string_sized_new(old_bytes + 64);
  rewrite_all(text, old != NULL ? old : "", changes);
  it = sight_json_iter(tainted_changes);
  while (sight_json_next(&it)) {
    const char *value = it.key_bytes > 0 ? g_hash_table_lookup(changes, it.key) : NULL;
    if (value != NULL && value[0] != 0)
      append(text, it.key, it.key_bytes, value, strlen(value));
  }
  sight_dom_attr_set(dom, index, "style", 5, text->str, text->len, FALSE);
}
