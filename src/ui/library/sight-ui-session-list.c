/* SPDX-License-Identifier: MIT */
/* The list of sessions with its sentence and its states. */
#include "sight-ui-session-list.h"

#include "sight-filter-sentence.h"
#include "sight-ui-context-menu.h"
#include "sight-ui-names.h"
#include "sight-ui-session-menu.h"
#include "sight-ui-session-row.h"
#include "sight-ui-text.h"

#include <adwaita.h>
#include <glib/gi18n.h>

struct _SightUiSessionList {
  GtkWidget parent_instance;
  GtkStack *stack;
  GtkListView *view;
  AdwStatusPage *state;
  GtkSpinner *spinner;
  GtkButton *state_button;

  SightUiLibrary *library;
  GtkSingleSelection *selection;
  gint64 current_row; /* selected wherever it is listed; 0: none */
  gboolean anew;      /* the rows answer another question than before */
  gboolean stepping;  /* the selection moves without the analyst */
  char *waiting_title, *waiting_text;
};

G_DEFINE_FINAL_TYPE(SightUiSessionList, sight_ui_session_list, GTK_TYPE_WIDGET)

static guint chosen_signal;

static void setup_row(GtkSignalListItemFactory *factory, GtkListItem *list_item) {
  gtk_list_item_set_child(list_item, sight_ui_session_row_new());
}

static void bind_row(GtkSignalListItemFactory *factory, GtkListItem *list_item) {
  SightUiSessionRow *row = SIGHT_UI_SESSION_ROW(gtk_list_item_get_child(list_item));
  sight_ui_session_row_set_item(row, gtk_list_item_get_item(list_item));
}

static void unbind_row(GtkSignalListItemFactory *factory, GtkListItem *list_item) {
  sight_ui_session_row_set_item(SIGHT_UI_SESSION_ROW(gtk_list_item_get_child(list_item)), NULL);
}

static void selection_moved(SightUiSessionList *self) {
  gint64 row = sight_ui_library_row_at(self->library, gtk_single_selection_get_selected(self->selection));
  if (self->stepping || row == 0)
    return;
  self->current_row = row;
  g_signal_emit(self, chosen_signal, 0, row);
}

/* GtkSingleSelection looks for a selected item among all new ones and would make an object for each. */
static void about_to_list(SightUiSessionList *self) {
  self->anew = !sight_ui_library_is_listed(self->library);
  self->stepping = TRUE;
  gtk_single_selection_set_selected(self->selection, GTK_INVALID_LIST_POSITION);
}

static void set_state(SightUiSessionList *self, const char *icon, const char *title, const char *text) {
  adw_status_page_set_icon_name(self->state, icon);
  g_autofree char *plain_title = g_markup_escape_text(title, -1);
  g_autofree char *plain_text = text != NULL ? g_markup_escape_text(text, -1) : NULL;
  adw_status_page_set_title(self->state, plain_title);
  adw_status_page_set_description(self->state, plain_text);
  gtk_stack_set_visible_child_name(self->stack, "state");
}

/* label NULL: there is nothing to press. A button that stays keeps the focus. */
static void set_state_button(SightUiSessionList *self, const char *label, const char *action, GVariant *target) {
  g_autoptr(GVariant) held = target != NULL ? g_variant_ref_sink(target) : NULL;
  gtk_widget_set_visible(GTK_WIDGET(self->state_button), label != NULL);
  if (label == NULL)
    return;
  GVariant *old = gtk_actionable_get_action_target_value(GTK_ACTIONABLE(self->state_button));
  if (g_strcmp0(label, gtk_button_get_label(self->state_button)) == 0 &&
      (held == NULL ? old == NULL : old != NULL && g_variant_equal(old, held)))
    return;
  gtk_button_set_label(self->state_button, label);
  gtk_label_set_wrap(GTK_LABEL(gtk_button_get_child(self->state_button)), TRUE);
  gtk_label_set_justify(GTK_LABEL(gtk_button_get_child(self->state_button)), GTK_JUSTIFY_CENTER);
  sight_ui_names_tidy(GTK_WIDGET(self->state_button));
  /* An action is looked up with the target that stands there. */
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->state_button), NULL);
  gtk_actionable_set_action_target_value(GTK_ACTIONABLE(self->state_button), held);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(self->state_button), action);
}

