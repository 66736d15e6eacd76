/* SPDX-License-Identifier: MIT */
/* Putting other events into the place of those that are stored, as when something in them is masked afterwards. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

typedef struct {
  gint64 arrival; /* of the batch, as it was read */
  GBytes *events; /* a JSON array of as many events as before */
} SightRewrittenBatch;

/* All batches of a session, and its label. Whatever was made of the old ones (tracks, words, signals, terms, persons)
 * is dropped here or replaced by the next analysis, for which the session waits afterwards; deleted bytes are
 * overwritten, as after an erasure. `newest_arrival`: of the session when its batches were read. FALSE with
 * G_IO_ERROR_BUSY where more came in since: read them anew. In a transaction (SIGHT_WRITE_DURABLE). `batches`: of
 * SightRewrittenBatch. */
gboolean sight_rewrite_table_put(SightDb *db, gint64 session_row, gint64 newest_arrival, const GArray *batches,
                                 const char *label, GError **error);

G_END_DECLS
