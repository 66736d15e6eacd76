/* SPDX-License-Identifier: MIT */
/* Sessions by age and size. */
#include "sight-retention-table.h"

#include "sight-db.h"

gboolean sight_retention_table_note_error(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_RETENTION_NOTE_ERROR, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  return sight_statement_run(statement, error);
}

GArray *sight_retention_table_list_old(SightDb *db, gint64 endpoint, gint64 before_ms, gint64 errored_before_ms,
                                       guint limit, gint64 *n_bytes, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_RETENTION_OLD, error);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step;

  *n_bytes = 0;
  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_int(statement, 2, before_ms);
  sight_statement_bind_int(statement, 3, errored_before_ms);
  sight_statement_bind_int(statement, 4, limit);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    *n_bytes += sight_statement_int(statement, 1);
    g_array_append_val(rows, row);
  }
  return step == SIGHT_STEP_FAILED ? NULL : g_steal_pointer(&rows);
}

gboolean sight_retention_table_count(SightDb *db, gint64 endpoint, gint64 since_ms, gint64 *n_bytes, gint64 *n_begun,
                                     GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_RETENTION_COUNT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_int(statement, 2, since_ms);
  if (sight_statement_step(statement, error) != SIGHT_STEP_ROW)
    return FALSE;
  *n_bytes = sight_statement_int(statement, 0);
  *n_begun = sight_statement_int(statement, 1);
  return TRUE;
}
