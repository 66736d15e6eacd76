/* SPDX-License-Identifier: MIT */
/* The window: puts the parts together and gives them their actions. */
#include "sight-ui-window-private.h"

#include "sight-source.h"
#include "sight-ui-inspector.h"
#include "sight-ui-key-table.h"
#include "sight-ui-keys.h"
#include "sight-ui-names.h"
#include "sight-ui-notice-bar.h"
#include "sight-ui-person-popover.h"
#include "sight-ui-player.h"
#include "sight-ui-settings.h"
#include "sight-ui-stack.h"
#include "sight-ui-sync-status.h"
#include "sight-ui-text.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE(SightUiWindow, sight_ui_window, ADW_TYPE_APPLICATION_WINDOW)

/* libadwaita 1.2 looks at the seconds only when it begins to show it. */
static AdwToast *show_toast(SightUiWindow *self, const char *text, const char *button, guint seconds) {
  g_autofree char *plain = g_markup_escape_text(text, -1);
  AdwToast *toast = adw_toast_new(plain);
  adw_toast_set_timeout(toast, seconds);
  adw_toast_set_button_label(toast, button);
  /* The newest word counts: it does not queue behind one that it has overtaken. */
  if (self->toast != NULL)
    adw_toast_dismiss(self->toast);
  g_set_weak_pointer(&self->toast, toast);
  adw_toast_overlay_add_toast(self->toasts, toast);
  return toast;
}

void sight_ui_window_toast(SightUiWindow *self, const char *text) {
  show_toast(self, text, NULL, 5);
}

AdwToast *sight_ui_window_offer(SightUiWindow *self, const char *text, const char *button) {
  return show_toast(self, text, button, 20);
}

AdwToast *sight_ui_window_offer_lasting(SightUiWindow *self, const char *text, const char *button) {
  return show_toast(self, text, button, 0);
}

/* Nothing was ever connected or opened: the way in, rather than an empty list. */
static gboolean is_first_run(SightUiWindow *self, const SightUiCounts *counts) {
  guint n_done = 0, n_total = 0;
  return counts->n_all == 0 && sight_ui_rounds_get_states(sight_ui_jobs_get_rounds(self->jobs))->len == 0 &&
         sight_ui_library_get_query(self->library)->endpoint == 0 &&
         !sight_ui_importer_get_progress(sight_ui_jobs_get_importer(self->jobs), &n_done, &n_total);
}

static void show_waiting(SightUiWindow *self) {
  GPtrArray *states = sight_ui_rounds_get_states(sight_ui_jobs_get_rounds(self->jobs));
  guint n_done = 0, n_total = 0;
  if (sight_ui_importer_get_progress(sight_ui_jobs_get_importer(self->jobs), &n_done, &n_total)) {
    g_autofree char *text = g_strdup_printf(_("%u of %u files are read."), n_done, n_total);
    sight_ui_session_list_set_waiting(self->list, _("Opening Recordings"), text);
    return;
  }
  for (guint i = 0; i < states->len; i++) {
    const SightUiSyncState *state = g_ptr_array_index(states, i);
    if (!state->running || (state->n_total == 0 && state->endpoint->synced_ms != 0))
      continue;
    g_autofree char *text = state->n_total > 0
                                ? g_strdup_printf(_("%u of %u sessions are here."), state->n_done, state->n_total)
                                : g_strdup(_("The first sessions appear in a moment."));
    sight_ui_session_list_set_waiting(self->list, _("Syncing"), text);
    return;
  }
  sight_ui_session_list_set_waiting(self->list, NULL, NULL);
}

void sight_ui_window_fit_page(SightUiWindow *self) {
  gboolean watches = g_strcmp0(gtk_stack_get_visible_child_name(self->stack), "main") == 0 &&
                     g_strcmp0(adw_view_stack_get_visible_child_name(self->pages), "sessions") == 0;

  gtk_widget_set_visible(self->sidebar_button, watches);
  gtk_widget_set_visible(self->inspector_button, watches);
  if (watches)
    gtk_widget_add_css_class(GTK_WIDGET(self->toasts), "over-player");
  else
    gtk_widget_remove_css_class(GTK_WIDGET(self->toasts), "over-player");
}

