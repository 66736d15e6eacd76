/* SPDX-License-Identifier: MIT */
/* The tables behind a switcher. */
#include "sight-ui-explore-page.h"

#include "sight-ui-drop-down.h"
#include "sight-ui-explore-view.h"
#include "sight-ui-heat-view.h"
#include "sight-ui-stack.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define MARGIN 12

struct _SightUiExplorePage {
  GtkWidget parent_instance;
  GtkStack *stack;
  GtkWidget *heat, *few; /* few: the names of the tables in one button */
};

G_DEFINE_FINAL_TYPE(SightUiExplorePage, sight_ui_explore_page, GTK_TYPE_WIDGET)

enum { NARROW, WATCH, ACT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void narrow(SightUiExplorePage *self, const char *filter) {
  g_signal_emit(self, signals[NARROW], 0, filter);
}

static void watch(SightUiExplorePage *self, const char *filter, gint64 row, gint64 at_ms) {
  g_signal_emit(self, signals[WATCH], 0, filter, row, at_ms);
}

static void act(SightUiExplorePage *self, SightUiExploreRow *row) {
  g_signal_emit(self, signals[ACT], 0, row);
}

/* To the table rather than the switcher. */
static gboolean grab_focus(GtkWidget *widget) {
  GtkWidget *view = gtk_stack_get_visible_child(SIGHT_UI_EXPLORE_PAGE(widget)->stack);

  return view != NULL && gtk_widget_grab_focus(view);
}

static void dispose(GObject *object) {
  GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(object));

  g_clear_pointer(&child, gtk_widget_unparent);
  G_OBJECT_CLASS(sight_ui_explore_page_parent_class)->dispose(object);
}

static void sight_ui_explore_page_class_init(SightUiExplorePageClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GTK_WIDGET_CLASS(class)->grab_focus = grab_focus;
  GType type = SIGHT_UI_TYPE_EXPLORE_PAGE;
  signals[NARROW] = g_signal_new("narrow", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[WATCH] = g_signal_new("watch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING,
                                G_TYPE_INT64, G_TYPE_INT64);
  signals[ACT] =
      g_signal_new("act", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, SIGHT_UI_TYPE_EXPLORE_ROW);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(class), "explore-page");
}

static void few_chosen(SightUiExplorePage *self) {
  g_autoptr(GtkSelectionModel) pages = gtk_stack_get_pages(self->stack);

  gtk_selection_model_select_item(pages, gtk_drop_down_get_selected(GTK_DROP_DOWN(self->few)), TRUE);
}

static void page_shown(SightUiExplorePage *self) {
  g_autoptr(GtkSelectionModel) pages = gtk_stack_get_pages(self->stack);

  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(pages)); i++) {
    if (gtk_selection_model_is_selected(pages, i))
      gtk_drop_down_set_selected(GTK_DROP_DOWN(self->few), i);
  }
}

/* All names side by side, or in one button where there is no room for them. */
static GtkWidget *make_switchers(SightUiExplorePage *self, GtkWidget *switcher) {
  GtkWidget *squeezer = adw_squeezer_new();
  g_autoptr(GtkSelectionModel) pages = gtk_stack_get_pages(self->stack);

  self->few = gtk_drop_down_new(g_object_ref(G_LIST_MODEL(pages)),
                                gtk_property_expression_new(GTK_TYPE_STACK_PAGE, NULL, "title"));
  sight_ui_drop_down_name(self->few, _("Explore"));
  g_signal_connect_object(self->few, "notify::selected", G_CALLBACK(few_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->stack, "notify::visible-child", G_CALLBACK(page_shown), self, G_CONNECT_SWAPPED);
  adw_squeezer_set_homogeneous(ADW_SQUEEZER(squeezer), FALSE);
  adw_squeezer_add(ADW_SQUEEZER(squeezer), switcher);
  adw_squeezer_add(ADW_SQUEEZER(squeezer), self->few);
  return squeezer;
}

static void sight_ui_explore_page_init(SightUiExplorePage *self) {
}

GtkWidget *sight_ui_explore_page_new(SightStore *store, SightUiFilter *filter) {
  SightUiExplorePage *self = g_object_new(SIGHT_UI_TYPE_EXPLORE_PAGE, NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, MARGIN), *stack = gtk_stack_new();
  GtkWidget *switcher = gtk_stack_switcher_new();
  guint n = 0;
  const SightUiExploreTable *tables = sight_ui_explore_tables(&n);

  self->heat = sight_ui_heat_view_new(store, filter);
  g_signal_connect_object(self->heat, "narrow", G_CALLBACK(narrow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->heat, "watch", G_CALLBACK(watch), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < n; i++) {
    GtkWidget *view = sight_ui_explore_view_new(store, filter, &tables[i]);
    g_signal_connect_object(view, "narrow", G_CALLBACK(narrow), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(view, "watch", G_CALLBACK(watch), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(view, "act", G_CALLBACK(act), self, G_CONNECT_SWAPPED);
    gtk_stack_add_titled(GTK_STACK(stack), view, tables[i].name, _(tables[i].title));
    /* A heatmap is a view of a page. */
    if (i == 0)
      gtk_stack_add_titled(GTK_STACK(stack), self->heat, "heatmap", _("Heatmap"));
  }
  sight_ui_stack_tell_shown(stack);
  self->stack = GTK_STACK(stack);
  gtk_stack_switcher_set_stack(GTK_STACK_SWITCHER(switcher), GTK_STACK(stack));
  gtk_widget_set_halign(switcher, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand(stack, TRUE);
  gtk_widget_set_margin_top(box, MARGIN);
  gtk_widget_set_margin_start(box, MARGIN);
  gtk_widget_set_margin_end(box, MARGIN);
  gtk_box_append(GTK_BOX(box), make_switchers(self, switcher));
  gtk_box_append(GTK_BOX(box), stack);
  gtk_widget_set_parent(box, GTK_WIDGET(self));
  return GTK_WIDGET(self);
}

void sight_ui_explore_page_show(SightUiExplorePage *self, const char *name) {
  gtk_stack_set_visible_child_name(self->stack, name);
}

void sight_ui_explore_page_refresh(SightUiExplorePage *self) {
  GtkWidget *shown = gtk_stack_get_visible_child(self->stack);

  if (SIGHT_UI_IS_EXPLORE_VIEW(shown))
    sight_ui_explore_view_refresh(SIGHT_UI_EXPLORE_VIEW(shown));
}

void sight_ui_explore_page_step(SightUiExplorePage *self, int direction) {
  GtkWidget *shown = gtk_stack_get_visible_child(self->stack);
  GtkWidget *next = direction > 0 ? gtk_widget_get_next_sibling(shown) : gtk_widget_get_prev_sibling(shown);

  if (next == NULL)
    return;
  gtk_stack_set_visible_child(self->stack, next);
  gtk_widget_grab_focus(next);
}

void sight_ui_explore_page_show_heatmap(SightUiExplorePage *self, const char *page) {
  sight_ui_heat_view_set_page(SIGHT_UI_HEAT_VIEW(self->heat), page);
  sight_ui_explore_page_show(self, "heatmap");
}

const char *sight_ui_explore_page_get_flow(SightUiExplorePage *self) {
  GtkWidget *view = gtk_stack_get_visible_child(self->stack);

  return SIGHT_UI_IS_EXPLORE_VIEW(view) ? sight_ui_explore_view_get_flow(SIGHT_UI_EXPLORE_VIEW(view)) : NULL;
}
