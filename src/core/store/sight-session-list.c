/* SPDX-License-Identifier: MIT */
/* Which sessions match a filter, in order. There are five ways to find them: walk all in order, or take those of a rare
 * flag, of some exit pages, of a text, or of a set, and sort them; the counts that the store keeps tell which is
 * cheapest. */
#include "sight-db.h"
#include "sight-session-table.h"
#include "sight-text-table.h"

/* What looking at one session costs, compared: in a walk, in an index of few, by its row. */
#define COST_WALK 1
#define COST_FEW 3
#define COST_ROW 15
/* A text that so many sessions match is looked for in the sessions as they come, where only the first are wanted. */
#define COMMON_TEXT 20000

/* One that matches, with what it is sorted by. */
typedef struct {
  gint64 row, first;
  double friction;
} Match;

typedef struct {
  SightDb *db;
  const SightSessionFilter *filter;
  SightSessionSort sort;
  GArray *texts; /* rows that the text matches, ascending; NULL: any */
  char **pieces; /* of a common text: to be tested in each; NULL: not */
  GArray *matches;
} Search;

static const struct {
  guint32 flag;
  SightSql sql;
} flag_sources[] = {
    {SIGHT_SESSION_ERRORED, SIGHT_SQL_SESSION_OF_ERRORED}, {SIGHT_SESSION_RAGE, SIGHT_SQL_SESSION_OF_RAGE},
    {SIGHT_SESSION_DEAD, SIGHT_SQL_SESSION_OF_DEAD},       {SIGHT_SESSION_SCROLL, SIGHT_SQL_SESSION_OF_SCROLL},
    {SIGHT_SESSION_TAGGED, SIGHT_SQL_SESSION_OF_TAGGED},
};

static SightStatement *keys_statement(Search *search, SightSql sql, GError **error) {
  SightStatement *statement = sight_db_statement(search->db, sql, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, search->filter->all_flags);
  sight_statement_bind_int(statement, 2, search->filter->no_flags);
  sight_statement_bind_int(statement, 3, search->filter->endpoint);
  sight_statement_bind_int(statement, 4, search->filter->since_ms);
  return statement;
}

static int compare_rows(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

/* NULL holds everything. */
static gboolean holds(GArray *numbers, gint64 number) {
  for (guint i = 0; numbers != NULL && i < numbers->len; i++) {
    if (g_array_index(numbers, gint64, i) == number)
      return TRUE;
  }
  return numbers == NULL;
}

/* The statement has tested the flags, the endpoint and the time. */
static gboolean take(Search *search, SightStatement *statement, GError **error) {
  gint64 row = sight_statement_int(statement, 0);

  if (search->filter->within != NULL && !sight_set_contains(search->filter->within, row))
    return TRUE;
  if (search->texts != NULL && !g_array_binary_search(search->texts, &row, compare_rows, NULL))
    return TRUE;
  if (!holds(search->filter->endpoints, sight_statement_int(statement, 2)) ||
      !holds(search->filter->exit_pages, sight_statement_int(statement, 3)))
    return TRUE;
  if (search->pieces != NULL) {
    gboolean matches = FALSE;
    if (!sight_text_table_test(search->db, row, search->pieces, &matches, error))
      return FALSE;
    if (!matches)
      return TRUE;
  }
  Match match = {.row = row, .first = sight_statement_int(statement, 4)};
  if (search->sort == SIGHT_SORT_LONGEST)
    match.first = sight_statement_int(statement, 6);
  else if (search->sort == SIGHT_SORT_FRICTION)
    match.friction = sight_statement_double(statement, 5);
  g_array_append_val(search->matches, match);
  return TRUE;
}

static gboolean take_all(Search *search, SightStatement *statement, guint limit, GError **error) {
  SightStep step = SIGHT_STEP_DONE;

  while ((limit == 0 || search->matches->len < limit) &&
         (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    if (!take(search, statement, error))
      return FALSE;
  }
  return step != SIGHT_STEP_FAILED;
}

static gboolean walk(Search *search, GError **error) {
  SightSql sql = SIGHT_SQL_SESSION_WALK_NEWEST;

  if (search->sort == SIGHT_SORT_FRICTION)
    sql = SIGHT_SQL_SESSION_WALK_FRICTION;
  else if (search->sort == SIGHT_SORT_LONGEST)
    sql = SIGHT_SQL_SESSION_WALK_LONGEST;
  g_autoptr(SightStatement) statement = keys_statement(search, sql, error);
  return statement != NULL && take_all(search, statement, search->filter->limit, error);
}

static int in_order(gconstpointer a, gconstpointer b) {
  const Match *x = a, *y = b;

  if (x->friction != y->friction)
    return x->friction > y->friction ? -1 : 1;
  if (x->first != y->first)
    return x->first > y->first ? -1 : 1;
  return x->row > y->row ? -1 : x->row < y->row;
}

static void sort_and_cut(Search *search) {
  g_array_sort(search->matches, in_order);
  if (search->filter->limit > 0 && search->matches->len > search->filter->limit)
    g_array_set_size(search->matches, search->filter->limit);
}

static gboolean take_flagged(Search *search, SightSql sql, GError **error) {
  g_autoptr(SightStatement) statement = keys_statement(search, sql, error);

  return statement != NULL && take_all(search, statement, 0, error);
}

static gboolean take_one(Search *search, SightSql sql, gint64 key, GError **error) {
  g_autoptr(SightStatement) statement = keys_statement(search, sql, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 5, key);
  return take_all(search, statement, 0, error);
}

static gboolean take_each(Search *search, SightSql sql, GArray *keys, GError **error) {
  for (guint i = 0; i < keys->len; i++) {
    if (!take_one(search, sql, g_array_index(keys, gint64, i), error))
      return FALSE;
  }
  return TRUE;
}

static gint64 count_flags(SightDb *db, guint32 all_flags, guint32 no_flags, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_COUNT, error);
  gint64 n = -1;

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, all_flags);
  sight_statement_bind_int(statement, 2, no_flags);
  sight_statement_bind_int(statement, 3, endpoint);
  return sight_statement_run_int(statement, &n, 0, error) ? n : -1;
}

