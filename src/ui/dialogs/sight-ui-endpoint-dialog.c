/* SPDX-License-Identifier: MIT */
/* Connecting an endpoint. */
#include "sight-ui-endpoint-dialog.h"

#include "sight-scope.h"
#include "sight-source.h"
#include "sight-token.h"
#include "sight-ui-names.h"

#include <glib/gi18n.h>

struct _SightUiEndpointDialog {
  AdwWindow parent_instance;
  GtkWidget *cancel, *connect, *kind, *url, *token, *name, *only;
  AdwPreferencesGroup *group;
  char *collector_text; /* of the group, while a collector is chosen */
  GtkSpinner *spinner;
  GtkRevealer *problem_revealer;
  GtkLabel *problem;
  SightStore *store;
  GCancellable *cancellable; /* of the trial under way, or NULL */
};

G_DEFINE_FINAL_TYPE(SightUiEndpointDialog, sight_ui_endpoint_dialog, ADW_TYPE_WINDOW)

static guint connected_signal;

/* One trial: everything that it needs and finds. */
typedef struct {
  SightStore *store;
  const SightSourceKind *kind;
  char *url, *token, *name;
  char *only; /* what is wanted of it; empty: what it gives */
  SightTokenPlace place;
} Trial;

static void trial_free(gpointer data) {
  Trial *trial = data;
  g_object_unref(trial->store);
  g_free(trial->url);
  g_free(trial->token);
  g_free(trial->name);
  g_free(trial->only);
  g_free(trial);
}

/* Of an endpoint that is known, what it is stays. */
static gboolean find_kind(SightDb *db, gpointer user_data, GError **error) {
  Trial *trial = user_data;
  g_autoptr(SightEndpoint) known = sight_endpoint_table_find(db, trial->url, NULL);
  const SightSourceKind *kind = known != NULL ? sight_source_kind(known->kind) : NULL;
  if (kind != NULL)
    trial->kind = kind;
  return TRUE;
}

static gboolean normalize(Trial *trial, GError **error) {
  char *url = trial->kind->normalize(trial->url, error);
  if (url == NULL)
    return FALSE;
  g_free(trial->url);
  trial->url = url;
  return TRUE;
}

/* What was typed for another kind says nothing of this one. */
static gboolean can_be_wanted(Trial *trial, GError **error) {
  if ((trial->kind->can & SIGHT_SOURCE_SELECTS) == 0)
    *trial->only = '\0';
  g_autoptr(SightFilter) scope = sight_scope_parse(trial->only, trial->kind->tells, error);
  return scope != NULL;
}

static gboolean keep_endpoint(SightDb *db, gpointer user_data, GError **error) {
  Trial *trial = user_data;
  g_autoptr(SightEndpoint) known = sight_endpoint_table_find(db, trial->url, NULL);
  gint64 row =
      known != NULL ? known->row : sight_endpoint_table_add(db, trial->kind->name, trial->name, trial->url, error);
  return row > 0 && (*trial->only == '\0' || sight_endpoint_table_set_scope(db, row, trial->only, error));
}

static void try_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  Trial *trial = task_data;
  GError *error = NULL;
  g_autofree char *project = NULL;
  if (!sight_store_read(trial->store, find_kind, trial, &error) || !normalize(trial, &error) ||
      !can_be_wanted(trial, &error) || !trial->kind->check(trial->url, trial->token, &project, cancellable, &error) ||
      !sight_token_save(sight_store_directory(trial->store), trial->url, trial->token, &trial->place, &error)) {
    g_task_return_error(task, error);
    return;
  }
  if (*trial->name == '\0') {
    g_free(trial->name);
    trial->name = g_strdup(project != NULL && *project != '\0' ? project : trial->url);
  }
  if (sight_store_write(trial->store, SIGHT_WRITE_DURABLE, keep_endpoint, trial, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static gboolean looks_like_url(const char *text) {
  g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
  return uri != NULL && g_uri_get_host(uri) != NULL && *g_uri_get_host(uri) != '\0' &&
         (g_strcmp0(g_uri_get_scheme(uri), "http") == 0 || g_strcmp0(g_uri_get_scheme(uri), "https") == 0);
}

static char *get_field(GtkWidget *row) {
  return g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(row))));
}

