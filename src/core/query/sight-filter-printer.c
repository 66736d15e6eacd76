/* SPDX-License-Identifier: MIT */
/* From the tree of a filter to the text that gives it again. */
#include "sight-filter-value.h"

#include <string.h>

static void print(const SightFilter *filter, gboolean inside, GString *out);

/* Whether a text stands for words also without quotes. */
static gboolean is_bare(const char *text, gboolean inside) {
  static const char *const keywords[] = {"or", "and", "not", "then", "within", NULL};
  gsize bytes = strlen(text);

  if (text[0] == '-' || sight_field_find(text, bytes, inside) != NULL)
    return FALSE;
  for (gsize i = 0; keywords[i] != NULL; i++) {
    if (g_ascii_strcasecmp(text, keywords[i]) == 0)
      return FALSE;
  }
  for (const char *p = text; *p != '\0'; p++) {
    if (!g_ascii_isalnum(*p) && strchr("/_@-", *p) == NULL && (guchar)*p < 0x80)
      return FALSE;
  }
  return TRUE;
}

static void print_quoted(const char *text, GString *out) {
  g_string_append_c(out, '"');
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '"' || *p == '\\')
      g_string_append_c(out, '\\');
    g_string_append_c(out, *p);
  }
  g_string_append_c(out, '"');
}

static void print_words(const char *text, gboolean inside, GString *out) {
  if (is_bare(text, inside))
    g_string_append(out, text);
  else
    print_quoted(text, out);
}

static void print_key(const SightFilter *key, GString *out) {
  g_string_append(out, key->field->name);
  if (key->name != NULL) {
    g_string_append_c(out, '.');
    if (is_bare(key->name, FALSE))
      g_string_append(out, key->name);
    else
      print_quoted(key->name, out);
  }
  for (guint i = 0; i < key->values->len; i++) {
    g_string_append_c(out, i > 0 ? ',' : ':');
    sight_filter_value_print(key->field, key->values->pdata[i], out);
  }
  if (key->inside != NULL) {
    g_string_append_c(out, '[');
    print(key->inside, TRUE, out);
    g_string_append_c(out, ']');
  }
}

static void print_sequence(const SightFilter *sequence, GString *out) {
  for (guint i = 0; i < sequence->parts->len; i++) {
    const SightFilter *step = sequence->parts->pdata[i];
    if (i > 0)
      g_string_append(out, " then ");
    if (step->within_ms > 0) {
      g_string_append(out, "within ");
      sight_filter_duration_print((double)step->within_ms, out);
      g_string_append_c(out, ' ');
    }
    if (step->absent)
      g_string_append(out, "not ");
    print_key(step, out);
  }
}

static void print_part(const SightFilter *part, gboolean in_brackets, gboolean inside, GString *out) {
  if (in_brackets)
    g_string_append_c(out, '(');
  print(part, inside, out);
  if (in_brackets)
    g_string_append_c(out, ')');
}

static gboolean is_group(const SightFilter *filter) {
  return filter->kind == SIGHT_FILTER_ALL || filter->kind == SIGHT_FILTER_ANY;
}

static void print(const SightFilter *filter, gboolean inside, GString *out) {
  switch (filter->kind) {
  case SIGHT_FILTER_WORDS:
    print_words(filter->text, inside, out);
    break;
  case SIGHT_FILTER_KEY:
    print_key(filter, out);
    break;
  case SIGHT_FILTER_SEQUENCE:
    print_sequence(filter, out);
    break;
  case SIGHT_FILTER_NOT: {
    const SightFilter *only = filter->parts->pdata[0];
    g_string_append_c(out, '-');
    print_part(only, is_group(only) || only->kind == SIGHT_FILTER_SEQUENCE, inside, out);
    break;
  }
  case SIGHT_FILTER_ALL:
  case SIGHT_FILTER_ANY:
    for (guint i = 0; i < filter->parts->len; i++) {
      const SightFilter *part = filter->parts->pdata[i];
      gboolean binds_tighter = filter->kind == SIGHT_FILTER_ANY && part->kind == SIGHT_FILTER_ALL;
      if (i > 0)
        g_string_append(out, filter->kind == SIGHT_FILTER_ANY ? " or " : " ");
      print_part(part, is_group(part) && !binds_tighter, inside, out);
    }
    break;
  }
}

char *sight_filter_print(const SightFilter *filter) {
  g_autoptr(GString) out = g_string_new(NULL);

  print(filter, FALSE, out);
  return g_string_free(g_steal_pointer(&out), FALSE);
}
