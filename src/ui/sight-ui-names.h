/* SPDX-License-Identifier: MIT */
/* Names of widgets for those who cannot see them. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* GTK 4.8 reads a button with a mnemonic out twice, once with its underscore ("_Open… Open…"): leaves only the name
 * that is seen. In everything below `widget`. */
void sight_ui_names_tidy(GtkWidget *widget);

G_END_DECLS
