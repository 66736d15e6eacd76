/* SPDX-License-Identifier: MIT */
#include "sight-ui-focus.h"

gboolean sight_ui_has_keys(GtkWidget *widget) {
  GtkRoot *root = gtk_widget_get_root(widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus(root) : NULL;

  return focus != NULL && gtk_widget_get_mapped(widget) && (focus == widget || gtk_widget_is_ancestor(focus, widget));
}