static void update_state(SightUiWindow *self) {
  const SightUiCounts *counts = sight_ui_library_get_counts(self->library);
  if (counts == NULL || !sight_ui_jobs_knows_endpoints(self->jobs))
    return;
  gboolean first = is_first_run(self, counts);
  gboolean was_first = g_strcmp0(gtk_stack_get_visible_child_name(self->stack), "first-run") == 0;
  gtk_stack_set_visible_child_name(self->stack, first ? "first-run" : "main");
  if (first && !was_first)
    gtk_widget_grab_focus(self->first_connect);
  gtk_widget_set_visible(GTK_WIDGET(self->filter_bar), !first);
  gtk_widget_set_visible(self->switcher, !first);
  sight_ui_window_fit_page(self);
  gtk_widget_set_visible(self->endpoint_button, !first);
  show_waiting(self);
}

static void add_endpoint_item(GMenu *menu, const char *name, gint64 row) {
  g_autofree char *plain = g_strdelimit(g_strdup(name), "_", ' ');
  g_autoptr(GMenuItem) item = g_menu_item_new(plain, NULL);
  g_menu_item_set_action_and_target(item, "win.endpoint", "x", row);
  g_menu_append_item(menu, item);
}

static void update_endpoints(SightUiWindow *self) {
  GPtrArray *endpoints = sight_ui_jobs_get_endpoints(self->jobs);
  gint64 chosen = sight_ui_library_get_query(self->library)->endpoint;
  const char *name = _("All endpoints"), *only = NULL;
  guint n_shown = 0;
  g_autoptr(GString) wanted = g_string_new(NULL);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    g_string_append_printf(wanted, "%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT "\n", endpoint->row, endpoint->name,
                           endpoint->n_sessions);
    gboolean is_shown = sight_source_can(endpoint, SIGHT_SOURCE_SYNCS) || endpoint->n_sessions > 0;
    n_shown += is_shown;
    if (is_shown && chosen == 0)
      only = sight_source_name(endpoint);
    if (endpoint->row == chosen)
      name = sight_source_name(endpoint);
  }
  if (n_shown == 1 && only != NULL)
    name = only;
  gtk_label_set_text(self->endpoint_label, name);
  gtk_widget_set_tooltip_text(self->endpoint_button, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->endpoint_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (g_strcmp0(wanted->str, self->endpoints_shown) == 0)
    return;
  g_free(self->endpoints_shown);
  self->endpoints_shown = g_strdup(wanted->str);
  g_autoptr(GMenu) menu = g_menu_new();
  g_autoptr(GMenu) list = g_menu_new();
  add_endpoint_item(list, _("All endpoints"), 0);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    if (sight_source_can(endpoint, SIGHT_SOURCE_SYNCS) || endpoint->n_sessions > 0)
      add_endpoint_item(list, sight_source_name(endpoint), endpoint->row);
  }
  g_autoptr(GMenu) more = g_menu_new();
  g_menu_append(more, _("_Connect an Endpoint…"), "win.add-endpoint");
  g_menu_append(more, _("_Sync Now"), "win.sync");
  g_menu_append_section(menu, NULL, G_MENU_MODEL(list));
  g_menu_append_section(menu, NULL, G_MENU_MODEL(more));
  gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(self->endpoint_button), G_MENU_MODEL(menu));
}

/* Of the samples nothing is opened before they are looked through: the worst moment of them comes first. */
static void open_worst(SightUiWindow *self) {
  guint n_done = 0, n_waiting = 0, n_files = 0, n_read = 0;
  if (!self->open_worst || sight_ui_library_row_at(self->library, 0) == 0 ||
      sight_ui_importer_get_progress(sight_ui_jobs_get_importer(self->jobs), &n_read, &n_files) ||
      sight_ui_jobs_get_analysis(self->jobs, &n_done, &n_waiting))
    return;
  self->open_worst = FALSE;
  /* Who has gone on meanwhile is left alone. */
  if (sight_ui_playback_get_session_row(self->playback) == 0 && *sight_ui_filter_get_text(self->filter) == '\0')
    sight_ui_window_watch_worst(self);
}

