/* SPDX-License-Identifier: MIT */
/* SightUiPanes: sidebar, list, player and inspector side by side; where there is no room for a side pane, it can be
 * opened above the others. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PANES (sight_ui_panes_get_type())
/* Properties: "sidebar-shown", "inspector-shown" (boolean, rw): docked or laid over. Widths and what was wanted are
 * remembered in the settings. */
G_DECLARE_FINAL_TYPE(SightUiPanes, sight_ui_panes, SIGHT_UI, PANES, GtkWidget)

void sight_ui_panes_set_children(SightUiPanes *self, GtkWidget *sidebar, GtkWidget *list, GtkWidget *player,
                                 GtkWidget *inspector);
/* Shows the player alone, and then again what was there. */
void sight_ui_panes_set_page_only(SightUiPanes *self, gboolean page_only);
/* Closes what is laid over; FALSE: nothing was. */
gboolean sight_ui_panes_dismiss(SightUiPanes *self);

G_END_DECLS
