/* SPDX-License-Identifier: MIT */
/* What a kind of film has to do. Inside the film module only. */
#pragma once

#include "sight-film.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;
  /* NULL with error. Borrows the cancellable (or NULL) until it is closed. */
  gpointer (*open)(int width, int height, GCancellable *cancellable, GError **error);
  /* A picture and the time in which it is seen; rows follow one another without a gap. Takes `pixels`. */
  gboolean (*add)(gpointer film, GBytes *pixels, gint64 from_ms, gint64 to_ms, GError **error);
  GBytes *(*finish)(gpointer film, gint64 end_ms, GError **error);
  void (*close)(gpointer film);
} SightFilmKind;

extern const SightFilmKind sight_film_webm, sight_film_mp4, sight_film_webp;

G_END_DECLS
