/* SPDX-License-Identifier: MIT */
/* The window of the preferences. Light and dark follow the system. */
#include "sight-ui-preferences.h"

#include "sight-ui-endpoints-page.h"
#include "sight-ui-names.h"
#include "sight-ui-pages-page.h"
#include "sight-ui-rules-page.h"
#include "sight-ui-settings.h"

#include <glib/gi18n.h>

static GtkWidget *add_switch(GtkWidget *group, const char *key, const char *title, const char *subtitle) {
  GtkWidget *row = adw_action_row_new(), *on = gtk_switch_new();
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  gtk_widget_set_valign(on, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(on), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), on);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), on);
  GSettings *settings = sight_ui_settings_get();
  if (settings != NULL)
    g_settings_bind(settings, key, on, "active", G_SETTINGS_BIND_DEFAULT);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  return row;
}

/* What the desktop said to it. */
static void show_background(SightUiBackground *background, GtkWidget *row) {
  static const char *const says[] = {
      [SIGHT_UI_BACKGROUND_OFF] = N_("New sessions come while the window is closed, and from login on."),
      [SIGHT_UI_BACKGROUND_ASKED] = N_("Your desktop is asked whether it lets this program run."),
      [SIGHT_UI_BACKGROUND_ALLOWED] = N_("It goes on when the window is closed, and begins at login. Ctrl+Q ends it."),
      [SIGHT_UI_BACKGROUND_NOT_AT_LOGIN] =
          N_("It goes on when the window is closed, but your desktop does not begin it at login. Ctrl+Q ends it."),
      [SIGHT_UI_BACKGROUND_REFUSED] = N_("Your desktop does not let this program run without a window."),
  };
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), _(says[sight_ui_background_get_state(background)]));
}

static GtkWidget *make_watching_page(SightUiBackground *background) {
  GtkWidget *page = adw_preferences_page_new(), *group = adw_preferences_group_new();
  adw_preferences_page_set_title(ADW_PREFERENCES_PAGE(page), _("Watching"));
  adw_preferences_page_set_icon_name(ADW_PREFERENCES_PAGE(page), "sight-page-symbolic");
  add_switch(group, "captions", _("Captions"),
             _("Over the page: why a moment is worth a look, how soon it comes, and what came of it."));
  add_switch(group, "skip-idle", _("Skip idle stretches"), _("While playing, where nothing happens for long."));
  add_switch(group, "mark-seen", _("Mark as seen"), _("Once the moment was played, or the whole session."));
  GtkWidget *row = add_switch(group, "sync-in-background", _("Sync in the background"), "");
  g_signal_connect_object(background, "changed", G_CALLBACK(show_background), row, 0);
  show_background(background, row);
  adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), ADW_PREFERENCES_GROUP(group));
  return page;
}

GtkWidget *sight_ui_preferences_new(GtkWindow *parent, SightStore *store, SightUiJobs *jobs, gint64 endpoint,
                                    const char *rule) {
  GtkWidget *window = adw_preferences_window_new();
  gtk_window_set_transient_for(GTK_WINDOW(window), parent);
  gtk_window_set_modal(GTK_WINDOW(window), TRUE);
  adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window),
                             ADW_PREFERENCES_PAGE(sight_ui_endpoints_page_new(store, jobs)));
  GtkWidget *rules = sight_ui_rules_page_new(store, jobs);
  adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window), ADW_PREFERENCES_PAGE(rules));
  adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window),
                             ADW_PREFERENCES_PAGE(sight_ui_pages_page_new(store, jobs)));
  adw_preferences_window_add(ADW_PREFERENCES_WINDOW(window),
                             ADW_PREFERENCES_PAGE(make_watching_page(sight_ui_jobs_get_background(jobs))));
  sight_ui_names_tidy(window);
  if (rule != NULL) {
    adw_preferences_window_set_visible_page(ADW_PREFERENCES_WINDOW(window), ADW_PREFERENCES_PAGE(rules));
    sight_ui_rules_page_show(SIGHT_UI_RULES_PAGE(rules), endpoint, rule);
  }
  return window;
}
