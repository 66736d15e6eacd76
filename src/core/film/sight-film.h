/* SPDX-License-Identifier: MIT */
/* Pictures in a row, as a file that plays: README.md says of what kinds. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  SIGHT_FILM_WEBM, /* VP9 */
  SIGHT_FILM_MP4,  /* H.264, where there is an encoder */
  SIGHT_FILM_WEBP, /* animated, for 15 seconds at most */
  SIGHT_N_FILM_FORMS
} SightFilmForm;

#define SIGHT_FILM_WEBP_MAX_MS 15000
#define SIGHT_FILM_SIDE_MIN 16
#define SIGHT_FILM_SIDE_MAX 4096

/* "webm": also the ending of its files. */
const char *sight_film_form_name(SightFilmForm form);
/* SIGHT_N_FILM_FORMS: none is called so. */
SightFilmForm sight_film_form_by_name(const char *name);

/* One thread at a time. */
typedef struct SightFilm SightFilm;
/* Width and height in px, even, SIGHT_FILM_SIDE_MIN to _MAX. NULL with error (G_IO_ERROR_NOT_SUPPORTED) where this
 * machine has no encoder; it names the package to install. `cancellable` (NULL: none) ends the waiting of
 * sight_film_add() and sight_film_finish(), with error. */
SightFilm *sight_film_new(SightFilmForm form, int width, int height, GCancellable *cancellable, GError **error);
void sight_film_free(SightFilm *film);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightFilm, sight_film_free)
/* A picture that is seen from at_ms on (later than the last; the first is at 0): rows of 4 bytes a pixel, blue, green,
 * red and one that does not count, `stride` bytes apart. It is copied. Blocks while the encoder is behind. */
gboolean sight_film_add(SightFilm *film, const guint8 *pixels, gsize stride, gint64 at_ms, GError **error);
/* The last picture is seen until end_ms. The file; the caller's. */
GBytes *sight_film_finish(SightFilm *film, gint64 end_ms, GError **error);

G_END_DECLS
