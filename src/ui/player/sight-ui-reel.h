/* SPDX-License-Identifier: MIT */
/* SightUiReel: a recording as it can be drawn: the windows that it has, and which of them have a page. */
#pragma once

#include "sight-recording.h"

G_BEGIN_DECLS

/* What can be shown of one window. Owned by the reel. */
typedef struct {
  const char *window;
  SightTrack *track;
  gint64 snapshot_ms; /* wall clock of the first full snapshot */
  gboolean has_page;  /* there is a full snapshot */
} SightUiReelWindow;

/* Immutable; any thread. */
typedef struct SightUiReel SightUiReel;
/* Keeps the windows (of SightRecordingWindow) and what their pages show (sight_shown_read()), which may be NULL. */
SightUiReel *sight_ui_reel_new(GPtrArray *windows, GBytes *shown);
/* A session of the store, with what its pages show. Blocks; NULL with error. */
SightUiReel *sight_ui_reel_open(SightStore *store, gint64 row, GCancellable *cancellable, GError **error);
/* The same on a worker. */
void sight_ui_reel_open_async(SightStore *store, gint64 row, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
SightUiReel *sight_ui_reel_open_finish(GAsyncResult *result, GError **error);
/* Pictures, fonts and sheets for the page, as JSON; NULL: none. Borrowed. */
GBytes *sight_ui_reel_shown(const SightUiReel *reel);
SightUiReel *sight_ui_reel_ref(SightUiReel *reel);
void sight_ui_reel_unref(SightUiReel *reel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiReel, sight_ui_reel_unref)

guint sight_ui_reel_n_windows(const SightUiReel *reel);
const SightUiReelWindow *sight_ui_reel_get_window(const SightUiReel *reel, guint index);
/* The window of that name; -1 where there is none. */
int sight_ui_reel_find(const SightUiReel *reel, const char *window);
/* The window to show where nobody knows better: the one with a page that begins first; -1: none has a page. */
int sight_ui_reel_first_page(const SightUiReel *reel);
/* Why nothing of it can be drawn, in words for people; NULL where something can. The caller's. */
char *sight_ui_reel_problem(const SightUiReel *reel);
/* Wall clock of the first and last event of any window, whether it can be shown or not. */
gint64 sight_ui_reel_first_ms(const SightUiReel *reel);
gint64 sight_ui_reel_last_ms(const SightUiReel *reel);
guint64 sight_ui_reel_n_events(const SightUiReel *reel);

G_END_DECLS
