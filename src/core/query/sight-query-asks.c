/* SPDX-License-Identifier: MIT */
/* What a filter asks for itself. */
#include "sight-query-private.h"

#include <string.h>

/* Of NAME=VALUE the value where it is of the name that is asked for. */
static gboolean is_value(SightQuery *query, const SightFilter *key, const char *value) {
  gsize bytes = key->name != NULL ? strlen(key->name) : 0;

  if (key->name == NULL)
    return sight_query_text_is(query, key, key->field->takes, value);
  return strncmp(value, key->name, bytes) == 0 && value[bytes] == '=' &&
         sight_query_text_is(query, key, key->field->takes, value + bytes + 1);
}

/* Of a problem it is the kind of the signal that is asked for: the first word of what it is about. */
static gboolean is_kind_of_problem(SightQuery *query, const SightFilter *key, const char *kind) {
  g_autoptr(GArray) terms = sight_terms_matching(query, SIGHT_TERM_PROBLEM, key, key->field->takes, NULL);
  gsize bytes = strlen(kind);

  for (guint i = 0; terms != NULL && i < terms->len; i++) {
    const char *problem = sight_terms_value(query, g_array_index(terms, gint64, i), NULL);
    if (problem != NULL && strncmp(problem, kind, bytes) == 0 && problem[bytes] == ' ')
      return TRUE;
  }
  return FALSE;
}

static gboolean asks_for_signal(SightQuery *query, const SightFilter *key, SightTermField field, const char *value) {
  int kind = field == SIGHT_TERM_SIGNAL ? sight_signal_kind_from_name(value) : -1;

  if (key->field->term == SIGHT_TERM_PROBLEM)
    return kind >= 0 && is_kind_of_problem(query, key, value);
  if (kind >= 0)
    return (key->field->moments & SIGHT_MOMENT_BIT(kind)) != 0;
  return field == SIGHT_TERM_TEXT && g_strcmp0(key->field->value, "text") == 0 && key->values->len > 0 &&
         sight_query_text_is(query, key, key->field->takes, value);
}

/* Inside of brackets the page and what a moment says are terms, too. */
static gboolean asks_inside(SightQuery *query, const SightFilter *key, SightTermField field, const char *value) {
  gboolean same = (field == SIGHT_TERM_PAGE && g_str_equal(key->field->name, "page")) ||
                  (field == SIGHT_TERM_TEXT && g_str_equal(key->field->name, "text"));

  return same && sight_query_text_is(query, key, key->field->takes, value);
}

static gboolean key_asks(SightQuery *query, const SightFilter *key, SightTermField field, const char *value) {
  if (key->field->place == SIGHT_KEY_INSIDE)
    return asks_inside(query, key, field, value);
  if ((key->field->moments & SIGHT_MOMENT_SIGNALS) != 0)
    return asks_for_signal(query, key, field, value);
  return key->field->term != SIGHT_TERM_INDEXED && key->field->term == (int)field && is_value(query, key, value);
}

static gboolean asks(SightQuery *query, const SightFilter *filter, SightTermField field, const char *value) {
  if (filter->kind == SIGHT_FILTER_KEY && key_asks(query, filter, field, value))
    return TRUE;
  if (filter->kind == SIGHT_FILTER_KEY && filter->inside != NULL)
    return asks(query, filter->inside, field, value);
  for (guint i = 0; filter->parts != NULL && i < filter->parts->len; i++) {
    if (asks(query, filter->parts->pdata[i], field, value))
      return TRUE;
  }
  return FALSE;
}

gboolean sight_query_asks(SightQuery *query, SightTermField field, const char *value) {
  return asks(query, query->filter, field, value);
}
