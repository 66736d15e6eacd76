/* SPDX-License-Identifier: MIT */
/* SightUiReel: a recording as it can be drawn: a track for each window, and where the window was. */
#pragma once

#include "sight-event.h"
#include "sight-store.h"
#include "sight-track.h"

G_BEGIN_DECLS

/* Where a window was, from a time on. */
typedef struct {
  gint64 at_ms; /* wall clock */
  int width, height;
  char *href; /* untrusted text; never NULL */
} SightUiPlace;

/* What can be shown of one window. Owned by the reel. */
typedef struct {
  char *window;
  SightTrack *track;  /* of what can be shown: events that are no part of the page are left out */
  gint64 snapshot_ms; /* wall clock of the first full snapshot */
  gboolean has_page;  /* there is a full snapshot */
  GArray *places;     /* of SightUiPlace, in order of time; may be empty */
} SightUiReelWindow;

/* Immutable once it is finished; any thread. */
typedef struct SightUiReel SightUiReel;
SightUiReel *sight_ui_reel_ref(SightUiReel *reel);
void sight_ui_reel_unref(SightUiReel *reel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiReel, sight_ui_reel_unref)

/* Reads a stored session; inside sight_store_read(), on a worker: it takes as long as reading the recording. */
SightUiReel *sight_ui_reel_read(SightDb *db, gint64 session_row, GCancellable *cancellable, GError **error);

/* Or event by event: begin, add, finish. */
SightUiReel *sight_ui_reel_new(void);
void sight_ui_reel_add(SightUiReel *reel, const char *window, const SightEvent *event);
void sight_ui_reel_finish(SightUiReel *reel);

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
/* Where the window is at that time, or NULL. Borrowed. */
const SightUiPlace *sight_ui_reel_window_place(const SightUiReelWindow *window, gint64 at_ms);

G_END_DECLS
