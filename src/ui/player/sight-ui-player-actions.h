/* SPDX-License-Identifier: MIT */
/* The actions of the player: what keys and buttons do with a playback. */
#pragma once

#include "sight-ui-playback.h"

G_BEGIN_DECLS

/* Time (from the start of the session) of the next (1) or previous (-1) change on the page; -1: none. */
typedef gint64 (*SightUiFindChange)(int direction, gpointer user_data);

/* play-pause, back-5, forward-5, back-1, forward-1, back-frame, forward-frame, home, end, tenth(i), next- and previous-
 * change, page, tab and signal; faster, slower, speed(d), skip-idle, loop; set-in, set-out, range-around, clear-range.
 * `user_data` must live as long as the group. */
GSimpleActionGroup *sight_ui_player_actions_new(SightUiPlayback *playback, SightUiFindChange find_change,
                                                gpointer user_data);

G_END_DECLS
