/* SPDX-License-Identifier: MIT */
/* Asking org.freedesktop.portal.Background. */
#include "sight-ui-background.h"

#include "sight-ui-settings.h"

#include <glib/gi18n-lib.h>

#define KEY "sync-in-background"
#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define GRANTED 0

struct _SightUiBackground {
  GObject parent_instance;
  GDBusConnection *bus;
  char **command;
  GCancellable *cancellable; /* of the question under way */
  guint answer;              /* what listens for it; 0: none is under way */
  guint n_asked;
  SightUiBackgroundState state;
};

G_DEFINE_FINAL_TYPE(SightUiBackground, sight_ui_background, G_TYPE_OBJECT)

static guint changed_signal;

static gboolean is_wanted(void) {
  GSettings *settings = sight_ui_settings_get();
  return settings != NULL && g_settings_get_boolean(settings, KEY);
}

static void set_state(SightUiBackground *self, SightUiBackgroundState state) {
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit(self, changed_signal, 0);
}

static void end_question(SightUiBackground *self) {
  if (self->answer != 0)
    g_dbus_connection_signal_unsubscribe(self->bus, self->answer);
  self->answer = 0;
  g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->cancellable);
}

static void answered(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                     const char *signal, GVariant *parameters, gpointer user_data) {
  SightUiBackground *self = user_data;
  g_autoptr(GVariant) results = NULL;
  guint response = 0;
  gboolean background = FALSE, at_login = FALSE;

  if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(ua{sv})")))
    return;
  g_variant_get(parameters, "(u@a{sv})", &response, &results);
  g_variant_lookup(results, "background", "b", &background);
  g_variant_lookup(results, "autostart", "b", &at_login);
  end_question(self);
  if (!is_wanted())
    return;
  set_state(self, response != GRANTED || !background ? SIGHT_UI_BACKGROUND_REFUSED
                  : at_login                         ? SIGHT_UI_BACKGROUND_ALLOWED
                                                     : SIGHT_UI_BACKGROUND_NOT_AT_LOGIN);
}

/* A desktop without such a portal lets everybody run. */
static void asked_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiBackground) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) handle = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);

  if (handle != NULL || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  end_question(self);
  if (is_wanted())
    set_state(self, SIGHT_UI_BACKGROUND_NOT_AT_LOGIN);
}

static GVariant *question(SightUiBackground *self, const char *token, gboolean wanted) {
  GVariantBuilder options = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add(&options, "{sv}", "handle_token", g_variant_new_string(token));
  g_variant_builder_add(&options, "{sv}", "reason", g_variant_new_string(_("New sessions are fetched.")));
  g_variant_builder_add(&options, "{sv}", "autostart", g_variant_new_boolean(wanted));
  g_variant_builder_add(&options, "{sv}", "commandline", g_variant_new_strv((const char *const *)self->command, -1));
  return g_variant_new("(sa{sv})", "", &options);
}

/* The answer comes as a signal of an object whose path is known before, so that it cannot come too early. */
static void ask(SightUiBackground *self, gboolean wanted) {
  end_question(self);
  if (self->bus == NULL) {
    set_state(self, wanted ? SIGHT_UI_BACKGROUND_NOT_AT_LOGIN : SIGHT_UI_BACKGROUND_OFF);
    return;
  }
  g_autofree char *token = g_strdup_printf("sessionsight%u", ++self->n_asked);
  g_autofree char *name = g_strdelimit(g_strdup(g_dbus_connection_get_unique_name(self->bus) + 1), ".", '_');
  g_autofree char *path = g_strconcat(PORTAL_PATH "/request/", name, "/", token, NULL);
  self->cancellable = g_cancellable_new();
  self->answer = g_dbus_connection_signal_subscribe(self->bus, PORTAL, "org.freedesktop.portal.Request", "Response",
                                                    path, NULL, G_DBUS_SIGNAL_FLAGS_NONE, answered, self, NULL);
  g_dbus_connection_call(self->bus, PORTAL, PORTAL_PATH, "org.freedesktop.portal.Background", "RequestBackground",
                         question(self, token, wanted), G_VARIANT_TYPE("(o)"), G_DBUS_CALL_FLAGS_NONE, -1,
                         self->cancellable, asked_cb, g_object_ref(self));
  set_state(self, wanted ? SIGHT_UI_BACKGROUND_ASKED : SIGHT_UI_BACKGROUND_OFF);
}

static void setting_changed(SightUiBackground *self) {
  ask(self, is_wanted());
}

SightUiBackgroundState sight_ui_background_get_state(SightUiBackground *self) {
  return self->state;
}

gboolean sight_ui_background_may_run(SightUiBackground *self) {
  return self->state != SIGHT_UI_BACKGROUND_OFF && self->state != SIGHT_UI_BACKGROUND_REFUSED;
}

static void dispose(GObject *object) {
  SightUiBackground *self = SIGHT_UI_BACKGROUND(object);
  end_question(self);
  g_clear_object(&self->bus);
  g_clear_pointer(&self->command, g_strfreev);
  G_OBJECT_CLASS(sight_ui_background_parent_class)->dispose(object);
}

static void sight_ui_background_class_init(SightUiBackgroundClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  changed_signal =
      g_signal_new("changed", SIGHT_UI_TYPE_BACKGROUND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_background_init(SightUiBackground *self) {
}

SightUiBackground *sight_ui_background_new(GDBusConnection *bus, const char *const *command) {
  SightUiBackground *self = g_object_new(SIGHT_UI_TYPE_BACKGROUND, NULL);
  GSettings *settings = sight_ui_settings_get();

  g_set_object(&self->bus, bus);
  self->command = g_strdupv((char **)command);
  if (settings != NULL)
    g_signal_connect_object(settings, "changed::" KEY, G_CALLBACK(setting_changed), self, G_CONNECT_SWAPPED);
  if (is_wanted())
    ask(self, TRUE);
  return self;
}
