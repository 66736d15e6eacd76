/* SPDX-License-Identifier: MIT */
/* SightUiFilm: makes a film of a clip, and shows it small meanwhile. */
#pragma once

#include "sight-ui-film-plan.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_FILM (sight_ui_film_get_type())
/* Main thread only; on a screen while it films. Property "progress" (double, 0 to 1, with notify). */
G_DECLARE_FINAL_TYPE(SightUiFilm, sight_ui_film, SIGHT_UI, FILM, GtkWidget)

GtkWidget *sight_ui_film_new(void);
/* One film at a time. Takes the plan. */
void sight_ui_film_make_async(SightUiFilm *self, SightUiFilmPlan *plan, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
/* Instead a picture of the first moment, as PNG; `whole`: of the page in its whole height. */
void sight_ui_film_picture_async(SightUiFilm *self, SightUiFilmPlan *plan, gboolean whole, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
/* The bytes of the file, the caller's; for both. */
GBytes *sight_ui_film_make_finish(SightUiFilm *self, GAsyncResult *result, GError **error);

G_END_DECLS
