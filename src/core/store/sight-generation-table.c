/* SPDX-License-Identifier: MIT */
/* Generations of a collector's store. */
#include "sight-generation-table.h"

#include "sight-db.h"
#include "sight-text.h"

gboolean sight_generation_table_begin(SightDb *db, GError **error) {
  g_autoptr(SightStatement) add = sight_db_statement(db, SIGHT_SQL_GENERATION_ADD, error);
  g_autoptr(SightStatement) trim = add != NULL ? sight_db_statement(db, SIGHT_SQL_GENERATION_TRIM, error) : NULL;
  g_autofree char *id = sight_id_new();

  if (trim == NULL)
    return FALSE;
  sight_statement_bind_text(add, 1, id);
  return sight_statement_run(add, error) && sight_statement_run(trim, error);
}

char *sight_generation_table_current(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_GENERATION_CURRENT, error);
  SightStep step = statement != NULL ? sight_statement_step(statement, error) : SIGHT_STEP_FAILED;

  if (step == SIGHT_STEP_FAILED)
    return NULL;
  return step == SIGHT_STEP_ROW ? sight_statement_dup_text(statement, 0) : g_strdup("");
}

gboolean sight_generation_table_knows(SightDb *db, const char *generation, gint64 revision, gboolean *knows,
                                      GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_GENERATION_KNOWS, error);
  gint64 known = 0;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_text(statement, 1, generation);
  sight_statement_bind_int(statement, 2, revision);
  if (!sight_statement_run_int(statement, &known, 0, error))
    return FALSE;
  *knows = known != 0;
  return TRUE;
}
