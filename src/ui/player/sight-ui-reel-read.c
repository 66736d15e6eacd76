/* SPDX-License-Identifier: MIT */
/* SightUiReel from a stored session. */
#include "sight-ui-reel.h"

#include "sight-batch-table.h"
#include "sight-event-reader.h"

typedef struct {
  SightUiReel *reel;
  const char *window;
  GCancellable *cancellable;
} Reading;

static gboolean read_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  sight_ui_reel_add(reading->reel, reading->window, event);
  return TRUE;
}

static gboolean read_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  if (g_cancellable_set_error_if_cancelled(reading->cancellable, error))
    return FALSE;
  reading->window = stored->batch.window;
  g_auto(SightReaderReport) report = {0};
  /* What is no recording at all in a batch is left out; the rest of the session is worth seeing. */
  g_autoptr(GError) ignored = NULL;
  sight_event_read_bytes(stored->batch.events, stored->batch.events_bytes, &sight_reader_default_limits, read_event,
                         reading, &report, &ignored);
  return TRUE;
}

SightUiReel *sight_ui_reel_read(SightDb *db, gint64 session_row, GCancellable *cancellable, GError **error) {
  g_autoptr(SightUiReel) reel = sight_ui_reel_new();
  Reading reading = {reel, NULL, cancellable};
  guint n_damaged = 0;
  if (!sight_batch_table_each_in_sequence(db, session_row, NULL, read_batch, &reading, &n_damaged, error))
    return NULL;
  sight_ui_reel_finish(reel);
  return g_steal_pointer(&reel);
}
