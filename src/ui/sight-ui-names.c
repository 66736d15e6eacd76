/* SPDX-License-Identifier: MIT */
/* Names of buttons as they are seen. */
#include "sight-ui-names.h"

void sight_ui_names_tidy(GtkWidget *widget) {
  if (GTK_IS_BUTTON(widget) && gtk_button_get_use_underline(GTK_BUTTON(widget)))
    gtk_accessible_reset_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL; child = gtk_widget_get_next_sibling(child))
    sight_ui_names_tidy(child);
}
