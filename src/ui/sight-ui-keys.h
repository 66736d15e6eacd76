/* SPDX-License-Identifier: MIT */
/* Keys to actions, as the table of keys says (sight-ui-key-table.h). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Those that drive the player, from anywhere but a text field. Actions of the window are activated on it, those of the
 * player ("player.…") on `player`. */
void sight_ui_keys_attach(GtkWidget *window, GtkWidget *player);
/* Those that count everywhere. */
void sight_ui_keys_install(GtkApplication *application);

G_END_DECLS
