/* SPDX-License-Identifier: MIT */
/* Sessions: one at a time. */
#include "sight-session-table.h"

#include "sight-db.h"
#include "sight-kept-table.h"
#include "sight-session-row.h"
#include "sight-text-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A mark is stored as its place (two bytes, low one first) and its kind. */
#define MARK_BYTES 3
#define MIN_PREFIX 6
/* The year 2000: there was nothing to record before. */
#define FIRST_DATE_MS G_GINT64_CONSTANT(946684800000)
#define DAY_MS (24 * 3600 * 1000)

guint32 sight_session_flag_of_signal(SightSignalKind kind) {
  static const guint32 flags[SIGHT_N_SIGNALS] = {
      [SIGHT_SIGNAL_ERROR] = SIGHT_SESSION_ERRORED, [SIGHT_SIGNAL_RAGE] = SIGHT_SESSION_RAGE,
      [SIGHT_SIGNAL_DEAD] = SIGHT_SESSION_DEAD,     [SIGHT_SIGNAL_SCROLL] = SIGHT_SESSION_SCROLL,
      [SIGHT_SIGNAL_NOISE] = SIGHT_SESSION_NOISE,
  };

  return flags[kind];
}

SightSession *sight_session_copy(const SightSession *session) {
  SightSession *copy = g_memdup2(session, sizeof *session);

  copy->session = g_strdup(session->session);
  copy->label = g_strdup(session->label);
  copy->user = g_strdup(session->user);
  copy->entry = g_strdup(session->entry);
  copy->exit = g_strdup(session->exit);
  copy->device = g_strdup(session->device);
  copy->release = g_strdup(session->release);
  copy->notice = g_strdup(session->notice);
  copy->marks = session->marks != NULL ? g_array_copy(session->marks) : NULL;
  return copy;
}

void sight_session_free(SightSession *session) {
  if (session == NULL)
    return;
  g_free(session->session);
  g_free(session->label);
  g_free(session->user);
  g_free(session->entry);
  g_free(session->exit);
  g_free(session->device);
  g_free(session->release);
  g_free(session->notice);
  g_clear_pointer(&session->marks, g_array_unref);
  g_free(session);
}

static GArray *unpack_marks(const guint8 *packed, gsize bytes) {
  GArray *marks = g_array_new(FALSE, FALSE, sizeof(SightSessionMark));

  for (gsize i = 0; i + MARK_BYTES <= bytes; i += MARK_BYTES) {
    SightSessionMark mark = {.at = (guint16)(packed[i] | packed[i + 1] << 8), .kind = packed[i + 2]};
    g_array_append_val(marks, mark);
  }
  return marks;
}

GBytes *sight_session_row_pack_marks(GArray *marks) {
  g_autoptr(GByteArray) packed = g_byte_array_new();

  for (guint i = 0; marks != NULL && i < marks->len; i++) {
    const SightSessionMark *mark = &g_array_index(marks, SightSessionMark, i);
    const guint8 bytes[MARK_BYTES] = {mark->at & 0xff, mark->at >> 8, mark->kind};
    g_byte_array_append(packed, bytes, sizeof bytes);
  }
  return g_byte_array_free_to_bytes(g_steal_pointer(&packed));
}

static char *both_notices(const char *source, const char *analysis) {
  if (source == NULL || analysis == NULL)
    return g_strdup(source != NULL ? source : analysis);
  return g_strconcat(source, "\n", analysis, NULL);
}

