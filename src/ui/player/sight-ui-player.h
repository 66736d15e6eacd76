/* SPDX-License-Identifier: MIT */
/* SightUiPlayer: the pane in which a session is watched: address line, the recorded page, timeline, transport. */
#pragma once

#include "sight-ui-element.h"
#include "sight-ui-playback.h"
#include "sight-ui-reel.h"
#include "sight-ui-text.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PLAYER (sight_ui_player_get_type())
/* Buttons of the pane activate win.tag, which the window provides. */
/* Signals: "element" (pointer to SightUiElement, int64 wall clock of the start of the session): an element was picked;
 * "element-problem" (string): why nothing is said of it; "ended": it was played to the end, where
 * sight_ui_player_offer_next() may say what comes next. */
G_DECLARE_FINAL_TYPE(SightUiPlayer, sight_ui_player, SIGHT_UI, PLAYER, GtkWidget)

GtkWidget *sight_ui_player_new(SightUiPlayback *playback);
/* Without controls and what leads elsewhere: for a window that drives several of them. */
GtkWidget *sight_ui_player_new_bare(SightUiPlayback *playback);

/* The actions of the group "player" (sight-ui-player-actions.h), for the window to insert as well, so that its keys
 * reach them. Borrowed. */
GActionGroup *sight_ui_player_get_actions(SightUiPlayer *self);

/* The button of the line above the page that the popover of the session belongs to. Borrowed. */
GtkWidget *sight_ui_player_get_info(SightUiPlayer *self);
/* What is on display; NULL until it is read. Borrowed. */
SightUiReel *sight_ui_player_get_reel(SightUiPlayer *self);

/* Picking begins, for somebody who is told the selector of the element, or why there is none, by "lent-element"
 * (string, string; both NULL: nothing was picked) in place of "element"; it ends by a pick, or by player.pick. FALSE:
 * no more, and what was marked before is marked again. */
void sight_ui_player_lend(SightUiPlayer *self, gboolean lent);
/* The element that was picked is no longer marked. */
void sight_ui_player_forget_element(SightUiPlayer *self);

/* Opens the times, with the field to go to another one. */
void sight_ui_player_open_time(SightUiPlayer *self);

/* Which of several moments is watched: "3 of 14"; NULL: none of them. */
void sight_ui_player_set_place(SightUiPlayer *self, const char *text);
/* A session that will be opened next (0: none is known): it is read while another one plays. */
void sight_ui_player_prepare(SightUiPlayer *self, gint64 row);
/* Why the session that win.next-session leads to is worth a look. */
void sight_ui_player_offer_next(SightUiPlayer *self, const char *reason);

/* Colour and symbolic icon of a signal kind, the same everywhere. Borrowed, static. */
const char *sight_ui_signal_icon_name(SightSignalKind kind);
void sight_ui_signal_color(SightSignalKind kind, gboolean dark, GdkRGBA *color);
/* The style classes that are named after the kinds, for rows, reasons and moments; once for each display. */
void sight_ui_signal_style_install(GdkDisplay *display);
/* Draws an icon of that name around a point of the widget; of a signal, its own. */
void sight_ui_icon_draw(GtkWidget *widget, GtkSnapshot *snapshot, const char *name, const GdkRGBA *color, float x,
                        float y, float size);
void sight_ui_signal_draw(GtkWidget *widget, GtkSnapshot *snapshot, SightSignalKind kind, const GdkRGBA *color, float x,
                          float y, float size);

G_END_DECLS
