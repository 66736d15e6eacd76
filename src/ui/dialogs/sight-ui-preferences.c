/* SPDX-License-Identifier: MIT */
/* The window of the preferences. Light and dark follow the system. */
#include "sight-ui-preferences.h"

#include "sight-ui-endpoints-page.h"
#include "sight-ui-names.h"
#include "sight-ui-rules-page.h"

GtkWidget *sight_ui_preferences_new(GtkWindow *parent, SightStore *store, SightUiJobs *jobs) {
  GtkWidget *window = adw_preferences_window_new();
  gtk_window_set_transient_for(GTK_WINDOW(window), parent);
  gtk_window_set_modal(GTK_WINDOW(window), TRUE);
  adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window),
                             ADW_PREFERENCES_PAGE(sight_ui_endpoints_page_new(store, jobs)));
  adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window),
                             ADW_PREFERENCES_PAGE(sight_ui_rules_page_new(store, jobs)));
  sight_ui_names_tidy(window);
  return window;
}
