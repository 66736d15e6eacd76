/* SPDX-License-Identifier: MIT */
/* SightUiPlayback: what is being watched, and where in it; the one state that player, timeline and inspector bind to.
 */
#pragma once

#include "sight-analysis.h"
#include "sight-cohort-rules.h"
#include "sight-store.h"
#include "sight-ui-notes.h"
#include "sight-ui-range.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PLAYBACK (sight_ui_playback_get_type())
/* Main thread only. Properties (with notify): "session-row" (int64, 0: nothing open), "loading" (boolean), "problem"
 * (string, NULL: none; why it cannot be shown), "position-ms" (int64), "duration-ms" (int64), "playing" (boolean, rw),
 * "speed" (double, rw), "skip-idle" (boolean, rw), "captions" (boolean, rw), "window" (string: the tab on display),
 * "analysis" (pointer to SightAnalysis, borrowed; NULL until it is there). Signal "seek" (int64 ms): somebody asked for
 * another position; the player follows. */
G_DECLARE_FINAL_TYPE(SightUiPlayback, sight_ui_playback, SIGHT_UI, PLAYBACK, GObject)

SightUiPlayback *sight_ui_playback_new(SightStore *store);
SightStore *sight_ui_playback_get_store(SightUiPlayback *self);

/* Watching starts so long before a moment, so that one sees it come. */
#define SIGHT_UI_LEAD_MS 3000
/* Opens a session a little before a moment (ms from its start) and starts loading its analysis on a worker. The session
 * that is open already is not loaded again: only the position changes. */
void sight_ui_playback_open(SightUiPlayback *self, gint64 session_row, gint64 moment_ms, gboolean play);
/* Goes to a little before a moment of what is open. */
void sight_ui_playback_go_to_moment(SightUiPlayback *self, gint64 moment_ms);
/* What is to be seen at the moment that was gone to, where it is no signal; until another one is. */
void sight_ui_playback_set_moment_text(SightUiPlayback *self, const char *text);
const char *sight_ui_playback_get_moment_text(SightUiPlayback *self); /* NULL: nothing is said of it */
/* The moment that was gone to, until some seconds after it or until somebody seeks elsewhere; then -1. */
gint64 sight_ui_playback_get_moment_ms(SightUiPlayback *self);
/* What the analyst is looking at: that moment, else the position. */
gint64 sight_ui_playback_get_subject_ms(SightUiPlayback *self);
/* Loads what is open again, at the position where it stands: after the display failed. What the store has new of it,
 * also by other rules, is read by itself. */
void sight_ui_playback_reload(SightUiPlayback *self);
void sight_ui_playback_close(SightUiPlayback *self);
void sight_ui_playback_seek(SightUiPlayback *self, gint64 at_ms); /* clamped to the recording */

gint64 sight_ui_playback_get_session_row(SightUiPlayback *self);
const SightSession *sight_ui_playback_get_session(SightUiPlayback *self);   /* NULL while nothing is open */
const SightAnalysis *sight_ui_playback_get_analysis(SightUiPlayback *self); /* NULL until it is there */
/* When it reached key actions (of SightReached), in the order of time; comes with the analysis. Borrowed. */
const GArray *sight_ui_playback_get_reached(SightUiPlayback *self);
gint64 sight_ui_playback_get_position_ms(SightUiPlayback *self);
gint64 sight_ui_playback_get_duration_ms(SightUiPlayback *self);
gboolean sight_ui_playback_get_playing(SightUiPlayback *self);
void sight_ui_playback_set_playing(SightUiPlayback *self, gboolean playing);
double sight_ui_playback_get_speed(SightUiPlayback *self);
/* Clamped to 0.25 … 16; everything above is SIGHT_UI_SPEED_UNBOUND, as fast as it goes: from change to change, at least
 * a second further with each picture. */
#define SIGHT_UI_SPEED_MAX 16.0
#define SIGHT_UI_SPEED_UNBOUND 64.0
void sight_ui_playback_set_speed(SightUiPlayback *self, double speed);
gboolean sight_ui_playback_get_skip_idle(SightUiPlayback *self);
void sight_ui_playback_set_skip_idle(SightUiPlayback *self, gboolean skip_idle);
/* Whether the player says over the page why one is there. */
gboolean sight_ui_playback_get_captions(SightUiPlayback *self);
const char *sight_ui_playback_get_problem(SightUiPlayback *self); /* NULL: none */
const char *sight_ui_playback_get_window(SightUiPlayback *self);  /* NULL: none on display yet */
gboolean sight_ui_playback_get_loading(SightUiPlayback *self);

/* In and out point and the loop; another session has none of the old one's points. Borrowed. */
SightUiRange *sight_ui_playback_get_range(SightUiPlayback *self);

/* What the team says of what is open. Borrowed. */
SightUiNotes *sight_ui_playback_get_notes(SightUiPlayback *self);

/* For the player that displays it. */
void sight_ui_playback_set_position_ms(SightUiPlayback *self, gint64 position_ms);
/* The length of what was read, where the session's own is not known yet. */
void sight_ui_playback_set_duration_ms(SightUiPlayback *self, gint64 duration_ms);
void sight_ui_playback_set_loading(SightUiPlayback *self, gboolean loading);
void sight_ui_playback_set_problem(SightUiPlayback *self, const char *problem);
void sight_ui_playback_set_window(SightUiPlayback *self, const char *window);

G_END_DECLS
