/* SPDX-License-Identifier: MIT */
/* What analysis found in each session, and which sessions wait for it. */
#include "sight-analysis-table.h"

#include "sight-db.h"
#include "sight-kept-table.h"
#include "sight-page-row.h"
#include "sight-session-row.h"
#include "sight-signal-row.h"
#include "sight-text-table.h"

#include <glib/gi18n-lib.h>

/* The row of a ruleset; 0 where no session was analysed by it yet, -1 on error. */
static gint64 ruleset_row(SightDb *db, const char *ruleset, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_RULESET_ROW, error);
  gint64 row = 0;

  if (statement == NULL)
    return -1;
  sight_statement_bind_text(statement, 1, ruleset);
  return sight_statement_run_int(statement, &row, 0, error) ? row : -1;
}

static gint64 ensure_ruleset(SightDb *db, const char *ruleset, GError **error) {
  gint64 row = ruleset_row(db, ruleset, error);

  if (row != 0)
    return row;
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_RULESET_ADD, error);
  if (statement == NULL)
    return -1;
  sight_statement_bind_text(statement, 1, ruleset);
  return sight_statement_run(statement, error) ? sight_db_last_row(db) : -1;
}

/* A ruleset that no session has yet matches none: its row is one that does not exist. */
static SightStatement *stale(SightDb *db, SightSql sql, gint64 endpoint, const char *ruleset, int version,
                             GError **error) {
  gint64 row = ruleset_row(db, ruleset, error);
  SightStatement *statement = row >= 0 ? sight_db_statement(db, sql, error) : NULL;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_int(statement, 2, row > 0 ? row : -1);
  sight_statement_bind_int(statement, 3, version);
  return statement;
}

gint64 sight_analysis_table_count_pending(SightDb *db, gint64 endpoint, const char *ruleset, int version,
                                          GError **error) {
  g_autoptr(SightStatement) statement = stale(db, SIGHT_SQL_ANALYSIS_COUNT, endpoint, ruleset, version, error);
  gint64 n = -1;

  return statement != NULL && sight_statement_run_int(statement, &n, 0, error) ? n : -1;
}

typedef struct {
  gint64 received_ms, row;
} Waiting;

static int newest_first(gconstpointer a, gconstpointer b) {
  const Waiting *x = a, *y = b;

  if (x->received_ms != y->received_ms)
    return x->received_ms > y->received_ms ? -1 : 1;
  return x->row > y->row ? -1 : x->row < y->row;
}

/* The newest of a group of sessions that were analysed alike: the statement that gave the group stands on it. */
static gboolean take_group(SightDb *db, SightStatement *group, guint limit, GArray *waiting, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ANALYSIS_OF_GROUP, error);
  SightStep step;

  if (statement == NULL)
    return FALSE;
  for (int i = 0; i < 3; i++)
    sight_statement_bind_int(statement, i + 1, sight_statement_int(group, i));
  sight_statement_bind_int(statement, 4, sight_db_now_ms());
  sight_statement_bind_int(statement, 5, limit);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    Waiting one = {.row = sight_statement_int(statement, 0), .received_ms = sight_statement_int(statement, 1)};
    g_array_append_val(waiting, one);
  }
  return step == SIGHT_STEP_DONE;
}

GArray *sight_analysis_table_pending(SightDb *db, gint64 endpoint, const char *ruleset, int version, guint limit,
                                     GError **error) {
  g_autoptr(SightStatement) groups = stale(db, SIGHT_SQL_ANALYSIS_STALE_GROUPS, endpoint, ruleset, version, error);
  g_autoptr(GArray) waiting = g_array_new(FALSE, FALSE, sizeof(Waiting));
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step = SIGHT_STEP_FAILED;

  while (groups != NULL && (step = sight_statement_step(groups, error)) == SIGHT_STEP_ROW) {
    if (!take_group(db, groups, limit, waiting, error))
      return NULL;
  }
  if (step != SIGHT_STEP_DONE)
    return NULL;
  g_array_sort(waiting, newest_first);
  for (guint i = 0; i < MIN(waiting->len, limit); i++)
    g_array_append_val(rows, g_array_index(waiting, Waiting, i).row);
  return g_steal_pointer(&rows);
}

GArray *sight_analysis_table_current(SightDb *db, gint64 endpoint, const char *ruleset, int version, gint64 after_row,
                                     guint limit, GError **error) {
  g_autoptr(SightStatement) statement = stale(db, SIGHT_SQL_ANALYSIS_CURRENT, endpoint, ruleset, version, error);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 4, after_row);
  sight_statement_bind_int(statement, 5, limit);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_array_append_val(rows, row);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&rows) : NULL;
}

gint64 sight_analysis_table_revision(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_ANALYSIS_REVISION, error);
  gint64 revision = -1;

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, row);
  if (!sight_statement_run_int(statement, &revision, -1, error))
    return -1;
  if (revision < 0)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no such session."));
  return revision;
}