/* The condition without which most is found. */
static gboolean show_help(SightUiSessionList *self, const SightUiCounts *counts) {
  SightUiFilter *filter = sight_ui_library_get_filter(self->library);
  if (counts == NULL || counts->helps < 0 || (guint)counts->helps >= sight_ui_filter_n_parts(filter) ||
      sight_ui_filter_n_parts(filter) < 2)
    return FALSE;
  const SightFilter *part = sight_ui_filter_get_part(filter, (guint)counts->helps);
  g_autofree char *phrase = sight_filter_phrase(part);
  g_autofree char *text = sight_filter_print(part);
  g_autofree char *number = sight_ui_text_number(counts->n_helps);
  g_autofree char *says = g_strdup_printf(
      ngettext("Without “%s” there is %s session.", "Without “%s” there are %s sessions.", (gulong)counts->n_helps),
      phrase, number);
  set_state(self, "system-search-symbolic", _("Nothing Found"), says);
  set_state_button(self, _("_Remove This Condition"), "win.filter-remove", g_variant_new_string(text));
  return TRUE;
}

/* Nothing matches: say which condition to loosen. */
static void show_empty(SightUiSessionList *self, const SightLibraryQuery *query) {
  const SightUiCounts *counts = sight_ui_library_get_counts(self->library);
  SightUiFilter *filter = sight_ui_library_get_filter(self->library);
  gboolean filtered = *query->filter != '\0';
  if (sight_ui_filter_has(filter, "churned") && counts != NULL && !counts->has_key_actions) {
    set_state(self, "sight-churned-symbolic", _("What Is a Success?"),
              _("Churned sessions end without a key action, such as an order. Name one, and they are found."));
    set_state_button(self, _("_Add a Key Action…"), "win.add-key-action", NULL);
    return;
  }
  if (query->endpoint != 0 && !filtered) {
    set_state(self, "sight-endpoint-symbolic", _("No Sessions Yet"), _("This endpoint has not sent any sessions."));
    set_state_button(self, _("Show _All Endpoints"), "win.endpoint", g_variant_new_int64(0));
    return;
  }
  if (show_help(self, counts))
    return;
  if (g_str_equal(query->filter, "tag")) {
    set_state(self, "sight-tagged-symbolic", _("Nothing Tagged Yet"),
              _("Press T while you watch, and the moment is kept here for you and your team."));
  } else if (filtered) {
    set_state(self, "system-search-symbolic", _("Nothing Found"), _("No session matches this filter."));
  } else {
    set_state(self, "sight-sessions-symbolic", _("No Sessions Yet"), _("Sessions appear here as they come in."));
  }
  set_state_button(self, filtered ? _("Show _All Sessions") : NULL, "win.filter-set", g_variant_new_string(""));
}

void sight_ui_session_list_show_query(SightUiSessionList *self) {
  const SightLibraryQuery *query = sight_ui_library_get_query(self->library);
  const GError *error = sight_ui_library_get_error(self->library);
  gboolean listed = sight_ui_library_is_listed(self->library);
  gboolean waiting = FALSE, empty = FALSE;
  if (error != NULL) {
    set_state(self, "dialog-error-symbolic", _("The List Cannot Be Read"), error->message);
  } else if (g_list_model_get_n_items(G_LIST_MODEL(self->library)) > 0) {
    gtk_stack_set_visible_child_name(self->stack, "list");
  } else if (listed && self->waiting_title != NULL && *query->filter == '\0') {
    waiting = TRUE;
    set_state(self, NULL, self->waiting_title, self->waiting_text);
  } else if (listed) {
    empty = TRUE;
    show_empty(self, query);
  }
  if (!empty)
    set_state_button(self, NULL, NULL, NULL);
  gtk_widget_set_visible(GTK_WIDGET(self->spinner), waiting);
  gtk_spinner_set_spinning(self->spinner, waiting);
}

void sight_ui_session_list_set_waiting(SightUiSessionList *self, const char *title, const char *text) {
  if (g_strcmp0(title, self->waiting_title) == 0 && g_strcmp0(text, self->waiting_text) == 0)
    return;
  g_free(self->waiting_title);
  g_free(self->waiting_text);
  self->waiting_title = g_strdup(title);
  self->waiting_text = g_strdup(text);
  if (self->library != NULL)
    sight_ui_session_list_show_query(self);
}

static void select_row(SightUiSessionList *self, guint position, gboolean scroll) {
  self->stepping = TRUE;
  gtk_single_selection_set_selected(self->selection, position == G_MAXUINT ? GTK_INVALID_LIST_POSITION : position);
  self->stepping = FALSE;
  if (position != G_MAXUINT && scroll)
    gtk_widget_activate_action(GTK_WIDGET(self->view), "list.scroll-to-item", "u", position);
}