/* A collector on this computer speaks plain HTTP; for any other there is a proxy with TLS in front of it. */
static gboolean is_loopback(const char *address) {
  g_autofree char *url = g_strconcat("http://", address, NULL);
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
  g_autoptr(GInetAddress) inet = host != NULL ? g_inet_address_new_from_string(host) : NULL;
  return g_strcmp0(host, "localhost") == 0 || (inet != NULL && g_inet_address_get_is_loopback(inet));
}

static char *get_url(SightUiEndpointDialog *self) {
  g_autofree char *url = get_field(self->url);
  gsize length = strlen(url);
  while (length > 0 && url[length - 1] == '/')
    url[--length] = '\0';
  if (length > 0 && strstr(url, "://") == NULL)
    return g_strconcat(is_loopback(url) ? "http://" : "https://", url, NULL);
  return g_steal_pointer(&url);
}

/* Those that can be synced with, in the order of the list. */
static const SightSourceKind *kind_at(guint wanted) {
  guint n_kinds = 0, n = 0;
  const SightSourceKind *const *kinds = sight_source_kinds(&n_kinds);
  for (guint i = 0; i < n_kinds; i++)
    if ((kinds[i]->can & SIGHT_SOURCE_SYNCS) != 0 && n++ == wanted)
      return kinds[i];
  return NULL;
}

static const SightSourceKind *chosen_kind(SightUiEndpointDialog *self) {
  return kind_at(adw_combo_row_get_selected(ADW_COMBO_ROW(self->kind)));
}

static void show_kind(SightUiEndpointDialog *self) {
  const SightSourceKind *kind = chosen_kind(self);
  /* Translators: an example of an address, and what a token is */
  g_autofree char *text = g_strdup_printf(_("The address looks like %s, the token is %s. Recordings are only read."),
                                          kind->address, _(kind->token));
  g_autofree char *keys = sight_scope_keys(kind->tells);
  /* Translators: what was said before, and names of keys of filters */
  g_autofree char *with_keys =
      g_strdup_printf(_("%s Without a filter those of the last 14 days are taken; it can ask for: %s."), text, keys);
  gboolean selects = (kind->can & SIGHT_SOURCE_SELECTS) != 0;
  gboolean shares = (kind->can & SIGHT_SOURCE_SHARES) != 0;
  adw_preferences_group_set_description(self->group, shares ? self->collector_text : selects ? with_keys : text);
  gtk_widget_set_visible(self->only, selects);
}

static void fill_kinds(SightUiEndpointDialog *self) {
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  for (guint i = 0; kind_at(i) != NULL; i++)
    gtk_string_list_append(titles, _(kind_at(i)->title));
  adw_combo_row_set_model(ADW_COMBO_ROW(self->kind), G_LIST_MODEL(titles));
  self->collector_text = g_strdup(adw_preferences_group_get_description(self->group));
  g_signal_connect_object(self->kind, "notify::selected", G_CALLBACK(show_kind), self, G_CONNECT_SWAPPED);
}

static void update(SightUiEndpointDialog *self) {
  g_autofree char *url = get_url(self), *token = get_field(self->token);
  gboolean busy = self->cancellable != NULL;
  gtk_widget_set_sensitive(self->connect, !busy && looks_like_url(url) && *token != '\0');
  gtk_widget_set_sensitive(self->kind, !busy);
  gtk_widget_set_sensitive(self->token, !busy);
  gtk_widget_set_sensitive(self->name, !busy);
  gtk_widget_set_sensitive(self->only, !busy);
  gtk_spinner_set_spinning(self->spinner, busy);
}

static void typed(SightUiEndpointDialog *self) {
  gtk_revealer_set_reveal_child(self->problem_revealer, FALSE);
  update(self);
}

