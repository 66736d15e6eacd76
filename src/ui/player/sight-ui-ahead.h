/* SPDX-License-Identifier: MIT */
/* SightUiAhead: the reel of the session that is watched next, read while another one plays. */
#pragma once

#include "sight-ui-reel.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_AHEAD (sight_ui_ahead_get_type())
/* Main thread only. */
G_DECLARE_FINAL_TYPE(SightUiAhead, sight_ui_ahead, SIGHT_UI, AHEAD, GObject)

SightUiAhead *sight_ui_ahead_new(SightStore *store);
/* Reads it on a worker, and anew where the store changes; what was read of another session is let go. 0: none. */
void sight_ui_ahead_prepare(SightUiAhead *self, gint64 row);
/* What was read of that session, the caller's; NULL: nothing is there, or it may have changed since. */
SightUiReel *sight_ui_ahead_take(SightUiAhead *self, gint64 row);

G_END_DECLS
