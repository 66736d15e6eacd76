/* SPDX-License-Identifier: MIT */
/* What is to be filmed: a clip as it would be given away, with what is said under it. Plain data, made on a worker. */
#pragma once

#include "sight-analysis.h"
#include "sight-clip.h"
#include "sight-film.h"
#include "sight-ui-reel.h"

G_BEGIN_DECLS

/* What stands under the page, in ms from the start of the film's range. */
typedef struct {
  gint64 from_ms, to_ms;
  char *text;
} SightUiFilmCaption;
void sight_ui_film_caption_free(SightUiFilmCaption *caption);
/* The moments of a range (from the start of the session): signals with their reasons, tags and notes (of SightNote).
 * Each may be NULL. Appended, in order of time. */
void sight_ui_film_captions(GPtrArray *captions, const SightAnalysis *analysis, const GPtrArray *notes, gint64 from_ms,
                            gint64 to_ms);

/* What is wished. */
typedef struct {
  SightFilmForm form;
  int width;    /* px; never more than the recorded page has */
  double speed; /* 2: in half the time */
} SightUiFilmWish;

#define SIGHT_UI_FILM_WIDTH 1280
#define SIGHT_UI_FILM_WIDTH_MIN 160
#define SIGHT_UI_FILM_WIDTH_MAX 3840
#define SIGHT_UI_FILM_SPEED_MIN 0.25
#define SIGHT_UI_FILM_SPEED_MAX 16.0

typedef struct {
  SightUiReel *reel;   /* of the clip alone, one window */
  gint64 first_ms;     /* wall clock */
  gint64 length_ms;    /* of the range */
  GPtrArray *captions; /* of SightUiFilmCaption, masked as the clip is */
  char *name;          /* of the clip, masked as well; NULL: none */
  SightUiFilmWish wish;
  int width, height; /* of the film */
} SightUiFilmPlan;
void sight_ui_film_plan_free(SightUiFilmPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiFilmPlan, sight_ui_film_plan_free)

/* Makes the clip (see sight_clip_write(), whose errors it has) and takes over `captions`, whose texts are masked with
 * about->redaction. Blocks, as that does. */
SightUiFilmPlan *sight_ui_film_plan_new(const SightClipPart *parts, guint n_parts, const SightClipAbout *about,
                                        GPtrArray *captions, const SightUiFilmWish *wish, GCancellable *cancellable,
                                        GError **error);

/* The same on a worker. Takes `parts`, `captions` and `redaction` (NULL: nothing is masked). */
void sight_ui_film_plan_async(SightUiReel *reel, GArray *parts, const char *name, SightRedaction *redaction,
                              GPtrArray *captions, const SightUiFilmWish *wish, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
SightUiFilmPlan *sight_ui_film_plan_finish(GAsyncResult *result, GError **error);

/* How long the film will be, in ms. */
gint64 sight_ui_film_plan_film_ms(const SightUiFilmPlan *plan);

G_END_DECLS