static SightSession *from_row(SightStatement *statement) {
  SightSession *session = g_new0(SightSession, 1);
  gsize bytes = 0;

  session->row = sight_statement_int(statement, 0);
  session->endpoint = sight_statement_int(statement, 1);
  session->session = sight_statement_dup_text(statement, 2);
  session->received_ms = sight_statement_int(statement, 3);
  session->started_ms = sight_statement_int(statement, 4);
  session->duration_ms = sight_statement_int(statement, 5);
  session->n_bytes = sight_statement_int(statement, 6);
  session->n_events = sight_statement_int(statement, 7);
  session->flags = (guint32)sight_statement_int(statement, 8);
  session->friction = sight_statement_double(statement, 9);
  session->label = sight_statement_dup_text(statement, 10);
  session->user = sight_statement_dup_text(statement, 11);
  session->entry = sight_statement_dup_text(statement, 12);
  session->exit = sight_statement_dup_text(statement, 13);
  session->device = sight_statement_dup_text(statement, 14);
  session->release = sight_statement_dup_text(statement, 15);
  session->viewport_w = (int)sight_statement_int(statement, 16);
  session->viewport_h = (int)sight_statement_int(statement, 17);
  session->n_windows = (int)sight_statement_int(statement, 18);
  session->n_pages = (int)sight_statement_int(statement, 19);
  session->n_clicks = (int)sight_statement_int(statement, 20);
  session->n_errors = (int)sight_statement_int(statement, 21);
  session->n_signals = (int)sight_statement_int(statement, 22);
  session->notice = both_notices(sight_statement_text(statement, 24), sight_statement_text(statement, 23));
  if (sight_statement_text(statement, 24) != NULL)
    session->flags |= SIGHT_SESSION_PARTIAL;
  const void *activity = sight_statement_blob(statement, 25, &bytes);
  if (activity != NULL)
    memcpy(session->activity, activity, MIN(bytes, sizeof session->activity));
  const void *marks = sight_statement_blob(statement, 26, &bytes);
  session->marks = marks != NULL ? unpack_marks(marks, bytes) : NULL;
  session->told = sight_statement_int(statement, 27) != 0;
  return session;
}

gboolean sight_session_is_dated(gint64 started_ms, gint64 received_ms) {
  return started_ms >= FIRST_DATE_MS && started_ms - DAY_MS < received_ms;
}

static gboolean not_found(GError **error) {
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no such session."));
  return FALSE;
}

SightSession *sight_session_table_get(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_GET, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, row);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_DONE)
    not_found(error);
  return step == SIGHT_STEP_ROW ? from_row(statement) : NULL;
}

/* The row, 0 where there is none, -1 where it failed or where the prefix fits several. */
static gint64 find(SightDb *db, SightSql sql, gint64 endpoint, const char *id, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, id);
  SightStep step = sight_statement_step(statement, error);
  if (step != SIGHT_STEP_ROW)
    return step == SIGHT_STEP_DONE ? 0 : -1;
  gint64 row = sight_statement_int(statement, 0);
  step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_ROW)
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                _("“%s” is the beginning of several sessions: give more of it."), id);
  return step == SIGHT_STEP_DONE ? row : -1;
}

SightSession *sight_session_table_find(SightDb *db, gint64 endpoint, const char *id, GError **error) {
  gint64 row = sight_id_is_valid(id) ? find(db, SIGHT_SQL_SESSION_FIND, endpoint, id, error) : 0;

  if (row == 0 && sight_id_is_valid(id) && strlen(id) >= MIN_PREFIX)
    row = find(db, SIGHT_SQL_SESSION_FIND_PREFIX, endpoint, id, error);
  if (row == 0)
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no session “%s”."), id);
  return row > 0 ? sight_session_table_get(db, row, error) : NULL;
}

gboolean sight_session_table_name(SightDb *db, gint64 row, gint64 *endpoint, char **id, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_NAME, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_DONE)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no such session."));
  if (step != SIGHT_STEP_ROW)
    return FALSE;
  *endpoint = sight_statement_int(statement, 0);
  *id = sight_statement_dup_text(statement, 1);
  return TRUE;
}

gboolean sight_session_table_set_source(SightDb *db, gint64 row, const char *label, const char *notice,
                                        GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_SET_SOURCE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_text(statement, 2, label);
  sight_statement_bind_text(statement, 3, notice);
  if (!sight_statement_run(statement, error))
    return FALSE;
  return sight_db_changes(db) == 1 ? sight_text_table_update(db, row, error) : not_found(error);
}

gboolean sight_session_table_set_to_watch(SightDb *db, gint64 row, gboolean wanted, GError **error) {
  return sight_session_row_set_flags(db, row, wanted ? 0 : SIGHT_SESSION_TO_WATCH, wanted ? SIGHT_SESSION_TO_WATCH : 0,
                                     error) &&
         sight_kept_table_update(db, row, error);
}

gboolean sight_session_table_set_seen(SightDb *db, gint64 row, gboolean seen, GError **error) {
  return sight_session_row_set_flags(db, row, seen ? 0 : SIGHT_SESSION_SEEN, seen ? SIGHT_SESSION_SEEN : 0, error) &&
         sight_kept_table_update(db, row, error);
}
