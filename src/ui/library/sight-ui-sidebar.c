/* SPDX-License-Identifier: MIT */
/* Saved filters with live counts. */
#include "sight-ui-sidebar.h"

#include "sight-ui-saved.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

struct _SightUiSidebar {
  GtkWidget parent_instance;
  GtkWidget *scroller;
  GtkListBox *rows;
  SightUiLibrary *library;
};

G_DEFINE_FINAL_TYPE(SightUiSidebar, sight_ui_sidebar, GTK_TYPE_WIDGET)

static GtkWidget *make_row(const SightUiSaved *saved) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *image = gtk_image_new_from_icon_name(saved->icon);
  gtk_accessible_update_property(GTK_ACCESSIBLE(image), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  if (saved->signal >= 0)
    gtk_widget_add_css_class(image, sight_signal_kind_name((SightSignalKind)saved->signal));
  gtk_box_append(GTK_BOX(line), image);
  GtkWidget *label = gtk_label_new(saved->title);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_lines(GTK_LABEL(label), 3);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_box_append(GTK_BOX(line), label);
  GtkWidget *count = gtk_label_new(NULL);
  gtk_widget_add_css_class(count, "dim-label");
  gtk_widget_add_css_class(count, "numeric");
  gtk_box_append(GTK_BOX(line), count);
  GtkWidget *row = gtk_list_box_row_new();
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), line);
  return row;
}

static const char *group_title(SightUiSavedGroup group) {
  switch (group) {
  case SIGHT_UI_SAVED_SIGNAL:
    return _("Signals");
  case SIGHT_UI_SAVED_TAG:
    return _("Tags");
  case SIGHT_UI_SAVED_ALL:
  case SIGHT_UI_SAVED_COHORT:
  case SIGHT_UI_SAVED_NONE:
    break;
  }
  return NULL;
}

static void set_heading(GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data) {
  guint n = 0;
  const SightUiSaved *saved = sight_ui_saved(&n);
  guint i = (guint)gtk_list_box_row_get_index(row);
  const char *title = group_title(saved[i].group);
  if (title == NULL || (i > 0 && saved[i - 1].group == saved[i].group) || gtk_list_box_row_get_header(row) != NULL)
    return;
  GtkWidget *label = gtk_label_new(title);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, "group-heading");
  gtk_list_box_row_set_header(row, label);
}

static gboolean is_held(SightUiSidebar *self, GdkModifierType modifier) {
  GdkSeat *seat = gdk_display_get_default_seat(gtk_widget_get_display(GTK_WIDGET(self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard(seat) : NULL;
  return keyboard != NULL && (gdk_device_get_modifier_state(keyboard) & modifier) != 0;
}

static void activated(SightUiSidebar *self, GtkListBoxRow *row) {
  guint n = 0;
  const SightUiSaved *saved = &sight_ui_saved(&n)[gtk_list_box_row_get_index(row)];
  sight_ui_filter_toggle(sight_ui_library_get_filter(self->library), saved->filter, is_held(self, GDK_CONTROL_MASK));
}

/* Churned has no count while nobody said what a success is. */
static gboolean is_counted(const SightUiCounts *counts, const SightUiSaved *saved) {
  return counts != NULL && (counts->has_key_actions || !g_str_equal(saved->filter, "churned"));
}

static void show(SightUiSidebar *self) {
  guint n = 0;
  const SightUiSaved *saved = sight_ui_saved(&n);
  const SightUiCounts *counts = sight_ui_library_get_counts(self->library);
  SightUiFilter *filter = sight_ui_library_get_filter(self->library);
  for (guint i = 0; i < n; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(self->rows, (int)i);
    GtkWidget *label = gtk_widget_get_last_child(gtk_list_box_row_get_child(row));
    g_autofree char *text = is_counted(counts, &saved[i]) ? sight_ui_text_number(counts->n_saved[i]) : g_strdup("–");
    gtk_label_set_text(GTK_LABEL(label), text);
    g_autofree char *name = g_strdup_printf("%s, %s", saved[i].title, text);
    gboolean on = sight_ui_filter_has(filter, saved[i].filter);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    gtk_accessible_update_state(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_STATE_SELECTED, on, -1);
    if (on)
      gtk_widget_add_css_class(GTK_WIDGET(row), "on");
    else
      gtk_widget_remove_css_class(GTK_WIDGET(row), "on");
  }
}

void sight_ui_sidebar_set_library(SightUiSidebar *self, SightUiLibrary *library) {
  g_return_if_fail(self->library == NULL);
  self->library = g_object_ref(library);
  g_signal_connect_object(library, "counted", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_library_get_filter(library), "changed", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  show(self);
}

/* The row that is in the sentence, else the first. */
static gboolean focus_rows(SightUiSidebar *self) {
  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index(self->rows, i)) != NULL; i++) {
    if (gtk_widget_has_css_class(GTK_WIDGET(row), "on"))
      return gtk_widget_grab_focus(GTK_WIDGET(row));
  }
  row = gtk_list_box_get_row_at_index(self->rows, 0);
  return row != NULL && gtk_widget_grab_focus(GTK_WIDGET(row));
}

/* GtkListBox lets Tab run through its rows. */
static gboolean focus(GtkWidget *widget, GtkDirectionType direction) {
  SightUiSidebar *self = SIGHT_UI_SIDEBAR(widget);
  gboolean inside = gtk_widget_get_focus_child(GTK_WIDGET(self->rows)) != NULL;
  if (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD)
    return !inside && focus_rows(self);
  return GTK_WIDGET_CLASS(sight_ui_sidebar_parent_class)->focus(widget, direction);
}

static void dispose(GObject *object) {
  SightUiSidebar *self = SIGHT_UI_SIDEBAR(object);
  g_clear_object(&self->library);
  gtk_widget_dispose_template(GTK_WIDGET(object), SIGHT_UI_TYPE_SIDEBAR);
  G_OBJECT_CLASS(sight_ui_sidebar_parent_class)->dispose(object);
}

static void sight_ui_sidebar_class_init(SightUiSidebarClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->focus = focus;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/sessionsight/SessionSight/library/sight-ui-sidebar.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiSidebar, scroller);
  gtk_widget_class_bind_template_child(widget_class, SightUiSidebar, rows);
  gtk_widget_class_set_css_name(widget_class, "sidebar-pane");
}

static void sight_ui_sidebar_init(SightUiSidebar *self) {
  guint n = 0;
  const SightUiSaved *saved = sight_ui_saved(&n);
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_list_box_set_header_func(self->rows, set_heading, NULL, NULL);
  for (guint i = 0; i < n; i++)
    gtk_list_box_append(self->rows, make_row(&saved[i]));
  g_signal_connect_object(self->rows, "row-activated", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
}
