/* SPDX-License-Identifier: MIT */
/* The ranked list of problems and its states. */
#include "sight-ui-problems-page.h"

#include "sight-ui-problem-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _SightUiProblemsPage {
  GtkWidget parent_instance;
  GtkStack *stack;
  GtkListView *view;
  AdwStatusPage *state;
  GtkSingleSelection *selection;
  SightUiProblems *problems;
};

G_DEFINE_FINAL_TYPE(SightUiProblemsPage, sight_ui_problems_page, GTK_TYPE_WIDGET)

static guint watch_signal;

static void watch(SightUiProblemsPage *self, SightUiProblemItem *item) {
  g_signal_emit(self, watch_signal, 0, sight_ui_problem_item_get(item));
}

static void activated(SightUiProblemsPage *self, guint position) {
  g_autoptr(SightUiProblemItem) item = g_list_model_get_item(G_LIST_MODEL(self->problems), position);
  if (item != NULL)
    watch(self, item);
}

static void row_pressed(SightUiProblemsPage *self, SightUiProblemRow *row) {
  if (sight_ui_problem_row_get_item(row) != NULL)
    watch(self, sight_ui_problem_row_get_item(row));
}

static void setup_row(SightUiProblemsPage *self, GtkListItem *list_item) {
  GtkWidget *row = sight_ui_problem_row_new();
  g_signal_connect_object(row, "watch", G_CALLBACK(row_pressed), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child(list_item, row);
}

static void bind_row(SightUiProblemsPage *self, GtkListItem *list_item) {
  sight_ui_problem_row_set_item(SIGHT_UI_PROBLEM_ROW(gtk_list_item_get_child(list_item)),
                                gtk_list_item_get_item(list_item));
}

static void unbind_row(SightUiProblemsPage *self, GtkListItem *list_item) {
  sight_ui_problem_row_set_item(SIGHT_UI_PROBLEM_ROW(gtk_list_item_get_child(list_item)), NULL);
}

static void set_state(SightUiProblemsPage *self, const char *icon, const char *title, const char *text) {
  g_autofree char *plain = text != NULL ? g_markup_escape_text(text, -1) : NULL;
  adw_status_page_set_icon_name(self->state, icon);
  adw_status_page_set_title(self->state, title);
  adw_status_page_set_description(self->state, plain);
  gtk_stack_set_visible_child_name(self->stack, "state");
}

static void show(SightUiProblemsPage *self) {
  const GError *error = sight_ui_problems_get_error(self->problems);
  if (error != NULL)
    set_state(self, "dialog-error-symbolic", _("The List Cannot Be Read"), error->message);
  else if (g_list_model_get_n_items(G_LIST_MODEL(self->problems)) > 0)
    gtk_stack_set_visible_child_name(self->stack, "list");
  else if (!sight_ui_problems_is_listed(self->problems))
    set_state(self, NULL, _("Looking for Problems…"), NULL);
  else
    set_state(self, "emblem-ok-symbolic", _("No Problems Found"),
              _("Nothing went wrong in these sessions, as far as their recordings tell."));
}

static void map(GtkWidget *widget) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(widget);
  GTK_WIDGET_CLASS(sight_ui_problems_page_parent_class)->map(widget);
  sight_ui_problems_set_active(self->problems, TRUE);
  show(self);
}

static void unmap(GtkWidget *widget) {
  sight_ui_problems_set_active(SIGHT_UI_PROBLEMS_PAGE(widget)->problems, FALSE);
  GTK_WIDGET_CLASS(sight_ui_problems_page_parent_class)->unmap(widget);
}

static void dispose(GObject *object) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(object);
  GtkWidget *stack = GTK_WIDGET(self->stack);
  g_clear_pointer(&stack, gtk_widget_unparent);
  self->stack = NULL;
  g_clear_object(&self->selection);
  g_clear_object(&self->problems);
  G_OBJECT_CLASS(sight_ui_problems_page_parent_class)->dispose(object);
}

static void sight_ui_problems_page_class_init(SightUiProblemsPageClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->map = map;
  widget_class->unmap = unmap;
  watch_signal = g_signal_new("watch", SIGHT_UI_TYPE_PROBLEMS_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              1, G_TYPE_POINTER);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "problems-page");
}

static GtkListItemFactory *make_factory(SightUiProblemsPage *self) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect_object(factory, "setup", G_CALLBACK(setup_row), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(factory, "bind", G_CALLBACK(bind_row), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(factory, "unbind", G_CALLBACK(unbind_row), self, G_CONNECT_SWAPPED);
  return factory;
}

static void sight_ui_problems_page_init(SightUiProblemsPage *self) {
  self->stack = GTK_STACK(gtk_stack_new());
  self->view = GTK_LIST_VIEW(gtk_list_view_new(NULL, make_factory(self)));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Problems"), -1);
  gtk_widget_add_css_class(GTK_WIDGET(self->view), "problems");
  GtkWidget *scroller = gtk_scrolled_window_new();
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->view));
  self->state = ADW_STATUS_PAGE(adw_status_page_new());
  gtk_stack_add_named(self->stack, scroller, "list");
  gtk_stack_add_named(self->stack, GTK_WIDGET(self->state), "state");
  gtk_widget_set_parent(GTK_WIDGET(self->stack), GTK_WIDGET(self));
  g_signal_connect_object(self->view, "activate", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_problems_page_new(SightUiProblems *problems) {
  SightUiProblemsPage *self = g_object_new(SIGHT_UI_TYPE_PROBLEMS_PAGE, NULL);
  self->problems = g_object_ref(problems);
  self->selection = gtk_single_selection_new(g_object_ref(G_LIST_MODEL(problems)));
  gtk_list_view_set_model(self->view, GTK_SELECTION_MODEL(self->selection));
  g_signal_connect_object(problems, "listed", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  show(self);
  return GTK_WIDGET(self);
}
