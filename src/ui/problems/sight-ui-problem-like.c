/* SPDX-License-Identifier: MIT */
/* What is the same, what is like it, and a list to choose from. */
#include "sight-ui-problem-like.h"

#include "sight-problem-where.h"
#include "sight-ui-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The others stand in the list to choose from. */
#define MAX_SIMILAR 6
#define CHOICE_WIDTH 420
#define CHOICE_HEIGHT 320

struct _SightUiProblemLike {
  GtkWidget parent_instance;
  GtkWidget *box, *parts_heading, *similar_heading, *button, *popover;
  GtkListBox *parts, *similar, *choices;
  GtkEditable *search;
  SightUiProblems *problems;
  const SightProblem *problem; /* NULL: none */
};

G_DEFINE_FINAL_TYPE(SightUiProblemLike, sight_ui_problem_like, GTK_TYPE_WIDGET)

static guint other_signal;

static void clear(GtkListBox *list) {
  GtkListBoxRow *row = NULL;

  while ((row = gtk_list_box_get_row_at_index(list, 0)) != NULL)
    gtk_list_box_remove(list, GTK_WIDGET(row));
}

static const char *id_of(gpointer row) {
  return g_object_get_data(G_OBJECT(row), "problem");
}

/* Borrowed; NULL: it is not known any more. */
static const SightProblem *find(SightUiProblemLike *self, const char *id) {
  g_autoptr(GPtrArray) all =
      self->problem != NULL ? sight_ui_problems_similar(self->problems, self->problem, TRUE) : NULL;

  for (guint i = 0; all != NULL && i < all->len; i++) {
    if (g_strcmp0(((const SightProblem *)all->pdata[i])->id, id) == 0)
      return all->pdata[i];
  }
  return NULL;
}

static GtkWidget *add_row(GtkListBox *list, const char *id, const char *title, const char *subtitle) {
  GtkWidget *row = adw_action_row_new();

  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 2);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  gtk_widget_set_tooltip_text(row, title);
  gtk_widget_add_css_class(row, "numeric");
  g_object_set_data_full(G_OBJECT(row), "problem", g_strdup(id), g_free);
  gtk_list_box_append(list, row);
  return row;
}

static void add_button(SightUiProblemLike *self, GtkWidget *row, const char *label, const char *tooltip,
                       GCallback callback) {
  GtkWidget *button = gtk_button_new_with_label(label);
  g_autofree char *name = g_strdup_printf("%s: %s", label, adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row)));

  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_add_css_class(button, "flat");
  g_object_set_data_full(G_OBJECT(button), "problem", g_strdup(id_of(row)), g_free);
  g_signal_connect_object(button, "clicked", callback, self, 0);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
}

static void split_pressed(GtkButton *button, SightUiProblemLike *self) {
  for (guint i = 0; self->problem != NULL && i < self->problem->parts->len; i++) {
    const SightProblemPart *part = self->problem->parts->pdata[i];
    if (g_strcmp0(part->id, id_of(button)) == 0)
      sight_ui_problems_do(self->problems, sight_ui_problem_act_split(self->problem, part));
  }
}

static void merge_pressed(GtkButton *button, SightUiProblemLike *self) {
  const SightProblem *part = find(self, id_of(button));

  if (part != NULL)
    sight_ui_problems_do(self->problems, sight_ui_problem_act_merge(part, self->problem));
}

static void similar_activated(SightUiProblemLike *self, GtkListBoxRow *row) {
  g_signal_emit(self, other_signal, 0, id_of(row));
}

static void show_parts(SightUiProblemLike *self) {
  guint n = self->problem->parts->len;

  clear(self->parts);
  gtk_widget_set_visible(self->parts_heading, n > 0);
  gtk_widget_set_visible(GTK_WIDGET(self->parts), n > 0);
  for (guint i = 0; i < n; i++) {
    const SightProblemPart *part = self->problem->parts->pdata[i];
    add_button(self, add_row(self->parts, part->id, part->title, ""), _("Split"),
               _("It is one of its own: count it apart"), G_CALLBACK(split_pressed));
  }
}

