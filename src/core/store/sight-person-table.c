/* SPDX-License-Identifier: MIT */
/* Persons named by the events of sessions. */
#include "sight-person-table.h"

#include "sight-db.h"

static gboolean add(SightDb *db, gint64 session_row, const char *user, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PERSON_ADD, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, user);
  return sight_statement_run(statement, error);
}

static gboolean count(SightDb *db, gint64 session_row, gint64 *n, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_PERSON_COUNT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  return sight_statement_run_int(statement, n, 0, error);
}

gboolean sight_person_table_note(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error) {
  gint64 n = 0;

  if (batch->users == NULL)
    return TRUE;
  if (!count(db, session_row, &n, error))
    return FALSE;
  for (guint i = 0; i < batch->users->len; i++) {
    const char *name = batch->users->pdata[i];
    g_autofree char *bucket = n >= SIGHT_USERS_MAX_NAMES ? sight_user_bucket(name) : NULL;
    if (!add(db, session_row, bucket != NULL ? bucket : name, error))
      return FALSE;
    n += sight_db_changes(db);
  }
  return TRUE;
}
