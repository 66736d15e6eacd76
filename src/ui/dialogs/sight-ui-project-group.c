/* SPDX-License-Identifier: MIT */
/* A row to choose in. */
#include "sight-ui-project-group.h"

#include "sight-source.h"

#include <glib/gi18n.h>

struct _SightUiProjectGroup {
  AdwPreferencesGroup parent_instance;
  AdwComboRow *row;
  GArray *endpoints; /* gint64, as in `row` */
};

G_DEFINE_FINAL_TYPE(SightUiProjectGroup, sight_ui_project_group, ADW_TYPE_PREFERENCES_GROUP)

static guint chosen_signal;

static void chosen(SightUiProjectGroup *self) {
  g_signal_emit(self, chosen_signal, 0);
}

gint64 sight_ui_project_group_get_endpoint(SightUiProjectGroup *self) {
  guint selected = adw_combo_row_get_selected(self->row);
  return selected < self->endpoints->len ? g_array_index(self->endpoints, gint64, selected) : SIGHT_ENDPOINT_FILES;
}

void sight_ui_project_group_choose(SightUiProjectGroup *self, gint64 endpoint) {
  for (guint i = 0; i < self->endpoints->len; i++) {
    if (g_array_index(self->endpoints, gint64, i) == endpoint)
      adw_combo_row_set_selected(self->row, i);
  }
}

void sight_ui_project_group_fill(SightUiProjectGroup *self, SightUiJobs *jobs) {
  GPtrArray *endpoints = sight_ui_jobs_get_endpoints(jobs);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    gtk_string_list_append(names, sight_source_name(endpoint));
    g_array_append_val(self->endpoints, endpoint->row);
  }
  adw_combo_row_set_model(self->row, G_LIST_MODEL(names));
  if (endpoints->len > 1)
    adw_combo_row_set_selected(self->row, 1);
  gtk_widget_set_visible(GTK_WIDGET(self), endpoints->len > 1);
  g_signal_connect_object(self->row, "notify::selected", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
}

static void finalize(GObject *object) {
  g_array_unref(SIGHT_UI_PROJECT_GROUP(object)->endpoints);
  G_OBJECT_CLASS(sight_ui_project_group_parent_class)->finalize(object);
}

static void sight_ui_project_group_class_init(SightUiProjectGroupClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  chosen_signal =
      g_signal_new("chosen", SIGHT_UI_TYPE_PROJECT_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_project_group_init(SightUiProjectGroup *self) {
  self->endpoints = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->row = ADW_COMBO_ROW(adw_combo_row_new());
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->row), _("Project"));
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(self), GTK_WIDGET(self->row));
}

SightUiProjectGroup *sight_ui_project_group_new(void) {
  return g_object_new(SIGHT_UI_TYPE_PROJECT_GROUP, NULL);
}
