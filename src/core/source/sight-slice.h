/* SPDX-License-Identifier: MIT */
/* Slices: a workstation need not hold all that a collector has. What was found in sessions (sight-digest.h) comes
 * first, of all since the time that the slice asks for; recordings only where the slice matches, the newest first,
 * within the endpoint's budget. What was told of sessions goes once that time is past. Any other is fetched when it is
 * opened, and the least recently used go first; tagged and noted ones stay. The slice is SightEndpoint.scope, any
 * filter; "sample:5" keeps five of a hundred. Errors as in sight-source.h. Everything that talks to an endpoint blocks:
 * for workers. */
#pragma once

#include "sight-filter.h"
#include "sight-sync.h"

G_BEGIN_DECLS

/* One complete round, as sight_sync_run() tells. */
gboolean sight_slice_run(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                         SightSyncProgress *total, GCancellable *cancellable, GError **error);
/* Fetches the recording of a session that is not here; TRUE at once where it is. It counts as used now.
 * SIGHT_STORE_ERROR_NOT_FOUND where the endpoint has it no more; what was told of it goes with the next round. */
gboolean sight_slice_fetch(SightStore *store, gint64 session_row, GCancellable *cancellable, GError **error);
/* Lets recordings of the endpoint go until they fit its budget, but for that of one session (0: of none). *n_dropped
 * may be NULL. Nothing happens where there is no budget. */
gboolean sight_slice_keep_budget(SightStore *store, gint64 endpoint, gint64 but_row, guint *n_dropped, GError **error);

/* Analysing for others: brings what was found in the sessions of a collector to it. *n_brought may be NULL. */
gboolean sight_slice_bring(SightStore *store, gint64 endpoint, int version, guint *n_brought, GCancellable *cancellable,
                           GError **error);

/* Whether of an endpoint (0: of all together) fewer sessions are known here than it has, and the numbers. Also FALSE on
 * error. Inside sight_store_read(). */
gboolean sight_slice_is_part(SightDb *db, gint64 endpoint, gint64 *n_here, gint64 *n_there);
/* How much of an endpoint (0: of all together) is here, for people: "412 of 5,000 here; 1,000,000 at the endpoint",
 * where `n` sessions match what was asked. NULL where all of it is, also on error. Inside sight_store_read(); the
 * caller's. */
char *sight_slice_describe(SightDb *db, gint64 endpoint, gint64 n);

G_END_DECLS
