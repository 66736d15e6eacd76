/* SPDX-License-Identifier: MIT */
/* Which sessions match a filter: algebra of sets; what sets cannot tell is looked for in the moments of those sessions
 * that are left. */
#include "sight-query-private.h"

#include <glib/gi18n-lib.h>

static SightSet *ask(SightQuery *query, const SightFilter *filter, const SightSet *within, GError **error);

/* What the moments of the sessions have to tell, and whether anything is asked for that nobody knows. */
static gboolean prepare(SightQuery *query, const SightFilter *filter, GError **error) {
  const SightField *field = filter->field;

  if (filter->kind == SIGHT_FILTER_WORDS)
    query->kinds |= SIGHT_MOMENT_SIGNALS | SIGHT_MOMENT_BIT(SIGHT_MOMENT_PAGE) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_TAG);
  if (filter->kind == SIGHT_FILTER_KEY) {
    query->kinds |= field->moments;
    if (field->sessions == NULL && field->moments == 0) {
      g_set_error(error, SIGHT_FILTER_ERROR, SIGHT_QUERY_ERROR_UNKNOWN,
                  _("%s: nothing of this is stored yet, so it cannot be asked for"), field->name);
      return FALSE;
    }
  }
  for (guint i = 0; filter->parts != NULL && i < filter->parts->len; i++) {
    if (!prepare(query, filter->parts->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

SightQuery *sight_query_new(SightDb *db, const SightFilter *filter, gint64 now_ms, GError **error) {
  g_autoptr(SightQuery) query = g_new0(SightQuery, 1);

  query->db = db;
  query->filter = filter;
  query->now_ms = now_ms;
  query->folded = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  if (!prepare(query, filter, error))
    return NULL;
  query->all = sight_session_column_all(db, error);
  return query->all != NULL ? g_steal_pointer(&query) : NULL;
}

void sight_query_free(SightQuery *query) {
  if (query == NULL)
    return;
  sight_set_free(query->all);
  g_hash_table_unref(query->folded);
  g_free(query);
}

/* Leaves */

/* Whether the moments of one session have what a key, words or a sequence say. */
static gboolean is_in_moments(SightQuery *query, const SightFilter *filter, const SightMoments *moments) {
  if (filter->kind == SIGHT_FILTER_SEQUENCE)
    return sight_sequence_find(query, filter, moments, NULL);
  for (guint i = 0; i < moments->list->len; i++) {
    const SightMoment *moment = &g_array_index(moments->list, SightMoment, i);
    if (filter->kind == SIGHT_FILTER_WORDS ? sight_moment_says(query, filter->text, moment)
                                           : sight_moment_is(query, filter, moment))
      return TRUE;
  }
  return FALSE;
}

/* Of sessions those whose moments have it. */
static SightSet *look_into(SightQuery *query, const SightFilter *filter, const SightSet *candidates, guint64 kinds,
                           GError **error) {
  g_autoptr(SightSet) set = sight_set_new();
  g_autoptr(GArray) rows = sight_set_rows(candidates);

  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    g_autoptr(SightSession) session = sight_session_table_get(query->db, row, error);
    g_autoptr(SightMoments) moments = session != NULL ? sight_moments_read(query->db, session, kinds, error) : NULL;
    if (moments == NULL)
      return NULL;
    if (is_in_moments(query, filter, moments))
      sight_set_add(set, row);
  }
  return g_steal_pointer(&set);
}

/* Sessions outside of which a key of moments has none; *exact: each of them has one. */
static SightSet *candidates_of(SightQuery *query, const SightFilter *key, gboolean *exact, GError **error) {
  g_autoptr(SightSet) set = sight_set_new();

  *exact = FALSE;
  if ((key->field->moments & ~SIGHT_MOMENT_SIGNALS) != 0)
    return sight_set_copy(query->all);
  *exact = key->field->moments == SIGHT_MOMENT_SIGNALS;
  for (int kind = 0; kind < SIGHT_N_SIGNALS && !*exact; kind++) {
    guint32 flag = sight_session_flag_of_signal((SightSignalKind)kind);
    if ((key->field->moments & SIGHT_MOMENT_BIT(kind)) == 0)
      continue;
    if (flag == 0)
      return sight_session_column_between(query->db, SIGHT_COLUMN_N_SIGNALS, 1, G_MAXINT, error);
    g_autoptr(SightSet) more = sight_session_column_flags(query->db, flag, 0, error);
    if (more == NULL)
      return NULL;
    sight_set_or(set, more);
  }
  if (*exact)
    return sight_session_column_between(query->db, SIGHT_COLUMN_N_SIGNALS, 1, G_MAXINT, error);
  *exact = TRUE;
  return g_steal_pointer(&set);
}

static SightSet *ask_key(SightQuery *query, const SightFilter *key, const SightSet *within, GError **error) {
  const SightField *field = key->field;
  gboolean exact = TRUE;
  g_autoptr(SightSet) set =
      field->sessions != NULL ? field->sessions(query, key, error) : candidates_of(query, key, &exact, error);

  if (set == NULL)
    return NULL;
  sight_set_and(set, within);
  if (field->sessions == NULL && (!exact || key->values->len > 0 || key->inside != NULL))
    return look_into(query, key, set, field->moments, error);
  return g_steal_pointer(&set);
}

static SightSet *ask_sequence(SightQuery *query, const SightFilter *sequence, const SightSet *within, GError **error) {
  g_autoptr(SightSet) left = sight_set_copy(within);
  guint64 kinds = 0;

  for (guint i = 0; i < sequence->parts->len; i++) {
    const SightFilter *step = sequence->parts->pdata[i];
    kinds |= step->field->moments;
    gboolean exact = FALSE;
    g_autoptr(SightSet) with = step->absent ? NULL : candidates_of(query, step, &exact, error);
    if (!step->absent && with == NULL)
      return NULL;
    if (with != NULL)
      sight_set_and(left, with);
  }
  return look_into(query, sequence, left, kinds, error);
}

/* Words without a key are those of a search: in who it was, what was seen of it, and what went wrong. */
static SightSet *ask_words(SightQuery *query, const SightFilter *words, const SightSet *within, GError **error) {
  const char *folded = sight_query_folded(query, words->text, SIGHT_TAKES_WORDS);
  g_autoptr(SightSet) set = sight_session_column_words(query->db, folded, error);

  if (set != NULL)
    sight_set_and(set, within);
  return g_steal_pointer(&set);
}

/* Groups */

static SightSet *ask_all(SightQuery *query, const SightFilter *all, const SightSet *within, GError **error) {
  g_autoptr(SightSet) left = sight_set_copy(within);

  /* What only looks at columns leaves fewer for what has to read. */
  for (int reads = 0; reads < 2; reads++) {
    for (guint i = 0; i < all->parts->len; i++) {
      const SightFilter *part = all->parts->pdata[i];
      gboolean cheap = part->kind == SIGHT_FILTER_KEY && part->field->sessions != NULL;
      if (cheap == (reads != 0))
        continue;
      SightSet *set = ask(query, part, left, error);
      if (set == NULL)
        return NULL;
      sight_set_free(left);
      left = set;
    }
  }
  return g_steal_pointer(&left);
}

/* One of those that want something, and what none of those that only refuse takes away. */
static SightSet *ask_any(SightQuery *query, const SightFilter *any, const SightSet *within, GError **error) {
  g_autoptr(SightSet) found = sight_set_new();
  g_autoptr(SightSet) left = NULL;
  gboolean wanted = FALSE;

  for (guint i = 0; i < any->parts->len; i++) {
    if (sight_filter_only_refuses(any->parts->pdata[i]))
      continue;
    g_autoptr(SightSet) set = ask(query, any->parts->pdata[i], within, error);
    if (set == NULL)
      return NULL;
    sight_set_or(found, set);
    wanted = TRUE;
  }
  left = sight_set_copy(wanted ? found : within);
  for (guint i = 0; i < any->parts->len; i++) {
    if (!sight_filter_only_refuses(any->parts->pdata[i]))
      continue;
    SightSet *set = ask(query, any->parts->pdata[i], left, error);
    if (set == NULL)
      return NULL;
    sight_set_free(left);
    left = set;
  }
  return g_steal_pointer(&left);
}

static SightSet *ask_not(SightQuery *query, const SightFilter *refusal, const SightSet *within, GError **error) {
  g_autoptr(SightSet) refused = ask(query, refusal->parts->pdata[0], within, error);
  g_autoptr(SightSet) left = refused != NULL ? sight_set_copy(within) : NULL;

  if (left != NULL)
    sight_set_and_not(left, refused);
  return g_steal_pointer(&left);
}

static SightSet *ask(SightQuery *query, const SightFilter *filter, const SightSet *within, GError **error) {
  switch (filter->kind) {
  case SIGHT_FILTER_ALL:
    return ask_all(query, filter, within, error);
  case SIGHT_FILTER_ANY:
    return ask_any(query, filter, within, error);
  case SIGHT_FILTER_NOT:
    return ask_not(query, filter, within, error);
  case SIGHT_FILTER_KEY:
    return ask_key(query, filter, within, error);
  case SIGHT_FILTER_WORDS:
    return ask_words(query, filter, within, error);
  case SIGHT_FILTER_SEQUENCE:
    return ask_sequence(query, filter, within, error);
  }
  return NULL;
}

SightSet *sight_query_sessions(SightQuery *query, GError **error) {
  return ask(query, query->filter, query->all, error);
}

SightSet *sight_query_part(SightQuery *query, const SightFilter *part, gint64 row, GError **error) {
  g_autoptr(SightSet) one = sight_set_new();

  sight_set_add(one, row);
  return ask(query, part, one, error);
}
