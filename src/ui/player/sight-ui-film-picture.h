/* SPDX-License-Identifier: MIT */
/* A picture of a film: the page as it was drawn, and what is said under it. */
#pragma once

#include "sight-ui-film-plan.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* Blue, green, red and one more byte a pixel, rows without gaps, in the film's size; the caller's. Any thread. */
GBytes *sight_ui_film_picture(GdkTexture *page, const SightUiFilmPlan *plan, gint64 film_ms);
/* The same as PNG. */
GBytes *sight_ui_film_picture_png(GdkTexture *page, const SightUiFilmPlan *plan);

G_END_DECLS
