/* SPDX-License-Identifier: MIT */
/* Batches: the received truth. */
#include "sight-batch-table.h"

#include "sight-asset-row.h"
#include "sight-change-table.h"
#include "sight-compress.h"
#include "sight-db.h"
#include "sight-endpoint-table.h"
#include "sight-person-table.h"
#include "sight-session-row.h"

#include <glib/gi18n-lib.h>

#define COMPRESSION_LEVEL 7
/* Visitors' clocks may say anything; differences of such times still fit. */
#define MAX_TIME_MS (G_GINT64_CONSTANT(1) << 52)

static gint64 sane_time(gint64 tainted_ms) {
  return CLAMP(tainted_ms, -MAX_TIME_MS, MAX_TIME_MS);
}

static gboolean is_known(SightDb *db, gint64 row, const SightBatch *batch, gboolean *known, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BATCH_KNOWN, error);
  gint64 arrival = 0;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_text(statement, 2, batch->window);
  sight_statement_bind_int(statement, 3, batch->seq);
  sight_statement_bind_int(statement, 4, batch->is_lost);
  if (!sight_statement_run_int(statement, &arrival, 0, error))
    return FALSE;
  *known = arrival != 0;
  return TRUE;
}

static gint64 add_batch(SightDb *db, gint64 row, const SightBatch *batch, GError **error) {
  /* Outlives the statement, which borrows it. */
  g_autoptr(GBytes) packed = batch->is_lost
                                 ? g_bytes_new_static("", 0)
                                 : sight_zstd_compress(batch->events, batch->events_bytes, COMPRESSION_LEVEL);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BATCH_ADD, error);

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_text(statement, 2, batch->window);
  sight_statement_bind_int(statement, 3, batch->seq);
  sight_statement_bind_int(statement, 4, batch->sent_at_ms);
  sight_statement_bind_int(statement, 5, batch->received_at_ms);
  sight_statement_bind_int(statement, 6, sane_time(batch->first_ms));
  sight_statement_bind_int(statement, 7, sane_time(batch->last_ms));
  sight_statement_bind_int(statement, 8, batch->n_events);
  sight_statement_bind_int(statement, 9, (gint64)batch->events_bytes);
  sight_statement_bind_blob(statement, 10, g_bytes_get_data(packed, NULL), g_bytes_get_size(packed));
  return sight_statement_run(statement, error) ? sight_db_last_row(db) : -1;
}

static gboolean count_batch(SightDb *db, gint64 row, const SightBatch *batch, gint64 arrival, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_TAKE_BATCH, error);
  gint64 revision = statement != NULL ? sight_db_next_revision(db, error) : -1;

  if (revision < 0)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_int(statement, 2, revision);
  sight_statement_bind_int(statement, 3, arrival);
  sight_statement_bind_int(statement, 4, batch->received_at_ms);
  sight_statement_bind_int(statement, 5, (gint64)batch->events_bytes);
  sight_statement_bind_int(statement, 6, batch->n_events);
  sight_statement_bind_int(statement, 7, !batch->is_lost);
  return sight_statement_run(statement, error);
}

/* What orders the library: when the session arrived here or at its collector. Of a file, when it was recorded, as far
 * as that can be believed. */
static gint64 arrived_ms(gint64 endpoint, const SightBatch *batch) {
  return endpoint == SIGHT_ENDPOINT_FILES && sight_session_is_dated(batch->first_ms, batch->received_at_ms)
             ? batch->first_ms
             : batch->received_at_ms;
}

static gboolean move_start(SightDb *db, gint64 endpoint, gint64 row, const SightBatch *batch, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_SESSION_STARTS_EARLIER, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_int(statement, 2, sane_time(batch->first_ms));
  if (endpoint == SIGHT_ENDPOINT_FILES)
    sight_statement_bind_int(statement, 3, arrived_ms(endpoint, batch));
  return sight_statement_run(statement, error);
}

