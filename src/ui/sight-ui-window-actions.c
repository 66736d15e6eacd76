/* SPDX-License-Identifier: MIT */
/* The actions of the window. */
#include "sight-ui-window-private.h"

#include "sight-ui-clip-dialog.h"
#include "sight-ui-compat.h"
#include "sight-ui-endpoint-dialog.h"
#include "sight-ui-key-action-dialog.h"
#include "sight-ui-player.h"
#include "sight-ui-preferences.h"
#include "sight-ui-problem-dialog.h"
#include "sight-ui-settings.h"

#include <glib/gi18n.h>

/* Names of the orders, as in the settings. */
static const char *const sort_names[] = {[SIGHT_SORT_NEWEST] = "newest",
                                         [SIGHT_SORT_FRICTION] = "friction",
                                         [SIGHT_SORT_LONGEST] = "longest",
                                         [SIGHT_SORT_OLDEST] = "oldest"};

void sight_ui_window_show_problem(SightUiWindow *self, const char *title, const char *text, const char *details) {
  gtk_window_present(GTK_WINDOW(sight_ui_problem_dialog_new(GTK_WINDOW(self), title, text, details)));
}

void sight_ui_window_remember(const char *key, const char *value) {
  GSettings *settings = sight_ui_settings_get();
  if (settings != NULL)
    g_settings_set_string(settings, key, value);
}

/* Whatever has a number beside it may name a condition: texts of the filter language. */
static void set_filter(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  const char *name = g_action_get_name(G_ACTION(action)), *text = g_variant_get_string(parameter, NULL);
  g_autoptr(GError) error = NULL;
  if (g_str_equal(name, "filter-remove"))
    sight_ui_filter_remove(self->filter, text);
  else if (!(g_str_equal(name, "filter-add") ? sight_ui_filter_add : sight_ui_filter_set)(self->filter, text, NULL,
                                                                                          &error))
    sight_ui_window_toast(self, error->message);
}

static void copy_filter(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  gdk_clipboard_set_text(gtk_widget_get_clipboard(GTK_WIDGET(user_data)), g_variant_get_string(parameter, NULL));
}

static void set_endpoint(GSimpleAction *action, GVariant *value, gpointer user_data) {
  SightUiWindow *self = user_data;
  g_simple_action_set_state(action, value);
  sight_ui_filter_set_endpoint(self->filter, g_variant_get_int64(value));
}

static void set_sort(GSimpleAction *action, GVariant *value, gpointer user_data) {
  SightUiWindow *self = user_data;
  for (guint i = 0; i < G_N_ELEMENTS(sort_names); i++) {
    if (g_strcmp0(sort_names[i], g_variant_get_string(value, NULL)) == 0)
      sight_ui_library_set_sort(self->library, i);
  }
  g_simple_action_set_state(action, value);
  sight_ui_window_remember("sort", g_variant_get_string(value, NULL));
  sight_ui_window_query_changed(self);
}

static void step(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  const char *name = g_action_get_name(G_ACTION(action));
  int direction = g_str_has_prefix(name, "next") ? 1 : -1;
  if (g_str_has_suffix(name, "moment"))
    sight_ui_navigator_step_moment(self->navigator, direction);
  else
    sight_ui_navigator_step_session(self->navigator, direction);
}

static void mark_seen(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_window_mark_seen(user_data);
}

static void set_aside(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_window_set_aside(user_data);
}

static void save_filter(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_window_save_filter(user_data);
}

/* A condition becomes text again, to be gone on with: another value beside it, or another one. */
static void edit_filter(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  const char *part = NULL, *typed = NULL;
  g_variant_get(parameter, "(&s&s)", &part, &typed);
  sight_ui_filter_bar_edit(SIGHT_UI_WINDOW(user_data)->filter_bar, part, typed);
}

static void narrow_by(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_filter_bar_edit(SIGHT_UI_WINDOW(user_data)->filter_bar, NULL, g_variant_get_string(parameter, NULL));
}

static void open_tag(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_window_open_tag(user_data);
}

static void open_session(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_navigator_open(SIGHT_UI_WINDOW(user_data)->navigator, g_variant_get_int64(parameter), TRUE);
}

static void undo(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_window_undo(user_data);
}

void sight_ui_window_saved(SightUiWindow *self, GFile *file) {
  g_autofree char *name = g_file_get_basename(file);
  g_autofree char *uri = g_file_get_uri(file);
  g_autofree char *text = g_strdup_printf(_("Saved “%s”"), name);
  AdwToast *toast = sight_ui_window_offer(self, text, _("Show in Folder"));
  adw_toast_set_action_target_value(toast, g_variant_new_string(uri));
  adw_toast_set_action_name(toast, "win.show-file");
}

