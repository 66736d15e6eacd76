/* SPDX-License-Identifier: MIT */
/* Recordings of an endpoint of which a cache holds a part: which are here, which were only told of, and letting go of a
 * recording while what was found in it stays. Every function runs inside sight_store_read() or sight_store_write(). */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Plain data. */
typedef struct {
  gint64 row;         /* of the session */
  gint64 bytes;       /* of its recording in the database, as it is compressed */
  gint64 received_ms; /* of its newest batch */
  gboolean stays;     /* has a tag or a note, was changed here, or nothing was found in it yet */
} SightHeld;

/* Those that are here, the least recently used first: GArray of SightHeld, the caller's. NULL with error. */
GArray *sight_held_table_list(SightDb *db, gint64 endpoint, GError **error);
/* Bytes of one recording; -1 on error. */
gint64 sight_held_table_bytes(SightDb *db, gint64 session_row, GError **error);
/* Rows (gint64) of sessions that were only told of, and whose recordings were not let go of, the newest first; the
 * caller's. */
GArray *sight_held_table_told(SightDb *db, gint64 endpoint, GError **error);
/* It was used last then. */
gboolean sight_held_table_use(SightDb *db, gint64 session_row, gint64 used_ms, GError **error);
/* Lets go of the recording. It can be fetched again as far as it was followed here. */
gboolean sight_held_table_drop(SightDb *db, gint64 session_row, GError **error);
/* Forgets sessions of which there was no news since `before_ms` and that were told of alone, so many at most: those
 * that have tags or notes, or were put aside, stay. The number forgotten, or -1. To be called until it is less. They
 * come again with their next news, or when what is known of the endpoint is listed anew. */
int sight_held_table_prune(SightDb *db, gint64 endpoint, gint64 before_ms, guint limit, GError **error);

G_END_DECLS
