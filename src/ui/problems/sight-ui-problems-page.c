/* SPDX-License-Identifier: MIT */
/* The ranked list of problems and its states. */
#include "sight-ui-problems-page.h"

#include "sight-ui-focus.h"
#include "sight-ui-problem-detail.h"
#include "sight-ui-problem-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define LIST_WIDTH 460
/* The list stands beside what is known of one of them from such a width on, else above it. */
#define BESIDE_FROM 940
#define LEAST_WIDTH 360

static const SightProblemState states[] = {SIGHT_PROBLEM_NEW, SIGHT_PROBLEM_FILED, SIGHT_PROBLEM_FIXED,
                                           SIGHT_PROBLEM_VERIFIED, SIGHT_PROBLEM_IGNORED};

struct _SightUiProblemsPage {
  GtkWidget parent_instance;
  GtkWidget *box, *list, *detail, *more, *chips_box, *chips[G_N_ELEMENTS(states)];
  GtkStack *stack;
  GtkListView *view;
  AdwStatusPage *state;
  GtkSingleSelection *selection;
  SightUiProblems *problems;
  char *selected;       /* id of the problem that was selected last */
  gint64 selected_of;   /* and its endpoint */
  char *wanted;         /* id of the problem to select once it is listed, or NULL */
  gint64 wanted_of;     /* likewise */
  guint place;          /* where it stood */
  gboolean wants_focus; /* once there is a list */
  gboolean listing;     /* the list is told anew */
  guint turn_source;
};

G_DEFINE_FINAL_TYPE(SightUiProblemsPage, sight_ui_problems_page, GTK_TYPE_WIDGET)

enum { WATCH, COMPARE, NARROW, N_SIGNALS };
static guint signals[N_SIGNALS];

static void watch(SightUiProblemsPage *self, const SightProblem *problem) {
  g_signal_emit(self, signals[WATCH], 0, problem, problem->row, problem->at_ms);
}

static void activated(SightUiProblemsPage *self, guint position) {
  g_autoptr(SightUiProblemItem) item = g_list_model_get_item(G_LIST_MODEL(self->problems), position);
  if (item != NULL)
    watch(self, sight_ui_problem_item_get(item));
}

static void row_pressed(SightUiProblemsPage *self, SightUiProblemRow *row) {
  if (sight_ui_problem_row_get_item(row) != NULL)
    watch(self, sight_ui_problem_item_get(sight_ui_problem_row_get_item(row)));
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

static void show_nothing(SightUiProblemsPage *self) {
  if (sight_ui_problems_get_state(self->problems) == SIGHT_PROBLEM_NEW)
    set_state(self, "emblem-ok-symbolic", _("No New Problems"),
              _("Nothing went wrong in these sessions that nobody has dealt with, as far as their recordings tell."));
  else
    set_state(self, "emblem-ok-symbolic", _("None in This State"), _("G sets the state of a problem."));
}

/* What the analyst selects; the list itself selects while it is told anew. */
static void selection_moved(SightUiProblemsPage *self) {
  SightUiProblemItem *item = gtk_single_selection_get_selected_item(self->selection);
  if (self->listing)
    return;
  sight_ui_problem_detail_set_item(SIGHT_UI_PROBLEM_DETAIL(self->detail), item,
                                   sight_ui_problems_get_endpoint(self->problems));
  if (item == NULL)
    return;
  self->place = gtk_single_selection_get_selected(self->selection);
  g_free(self->selected);
  self->selected = g_strdup(sight_ui_problem_item_get(item)->id);
  self->selected_of = sight_ui_problem_item_get(item)->endpoint;
}

/* The one that was selected before, wherever it stands now; else what stands in its place. */
static void select_again(SightUiProblemsPage *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->problems));
  guint place =
      self->selected != NULL ? sight_ui_problems_find(self->problems, self->selected_of, self->selected) : G_MAXUINT;
  gtk_single_selection_set_selected(self->selection, place != G_MAXUINT ? place : MIN(self->place, n - 1));
  selection_moved(self);
}

