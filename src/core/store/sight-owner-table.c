/* SPDX-License-Identifier: MIT */
/* Whose a session is. */
#include "sight-owner-table.h"

#include "sight-db.h"
#include "sight-session-row.h"

#include <string.h>

void sight_owner_hash(const char *proof, guint8 hash[SIGHT_OWNER_HASH_BYTES]) {
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  gsize bytes = SIGHT_OWNER_HASH_BYTES;
  g_checksum_update(checksum, (const guchar *)proof, -1);
  g_checksum_get_digest(checksum, hash, &bytes);
}

gboolean sight_owner_table_check(SightDb *db, gint64 endpoint, const char *session, const guint8 *proof, gboolean *owns,
                                 GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_OWNER_CHECK, error);
  gint64 owned = 0;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, session);
  if (proof != NULL)
    sight_statement_bind_blob(statement, 3, proof, SIGHT_OWNER_HASH_BYTES);
  if (!sight_statement_run_int(statement, &owned, 1, error))
    return FALSE;
  *owns = owned != 0;
  return TRUE;
}

gboolean sight_owner_table_set(SightDb *db, gint64 endpoint, const char *session, const guint8 *proof, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_OWNER_SET, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, session);
  sight_statement_bind_blob(statement, 3, proof, SIGHT_OWNER_HASH_BYTES);
  return sight_statement_run(statement, error);
}

gboolean sight_owner_table_get(SightDb *db, gint64 session_row, gboolean *has, guint8 proof[SIGHT_OWNER_HASH_BYTES],
                               gint64 *n_batches, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_OWNER_GET, error);
  gsize bytes = 0;

  *has = FALSE;
  *n_batches = 0;
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  SightStep step = sight_statement_step(statement, error);
  const void *data = step == SIGHT_STEP_ROW ? sight_statement_blob(statement, 0, &bytes) : NULL;
  if (step == SIGHT_STEP_ROW)
    *n_batches = sight_statement_int(statement, 1);
  *has = data != NULL && bytes == SIGHT_OWNER_HASH_BYTES;
  if (*has)
    memcpy(proof, data, bytes);
  return step != SIGHT_STEP_FAILED;
}
