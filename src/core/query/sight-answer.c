/* SPDX-License-Identifier: MIT */
/* How fields of sessions are answered: by a column, by flags, or by a rule. */
#include "sight-clock-text.h"
#include "sight-cohort-rules.h"
#include "sight-endpoint-table.h"
#include "sight-index-table.h"
#include "sight-query-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

SightSet *sight_answer_column(SightQuery *query, const SightFilter *key, GError **error) {
  g_autoptr(SightSet) set = sight_set_new();

  for (guint i = 0; i < key->values->len; i++) {
    double from = 0, to = 0;
    sight_query_bounds(query, key->field, key->values->pdata[i], &from, &to);
    g_autoptr(SightSet) more =
        sight_session_column_between(query->db, (SightSessionColumn)key->field->column, from, to, error);
    if (more == NULL)
      return NULL;
    sight_set_or(set, more);
  }
  return g_steal_pointer(&set);
}

/* Numbers of the index are whole. */
SightSet *sight_answer_number(SightQuery *query, const SightFilter *key, GError **error) {
  g_autoptr(SightSet) set = sight_set_new();
  /* Where nothing was drawn no width is known. */
  double least = key->field->number == SIGHT_NUMBER_WIDTH ? 1 : 0;

  for (guint i = 0; i < key->values->len; i++) {
    double from = 0, to = 0;
    sight_query_bounds(query, key->field, key->values->pdata[i], &from, &to);
    from = CLAMP(ceil(from), least, SIGHT_NUMBER_MAX);
    to = CLAMP(floor(to), -1, SIGHT_NUMBER_MAX);
    g_autoptr(SightSet) more =
        sight_index_table_between(query->db, (SightNumber)key->field->number, (gint64)from, (gint64)to, error);
    if (more == NULL)
      return NULL;
    sight_set_or(set, more);
  }
  return g_steal_pointer(&set);
}

SightSet *sight_answer_term(SightQuery *query, const SightFilter *key, GError **error) {
  return sight_terms_sessions(query, (SightTermField)key->field->term, key, key->field->takes, error);
}

typedef struct {
  SightQuery *query;
  const SightFilter *key;
} Test;

static gboolean is_text(const char *text, gpointer data) {
  Test *test = data;
  return sight_query_text_is(test->query, test->key, test->key->field->takes, text);
}

SightSet *sight_answer_text(SightQuery *query, const SightFilter *key, GError **error) {
  Test test = {query, key};
  return sight_session_column_where(query->db, (SightSessionColumn)key->field->column, is_text, &test, error);
}

SightSet *sight_answer_flags(SightQuery *query, const SightFilter *key, GError **error) {
  return sight_session_column_flags(query->db, key->field->session_flags, 0, error);
}

SightSet *sight_answer_new_user(SightQuery *query, const SightFilter *key, GError **error) {
  return sight_session_column_new_users(query->db, error);
}

/* The sessions of one endpoint that its rules pick. */
typedef SightSet *(*EndpointFunc)(SightDb *db, gint64 endpoint, GError **error);

static SightSet *each_endpoint(SightQuery *query, EndpointFunc func, GError **error) {
  g_autoptr(SightSet) set = sight_set_new();
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(query->db, error);

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    g_autoptr(SightSet) more = func(query->db, ((SightEndpoint *)endpoints->pdata[i])->row, error);
    if (more == NULL)
      return NULL;
    sight_set_or(set, more);
  }
  return endpoints != NULL ? g_steal_pointer(&set) : NULL;
}

/* Where no key action is defined nobody is known to have left without one. */
static SightSet *churned_of(SightDb *db, gint64 endpoint, GError **error) {
  SightCohortRules rules;

  if (!sight_cohort_rules_read(db, endpoint, &rules, error))
    return NULL;
  if (!rules.has_key_actions)
    return sight_set_new();
  return sight_session_column_between(db, SIGHT_COLUMN_ENDPOINT_ROW, (double)endpoint, (double)endpoint, error);
}

SightSet *sight_answer_churned(SightQuery *query, const SightFilter *key, GError **error) {
  g_autoptr(SightSet) set = each_endpoint(query, churned_of, error);
  g_autoptr(SightSet) last =
      set != NULL ? sight_session_column_flags(query->db, SIGHT_SESSION_LAST_OF_USER | SIGHT_SESSION_ANALYSED,
                                               SIGHT_SESSION_KEY_ACTION, error)
                  : NULL;

  if (last == NULL)
    return NULL;
  sight_set_and(set, last);
  return g_steal_pointer(&set);
}

