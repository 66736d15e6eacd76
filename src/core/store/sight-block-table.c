/* SPDX-License-Identifier: MIT */
/* Compacting: plan the blocks of one session, then one block after the other: read, compress, exchange. */
#include "sight-block-table.h"

#include "sight-compress.h"
#include "sight-db.h"

/* Reading one batch costs expanding its block. */
#define BLOCK_BYTES (256 * 1024)
#define LEVEL 9
/* 4 MiB at a time. */
#define VACUUM_PAGES 1024

typedef struct {
  gint64 arrival;
  gsize n_bytes, start;
  gboolean ends_block;
} Loose;

typedef struct {
  gint64 session, received_before_ms;
  gboolean any, ready; /* there is another session; it is to be compacted */
  GArray *loose;       /* of Loose: the batches of the session, window by window in sequence */
  guint first, next;   /* the block at hand: those of `loose` from first to before next */
  GString *text;
  GBytes *packed;
  gboolean gone; /* meanwhile the session was erased, or its batches moved */
} Compacting;

static gboolean find_session(SightDb *db, gpointer user_data, GError **error) {
  Compacting *work = user_data;
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BLOCK_NEXT_SESSION, error);
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, work->session);
  sight_statement_bind_int(statement, 2, work->received_before_ms);
  SightStep step = sight_statement_step(statement, error);
  work->any = step == SIGHT_STEP_ROW;
  if (work->any) {
    work->session = sight_statement_int(statement, 0);
    work->ready = sight_statement_int(statement, 1) != 0;
  }
  return step != SIGHT_STEP_FAILED;
}

static gboolean plan(SightDb *db, gpointer user_data, GError **error) {
  Compacting *work = user_data;
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BLOCK_LOOSE, error);
  g_autofree char *window = NULL;
  SightStep step = SIGHT_STEP_FAILED;
  gsize bytes = 0;
  if (statement == NULL)
    return FALSE;
  g_array_set_size(work->loose, 0);
  sight_statement_bind_int(statement, 1, work->session);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    Loose loose = {.arrival = sight_statement_int(statement, 0), .n_bytes = (gsize)sight_statement_int(statement, 1)};
    const char *name = sight_statement_text(statement, 2);
    if (work->loose->len > 0 && (bytes >= BLOCK_BYTES || g_strcmp0(window, name) != 0)) {
      g_array_index(work->loose, Loose, work->loose->len - 1).ends_block = TRUE;
      bytes = 0;
    }
    g_free(window);
    window = g_strdup(name);
    bytes += loose.n_bytes;
    g_array_append_val(work->loose, loose);
  }
  return step == SIGHT_STEP_DONE;
}

/* A damaged one stays where it is: its `start` says so. */
static gboolean gather(SightDb *db, gpointer user_data, GError **error) {
  Compacting *work = user_data;
  g_string_truncate(work->text, 0);
  for (work->next = work->first; work->next < work->loose->len;) {
    Loose *loose = &g_array_index(work->loose, Loose, work->next++);
    g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BLOCK_EVENTS, error);
    if (statement == NULL)
      return FALSE;
    sight_statement_bind_int(statement, 1, loose->arrival);
    SightStep step = sight_statement_step(statement, error);
    if (step == SIGHT_STEP_FAILED)
      return FALSE;
    work->gone = work->gone || step != SIGHT_STEP_ROW;
    gsize bytes = 0;
    const void *data = step == SIGHT_STEP_ROW ? sight_statement_blob(statement, 0, &bytes) : NULL;
    g_autoptr(GBytes) events = bytes > 0 ? sight_zstd_expand(data, bytes, loose->n_bytes, NULL) : NULL;
    loose->start = G_MAXSIZE;
    if (events != NULL && g_bytes_get_size(events) == loose->n_bytes) {
      loose->start = work->text->len;
      g_string_append_len(work->text, g_bytes_get_data(events, NULL), (gssize)loose->n_bytes);
    }
    if (loose->ends_block)
      break;
  }
  return TRUE;
}

static gboolean move_batch(SightDb *db, const Loose *loose, gint64 block, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BLOCK_MOVE_BATCH, error);
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, loose->arrival);
  sight_statement_bind_int(statement, 2, block);
  sight_statement_bind_int(statement, 3, (gint64)loose->start);
  return sight_statement_run(statement, error);
}

