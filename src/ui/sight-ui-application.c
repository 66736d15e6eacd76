/* SPDX-License-Identifier: MIT */
/* The application: from the command line to the window, and the way out. */
#include "sight-ui-application.h"

#include "sight-config.h"
#include "sight-link.h"
#include "sight-store.h"
#include "sight-ui-compat.h"
#include "sight-ui-jobs.h"
#include "sight-ui-keys.h"
#include "sight-ui-picture.h"
#include "sight-ui-player.h"
#include "sight-ui-problem-dialog.h"
#include "sight-ui-search.h"
#include "sight-ui-window.h"

#include <glib/gi18n.h>

/* A search is typed letter by letter; opening the store for each would be slow. */
#define SERVICE_IDLE_MS 60000
#define RESOURCE_PATH "/io/github/sessionsight/SessionSight"

struct _SightUiApplication {
  AdwApplication parent_instance;
  char *cache_dir;
  char *picture, *picture_filter; /* to be drawn; NULL: none */
  SightStore *store;              /* NULL until it is open */
  SightUiJobs *jobs;
  SightUiWindow *window;
  GListStore *waiting; /* files that came before the store was open */
  char *asked;         /* a filter that is to be shown; NULL: none */
  char *problem;       /* that a notification leads to, once there is a window; or NULL */
  gint64 problem_of;   /* its endpoint */
  char *link;          /* that was opened, once there is a window; or NULL */
  SightUiSearch *search;
  SightUiBackground *background; /* from startup on */
  gboolean opening;
  gboolean activated; /* a window is wanted, not a search alone */
  gboolean unseen;    /* it was started to sync without one; until it is activated again */
  gboolean told_loss;
  gboolean held; /* it goes on without a window */
};

G_DEFINE_FINAL_TYPE(SightUiApplication, sight_ui_application, ADW_TYPE_APPLICATION)

char *sight_ui_application_default_cache(void) {
  return g_build_filename(g_get_user_data_dir(), "sessionsight", NULL);
}

/* Opening may migrate, check or salvage a large database, so it is not done on the main thread. */
static void open_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  GError *error = NULL;
  SightStore *store = sight_store_open(task_data, SIGHT_STORE_CACHE, NULL, &error);
  if (store != NULL)
    g_task_return_pointer(task, store, g_object_unref);
  else
    g_task_return_error(task, error);
}

/* Whether it goes on without a window. */
static void update_hold(SightUiApplication *self) {
  gboolean wanted = self->jobs != NULL && sight_ui_background_may_run(self->background);
  if (wanted == self->held)
    return;
  self->held = wanted;
  if (wanted)
    g_application_hold(G_APPLICATION(self));
  else
    g_application_release(G_APPLICATION(self));
}

static void window_gone(SightUiApplication *self) {
  self->window = NULL;
  if (self->held)
    sight_ui_news_set_watched(sight_ui_jobs_get_news(self->jobs), FALSE);
}

static void loss_answered(AdwMessageDialog *dialog, const char *response, SightUiApplication *self) {
  g_autoptr(GError) error = NULL;
  if (g_strcmp0(response, "accept") == 0 && self->store != NULL && !sight_store_accept_loss(self->store, &error))
    g_warning("%s", error->message);
}

/* What was lost to damage, at each start until somebody says that they have read it. */
static void tell_loss(SightUiApplication *self) {
  g_autofree char *loss = sight_store_loss(self->store);
  if (loss == NULL)
    return;
  GtkWidget *dialog = sight_ui_problem_dialog_new(GTK_WINDOW(self->window), _("The Cache Was Damaged"),
                                                  _("What could be read is here. This is what happened:"), loss);
  adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "accept", _("_Do Not Show Again"));
  g_signal_connect_object(dialog, "response", G_CALLBACK(loss_answered), self, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void tell_news(SightUiApplication *self, gint64 endpoint, const char *problem, const char *title,
                      const char *sentence) {
  g_autoptr(GNotification) notification = g_notification_new(title);
  g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT "-%s", endpoint, problem);
  g_notification_set_body(notification, sentence);
  g_notification_set_default_action_and_target(notification, "app.problem", "(xs)", endpoint, problem);
  g_application_send_notification(G_APPLICATION(self), id, notification);
}