/* How many the flags and endpoints alone leave. */
static gint64 count_plain(SightDb *db, const SightSessionFilter *filter, GError **error) {
  gint64 n = 0;

  if (filter->endpoints == NULL)
    return count_flags(db, filter->all_flags, filter->no_flags, filter->endpoint, error);
  for (guint i = 0; i < filter->endpoints->len; i++) {
    gint64 endpoint = g_array_index(filter->endpoints, gint64, i);
    if (filter->endpoint != 0 && filter->endpoint != endpoint)
      continue;
    gint64 more = count_flags(db, filter->all_flags, filter->no_flags, endpoint, error);
    if (more < 0)
      return -1;
    n += more;
  }
  return n;
}

/* How many sessions end on these pages. */
static gint64 count_exits(Search *search, GError **error) {
  gint64 n = 0;

  for (guint i = 0; i < search->filter->exit_pages->len; i++) {
    g_autoptr(SightStatement) statement = sight_db_statement(search->db, SIGHT_SQL_PAGE_N_EXITS, error);
    gint64 n_exits = 0;
    if (statement == NULL)
      return -1;
    sight_statement_bind_int(statement, 1, g_array_index(search->filter->exit_pages, gint64, i));
    if (!sight_statement_run_int(statement, &n_exits, 0, error))
      return -1;
    n += n_exits;
  }
  return n;
}

typedef enum {
  WAY_WALK,
  WAY_FLAG,
  WAY_EXIT,
  WAY_TEXT,
  WAY_SET,
  WAY_NONE, /* nothing can match */
} Way;

typedef struct {
  Way way;
  SightSql sql;
  double cost;
} Plan;

/* A walk that may stop early costs what lies before the last one wanted, as if matches were spread evenly. */
static Plan plan_walk(Search *search, double share, gint64 n_all) {
  double n_walked = (double)n_all;

  if (search->filter->limit > 0 && share > 0)
    n_walked = MIN(n_walked, search->filter->limit / share);
  return (Plan){.way = WAY_WALK, .cost = n_walked * COST_WALK};
}

static void consider(Plan *plan, Way way, SightSql sql, double cost) {
  if (cost < plan->cost)
    *plan = (Plan){.way = way, .sql = sql, .cost = cost};
}

