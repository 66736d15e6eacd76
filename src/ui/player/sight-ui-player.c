/* SPDX-License-Identifier: MIT */
/* SightUiPlayer: the pane in which a session is watched. */
#include "sight-ui-player.h"

struct _SightUiPlayer {
  GtkWidget parent_instance;
  SightUiPlayback *playback;
};

G_DEFINE_FINAL_TYPE(SightUiPlayer, sight_ui_player, GTK_TYPE_WIDGET)

GtkWidget *sight_ui_player_new(SightUiPlayback *playback) {
  SightUiPlayer *self = g_object_new(SIGHT_UI_TYPE_PLAYER, NULL);
  self->playback = g_object_ref(playback);
  return GTK_WIDGET(self);
}

void sight_ui_player_snapshot_async(SightUiPlayer *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data) {
  g_task_report_new_error(self, callback, user_data, sight_ui_player_snapshot_async, G_IO_ERROR,
                          G_IO_ERROR_NOT_SUPPORTED, "Nothing is on display");
}

GdkTexture *sight_ui_player_snapshot_finish(SightUiPlayer *self, GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

static void sight_ui_player_dispose(GObject *object) {
  SightUiPlayer *self = SIGHT_UI_PLAYER(object);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self))))
    gtk_widget_unparent(child);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_player_parent_class)->dispose(object);
}

static void sight_ui_player_class_init(SightUiPlayerClass *klass) {
  G_OBJECT_CLASS(klass)->dispose = sight_ui_player_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void sight_ui_player_init(SightUiPlayer *self) {
  gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE);
}