#define NEW_SESSIONS "new-sessions"

static void tell_sessions(SightUiApplication *self, guint n, guint n_rough) {
  g_autofree char *title = g_strdup_printf(ngettext("%u new session", "%u new sessions", n), n);
  g_autofree char *body = g_strdup_printf(
      ngettext("In %u of them something went wrong.", "In %u of them something went wrong.", n_rough), n_rough);
  g_autoptr(GNotification) notification = g_notification_new(title);
  if (n_rough > 0)
    g_notification_set_body(notification, body);
  g_notification_set_default_action_and_target(notification, "app.show", "s", "-watched");
  g_application_send_notification(G_APPLICATION(self), NEW_SESSIONS, notification);
}

static void start_jobs(SightUiApplication *self) {
  if (self->jobs != NULL)
    return;
  self->jobs = sight_ui_jobs_new(self->store, self->background);
  g_signal_connect_object(sight_ui_jobs_get_follow(self->jobs), "news", G_CALLBACK(tell_news), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(sight_ui_jobs_get_news(self->jobs), "news", G_CALLBACK(tell_sessions), self,
                          G_CONNECT_SWAPPED);
  update_hold(self);
}

static void present(SightUiApplication *self) {
  start_jobs(self);
  sight_ui_news_set_watched(sight_ui_jobs_get_news(self->jobs), TRUE);
  g_application_withdraw_notification(G_APPLICATION(self), NEW_SESSIONS);
  if (self->window == NULL) {
    self->window = SIGHT_UI_WINDOW(sight_ui_window_new(ADW_APPLICATION(self), self->store, self->jobs));
    g_signal_connect_object(self->window, "destroy", G_CALLBACK(window_gone), self, G_CONNECT_SWAPPED);
  }
  gtk_window_present(GTK_WINDOW(self->window));
  if (self->picture != NULL)
    sight_ui_picture_take(self->window, self->picture_filter, self->picture);
  if (self->asked != NULL)
    sight_ui_window_ask(self->window, self->asked);
  g_clear_pointer(&self->asked, g_free);
  if (self->problem != NULL)
    sight_ui_window_lead_to_problem(self->window, self->problem_of, self->problem);
  g_clear_pointer(&self->problem, g_free);
  if (self->link != NULL)
    sight_ui_window_open_link(self->window, self->link);
  g_clear_pointer(&self->link, g_free);
  if (g_list_model_get_n_items(G_LIST_MODEL(self->waiting)) > 0)
    sight_ui_window_import(self->window, G_LIST_MODEL(self->waiting));
  g_list_store_remove_all(self->waiting);
  if (!self->told_loss)
    tell_loss(self);
  self->told_loss = TRUE;
}

static void show_failure(SightUiApplication *self, const char *details) {
  GtkWidget *dialog = sight_ui_problem_dialog_new(
      NULL, _("The Recordings Cannot Be Opened"),
      _("What is kept on this computer was left as it is. Close other copies of the program, make room on the disk, or "
        "start it with another folder (--cache)."),
      details);
  gtk_window_set_application(GTK_WINDOW(dialog), GTK_APPLICATION(self));
  gtk_window_present(GTK_WINDOW(dialog));
}

static void opened_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  SightUiApplication *self = SIGHT_UI_APPLICATION(source);
  g_autoptr(GError) error = NULL;
  self->opening = FALSE;
  self->store = g_task_propagate_pointer(G_TASK(result), &error);
  g_application_release(G_APPLICATION(self));
  if (self->search != NULL)
    sight_ui_search_set_store(self->search, self->store);
  if (self->unseen && self->store != NULL) {
    start_jobs(self);
    sight_ui_news_set_watched(sight_ui_jobs_get_news(self->jobs), FALSE);
  }
  if (!self->activated)
    return;
  if (self->store != NULL)
    present(self);
  else
    show_failure(self, error->message);
}

static void open_store(SightUiApplication *self) {
  if (self->opening || self->store != NULL)
    return;
  self->opening = TRUE;
  g_application_hold(G_APPLICATION(self));
  char *directory = self->cache_dir != NULL ? g_strdup(self->cache_dir) : sight_ui_application_default_cache();
  g_autoptr(GTask) task = g_task_new(self, NULL, opened_cb, NULL);
  g_task_set_task_data(task, directory, g_free);
  g_task_run_in_thread(task, open_thread);
}