/* The open session stays selected, also when another filter lists it again. It is only scrolled to then: what comes in
 * meanwhile must not take the list from who looks through it. */
static void listed(SightUiSessionList *self) {
  guint position = self->current_row != 0 ? sight_ui_library_find(self->library, self->current_row) : G_MAXUINT;
  select_row(self, position, self->anew);
  self->anew = FALSE;
  sight_ui_session_list_show_query(self);
}

void sight_ui_session_list_set_library(SightUiSessionList *self, SightUiLibrary *library) {
  g_return_if_fail(self->library == NULL);
  self->library = g_object_ref(library);
  self->selection = gtk_single_selection_new(g_object_ref(G_LIST_MODEL(library)));
  gtk_single_selection_set_autoselect(self->selection, FALSE);
  gtk_single_selection_set_can_unselect(self->selection, TRUE);
  gtk_single_selection_set_selected(self->selection, GTK_INVALID_LIST_POSITION);
  g_signal_connect_object(self->selection, "notify::selected", G_CALLBACK(selection_moved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(library, "about-to-list", G_CALLBACK(about_to_list), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(library, "listed", G_CALLBACK(listed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(library, "counted", G_CALLBACK(sight_ui_session_list_show_query), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_model(self->view, GTK_SELECTION_MODEL(self->selection));
  sight_ui_session_list_show_query(self);
}

void sight_ui_session_list_select(SightUiSessionList *self, guint position) {
  self->current_row = sight_ui_library_row_at(self->library, position);
  select_row(self, position, TRUE);
}

void sight_ui_session_list_focus(SightUiSessionList *self) {
  gtk_widget_grab_focus(GTK_WIDGET(self->view));
}

/* GtkListView lets Tab run through its rows, of which there may be a million. */
static gboolean focus(GtkWidget *widget, GtkDirectionType direction) {
  SightUiSessionList *self = SIGHT_UI_SESSION_LIST(widget);
  gboolean in_view = gtk_widget_get_focus_child(GTK_WIDGET(self->view)) != NULL;
  if (in_view && (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD))
    return FALSE;
  return GTK_WIDGET_CLASS(sight_ui_session_list_parent_class)->focus(widget, direction);
}

static GMenu *make_menu(GtkWidget *row, gpointer user_data) {
  SightUiSessionItem *item = sight_ui_session_row_get_item(SIGHT_UI_SESSION_ROW(gtk_widget_get_first_child(row)));
  const SightSession *session = item != NULL ? sight_ui_session_item_get_session(item) : NULL;
  return session != NULL ? sight_ui_session_menu_new(session->row, session->user) : NULL;
}

static void dispose(GObject *object) {
  SightUiSessionList *self = SIGHT_UI_SESSION_LIST(object);
  self->stepping = TRUE;
  if (self->view != NULL)
    gtk_list_view_set_model(self->view, NULL);
  g_clear_object(&self->selection);
  g_clear_object(&self->library);
  g_clear_pointer(&self->waiting_title, g_free);
  g_clear_pointer(&self->waiting_text, g_free);
  gtk_widget_dispose_template(GTK_WIDGET(object), SIGHT_UI_TYPE_SESSION_LIST);
  G_OBJECT_CLASS(sight_ui_session_list_parent_class)->dispose(object);
}

static void sight_ui_session_list_class_init(SightUiSessionListClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->focus = focus;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/io/github/sessionsight/SessionSight/library/sight-ui-session-list.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionList, stack);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionList, view);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionList, state);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionList, spinner);
  gtk_widget_class_bind_template_child(widget_class, SightUiSessionList, state_button);
  gtk_widget_class_set_css_name(widget_class, "session-list");
  chosen_signal = g_signal_new("chosen", SIGHT_UI_TYPE_SESSION_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void sight_ui_session_list_init(SightUiSessionList *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_button_set_use_underline(self->state_button, TRUE);
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new();
  g_signal_connect(factory, "setup", G_CALLBACK(setup_row), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(bind_row), NULL);
  g_signal_connect(factory, "unbind", G_CALLBACK(unbind_row), NULL);
  gtk_list_view_set_factory(self->view, factory);
  sight_ui_context_menu_attach(GTK_WIDGET(self->view), GTK_WIDGET(self), make_menu, NULL);
}
