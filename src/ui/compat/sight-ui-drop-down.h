/* SPDX-License-Identifier: MIT */
/* Names of drop-downs for those who cannot see them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* GTK 4.8 gives the keys to the button inside of a drop-down, which has no name of its own: names both. */
void sight_ui_drop_down_name(GtkWidget *drop_down, const char *name);

G_END_DECLS