SightPutResult sight_batch_table_put(SightDb *db, gint64 endpoint, const SightBatch *batch, GError **error) {
  gboolean erased = FALSE, known = FALSE;

  if (!sight_change_table_is_erased(db, endpoint, batch->session, &erased, error))
    return SIGHT_PUT_FAILED;
  if (erased) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED,
                _("The session “%s” was erased and is not taken again."), batch->session);
    return SIGHT_PUT_FAILED;
  }
  gint64 row = sight_session_row_ensure(db, endpoint, batch->session, sane_time(batch->first_ms),
                                        sane_time(arrived_ms(endpoint, batch)), error);
  if (row < 0 || !is_known(db, row, batch, &known, error))
    return SIGHT_PUT_FAILED;
  if (known)
    return SIGHT_PUT_DUPLICATE;
  gint64 arrival = add_batch(db, row, batch, error);
  if (arrival < 0 || !count_batch(db, row, batch, arrival, error) || !move_start(db, endpoint, row, batch, error) ||
      !sight_person_table_note(db, row, batch, error) || !sight_asset_row_note(db, row, batch, error))
    return SIGHT_PUT_FAILED;
  return SIGHT_PUT_STORED;
}

/* The block that was read last: batches of one come one after the other. */
typedef struct {
  SightDb *db;
  gboolean hands_lost; /* batches that are damaged are handed on, too */
  gint64 row;          /* 0: none */
  GBytes *text;
} Block;

static void block_clear(Block *block) {
  g_clear_pointer(&block->text, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Block, block_clear)

/* Leaves `text` NULL where it is damaged. */
static gboolean enter_block(Block *block, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(block->db, SIGHT_SQL_BLOCK_GET, error);
  if (statement == NULL)
    return FALSE;
  block_clear(block);
  block->row = row;
  sight_statement_bind_int(statement, 1, row);
  SightStep step = sight_statement_step(statement, error);
  if (step != SIGHT_STEP_ROW)
    return step == SIGHT_STEP_DONE;
  gsize packed_bytes = 0;
  const void *packed = sight_statement_blob(statement, 1, &packed_bytes);
  block->text = sight_zstd_expand(packed, packed_bytes, (gsize)MAX(sight_statement_int(statement, 0), 0), NULL);
  return TRUE;
}

/* Whether one of the arrays of a block lies there: what stands around it says so. */
static gboolean is_array(const char *text, gint64 bytes, gint64 start, gint64 n) {
  return text != NULL && start >= 0 && n >= 2 && start <= bytes && n <= bytes - start && text[start] == '[' &&
         text[start + n - 1] == ']' && (start == 0 || text[start - 1] == ']') &&
         (start + n == bytes || text[start + n] == '[');
}

static gboolean is_part(const Block *block, gint64 start, gint64 n) {
  gsize bytes = 0;
  const char *text = block->text != NULL ? g_bytes_get_data(block->text, &bytes) : NULL;
  return is_array(text, (gint64)bytes, start, n);
}

/* The batch's own events, or its part of a block; *events is NULL where they are damaged. */
static gboolean events_of(SightStatement *statement, Block *block, GBytes **events, GError **error) {
  gint64 n_bytes = MAX(sight_statement_int(statement, 9), 0);
  gint64 row = sight_statement_int(statement, 10), start = sight_statement_int(statement, 11);
  if (row == 0) {
    gsize packed_bytes = 0;
    const void *packed = sight_statement_blob(statement, 12, &packed_bytes);
    *events = packed_bytes > 0 ? sight_zstd_expand(packed, packed_bytes, (gsize)n_bytes, NULL) : NULL;
    if (*events != NULL && (gint64)g_bytes_get_size(*events) != n_bytes)
      g_clear_pointer(events, g_bytes_unref);
    return TRUE;
  }
  if (block->row != row && !enter_block(block, row, error))
    return FALSE;
  if (is_part(block, start, n_bytes))
    *events = g_bytes_new_from_bytes(block->text, (gsize)start, (gsize)n_bytes);
  return TRUE;
}

static gboolean hand_on(SightStatement *statement, Block *block, SightBatchFunc func, gpointer user_data,
                        guint *n_damaged, GError **error) {
  SightStoredBatch stored = {
      .arrival = sight_statement_int(statement, 0),
      .batch =
          {
              .session = sight_statement_text(statement, 1),
              .window = sight_statement_text(statement, 2),
              .seq = sight_statement_int(statement, 3),
              .sent_at_ms = sight_statement_int(statement, 4),
              .received_at_ms = sight_statement_int(statement, 5),
              .n_events = (guint)sight_statement_int(statement, 6),
              .first_ms = sight_statement_int(statement, 7),
              .last_ms = sight_statement_int(statement, 8),
          },
  };
  g_autoptr(GBytes) events = NULL;
  if (!events_of(statement, block, &events, error))
    return FALSE;
  stored.held = events;
  stored.batch.is_lost = events == NULL;
  if (events == NULL && n_damaged != NULL)
    (*n_damaged)++;
  if (events == NULL && !block->hands_lost)
    return TRUE;
  if (events != NULL)
    stored.batch.events = g_bytes_get_data(events, &stored.batch.events_bytes);
  else
    stored.batch.n_events = 0;
  return func(&stored, user_data, error);
}

static gboolean each(SightDb *db, SightStatement *statement, gboolean hands_lost, SightBatchFunc func,
                     gpointer user_data, guint *n_damaged, GError **error) {
  g_auto(Block) block = {.db = db, .hands_lost = hands_lost};
  SightStep step;

  if (n_damaged != NULL)
    *n_damaged = 0;
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    if (!hand_on(statement, &block, func, user_data, n_damaged, error))
      return FALSE;
  }
  return step == SIGHT_STEP_DONE;
}

