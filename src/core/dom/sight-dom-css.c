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
  g_string_append_c(out, ' ');
  g_string_append(out, body);
  g_string_append_c(out, ' ');
  g_string_append(out, end < strlen(rule) ? rule + end : "}");
  return g_string_free(out, FALSE);
}

char *sight_css_join(const GPtrArray *rules, const char *between) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < rules->len; i++) {
    g_string_append(out, i > 0 ? between : "");
    g_string_append(out, g_ptr_array_index(rules, i));
  }
  return g_string_free(out, FALSE);
}

/* Appends one declaration, where it is one and of another property. */
static void keep_declaration(GString *out, const char *item, gsize bytes, const char *property) {
  while (bytes > 0 && g_ascii_isspace(*item))
    item++, bytes--;
  while (bytes > 0 && g_ascii_isspace(item[bytes - 1]))
    bytes--;
  const char *colon = memchr(item, ':', bytes);
  gsize name_bytes = colon != NULL ? (gsize)(colon - item) : 0;
  while (name_bytes > 0 && g_ascii_isspace(item[name_bytes - 1]))
    name_bytes--;
  if (colon == NULL ||
      (g_ascii_strncasecmp(item, property, name_bytes) == 0 && property[name_bytes] == 0 && name_bytes > 0))
    return;
  if (out->len > 0)
    g_string_append_c(out, ' ');
  g_string_append_len(out, item, (gssize)bytes);
  g_string_append_c(out, ';');
}

/* A declaration list without `property`, and with it at the end where it is set. */
static char *change_declarations(const char *body, gsize bytes, const SightRuleOp *op) {
  g_autoptr(GString) out = g_string_sized_new(bytes + 64);
  gsize start = 0;
  guint depth = 0;
  for (gsize i = 0; i < bytes;) {
    char c = body[i];
    gsize next = skip_token(body, i, bytes);
    if (c == '(' || c == '{' || c == '[')
      depth++;
    else if (depth > 0 && (c == ')' || c == '}' || c == ']'))
      depth--;
    else if (c == ';' && depth == 0) {
      keep_declaration(out, body + start, i - start, op->text);
      start = next;
    }
    i = next;
  }
  keep_declaration(out, body + start, bytes - start, op->text);
  if (op->kind == SIGHT_RULE_SET && op->value != NULL && op->value[0] != 0)
    g_string_append_printf(out, "%s%s: %s%s;", out->len > 0 ? " " : "", op->text, op->value,
                           g_strcmp0(op->priority, "important") == 0 ? " !important" : "");
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean is_declaration(const SightRuleOp *op) {
  return op->kind == SIGHT_RULE_SET || op->kind == SIGHT_RULE_UNSET;
}

/* A rule of this list comes, goes, or has its declarations changed: nothing further inside is meant. */
static gboolean ends_at(const SightRuleOp *op, guint level) {
  return op->kind == SIGHT_RULE_REPLACE || level + 1 >= op->n_path;
}

static int index_at(const SightRuleOp *op, guint level) {
  return level < op->n_path ? op->path[level] : 0;
}

static void change_one(GPtrArray *rules, const SightRuleOp *op, int index) {
  if (op->kind == SIGHT_RULE_ADD) {
    g_ptr_array_insert(rules, CLAMP(index, 0, (int)rules->len), g_strdup(op->text));
    return;
  }
  if (index < 0 || (guint)index >= rules->len)
    return;
  if (op->kind == SIGHT_RULE_REMOVE) {
    g_ptr_array_remove_index(rules, (guint)index);
    return;
  }
  char **rule = (char **)&g_ptr_array_index(rules, index);
  gsize start, end;
  if (!find_body(*rule, &start, &end))
    return;
  g_autofree char *body = change_declarations(*rule + start, end - start, op);
  char *changed = with_body(*rule, start, end, body);
  g_free(*rule);
  *rule = changed;
}

/* Changes inside of one rule that follow one another read it once. Recursion goes as deep as a path is long. */
static void change_all(GPtrArray *rules, const SightRuleOp *ops, guint n, guint level, gsize *work) {
  for (guint i = 0, run = 1; i < n && *work < MAX_WORK; i += run) {
    int index = index_at(&ops[i], level);
    gboolean is_here = index >= 0 && (guint)index < rules->len;
    char **rule = is_here ? (char **)&g_ptr_array_index(rules, index) : NULL;
    gsize start, end;
    run = 1;
    *work += (ends_at(&ops[i], level) && !is_declaration(&ops[i])) || !is_here ? rules->len : strlen(*rule);
    if (ends_at(&ops[i], level)) {
      change_one(rules, &ops[i], index);
      continue;
    }
    while (i + run < n && !ends_at(&ops[i + run], level) && index_at(&ops[i + run], level) == index)
      run++;
    if (!is_here || !find_body(*rule, &start, &end))
      continue;
    g_autoptr(GPtrArray) inner = sight_css_split(*rule + start, end - start);
    change_all(inner, ops + i, run, level + 1, work);
    g_autofree char *body = sight_css_join(inner, " ");
    char *changed = with_body(*rule, start, end, body);
    g_free(*rule);
    *rule = changed;
  }
}

void sight_css_change(GPtrArray *rules, const SightRuleLog *log, gsize *work) {
  const SightRuleOp *ops = (const SightRuleOp *)(const void *)log->ops->data;
  for (guint i = 0, run = 1; i < log->ops->len; i += run) {
    run = 1;
    if (ops[i].kind == SIGHT_RULE_REPLACE) {
      g_autoptr(GPtrArray) fresh = sight_css_split(ops[i].text, strlen(ops[i].text));
      g_ptr_array_set_size(rules, 0);
      g_ptr_array_extend_and_steal(rules, g_steal_pointer(&fresh));
      continue;
    }
    while (i + run < log->ops->len && ops[i + run].kind != SIGHT_RULE_REPLACE)
      run++;
    change_all(rules, ops + i, run, 0, work);
  }
}

const char *sight_css_of_log(SightRuleLog *log) {
  if (log->css == NULL) {
    g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func(g_free);
    gsize work = 0;
    sight_css_change(rules, log, &work);
    log->css = sight_css_join(rules, "\n");
  }
  return log->css;
}