static const char *likeness_title(SightProblemLikeness likeness) {
  switch (likeness) {
  case SIGHT_PROBLEM_LIKE_MESSAGE:
    /* Translators: in which way one problem is like another */
    return _("Same message");
  case SIGHT_PROBLEM_LIKE_TARGET:
    return _("Same element");
  case SIGHT_PROBLEM_LIKE_PAGE:
    return _("Same page");
  case SIGHT_PROBLEM_UNLIKE:
    break;
  }
  return NULL;
}

/* "Same page · 12 users" */
static char *describe(SightUiProblemLike *self, const SightProblem *other) {
  g_autofree char *number = sight_ui_text_number(other->n_users);
  g_autofree char *users = g_strdup_printf(ngettext("%s user", "%s users", (gulong)other->n_users), number);
  const char *like = likeness_title(sight_problem_likeness(self->problem, other));

  return like != NULL ? g_strdup_printf("%s · %s", like, users) : g_steal_pointer(&users);
}

static void show_similar(SightUiProblemLike *self) {
  g_autoptr(GPtrArray) similar = sight_ui_problems_similar(self->problems, self->problem, FALSE);
  guint n = MIN(similar->len, MAX_SIMILAR);
  g_autofree char *some = g_strdup_printf(_("Similar problems (%u of %u)"), n, similar->len);

  clear(self->similar);
  gtk_label_set_text(GTK_LABEL(self->similar_heading), n < similar->len ? some : _("Similar problems"));
  gtk_widget_set_visible(self->similar_heading, n > 0);
  gtk_widget_set_visible(GTK_WIDGET(self->similar), n > 0);
  for (guint i = 0; i < n; i++) {
    const SightProblem *other = similar->pdata[i];
    g_autofree char *text = describe(self, other);
    GtkWidget *row = add_row(self->similar, other->id, other->title, text);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    add_button(self, row, _("Merge"), _("It is the same problem: count it with this one"), G_CALLBACK(merge_pressed));
  }
}

void sight_ui_problem_like_set(SightUiProblemLike *self, const SightProblem *problem) {
  self->problem = problem;
  if (problem == NULL)
    return;
  show_parts(self);
  show_similar(self);
}

/* Choosing */

static void chosen(SightUiProblemLike *self, GtkListBoxRow *row) {
  const SightProblem *whole = find(self, id_of(row));

  gtk_popover_popdown(GTK_POPOVER(self->popover));
  if (whole != NULL)
    sight_ui_problems_do(self->problems, sight_ui_problem_act_merge(self->problem, whole));
}

static gboolean is_wanted(GtkListBoxRow *row, gpointer user_data) {
  SightUiProblemLike *self = user_data;
  const char *title = adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row));

  return g_str_match_string(gtk_editable_get_text(self->search), title, TRUE);
}

/* Enter in the entry takes the first that is left. */
static void entered(SightUiProblemLike *self) {
  GtkListBoxRow *row = NULL;

  for (int i = 0; (row = gtk_list_box_get_row_at_index(self->choices, i)) != NULL; i++) {
    if (gtk_widget_get_child_visible(GTK_WIDGET(row))) {
      chosen(self, row);
      return;
    }
  }
}

static void fill_choices(SightUiProblemLike *self) {
  g_autoptr(GPtrArray) all =
      self->problem != NULL ? sight_ui_problems_similar(self->problems, self->problem, TRUE) : NULL;

  clear(self->choices);
  gtk_editable_set_text(self->search, "");
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const SightProblem *other = all->pdata[i];
    g_autofree char *text = describe(self, other);
    GtkWidget *row = add_row(self->choices, other->id, other->title, text);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
  }
}

/* Down leads from the entry to what is left of the list. */
static gboolean key_pressed(SightUiProblemLike *self, guint key) {
  return (key == GDK_KEY_Down || key == GDK_KEY_KP_Down) &&
         gtk_widget_child_focus(GTK_WIDGET(self->choices), GTK_DIR_TAB_FORWARD);
}

