/* SPDX-License-Identifier: MIT */
/* Changes of single properties in a style attribute, written as rrweb's virtual DOM writes them. */
#include "sight-dom-private.h"

#include "sight-hash.h"

#include <string.h>

/* Each change reads the whole attribute: a long one may only be changed as often as this allows (bytes read since the
 * snapshot, at first and for each byte of the events since). */
#define FIRST_CREDIT (16 * 1024 * 1024)
#define CREDIT_FOR_BYTE 32
#define SHORT_STYLE 1024

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
  g_string_append_len(out, ": ", 2);
  g_string_append_len(out, value, (gssize)value_bytes);
  g_string_append_c(out, ';');
}

/* What is to become of one property; `value` is "" where it is to go. */
typedef struct {
  const char *name; /* borrowed */
  gsize name_bytes;
  char *value;
  gboolean found;
} Change;

typedef struct {
  GArray *list;        /* of Change */
  GHashTable *by_name; /* name -> index in it + 1; asked only where there are many */
} Changes;

#define FEW 8u

static void change_clear(gpointer data) {
  g_free(((Change *)data)->value);
}

static Change *find_change(const Changes *changes, const char *name, gsize name_bytes) {
  char key[128];
  if (changes->list->len > FEW) {
    if (name_bytes >= sizeof key)
      return NULL;
    memcpy(key, name, name_bytes);
    key[name_bytes] = 0;
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(changes->by_name, key));
    return at > 0 ? &g_array_index(changes->list, Change, at - 1) : NULL;
  }
  for (guint i = 0; i < changes->list->len; i++) {
    Change *change = &g_array_index(changes->list, Change, i);
    if (change->name_bytes == name_bytes && memcmp(change->name, name, name_bytes) == 0)
      return change;
  }
  return NULL;
}

static void put_kept(GString *out, const char *start, const char *end) {
  if (start < end && out->len > 0)
    g_string_append_c(out, ' ');
  g_string_append_len(out, start, end - start);
}

/* One declaration as it is, or as the first change of that name wants it. */
static void rewrite(GString *out, const char *item, gsize bytes, const Changes *changes) {
  const char *colon = memchr(item, ':', bytes);
  if (colon == NULL || colon + 1 == item + bytes)
    return;
  gsize name_bytes = (gsize)(colon - item), value_bytes = bytes - name_bytes - 1;
  const char *name = item, *value = colon + 1;
  strip(&name, &name_bytes);
  strip(&value, &value_bytes);
  Change *change = find_change(changes, name, name_bytes);
  if (change == NULL || change->found) {
    append(out, name, name_bytes, value, value_bytes);
    return;
  }
  if (change->value[0] != 0)
    append(out, name, name_bytes, change->value, strlen(change->value));
  change->found = TRUE;
}

/* Whether `item` is written as append() would, with a name that stays as it is: then it is copied with its neighbours.
 */
static gboolean is_kept(const char *item, gsize bytes, const Changes *changes) {
  const char *colon = memchr(item, ':', bytes);
  if (colon == NULL || colon == item || colon + 2 >= item + bytes || colon[1] != ' ')
    return FALSE;
  gsize name_bytes = (gsize)(colon - item);
  return !g_ascii_isspace(item[0]) && !g_ascii_isspace(colon[-1]) && !g_ascii_isspace(colon[2]) &&
         !g_ascii_isspace(item[bytes - 1]) && find_change(changes, item, name_bytes) == NULL;
}

/* A semicolon ends a declaration unless a ")" comes after it before any "(": then it stands in brackets. `bracket` is
 * where one was found last. */
static const char *end_of_item(const char *item, const char *end, const char **bracket) {
  for (const char *at = item; (at = memchr(at, ';', (gsize)(end - at))) != NULL; at++) {
    if (*bracket < at)
      *bracket = at + strcspn(at, "()");
    if (**bracket != ')')
      return at;
    at = *bracket - 1; /* all up to it are inside */
  }
  return end;
}

static void rewrite_all(GString *out, const char *style, const Changes *changes) {
  g_autofree char *text = without_comments(style);
  const char *end = text + strlen(text), *kept = text, *bracket = text + strcspn(text, "()");
  for (const char *item = text; item < end;) {
    gboolean first = item == kept, spaced = *item == ' ';
    const char *start = first ? item : item + 1, *stop = end_of_item(item, end, &bracket);
    if (stop < end && stop > start && (first || spaced) && is_kept(start, (gsize)(stop - start), changes)) {
      item = stop + 1;
      continue;
    }
    put_kept(out, kept, item);
    rewrite(out, item, (gsize)(stop - item), changes);
    item = MIN(stop + 1, end);
    item += item < end && *item == ' ';
    kept = item;
  }
  put_kept(out, kept, end);
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
    if (dom->style_cost > FIRST_CREDIT + dom->bytes * CREDIT_FOR_BYTE) {
      sight_dom_leave_out(dom);
      return;
    }
    dom->style_cost += old_bytes;
  }
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Change));
  g_autoptr(GHashTable) by_name = g_hash_table_new(sight_hash_text, g_str_equal);
  const Changes changes = {list, by_name};
  g_array_set_clear_func(list, change_clear);
  SightJsonIter it = sight_json_iter(tainted_changes);
  while (sight_json_next(&it))
    if (it.key_bytes > 0 && !g_hash_table_contains(by_name, it.key)) {
      const Change change = {it.key, strlen(it.key), wanted_value(it.value), FALSE};
      g_array_append_val(list, change);
      g_hash_table_insert(by_name, (gpointer)it.key, GUINT_TO_POINTER(list->len));
    }
  g_autoptr(GString) text = g_string_sized_new(old_bytes + 64);
  rewrite_all(text, old != NULL ? old : "", &changes);
  for (guint i = 0; i < list->len; i++) {
    const Change *change = &g_array_index(list, Change, i);
    if (!change->found && change->value[0] != 0)
      append(text, change->name, change->name_bytes, change->value, strlen(change->value));
  }
  sight_dom_attr_set(dom, index, "style", 5, text->str, text->len, FALSE);
}