static SightSet *high_exit_of(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightSet) set = sight_set_new();

  if (!sight_cohort_high_exit_pages(db, endpoint, pages, error))
    return NULL;
  for (guint i = 0; i < pages->len; i++) {
    double page = (double)g_array_index(pages, gint64, i);
    g_autoptr(SightSet) more = sight_session_column_between(db, SIGHT_COLUMN_EXIT_ROW, page, page, error);
    if (more == NULL)
      return NULL;
    sight_set_or(set, more);
  }
  return g_steal_pointer(&set);
}

SightSet *sight_answer_high_exit(SightQuery *query, const SightFilter *key, GError **error) {
  g_autoptr(SightSet) set = each_endpoint(query, high_exit_of, error);
  g_autoptr(SightSet) open =
      set != NULL ? sight_session_column_flags(query->db, 0, SIGHT_SESSION_KEY_ACTION, error) : NULL;

  if (open == NULL)
    return NULL;
  sight_set_and(set, open);
  return g_steal_pointer(&set);
}

/* What one session has. */

static double number_of(const SightField *field, const SightSession *session) {
  const double numbers[SIGHT_N_NUMBERS] = {
      [SIGHT_NUMBER_LENGTH] = (double)session->duration_ms,
      [SIGHT_NUMBER_PAGES] = session->n_pages,
      [SIGHT_NUMBER_CLICKS] = session->n_clicks,
      [SIGHT_NUMBER_SIGNALS] = session->n_signals,
      [SIGHT_NUMBER_WIDTH] = session->viewport_w,
  };
  return field->sessions == sight_answer_column ? session->friction : numbers[field->number];
}

static char *date_of(const SightSession *session) {
  g_autoptr(GDateTime) at = sight_session_is_dated(session->started_ms, session->received_ms)
                                ? g_date_time_new_from_unix_local(session->started_ms / 1000)
                                : NULL;
  return at != NULL ? g_date_time_format(at, "%Y-%m-%d %H:%M") : NULL;
}

/* Of the time in use the bits stand in the index alone. */
static double active_of(const SightOccurrences *occurrences) {
  gint64 number = 0;

  for (guint i = 0; i < occurrences->terms->len; i++) {
    const SightTerm *term = &g_array_index(occurrences->terms, SightTerm, i);
    if (term->field == SIGHT_TERM_BIT && g_str_has_prefix(term->value, "active "))
      number |= G_GINT64_CONSTANT(1) << CLAMP(atoi(term->value + strlen("active ")), 0, SIGHT_NUMBER_BITS - 1);
  }
  return (double)number;
}

/* What its terms of a field say, of a named key the values of that name. */
static char *terms_of(const SightOccurrences *occurrences, const SightFilter *key) {
  g_autofree char *prefix = key->name != NULL ? g_strconcat(key->name, "=", NULL) : g_strdup("");
  g_autoptr(GString) out = g_string_new(NULL);

  for (guint i = 0; i < occurrences->terms->len; i++) {
    const SightTerm *term = &g_array_index(occurrences->terms, SightTerm, i);
    if ((int)term->field == key->field->term && g_str_has_prefix(term->value, prefix))
      g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", term->value + strlen(prefix));
  }
  return out->len > 0 ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

static char *number_text(const SightField *field, double number) {
  if (field->takes == SIGHT_TAKES_DURATION)
    return sight_clock_text((gint64)number);
  return g_strdup_printf("%.15g", number);
}

char *sight_answer_has(SightQuery *query, const SightFilter *key, const SightSession *session) {
  const SightField *field = key->field;
  gboolean active = field->sessions == sight_answer_number && field->number == SIGHT_NUMBER_ACTIVE;

  if (field->sessions == sight_answer_column && field->takes == SIGHT_TAKES_TIME)
    return date_of(session);
  if (field->sessions == sight_answer_text)
    return field->column == SIGHT_COLUMN_SESSION ? g_strdup(session->session) : NULL;
  if (active || field->sessions == sight_answer_term) {
    g_autoptr(SightOccurrences) occurrences = sight_index_table_get_values(query->db, session->row, NULL);
    if (occurrences == NULL)
      return NULL;
    return active ? number_text(field, active_of(occurrences)) : terms_of(occurrences, key);
  }
  if (field->sessions == sight_answer_number || field->sessions == sight_answer_column)
    return number_text(field, number_of(field, session));
  return NULL;
}
