/* SPDX-License-Identifier: MIT */
/* SightUiFollow: follows up what was filed and what is said to be fixed: asks trackers how issues stand, and moves
 * problems to verified as sessions come in. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_FOLLOW (sight_ui_follow_get_type())
/* Main thread only. Signal "news" (int64 endpoint, string id, string title, string sentence) once for each problem that
 * was verified, that is not fixed as was said, or that came back. */
G_DECLARE_FINAL_TYPE(SightUiFollow, sight_ui_follow, SIGHT_UI, FOLLOW, GObject)

SightUiFollow *sight_ui_follow_new(SightStore *store);
/* Something is new in the store: looks soon, and so seldom that looking takes a tenth of the time at most. */
void sight_ui_follow_look(SightUiFollow *self);
/* Asks the trackers of filed problems, of which a token is kept, whether they are closed, and since when; one that was
 * opened again is not. */
void sight_ui_follow_ask(SightUiFollow *self);
/* Stops, for good. */
void sight_ui_follow_close(SightUiFollow *self);

G_END_DECLS
