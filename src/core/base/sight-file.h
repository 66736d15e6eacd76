/* SPDX-License-Identifier: MIT */
/* The one way in which files are written where people name them: --output, pictures, clips. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes all of it or leaves what was there: a new file beside it takes its place once it is whole. A regular file
 * keeps its permissions; a symbolic link stays, and what it leads to is written; a link to nothing is refused. What is
 * no regular file (a pipe, a device) is written into and never replaced; a pipe that nobody reads is refused. Blocks;
 * any thread. */
gboolean sight_file_write(const char *path, const void *data, gsize bytes, GError **error);

G_END_DECLS