gboolean sight_batch_table_each(SightDb *db, gint64 session_row, const char *window, gint64 after_arrival, guint limit,
                                SightBatchFunc func, gpointer user_data, guint *n_damaged, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BATCH_EACH, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, window);
  sight_statement_bind_int(statement, 3, after_arrival);
  sight_statement_bind_int(statement, 4, limit == 0 ? -1 : (gint64)limit);
  return each(db, statement, FALSE, func, user_data, n_damaged, error);
}

gboolean sight_batch_table_each_or_lost(SightDb *db, gint64 session_row, gint64 after_arrival, SightBatchFunc func,
                                        gpointer user_data, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BATCH_EACH, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, NULL);
  sight_statement_bind_int(statement, 3, after_arrival);
  sight_statement_bind_int(statement, 4, -1);
  return each(db, statement, TRUE, func, user_data, NULL, error);
}

gboolean sight_batch_table_each_in_sequence(SightDb *db, gint64 session_row, const char *window, SightBatchFunc func,
                                            gpointer user_data, guint *n_damaged, GError **error) {
  SightSql sql = window != NULL ? SIGHT_SQL_BATCH_EACH_OF_WINDOW : SIGHT_SQL_BATCH_EACH_IN_SEQUENCE;
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, window);
  return each(db, statement, FALSE, func, user_data, n_damaged, error);
}

gboolean sight_batch_table_each_between(SightDb *db, gint64 session_row, const char *window, gint64 first_seq,
                                        gint64 last_seq, gint64 arrival, SightBatchFunc func, gpointer user_data,
                                        GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BATCH_EACH_BETWEEN, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session_row);
  sight_statement_bind_text(statement, 2, window);
  sight_statement_bind_int(statement, 3, first_seq);
  sight_statement_bind_int(statement, 4, last_seq);
  sight_statement_bind_int(statement, 5, arrival);
  return each(db, statement, FALSE, func, user_data, NULL, error);
}

gboolean sight_batch_table_find_torn(SightDb *db, GArray *arrivals, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BATCH_PARTS, error);
  g_auto(Block) block = {.db = db};
  SightStep step = SIGHT_STEP_FAILED;

  while (statement != NULL && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 arrival = sight_statement_int(statement, 0), row = sight_statement_int(statement, 1);
    if (block.row != row && !enter_block(&block, row, error))
      return FALSE;
    if (!is_part(&block, sight_statement_int(statement, 2), sight_statement_int(statement, 3)))
      g_array_append_val(arrivals, arrival);
  }
  return step == SIGHT_STEP_DONE;
}

void sight_window_info_free(SightWindowInfo *info) {
  if (info == NULL)
    return;
  g_free(info->window);
  g_free(info);
}

GPtrArray *sight_batch_table_windows(SightDb *db, gint64 session_row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BATCH_WINDOWS, error);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_window_info_free);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session_row);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    SightWindowInfo *info = g_new0(SightWindowInfo, 1);
    info->window = sight_statement_dup_text(statement, 0);
    info->n_batches = sight_statement_int(statement, 1);
    info->n_missing = sight_statement_int(statement, 2);
    info->first_ms = sight_statement_int(statement, 3);
    info->last_ms = sight_statement_int(statement, 4);
    info->n_events = sight_statement_int(statement, 5);
    info->n_bytes = sight_statement_int(statement, 6);
    g_ptr_array_add(list, info);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&list) : NULL;
}
