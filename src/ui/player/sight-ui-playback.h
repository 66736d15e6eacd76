/* SPDX-License-Identifier: MIT */
/* SightUiPlayback: what is being watched, and where in it; the one state that player, timeline and inspector bind to.
 */
#pragma once

#include "sight-analysis.h"
#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PLAYBACK (sight_ui_playback_get_type())
/* Main thread only. Properties (with notify): "session-row" (int64, 0: nothing open), "loading" (boolean), "problem"
 * (string, NULL: none; why it cannot be shown), "position-ms" (int64), "duration-ms" (int64), "playing" (boolean, rw),
 * "speed" (double, rw), "skip-idle" (boolean, rw), "window" (string: the tab on display), "analysis" (pointer to
 * SightAnalysis, borrowed; NULL until it is there), "facet" (int: SightFacet that it was chosen in).
 * Signal "seek" (int64 ms): somebody asked for another position; the player follows. */
G_DECLARE_FINAL_TYPE(SightUiPlayback, sight_ui_playback, SIGHT_UI, PLAYBACK, GObject)

SightUiPlayback *sight_ui_playback_new(SightStore *store);
SightStore *sight_ui_playback_get_store(SightUiPlayback *self);

/* Opens a session at a position (ms from its start) and starts loading its analysis on a worker. */
void sight_ui_playback_open(SightUiPlayback *self, gint64 session_row, gint64 at_ms, gboolean play);
void sight_ui_playback_close(SightUiPlayback *self);
void sight_ui_playback_seek(SightUiPlayback *self, gint64 at_ms); /* clamped to the recording */

gint64 sight_ui_playback_get_session_row(SightUiPlayback *self);
const SightSession *sight_ui_playback_get_session(SightUiPlayback *self);   /* NULL while nothing is open */
const SightAnalysis *sight_ui_playback_get_analysis(SightUiPlayback *self); /* NULL until it is there */
gint64 sight_ui_playback_get_position_ms(SightUiPlayback *self);
gint64 sight_ui_playback_get_duration_ms(SightUiPlayback *self);
gboolean sight_ui_playback_get_playing(SightUiPlayback *self);
void sight_ui_playback_set_playing(SightUiPlayback *self, gboolean playing);
double sight_ui_playback_get_speed(SightUiPlayback *self);
void sight_ui_playback_set_speed(SightUiPlayback *self, double speed);
gboolean sight_ui_playback_get_skip_idle(SightUiPlayback *self);
void sight_ui_playback_set_skip_idle(SightUiPlayback *self, gboolean skip_idle);

/* For the player that displays it. */
void sight_ui_playback_set_position_ms(SightUiPlayback *self, gint64 position_ms);
void sight_ui_playback_set_loading(SightUiPlayback *self, gboolean loading);
void sight_ui_playback_set_problem(SightUiPlayback *self, const char *problem);
void sight_ui_playback_set_window(SightUiPlayback *self, const char *window);

G_END_DECLS
