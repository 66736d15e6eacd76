/* SPDX-License-Identifier: MIT */
/* Facets with live counts, and endpoints. */
#include "sight-ui-sidebar.h"

#include "sight-endpoint-table.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

struct _SightUiSidebar {
  GtkWidget parent_instance;
  GtkWidget *scroller;
  GtkListBox *facets, *endpoints;
  GtkListBoxRow *rows[SIGHT_N_FACETS];
  GtkLabel *counts[SIGHT_N_FACETS];
  SightUiLibrary *library;
  gboolean showing; /* rows are selected to show something, not to ask for it */
};

G_DEFINE_FINAL_TYPE(SightUiSidebar, sight_ui_sidebar, GTK_TYPE_WIDGET)

/* In the order in which they stand. */
static const struct {
  SightFacet facet;
  const char *icon, *group;
} entries[] = {
    {SIGHT_FACET_ALL, "sight-sessions-symbolic", N_("Triage")},
    {SIGHT_FACET_CHURNED, "sight-churned-symbolic", NULL},
    {SIGHT_FACET_ERRORED, "sight-error-symbolic", NULL},
    {SIGHT_FACET_HIGH_EXIT, "sight-high-exit-symbolic", NULL},
    {SIGHT_FACET_RAGE, "sight-rage-symbolic", N_("Frustration")},
    {SIGHT_FACET_DEAD, "sight-dead-symbolic", NULL},
    {SIGHT_FACET_SCROLL, "sight-scroll-symbolic", NULL},
    {SIGHT_FACET_TAGGED, "sight-tagged-symbolic", N_("Saved")},
};
G_STATIC_ASSERT(G_N_ELEMENTS(entries) == SIGHT_N_FACETS);

const char *sight_ui_facet_icon_name(SightFacet facet) {
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++) {
    if (entries[i].facet == facet)
      return entries[i].icon;
  }
  return "sight-sessions-symbolic";
}

static GtkWidget *make_line(const char *icon, const char *title, GtkLabel **count) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *image = gtk_image_new_from_icon_name(icon);
  gtk_accessible_update_property(GTK_ACCESSIBLE(image), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);
  gtk_box_append(GTK_BOX(line), image);
  GtkWidget *label = gtk_label_new(title);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_lines(GTK_LABEL(label), 3);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_box_append(GTK_BOX(line), label);
  if (count != NULL) {
    *count = GTK_LABEL(gtk_label_new(NULL));
    gtk_widget_add_css_class(GTK_WIDGET(*count), "dim-label");
    gtk_widget_add_css_class(GTK_WIDGET(*count), "numeric");
    gtk_box_append(GTK_BOX(line), GTK_WIDGET(*count));
  }
  return line;
}

static void set_heading(GtkListBoxRow *row, const char *text) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, "group-heading");
  gtk_list_box_row_set_header(row, label);
}

static void facet_header(GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data) {
  int index = gtk_list_box_row_get_index(row);
  if (index >= 0 && index < SIGHT_N_FACETS && entries[index].group != NULL && gtk_list_box_row_get_header(row) == NULL)
    set_heading(row, _(entries[index].group));
}

static void endpoint_header(GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data) {
  if (before == NULL && gtk_list_box_row_get_header(row) == NULL)
    set_heading(row, _("Endpoints"));
}

static void facet_selected(SightUiSidebar *self, GtkListBoxRow *row) {
  if (row == NULL || self->showing)
    return;
  const char *name = sight_facet_name(entries[gtk_list_box_row_get_index(row)].facet);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.facet", "s", name);
}

static void endpoint_selected(SightUiSidebar *self, GtkListBoxRow *row) {
  if (row == NULL || self->showing)
    return;
  gint64 endpoint = GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(row), "endpoint"));
  gtk_widget_activate_action(GTK_WIDGET(self), "win.endpoint", "x", endpoint);
}

static void show_counts(SightUiSidebar *self) {
  const gint64 *counts = sight_ui_library_get_counts(self->library);
  for (guint i = 0; i < SIGHT_N_FACETS; i++) {
    gint64 count = counts != NULL ? counts[entries[i].facet] : -1;
    /* Churned has no count while nobody said what a success is. */
    g_autofree char *text = count >= 0 ? sight_ui_text_number(count) : g_strdup("–");
    gtk_label_set_text(self->counts[i], text);
    g_autofree char *name = g_strdup_printf("%s, %s", sight_facet_title(entries[i].facet), text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->rows[i]), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  }
}

void sight_ui_sidebar_show_query(SightUiSidebar *self) {
  const SightLibraryQuery *query = sight_ui_library_get_query(self->library);
  self->showing = TRUE;
  for (guint i = 0; i < SIGHT_N_FACETS; i++) {
    if (entries[i].facet == query->facet)
      gtk_list_box_select_row(self->facets, self->rows[i]);
  }
  for (GtkListBoxRow *row = gtk_list_box_get_row_at_index(self->endpoints, 0); row != NULL;
       row = gtk_list_box_get_row_at_index(self->endpoints, gtk_list_box_row_get_index(row) + 1)) {
    if ((gint64)GPOINTER_TO_SIZE(g_object_get_data(G_OBJECT(row), "endpoint")) == query->endpoint)
      gtk_list_box_select_row(self->endpoints, row);
  }
  self->showing = FALSE;
}

