/* SPDX-License-Identifier: MIT */
/* What can be read of a damaged database is taken over into a new one. Inside the store module only. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Makes a new database of what the damaged one still holds, sets the damaged one aside as
 * NAME.damaged-YYYYMMDD-HHMMSS with its log, puts the new one in its place, and notes what was lost (sight-loss.h).
 * `why`, for people: what is wrong with it. Taken over is what exists nowhere else and what was received: endpoints,
 * keys, annotations with settings, tombstones, sessions with their batches and owners; analysis makes the rest again.
 * Not the generations of a collector: numbers that it handed out may be handed out again, so workstations begin anew.
 * Returns the path of what was set aside, the caller's; NULL with error leaves all as it was. Blocks; nobody else may
 * have it open.
 */
char *sight_salvage(const char *database_path, SightStoreRole role, const char *why, GError **error);
/* Where a salvage was cut off after the damaged database was set aside, does the rest. Before that it is begun anew. */
gboolean sight_salvage_finish(const char *database_path, GError **error);

G_END_DECLS