static void clip_picks(SightUiWindow *self) {
  sight_ui_window_toast(self, _("Click what is to be masked; Escape goes back"));
}

/* What works for it still may keep it. */
static void clip_closed(SightUiWindow *self) {
  g_clear_weak_pointer(&self->clip_dialog);
}

static void clip(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  if (sight_ui_playback_get_session_row(self->playback) == 0)
    return;
  /* One of them steps aside while something is picked for it. */
  if (self->clip_dialog != NULL) {
    clip_picks(self);
    return;
  }
  sight_ui_playback_set_playing(self->playback, FALSE);
  GtkWidget *dialog = sight_ui_clip_dialog_new(GTK_WINDOW(self), self->playback, SIGHT_UI_PLAYER(self->player));
  g_set_weak_pointer(&self->clip_dialog, dialog);
  g_signal_connect_object(dialog, "destroy", G_CALLBACK(clip_closed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "saved", G_CALLBACK(sight_ui_window_saved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "picking", G_CALLBACK(clip_picks), self, G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void shown_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autofree char *uri = user_data;
  g_autoptr(GVariant) answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, NULL);
  if (answer != NULL)
    return;
  /* No file manager that could mark it: the folder alone. */
  g_autoptr(GFile) file = g_file_new_for_uri(uri);
  g_autoptr(GFile) folder = g_file_get_parent(file);
  g_autofree char *folder_uri = g_file_get_uri(folder);
  sight_ui_compat_open(folder_uri, NULL, NULL);
}

static void show_file(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  GDBusConnection *bus = g_application_get_dbus_connection(g_application_get_default());
  const char *const uris[] = {g_variant_get_string(parameter, NULL), NULL};
  if (bus == NULL)
    return;
  g_dbus_connection_call(bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                         "org.freedesktop.FileManager1", "ShowItems", g_variant_new("(^ass)", uris, ""), NULL,
                         G_DBUS_CALL_FLAGS_NONE, -1, NULL, shown_cb, g_strdup(uris[0]));
}

static void go_to(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_player_open_time(SIGHT_UI_PLAYER(SIGHT_UI_WINDOW(user_data)->player));
}

static void chosen_cb(GtkNativeDialog *dialog, int response, SightUiWindow *self) {
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GListModel) files = gtk_file_chooser_get_files(GTK_FILE_CHOOSER(dialog));
    sight_ui_window_import(self, files);
  }
  g_clear_object(&self->chooser);
}

static void open_files(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  if (self->chooser != NULL)
    return;
  self->chooser =
      gtk_file_chooser_native_new(_("Open Recordings"), GTK_WINDOW(self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_file_chooser_set_select_multiple(GTK_FILE_CHOOSER(self->chooser), TRUE);
  g_autoptr(GtkFileFilter) recordings = gtk_file_filter_new();
  gtk_file_filter_set_name(recordings, _("Recordings"));
  const char *const patterns[] = {"*.json",     "*.jsonl", "*.ndjson", "*.json.gz",  "*.jsonl.gz",
                                  "*.json.zst", "*.rrweb", "*.zip",    "*.sightclip"};
  for (guint i = 0; i < G_N_ELEMENTS(patterns); i++)
    gtk_file_filter_add_pattern(recordings, patterns[i]);
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(self->chooser), recordings);
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new();
  gtk_file_filter_set_name(all, _("All files"));
  gtk_file_filter_add_pattern(all, "*");
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(self->chooser), all);
  g_signal_connect_object(self->chooser, "response", G_CALLBACK(chosen_cb), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(self->chooser));
}

static int by_name(gconstpointer a, gconstpointer b, gpointer user_data) {
  g_autofree char *name_a = g_file_get_basename((GFile *)a), *name_b = g_file_get_basename((GFile *)b);
  return strcmp(name_a, name_b);
}

static void open_samples(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  g_autofree char *folder = sight_ui_samples_dir();
  g_autoptr(GDir) dir = folder != NULL ? g_dir_open(folder, 0, NULL) : NULL;
  if (dir == NULL)
    return;
  g_autoptr(GListStore) files = g_list_store_new(G_TYPE_FILE);
  for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
    /* What the visitors wrote down stands beside the recordings. */
    if (strstr(name, ".jsonl") == NULL)
      continue;
    g_autoptr(GFile) file = g_file_new_build_filename(folder, name, NULL);
    g_list_store_insert_sorted(files, file, by_name, NULL);
  }
  SightUiWindow *self = user_data;
  self->open_worst = TRUE;
  sight_ui_window_import(self, G_LIST_MODEL(files));
}

