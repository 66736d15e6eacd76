/* SPDX-License-Identifier: MIT */
/* Generations of a collector's store: one for each start. A store that was put back from a copy is at a revision that
 * it had before, and goes on from there in another way; by its generations it knows which revisions it handed out
 * itself. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* The collector starts. */
gboolean sight_generation_table_begin(SightDb *db, GError **error);
/* The id of the one that runs ("" before the first start); the caller's. NULL on error. */
char *sight_generation_table_current(SightDb *db, GError **error);
/* Whether this store was at that revision while that generation ran. FALSE only on error. */
gboolean sight_generation_table_knows(SightDb *db, const char *generation, gint64 revision, gboolean *knows,
                                      GError **error);

G_END_DECLS