static void jobs_changed(SightUiWindow *self) {
  update_endpoints(self);
  update_state(self);
  open_worst(self);
}

void sight_ui_window_query_changed(SightUiWindow *self) {
  sight_ui_window_remember("filter", sight_ui_filter_get_text(self->filter));
  sight_ui_session_list_show_query(self->list);
  update_endpoints(self);
  sight_ui_window_update_actions(self);
}

/* A condition that was typed leads to the first session that matches; on other pages what they show is led to. */
static void filter_entered(SightUiWindow *self) {
  if (g_strcmp0(adw_view_stack_get_visible_child_name(self->pages), "sessions") != 0)
    return;
  self->open_first = TRUE;
  if (sight_ui_library_is_listed(self->library))
    sight_ui_window_open_first(self);
}

void sight_ui_window_open_first(SightUiWindow *self) {
  gint64 row = sight_ui_library_row_at(self->library, 0);
  self->open_first = FALSE;
  if (row == 0)
    return;
  sight_ui_navigator_open(self->navigator, row, TRUE);
  sight_ui_session_list_focus(self->list);
}

void sight_ui_window_open_wanted(SightUiWindow *self) {
  if (self->wanted_row == 0)
    return;
  guint position = sight_ui_library_find(self->library, self->wanted_row);
  if (position == G_MAXUINT)
    return;
  if (self->wanted_ms >= 0) {
    sight_ui_navigator_open_at(self->navigator, self->wanted_row, self->wanted_ms);
    /* While the list was still to come it could not take the keys. */
    sight_ui_session_list_focus(self->list);
  } else {
    sight_ui_navigator_open(self->navigator, self->wanted_row, TRUE);
  }
  self->wanted_row = 0;
}

static void listed(SightUiWindow *self) {
  update_state(self);
  open_worst(self);
  if (self->open_first)
    sight_ui_window_open_first(self);
  sight_ui_window_open_wanted(self);
}

static void chosen(SightUiWindow *self, gint64 row) {
  sight_ui_navigator_open(self->navigator, row, TRUE);
}

static void opening(SightUiWindow *self, guint position) {
  sight_ui_window_show_page(self, "sessions");
  sight_ui_session_list_select(self->list, position);
}

static void nowhere(SightUiWindow *self, gboolean forward) {
  g_action_group_change_action_state(G_ACTION_GROUP(self), "reel", g_variant_new_boolean(FALSE));
  sight_ui_window_toast(self, forward ? _("That was the last one.") : _("That was the first one."));
}

static void playback_changed(SightUiWindow *self) {
  gboolean open = sight_ui_playback_get_session_row(self->playback) != 0;
  gtk_stack_set_visible_child_name(self->player_stack, open ? "player" : "idle");
  if (self->person_popover != NULL)
    sight_ui_person_popover_close(SIGHT_UI_PERSON_POPOVER(self->person_popover));
  sight_ui_window_update_actions(self);
}