static void activate(GApplication *application) {
  SightUiApplication *self = SIGHT_UI_APPLICATION(application);
  if (self->unseen && self->jobs == NULL && !self->opening) {
    /* Its own start. Where the preferences say otherwise by now there is nothing to do. */
    if (sight_ui_background_may_run(self->background))
      open_store(self);
    return;
  }
  self->activated = TRUE;
  if (self->store != NULL)
    present(self);
  else
    open_store(self);
}

static void ask(SightUiApplication *self, const char *filter) {
  g_free(self->asked);
  self->asked = g_strdup(filter);
  activate(G_APPLICATION(self));
}

static void open_files(GApplication *application, GFile **files, int n_files, const char *hint) {
  SightUiApplication *self = SIGHT_UI_APPLICATION(application);
  for (int i = 0; i < n_files; i++) {
    if (!g_file_has_uri_scheme(files[i], SIGHT_LINK_SCHEME)) {
      g_list_store_append(self->waiting, files[i]);
      continue;
    }
    g_free(self->link);
    self->link = g_file_get_uri(files[i]);
  }
  activate(application);
}

static void quit(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiApplication *self = user_data;
  if (self->window != NULL)
    gtk_window_close(GTK_WINDOW(self->window));
  g_application_quit(G_APPLICATION(self));
}

static void about(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiApplication *self = user_data;
  adw_show_about_window(self->window != NULL ? GTK_WINDOW(self->window) : NULL, "application-name", "SessionSight",
                        "application-icon", SIGHT_APP_ID, "version", SIGHT_VERSION, "developer-name",
                        _("The SessionSight developers"), "license-type", GTK_LICENSE_MIT_X11, "comments",
                        _("Finds the session recordings worth watching, and shows the exact moment with its reason."),
                        NULL);
}

/* A notification leads to what it tells of. */
static void show_problem(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiApplication *self = user_data;
  g_free(self->problem);
  g_variant_get(parameter, "(xs)", &self->problem_of, &self->problem);
  activate(G_APPLICATION(self));
}

/* What a notification tells of. */
static void show_filter(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  ask(user_data, g_variant_get_string(parameter, NULL));
}

static void help_shown_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiApplication) self = user_data;
  g_autoptr(GError) error = NULL;
  if (g_app_info_launch_default_for_uri_finish(result, &error) || self->window == NULL)
    return;
  GtkWidget *dialog = sight_ui_problem_dialog_new(
      GTK_WINDOW(self->window), _("The Help Cannot Be Shown"),
      _("A program that shows help pages has to be installed, such as Yelp. Ctrl+? lists the keys."), error->message);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void help(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  sight_ui_compat_open("help:sessionsight", help_shown_cb, g_object_ref(user_data));
}

static const GActionEntry actions[] = {
    {"help", help, NULL, NULL, NULL, {0}},
    {"show", show_filter, "s", NULL, NULL, {0}},
    {"problem", show_problem, "(xs)", NULL, NULL, {0}},
    {"quit", quit, NULL, NULL, NULL, {0}},
    {"about", about, NULL, NULL, NULL, {0}},
};

static void startup(GApplication *application) {
  SightUiApplication *self = SIGHT_UI_APPLICATION(application);
  G_APPLICATION_CLASS(sight_ui_application_parent_class)->startup(application);
  g_action_map_add_action_entries(G_ACTION_MAP(application), actions, G_N_ELEMENTS(actions), application);
  sight_ui_keys_install(GTK_APPLICATION(application));
  gtk_window_set_default_icon_name(SIGHT_APP_ID);
  sight_ui_signal_style_install(gdk_display_get_default());
  const char *const command[] = {"sessionsight", "--background", self->cache_dir != NULL ? "--cache" : NULL,
                                 self->cache_dir, NULL};
  self->background = sight_ui_background_new(g_application_get_dbus_connection(application), command);
  g_signal_connect_object(self->background, "changed", G_CALLBACK(update_hold), self, G_CONNECT_SWAPPED);
}

