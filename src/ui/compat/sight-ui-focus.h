/* SPDX-License-Identifier: MIT */
/* Who has the keys. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Whether the widget is on display and the focus is in it: what takes its place while it is may have the keys as well.
 * GTK itself would give them to what is not on display. */
gboolean sight_ui_has_keys(GtkWidget *widget);

G_END_DECLS
