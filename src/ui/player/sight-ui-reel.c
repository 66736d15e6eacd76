/* SPDX-License-Identifier: MIT */
/* SightUiReel: what is asked of the windows of a recording. */
#include "sight-ui-reel.h"

#include "sight-shown.h"

#include <glib/gi18n-lib.h>

struct SightUiReel {
  GPtrArray *recording; /* of SightRecordingWindow */
  GArray *windows;      /* of SightUiReelWindow */
  GBytes *shown;
};

SightUiReel *sight_ui_reel_new(GPtrArray *recording, GBytes *shown) {
  SightUiReel *reel = g_atomic_rc_box_new0(SightUiReel);
  reel->recording = g_ptr_array_ref(recording);
  reel->shown = shown != NULL ? g_bytes_ref(shown) : NULL;
  reel->windows = g_array_new(FALSE, FALSE, sizeof(SightUiReelWindow));
  for (guint i = 0; i < recording->len; i++) {
    const SightRecordingWindow *window = g_ptr_array_index(recording, i);
    SightUiReelWindow one = {.window = window->window,
                             .track = window->track,
                             .snapshot_ms = sight_track_first_page_ms(window->track),
                             .has_page = sight_track_has_page(window->track)};
    g_array_append_val(reel->windows, one);
  }
  return reel;
}

SightUiReel *sight_ui_reel_ref(SightUiReel *reel) {
  return g_atomic_rc_box_acquire(reel);
}

static void reel_clear(gpointer data) {
  SightUiReel *reel = data;
  g_clear_pointer(&reel->shown, g_bytes_unref);
  g_array_unref(reel->windows);
  g_ptr_array_unref(reel->recording);
}

void sight_ui_reel_unref(SightUiReel *reel) {
  g_atomic_rc_box_release_full(reel, reel_clear);
}

SightUiReel *sight_ui_reel_open(SightStore *store, gint64 row, GCancellable *cancellable, GError **error) {
  g_autoptr(GPtrArray) recording = sight_recording_open(store, row, cancellable, error);
  g_autoptr(GBytes) shown = recording != NULL ? sight_shown_read(store, row, error) : NULL;
  return shown != NULL ? sight_ui_reel_new(recording, shown) : NULL;
}

GBytes *sight_ui_reel_shown(const SightUiReel *reel) {
  return reel->shown;
}

typedef struct {
  SightStore *store;
  gint64 row;
} Opening;

static void opening_free(gpointer data) {
  Opening *opening = data;
  g_object_unref(opening->store);
  g_free(opening);
}

static void open_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Opening *opening = data;
  GError *error = NULL;
  SightUiReel *reel = sight_ui_reel_open(opening->store, opening->row, cancellable, &error);
  if (reel != NULL)
    g_task_return_pointer(task, reel, (GDestroyNotify)sight_ui_reel_unref);
  else
    g_task_return_error(task, error);
}

void sight_ui_reel_open_async(SightStore *store, gint64 row, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Opening *opening = g_new0(Opening, 1);
  opening->store = g_object_ref(store);
  opening->row = row;
  g_task_set_task_data(task, opening, opening_free);
  g_task_run_in_thread(task, open_thread);
}

SightUiReel *sight_ui_reel_open_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

char *sight_ui_reel_problem(const SightUiReel *reel) {
  guint64 n_all = sight_ui_reel_n_events(reel);
  if (n_all == 0)
    return g_strdup(_("The recording is empty: it has no events."));
  if (sight_ui_reel_first_page(reel) >= 0)
    return NULL;
  int n_events = (int)MIN(n_all, G_MAXINT);
  return g_strdup_printf(ngettext("The recording has no full snapshot of a page, so there is nothing to draw. What its "
                                  "%d event says stands in the story and the console.",
                                  "The recording has no full snapshot of a page, so there is nothing to draw. What its "
                                  "%d events say stands in the story and the console.",
                                  (gulong)n_events),
                         n_events);
}

guint sight_ui_reel_n_windows(const SightUiReel *reel) {
  return reel->windows->len;
}

const SightUiReelWindow *sight_ui_reel_get_window(const SightUiReel *reel, guint index) {
  g_return_val_if_fail(index < reel->windows->len, NULL);
  return &g_array_index(reel->windows, SightUiReelWindow, index);
}

int sight_ui_reel_find(const SightUiReel *reel, const char *window) {
  for (guint i = 0; i < reel->windows->len; i++) {
    if (g_strcmp0(sight_ui_reel_get_window(reel, i)->window, window) == 0)
      return (int)i;
  }
  return -1;
}

int sight_ui_reel_first_page(const SightUiReel *reel) {
  int first = -1;
  gint64 first_ms = G_MAXINT64;
  for (guint i = 0; i < reel->windows->len; i++) {
    const SightUiReelWindow *shown = sight_ui_reel_get_window(reel, i);
    if (!shown->has_page || shown->snapshot_ms >= first_ms)
      continue;
    first = (int)i;
    first_ms = shown->snapshot_ms;
  }
  return first;
}

gint64 sight_ui_reel_first_ms(const SightUiReel *reel) {
  gint64 first_ms = G_MAXINT64;
  for (guint i = 0; i < reel->windows->len; i++) {
    const SightTrack *track = sight_ui_reel_get_window(reel, i)->track;
    if (sight_track_n_events(track) > 0)
      first_ms = MIN(first_ms, sight_track_first_ms(track));
  }
  return first_ms < G_MAXINT64 ? first_ms : 0;
}

gint64 sight_ui_reel_last_ms(const SightUiReel *reel) {
  gint64 last_ms = 0;
  for (guint i = 0; i < reel->windows->len; i++)
    last_ms = MAX(last_ms, sight_track_last_ms(sight_ui_reel_get_window(reel, i)->track));
  return last_ms;
}

guint64 sight_ui_reel_n_events(const SightUiReel *reel) {
  guint64 n_events = 0;
  for (guint i = 0; i < reel->windows->len; i++)
    n_events += sight_track_n_events(sight_ui_reel_get_window(reel, i)->track);
  return n_events;
}
