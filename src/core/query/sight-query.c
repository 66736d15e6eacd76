/* SPDX-License-Identifier: MIT */
/* Which sessions match a filter: algebra of sets; what sets cannot tell is looked for in the moments of those sessions
 * that are left. */
#include "sight-index-table.h"
#include "sight-query-private.h"

/* Of which kinds the moments of a session are to be read. */
static void prepare(SightQuery *query, const SightFilter *filter) {
  if (filter->kind == SIGHT_FILTER_WORDS)
    query->kinds |= SIGHT_MOMENT_SIGNALS | SIGHT_MOMENT_BIT(SIGHT_MOMENT_PAGE) | SIGHT_MOMENT_BIT(SIGHT_MOMENT_TAG) |
                    SIGHT_MOMENT_BIT(SIGHT_MOMENT_SEEN);
  if (filter->kind == SIGHT_FILTER_KEY) {
    query->kinds |= filter->field->moments;
    sight_element_needs_page(query, filter); /* all are known before the first session is looked into */
  }
  for (guint i = 0; filter->parts != NULL && i < filter->parts->len; i++)
    prepare(query, filter->parts->pdata[i]);
}

/* Where nothing is asked for, nothing need be known. */
static gboolean is_empty(const SightFilter *filter) {
  return filter->kind == SIGHT_FILTER_ALL && filter->parts->len == 0;
}

SightQuery *sight_query_new(SightDb *db, const SightFilter *filter, gint64 now_ms, GError **error) {
  g_autoptr(SightQuery) query = g_new0(SightQuery, 1);

  query->db = db;
  query->filter = filter;
  query->now_ms = now_ms;
  query->folded = g_hash_table_new_full(NULL, NULL, NULL, g_free);
  query->selectors = sight_element_selectors_new();
  query->values = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  prepare(query, filter);
  query->all = is_empty(filter) ? sight_session_column_all(db, error) : sight_index_table_all(db, error);
  return query->all != NULL ? g_steal_pointer(&query) : NULL;
}

void sight_query_free(SightQuery *query) {
  if (query == NULL)
    return;
  sight_set_free(query->all);
  sight_set_free(query->converted);
  g_hash_table_unref(query->folded);
  g_hash_table_unref(query->selectors);
  g_hash_table_unref(query->values);
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

  if (query->roughly) {
    query->left_open = TRUE;
    return sight_set_copy(candidates);
  }
  g_autoptr(GArray) rows = sight_set_rows(candidates);
  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    if (g_cancellable_set_error_if_cancelled(sight_db_cancellable(query->db), error))
      return NULL;
    g_autoptr(SightSession) session = sight_session_table_get(query->db, row, error);
    g_autoptr(SightMoments) moments = session != NULL ? sight_moments_read(query, session, kinds, error) : NULL;
    if (moments == NULL)
      return NULL;
    if (is_in_moments(query, filter, moments))
      sight_set_add(set, row);
  }
  return g_steal_pointer(&set);
}

static SightSet *ask_key(SightQuery *query, const SightFilter *key, const SightSet *within, GError **error) {
  const SightField *field = key->field;
  gboolean exact = TRUE;
  g_autoptr(SightSet) set =
      field->sessions != NULL ? field->sessions(query, key, error) : sight_terms_candidates(query, key, &exact, error);

  if (set == NULL)
    return NULL;
  sight_set_and(set, within);
  return exact ? g_steal_pointer(&set) : look_into(query, key, set, field->moments, error);
}

static SightSet *ask_sequence(SightQuery *query, const SightFilter *sequence, const SightSet *within, GError **error) {
  g_autoptr(SightSet) left = sight_set_copy(within);
  guint64 kinds = 0;

  for (guint i = 0; i < sequence->parts->len; i++) {
    const SightFilter *step = sequence->parts->pdata[i];
    kinds |= step->field->moments;
    gboolean exact = FALSE;
    g_autoptr(SightSet) with = step->absent ? NULL : sight_terms_candidates(query, step, &exact, error);
    if (!step->absent && with == NULL)
      return NULL;
    if (with != NULL)
      sight_set_and(left, with);
  }
  g_autoptr(SightSet) set = query->roughly ? NULL : sight_set_new();
  if (set != NULL && !sight_sequence_by_course(query, sequence, left, set, error))
    return NULL;
  g_autoptr(SightSet) more = look_into(query, sequence, left, kinds, error);
  if (more != NULL && set != NULL)
    sight_set_or(more, set);
  return g_steal_pointer(&more);
}

