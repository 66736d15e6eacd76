/* SPDX-License-Identifier: MIT */
/* Endpoints in the preferences. */
#include "sight-ui-endpoints-page.h"

#include "sight-source.h"
#include "sight-token.h"
#include "sight-ui-endpoint-dialog.h"
#include "sight-ui-settings.h"
#include "sight-ui-slice-row.h"

#include <glib/gi18n.h>

struct _SightUiEndpointsPage {
  AdwPreferencesPage parent_instance;
  SightStore *store;
  SightUiJobs *jobs;
  AdwPreferencesGroup *group;
  GPtrArray *rows; /* borrowed widgets */
  char *shown;     /* what the rows stand for: rebuilt only when that changes */
};

G_DEFINE_FINAL_TYPE(SightUiEndpointsPage, sight_ui_endpoints_page, ADW_TYPE_PREFERENCES_PAGE)

/* Work on one endpoint beside the main thread. */
typedef struct {
  SightStore *store;
  SightEndpoint *endpoint;
} Work;

static void work_free(gpointer data) {
  Work *work = data;
  g_object_unref(work->store);
  sight_endpoint_free(work->endpoint);
  g_free(work);
}

static GTask *work_on(SightUiEndpointsPage *self, const SightEndpoint *endpoint, GAsyncReadyCallback callback) {
  Work *work = g_new0(Work, 1);
  work->store = g_object_ref(self->store);
  work->endpoint = sight_endpoint_copy(endpoint);
  GTask *task = g_task_new(self, NULL, callback, NULL);
  g_task_set_task_data(task, work, work_free);
  return task;
}

static gboolean remove_endpoint(SightDb *db, gpointer user_data, GError **error) {
  Work *work = user_data;
  return sight_endpoint_table_remove(db, work->endpoint->row, error);
}

static void remove_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  Work *work = task_data;
  GError *error = NULL;
  if (!sight_store_write(work->store, SIGHT_WRITE_DURABLE, remove_endpoint, work, &error)) {
    g_task_return_error(task, error);
    return;
  }
  g_autoptr(GError) kept = NULL;
  if (!sight_token_forget(sight_store_directory(work->store), work->endpoint->url, &kept))
    g_debug("The token stays behind: %s", kept->message);
  g_task_return_boolean(task, TRUE);
}

static void test_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  Work *work = task_data;
  GError *error = NULL;
  if (!sight_source_check(work->store, work->endpoint, NULL, cancellable, &error))
    g_task_return_error(task, error);
  else
    g_task_return_boolean(task, TRUE);
}

static void toast(SightUiEndpointsPage *self, const char *text) {
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  if (!ADW_IS_PREFERENCES_WINDOW(root))
    return;
  g_autofree char *plain = g_markup_escape_text(text, -1);
  adw_preferences_window_add_toast(ADW_PREFERENCES_WINDOW(root), adw_toast_new(plain));
}

static void removed_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GError) error = NULL;
  if (!g_task_propagate_boolean(G_TASK(result), &error))
    toast(SIGHT_UI_ENDPOINTS_PAGE(source), error->message);
}

static void tested_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GError) error = NULL;
  gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
  toast(SIGHT_UI_ENDPOINTS_PAGE(source), ok ? _("It answers, and the token is good.") : error->message);
}

static const SightEndpoint *find_endpoint(SightUiEndpointsPage *self, GObject *button) {
  gint64 row = (gint64)GPOINTER_TO_SIZE(g_object_get_data(button, "row"));
  GPtrArray *endpoints = sight_ui_jobs_get_endpoints(self->jobs);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    if (endpoint->row == row)
      return endpoint;
  }
  return NULL;
}

static void answered(AdwMessageDialog *dialog, const char *response, SightUiEndpointsPage *self) {
  const SightEndpoint *endpoint = find_endpoint(self, G_OBJECT(dialog));
  if (g_strcmp0(response, "remove") != 0 || endpoint == NULL)
    return;
  g_autoptr(GTask) task = work_on(self, endpoint, removed_cb);
  g_task_run_in_thread(task, remove_thread);
}

