/* SPDX-License-Identifier: MIT */
/* What is derived from the batches of a session so that opening it need not read them: the segments of its tracks, and
 * the account that analysis gives of it. Made again where it is missing or old. */
#pragma once

#include "sight-store.h"
#include "sight-stored-segment.h"

G_BEGIN_DECLS

/* One window of a session. */
typedef struct {
  gint64 row; /* 0: not stored yet */
  char *window;
  GPtrArray *segments; /* of SightStoredSegment */
} SightStoredTrack;
/* Takes over the segments. */
SightStoredTrack *sight_stored_track_new(const char *window, GPtrArray *segments);
void sight_stored_track_free(SightStoredTrack *track);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightStoredTrack, sight_stored_track_free)

/* The arrival of the session's newest batch; -1 on error. */
gint64 sight_track_table_newest_arrival(SightDb *db, gint64 session_row, GError **error);

/* Stores the tracks as far as they differ from what stands there: a session that grew keeps the segments that it had.
 * `tracks`: of SightStoredTrack; `arrival`: of the session's newest batch when they were cut. */
gboolean sight_track_table_save(SightDb *db, gint64 session_row, const GPtrArray *tracks, gint64 arrival, int version,
                                GError **error);
/* The tracks of a session, without their keyframes, where all batches are in them and they are of that version;
 * otherwise an empty list. GPtrArray of SightStoredTrack in no order, the caller's. */
GPtrArray *sight_track_table_list(SightDb *db, gint64 session_row, int version, GError **error);
/* As stored. NULL with SIGHT_STORE_ERROR_NOT_FOUND where the segment was cut anew since, or erased. */
GBytes *sight_track_table_keyframe(SightDb *db, gint64 track_row, guint n, GError **error);
/* What analysis tells of a session beside its signals and pages: compressed JSON, which the store does not look into.
 */
gboolean sight_account_table_save(SightDb *db, gint64 session_row, GBytes *account, GError **error);
/* NULL without error where there is none, or where the session waits for an analysis by these rules. */
GBytes *sight_account_table_get(SightDb *db, gint64 session_row, const char *ruleset, int version, GError **error);

G_END_DECLS
