/* SPDX-License-Identifier: MIT */
/* Other events in the place of those that are stored. */
#include "sight-rewrite-table.h"

#include "sight-batch.h"
#include "sight-compress.h"
#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-person-table.h"
#include "sight-text-table.h"
#include "sight-track-table.h"

#include <glib/gi18n-lib.h>

#define COMPRESSION_LEVEL 7

static gboolean run_with_row(SightDb *db, SightSql sql, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  return sight_statement_run(statement, error);
}

static gboolean put_batch(SightDb *db, gint64 session_row, const SightRewrittenBatch *batch, GError **error) {
  gsize bytes = 0;
  const char *events = g_bytes_get_data(batch->events, &bytes);
  /* Outlives the statement, which borrows it. */
  g_autoptr(GBytes) packed = sight_zstd_compress(events, bytes, COMPRESSION_LEVEL);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_REWRITE_BATCH, error);
  const SightBatch read = {.events = events, .events_bytes = bytes};

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, batch->arrival);
  sight_statement_bind_int(statement, 2, session_row);
  sight_statement_bind_int(statement, 3, (gint64)bytes);
  sight_statement_bind_blob(statement, 4, g_bytes_get_data(packed, NULL), g_bytes_get_size(packed));
  return sight_statement_run(statement, error) && sight_person_table_note_read(db, session_row, &read, error);
}

static gboolean put_session(SightDb *db, gint64 session_row, const char *label, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_REWRITE_SESSION, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, label);
  return sight_statement_run(statement, error);
}

gboolean sight_rewrite_table_put(SightDb *db, gint64 session_row, gint64 newest_arrival, const GArray *batches,
                                 const char *label, GError **error) {
  gint64 newest = sight_track_table_newest_arrival(db, session_row, error);

  if (newest < 0)
    return FALSE;
  if (newest != newest_arrival) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_BUSY, _("More of the session came in meanwhile."));
    return FALSE;
  }
  if (!run_with_row(db, SIGHT_SQL_REWRITE_DROP_PERSONS, session_row, error))
    return FALSE;
  for (guint i = 0; i < batches->len; i++) {
    if (!put_batch(db, session_row, &g_array_index(batches, SightRewrittenBatch, i), error))
      return FALSE;
  }
  return run_with_row(db, SIGHT_SQL_REWRITE_DROP_BLOCKS, session_row, error) &&
         run_with_row(db, SIGHT_SQL_REWRITE_DROP_TRACKS, session_row, error) &&
         run_with_row(db, SIGHT_SQL_REWRITE_DROP_ACCOUNT, session_row, error) &&
         sight_index_table_remove(db, session_row, error) && sight_text_table_remove(db, session_row, error) &&
         put_session(db, session_row, label, error) && sight_text_table_mark_erased(db, error);
}
