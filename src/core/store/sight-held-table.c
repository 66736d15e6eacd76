/* SPDX-License-Identifier: MIT */
/* Recordings that are here, or not. */
#include "sight-held-table.h"

#include "sight-db.h"
#include "sight-session-row.h"

static SightStatement *with_number(SightDb *db, SightSql sql, gint64 number, GError **error) {
  SightStatement *statement = sight_db_statement(db, sql, error);

  if (statement != NULL)
    sight_statement_bind_int(statement, 1, number);
  return statement;
}

GArray *sight_held_table_list(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = with_number(db, SIGHT_SQL_HELD_LIST, endpoint, error);
  g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(SightHeld));
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    SightHeld held = {.row = sight_statement_int(statement, 0),
                      .received_ms = sight_statement_int(statement, 1),
                      .stays = sight_statement_int(statement, 2) != 0};
    held.bytes = sight_held_table_bytes(db, held.row, error);
    if (held.bytes < 0)
      return NULL;
    g_array_append_val(list, held);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

gint64 sight_held_table_bytes(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(SightStatement) statement = with_number(db, SIGHT_SQL_HELD_BYTES, session_row, error);
  gint64 bytes = 0;

  return statement != NULL && sight_statement_run_int(statement, &bytes, 0, error) ? bytes : -1;
}

GArray *sight_held_table_told(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = with_number(db, SIGHT_SQL_HELD_TOLD, endpoint, error);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_array_append_val(rows, row);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&rows) : NULL;
}

gboolean sight_held_table_use(SightDb *db, gint64 session_row, gint64 used_ms, GError **error) {
  g_autoptr(SightStatement) statement = with_number(db, SIGHT_SQL_HELD_USE, session_row, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 2, used_ms);
  return sight_statement_run(statement, error);
}

gboolean sight_held_table_drop(SightDb *db, gint64 session_row, GError **error) {
  static const SightSql parts[] = {
      SIGHT_SQL_HELD_NOTE_ARRIVAL,   SIGHT_SQL_HELD_DROP_FOLLOWED,   SIGHT_SQL_HELD_DROP_BATCHES,
      SIGHT_SQL_REWRITE_DROP_BLOCKS, SIGHT_SQL_REWRITE_DROP_TRACKS,  SIGHT_SQL_REWRITE_DROP_ACCOUNT,
      SIGHT_SQL_HELD_DROP_ASSETS,    SIGHT_SQL_HELD_DROP_OF_SESSION,
  };

  for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
    g_autoptr(SightStatement) statement = with_number(db, parts[i], session_row, error);
    if (statement == NULL || !sight_statement_run(statement, error))
      return FALSE;
  }
  return TRUE;
}

static GArray *list_past(SightDb *db, gint64 endpoint, gint64 before_ms, guint limit, GError **error) {
  g_autoptr(SightStatement) statement = with_number(db, SIGHT_SQL_HELD_PAST, endpoint, error);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step = SIGHT_STEP_FAILED;

  if (statement != NULL) {
    sight_statement_bind_int(statement, 2, before_ms);
    sight_statement_bind_int(statement, 3, SIGHT_SESSION_TO_WATCH | SIGHT_SESSION_UNREAD);
    sight_statement_bind_int(statement, 4, limit);
  }
  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_array_append_val(rows, row);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&rows) : NULL;
}

int sight_held_table_prune(SightDb *db, gint64 endpoint, gint64 before_ms, guint limit, GError **error) {
  g_autoptr(GArray) rows = list_past(db, endpoint, before_ms, limit, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    if (!sight_session_row_remove(db, g_array_index(rows, gint64, i), error))
      return -1;
  }
  return rows != NULL ? (int)rows->len : -1;
}