/* Nothing of it is done, and `gone` set, where the session was erased or another process was quicker. */
static gboolean exchange(SightDb *db, gpointer user_data, GError **error) {
  Compacting *work = user_data;
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_BLOCK_ADD, error);
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, work->session);
  sight_statement_bind_int(statement, 2, (gint64)work->text->len);
  sight_statement_bind_blob(statement, 3, g_bytes_get_data(work->packed, NULL), g_bytes_get_size(work->packed));
  if (!sight_statement_run(statement, error))
    return FALSE;
  work->gone = sight_db_changes(db) != 1;
  gint64 block = sight_db_last_row(db);
  for (guint i = work->first; i < work->next && !work->gone; i++) {
    const Loose *loose = &g_array_index(work->loose, Loose, i);
    if (loose->start == G_MAXSIZE)
      continue;
    if (!move_batch(db, loose, block, error))
      return FALSE;
    work->gone = sight_db_changes(db) != 1;
  }
  g_autoptr(SightStatement) back = work->gone ? NULL : sight_db_statement(db, SIGHT_SQL_BLOCK_BACK, error);
  return back != NULL && sight_statement_run(back, error);
}

static gboolean compact_session(SightStore *store, Compacting *work, guint *n_blocks, GCancellable *cancellable,
                                GError **error) {
  if (!sight_store_read(store, plan, work, error))
    return FALSE;
  work->gone = FALSE;
  for (work->first = 0; work->first < work->loose->len && !work->gone; work->first = work->next) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || !sight_store_read(store, gather, work, error))
      return FALSE;
    if (work->gone || work->text->len == 0)
      continue;
    g_clear_pointer(&work->packed, g_bytes_unref);
    work->packed = sight_zstd_compress(work->text->str, work->text->len, LEVEL);
    g_autoptr(GError) problem = NULL;
    if (sight_store_write(store, SIGHT_WRITE_UNSEEN, exchange, work, &problem))
      ++*n_blocks;
    else if (!work->gone) {
      g_propagate_error(error, g_steal_pointer(&problem));
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean compact_all(SightStore *store, Compacting *work, guint *n_blocks, GCancellable *cancellable,
                            GError **error) {
  for (;;) {
    if (g_cancellable_set_error_if_cancelled(cancellable, error) || !sight_store_read(store, find_session, work, error))
      return FALSE;
    if (!work->any)
      return TRUE;
    if (work->ready && !compact_session(store, work, n_blocks, cancellable, error))
      return FALSE;
  }
}

/* In steps, so that others may write in between. */
typedef struct {
  gint64 n_free;
} Vacuum;

static gboolean vacuum(SightDb *db, gpointer user_data, GError **error) {
  Vacuum *work = user_data;
  gint64 before = sight_db_query_int(db, "PRAGMA freelist_count", error);
  if (before < 0)
    return FALSE;
  if (before > 0 && !sight_db_exec(db, "PRAGMA incremental_vacuum(" G_STRINGIFY(VACUUM_PAGES) ")", error))
    return FALSE;
  gint64 now = sight_db_query_int(db, "PRAGMA freelist_count", error);
  /* A database from before that was possible gives nothing back. */
  work->n_free = now < before ? now : 0;
  return now >= 0;
}

static gboolean give_back(SightStore *store, GCancellable *cancellable, GError **error) {
  Vacuum work = {0};
  do {
    if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
        !sight_store_write(store, SIGHT_WRITE_UNSEEN, vacuum, &work, error))
      return FALSE;
  } while (work.n_free > 0);
  return TRUE;
}

gboolean sight_block_table_compact(SightStore *store, gint64 quiet_ms, guint *n_blocks, GCancellable *cancellable,
                                   GError **error) {
  guint n = 0;
  Compacting work = {.received_before_ms = sight_db_now_ms() - quiet_ms,
                     .loose = g_array_new(FALSE, FALSE, sizeof(Loose)),
                     .text = g_string_new(NULL)};
  gboolean ok = compact_all(store, &work, &n, cancellable, error) && (n == 0 || give_back(store, cancellable, error));
  g_array_unref(work.loose);
  g_string_free(work.text, TRUE);
  g_clear_pointer(&work.packed, g_bytes_unref);
  if (n_blocks != NULL)
    *n_blocks = n;
  return ok;
}
