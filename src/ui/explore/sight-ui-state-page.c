/* SPDX-License-Identifier: MIT */
/* A status page with a name for assistance. */
#include "sight-ui-state-page.h"

#include <adwaita.h>

GtkWidget *sight_ui_state_page_new(void) {
  return g_object_new(ADW_TYPE_STATUS_PAGE, "focusable", TRUE, NULL);
}

void sight_ui_state_page_say(GtkWidget *page, const char *title, const char *text) {
  g_autofree char *name = text != NULL ? g_strdup_printf("%s. %s", title, text) : g_strdup(title);

  gtk_accessible_update_property(GTK_ACCESSIBLE(page), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