static void ask_to_remove(SightUiEndpointsPage *self, GtkButton *button) {
  const SightEndpoint *endpoint = find_endpoint(self, G_OBJECT(button));
  if (endpoint == NULL)
    return;
  GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self)));
  GtkWidget *dialog = adw_message_dialog_new(window, _("Remove This Endpoint?"), NULL);
  adw_message_dialog_format_body(ADW_MESSAGE_DIALOG(dialog),
                                 sight_source_can(endpoint, SIGHT_SOURCE_SHARES)
                                     ? _("The sessions of “%s” are removed from this computer. The collector keeps its "
                                         "own; tags that were not sent "
                                         "yet are lost.")
                                     : _("The sessions of “%s” are removed from this computer, with the tags that were "
                                         "made here. The product keeps "
                                         "its own."),
                                 endpoint->name);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "remove", _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
  adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
  g_object_set_data(G_OBJECT(dialog), "row", GSIZE_TO_POINTER((gsize)endpoint->row));
  g_signal_connect_object(dialog, "response", G_CALLBACK(answered), self, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void test(SightUiEndpointsPage *self, GtkButton *button) {
  const SightEndpoint *endpoint = find_endpoint(self, G_OBJECT(button));
  if (endpoint == NULL)
    return;
  g_autoptr(GTask) task = work_on(self, endpoint, tested_cb);
  g_task_run_in_thread(task, test_thread);
}

static void open_dialog(SightUiEndpointsPage *self, const char *url) {
  GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self)));
  GtkWidget *dialog = sight_ui_endpoint_dialog_new(window, self->store, url);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void another_token(SightUiEndpointsPage *self, GtkButton *button) {
  const SightEndpoint *endpoint = find_endpoint(self, G_OBJECT(button));
  if (endpoint != NULL)
    open_dialog(self, endpoint->url);
}

static void add(SightUiEndpointsPage *self) {
  open_dialog(self, NULL);
}

static void add_button(SightUiEndpointsPage *self, GtkWidget *row, const SightEndpoint *endpoint, const char *icon,
                       const char *label, GCallback callback) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_tooltip_text(button, label);
  g_autofree char *name = g_strdup_printf("%s: %s", label, endpoint->name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data(G_OBJECT(button), "row", GSIZE_TO_POINTER((gsize)endpoint->row));
  g_signal_connect_object(button, "clicked", callback, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
}

static void add_row(SightUiEndpointsPage *self, const SightEndpoint *endpoint) {
  GtkWidget *row = adw_action_row_new();
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), endpoint->name);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), endpoint->url);
  add_button(self, row, endpoint, "network-transmit-receive-symbolic", _("Test"), G_CALLBACK(test));
  add_button(self, row, endpoint, "dialog-password-symbolic", _("Another token"), G_CALLBACK(another_token));
  add_button(self, row, endpoint, "user-trash-symbolic", _("Remove"), G_CALLBACK(ask_to_remove));
  adw_preferences_group_add(self->group, row);
  g_ptr_array_add(self->rows, row);
  if (!sight_source_can(endpoint, SIGHT_SOURCE_SLICES | SIGHT_SOURCE_SELECTS))
    return;
  GtkWidget *part = sight_ui_slice_row_new(self->store, endpoint);
  g_object_set_data(G_OBJECT(part), "row", GSIZE_TO_POINTER((gsize)endpoint->row));
  adw_preferences_group_add(self->group, part);
  g_ptr_array_add(self->rows, part);
}

/* How much of each is here changes with each round. */
static void tell_parts(SightUiEndpointsPage *self) {
  for (guint i = 0; i < self->rows->len; i++) {
    GObject *row = g_ptr_array_index(self->rows, i);
    const SightEndpoint *endpoint = SIGHT_UI_IS_SLICE_ROW(row) ? find_endpoint(self, row) : NULL;
    if (endpoint != NULL)
      sight_ui_slice_row_tell(SIGHT_UI_SLICE_ROW(row), endpoint);
  }
}

