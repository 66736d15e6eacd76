/* SPDX-License-Identifier: MIT */
/* The signals of each session. */
#include "sight-analysis-table.h"
#include "sight-db.h"
#include "sight-signal-row.h"

static gboolean add(SightDb *db, gint64 session_row, guint n, const SightSignal *signal, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SIGNAL_ADD, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_int(statement, 2, n);
  sight_statement_bind_int(statement, 3, signal->kind);
  sight_statement_bind_int(statement, 4, signal->start_ms);
  sight_statement_bind_int(statement, 5, signal->end_ms);
  sight_statement_bind_text(statement, 6, signal->window);
  sight_statement_bind_text(statement, 7, signal->page);
  sight_statement_bind_int(statement, 8, signal->node);
  sight_statement_bind_text(statement, 9, signal->selector);
  sight_statement_bind_text(statement, 10, signal->target);
  sight_statement_bind_text(statement, 11, signal->message);
  sight_statement_bind_text(statement, 12, signal->fingerprint != NULL ? signal->fingerprint : "");
  sight_statement_bind_int(statement, 13, signal->count);
  sight_statement_bind_int(statement, 14, signal->magnitude);
  sight_statement_bind_int(statement, 15, signal->severe);
  return sight_statement_run(statement, error);
}

gboolean sight_signal_row_set(SightDb *db, gint64 session_row, GPtrArray *signals, GError **error) {
  g_autoptr(SightStatement) clear = sight_db_statement(db, SIGHT_SQL_SIGNAL_CLEAR, error);

  if (clear == NULL)
    return FALSE;
  sight_statement_bind_int(clear, 1, session_row);
  if (!sight_statement_run(clear, error))
    return FALSE;
  for (guint i = 0; signals != NULL && i < signals->len; i++) {
    if (!add(db, session_row, i, g_ptr_array_index(signals, i), error))
      return FALSE;
  }
  return TRUE;
}

static SightSignal *from_row(SightStatement *statement) {
  SightSignal *signal = g_new0(SightSignal, 1);

  signal->kind = (SightSignalKind)sight_statement_int(statement, 0);
  signal->start_ms = sight_statement_int(statement, 1);
  signal->end_ms = sight_statement_int(statement, 2);
  signal->window = sight_statement_dup_text(statement, 3);
  signal->page = sight_statement_dup_text(statement, 4);
  signal->node = (int)sight_statement_int(statement, 5);
  signal->selector = sight_statement_dup_text(statement, 6);
  signal->target = sight_statement_dup_text(statement, 7);
  signal->message = sight_statement_dup_text(statement, 8);
  signal->fingerprint = sight_statement_dup_text(statement, 9);
  signal->count = (int)sight_statement_int(statement, 10);
  signal->magnitude = (int)sight_statement_int(statement, 11);
  signal->severe = sight_statement_int(statement, 12) != 0;
  return signal;
}

GPtrArray *sight_signal_table_list(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SIGNAL_LIST, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session_row);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 kind = sight_statement_int(statement, 0);
    /* A newer program may know more kinds. */
    if (kind >= 0 && kind < SIGHT_N_SIGNALS)
      g_ptr_array_add(list, from_row(statement));
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}