static void connected(SightUiWindow *self, const char *notice) {
  sight_ui_window_toast(self, notice != NULL ? notice : _("Connected. Sessions appear as they come in."));
}

static void add_endpoint(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  GtkWidget *dialog = sight_ui_endpoint_dialog_new(GTK_WINDOW(self), self->store, NULL);
  g_signal_connect_object(dialog, "connected", G_CALLBACK(connected), self, G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void add_key_action(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  GPtrArray *endpoints = sight_ui_jobs_get_endpoints(self->jobs);
  gint64 chosen = sight_ui_library_get_query(self->library)->endpoint;
  if (endpoints->len == 0)
    return;
  const SightEndpoint *newest = g_ptr_array_index(endpoints, endpoints->len - 1);
  gtk_window_present(GTK_WINDOW(
      sight_ui_key_action_dialog_new(GTK_WINDOW(self), self->store, endpoints, chosen != 0 ? chosen : newest->row)));
}

static void sync_now(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  sight_ui_rounds_start(sight_ui_jobs_get_rounds(self->jobs), 0);
  sight_ui_follow_ask(sight_ui_jobs_get_follow(self->jobs));
}

static void cancel_sync(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_rounds_cancel(sight_ui_jobs_get_rounds(SIGHT_UI_WINDOW(user_data)->jobs));
}

static void cancel_import(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_importer_cancel(sight_ui_jobs_get_importer(SIGHT_UI_WINDOW(user_data)->jobs));
}

static void cancel_analysis(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_jobs_cancel_analysis(SIGHT_UI_WINDOW(user_data)->jobs);
}

static void go_on(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_jobs_go_on(SIGHT_UI_WINDOW(user_data)->jobs);
}

static void search(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_filter_bar_focus(SIGHT_UI_WINDOW(user_data)->filter_bar);
}

static void clear_filter(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_filter_set(SIGHT_UI_WINDOW(user_data)->filter, "", NULL, NULL);
}

static void preferences(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  gtk_window_present(GTK_WINDOW(sight_ui_preferences_new(GTK_WINDOW(self), self->store, self->jobs, 0, NULL)));
}

/* The page and its timeline alone; also where the window manager does not give the whole screen. */
static void set_fullscreen(GSimpleAction *action, GVariant *value, gpointer user_data) {
  SightUiWindow *self = user_data;
  gboolean full = g_variant_get_boolean(value);
  g_simple_action_set_state(action, value);
  gtk_widget_set_visible(GTK_WIDGET(self->header), !full);
  gtk_widget_set_visible(GTK_WIDGET(self->filter_bar), !full);
  if (full)
    g_action_group_change_action_state(G_ACTION_GROUP(self), "page", g_variant_new_string("sessions"));
  sight_ui_panes_set_page_only(self->panes, full);
  if (full)
    gtk_window_fullscreen(GTK_WINDOW(self));
  else
    gtk_window_unfullscreen(GTK_WINDOW(self));
}

/* The window manager has keys of its own for it. */
static void fullscreened(SightUiWindow *self) {
  gboolean full = gtk_window_is_fullscreen(GTK_WINDOW(self));
  g_action_group_change_action_state(G_ACTION_GROUP(self), "fullscreen", g_variant_new_boolean(full));
}

static void dismiss(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  GActionGroup *player = sight_ui_player_get_actions(SIGHT_UI_PLAYER(self->player));
  g_autoptr(GVariant) picking = g_action_group_get_action_state(player, "pick");
  g_autoptr(GVariant) full = g_action_group_get_action_state(G_ACTION_GROUP(self), "fullscreen");
  if (g_variant_get_boolean(picking))
    g_action_group_change_action_state(player, "pick", g_variant_new_boolean(FALSE));
  else if (g_variant_get_boolean(full))
    g_action_group_change_action_state(G_ACTION_GROUP(self), "fullscreen", g_variant_new_boolean(FALSE));
  else if (!sight_ui_panes_dismiss(self->panes))
    sight_ui_filter_set(self->filter, "", NULL, NULL);
}

static const GActionEntry entries[] = {
    {"filter-set", set_filter, "s", NULL, NULL, {0}},
    {"filter-add", set_filter, "s", NULL, NULL, {0}},
    {"filter-remove", set_filter, "s", NULL, NULL, {0}},
    {"filter-edit", edit_filter, "(ss)", NULL, NULL, {0}},
    {"filter-save", save_filter, NULL, NULL, NULL, {0}},
    {"narrow-by", narrow_by, "s", NULL, NULL, {0}},
    {"filter-copy", copy_filter, "s", NULL, NULL, {0}},
    {"reel", NULL, NULL, "false", sight_ui_window_set_reel, {0}},
    {"filter-clear", clear_filter, NULL, NULL, NULL, {0}},
    {"endpoint", NULL, "x", "int64 0", set_endpoint, {0}},
    {"sort", NULL, "s", "'newest'", set_sort, {0}},
    {"next-moment", step, NULL, NULL, NULL, {0}},
    {"previous-moment", step, NULL, NULL, NULL, {0}},
    {"next-session", step, NULL, NULL, NULL, {0}},
    {"previous-session", step, NULL, NULL, NULL, {0}},
    {"to-watch", set_aside, NULL, NULL, NULL, {0}},
    {"mark-seen", mark_seen, NULL, NULL, NULL, {0}},
    {"tag", open_tag, NULL, NULL, NULL, {0}},
    {"open-session", open_session, "x", NULL, NULL, {0}},
    {"undo", undo, NULL, NULL, NULL, {0}},
    {"clip", clip, NULL, NULL, NULL, {0}},
    {"show-file", show_file, "s", NULL, NULL, {0}},
    {"go-to", go_to, NULL, NULL, NULL, {0}},
    {"open", open_files, NULL, NULL, NULL, {0}},
    {"samples", open_samples, NULL, NULL, NULL, {0}},
    {"add-endpoint", add_endpoint, NULL, NULL, NULL, {0}},
    {"add-key-action", add_key_action, NULL, NULL, NULL, {0}},
    {"sync", sync_now, NULL, NULL, NULL, {0}},
    {"cancel-sync", cancel_sync, NULL, NULL, NULL, {0}},
    {"cancel-import", cancel_import, NULL, NULL, NULL, {0}},
    {"cancel-analysis", cancel_analysis, NULL, NULL, NULL, {0}},
    {"go-on", go_on, NULL, NULL, NULL, {0}},
    {"search", search, NULL, NULL, NULL, {0}},
    {"preferences", preferences, NULL, NULL, NULL, {0}},
    {"fullscreen", NULL, NULL, "false", set_fullscreen, {0}},
    {"dismiss", dismiss, NULL, NULL, NULL, {0}},
};

static void add_property_action(SightUiWindow *self, const char *name, gpointer object, const char *property) {
  g_autoptr(GPropertyAction) action = g_property_action_new(name, object, property);
  g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(action));
}

void sight_ui_window_restore_query(SightUiWindow *self) {
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
  add_property_action(self, "sidebar", self->panes, "sidebar-shown");
  add_property_action(self, "inspector", self->panes, "inspector-shown");
  g_signal_connect(self, "notify::fullscreened", G_CALLBACK(fullscreened), NULL);
  GSettings *settings = sight_ui_settings_get();
  if (settings == NULL)
    return;
  g_autofree char *filter = g_settings_get_string(settings, "filter");
  g_autofree char *sort = g_settings_get_string(settings, "sort");
  /* Of another version it may be none. */
  sight_ui_filter_set(self->filter, filter, NULL, NULL);
  g_action_group_change_action_state(G_ACTION_GROUP(self), "sort", g_variant_new_string(sort));
}

void sight_ui_window_update_actions(SightUiWindow *self) {
  gboolean open = sight_ui_playback_get_session_row(self->playback) != 0;
  const char *const need_session[] = {"tag",      "clip",         "go-to",       "mark-seen",
                                      "to-watch", "session-info", "play-person", "copy-link"};
  for (guint i = 0; i < G_N_ELEMENTS(need_session); i++) {
    GAction *action = g_action_map_lookup_action(G_ACTION_MAP(self), need_session[i]);
    if (action != NULL)
      g_simple_action_set_enabled(G_SIMPLE_ACTION(action), open);
  }
  GAction *save = g_action_map_lookup_action(G_ACTION_MAP(self), "filter-save");
  if (save != NULL)
    g_simple_action_set_enabled(G_SIMPLE_ACTION(save), *sight_ui_filter_get_text(self->filter) != '\0');
}
