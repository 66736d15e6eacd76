/* SPDX-License-Identifier: MIT */
/* Counting by rows. */
#include "sight-news-table.h"

#include "sight-db.h"

gint64 sight_news_table_last_row(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_LAST_ROW, error);
  gint64 row = 0;

  return statement != NULL && sight_statement_run_int(statement, &row, 0, error) ? row : -1;
}

gboolean sight_news_table_count_behind(SightDb *db, gint64 row, gint64 *n, gint64 *n_rough, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_COUNT_BEHIND, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  if (sight_statement_step(statement, error) != SIGHT_STEP_ROW)
    return FALSE;
  *n = sight_statement_int(statement, 0);
  *n_rough = sight_statement_int(statement, 1);
  return TRUE;
}
