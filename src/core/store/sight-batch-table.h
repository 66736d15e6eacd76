/* SPDX-License-Identifier: MIT */
/* Batches: the received truth, keyed (endpoint, session, window, seq). */
#pragma once

#include "sight-batch.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_PUT_FAILED = 0,
  SIGHT_PUT_STORED,
  SIGHT_PUT_DUPLICATE, /* the same (session, window, seq) is there already; nothing was changed */
} SightPutResult;

/* The one way in, for collector, sync and import alike: stores the batch (compressed), creates its session where it is
 * new, marks it for analysis and gives it the next revision. Fails with SIGHT_STORE_ERROR_ERASED where a tombstone
 * stands. A duplicate key is a duplicate whatever its content: the first one
 * stays, unless its events were lost to damage. One that is lost where it comes from (`is_lost`) takes its place, so
 * that it is counted as damaged whoever reads. */
SightPutResult sight_batch_table_put(SightDb *db, gint64 endpoint, const SightBatch *batch, GError **error);

/* One stored batch, read back. `events` is the expanded JSON array. Borrowed for the call. FALSE (with error) stops. */
typedef struct {
  gint64 arrival; /* rises by the order of arrival over the whole database */
  GBytes *held;   /* the events: who needs them for longer takes a reference; NULL where they are lost */
  SightBatch batch;
} SightStoredBatch;
typedef gboolean (*SightBatchFunc)(const SightStoredBatch *stored, gpointer user_data, GError **error);

/* The batches of a session with arrival > `after_arrival`, at most `limit` of them (0: all), in the order of
 * arrival. `window` NULL: of every window. A batch that cannot be expanded is skipped and counted in *n_damaged
 * (may be NULL). */
gboolean sight_batch_table_each(SightDb *db, gint64 session_row, const char *window, gint64 after_arrival, guint limit,
                                SightBatchFunc func, gpointer user_data, guint *n_damaged, GError **error);
/* All of a session with arrival > `after_arrival`; those that cannot be expanded with `is_lost`: what a collector hands
 * on. */
gboolean sight_batch_table_each_or_lost(SightDb *db, gint64 session_row, gint64 after_arrival, SightBatchFunc func,
                                        gpointer user_data, GError **error);
/* As the first, in the order of (window, seq): what playing and analysis read. */
gboolean sight_batch_table_each_in_sequence(SightDb *db, gint64 session_row, const char *window, SightBatchFunc func,
                                            gpointer user_data, guint *n_damaged, GError **error);

/* Batches of one window with first_seq <= seq <= last_seq that had arrived by then, in sequence. */
gboolean sight_batch_table_each_between(SightDb *db, gint64 session_row, const char *window, gint64 first_seq,
                                        gint64 last_seq, gint64 arrival, SightBatchFunc func, gpointer user_data,
                                        GError **error);

/* Appends the arrivals (gint64) of batches that are not where their rows say in their block: those are damaged. Expands
 * every block. */
gboolean sight_batch_table_find_torn(SightDb *db, GArray *arrivals, GError **error);

/* A window (tab) of a session. */
typedef struct {
  char *window;
  gint64 n_batches, n_missing; /* missing: holes in the sequence */
  gint64 first_ms, last_ms, n_events, n_bytes;
} SightWindowInfo;
void sight_window_info_free(SightWindowInfo *info);
/* No visitor has more tabs than this in one visit: the rest of a session that has is neither analysed nor played. */
#define SIGHT_MAX_WINDOWS 256
/* GPtrArray of SightWindowInfo, by first_ms; the caller's. */
GPtrArray *sight_batch_table_windows(SightDb *db, gint64 session_row, GError **error);

G_END_DECLS
