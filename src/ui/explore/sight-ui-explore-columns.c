/* SPDX-License-Identifier: MIT */
/* The columns of a table of Explore: cells that are buttons where they lead somewhere, and how each is sorted. */
#include "sight-ui-explore-columns.h"

#include <glib/gi18n.h>

#define LEAST_CHARS 20

static guint column_of(gpointer object) {
  return GPOINTER_TO_UINT(g_object_get_data(object, "column"));
}

static gboolean is_text(gpointer factory) {
  return GPOINTER_TO_INT(g_object_get_data(factory, "texts"));
}

static void pressed(GtkButton *button, gpointer user_data) {
  SightUiExploreRow *row = g_object_get_data(G_OBJECT(button), "row");
  const SightUiCell *cell = sight_ui_explore_row_get(row, column_of(button));

  if (cell->copied)
    gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(button)), cell->text);
  sight_ui_explore_view_follow(user_data, row, column_of(button));
}

/* What a row is about ends in the middle, but not too soon; numbers stand at the end. */
static GtkWidget *make_label(guint column, gboolean is_text) {
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_xalign(GTK_LABEL(label), is_text ? 0 : 1);
  gtk_label_set_ellipsize(GTK_LABEL(label), column == 0 ? PANGO_ELLIPSIZE_MIDDLE : PANGO_ELLIPSIZE_NONE);
  gtk_label_set_width_chars(GTK_LABEL(label), column == 0 ? LEAST_CHARS : -1);
  gtk_widget_add_css_class(label, is_text ? "explore-text" : "numeric");
  return label;
}

static void setup_cell(GtkListItemFactory *factory, GtkListItem *item, SightUiExploreView *owner) {
  GtkWidget *button = gtk_button_new();

  gtk_button_set_child(GTK_BUTTON(button), make_label(column_of(factory), is_text(factory)));
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "explore-cell");
  g_object_set_data(G_OBJECT(button), "column", GUINT_TO_POINTER(column_of(factory)));
  g_signal_connect_object(button, "clicked", G_CALLBACK(pressed), owner, 0);
  gtk_list_item_set_child(item, button);
}

static void bind_cell(GtkListItemFactory *factory, GtkListItem *item) {
  guint column = column_of(factory);
  GtkWidget *button = gtk_list_item_get_child(item);
  SightUiExploreRow *row = gtk_list_item_get_item(item);
  const SightUiCell *cell = sight_ui_explore_row_get(row, column);
  g_autofree char *name =
      g_strdup_printf("%s: %s", (const char *)g_object_get_data(G_OBJECT(factory), "title"), cell->text);

  gtk_label_set_text(GTK_LABEL(gtk_button_get_child(GTK_BUTTON(button))), cell->text);
  g_object_set_data_full(G_OBJECT(button), "row", g_object_ref(row), g_object_unref);
  gtk_widget_set_can_target(button, cell->filter != NULL || cell->copied);
  gtk_widget_set_focusable(button, cell->filter != NULL || cell->copied);
  gtk_widget_set_tooltip_text(button, column == 0 ? cell->text : cell->copied ? _("Copy") : cell->filter);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  /* Where no cell takes the keys the row has them. */
  GtkWidget *of_row = gtk_widget_get_parent(gtk_widget_get_parent(button));
  if (column == 0 && of_row != NULL)
    gtk_accessible_update_property(GTK_ACCESSIBLE(of_row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static int compare(gconstpointer a, gconstpointer b, gpointer user_data) {
  guint column = GPOINTER_TO_UINT(user_data);
  const SightUiCell *x = sight_ui_explore_row_get((gpointer)a, column);
  const SightUiCell *y = sight_ui_explore_row_get((gpointer)b, column);

  if (column == 0)
    return g_utf8_collate(x->text, y->text);
  /* Columns of texts have no numbers. */
  if (x->number != y->number)
    return x->number > y->number ? 1 : -1;
  return g_utf8_collate(x->text, y->text);
}

static void add_column(GtkColumnView *view, const char *title, guint column, gboolean texts,
                       SightUiExploreView *owner) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();

  g_object_set_data(G_OBJECT(factory), "title", (gpointer)title);
  g_object_set_data(G_OBJECT(factory), "column", GUINT_TO_POINTER(column));
  g_object_set_data(G_OBJECT(factory), "texts", GINT_TO_POINTER(texts));
  g_signal_connect_object(factory, "setup", G_CALLBACK(setup_cell), owner, 0);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), NULL);
  g_autoptr(GtkColumnViewColumn) made = gtk_column_view_column_new(title, factory);
  g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare, GUINT_TO_POINTER(column), NULL));
  gtk_column_view_column_set_sorter(made, sorter);
  gtk_column_view_column_set_expand(made, column == 0);
  gtk_column_view_column_set_resizable(made, TRUE);
  gtk_column_view_append_column(view, made);
}

void sight_ui_explore_columns_add(GtkColumnView *view, const SightUiExploreTable *table, SightUiExploreView *owner) {
  for (guint i = 0; i < SIGHT_UI_EXPLORE_COLUMNS && table->columns[i] != NULL; i++)
    add_column(view, _(table->columns[i]), i, i == 0 || (table->texts >> i & 1), owner);
}
