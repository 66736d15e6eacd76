/* SPDX-License-Identifier: MIT */
/* The keys without Ctrl: they drive the player from anywhere but a text field. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Actions of the window are activated on it, those of the player ("player.…") on `player`. */
void sight_ui_keys_attach(GtkWidget *window, GtkWidget *player);

G_END_DECLS