static GtkWidget *make_popover(SightUiProblemLike *self) {
  GtkWidget *popover = gtk_popover_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new(), *empty = gtk_label_new(_("No other problem of this project"));

  self->search = GTK_EDITABLE(gtk_search_entry_new());
  g_object_set(self->search, "placeholder-text", _("The same problem as…"), NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The same problem as…"),
                                 -1);
  GtkEventController *keys = gtk_event_controller_key_new();
  gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object(keys, "key-pressed", G_CALLBACK(key_pressed), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller(GTK_WIDGET(self->search), keys);
  g_signal_connect_object(self->search, "activate", G_CALLBACK(entered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->search, "stop-search", G_CALLBACK(gtk_popover_popdown), popover, G_CONNECT_SWAPPED);
  self->choices = GTK_LIST_BOX(gtk_list_box_new());
  gtk_list_box_set_selection_mode(self->choices, GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder(self->choices, empty);
  gtk_list_box_set_filter_func(self->choices, is_wanted, self, NULL);
  gtk_widget_add_css_class(GTK_WIDGET(self->choices), "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->choices), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Problems"), -1);
  g_signal_connect_object(self->search, "changed", G_CALLBACK(gtk_list_box_invalidate_filter), self->choices,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->choices, "row-activated", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), CHOICE_HEIGHT);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->choices));
  gtk_widget_set_size_request(box, CHOICE_WIDTH, -1);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->search));
  gtk_box_append(GTK_BOX(box), scroller);
  gtk_popover_set_child(GTK_POPOVER(popover), box);
  g_signal_connect_object(popover, "show", G_CALLBACK(fill_choices), self, G_CONNECT_SWAPPED);
  return popover;
}

void sight_ui_problem_like_choose(SightUiProblemLike *self) {
  if (self->problem != NULL)
    gtk_popover_popup(GTK_POPOVER(self->popover));
}

GtkWidget *sight_ui_problem_like_get_button(SightUiProblemLike *self) {
  return self->button;
}

static GtkListBox *add_list(SightUiProblemLike *self, GtkWidget **heading, const char *title) {
  GtkWidget *list = gtk_list_box_new();

  *heading = gtk_label_new(title);
  gtk_label_set_xalign(GTK_LABEL(*heading), 0);
  gtk_widget_add_css_class(*heading, "heading");
  gtk_widget_set_margin_top(*heading, 12);
  gtk_list_box_set_selection_mode(GTK_LIST_BOX(list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class(list, "boxed-list");
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append(GTK_BOX(self->box), *heading);
  gtk_box_append(GTK_BOX(self->box), list);
  return GTK_LIST_BOX(list);
}

static void dispose(GObject *object) {
  SightUiProblemLike *self = SIGHT_UI_PROBLEM_LIKE(object);

  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->popover, gtk_widget_unparent);
  g_clear_object(&self->button);
  g_clear_object(&self->problems);
  G_OBJECT_CLASS(sight_ui_problem_like_parent_class)->dispose(object);
}

static void sight_ui_problem_like_class_init(SightUiProblemLikeClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  other_signal = g_signal_new("other", SIGHT_UI_TYPE_PROBLEM_LIKE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                              1, G_TYPE_STRING);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
}

static void sight_ui_problem_like_init(SightUiProblemLike *self) {
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  self->parts = add_list(self, &self->parts_heading, _("Merged into it"));
  self->similar = add_list(self, &self->similar_heading, _("Similar problems"));
  g_signal_connect_object(self->similar, "row-activated", G_CALLBACK(similar_activated), self, G_CONNECT_SWAPPED);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  GtkWidget *button = gtk_button_new_with_mnemonic(_("_Same As…"));
  gtk_widget_set_tooltip_text(button, _("Merge it into another problem (=)"));
  g_signal_connect_object(button, "clicked", G_CALLBACK(sight_ui_problem_like_choose), self, G_CONNECT_SWAPPED);
  /* A button of its own: the keys come back to it when the popover closes. */
  self->button = g_object_ref_sink(adw_bin_new());
  adw_bin_set_child(ADW_BIN(self->button), button);
  self->popover = make_popover(self);
  gtk_widget_set_parent(self->popover, self->button);
  g_signal_connect_object(self->popover, "closed", G_CALLBACK(gtk_widget_grab_focus), button, G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_problem_like_new(SightUiProblems *problems) {
  SightUiProblemLike *self = g_object_new(SIGHT_UI_TYPE_PROBLEM_LIKE, NULL);

  self->problems = g_object_ref(problems);
  return GTK_WIDGET(self);
}
