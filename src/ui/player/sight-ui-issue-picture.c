/* SPDX-License-Identifier: MIT */
/* A clip of that one moment, drawn. */
#include "sight-ui-issue-picture.h"

#include "sight-ui-clip.h"
#include "sight-ui-film.h"

#include <glib/gi18n-lib.h>

/* Without its film it is of no more use. */
static void give(GTask *task, GBytes *png, GError *error) {
  GtkWidget *film = g_task_get_task_data(task);
  GtkWidget *place = gtk_widget_get_parent(film);

  if (place != NULL) {
    gtk_widget_set_visible(place, FALSE);
    gtk_box_remove(GTK_BOX(place), film);
  }
  if (png != NULL)
    g_task_return_pointer(task, png, (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error(task, error);
}

static void made_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  GBytes *png = sight_ui_film_make_finish(SIGHT_UI_FILM(source), result, &error);

  give(task, png, error);
}

static void planned_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  SightUiFilmPlan *plan = sight_ui_film_plan_finish(result, &error);
  SightUiFilm *film = g_task_get_task_data(task);

  if (plan == NULL)
    give(task, NULL, error);
  else
    sight_ui_film_picture_async(film, plan, FALSE, g_task_get_cancellable(task), made_cb, g_object_ref(task));
}

void sight_ui_issue_picture_async(GtkBox *place, SightUiPlayer *player, SightUiPlayback *playback,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  const SightUiFilmWish wish = {SIGHT_FILM_WEBM, SIGHT_UI_FILM_WIDTH_MAX, 1};
  const SightAnalysis *analysis = sight_ui_playback_get_analysis(playback);
  SightUiReel *reel = sight_ui_player_get_reel(player);
  gint64 at_ms = sight_ui_playback_get_position_ms(playback);

  if (reel == NULL) {
    g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("The session is not open any more."));
    return;
  }
  GtkWidget *film = sight_ui_film_new();
  gint64 started_ms = analysis != NULL && analysis->session->started_ms > 0 ? analysis->session->started_ms
                                                                            : sight_ui_reel_first_ms(reel);
  SightRedaction *redaction = sight_redaction_new();
  sight_redaction_add_all_kinds(redaction);
  gtk_box_append(place, film);
  gtk_widget_set_visible(GTK_WIDGET(place), TRUE);
  g_task_set_task_data(task, g_object_ref(film), g_object_unref);
  GArray *parts = sight_ui_clip_parts(reel, analysis != NULL ? analysis->spans : NULL, started_ms, at_ms, at_ms + 1);
  sight_ui_film_plan_async(reel, parts, NULL, redaction,
                           g_ptr_array_new_with_free_func((GDestroyNotify)sight_ui_film_caption_free), &wish,
                           cancellable, planned_cb, g_object_ref(task));
}

GBytes *sight_ui_issue_picture_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}