static gboolean choose(Search *search, Plan *plan, GError **error) {
  const SightSessionFilter *filter = search->filter;
  gint64 n_all = count_flags(search->db, 0, 0, 0, error);
  gint64 n_flags = n_all >= 0 ? count_plain(search->db, filter, error) : -1;
  gint64 n_exits = n_flags >= 0 && filter->exit_pages != NULL ? count_exits(search, error) : n_all;

  if (n_flags < 0 || n_exits < 0)
    return FALSE;
  if (n_flags == 0 || n_exits == 0) {
    *plan = (Plan){.way = WAY_NONE};
    return TRUE;
  }
  double all = (double)n_all;
  double share = (double)n_flags / all * ((double)n_exits / all);
  if (search->texts != NULL)
    share *= search->texts->len / all;
  if (filter->within != NULL)
    share *= (double)sight_set_n(filter->within) / all;
  *plan = plan_walk(search, share, n_all);
  /* Every one that is taken costs a look at its text: then it pays to stop early. */
  if (search->pieces != NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS(flag_sources); i++) {
    if ((filter->all_flags & flag_sources[i].flag) == 0)
      continue;
    gint64 n = count_flags(search->db, flag_sources[i].flag, 0, 0, error);
    if (n < 0)
      return FALSE;
    consider(plan, WAY_FLAG, flag_sources[i].sql, (double)n * COST_FEW);
  }
  if (filter->exit_pages != NULL)
    consider(plan, WAY_EXIT, SIGHT_SQL_SESSION_OF_EXIT, (double)n_exits * COST_FEW);
  if (search->texts != NULL)
    consider(plan, WAY_TEXT, SIGHT_SQL_SESSION_KEYS, search->texts->len * (double)COST_ROW);
  if (filter->within != NULL)
    consider(plan, WAY_SET, SIGHT_SQL_SESSION_KEYS, (double)sight_set_n(filter->within) * COST_ROW);
  return TRUE;
}

static gboolean take_set(Search *search, GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(search->filter->within);

  return take_each(search, SIGHT_SQL_SESSION_KEYS, rows, error);
}

static gboolean run(Search *search, const Plan *plan, GError **error) {
  gboolean found = FALSE;

  switch (plan->way) {
  case WAY_NONE:
    return TRUE;
  case WAY_WALK:
    return walk(search, error);
  case WAY_FLAG:
    found = take_flagged(search, plan->sql, error);
    break;
  case WAY_EXIT:
    found = take_each(search, plan->sql, search->filter->exit_pages, error);
    break;
  case WAY_TEXT:
    found = take_each(search, plan->sql, search->texts, error);
    break;
  case WAY_SET:
    found = take_set(search, error);
    break;
  }
  if (found)
    sort_and_cut(search);
  return found;
}

GArray *sight_session_table_list(SightDb *db, const SightSessionFilter *filter, SightSessionSort sort, GError **error) {
  g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(Match));
  g_autoptr(GArray) texts = NULL;
  g_auto(GStrv) pieces = sight_text_table_pieces(filter->text);
  Search search = {.db = db, .filter = filter, .sort = sort, .matches = matches};
  Plan plan;

  if (pieces[0] != NULL) {
    guint limit = filter->limit > 0 ? COMMON_TEXT : 0;
    texts = sight_text_table_match(db, pieces, limit, error);
    if (texts == NULL)
      return NULL;
    search.pieces = limit > 0 && texts->len == limit ? pieces : NULL;
    search.texts = search.pieces == NULL ? texts : NULL;
  }
  if (!choose(&search, &plan, error) || !run(&search, &plan, error))
    return NULL;
  GArray *rows = g_array_sized_new(FALSE, FALSE, sizeof(gint64), matches->len);
  for (guint i = 0; i < matches->len; i++)
    g_array_append_val(rows, g_array_index(matches, Match, i).row);
  return rows;
}

gint64 sight_session_table_count(SightDb *db, const SightSessionFilter *filter, GError **error) {
  SightSessionFilter all = *filter;
  g_auto(GStrv) pieces = sight_text_table_pieces(filter->text);

  if (filter->exit_pages == NULL && filter->within == NULL && filter->since_ms == 0 && pieces[0] == NULL)
    return count_plain(db, filter, error);
  all.limit = 0;
  g_autoptr(GArray) rows = sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error);
  return rows != NULL ? (gint64)rows->len : -1;
}