static void show_endpoints(SightUiEndpointsPage *self) {
  GPtrArray *endpoints = sight_ui_jobs_get_endpoints(self->jobs);
  g_autoptr(GString) wanted = g_string_new(NULL);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    g_string_append_printf(wanted, "%" G_GINT64_FORMAT " %s\n", endpoint->row, endpoint->name);
  }
  if (g_strcmp0(wanted->str, self->shown) == 0) {
    tell_parts(self);
    return;
  }
  g_free(self->shown);
  self->shown = g_strdup(wanted->str);
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove(self->group, g_ptr_array_index(self->rows, i));
  g_ptr_array_set_size(self->rows, 0);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    if (sight_source_can(endpoint, SIGHT_SOURCE_SYNCS))
      add_row(self, endpoint);
  }
}

static GtkWidget *make_syncing_group(void) {
  GtkWidget *group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Syncing"));
  GtkWidget *row = adw_action_row_new();
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("Seconds between two rounds"));
  adw_action_row_set_subtitle(
      ADW_ACTION_ROW(row),
      _("A collector on this computer is asked every 5 seconds, other products every 15 to 30 minutes at most."));
  GtkWidget *spin = gtk_spin_button_new_with_range(5, 3600, 5);
  gtk_widget_set_valign(spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property(GTK_ACCESSIBLE(spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Seconds between two rounds of syncing"), -1);
  GSettings *settings = sight_ui_settings_get();
  if (settings != NULL)
    g_settings_bind(settings, "sync-interval", spin, "value", G_SETTINGS_BIND_DEFAULT);
  adw_action_row_add_suffix(ADW_ACTION_ROW(row), spin);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
  return group;
}

static void dispose(GObject *object) {
  SightUiEndpointsPage *self = SIGHT_UI_ENDPOINTS_PAGE(object);
  g_clear_object(&self->store);
  g_clear_object(&self->jobs);
  G_OBJECT_CLASS(sight_ui_endpoints_page_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiEndpointsPage *self = SIGHT_UI_ENDPOINTS_PAGE(object);
  g_ptr_array_unref(self->rows);
  g_free(self->shown);
  G_OBJECT_CLASS(sight_ui_endpoints_page_parent_class)->finalize(object);
}

static void sight_ui_endpoints_page_class_init(SightUiEndpointsPageClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
}

static void sight_ui_endpoints_page_init(SightUiEndpointsPage *self) {
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE(self);
  adw_preferences_page_set_title(page, _("Endpoints"));
  adw_preferences_page_set_icon_name(page, "sight-endpoint-symbolic");
  self->rows = g_ptr_array_new();
  self->group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_title(self->group, _("Endpoints"));
  adw_preferences_group_set_description(self->group,
                                        _("Collectors and other products whose sessions are kept on this computer."));
  GtkWidget *button = gtk_button_new_with_mnemonic(_("_Connect…"));
  gtk_widget_add_css_class(button, "flat");
  g_signal_connect_object(button, "clicked", G_CALLBACK(add), self, G_CONNECT_SWAPPED);
  adw_preferences_group_set_header_suffix(self->group, button);
  adw_preferences_page_add(page, self->group);
  adw_preferences_page_add(page, ADW_PREFERENCES_GROUP(make_syncing_group()));
}

GtkWidget *sight_ui_endpoints_page_new(SightStore *store, SightUiJobs *jobs) {
  SightUiEndpointsPage *self = g_object_new(SIGHT_UI_TYPE_ENDPOINTS_PAGE, NULL);
  self->store = g_object_ref(store);
  self->jobs = g_object_ref(jobs);
  g_signal_connect_object(jobs, "changed", G_CALLBACK(show_endpoints), self, G_CONNECT_SWAPPED);
  show_endpoints(self);
  return GTK_WIDGET(self);
}
