/* SPDX-License-Identifier: MIT */
/* Why something is as it is: a session in the list or not, a moment a signal. */
#include "sight-ui-window-private.h"

#include "sight-ui-preferences.h"
#include "sight-ui-why-dialog.h"

static void watch(SightUiWindow *self, gint64 at_ms, GtkWidget *dialog) {
  const gint64 *row = g_object_get_data(G_OBJECT(dialog), "session");
  sight_ui_window_show_page(self, "sessions");
  sight_ui_navigator_open_at(self->navigator, *row, at_ms);
}

static void loosen(SightUiWindow *self, const char *condition) {
  sight_ui_filter_remove(self->filter, condition);
}

static void why(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  gint64 *row = g_new(gint64, 1);
  *row = g_variant_get_int64(parameter);
  GtkWidget *dialog =
      sight_ui_why_dialog_new(GTK_WINDOW(self), self->store, *row, sight_ui_filter_get_text(self->filter),
                              sight_ui_filter_get_endpoint(self->filter));
  g_object_set_data_full(G_OBJECT(dialog), "session", row, g_free);
  g_signal_connect_object(dialog, "watch", G_CALLBACK(watch), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "loosen", G_CALLBACK(loosen), self, G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void rule(GSimpleAction *action, GVariant *parameter, gpointer user_data) {
  SightUiWindow *self = user_data;
  const SightSession *session = sight_ui_playback_get_session(self->playback);
  gtk_window_present(GTK_WINDOW(sight_ui_preferences_new(GTK_WINDOW(self), self->store, self->jobs,
                                                         session != NULL ? session->endpoint : 0,
                                                         g_variant_get_string(parameter, NULL))));
}

static const GActionEntry entries[] = {
    {"why", why, "x", NULL, NULL, {0}},
    {"rule", rule, "s", NULL, NULL, {0}},
};

void sight_ui_window_add_why(SightUiWindow *self) {
  g_action_map_add_action_entries(G_ACTION_MAP(self), entries, G_N_ELEMENTS(entries), self);
}
