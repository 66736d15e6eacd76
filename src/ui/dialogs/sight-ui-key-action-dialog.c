/* SPDX-License-Identifier: MIT */
/* Adding a key action. */
#include "sight-ui-key-action-dialog.h"

#include "sight-endpoint-table.h"
#include "sight-source.h"
#include "sight-ui-names.h"
#include "sight-ui-rules.h"

#include <glib/gi18n.h>

struct _SightUiKeyActionDialog {
  AdwWindow parent_instance;
  GtkWidget *cancel, *add, *value, *name;
  AdwComboRow *project, *kind;
  SightStore *store;
  GArray *rows; /* gint64: endpoints, as in `project` */
};

G_DEFINE_FINAL_TYPE(SightUiKeyActionDialog, sight_ui_key_action_dialog, ADW_TYPE_WINDOW)

static const char *value_title(SightKeyActionKind kind) {
  switch (kind) {
  case SIGHT_KEY_ACTION_PAGE:
    return _("Address of the page");
  case SIGHT_KEY_ACTION_CLICK:
    return _("Text or selector");
  case SIGHT_KEY_ACTION_SUBMIT:
    return _("Id or name of the form");
  case SIGHT_KEY_ACTION_EVENT:
    return _("Name of the event");
  }
  return "";
}

static const char *value_example(SightKeyActionKind kind) {
  switch (kind) {
  case SIGHT_KEY_ACTION_PAGE:
    return _("Such as /thanks or /order/*");
  case SIGHT_KEY_ACTION_CLICK:
    return _("Such as Pay now or #pay");
  case SIGHT_KEY_ACTION_SUBMIT:
    return _("“*” stands for any form");
  case SIGHT_KEY_ACTION_EVENT:
    return _("Such as order-placed");
  }
  return "";
}

static void update(SightUiKeyActionDialog *self) {
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(self->value), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->value), value_title(adw_combo_row_get_selected(self->kind)));
  gtk_widget_set_tooltip_text(self->value, value_example(adw_combo_row_get_selected(self->kind)));
  g_autofree char *value = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->value))));
  gtk_widget_set_sensitive(self->add, *value != '\0');
}

static void add(SightUiKeyActionDialog *self) {
  if (!gtk_widget_get_sensitive(self->add))
    return;
  g_autofree char *value = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->value))));
  g_autofree char *name = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->name))));
  gint64 endpoint = g_array_index(self->rows, gint64, adw_combo_row_get_selected(self->project));
  sight_ui_rules_add_key_action(self->store, endpoint, name, adw_combo_row_get_selected(self->kind), value);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void finalize(GObject *object) {
  SightUiKeyActionDialog *self = SIGHT_UI_KEY_ACTION_DIALOG(object);
  g_clear_object(&self->store);
  g_array_unref(self->rows);
  G_OBJECT_CLASS(sight_ui_key_action_dialog_parent_class)->finalize(object);
}

static void sight_ui_key_action_dialog_class_init(SightUiKeyActionDialogClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  gtk_widget_class_set_template_from_resource(
      widget_class, "/io/github/sessionsight/SessionSight/dialogs/sight-ui-key-action-dialog.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiKeyActionDialog, cancel);
  gtk_widget_class_bind_template_child(widget_class, SightUiKeyActionDialog, add);
  gtk_widget_class_bind_template_child(widget_class, SightUiKeyActionDialog, value);
  gtk_widget_class_bind_template_child(widget_class, SightUiKeyActionDialog, name);
  gtk_widget_class_bind_template_child(widget_class, SightUiKeyActionDialog, project);
  gtk_widget_class_bind_template_child(widget_class, SightUiKeyActionDialog, kind);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void sight_ui_key_action_dialog_init(SightUiKeyActionDialog *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  self->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GtkStringList) kinds = gtk_string_list_new(NULL);
  for (int kind = SIGHT_KEY_ACTION_PAGE; kind <= SIGHT_KEY_ACTION_EVENT; kind++)
    gtk_string_list_append(kinds, sight_ui_key_action_title(kind));
  adw_combo_row_set_model(self->kind, G_LIST_MODEL(kinds));
  g_signal_connect_object(self->kind, "notify::selected", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->value, "changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->value, "entry-activated", G_CALLBACK(add), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->name, "entry-activated", G_CALLBACK(add), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->add, "clicked", G_CALLBACK(add), self, G_CONNECT_SWAPPED);
  update(self);
}

GtkWidget *sight_ui_key_action_dialog_new(GtkWindow *parent, SightStore *store, GPtrArray *endpoints, gint64 chosen) {
  SightUiKeyActionDialog *self = g_object_new(SIGHT_UI_TYPE_KEY_ACTION_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref(store);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint selected = 0;
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    gtk_string_list_append(names, sight_source_name(endpoint));
    g_array_append_val(self->rows, endpoint->row);
    if (endpoint->row == chosen)
      selected = i;
  }
  adw_combo_row_set_model(self->project, G_LIST_MODEL(names));
  adw_combo_row_set_selected(self->project, selected);
  gtk_widget_set_visible(GTK_WIDGET(self->project), endpoints->len > 1);
  gtk_widget_grab_focus(self->value);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}