void sight_ui_sidebar_set_library(SightUiSidebar *self, SightUiLibrary *library) {
  g_return_if_fail(self->library == NULL);
  self->library = g_object_ref(library);
  g_signal_connect_object(library, "counted", G_CALLBACK(show_counts), self, G_CONNECT_SWAPPED);
  show_counts(self);
  sight_ui_sidebar_show_query(self);
}

static void add_endpoint(SightUiSidebar *self, gint64 row, const char *icon, const char *name, gint64 n_sessions) {
  GtkLabel *count = NULL;
  GtkWidget *line = make_line(icon, name, n_sessions >= 0 ? &count : NULL);
  GtkWidget *list_row = gtk_list_box_row_new();
  gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(list_row), line);
  g_object_set_data(G_OBJECT(list_row), "endpoint", GSIZE_TO_POINTER((gsize)row));
  g_autofree char *number = sight_ui_text_number(MAX(n_sessions, 0));
  if (count != NULL)
    gtk_label_set_text(count, number);
  gtk_accessible_update_property(GTK_ACCESSIBLE(list_row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_list_box_append(self->endpoints, list_row);
}

void sight_ui_sidebar_set_endpoints(SightUiSidebar *self, GPtrArray *endpoints) {
  self->showing = TRUE;
  GtkListBoxRow *row;
  while ((row = gtk_list_box_get_row_at_index(self->endpoints, 0)) != NULL)
    gtk_list_box_remove(self->endpoints, GTK_WIDGET(row));
  guint n_shown = 0;
  add_endpoint(self, 0, "view-grid-symbolic", _("All endpoints"), -1);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    gboolean files = endpoint->url == NULL;
    if (files && endpoint->n_sessions == 0)
      continue;
    g_autofree char *name = sight_ui_text_isolate(files ? _("Files") : endpoint->name);
    add_endpoint(self, endpoint->row, files ? "sight-files-symbolic" : "sight-endpoint-symbolic", name,
                 endpoint->n_sessions);
    n_shown++;
  }
  gtk_widget_set_visible(GTK_WIDGET(self->endpoints), n_shown > 0);
  self->showing = FALSE;
  if (self->library != NULL)
    sight_ui_sidebar_show_query(self);
}

static gboolean focus_list(GtkListBox *list) {
  GtkListBoxRow *row = gtk_list_box_get_selected_row(list);
  return gtk_widget_get_visible(GTK_WIDGET(list)) && row != NULL && gtk_widget_grab_focus(GTK_WIDGET(row));
}

/* GtkListBox lets Tab run through its rows, which would choose each of them: here Tab goes from list to list. */
static gboolean focus(GtkWidget *widget, GtkDirectionType direction) {
  SightUiSidebar *self = SIGHT_UI_SIDEBAR(widget);
  gboolean in_facets = gtk_widget_get_focus_child(GTK_WIDGET(self->facets)) != NULL;
  gboolean in_endpoints = gtk_widget_get_focus_child(GTK_WIDGET(self->endpoints)) != NULL;
  if (direction == GTK_DIR_TAB_FORWARD) {
    if (!in_facets && !in_endpoints)
      return focus_list(self->facets);
    return in_facets && focus_list(self->endpoints);
  }
  if (direction == GTK_DIR_TAB_BACKWARD) {
    if (!in_facets && !in_endpoints)
      return focus_list(self->endpoints) || focus_list(self->facets);
    return in_endpoints && focus_list(self->facets);
  }
  return GTK_WIDGET_CLASS(sight_ui_sidebar_parent_class)->focus(widget, direction);
}

static void dispose(GObject *object) {
  SightUiSidebar *self = SIGHT_UI_SIDEBAR(object);
  self->showing = TRUE;
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
  gtk_widget_class_bind_template_child(widget_class, SightUiSidebar, facets);
  gtk_widget_class_bind_template_child(widget_class, SightUiSidebar, endpoints);
  gtk_widget_class_set_css_name(widget_class, "sidebar-pane");
}

static void sight_ui_sidebar_init(SightUiSidebar *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_list_box_set_header_func(self->facets, facet_header, NULL, NULL);
  gtk_list_box_set_header_func(self->endpoints, endpoint_header, NULL, NULL);
  self->showing = TRUE;
  for (guint i = 0; i < SIGHT_N_FACETS; i++) {
    GtkWidget *line = make_line(entries[i].icon, sight_facet_title(entries[i].facet), &self->counts[i]);
    int signal = entries[i].facet == SIGHT_FACET_ERRORED  ? SIGHT_SIGNAL_ERROR
                 : entries[i].facet == SIGHT_FACET_RAGE   ? SIGHT_SIGNAL_RAGE
                 : entries[i].facet == SIGHT_FACET_DEAD   ? SIGHT_SIGNAL_DEAD
                 : entries[i].facet == SIGHT_FACET_SCROLL ? SIGHT_SIGNAL_SCROLL
                                                          : -1;
    if (signal >= 0)
      gtk_widget_add_css_class(gtk_widget_get_first_child(line), sight_signal_kind_name(signal));
    self->rows[i] = GTK_LIST_BOX_ROW(gtk_list_box_row_new());
    gtk_list_box_row_set_child(self->rows[i], line);
    gtk_list_box_append(self->facets, GTK_WIDGET(self->rows[i]));
  }
  self->showing = FALSE;
  g_signal_connect_object(self->facets, "row-selected", G_CALLBACK(facet_selected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->endpoints, "row-selected", G_CALLBACK(endpoint_selected), self, G_CONNECT_SWAPPED);
}
