/* SPDX-License-Identifier: MIT */
/* How fields of sessions are answered: by the index, or by a rule. */
#include "sight-clock-text.h"
#include "sight-cohort-rules.h"
#include "sight-endpoint-table.h"
#include "sight-index-table.h"
#include "sight-kept-table.h"
#include "sight-query-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MS 1000.0
/* 1.15 times 100 is a little less than 115. */
#define EVEN 1e-6

SightSet *sight_answer_all(SightQuery *query, const SightFilter *key, GError **error) {
  return sight_set_copy(query->all);
}

/* The index has whole numbers: of a start the seconds, of friction the hundredths; bounds are as exact as that. */
static void bounds_in_index(SightQuery *query, const SightFilter *key, const SightFilterValue *value, gint64 *least,
                            gint64 *most) {
  SightNumber number = (SightNumber)key->field->number;
  double scale = number == SIGHT_NUMBER_FRICTION ? 100 : 1, from = 0, to = 0;

  sight_query_bounds(query, key->field, value, &from, &to);
  if (number == SIGHT_NUMBER_STARTED) {
    from = floor(from / MS);
    to = floor(to / MS);
  } else {
    /* What is next to a number is another whole one. */
    from = value->relation == SIGHT_RELATION_MORE ? floor(value->from * scale + EVEN) + 1 : ceil(from * scale - EVEN);
    to = value->relation == SIGHT_RELATION_LESS ? ceil(value->from * scale - EVEN) - 1 : floor(to * scale + EVEN);
  }
  *least = (gint64)CLAMP(from, 0, SIGHT_NUMBER_MAX);
  *most = (gint64)CLAMP(to, -1, SIGHT_NUMBER_MAX);
}

SightSet *sight_answer_number(SightQuery *query, const SightFilter *key, GError **error) {
  SightNumber number = (SightNumber)key->field->number;
  g_autoptr(SightSet) set = sight_set_new();

  for (guint i = 0; i < key->values->len; i++) {
    gint64 least = 0, most = 0;
    bounds_in_index(query, key, key->values->pdata[i], &least, &most);
    /* Where nothing was drawn no width is known. */
    if (number == SIGHT_NUMBER_WIDTH)
      least = MAX(least, 1);
    g_autoptr(SightSet) more = sight_index_table_between(query->db, number, least, most, error);
    if (more == NULL)
      return NULL;
    sight_set_or(set, more);
  }
  g_autoptr(SightSet) dated = number == SIGHT_NUMBER_STARTED
                                  ? sight_index_table_with(query->db, SIGHT_TERM_STATE, SIGHT_STATE_DATED, error)
                                  : NULL;
  if (dated != NULL)
    sight_set_and(set, dated);
  return dated != NULL || number != SIGHT_NUMBER_STARTED ? g_steal_pointer(&set) : NULL;
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

SightSet *sight_answer_session(SightQuery *query, const SightFilter *key, GError **error) {
  Test test = {query, key};
  return sight_session_column_ids(query->db, is_text, &test, error);
}

static gboolean is_in_sample(const char *id, gpointer data) {
  Test *test = data;

  return sight_filter_samples(test->key, id, test->query->now_ms);
}

SightSet *sight_answer_sample(SightQuery *query, const SightFilter *key, GError **error) {
  Test test = {query, key};
  return sight_session_column_ids(query->db, is_in_sample, &test, error);
}

SightSet *sight_answer_state(SightQuery *query, const SightFilter *key, GError **error) {
  return sight_index_table_with(query->db, SIGHT_TERM_STATE, key->field->state, error);
}

SightSet *sight_answer_endpoint(SightQuery *query, const SightFilter *key, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(query->db, error);
  g_autoptr(SightSet) set = sight_set_new();

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    const SightEndpoint *endpoint = endpoints->pdata[i];
    if (!sight_query_text_is(query, key, key->field->takes, endpoint->name))
      continue;
    g_autoptr(SightSet) of_it = sight_cohort_endpoint(query->db, endpoint->row, error);
    if (of_it == NULL)
      return NULL;
    sight_set_or(set, of_it);
  }
  return endpoints != NULL ? g_steal_pointer(&set) : NULL;
}

