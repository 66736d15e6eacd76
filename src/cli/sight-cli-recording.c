/* SPDX-License-Identifier: MIT */
/* Reads a session or a file into tracks. */
#include "sight-cli-recording.h"

#include "sight-batch-table.h"
#include "sight-event-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void cli_track_free(gpointer data) {
  SightCliTrack *item = data;
  g_free(item->window);
  sight_track_unref(item->track);
  g_free(item);
}

static SightTrack *track_named(GPtrArray *tracks, const char *window) {
  for (guint i = 0; i < tracks->len; i++) {
    SightCliTrack *item = g_ptr_array_index(tracks, i);
    if (g_str_equal(item->window, window))
      return item->track;
  }
  SightCliTrack *item = g_new0(SightCliTrack, 1);
  item->window = g_strdup(window);
  item->track = sight_track_new();
  g_ptr_array_add(tracks, item);
  return item->track;
}

static gboolean add_from_file(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(track_named(user_data, tainted_window != NULL ? tainted_window : "1"), event);
  return TRUE;
}

typedef struct {
  const char *id;
  GPtrArray *tracks;
  SightTrack *track;
} Reading;

static gboolean add_from_batch(const SightEvent *event, const char *tainted_window, gpointer user_data,
                               GError **error) {
  sight_track_add(((Reading *)user_data)->track, event);
  return TRUE;
}

static gboolean add_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  reading->track = track_named(reading->tracks, stored->batch.window);
  /* what cannot be read was counted when it came in */
  sight_event_read_bytes(stored->batch.events, stored->batch.events_bytes, &sight_reader_default_limits, add_from_batch,
                         reading, NULL, NULL);
  return TRUE;
}

static gboolean read_session(SightDb *db, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, reading->id, error);
  return session != NULL && sight_batch_table_each_in_sequence(db, session->row, NULL, add_batch, reading, NULL, error);
}

static int by_start(gconstpointer a, gconstpointer b) {
  const SightCliTrack *x = *(SightCliTrack *const *)a, *y = *(SightCliTrack *const *)b;
  gint64 x_ms = sight_track_first_ms(x->track), y_ms = sight_track_first_ms(y->track);
  return x_ms != y_ms ? (x_ms < y_ms ? -1 : 1) : strcmp(x->window, y->window);
}

GPtrArray *sight_cli_read_recording(SightCli *cli, const char *id, const char *file, GError **error) {
  g_autoptr(GPtrArray) tracks = g_ptr_array_new_with_free_func(cli_track_free);
  if (file != NULL) {
    g_autoptr(GFile) source = g_file_new_for_commandline_arg(file);
    g_auto(SightReaderReport) report = {0};
    if (!sight_event_read_file(source, &sight_reader_default_limits, add_from_file, tracks, &report, NULL, error))
      return NULL;
  } else {
    Reading reading = {.id = id, .tracks = tracks};
    if (!sight_cli_open(cli, error) || !sight_store_read(cli->store, read_session, &reading, error))
      return NULL;
  }
  for (guint i = 0; i < tracks->len; i++)
    sight_track_settle(((SightCliTrack *)g_ptr_array_index(tracks, i))->track);
  g_ptr_array_sort(tracks, by_start);
  return g_steal_pointer(&tracks);
}

gint64 sight_cli_recording_start(const GPtrArray *tracks) {
  return tracks->len > 0 ? sight_track_first_ms(((SightCliTrack *)g_ptr_array_index(tracks, 0))->track) : 0;
}

SightTrack *sight_cli_choose_track(const GPtrArray *tracks, const char *window, gint64 at_ms, GError **error) {
  SightTrack *chosen = NULL;
  gint64 latest_ms = G_MININT64;
  for (guint i = 0; i < tracks->len; i++) {
    const SightCliTrack *item = g_ptr_array_index(tracks, i);
    gint64 page_ms = sight_track_first_page_ms(item->track);
    if (window != NULL ? !g_str_equal(window, item->window) : page_ms < 0 || page_ms >= at_ms)
      continue;
    gint64 before_ms = sight_track_change(item->track, at_ms, -1);
    if (chosen != NULL && before_ms <= latest_ms)
      continue;
    chosen = item->track;
    latest_ms = before_ms;
  }
  if (chosen == NULL && window != NULL)
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no window “%s”"), window);
  else if (chosen == NULL)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("No page is there at that time"));
  return chosen;
}
