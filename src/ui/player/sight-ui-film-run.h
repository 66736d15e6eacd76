/* SPDX-License-Identifier: MIT */
/* `sessionsight --film`: a range of a session as a film or a picture, in a window of its own. */
#pragma once

#include "sight-ui-film-plan.h"

G_BEGIN_DECLS

/* Borrowed. */
typedef struct {
  const char *session;   /* an id (or the beginning of one) in the cache, or the path of a recording */
  gint64 from_ms, to_ms; /* from the start of the session */
  const char *output;
  const char *const *masks; /* see sight_redaction_new_of(); NULL: none */
  gboolean mask_all, captions;
  SightUiFilmWish wish;
} SightUiFilmOrder;

/* Films and returns the exit status; what went wrong stands on standard error, where nothing is written then. A session
 * of the cache gets a line in the log. Needs a display; runs a main loop; an interrupt ends it. */
int sight_ui_film_run(const char *cache_dir, const SightUiFilmOrder *order);

G_END_DECLS
