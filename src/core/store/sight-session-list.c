/* SPDX-License-Identifier: MIT */
/* Which sessions match, in order. All are walked in order, or those of a set are looked up and sorted: whichever is
 * cheaper. */
#include "sight-db.h"
#include "sight-session-table.h"
#include "sight-text-table.h"

/* What looking a session up by its row costs, compared with the next one of a walk. */
#define COST_ROW 15

/* One that matches, with what it is sorted by. */
typedef struct {
  gint64 row, first;
  double friction;
} Match;

typedef struct {
  SightDb *db;
  const SightSessionFilter *filter;
  SightSessionSort sort;
  const SightSet *set; /* NULL: any */
  GArray *matches;
} Search;

static SightStatement *keys_statement(Search *search, SightSql sql, GError **error) {
  SightStatement *statement = sight_db_statement(search->db, sql, error);

  if (statement != NULL)
    sight_statement_bind_int(statement, 1, search->filter->endpoint);
  return statement;
}

/* The statement has tested the endpoint. */
static void take(Search *search, SightStatement *statement) {
  Match match = {.row = sight_statement_int(statement, 0), .first = sight_statement_int(statement, 1)};

  if (search->set != NULL && !sight_set_contains(search->set, match.row))
    return;
  if (search->sort == SIGHT_SORT_LONGEST)
    match.first = sight_statement_int(statement, 3);
  else if (search->sort == SIGHT_SORT_FRICTION)
    match.friction = sight_statement_double(statement, 2);
  g_array_append_val(search->matches, match);
}

static gboolean walk(Search *search, GError **error) {
  static const SightSql sql_of[] = {
      [SIGHT_SORT_NEWEST] = SIGHT_SQL_SESSION_WALK_NEWEST,
      [SIGHT_SORT_FRICTION] = SIGHT_SQL_SESSION_WALK_FRICTION,
      [SIGHT_SORT_LONGEST] = SIGHT_SQL_SESSION_WALK_LONGEST,
      [SIGHT_SORT_OLDEST] = SIGHT_SQL_SESSION_WALK_OLDEST,
  };
  g_autoptr(SightStatement) statement = keys_statement(search, sql_of[search->sort], error);
  guint limit = search->filter->limit;
  SightStep step = statement != NULL ? SIGHT_STEP_DONE : SIGHT_STEP_FAILED;

  while (statement != NULL && (limit == 0 || search->matches->len < limit) &&
         (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    take(search, statement);
  return step != SIGHT_STEP_FAILED;
}

static gboolean take_one(Search *search, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = keys_statement(search, SIGHT_SQL_SESSION_KEYS, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 2, row);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    take(search, statement);
  return step == SIGHT_STEP_DONE;
}

static int in_order(gconstpointer a, gconstpointer b) {
  const Match *x = a, *y = b;

  if (x->friction != y->friction)
    return x->friction > y->friction ? -1 : 1;
  if (x->first != y->first)
    return x->first > y->first ? -1 : 1;
  return x->row > y->row ? -1 : x->row < y->row;
}

static int in_reverse(gconstpointer a, gconstpointer b) {
  return in_order(b, a);
}

static gboolean look_up(Search *search, GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(search->set);

  for (guint i = 0; i < rows->len; i++) {
    if (!take_one(search, g_array_index(rows, gint64, i), error))
      return FALSE;
  }
  g_array_sort(search->matches, search->sort == SIGHT_SORT_OLDEST ? in_reverse : in_order);
  if (search->filter->limit > 0 && search->matches->len > search->filter->limit)
    g_array_set_size(search->matches, search->filter->limit);
  return TRUE;
}

/* A walk that may stop early costs what lies before the last one wanted, as if matches were spread evenly. */
static gboolean is_rare(const Search *search, gint64 n_all) {
  double n = (double)sight_set_n(search->set), n_walked = (double)n_all;

  if (search->filter->limit > 0 && n > 0)
    n_walked = MIN(n_walked, search->filter->limit * (double)n_all / n);
  return n * COST_ROW < n_walked;
}

/* Those that a text and the set of the filter leave; NULL without error: any. */
static SightSet *set_of(SightDb *db, const SightSessionFilter *filter, GError **error) {
  g_auto(GStrv) pieces = sight_text_table_pieces(filter->text);

  if (pieces[0] == NULL)
    return filter->within != NULL ? sight_set_copy(filter->within) : NULL;
  g_autoptr(GArray) rows = sight_text_table_match(db, pieces, error);
  g_autoptr(SightSet) set = rows != NULL ? sight_set_new() : NULL;
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    sight_set_add(set, g_array_index(rows, gint64, i));
  if (set != NULL && filter->within != NULL)
    sight_set_and(set, filter->within);
  return g_steal_pointer(&set);
}

static gint64 count_all(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_COUNT, error);
  gint64 n = -1;

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, endpoint);
  return sight_statement_run_int(statement, &n, 0, error) ? n : -1;
}

GArray *sight_session_table_list(SightDb *db, const SightSessionFilter *filter, SightSessionSort sort, GError **error) {
  g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(Match));
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightSet) set = set_of(db, filter, &failure);
  Search search = {.db = db, .filter = filter, .sort = sort, .set = set, .matches = matches};

  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  gint64 n_all = count_all(db, 0, error);
  if (n_all < 0 || !(set != NULL && is_rare(&search, n_all) ? look_up(&search, error) : walk(&search, error)))
    return NULL;
  GArray *rows = g_array_sized_new(FALSE, FALSE, sizeof(gint64), matches->len);
  for (guint i = 0; i < matches->len; i++)
    g_array_append_val(rows, g_array_index(matches, Match, i).row);
  return rows;
}

gint64 sight_session_table_count(SightDb *db, const SightSessionFilter *filter, GError **error) {
  SightSessionFilter all = *filter;
  g_auto(GStrv) pieces = sight_text_table_pieces(filter->text);

  if (filter->within == NULL && pieces[0] == NULL)
    return count_all(db, filter->endpoint, error);
  all.limit = 0;
  g_autoptr(GArray) rows = sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error);
  return rows != NULL ? (gint64)rows->len : -1;
}
