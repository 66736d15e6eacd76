/* SPDX-License-Identifier: MIT */
/* What a stack does not show. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* GTK 4.8 tells a screen reader of all pages of a stack, as if all were there: tells of each page, from here on, only
 * while it is on display. To be called when all pages are in it. */
void sight_ui_stack_tell_shown(GtkWidget *stack);

G_END_DECLS
