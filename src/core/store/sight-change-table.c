/* SPDX-License-Identifier: MIT */
/* The stream of changes, tombstones, and how far a cache has followed. */
#include "sight-change-table.h"

#include "sight-db.h"
#include "sight-digest-table.h"
#include "sight-session-row.h"

GPtrArray *sight_change_table_list(SightDb *db, gint64 endpoint, gint64 after_revision, guint limit, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_CHANGE_LIST, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_change_free);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_int(statement, 2, after_revision);
  sight_statement_bind_int(statement, 3, limit);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    SightChange *change = g_new0(SightChange, 1);
    change->revision = sight_statement_int(statement, 0);
    change->session = sight_statement_dup_text(statement, 1);
    change->erased = sight_statement_int(statement, 2) != 0;
    change->received_ms = sight_statement_int(statement, 3);
    change->last_arrival = sight_statement_int(statement, 4);
    change->n_batches = sight_statement_int(statement, 5);
    g_ptr_array_add(list, change);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

static SightStatement *with_session(SightDb *db, SightSql sql, gint64 endpoint, const char *session, GError **error) {
  SightStatement *statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, session);
  return statement;
}

gint64 sight_change_table_last_arrival(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_LAST_ARRIVAL, error);
  gint64 arrival = -1;

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, session_row);
  return sight_statement_run_int(statement, &arrival, 0, error) ? arrival : -1;
}

gint64 sight_change_table_get_followed(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(SightStatement) statement = with_session(db, SIGHT_SQL_FOLLOWED_GET, endpoint, session, error);
  gint64 arrival = -1;

  if (statement == NULL || !sight_statement_run_int(statement, &arrival, 0, error))
    return -1;
  return arrival;
}

gboolean sight_change_table_set_followed(SightDb *db, gint64 endpoint, const char *session, gint64 arrival,
                                         GError **error) {
  g_autoptr(SightStatement) statement = with_session(db, SIGHT_SQL_FOLLOWED_SET, endpoint, session, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 3, arrival);
  return sight_statement_run(statement, error);
}

gboolean sight_change_table_forget_followed(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_FOLLOWED_REMOVE_ALL, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  return sight_statement_run(statement, error) && sight_digest_table_forget(db, endpoint, error);
}

void sight_aside_free(SightAside *aside) {
  if (aside == NULL)
    return;
  g_free(aside->session);
  g_free(aside->problem);
  g_free(aside);
}

gboolean sight_change_table_set_aside(SightDb *db, gint64 endpoint, const char *session, gint64 wanted,
                                      const char *problem, GError **error) {
  g_autoptr(SightStatement) statement = with_session(db, SIGHT_SQL_FOLLOWED_SET_ASIDE, endpoint, session, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 3, wanted);
  sight_statement_bind_text(statement, 4, problem);
  sight_statement_bind_int(statement, 5, sight_db_now_ms());
  return sight_statement_run(statement, error);
}

gboolean sight_change_table_take_back(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(SightStatement) statement = with_session(db, SIGHT_SQL_FOLLOWED_TAKE_BACK, endpoint, session, error);

  return statement != NULL && sight_statement_run(statement, error);
}

GPtrArray *sight_change_table_list_aside(SightDb *db, gint64 endpoint, gint64 now_ms, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_FOLLOWED_LIST_ASIDE, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_aside_free);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_int(statement, 2, now_ms);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    SightAside *aside = g_new0(SightAside, 1);
    aside->session = sight_statement_dup_text(statement, 0);
    aside->problem = sight_statement_dup_text(statement, 1);
    aside->wanted = sight_statement_int(statement, 2);
    aside->n_tries = sight_statement_int(statement, 3);
    g_ptr_array_add(list, aside);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}

gboolean sight_change_table_is_erased(SightDb *db, gint64 endpoint, const char *session, gboolean *erased,
                                      GError **error) {
  g_autoptr(SightStatement) statement = with_session(db, SIGHT_SQL_TOMBSTONE_STANDS, endpoint, session, error);
  gint64 stands = 0;

  if (statement == NULL || !sight_statement_run_int(statement, &stands, 0, error))
    return FALSE;
  *erased = stands != 0;
  return TRUE;
}

gboolean sight_change_table_apply_tombstone(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  gint64 row = sight_session_row_find(db, endpoint, session, error);

  return row >= 0 && sight_session_row_erase(db, row, endpoint, session, error);
}

gboolean sight_change_table_last_revision(SightDb *db, gint64 endpoint, gint64 *revision, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_CHANGE_LAST, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  return sight_statement_run_int(statement, revision, 0, error);
}