const SightSet *sight_query_converted(SightQuery *query, GError **error) {
  if (query->converted == NULL)
    query->converted = sight_cohort_converted(query->db, error);
  return query->converted;
}

SightSet *sight_answer_converted(SightQuery *query, const SightFilter *key, GError **error) {
  const SightSet *converted = sight_query_converted(query, error);

  return converted != NULL ? sight_set_copy(converted) : NULL;
}

SightSet *sight_answer_churned(SightQuery *query, const SightFilter *key, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(query->db, error);
  const SightSet *converted = endpoints != NULL ? sight_query_converted(query, error) : NULL;
  g_autoptr(SightSet) last =
      converted != NULL ? sight_index_table_with(query->db, SIGHT_TERM_STATE, SIGHT_STATE_LAST, error) : NULL;
  g_autoptr(SightSet) set = sight_set_new();
  g_autoptr(SightSet) awaited = NULL;
  gint64 awaited_days = 0;

  for (guint i = 0; last != NULL && i < endpoints->len; i++) {
    gint64 endpoint = ((SightEndpoint *)endpoints->pdata[i])->row;
    SightCohortRules rules;
    if (!sight_cohort_rules_read(query->db, endpoint, &rules, error))
      return NULL;
    /* Where no key action is defined nobody is known to have left without one. */
    if (!rules.has_key_actions)
      continue;
    /* Most endpoints wait as long as others. */
    if (awaited == NULL || awaited_days != rules.churn_days) {
      sight_set_free(awaited);
      awaited = sight_cohort_awaited(query->db, rules.churn_days, query->now_ms, error);
      awaited_days = rules.churn_days;
    }
    g_autoptr(SightSet) of_it = awaited != NULL ? sight_cohort_endpoint(query->db, endpoint, error) : NULL;
    if (of_it == NULL)
      return NULL;
    sight_set_and_not(of_it, awaited);
    sight_set_or(set, of_it);
  }
  if (last == NULL)
    return NULL;
  sight_set_and(set, last);
  sight_set_and_not(set, converted);
  return g_steal_pointer(&set);
}

SightSet *sight_answer_high_exit(SightQuery *query, const SightFilter *key, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(query->db, error);
  const SightSet *converted = endpoints != NULL ? sight_query_converted(query, error) : NULL;
  g_autoptr(SightSet) set = sight_set_new();

  for (guint i = 0; converted != NULL && i < endpoints->len; i++) {
    gint64 endpoint = ((SightEndpoint *)endpoints->pdata[i])->row;
    g_autoptr(SightSet) more = sight_cohort_high_exit(query->db, endpoint, converted, error);
    if (more == NULL)
      return NULL;
    sight_set_or(set, more);
  }
  return converted != NULL ? g_steal_pointer(&set) : NULL;
}

/* What one session has. */

static double number_of(const SightField *field, const SightSession *session) {
  const double numbers[SIGHT_N_NUMBERS] = {
      [SIGHT_NUMBER_LENGTH] = (double)session->duration_ms,
      [SIGHT_NUMBER_PAGES] = session->n_pages,
      [SIGHT_NUMBER_CLICKS] = session->n_clicks,
      [SIGHT_NUMBER_SIGNALS] = session->n_signals,
      [SIGHT_NUMBER_WIDTH] = session->viewport_w,
      [SIGHT_NUMBER_FRICTION] = floor(session->friction * 100 + 0.5) / 100,
  };
  return numbers[field->number];
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

  if (field->takes == SIGHT_TAKES_TIME)
    return date_of(session);
  if (field->sessions == sight_answer_session)
    return g_strdup(session->session);
  if (active || field->sessions == sight_answer_term) {
    g_autoptr(SightOccurrences) occurrences = sight_index_table_get_values(query->db, session->row, NULL);
    if (occurrences == NULL)
      return NULL;
    return active ? number_text(field, active_of(occurrences)) : terms_of(occurrences, key);
  }
  if (field->sessions == sight_answer_number)
    return number_text(field, number_of(field, session));
  return NULL;
}
