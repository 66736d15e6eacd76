/* SPDX-License-Identifier: MIT */
/* A place in the stream of changes of one store, as text: "PROJECT.REVISION.GENERATION", or, from collectors without
 * generations, "PROJECT.REVISION". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* project and generation: valid ids. The caller's. */
char *sight_cursor_write(const char *project, gint64 revision, const char *generation);
/* FALSE where it is none, or of another project. *generation (the caller's) is "" where it has none. */
gboolean sight_cursor_read(const char *tainted_cursor, const char *project, gint64 *revision, char **generation);
/* Whether both are of the same project; NULL is of none. */
gboolean sight_cursor_same_project(const char *tainted_a, const char *tainted_b);

G_END_DECLS