static GtkWidget *make_player_stack(SightUiWindow *self) {
  GtkWidget *idle = adw_status_page_new();
  adw_status_page_set_icon_name(ADW_STATUS_PAGE(idle), "media-playback-start-symbolic");
  adw_status_page_set_title(ADW_STATUS_PAGE(idle), _("Choose a Session"));
  gtk_widget_add_css_class(idle, "compact");
  adw_status_page_set_description(ADW_STATUS_PAGE(idle),
                                  _("It opens at the moment that matters. J goes to the next one."));
  self->player = sight_ui_player_new(self->playback);
  self->player_stack = GTK_STACK(gtk_stack_new());
  gtk_stack_set_vhomogeneous(self->player_stack, FALSE);
  gtk_stack_add_named(self->player_stack, idle, "idle");
  gtk_stack_add_named(self->player_stack, self->player, "player");
  sight_ui_stack_tell_shown(GTK_WIDGET(self->player_stack));
  gtk_widget_set_size_request(GTK_WIDGET(self->player_stack), 320, -1);
  gtk_widget_set_vexpand(GTK_WIDGET(self->player_stack), TRUE);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append(GTK_BOX(box), sight_ui_notice_bar_new(self->playback, self->store));
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->player_stack));
  /* A popover among the pages of a stack would confuse those who read the widgets out. */
  self->player_bin = adw_bin_new();
  adw_bin_set_child(ADW_BIN(self->player_bin), box);
  return self->player_bin;
}

