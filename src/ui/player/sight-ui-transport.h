/* SPDX-License-Identifier: MIT */
/* SightUiTransport: the row of controls below the timeline. */
#pragma once

#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_TRANSPORT (sight_ui_transport_get_type())
G_DECLARE_FINAL_TYPE(SightUiTransport, sight_ui_transport, SIGHT_UI, TRANSPORT, GtkWidget)

/* For a template; binds to a playback afterwards. Its buttons activate "player.…" and "win.…". */
void sight_ui_transport_set_playback(SightUiTransport *self, SightUiPlayback *playback);
/* "3 of 14"; NULL: it says nothing. */
void sight_ui_transport_set_place(SightUiTransport *self, const char *text);
/* Opens the times, with the field to go to another one. */
void sight_ui_transport_open_time(SightUiTransport *self);

G_END_DECLS
