/* SPDX-License-Identifier: MIT */
/* The connections that only read: a few are kept, and closing waits for those in use. Used by the store alone. */
#pragma once

#include "sight-db.h"

G_BEGIN_DECLS

/* Any thread. */
typedef struct SightReaders SightReaders;
SightReaders *sight_readers_new(void);
void sight_readers_free(SightReaders *readers);

/* A connection to that file for the calling thread, to be given back by it. NULL (with error) where it cannot be
 * opened, or after close(). */
SightDb *sight_readers_take(SightReaders *readers, const char *path, GError **error);
void sight_readers_give(SightReaders *readers, SightDb *db);

/* Ends what the others ask of SQLite, and waits for them to give back their connections; but not for ever. Blocks. The
 * last one to close a database has to be its writer, which alone puts the log into it. Returns whether a reader met
 * damage. Safe to call twice. */
gboolean sight_readers_close(SightReaders *readers);

G_END_DECLS
