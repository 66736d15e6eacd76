/* SPDX-License-Identifier: MIT */
/* `sessionsight --render`: draws moments of a session into PNG files, in a window of its own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gint64 at_ms; /* from the start of the session; events before it are applied, at and behind the end all of them */
  const char *output;
} SightUiRenderMoment;

typedef struct {
  const char *session; /* an id (or the beginning of one) in the cache, or the path of a recording, which is not taken
                        * into the cache */
  const SightUiRenderMoment *moments;
  guint n_moments; /* at least one */
  gint64 lead_ms;  /* played up to each from so long before, and drawn while it plays; 0: gone to */
} SightUiRender;

/* Draws and returns the exit status; what went wrong stands on standard error. Needs a display; runs a main loop. */
int sight_ui_render_run(const char *cache_dir, const SightUiRender *what);

G_END_DECLS
