/* SPDX-License-Identifier: MIT */
/* Which sessions match a filter, and how many. */
#include "sight-library.h"

#include "sight-cohort-rules.h"
#include "sight-endpoint-table.h"
#include "sight-index-table.h"
#include "sight-session-column.h"

/* Sessions that are looked into before it is seen whether they are enough. */
#define AT_ONCE 100
/* How many times as many are taken from the list, again and again. */
#define MORE 8

static gboolean is_empty(const char *filter) {
  return filter == NULL || filter[0] == '\0';
}

static gboolean keep_endpoint(SightDb *db, SightSet *sessions, gint64 endpoint, GError **error) {
  g_autoptr(SightSet) of_it = endpoint != 0 ? sight_cohort_endpoint(db, endpoint, error) : NULL;

  if (of_it != NULL)
    sight_set_and(sessions, of_it);
  return endpoint == 0 || of_it != NULL;
}

SightSet *sight_library_sessions(SightDb *db, const char *filter, gint64 endpoint, GError **error) {
  /* Sessions that were not looked through yet belong to an endpoint all the same. */
  if (is_empty(filter) && endpoint != 0)
    return sight_session_column_endpoint(db, endpoint, error);
  g_autoptr(SightFilter) tree = sight_filter_parse(filter != NULL ? filter : "", NULL, error);
  g_autoptr(SightQuery) query = tree != NULL ? sight_query_new(db, tree, g_get_real_time() / 1000, error) : NULL;
  g_autoptr(SightSet) sessions = query != NULL ? sight_query_sessions(query, error) : NULL;

  if (sessions == NULL || !keep_endpoint(db, sessions, endpoint, error))
    return NULL;
  return g_steal_pointer(&sessions);
}

/* Those of `rows` from `at` on that match, appended to `found` until there are enough. */
static gboolean take_matching(SightQuery *asked, const GArray *rows, guint at, guint limit, GArray *found,
                              GError **error) {
  while (at < rows->len && found->len < limit) {
    guint end = MIN(at + AT_ONCE, rows->len);
    g_autoptr(SightSet) some = sight_set_new();
    for (guint i = at; i < end; i++)
      sight_set_add(some, g_array_index(rows, gint64, i));
    g_autoptr(SightSet) matching = sight_query_sessions_of(asked, some, error);
    if (matching == NULL)
      return FALSE;
    for (; at < end && found->len < limit; at++) {
      gint64 row = g_array_index(rows, gint64, at);
      if (sight_set_contains(matching, row))
        g_array_append_val(found, row);
    }
    at = end;
  }
  return TRUE;
}

static guint times_more(guint limit) {
  return limit < G_MAXUINT / MORE ? limit * MORE : G_MAXUINT;
}

/* The first ones where their moments have to be looked into: in the order of the list, as many as it takes. NULL
 * without error: sets alone tell. */
static GArray *list_first(SightDb *db, const SightLibraryQuery *query, GError **error) {
  g_autoptr(SightFilter) tree = sight_filter_parse(query->filter, NULL, error);
  g_autoptr(SightQuery) asked = tree != NULL ? sight_query_new(db, tree, g_get_real_time() / 1000, error) : NULL;
  gboolean exact = FALSE;
  g_autoptr(SightSet) candidates = asked != NULL ? sight_query_candidates(asked, &exact, error) : NULL;
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightSessionFilter wanted = {.endpoint = query->endpoint, .within = candidates, .limit = times_more(query->limit)};

  if (candidates == NULL || exact)
    return NULL;
  for (guint at = 0;;) {
    g_autoptr(GArray) rows = sight_session_table_list(db, &wanted, query->sort, error);
    if (rows == NULL || !take_matching(asked, rows, at, query->limit, found, error))
      return NULL;
    if (found->len == query->limit || rows->len < wanted.limit)
      return g_steal_pointer(&found);
    at = rows->len;
    wanted.limit = times_more(wanted.limit);
  }
}

GArray *sight_library_list(SightDb *db, const SightLibraryQuery *query, GError **error) {
  SightSessionFilter wanted = {.endpoint = query->endpoint, .limit = query->limit};
  g_autoptr(SightSet) sessions = NULL;

  if (!is_empty(query->filter) && query->limit > 0) {
    GError *failure = NULL;
    GArray *first = list_first(db, query, &failure);
    if (first != NULL)
      return first;
    if (failure != NULL) {
      g_propagate_error(error, failure);
      return NULL;
    }
  }
  if (!is_empty(query->filter)) {
    sessions = sight_library_sessions(db, query->filter, query->endpoint, error);
    if (sessions == NULL)
      return NULL;
    wanted.within = sessions;
  }
  return sight_session_table_list(db, &wanted, query->sort, error);
}

gboolean sight_library_count(SightDb *db, const SightSet *sessions, const char *const *filters, guint n, gint64 *counts,
                             GError **error) {
  for (guint i = 0; i < n; i++) {
    g_autoptr(SightSet) matching = sight_library_sessions(db, filters[i], 0, error);
    if (matching == NULL)
      return FALSE;
    counts[i] = (gint64)sight_set_n_and(sessions, matching);
  }
  return TRUE;
}

gint64 sight_library_count_all(SightDb *db, gint64 endpoint, GError **error) {
  return sight_session_table_count(db, &(SightSessionFilter){.endpoint = endpoint}, error);
}

gboolean sight_library_has_key_actions(SightDb *db, gint64 endpoint) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, NULL);

  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    gint64 row = ((SightEndpoint *)endpoints->pdata[i])->row;
    SightCohortRules rules;
    if ((endpoint == 0 || endpoint == row) && sight_cohort_rules_read(db, row, &rules, NULL) && rules.has_key_actions)
      return TRUE;
  }
  return FALSE;
}