static gboolean dbus_register(GApplication *application, GDBusConnection *bus, const char *path, GError **error) {
  SightUiApplication *self = SIGHT_UI_APPLICATION(application);
  if (!G_APPLICATION_CLASS(sight_ui_application_parent_class)->dbus_register(application, bus, path, error))
    return FALSE;
  self->search = sight_ui_search_new(bus, path, error);
  if (self->search == NULL)
    return FALSE;
  g_signal_connect_object(self->search, "wanted", G_CALLBACK(open_store), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->search, "chosen", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  return TRUE;
}

static void dbus_unregister(GApplication *application, GDBusConnection *bus, const char *path) {
  SightUiApplication *self = SIGHT_UI_APPLICATION(application);
  if (self->search != NULL)
    sight_ui_search_stop(self->search);
  g_clear_object(&self->search);
  G_APPLICATION_CLASS(sight_ui_application_parent_class)->dbus_unregister(application, bus, path);
}

static void stop(GApplication *application) {
  SightUiApplication *self = SIGHT_UI_APPLICATION(application);
  if (self->search != NULL)
    sight_ui_search_set_store(self->search, NULL);
  if (self->jobs != NULL)
    sight_ui_jobs_stop(self->jobs);
  g_clear_object(&self->jobs);
  if (self->store != NULL)
    sight_store_close(self->store);
  g_clear_object(&self->store);
  g_clear_object(&self->background);
  G_APPLICATION_CLASS(sight_ui_application_parent_class)->shutdown(application);
}

static void finalize(GObject *object) {
  SightUiApplication *self = SIGHT_UI_APPLICATION(object);
  g_free(self->cache_dir);
  g_free(self->picture);
  g_free(self->picture_filter);
  g_free(self->asked);
  g_free(self->problem);
  g_free(self->link);
  g_object_unref(self->waiting);
  G_OBJECT_CLASS(sight_ui_application_parent_class)->finalize(object);
}

static void sight_ui_application_class_init(SightUiApplicationClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  GApplicationClass *application_class = G_APPLICATION_CLASS(class);
  application_class->startup = startup;
  application_class->shutdown = stop;
  application_class->activate = activate;
  application_class->open = open_files;
  application_class->dbus_register = dbus_register;
  application_class->dbus_unregister = dbus_unregister;
}

static void sight_ui_application_init(SightUiApplication *self) {
  self->waiting = g_list_store_new(G_TYPE_FILE);
}

/* Two windows over one cache would be two programs doing the same work; over two caches they are two programs. */
static char *id_for(const char *cache_dir) {
  if (cache_dir == NULL)
    return g_strdup(SIGHT_APP_ID);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, cache_dir, -1);
  return g_strdup_printf("%s.cache_%.12s", SIGHT_APP_ID, hash);
}

SightUiApplication *sight_ui_application_new(const char *cache_dir) {
  g_autofree char *absolute = cache_dir != NULL ? g_canonicalize_filename(cache_dir, NULL) : NULL;
  g_autofree char *id = id_for(absolute);
  SightUiApplication *self = g_object_new(SIGHT_UI_TYPE_APPLICATION, "application-id", id, "flags",
                                          G_APPLICATION_HANDLES_OPEN, "resource-base-path", RESOURCE_PATH, NULL);
  self->cache_dir = g_steal_pointer(&absolute);
  return self;
}

void sight_ui_application_be_service(SightUiApplication *self) {
  g_application_set_inactivity_timeout(G_APPLICATION(self), SERVICE_IDLE_MS);
  g_application_set_flags(G_APPLICATION(self), g_application_get_flags(G_APPLICATION(self)) | G_APPLICATION_IS_SERVICE);
}

void sight_ui_application_take_picture(SightUiApplication *self, const char *filter, const char *path) {
  g_application_set_flags(G_APPLICATION(self), g_application_get_flags(G_APPLICATION(self)) | G_APPLICATION_NON_UNIQUE);
  self->picture = g_strdup(path);
  self->picture_filter = g_strdup(filter);
}

void sight_ui_application_start_unseen(SightUiApplication *self) {
  self->unseen = TRUE;
}
