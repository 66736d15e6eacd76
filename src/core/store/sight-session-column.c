/* SPDX-License-Identifier: MIT */
/* Sets of sessions by one column each. */
#include "sight-session-column.h"

#include "sight-db.h"
#include "sight-text-table.h"

static const SightSql sql_of[SIGHT_N_COLUMNS] = {
    [SIGHT_COLUMN_STARTED] = SIGHT_SQL_COLUMN_STARTED,
    [SIGHT_COLUMN_DURATION] = SIGHT_SQL_COLUMN_DURATION,
    [SIGHT_COLUMN_FRICTION] = SIGHT_SQL_COLUMN_FRICTION,
    [SIGHT_COLUMN_N_PAGES] = SIGHT_SQL_COLUMN_N_PAGES,
    [SIGHT_COLUMN_N_CLICKS] = SIGHT_SQL_COLUMN_N_CLICKS,
    [SIGHT_COLUMN_N_SIGNALS] = SIGHT_SQL_COLUMN_N_SIGNALS,
    [SIGHT_COLUMN_ENDPOINT_ROW] = SIGHT_SQL_COLUMN_ENDPOINT_ROW,
    [SIGHT_COLUMN_EXIT_ROW] = SIGHT_SQL_COLUMN_EXIT_ROW,
    [SIGHT_COLUMN_WIDTH] = SIGHT_SQL_COLUMN_WIDTH,
    [SIGHT_COLUMN_ENTRY] = SIGHT_SQL_COLUMN_ENTRY,
    [SIGHT_COLUMN_EXIT] = SIGHT_SQL_COLUMN_EXIT,
    [SIGHT_COLUMN_USER] = SIGHT_SQL_COLUMN_USER,
    [SIGHT_COLUMN_SESSION] = SIGHT_SQL_COLUMN_SESSION,
    [SIGHT_COLUMN_ENDPOINT] = SIGHT_SQL_COLUMN_ENDPOINT,
    [SIGHT_COLUMN_DEVICE] = SIGHT_SQL_COLUMN_DEVICE,
    [SIGHT_COLUMN_RELEASE] = SIGHT_SQL_COLUMN_RELEASE,
};

/* All rows that a statement gives, in its first column. */
static SightSet *take(SightStatement *statement, GError **error) {
  g_autoptr(SightSet) set = sight_set_new();
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    sight_set_add(set, sight_statement_int(statement, 0));
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&set) : NULL;
}

SightSet *sight_session_column_flags(SightDb *db, guint32 all, guint32 none, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COLUMN_FLAGS, error);

  if (statement != NULL) {
    sight_statement_bind_int(statement, 1, all);
    sight_statement_bind_int(statement, 2, none);
  }
  return take(statement, error);
}

SightSet *sight_session_column_all(SightDb *db, GError **error) {
  return sight_session_column_flags(db, 0, 0, error);
}

SightSet *sight_session_column_new_users(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COLUMN_NEW_USERS, error);

  return take(statement, error);
}

SightSet *sight_session_column_between(SightDb *db, SightSessionColumn column, double from, double to, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql_of[column], error);

  if (statement != NULL) {
    sight_statement_bind_double(statement, 1, from);
    sight_statement_bind_double(statement, 2, to);
  }
  return take(statement, error);
}

SightSet *sight_session_column_where(SightDb *db, SightSessionColumn column, SightColumnTest test, gpointer user_data,
                                     GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql_of[column], error);
  g_autoptr(SightSet) set = sight_set_new();
  g_autofree char *last = NULL;
  gboolean passes = FALSE;
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    const char *text = sight_statement_text(statement, 1);
    if (text == NULL)
      continue;
    if (g_strcmp0(last, text) != 0) {
      g_free(last);
      last = g_strdup(text);
      passes = test(text, user_data);
    }
    if (passes)
      sight_set_add(set, sight_statement_int(statement, 0));
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&set) : NULL;
}

SightSet *sight_session_column_words(SightDb *db, const char *folded_words, GError **error) {
  char *pieces[] = {(char *)folded_words, NULL};
  g_autoptr(GArray) rows = sight_text_table_match(db, pieces, error);
  g_autoptr(SightSet) set = rows != NULL ? sight_set_new() : NULL;

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    sight_set_add(set, g_array_index(rows, gint64, i));
  return g_steal_pointer(&set);
}
