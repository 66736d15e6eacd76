/* SPDX-License-Identifier: MIT */
/* A picture waits until it is known how long it is seen. */
#include "sight-film-private.h"

#include <string.h>

static const SightFilmKind *const kinds[SIGHT_N_FILM_FORMS] = {&sight_film_webm, &sight_film_mp4, &sight_film_webp};

struct SightFilm {
  const SightFilmKind *kind;
  gpointer made;
  int width, height;
  GCancellable *cancellable;
  GBytes *last; /* the picture that is seen since last_ms */
  gint64 last_ms;
};

const char *sight_film_form_name(SightFilmForm form) {
  g_return_val_if_fail(form < SIGHT_N_FILM_FORMS, NULL);
  return kinds[form]->name;
}

SightFilmForm sight_film_form_by_name(const char *name) {
  int form = 0;

  while (form < SIGHT_N_FILM_FORMS && g_strcmp0(kinds[form]->name, name) != 0)
    form++;
  return (SightFilmForm)form;
}

static gboolean is_side(int side) {
  return side >= SIGHT_FILM_SIDE_MIN && side <= SIGHT_FILM_SIDE_MAX && side % 2 == 0;
}

SightFilm *sight_film_new(SightFilmForm form, int width, int height, GCancellable *cancellable, GError **error) {
  g_return_val_if_fail(form < SIGHT_N_FILM_FORMS && is_side(width) && is_side(height), NULL);
  gpointer made = kinds[form]->open(width, height, cancellable, error);

  if (made == NULL)
    return NULL;
  SightFilm *film = g_new0(SightFilm, 1);
  film->kind = kinds[form];
  film->made = made;
  g_set_object(&film->cancellable, cancellable);
  film->width = width;
  film->height = height;
  return film;
}

void sight_film_free(SightFilm *film) {
  if (film == NULL)
    return;
  film->kind->close(film->made);
  g_clear_object(&film->cancellable);
  g_clear_pointer(&film->last, g_bytes_unref);
  g_free(film);
}

/* Hands on the picture that waits. */
static gboolean give(SightFilm *film, gint64 to_ms, GError **error) {
  return film->last == NULL || film->kind->add(film->made, g_steal_pointer(&film->last), film->last_ms, to_ms, error);
}

gboolean sight_film_add(SightFilm *film, const guint8 *pixels, gsize stride, gint64 at_ms, GError **error) {
  g_return_val_if_fail(film->last != NULL ? at_ms > film->last_ms : at_ms == 0, FALSE);
  gsize row = (gsize)film->width * 4;
  guint8 *copy = g_malloc(row * (gsize)film->height);

  for (gsize y = 0; y < (gsize)film->height; y++)
    memcpy(copy + y * row, pixels + y * stride, row);
  g_autoptr(GBytes) next = g_bytes_new_take(copy, row * (gsize)film->height);
  if (!give(film, at_ms, error))
    return FALSE;
  film->last = g_steal_pointer(&next);
  film->last_ms = at_ms;
  return TRUE;
}

GBytes *sight_film_finish(SightFilm *film, gint64 end_ms, GError **error) {
  end_ms = MAX(end_ms, film->last_ms + 1);
  return give(film, end_ms, error) ? film->kind->finish(film->made, end_ms, error) : NULL;
}