static void show_chips(SightUiProblemsPage *self) {
  const char *open_end = sight_ui_problems_is_whole(self->problems) ? "" : "+";
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    g_autofree char *text = g_strdup_printf("%s %u%s", sight_ui_problem_state_title(states[i]),
                                            sight_ui_problems_get_n(self->problems, states[i]), open_end);
    gtk_button_set_label(GTK_BUTTON(self->chips[i]), text);
  }
}

static gboolean focus_list(SightUiProblemsPage *self) {
  guint place = gtk_single_selection_get_selected(self->selection);
  self->wants_focus = FALSE;
  if (place != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action(GTK_WIDGET(self->view), "list.scroll-to-item", "u", place);
  return gtk_widget_grab_focus(GTK_WIDGET(self->view));
}

/* The chip of its state shows the list that has it. */
static void show_wanted(SightUiProblemsPage *self) {
  SightProblemState state = SIGHT_PROBLEM_NEW;
  if (self->wanted == NULL || !sight_ui_problems_is_current(self->problems))
    return;
  if (!sight_ui_problems_get_state_of(self->problems, self->wanted_of, self->wanted, &state)) {
    if (!sight_ui_problems_is_whole(self->problems))
      sight_ui_problems_ask_all(self->problems);
    return;
  }
  g_free(self->selected);
  self->selected = g_steal_pointer(&self->wanted);
  self->selected_of = self->wanted_of;
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    if (states[i] == state)
      gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->chips[i]), TRUE);
  }
  sight_ui_problems_set_state(self->problems, state);
}

static void show(SightUiProblemsPage *self) {
  self->listing = FALSE;
  show_wanted(self);
  const GError *error = sight_ui_problems_get_error(self->problems);
  gboolean some = g_list_model_get_n_items(G_LIST_MODEL(self->problems)) > 0;
  show_chips(self);
  gtk_widget_set_visible(self->more, error == NULL && some && !sight_ui_problems_is_whole(self->problems));
  gtk_widget_set_visible(self->detail, error == NULL && some);
  if (error != NULL)
    set_state(self, "dialog-error-symbolic", _("The List Cannot Be Read"), error->message);
  else if (some)
    gtk_stack_set_visible_child_name(self->stack, "list");
  else if (!sight_ui_problems_is_listed(self->problems))
    set_state(self, NULL, _("Looking for Problems…"), NULL);
  else
    show_nothing(self);
  if (!some)
    return;
  select_again(self);
  if (self->wants_focus && gtk_widget_get_mapped(GTK_WIDGET(self)))
    focus_list(self);
}

static void about_to_list(SightUiProblemsPage *self) {
  self->listing = TRUE;
  self->wants_focus |= sight_ui_has_keys(GTK_WIDGET(self->view));
}

static void state_chosen(GtkToggleButton *chip, SightUiProblemsPage *self) {
  if (!gtk_toggle_button_get_active(chip))
    return;
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    if (GTK_WIDGET(chip) == self->chips[i])
      sight_ui_problems_set_state(self->problems, states[i]);
  }
}

/* What is asked for before a state is said. */
static const char *wanted_with(SightProblemState state) {
  if (state == SIGHT_PROBLEM_FILED)
    return _("Address or number of the issue");
  return state == SIGHT_PROBLEM_FIXED ? _("Release that has the fix") : NULL;
}

typedef struct {
  SightUiProblemsPage *page; /* a reference */
  SightUiProblemItem *item;
  SightProblemState state;
  GtkWidget *entry;
} Asked;

static void asked_free(gpointer data, GClosure *closure) {
  Asked *asked = data;
  g_object_unref(asked->page);
  g_object_unref(asked->item);
  g_free(asked);
}

static void say_state(SightUiProblemsPage *self, SightUiProblemItem *item, SightProblemState state, const char *text) {
  sight_ui_problems_do(self->problems, sight_ui_problem_act_state(sight_ui_problem_item_get(item), state, text,
                                                                  sight_ui_problem_state_title(state)));
}

static void answered(AdwMessageDialog *dialog, const char *response, Asked *asked) {
  if (g_strcmp0(response, "set") == 0)
    say_state(asked->page, asked->item, asked->state, gtk_editable_get_text(GTK_EDITABLE(asked->entry)));
}

