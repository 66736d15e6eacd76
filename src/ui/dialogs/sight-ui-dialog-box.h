/* SPDX-License-Identifier: MIT */
/* The inside of a dialog: a header, and below it what can be scrolled. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Becomes the content of the dialog. Returns the box to fill: borrowed, with room around it. */
GtkWidget *sight_ui_dialog_box_new(AdwWindow *dialog, GtkWidget *header);

G_END_DECLS
