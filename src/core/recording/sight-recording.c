/* SPDX-License-Identifier: MIT */
/* Tracks of a session whose events stand in the store. */
#include "sight-recording.h"

#include "sight-batch-table.h"
#include "sight-event-reader.h"
#include "sight-format.h"
#include "sight-track-table.h"

#include <string.h>

/* The window of a session, as its track reads it. */
typedef struct {
  SightStore *store; /* NULL: `db` */
  SightDb *db;
  gint64 session_row, track_row, arrival;
  char *window;
} Source;

static void source_free(gpointer data) {
  Source *source = data;
  g_clear_object(&source->store);
  g_free(source->window);
  g_free(source);
}

typedef struct {
  const Source *source;
  gint64 first_seq, last_seq;
  SightTrackBatchFunc func;
  gpointer user_data;
  guint n;
  GBytes *keyframe;
} Asking;

static gboolean hand_on(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  asking->func(stored->batch.seq, stored->batch.events, stored->batch.events_bytes, asking->user_data);
  return TRUE;
}

static gboolean ask_batches(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  const Source *source = asking->source;
  return sight_batch_table_each_between(db, source->session_row, source->window, asking->first_seq, asking->last_seq,
                                        source->arrival, hand_on, asking, error);
}

static gboolean read_batches(gpointer data, gint64 first_seq, gint64 last_seq, SightTrackBatchFunc func,
                             gpointer user_data, GError **error) {
  const Source *source = data;
  Asking asking = {
      .source = source, .first_seq = first_seq, .last_seq = last_seq, .func = func, .user_data = user_data};
  return source->store != NULL ? sight_store_read(source->store, ask_batches, &asking, error)
                               : ask_batches(source->db, &asking, error);
}

static gboolean ask_keyframe(SightDb *db, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  asking->keyframe = sight_track_table_keyframe(db, asking->source->track_row, asking->n, error);
  return asking->keyframe != NULL;
}

static GBytes *read_keyframe(gpointer data, guint n, GError **error) {
  const Source *source = data;
  Asking asking = {.source = source, .n = n};
  return sight_store_read(source->store, ask_keyframe, &asking, error) ? asking.keyframe : NULL;
}

static SightTrackSource source_new(SightStore *store, SightDb *db, gint64 session_row, const char *window) {
  Source *source = g_new0(Source, 1);
  source->store = store != NULL ? g_object_ref(store) : NULL;
  source->db = db;
  source->session_row = session_row;
  source->arrival = G_MAXINT64;
  source->window = g_strdup(window);
  return (SightTrackSource){.read = read_batches, .keyframe = read_keyframe, .data = source, .destroy = source_free};
}

SightTrack *sight_recording_cut(SightDb *db, gint64 session_row, const char *window) {
  SightTrackSource source = source_new(NULL, db, session_row, window);
  return sight_track_new_cut(&source);
}

/* Opening */

static void window_free(gpointer data) {
  SightRecordingWindow *window = data;
  g_free(window->window);
  sight_track_unref(window->track);
  g_free(window);
}

/* Takes over the track. */
static void add_window(GPtrArray *windows, const char *name, SightTrack *track) {
  SightRecordingWindow *window = g_new0(SightRecordingWindow, 1);
  window->window = g_strdup(name);
  window->track = track;
  g_ptr_array_add(windows, window);
}

/* NULL where there are too many already. */
static SightTrack *track_named(GPtrArray *windows, const char *name) {
  for (guint i = 0; i < windows->len; i++) {
    SightRecordingWindow *window = g_ptr_array_index(windows, i);
    if (g_str_equal(window->window, name))
      return window->track;
  }
  if (windows->len >= SIGHT_MAX_WINDOWS)
    return NULL;
  SightTrack *track = sight_track_new();
  add_window(windows, name, track);
  return track;
}

static int by_start(gconstpointer a, gconstpointer b) {
  const SightRecordingWindow *x = *(SightRecordingWindow *const *)a, *y = *(SightRecordingWindow *const *)b;
  gint64 x_ms = sight_track_first_ms(x->track), y_ms = sight_track_first_ms(y->track);
  return x_ms != y_ms ? (x_ms < y_ms ? -1 : 1) : strcmp(x->window, y->window);
}

typedef struct {
  SightStore *store;
  gint64 session_row;
  GCancellable *cancellable;
  GPtrArray *windows;
  SightTrack *track; /* of the window being read */
} Opening;

