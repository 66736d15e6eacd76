/* SPDX-License-Identifier: MIT */
/* How fields of sessions are answered: by a column, by flags, or by a rule. */
#include "sight-clock-text.h"
#include "sight-cohort-rules.h"
#include "sight-endpoint-table.h"
#include "sight-query-private.h"

#include <string.h>

/* Any of the values of a key. */
static SightSet *any_value(SightQuery *query, const SightFilter *key, GError **error) {
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

SightSet *sight_answer_number(SightQuery *query, const SightFilter *key, GError **error) {
  return any_value(query, key, error);
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

/* What stands in front of a page, out of what is stored of it. */

static gboolean is_tablet(const char *device) {
  return strstr(device, "iPad") != NULL || strstr(device, "Android") != NULL || g_str_has_prefix(device, "Tablet");
}

static const char *device_class(const char *device, guint32 flags) {
  if (device == NULL)
    return NULL;
  if (flags & SIGHT_SESSION_PHONE)
    return "phone";
  return is_tablet(device) ? "tablet" : "desktop";
}

static gboolean is_computer_or_tablet(const char *device, gpointer data) {
  Test *test = data;
  return sight_query_text_is(test->query, test->key, SIGHT_TAKES_NAME, device_class(device, 0));
}

SightSet *sight_answer_device(SightQuery *query, const SightFilter *key, GError **error) {
  Test test = {query, key};
  g_autoptr(SightSet) phones = sight_session_column_flags(query->db, SIGHT_SESSION_PHONE, 0, error);
  g_autoptr(SightSet) set =
      phones != NULL ? sight_session_column_where(query->db, SIGHT_COLUMN_DEVICE, is_computer_or_tablet, &test, error)
                     : NULL;

  if (set == NULL)
    return NULL;
  sight_set_and_not(set, phones);
  if (sight_query_text_is(query, key, SIGHT_TAKES_NAME, "phone"))
    sight_set_or(set, phones);
  return g_steal_pointer(&set);
}

/* "Firefox on Linux": of that the browser, or the system. */
static char *agent_part(const SightField *field, const char *device) {
  const char *on = device != NULL ? strstr(device, " on ") : NULL;

  if (on == NULL)
    return NULL;
  return g_str_equal(field->name, "os") ? g_strdup(on + strlen(" on ")) : g_strndup(device, (gsize)(on - device));
}

static gboolean is_agent(const char *device, gpointer data) {
  Test *test = data;
  g_autofree char *part = agent_part(test->key->field, device);
  return sight_query_text_is(test->query, test->key, SIGHT_TAKES_NAME, part);
}

SightSet *sight_answer_agent(SightQuery *query, const SightFilter *key, GError **error) {
  Test test = {query, key};
  return sight_session_column_where(query->db, SIGHT_COLUMN_DEVICE, is_agent, &test, error);
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

  if (!sight_cohort_high_exit_pages(db, endpoint, pages, NULL, error))
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

static double number_of(int column, const SightSession *session) {
  const double numbers[SIGHT_N_COLUMNS] = {
      [SIGHT_COLUMN_DURATION] = (double)session->duration_ms,
      [SIGHT_COLUMN_FRICTION] = session->friction,
      [SIGHT_COLUMN_N_PAGES] = session->n_pages,
      [SIGHT_COLUMN_N_CLICKS] = session->n_clicks,
      [SIGHT_COLUMN_N_SIGNALS] = session->n_signals,
      [SIGHT_COLUMN_WIDTH] = session->viewport_w,
  };
  return numbers[column];
}

static const char *text_of(int column, const SightSession *session) {
  const char *const texts[SIGHT_N_COLUMNS] = {
      [SIGHT_COLUMN_ENTRY] = session->entry,     [SIGHT_COLUMN_EXIT] = session->exit,
      [SIGHT_COLUMN_USER] = session->user,       [SIGHT_COLUMN_SESSION] = session->session,
      [SIGHT_COLUMN_RELEASE] = session->release,
  };
  return texts[column];
}

static char *date_of(const SightSession *session) {
  g_autoptr(GDateTime) at = sight_session_is_dated(session->started_ms, session->received_ms)
                                ? g_date_time_new_from_unix_local(session->started_ms / 1000)
                                : NULL;
  return at != NULL ? g_date_time_format(at, "%Y-%m-%d %H:%M") : NULL;
}

char *sight_answer_has(const SightField *field, const SightSession *session) {
  if (field->sessions == sight_answer_number && field->takes == SIGHT_TAKES_TIME)
    return date_of(session);
  if (field->sessions == sight_answer_number && field->takes == SIGHT_TAKES_DURATION)
    return sight_clock_text((gint64)number_of(field->column, session));
  if (field->sessions == sight_answer_number)
    return g_strdup_printf("%.15g", number_of(field->column, session));
  if (field->sessions == sight_answer_text)
    return g_strdup(text_of(field->column, session));
  if (field->sessions == sight_answer_device)
    return g_strdup(device_class(session->device, session->flags));
  if (field->sessions == sight_answer_agent)
    return agent_part(field, session->device);
  return NULL;
}
