/* SPDX-License-Identifier: MIT */
/* SightUiPlayerHead: the line above the page: its address and size, the visitor, and the time of the visit. */
#pragma once

#include "sight-session-table.h"
#include "sight-track.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PLAYER_HEAD (sight_ui_player_head_get_type())
G_DECLARE_FINAL_TYPE(SightUiPlayerHead, sight_ui_player_head, SIGHT_UI, PLAYER_HEAD, GtkWidget)

/* NULL: none is open. */
void sight_ui_player_head_set_session(SightUiPlayerHead *self, const SightSession *session);
/* NULL: not known. */
void sight_ui_player_head_set_place(SightUiPlayerHead *self, const SightPlace *place);
/* Which of the visitor's tabs that have a page, counted from 1; 0: none. */
void sight_ui_player_head_set_tab(SightUiPlayerHead *self, guint number, guint n_pages);
/* Wall clock; told in whole seconds. */
void sight_ui_player_head_set_time(SightUiPlayerHead *self, gint64 wall_ms);
/* Borrowed: the button that tells how large the page is drawn. */
GtkWidget *sight_ui_player_head_get_zoom(SightUiPlayerHead *self);
/* Borrowed: what the window hangs the popover of the session on. */
GtkWidget *sight_ui_player_head_get_info(SightUiPlayerHead *self);

G_END_DECLS