/* Words without a key are those of a search: in who it was, what was seen of it, and what went wrong. */
static SightSet *ask_words(SightQuery *query, const SightFilter *words, const SightSet *within, GError **error) {
  g_autoptr(SightSet) set = sight_terms_saying(query, words->text, error);

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
      SightSet *set = sight_query_ask(query, part, left, error);
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
    g_autoptr(SightSet) set = sight_query_ask(query, any->parts->pdata[i], within, error);
    if (set == NULL)
      return NULL;
    sight_set_or(found, set);
    wanted = TRUE;
  }
  left = sight_set_copy(wanted ? found : within);
  for (guint i = 0; i < any->parts->len; i++) {
    if (!sight_filter_only_refuses(any->parts->pdata[i]))
      continue;
    SightSet *set = sight_query_ask(query, any->parts->pdata[i], left, error);
    if (set == NULL)
      return NULL;
    sight_set_free(left);
    left = set;
  }
  return g_steal_pointer(&left);
}

/* Roughly, it takes away nobody of whom it is not known. */
static SightSet *ask_not(SightQuery *query, const SightFilter *refusal, const SightSet *within, GError **error) {
  gboolean open_before = query->left_open;

  query->left_open = FALSE;
  g_autoptr(SightSet) refused = sight_query_ask(query, refusal->parts->pdata[0], within, error);
  g_autoptr(SightSet) left = refused != NULL ? sight_set_copy(within) : NULL;
  if (left != NULL && !query->left_open)
    sight_set_and_not(left, refused);
  query->left_open |= open_before;
  return g_steal_pointer(&left);
}

SightSet *sight_query_ask(SightQuery *query, const SightFilter *filter, const SightSet *within, GError **error) {
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
  return sight_query_ask(query, query->filter, query->all, error);
}

SightSet *sight_query_candidates(SightQuery *query, gboolean *exact, GError **error) {
  query->roughly = TRUE;
  query->left_open = FALSE;
  SightSet *set = sight_query_ask(query, query->filter, query->all, error);
  query->roughly = FALSE;
  *exact = !query->left_open;
  return set;
}

SightSet *sight_query_sessions_of(SightQuery *query, const SightSet *within, GError **error) {
  g_autoptr(SightSet) known = sight_set_copy(within);

  sight_set_and(known, query->all);
  return sight_query_ask(query, query->filter, known, error);
}

gint64 sight_query_waiting(SightQuery *query, GError **error) {
  g_autoptr(SightSet) waiting = sight_session_column_all(query->db, error);
  g_autoptr(SightSet) known = waiting != NULL ? sight_index_table_all(query->db, error) : NULL;

  if (known == NULL)
    return -1;
  sight_set_and_not(waiting, known);
  return (gint64)sight_set_n(waiting);
}

static guint64 bit_of(SightTermField field) {
  return G_GUINT64_CONSTANT(1) << field;
}

/* The fields of terms that a filter asks for, as bits. */
static guint64 fields_of(const SightFilter *filter) {
  guint64 fields = filter->kind == SIGHT_FILTER_WORDS ? bit_of(SIGHT_TERM_SEEN) : 0;

  if (filter->kind == SIGHT_FILTER_KEY) {
    int term = filter->field->term;
    fields |= term != SIGHT_TERM_INDEXED ? bit_of((SightTermField)term) : 0;
    fields |= term == SIGHT_TERM_CLICK ? bit_of(SIGHT_TERM_CLICKED) : 0;
    fields |= term == SIGHT_TERM_IN_PAGE ? bit_of(SIGHT_TERM_SEEN) : 0;
    fields |= (filter->field->moments & SIGHT_MOMENT_SIGNALS) != 0 ? bit_of(SIGHT_TERM_SIGNAL) : 0;
  }
  for (guint i = 0; filter->parts != NULL && i < filter->parts->len; i++)
    fields |= fields_of(filter->parts->pdata[i]);
  return fields;
}

gint64 sight_query_left_out(SightQuery *query, GError **error) {
  guint64 fields = fields_of(query->filter);
  g_autoptr(SightSet) all = sight_set_new();

  for (guint field = 0; field < SIGHT_N_TERM_FIELDS; field++) {
    const char *name = sight_term_field_info((SightTermField)field)->name;
    if ((fields & bit_of((SightTermField)field)) == 0)
      continue;
    g_autoptr(SightSet) some = sight_index_table_with(query->db, SIGHT_TERM_LEFT_OUT, name, error);
    if (some == NULL)
      return -1;
    sight_set_or(all, some);
  }
  return (gint64)sight_set_n(all);
}

SightSet *sight_query_part(SightQuery *query, const SightFilter *part, gint64 row, GError **error) {
  g_autoptr(SightSet) one = sight_set_new();

  sight_set_add(one, row);
  return sight_query_ask(query, part, one, error);
}
