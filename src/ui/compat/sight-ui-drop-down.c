/* SPDX-License-Identifier: MIT */
/* The button is the first child. */
#include "sight-ui-drop-down.h"

void sight_ui_drop_down_name(GtkWidget *drop_down, const char *name) {
  GtkWidget *button = gtk_widget_get_first_child(drop_down);

  gtk_accessible_update_property(GTK_ACCESSIBLE(drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (button != NULL)
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
