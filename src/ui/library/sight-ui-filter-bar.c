/* SPDX-License-Identifier: MIT */
/* The filter as text. */
#include "sight-ui-filter-bar.h"

#include <glib/gi18n.h>

struct _SightUiFilterBar {
  GtkWidget parent_instance;
  GtkWidget *box, *entry, *problem;
  SightUiFilter *filter;
};

G_DEFINE_FINAL_TYPE(SightUiFilterBar, sight_ui_filter_bar, GTK_TYPE_WIDGET)

enum { ENTERED, LEFT, N_SIGNALS };
static guint signals[N_SIGNALS];

/* NULL: there is none. */
static void show_problem(SightUiFilterBar *self, const char *text) {
  gtk_label_set_text(GTK_LABEL(self->problem), text != NULL ? text : "");
  gtk_widget_set_visible(self->problem, text != NULL);
  if (text != NULL)
    gtk_widget_add_css_class(self->entry, "error");
  else
    gtk_widget_remove_css_class(self->entry, "error");
}

static gboolean take(SightUiFilterBar *self) {
  g_autoptr(GError) error = NULL;
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->entry));
  gboolean taken = sight_ui_filter_set(self->filter, text, NULL, &error);
  show_problem(self, taken ? NULL : error->message);
  return taken;
}

static void typed(SightUiFilterBar *self) {
  take(self);
}

static void activated(SightUiFilterBar *self) {
  if (take(self))
    g_signal_emit(self, signals[ENTERED], 0);
}

static void stopped(SightUiFilterBar *self) {
  sight_ui_filter_set(self->filter, "", NULL, NULL);
  gtk_editable_set_text(GTK_EDITABLE(self->entry), "");
  show_problem(self, NULL);
  g_signal_emit(self, signals[LEFT], 0);
}

/* What is being typed stays as it is where it says the same. */
static void filter_changed(SightUiFilterBar *self) {
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->entry));
  g_autoptr(SightFilter) typed_tree = sight_filter_parse(text, NULL, NULL);
  g_autofree char *printed = typed_tree != NULL ? sight_filter_print(typed_tree) : NULL;
  if (g_strcmp0(printed, sight_ui_filter_get_text(self->filter)) == 0)
    return;
  gtk_editable_set_text(GTK_EDITABLE(self->entry), sight_ui_filter_get_text(self->filter));
  show_problem(self, NULL);
}

void sight_ui_filter_bar_set_filter(SightUiFilterBar *self, SightUiFilter *filter) {
  g_return_if_fail(self->filter == NULL);
  self->filter = g_object_ref(filter);
  g_signal_connect_object(filter, "changed", G_CALLBACK(filter_changed), self, G_CONNECT_SWAPPED);
  filter_changed(self);
}

void sight_ui_filter_bar_focus(SightUiFilterBar *self) {
  gtk_widget_grab_focus(self->entry);
}

static void dispose(GObject *object) {
  SightUiFilterBar *self = SIGHT_UI_FILTER_BAR(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->filter);
  G_OBJECT_CLASS(sight_ui_filter_bar_parent_class)->dispose(object);
}

static void sight_ui_filter_bar_class_init(SightUiFilterBarClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  GType type = SIGHT_UI_TYPE_FILTER_BAR;
  signals[ENTERED] = g_signal_new("entered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LEFT] = g_signal_new("left", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "filter-bar");
}

static void sight_ui_filter_bar_init(SightUiFilterBar *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
  self->entry = gtk_search_entry_new();
  g_object_set(self->entry, "placeholder-text", _("Type a condition…"), NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search sessions"), -1);
  self->problem = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->problem), 0);
  gtk_label_set_wrap(GTK_LABEL(self->problem), TRUE);
  gtk_widget_add_css_class(self->problem, "error");
  gtk_widget_set_visible(self->problem, FALSE);
  gtk_box_append(GTK_BOX(self->box), self->entry);
  gtk_box_append(GTK_BOX(self->box), self->problem);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect_object(self->entry, "search-changed", G_CALLBACK(typed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "activate", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->entry, "stop-search", G_CALLBACK(stopped), self, G_CONNECT_SWAPPED);
}