static void ask_with(SightUiProblemsPage *self, SightUiProblemItem *item, SightProblemState state) {
  const SightProblemMark *mark = sight_ui_problem_item_get(item)->mark;
  const char *there = state == SIGHT_PROBLEM_FILED ? mark->issue : mark->release;
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))),
                                             sight_ui_problem_state_title(state), wanted_with(state));
  GtkWidget *entry = gtk_entry_new();
  gtk_editable_set_text(GTK_EDITABLE(entry), there != NULL ? there : "");
  gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, wanted_with(state), -1);
  adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), entry);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "set", _("_Set"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "set", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "set");
  Asked *asked = g_new0(Asked, 1);
  asked->page = g_object_ref(self);
  asked->item = g_object_ref(item);
  asked->state = state;
  asked->entry = entry;
  g_signal_connect_data(dialog, "response", G_CALLBACK(answered), asked, asked_free, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void state_wanted(SightUiProblemsPage *self, int state) {
  SightUiProblemItem *item = gtk_single_selection_get_selected_item(self->selection);
  if (item == NULL)
    return;
  self->wants_focus = TRUE;
  if (wanted_with((SightProblemState)state) != NULL)
    ask_with(self, item, (SightProblemState)state);
  else
    say_state(self, item, (SightProblemState)state, NULL);
}

static void moment_wanted(SightUiProblemsPage *self, gint64 row, gint64 at_ms) {
  const SightProblem *problem = sight_ui_problems_page_get_selected(self);
  if (problem != NULL)
    g_signal_emit(self, signals[WATCH], 0, problem, row, at_ms);
}

static void comparison_wanted(SightUiProblemsPage *self) {
  const SightProblem *problem = sight_ui_problems_page_get_selected(self);
  if (problem != NULL)
    g_signal_emit(self, signals[COMPARE], 0, problem);
}

static void narrow(SightUiProblemsPage *self, const char *filter) {
  g_signal_emit(self, signals[NARROW], 0, filter);
}

static void other_wanted(SightUiProblemsPage *self, const char *id) {
  const SightProblem *problem = sight_ui_problems_page_get_selected(self);
  if (problem != NULL)
    sight_ui_problems_page_show(self, problem->endpoint, id);
}

static void map(GtkWidget *widget) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(widget);
  GTK_WIDGET_CLASS(sight_ui_problems_page_parent_class)->map(widget);
  sight_ui_problems_set_active(self->problems, TRUE);
  show(self);
}

static void unmap(GtkWidget *widget) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(widget);
  self->wants_focus = FALSE; /* whoever went on has the keys elsewhere */
  sight_ui_problems_set_active(self->problems, FALSE);
  GTK_WIDGET_CLASS(sight_ui_problems_page_parent_class)->unmap(widget);
}

static gboolean grab_focus(GtkWidget *widget) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(widget);
  self->wants_focus = TRUE;
  return g_list_model_get_n_items(G_LIST_MODEL(self->problems)) == 0 || focus_list(self);
}

/* From the list to the problem, and back. */
static gboolean next_pane(GtkWidget *widget, GVariant *parameter, gpointer user_data) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(widget);
  GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(widget));

  if (focus != NULL && gtk_widget_is_ancestor(focus, self->detail))
    return focus_list(self);
  return gtk_widget_child_focus(self->detail, GTK_DIR_TAB_FORWARD);
}

/* GtkListView lets Tab run through its rows: it leads on to the problem, or back to the states. */
static gboolean focus(GtkWidget *widget, GtkDirectionType direction) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(widget);
  gboolean in_view = gtk_widget_get_focus_child(GTK_WIDGET(self->view)) != NULL;
  if (in_view && direction == GTK_DIR_TAB_FORWARD)
    return gtk_widget_child_focus(self->more, direction) || gtk_widget_child_focus(self->detail, direction);
  if (in_view && direction == GTK_DIR_TAB_BACKWARD)
    return gtk_widget_child_focus(self->chips_box, direction);
  return GTK_WIDGET_CLASS(sight_ui_problems_page_parent_class)->focus(widget, direction);
}

