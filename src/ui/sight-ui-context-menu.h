/* SPDX-License-Identifier: MIT */
/* Menus of the rows of a list: by the other button, by a long press, by Menu or Shift+F10 where the focus is. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What can be done with a row, the caller's; NULL: nothing. `row` is a child of the list: of a GtkListView its own
 * child is what the factory has made. */
typedef GMenu *(*SightUiContextMenuMake)(GtkWidget *row, gpointer user_data);

/* Once for each list. `host` holds the list, has a layout manager and lives as long; the menu hangs on it, and its
 * actions are looked for from there. */
void sight_ui_context_menu_attach(GtkWidget *list, GtkWidget *host, SightUiContextMenuMake make, gpointer user_data);
/* One more line; target NULL: none (sinks it). */
void sight_ui_context_menu_add(GMenu *menu, const char *label, const char *action, GVariant *target);

G_END_DECLS
