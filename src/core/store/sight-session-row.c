/* SPDX-License-Identifier: MIT */
/* A session's row: made with its first batch, flagged, erased with everything of it. */
#include "sight-session-row.h"

#include "sight-asset-row.h"
#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-kept-table.h"
#include "sight-page-row.h"
#include "sight-person-table.h"
#include "sight-text-table.h"
#include "sight-unread-table.h"
#include "sight-user.h"

#include <glib/gi18n-lib.h>

static SightStatement *with_session(SightDb *db, SightSql sql, gint64 endpoint, const char *session, GError **error) {
  SightStatement *statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, session);
  return statement;
}

static gint64 number_of(SightDb *db, SightSql sql, gint64 endpoint, const char *text, GError **error) {
  g_autoptr(SightStatement) statement = with_session(db, sql, endpoint, text, error);
  gint64 number = 0;

  if (statement == NULL || !sight_statement_run_int(statement, &number, 0, error))
    return -1;
  return number;
}

static gboolean run_with(SightDb *db, SightSql sql, gint64 endpoint, const char *text, GError **error) {
  g_autoptr(SightStatement) statement = with_session(db, sql, endpoint, text, error);

  return statement != NULL && sight_statement_run(statement, error);
}

gint64 sight_session_row_find(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  return number_of(db, SIGHT_SQL_SESSION_ROW, endpoint, session, error);
}

static gint64 add(SightDb *db, gint64 endpoint, const char *session, gint64 started_ms, gint64 arrived_ms,
                  GError **error) {
  /* Tags can arrive before their session. */
  gint64 tagged = number_of(db, SIGHT_SQL_ANNOTATION_HAS_TAG, endpoint, session, error);
  int unread = tagged >= 0 ? sight_unread_table_has(db, endpoint, session, error) : -1;
  g_autoptr(SightStatement) statement =
      unread >= 0 ? with_session(db, SIGHT_SQL_SESSION_ADD, endpoint, session, error) : NULL;

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 3, started_ms);
  sight_statement_bind_int(statement, 5, arrived_ms);
  sight_statement_bind_int(statement, 4,
                           (tagged > 0 ? SIGHT_SESSION_TAGGED : 0) | (unread > 0 ? SIGHT_SESSION_UNREAD : 0));
  /* It can be searched for from its first analysis on: a collector, which has none, needs no index. */
  return sight_statement_run(statement, error) ? sight_db_last_row(db) : -1;
}

gint64 sight_session_row_ensure(SightDb *db, gint64 endpoint, const char *session, gint64 started_ms, gint64 arrived_ms,
                                GError **error) {
  gint64 row = sight_session_row_find(db, endpoint, session, error);

  return row != 0 ? row : add(db, endpoint, session, started_ms, arrived_ms, error);
}

gboolean sight_session_row_set_flags(SightDb *db, gint64 row, guint32 unset, guint32 set, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_SET_FLAGS, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_int(statement, 2, unset);
  sight_statement_bind_int(statement, 3, set);
  return sight_statement_run(statement, error);
}

static gboolean add_tombstone(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(SightStatement) statement = with_session(db, SIGHT_SQL_TOMBSTONE_ADD, endpoint, session, error);
  gint64 revision = statement != NULL ? sight_db_next_revision(db, error) : -1;

  if (revision < 0)
    return FALSE;
  sight_statement_bind_int(statement, 3, revision);
  sight_statement_bind_int(statement, 4, sight_db_now_ms());
  return sight_statement_run(statement, error);
}

gboolean sight_session_row_remove(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_REMOVE, error);

  if (session == NULL || statement == NULL)
    return FALSE;
  if (!sight_page_row_count_session(db, row, -1, error) || !sight_text_table_remove(db, row, error) ||
      !sight_index_table_remove(db, row, error))
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  return sight_statement_run(statement, error) && sight_page_row_remove_unused(db, error) &&
         sight_kept_table_update_user(db, session->endpoint, session->user, error);
}

gboolean sight_session_row_erase(SightDb *db, gint64 row, gint64 endpoint, const char *session, GError **error) {
  if (row != 0 && !sight_session_row_remove(db, row, error))
    return FALSE;
  return run_with(db, SIGHT_SQL_ANNOTATION_REMOVE_SESSION, endpoint, session, error) &&
         run_with(db, SIGHT_SQL_FOLLOWED_REMOVE, endpoint, session, error) &&
         sight_asset_row_forget_waiting(db, error) && add_tombstone(db, endpoint, session, error) &&
         sight_text_table_mark_erased(db, error);
}

gboolean sight_session_table_erase(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);

  return session != NULL && sight_session_row_erase(db, row, session->endpoint, session->session, error);
}

static gboolean read_persons(SightDb *db, gpointer user_data, GError **error) {
  return sight_person_table_catch_up(db, SIGHT_PERSON_PORTION_BYTES, user_data, error);
}

gboolean sight_session_table_catch_up(SightStore *store, GError **error) {
  gboolean done = FALSE;

  while (!done) {
    if (!sight_store_write(store, SIGHT_WRITE_UNSEEN, read_persons, &done, error))
      return FALSE;
  }
  return TRUE;
}

GArray *sight_session_table_of_user(SightDb *db, gint64 endpoint, const char *user, guint limit, GError **error) {
  gboolean done = FALSE;
  if (!sight_person_table_catch_up(db, G_MAXINT64, &done, error))
    return NULL;
  g_autofree char *name = sight_user_name(user, -1);
  g_autofree char *bucket = name != NULL ? sight_user_bucket(name) : NULL;
  g_autoptr(SightStatement) statement = with_session(db, SIGHT_SQL_USER_SESSIONS, endpoint, name, error);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step = SIGHT_STEP_FAILED;

  if (statement != NULL) {
    sight_statement_bind_text(statement, 3, bucket);
    sight_statement_bind_int(statement, 4, limit);
  }
  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_array_append_val(rows, row);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&rows) : NULL;
}

gint64 sight_session_table_erase_user(SightDb *db, gint64 endpoint, const char *user, GError **error) {
  g_autoptr(GArray) rows = sight_session_table_of_user(db, endpoint, user, SIGHT_ERASED_AT_ONCE, error);

  if (rows == NULL)
    return -1;
  for (guint i = 0; i < rows->len; i++) {
    if (!sight_session_table_erase(db, g_array_index(rows, gint64, i), error))
      return -1;
  }
  return rows->len;
}
