/* SPDX-License-Identifier: MIT */
/* `sessionsight --render`: draws one moment of a session into a PNG file, in a window of its own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Draws and returns the exit status; what went wrong stands on standard error. `session` is an id (or the beginning of
 * one) in the cache, or the path of a recording, which is not taken into the cache. `at_ms` counts from the start of
 * the session; events before it are applied, at and behind the end all of them. Needs a display; runs a main loop. */
int sight_ui_render_run(const char *cache_dir, const char *session, gint64 at_ms, const char *output);

G_END_DECLS