static void tried_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiEndpointDialog) self = SIGHT_UI_ENDPOINT_DIALOG(g_object_ref(source));
  Trial *trial = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  gboolean ok = g_task_propagate_boolean(G_TASK(result), &error);
  g_clear_object(&self->cancellable);
  if (!ok && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  update(self);
  if (!ok) {
    gtk_label_set_text(self->problem, error->message);
    gtk_revealer_set_reveal_child(self->problem_revealer, TRUE);
    gtk_widget_grab_focus(self->url);
    return;
  }
  g_signal_emit(self, connected_signal, 0,
                trial->place == SIGHT_TOKEN_FILE
                    ? _("No keyring answered: the token is in a file that only you can read.")
                    : NULL);
  gtk_window_destroy(GTK_WINDOW(self));
}

static void try(SightUiEndpointDialog *self) {
  if (!gtk_widget_get_sensitive(self->connect))
    return;
  Trial *trial = g_new0(Trial, 1);
  trial->store = g_object_ref(self->store);
  trial->kind = chosen_kind(self);
  trial->url = get_url(self);
  trial->token = get_field(self->token);
  trial->name = get_field(self->name);
  trial->only = get_field(self->only);
  self->cancellable = g_cancellable_new();
  /* A field that has the focus must not be switched off under it. */
  gtk_widget_grab_focus(self->cancel);
  update(self);
  g_autoptr(GTask) task = g_task_new(self, self->cancellable, tried_cb, NULL);
  g_task_set_task_data(task, trial, trial_free);
  g_task_run_in_thread(task, try_thread);
}

/* However it is closed, what is being tried is given up. */
static gboolean close_request(GtkWindow *window) {
  SightUiEndpointDialog *self = SIGHT_UI_ENDPOINT_DIALOG(window);
  if (self->cancellable != NULL)
    g_cancellable_cancel(self->cancellable);
  return GTK_WINDOW_CLASS(sight_ui_endpoint_dialog_parent_class)->close_request(window);
}

static void finalize(GObject *object) {
  SightUiEndpointDialog *self = SIGHT_UI_ENDPOINT_DIALOG(object);
  g_clear_object(&self->store);
  g_clear_object(&self->cancellable);
  g_free(self->collector_text);
  G_OBJECT_CLASS(sight_ui_endpoint_dialog_parent_class)->finalize(object);
}

static void sight_ui_endpoint_dialog_class_init(SightUiEndpointDialogClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  GTK_WINDOW_CLASS(class)->close_request = close_request;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  gtk_widget_class_set_template_from_resource(
      widget_class, "/io/github/sessionsight/SessionSight/dialogs/sight-ui-endpoint-dialog.ui");
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, cancel);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, connect);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, group);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, kind);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, url);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, token);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, name);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, only);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, spinner);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, problem_revealer);
  gtk_widget_class_bind_template_child(widget_class, SightUiEndpointDialog, problem);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  connected_signal = g_signal_new("connected", SIGHT_UI_TYPE_ENDPOINT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void sight_ui_endpoint_dialog_init(SightUiEndpointDialog *self) {
  gtk_widget_init_template(GTK_WIDGET(self));
  fill_kinds(self);
  g_signal_connect_object(self->cancel, "clicked", G_CALLBACK(gtk_window_close), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->connect, "clicked", G_CALLBACK(try), self, G_CONNECT_SWAPPED);
  GtkWidget *fields[] = {self->url, self->token, self->name, self->only};
  for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
    g_signal_connect_object(fields[i], "changed", G_CALLBACK(typed), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(fields[i], "entry-activated", G_CALLBACK(try), self, G_CONNECT_SWAPPED);
  }
}

GtkWidget *sight_ui_endpoint_dialog_new(GtkWindow *parent, SightStore *store, const char *url) {
  SightUiEndpointDialog *self = g_object_new(SIGHT_UI_TYPE_ENDPOINT_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref(store);
  if (url != NULL) {
    gtk_window_set_title(GTK_WINDOW(self), _("Another Token"));
    gtk_editable_set_text(GTK_EDITABLE(self->url), url);
    gtk_editable_set_editable(GTK_EDITABLE(self->url), FALSE);
    gtk_widget_set_visible(self->name, FALSE);
    gtk_widget_set_visible(self->kind, FALSE);
  }
  gtk_widget_grab_focus(url != NULL ? self->token : self->url);
  sight_ui_names_tidy(GTK_WIDGET(self));
  return GTK_WIDGET(self);
}