static void restore_size(SightUiWindow *self) {
  GSettings *settings = sight_ui_settings_get();
  if (settings == NULL) {
    gtk_window_set_default_size(GTK_WINDOW(self), 1360, 860);
    return;
  }
  g_settings_bind(settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind(settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind(settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind(settings, "speed", self->playback, "speed", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind(settings, "skip-idle", self->playback, "skip-idle", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind(settings, "captions", self->playback, "captions", G_SETTINGS_BIND_DEFAULT);
}

static void dispose(GObject *object) {
  SightUiWindow *self = SIGHT_UI_WINDOW(object);
  sight_ui_window_stop_order(self);
  g_clear_pointer(&self->tag_popover, gtk_widget_unparent);
  g_clear_pointer(&self->person_popover, gtk_widget_unparent);
  g_clear_weak_pointer(&self->toast);
  g_clear_weak_pointer(&self->clip_dialog);
  if (self->fetching != NULL)
    g_cancellable_cancel(self->fetching);
  g_clear_object(&self->fetching);
  g_clear_pointer(&self->asked_act, sight_ui_note_act_free);
  g_clear_pointer(&self->undo_act, sight_ui_note_act_free);
  g_clear_object(&self->walk);
  g_clear_object(&self->library);
  g_clear_object(&self->filter);
  g_clear_object(&self->navigator);
  g_clear_object(&self->playback);
  g_clear_object(&self->jobs);
  g_clear_object(&self->store);
  g_clear_pointer(&self->endpoints_shown, g_free);
  G_OBJECT_CLASS(sight_ui_window_parent_class)->dispose(object);
}

static void sight_ui_window_class_init(SightUiWindowClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  g_type_ensure(SIGHT_UI_TYPE_FILTER_BAR);
  gtk_widget_class_set_template_from_resource(widget_class, "/io/github/sessionsight/SessionSight/sight-ui-window.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, header);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, sidebar_button);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, inspector_button);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, endpoint_button);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, endpoint_label);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, switcher);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, filter_bar);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, pages);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, toasts);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, stack);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, first_connect);
  gtk_widget_class_bind_template_child(widget_class, SightUiWindow, first_samples);
}

static void sight_ui_window_init(SightUiWindow *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  g_autofree char *samples = sight_ui_samples_dir();
  gtk_widget_set_visible(self->first_samples, samples != NULL);
  g_signal_connect_object(self->filter_bar, "entered", G_CALLBACK(filter_entered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->filter_bar, "left", G_CALLBACK(sight_ui_window_focus_page), self, G_CONNECT_SWAPPED);
  GtkDropTarget *target = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object(target, "drop", G_CALLBACK(sight_ui_window_dropped), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(target));
}

static void element_picked(SightUiWindow *self, gpointer element, gint64 started_ms) {
  sight_ui_inspector_show_element(SIGHT_UI_INSPECTOR(self->inspector), element, started_ms);
  g_object_set(self->panes, "inspector-shown", TRUE, NULL);
}

static void element_problem(SightUiWindow *self, const char *problem) {
  sight_ui_window_toast(self, problem);
}

static void element_closed(SightUiWindow *self) {
  sight_ui_player_forget_element(SIGHT_UI_PLAYER(self->player));
}

static void connect_parts(SightUiWindow *self) {
  g_signal_connect_object(self->filter, "changed", G_CALLBACK(sight_ui_window_query_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->sidebar, "rename", G_CALLBACK(sight_ui_window_rename_filter), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->list, "chosen", G_CALLBACK(chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->navigator, "opening", G_CALLBACK(opening), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->navigator, "nowhere", G_CALLBACK(nowhere), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->library, "listed", G_CALLBACK(listed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->library, "counted", G_CALLBACK(update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->walk, "changed", G_CALLBACK(sight_ui_window_show_place), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->jobs, "changed", G_CALLBACK(jobs_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_jobs_get_importer(self->jobs), "imported", G_CALLBACK(sight_ui_window_imported),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->player, "element", G_CALLBACK(element_picked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->player, "element-problem", G_CALLBACK(element_problem), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->inspector, "element-closed", G_CALLBACK(element_closed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->inspector, "edit-tag", G_CALLBACK(sight_ui_window_edit_tag), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->inspector, "answer-tag", G_CALLBACK(sight_ui_window_answer_tag), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->inspector, "remove-tag", G_CALLBACK(sight_ui_window_remove_tag), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->player, "ended", G_CALLBACK(sight_ui_window_ended), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->playback, "notify::position-ms", G_CALLBACK(sight_ui_window_position_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->playback, "notify::session-row", G_CALLBACK(playback_changed), self, G_CONNECT_SWAPPED);
}

GtkWidget *sight_ui_window_new(AdwApplication *application, SightStore *store, SightUiJobs *jobs) {
  SightUiWindow *self = g_object_new(SIGHT_UI_TYPE_WINDOW, "application", application, NULL);
  self->store = g_object_ref(store);
  self->jobs = g_object_ref(jobs);
  self->filter = sight_ui_filter_new();
  self->library = sight_ui_library_new(store, self->filter);
  self->playback = sight_ui_playback_new(store);
  self->navigator = sight_ui_navigator_new(self->library, self->playback);
  adw_header_bar_pack_start(self->header, sight_ui_sync_status_new(jobs));
  self->panes = g_object_new(SIGHT_UI_TYPE_PANES, NULL);
  self->sidebar = g_object_new(SIGHT_UI_TYPE_SIDEBAR, NULL);
  self->list = g_object_new(SIGHT_UI_TYPE_SESSION_LIST, NULL);
  self->inspector = sight_ui_inspector_new(self->playback);
  sight_ui_sidebar_set_library(self->sidebar, self->library);
  sight_ui_session_list_set_library(self->list, self->library);
  sight_ui_panes_set_children(self->panes, GTK_WIDGET(self->sidebar), GTK_WIDGET(self->list), make_player_stack(self),
                              self->inspector);
  self->walk = sight_ui_walk_new(self->library, store);
  sight_ui_filter_bar_set_library(self->filter_bar, self->library, self->walk, store);
  sight_ui_window_add_pages(self);
  connect_parts(self);
  gtk_widget_insert_action_group(GTK_WIDGET(self), "player",
                                 sight_ui_player_get_actions(SIGHT_UI_PLAYER(self->player)));
  sight_ui_keys_attach(GTK_WIDGET(self), self->player);
  g_autoptr(GtkWidget) help = sight_ui_key_table_make_window();
  gtk_application_window_set_help_overlay(GTK_APPLICATION_WINDOW(self), GTK_SHORTCUTS_WINDOW(help));
  restore_size(self);
  sight_ui_window_restore_query(self);
  sight_ui_window_add_person(self);
  sight_ui_window_add_share(self);
  sight_ui_window_add_beside(self);
  sight_ui_window_add_links(self);
  sight_ui_window_add_why(self);
  sight_ui_window_add_tags(self);
  jobs_changed(self);
  playback_changed(self);
  sight_ui_window_start(self);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}
