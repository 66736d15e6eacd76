/* SPDX-License-Identifier: MIT */
/* What is unread of what teammates said. */
#include "sight-unread-table.h"

#include "sight-annotation-table.h"
#include "sight-db.h"
#include "sight-hash.h"
#include "sight-kept-table.h"
#include "sight-session-row.h"

static SightStatement *of_session(SightDb *db, SightSql sql, gint64 endpoint, const char *session, GError **error) {
  SightStatement *statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, session);
  return statement;
}

static gboolean change(SightDb *db, SightSql sql, const SightAnnotation *annotation, GError **error) {
  g_autoptr(SightStatement) statement = of_session(db, sql, annotation->endpoint, annotation->session, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_text(statement, 3, annotation->id);
  return sight_statement_run(statement, error);
}

static gboolean is_synced(SightDb *db, gint64 endpoint, gboolean *synced, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_UNREAD_SYNCED, error);
  gint64 synced_ms = 0;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  gboolean done = sight_statement_run_int(statement, &synced_ms, 0, error);
  *synced = synced_ms > 0;
  return done;
}

gboolean sight_unread_table_take(SightDb *db, const SightAnnotation *annotation, gboolean is_new, GError **error) {
  const char *const kinds[] = {"tag", "note", "reply", NULL};
  g_autofree char *own = sight_annotation_own_author();
  gboolean synced = FALSE;

  if (annotation->session == NULL || !g_strv_contains(kinds, annotation->kind))
    return TRUE;
  if (annotation->deleted)
    return change(db, SIGHT_SQL_UNREAD_REMOVE, annotation, error);
  if (!is_new || g_strcmp0(annotation->author, own) == 0)
    return TRUE;
  return is_synced(db, annotation->endpoint, &synced, error) &&
         (!synced || change(db, SIGHT_SQL_UNREAD_ADD, annotation, error));
}

GHashTable *sight_unread_table_list(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(GHashTable) ids = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  g_autoptr(SightStatement) statement = of_session(db, SIGHT_SQL_UNREAD_LIST, endpoint, session, error);
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW)
    g_hash_table_add(ids, sight_statement_dup_text(statement, 0));
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&ids) : NULL;
}

int sight_unread_table_has(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  g_autoptr(SightStatement) statement = of_session(db, SIGHT_SQL_UNREAD_LIST, endpoint, session, error);
  SightStep step = statement != NULL ? sight_statement_step(statement, error) : SIGHT_STEP_FAILED;

  return step == SIGHT_STEP_FAILED ? -1 : step == SIGHT_STEP_ROW;
}

gboolean sight_unread_table_clear(SightDb *db, gint64 endpoint, const char *session, GError **error) {
  gint64 row = sight_session_row_find(db, endpoint, session, error);
  g_autoptr(SightStatement) statement = of_session(db, SIGHT_SQL_UNREAD_CLEAR, endpoint, session, error);

  if (row < 0 || statement == NULL || !sight_statement_run(statement, error))
    return FALSE;
  return row == 0 || (sight_session_row_set_flags(db, row, SIGHT_SESSION_UNREAD, 0, error) &&
                      sight_kept_table_update(db, row, error));
}
