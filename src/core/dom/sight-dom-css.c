/* SPDX-License-Identifier: MIT */
/* Style sheet text cut into its rules, and the changes that script made to them carried out on that text. */
#include "sight-dom-private.h"

#include <string.h>

/* Each change reads the rule that it is about: a sheet that needs more than this (bytes) keeps its last changes to
 * itself. */
#define MAX_WORK (16u * 1024 * 1024)

/* Where the comment, string, escape or bracketed run that begins here ends; `at` + 1 where none begins. */
static gsize skip_token(const char *text, gsize at, gsize end) {
  char c = text[at];
  if (c == '\\')
    return MIN(at + 2, end);
  if (c == '/' && at + 1 < end && text[at + 1] == '*') {
    for (gsize i = at + 2; i + 1 < end; i++)
      if (text[i] == '*' && text[i + 1] == '/')
        return i + 2;
    return end;
  }
  if (c != '"' && c != '\'')
    return at + 1;
  for (gsize i = at + 1; i < end && text[i] != '\n'; i++) {
    if (text[i] == '\\')
      i++;
    else if (text[i] == c)
      return i + 1;
  }
  return end;
}

static void take_rule(GPtrArray *rules, const char *text, gsize start, gsize end) {
  while (start < end && g_ascii_isspace(text[start]))
    start++;
  while (end > start && g_ascii_isspace(text[end - 1]))
    end--;
  if (end == start || (end - start >= 8 && g_ascii_strncasecmp(text + start, "@charset", 8) == 0))
    return;
  g_ptr_array_add(rules, g_strndup(text + start, end - start));
}

GPtrArray *sight_css_split(const char *text, gsize bytes) {
  GPtrArray *rules = g_ptr_array_new_with_free_func(g_free);
  gsize start = 0;
  guint depth = 0;
  for (gsize i = 0; i < bytes;) {
    char c = text[i];
    gsize next = skip_token(text, i, bytes);
    if (c == '/' && next > i + 1 && depth == 0) {
      gboolean only_space = TRUE;
      for (gsize k = start; only_space && k < i && i - start < 64; k++)
        only_space = g_ascii_isspace(text[k]);
      if (only_space && i - start < 64)
        start = next; /* a comment between rules belongs to none */
    } else if (c == '{')
      depth++;
    else if (c == '}' && depth > 0 && --depth == 0) {
      take_rule(rules, text, start, next);
      start = next;
    } else if (c == ';' && depth == 0) {
      take_rule(rules, text, start, next);
      start = next;
    }
    i = next;
  }
  take_rule(rules, text, start, bytes);
  return rules;
}

/* The inside of the outermost braces of a rule. FALSE where it has none. */
static gboolean find_body(const char *rule, gsize *start, gsize *end) {
  gsize bytes = strlen(rule), open = 0;
  guint depth = 0;
  for (gsize i = 0; i < bytes;) {
    char c = rule[i];
    gsize next = skip_token(rule, i, bytes);
    if (c == '{' && depth++ == 0)
      open = i + 1;
    else if (c == '}' && depth > 0 && --depth == 0) {
      *start = open;
      *end = i;
      return TRUE;
    }
    i = next;
  }
  *start = open;
  *end = bytes;
  return depth > 0;
}

static char *with_body(const char *rule, gsize start, gsize end, const char *body) {
  GString *out = g_string_new_len(rule, (gssize)start);
  g_string_append_printf(out, " %s ", body);
  g_string_append(out, end < strlen(rule) ? rule + end : "}");
  return g_string_free(out, FALSE);
}

char *sight_css_join(const GPtrArray *rules, const char *between) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < rules->len; i++)
    g_string_append_printf(out, "%s%s", i > 0 ? between : "", (const char *)g_ptr_array_index(rules, i));
  return g_string_free(out, FALSE);
}

/* A declaration list without `property`, and with it at the end where it is set. */
static char *change_declarations(const char *body, gsize bytes, const SightRuleOp *op) {
  g_autoptr(GString) out = g_string_new(NULL);
  gsize start = 0;
  guint depth = 0;
  for (gsize i = 0; i <= bytes;) {
    char c = i < bytes ? body[i] : ';';
    gsize next = i < bytes ? skip_token(body, i, bytes) : i + 1;
    if (c == '(' || c == '{' || c == '[')
      depth++;
    else if (depth > 0 && (c == ')' || c == '}' || c == ']'))
      depth--;
    if ((c == ';' && depth == 0) || i == bytes) {
      g_autofree char *item = g_strstrip(g_strndup(body + start, MIN(i, bytes) - start));
      const char *colon = strchr(item, ':');
      g_autofree char *name = colon != NULL ? g_strchomp(g_strndup(item, (gsize)(colon - item))) : NULL;
      if (name != NULL && g_ascii_strcasecmp(name, op->text) != 0)
        g_string_append_printf(out, "%s%s;", out->len > 0 ? " " : "", item);
      start = next;
    }
    i = next;
  }
  if (op->kind == SIGHT_RULE_SET && op->value != NULL && op->value[0] != 0)
    g_string_append_printf(out, "%s%s: %s%s;", out->len > 0 ? " " : "", op->text, op->value,
                           g_strcmp0(op->priority, "important") == 0 ? " !important" : "");
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void change_at(GPtrArray *rules, const SightRuleOp *op, guint level) {
  int index = level < op->n_path ? op->path[level] : 0;
  gboolean declaration = op->kind == SIGHT_RULE_SET || op->kind == SIGHT_RULE_UNSET;
  gboolean last = level + 1 >= op->n_path;
  if (last && op->kind == SIGHT_RULE_ADD) {
    g_ptr_array_insert(rules, CLAMP(index, 0, (int)rules->len), g_strdup(op->text));
    return;
  }
  if (index < 0 || (guint)index >= rules->len)
    return;
  if (last && op->kind == SIGHT_RULE_REMOVE) {
    g_ptr_array_remove_index(rules, (guint)index);
    return;
  }
  char **rule = (char **)&g_ptr_array_index(rules, index);
  gsize start, end;
  if (!find_body(*rule, &start, &end))
    return;
  g_autofree char *body = NULL;
  if (last && declaration)
    body = change_declarations(*rule + start, end - start, op);
  else {
    g_autoptr(GPtrArray) inner = sight_css_split(*rule + start, end - start);
    change_at(inner, op, level + 1); /* the path is SIGHT_RULE_MAX_PATH long at most */
    body = sight_css_join(inner, " ");
  }
  char *changed = with_body(*rule, start, end, body);
  g_free(*rule);
  *rule = changed;
}

void sight_css_change(GPtrArray *rules, const SightRuleLog *log) {
  gsize work = 0;
  for (guint i = 0; i < log->ops->len && work < MAX_WORK; i++) {
    const SightRuleOp *op = &g_array_index(log->ops, SightRuleOp, i);
    if (op->kind != SIGHT_RULE_REPLACE) {
      guint at = op->n_path > 0 ? (guint)MAX(op->path[0], 0) : 0;
      work += rules->len + (at < rules->len ? strlen(g_ptr_array_index(rules, at)) : 0);
      change_at(rules, op, 0);
      continue;
    }
    g_autoptr(GPtrArray) fresh = sight_css_split(op->text, strlen(op->text));
    g_ptr_array_set_size(rules, 0);
    g_ptr_array_extend_and_steal(rules, g_steal_pointer(&fresh));
  }
}

const char *sight_css_of_log(SightRuleLog *log) {
  if (log->css == NULL) {
    g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func(g_free);
    sight_css_change(rules, log);
    log->css = sight_css_join(rules, "\n");
  }
  return log->css;
}
