/* SPDX-License-Identifier: MIT */
/* SightUiNavigator: going from moment to moment and from session to session in the order of the list. */
#pragma once

#include "sight-ui-library.h"
#include "sight-ui-playback.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_NAVIGATOR (sight_ui_navigator_get_type())
/* Main thread only. Signals: "opening" (uint position): a session of the list is about to be watched; "nowhere"
 * (boolean forward): there is no further one. */
G_DECLARE_FINAL_TYPE(SightUiNavigator, sight_ui_navigator, SIGHT_UI, NAVIGATOR, GObject)

SightUiNavigator *sight_ui_navigator_new(SightUiLibrary *library, SightUiPlayback *playback);
/* Opens a session of the list where its reason says. */
void sight_ui_navigator_open(SightUiNavigator *self, gint64 row, gboolean play);
/* Opens one at a moment (ms from its start) and plays. */
void sight_ui_navigator_open_at(SightUiNavigator *self, gint64 row, gint64 at_ms);
/* What is still looked for is not opened any more. */
void sight_ui_navigator_stay(SightUiNavigator *self);
/* direction: 1 or -1 */
void sight_ui_navigator_step_session(SightUiNavigator *self, int direction);
/* The next moment of the filter, in this session or another one. */
void sight_ui_navigator_step_moment(SightUiNavigator *self, int direction);

G_END_DECLS