gboolean sight_analysis_table_take_lease(SightDb *db, gint64 row, const char *owner, gint64 until_ms, gint64 *revision,
                                         GError **error) {
  *revision = sight_analysis_table_revision(db, row, error);
  g_autoptr(SightStatement) statement = *revision >= 0 ? sight_db_statement(db, SIGHT_SQL_LEASE_TAKE, error) : NULL;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_text(statement, 2, owner);
  sight_statement_bind_int(statement, 3, until_ms);
  sight_statement_bind_int(statement, 4, sight_db_now_ms());
  return sight_statement_run(statement, error) && sight_db_changes(db) == 1;
}

static gboolean give_lease_back(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_LEASE_REMOVE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  return sight_statement_run(statement, error);
}

/* `ruleset` 0: it waits for analysis still. */
static gboolean save_session(SightDb *db, const SightSession *session, gint64 endpoint, gint64 ruleset, int version,
                             GError **error) {
  g_autoptr(GBytes) marks = sight_session_row_pack_marks(session->marks);
  gint64 entry = sight_page_row_ensure(db, endpoint, session->entry, error);
  gint64 exit = entry >= 0 ? sight_page_row_ensure(db, endpoint, session->exit, error) : -1;
  g_autoptr(SightStatement) statement = exit >= 0 ? sight_db_statement(db, SIGHT_SQL_SESSION_SAVE, error) : NULL;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session->row);
  sight_statement_bind_int(statement, 2, session->started_ms);
  sight_statement_bind_int(statement, 3, session->duration_ms);
  sight_statement_bind_int(statement, 4, SIGHT_SESSION_KEPT_FLAGS);
  sight_statement_bind_int(statement, 5,
                           (session->flags & ~(guint32)SIGHT_SESSION_KEPT_FLAGS) | SIGHT_SESSION_ANALYSED);
  sight_statement_bind_double(statement, 6, session->friction);
  sight_statement_bind_int(statement, 7, entry);
  sight_statement_bind_int(statement, 8, exit);
  sight_statement_bind_int(statement, 9, ruleset);
  sight_statement_bind_int(statement, 10, version);
  sight_statement_bind_text(statement, 11, session->user);
  sight_statement_bind_text(statement, 12, session->device);
  sight_statement_bind_text(statement, 13, session->release);
  sight_statement_bind_int(statement, 14, session->viewport_w);
  sight_statement_bind_int(statement, 15, session->viewport_h);
  sight_statement_bind_int(statement, 16, session->n_windows);
  sight_statement_bind_int(statement, 17, session->n_pages);
  sight_statement_bind_int(statement, 18, session->n_clicks);
  sight_statement_bind_int(statement, 19, session->n_errors);
  sight_statement_bind_int(statement, 20, session->n_signals);
  sight_statement_bind_text(statement, 21, session->notice);
  sight_statement_bind_blob(statement, 22, session->activity, sizeof session->activity);
  sight_statement_bind_blob(statement, 23, g_bytes_get_data(marks, NULL), g_bytes_get_size(marks));
  return sight_statement_run(statement, error);
}

/* Of whom it was and of whom it is now another session may be the first or the last. */
static gboolean update_users(SightDb *db, const SightSession *before, const SightSession *now, GError **error) {
  if (!sight_kept_table_update_user(db, before->endpoint, now->user, error))
    return FALSE;
  return g_strcmp0(before->user, now->user) == 0 ||
         sight_kept_table_update_user(db, before->endpoint, before->user, error);
}

gboolean sight_analysis_table_save(SightDb *db, const SightSession *session, gint64 revision, const char *ruleset,
                                   int version, GPtrArray *signals, GPtrArray *pages, GError **error) {
  g_autoptr(SightSession) before = sight_session_table_get(db, session->row, error);
  gint64 now = before != NULL ? sight_analysis_table_revision(db, session->row, error) : -1;
  gint64 rules = now >= 0 ? ensure_ruleset(db, ruleset, error) : -1;
  gint64 row = session->row;

  if (rules < 0)
    return FALSE;
  /* More came in meanwhile: better than nothing, but it waits for the next pass. */
  if (now != revision)
    rules = 0;
  if (!sight_page_row_count_session(db, row, -1, error) ||
      !sight_page_row_set_views(db, row, before->endpoint, pages, error) ||
      !save_session(db, session, before->endpoint, rules, version, error) ||
      !sight_page_row_count_session(db, row, 1, error) || !sight_page_row_remove_unused(db, error))
    return FALSE;
  return sight_signal_row_set(db, row, signals, error) && update_users(db, before, session, error) &&
         sight_text_table_update(db, row, error) && give_lease_back(db, row, error);
}
