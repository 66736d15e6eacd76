/* SPDX-License-Identifier: MIT */
/* Sets of sessions by one column each. */
#include "sight-session-column.h"

#include "sight-db.h"
#include "sight-text-table.h"

/* All rows that a statement gives, in its first column. */
static SightSet *take(SightStatement *statement, GError **error) {
  g_autoptr(SightSet) set = sight_set_new();
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    sight_set_add(set, sight_statement_int(statement, 0));
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&set) : NULL;
}

static SightSet *with_number(SightDb *db, SightSql sql, gint64 number, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement != NULL)
    sight_statement_bind_int(statement, 1, number);
  return take(statement, error);
}

SightSet *sight_session_column_all(SightDb *db, GError **error) {
  return with_number(db, SIGHT_SQL_COLUMN_ENDPOINT, 0, error);
}

SightSet *sight_session_column_endpoint(SightDb *db, gint64 endpoint, GError **error) {
  return with_number(db, SIGHT_SQL_COLUMN_ENDPOINT, endpoint, error);
}

SightSet *sight_session_column_flags(SightDb *db, guint32 flags, GError **error) {
  return with_number(db, SIGHT_SQL_COLUMN_FLAGS, flags, error);
}

SightSet *sight_session_column_ids(SightDb *db, SightColumnTest test, gpointer user_data, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COLUMN_SESSION, error);
  g_autoptr(SightSet) set = sight_set_new();
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    if (test(sight_statement_text(statement, 1), user_data))
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