static gboolean add_event(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

static gboolean add_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Opening *opening = user_data;
  if (g_cancellable_set_error_if_cancelled(opening->cancellable, error))
    return FALSE;
  /* What cannot be read was counted when it came in. */
  sight_event_read_bytes(stored->batch.events, stored->batch.events_bytes, &sight_reader_default_limits, add_event,
                         opening->track, NULL, NULL);
  return TRUE;
}

/* The same windows as analysis takes. */
static gboolean read_all(SightDb *db, Opening *opening, GError **error) {
  g_autoptr(GPtrArray) infos = sight_batch_table_windows(db, opening->session_row, error);
  if (infos == NULL)
    return FALSE;
  for (guint i = 0; i < infos->len && i < SIGHT_MAX_WINDOWS; i++) {
    const SightWindowInfo *info = infos->pdata[i];
    opening->track = sight_track_new();
    add_window(opening->windows, info->window, opening->track);
    if (!sight_batch_table_each_in_sequence(db, opening->session_row, info->window, add_batch, opening, NULL, error))
      return FALSE;
  }
  return TRUE;
}

/* FALSE where one of them is damaged. */
static gboolean add_stored(Opening *opening, const GPtrArray *tracks, gint64 arrival) {
  for (guint i = 0; i < tracks->len; i++) {
    const SightStoredTrack *stored = tracks->pdata[i];
    SightTrackSource source = source_new(opening->store, NULL, opening->session_row, stored->window);
    ((Source *)source.data)->track_row = stored->row;
    ((Source *)source.data)->arrival = arrival;
    SightTrack *track = sight_track_new_stored(stored->segments, &source, NULL);
    if (track == NULL) {
      g_ptr_array_set_size(opening->windows, 0);
      return FALSE;
    }
    add_window(opening->windows, stored->window, track);
  }
  return tracks->len > 0;
}

static gboolean open_session(SightDb *db, gpointer user_data, GError **error) {
  Opening *opening = user_data;
  g_autoptr(GPtrArray) tracks = sight_track_table_list(db, opening->session_row, SIGHT_TRACK_VERSION, error);
  gint64 arrival = tracks != NULL ? sight_track_table_newest_arrival(db, opening->session_row, error) : -1;
  if (arrival < 0)
    return FALSE;
  return add_stored(opening, tracks, arrival) || read_all(db, opening, error);
}

GPtrArray *sight_recording_new(void) {
  return g_ptr_array_new_with_free_func(window_free);
}

void sight_recording_add(GPtrArray *windows, const char *window, const SightEvent *event) {
  SightTrack *track = track_named(windows, window);
  if (track != NULL)
    sight_track_add(track, event);
}

void sight_recording_finish(GPtrArray *windows) {
  for (guint i = 0; i < windows->len; i++)
    sight_track_settle(((SightRecordingWindow *)windows->pdata[i])->track, NULL);
  g_ptr_array_sort(windows, by_start);
}

static SightRecordingFetch fetch_recording;

void sight_recording_set_fetch(SightRecordingFetch fetch) {
  fetch_recording = fetch;
}

gboolean sight_recording_need(SightStore *store, gint64 session_row, GCancellable *cancellable, GError **error) {
  return fetch_recording == NULL || fetch_recording(store, session_row, cancellable, error);
}

GPtrArray *sight_recording_open(SightStore *store, gint64 session_row, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) windows = sight_recording_new();
  Opening opening = {store, session_row, cancellable, windows, NULL};
  if (!sight_recording_need(store, session_row, cancellable, error) ||
      !sight_store_read(store, open_session, &opening, error))
    return NULL;
  sight_recording_finish(windows);
  return g_steal_pointer(&windows);
}

/* Of a file with several sessions the first one is read. */
typedef struct {
  GPtrArray *windows;
  char *session; /* NULL until an event names one */
} FileReading;

static gboolean add_from_file(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                              gpointer user_data, GError **error) {
  FileReading *reading = user_data;
  if (reading->session == NULL)
    reading->session = g_strdup(tainted_session);
  if (g_strcmp0(reading->session, tainted_session) == 0)
    sight_recording_add(reading->windows, tainted_window != NULL ? tainted_window : "1", event);
  return TRUE;
}

GPtrArray *sight_recording_read_file(GFile *file, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) windows = sight_recording_new();
  FileReading reading = {.windows = windows};
  gboolean ok = sight_format_read_file(file, add_from_file, &reading, NULL, cancellable, error);
  g_free(reading.session);
  if (!ok)
    return NULL;
  sight_recording_finish(windows);
  return g_steal_pointer(&windows);
}

gint64 sight_recording_first_ms(const GPtrArray *windows) {
  return windows->len > 0 ? sight_track_first_ms(((SightRecordingWindow *)windows->pdata[0])->track) : 0;
}