static gboolean turn(gpointer user_data) {
  SightUiProblemsPage *self = user_data;
  gboolean beside = gtk_widget_get_width(GTK_WIDGET(self)) >= BESIDE_FROM;
  self->turn_source = 0;
  gtk_orientable_set_orientation(GTK_ORIENTABLE(self->box),
                                 beside ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_widget_set_size_request(self->list, beside ? LIST_WIDTH : -1, -1);
  gtk_widget_set_hexpand(self->list, !beside);
  if (beside)
    gtk_widget_remove_css_class(self->detail, "below");
  else
    gtk_widget_add_css_class(self->detail, "below");
  return G_SOURCE_REMOVE;
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(widget);
  gboolean beside = gtk_orientable_get_orientation(GTK_ORIENTABLE(self->box)) == GTK_ORIENTATION_HORIZONTAL;
  gtk_widget_allocate(self->box, width, height, baseline, NULL);
  /* Not while sizes are given out. */
  if (beside != (width >= BESIDE_FROM) && self->turn_source == 0)
    self->turn_source = g_idle_add_full(G_PRIORITY_HIGH_IDLE, turn, self, NULL);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  gtk_widget_measure(SIGHT_UI_PROBLEMS_PAGE(widget)->box, orientation, for_size, minimum, natural, NULL, NULL);
  /* Where both do not fit they stand one above the other. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN(*minimum, LEAST_WIDTH);
  *natural = MAX(*minimum, *natural);
  *minimum_baseline = *natural_baseline = -1;
}

static void dispose(GObject *object) {
  SightUiProblemsPage *self = SIGHT_UI_PROBLEMS_PAGE(object);
  g_clear_handle_id(&self->turn_source, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->selection);
  g_clear_object(&self->problems);
  g_clear_pointer(&self->selected, g_free);
  g_clear_pointer(&self->wanted, g_free);
  G_OBJECT_CLASS(sight_ui_problems_page_parent_class)->dispose(object);
}

static void sight_ui_problems_page_class_init(SightUiProblemsPageClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  GType type = SIGHT_UI_TYPE_PROBLEMS_PAGE;
  widget_class->map = map;
  widget_class->unmap = unmap;
  widget_class->grab_focus = grab_focus;
  widget_class->focus = focus;
  widget_class->size_allocate = size_allocate;
  widget_class->measure = measure;
  signals[WATCH] = g_signal_new("watch", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_POINTER,
                                G_TYPE_INT64, G_TYPE_INT64);
  signals[COMPARE] =
      g_signal_new("compare", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[NARROW] = g_signal_new("narrow", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_F6, 0, next_pane, NULL);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_F6, GDK_SHIFT_MASK, next_pane, NULL);
  gtk_widget_class_set_css_name(widget_class, "problems-page");
}

static GtkListItemFactory *make_factory(SightUiProblemsPage *self) {
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_signal_connect_object(factory, "setup", G_CALLBACK(setup_row), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(factory, "bind", G_CALLBACK(bind_row), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(factory, "unbind", G_CALLBACK(unbind_row), self, G_CONNECT_SWAPPED);
  return factory;
}

static GtkWidget *make_chips(SightUiProblemsPage *self) {
  GtkWidget *chips = gtk_flow_box_new();
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(chips), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(chips), G_N_ELEMENTS(states));
  gtk_widget_add_css_class(chips, "chips");
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    GtkWidget *child = gtk_flow_box_child_new();
    self->chips[i] = gtk_toggle_button_new();
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(self->chips[i]), i > 0 ? GTK_TOGGLE_BUTTON(self->chips[0]) : NULL);
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->chips[i]), i == 0);
    g_signal_connect_object(self->chips[i], "toggled", G_CALLBACK(state_chosen), self, 0);
    gtk_flow_box_child_set_child(GTK_FLOW_BOX_CHILD(child), self->chips[i]);
    gtk_widget_set_focusable(child, FALSE);
    gtk_flow_box_append(GTK_FLOW_BOX(chips), child);
  }
  return chips;
}

static void ask_all(SightUiProblemsPage *self) {
  sight_ui_problems_ask_all(self->problems);
}

/* Who has come to the end of the list wants the rest of it. */
static void edge_reached(SightUiProblemsPage *self, GtkPositionType edge) {
  if (edge == GTK_POS_BOTTOM && gtk_widget_get_visible(self->more))
    ask_all(self);
}

static void sight_ui_problems_page_init(SightUiProblemsPage *self) {
  GtkWidget *scroller = gtk_scrolled_window_new();
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  self->list = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->stack = GTK_STACK(gtk_stack_new());
  self->view = GTK_LIST_VIEW(gtk_list_view_new(NULL, make_factory(self)));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Problems"), -1);
  gtk_widget_add_css_class(GTK_WIDGET(self->view), "problems");
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->view));
  self->state = ADW_STATUS_PAGE(adw_status_page_new());
  gtk_widget_add_css_class(GTK_WIDGET(self->state), "compact");
  gtk_stack_add_named(self->stack, scroller, "list");
  gtk_stack_add_named(self->stack, GTK_WIDGET(self->state), "state");
  gtk_widget_set_vexpand(GTK_WIDGET(self->stack), TRUE);
  self->chips_box = make_chips(self);
  gtk_box_append(GTK_BOX(self->list), self->chips_box);
  gtk_box_append(GTK_BOX(self->list), GTK_WIDGET(self->stack));
  self->more = gtk_button_new_with_label(_("Show More"));
  gtk_widget_add_css_class(self->more, "flat");
  g_signal_connect_object(self->more, "clicked", G_CALLBACK(ask_all), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(scroller, "edge-reached", G_CALLBACK(edge_reached), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(self->list), self->more);
  gtk_widget_set_size_request(self->list, LIST_WIDTH, -1);
  gtk_widget_add_css_class(self->list, "problems-list");
  gtk_box_append(GTK_BOX(self->box), self->list);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  g_signal_connect_object(self->view, "activate", G_CALLBACK(activated), self, G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_problems_page_new(SightUiProblems *problems, SightStore *store) {
  SightUiProblemsPage *self = g_object_new(SIGHT_UI_TYPE_PROBLEMS_PAGE, NULL);
  self->problems = g_object_ref(problems);
  self->detail = sight_ui_problem_detail_new(store, problems);
  gtk_widget_set_hexpand(self->detail, TRUE);
  gtk_widget_set_vexpand(self->detail, TRUE);
  gtk_box_append(GTK_BOX(self->box), self->detail);
  g_signal_connect_object(self->detail, "watch", G_CALLBACK(moment_wanted), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->detail, "state", G_CALLBACK(state_wanted), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->detail, "narrow", G_CALLBACK(narrow), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->detail, "other", G_CALLBACK(other_wanted), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->detail, "compare", G_CALLBACK(comparison_wanted), self, G_CONNECT_SWAPPED);
  self->selection = gtk_single_selection_new(g_object_ref(G_LIST_MODEL(problems)));
  g_signal_connect_object(self->selection, "notify::selected-item", G_CALLBACK(selection_moved), self,
                          G_CONNECT_SWAPPED);
  gtk_list_view_set_model(self->view, GTK_SELECTION_MODEL(self->selection));
  g_signal_connect_object(problems, "about-to-list", G_CALLBACK(about_to_list), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(problems, "listed", G_CALLBACK(show), self, G_CONNECT_SWAPPED);
  show(self);
  return GTK_WIDGET(self);
}

SightUiProblemItem *sight_ui_problems_page_get_item(SightUiProblemsPage *self) {
  return gtk_single_selection_get_selected_item(self->selection);
}

const SightProblem *sight_ui_problems_page_get_selected(SightUiProblemsPage *self) {
  SightUiProblemItem *item = sight_ui_problems_page_get_item(self);
  return item != NULL ? sight_ui_problem_item_get(item) : NULL;
}

void sight_ui_problems_page_choose_state(SightUiProblemsPage *self) {
  sight_ui_problem_detail_choose_state(SIGHT_UI_PROBLEM_DETAIL(self->detail));
}

void sight_ui_problems_page_choose_same(SightUiProblemsPage *self) {
  sight_ui_problem_detail_choose_same(SIGHT_UI_PROBLEM_DETAIL(self->detail));
}

void sight_ui_problems_page_show(SightUiProblemsPage *self, gint64 endpoint, const char *id) {
  g_free(self->wanted);
  self->wanted = g_strdup(id);
  self->wanted_of = endpoint;
  show(self);
}
