/* SPDX-License-Identifier: MIT */
/* Whose a session is, in a collector's store: its first batch may bring a proof, a secret of the recorder that began
 * it; every later batch has to bring the same one. A session that was begun without takes batches with any, or none.
 * Kept as a hash, never handed out. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_OWNER_HASH_BYTES 32
/* How a proof is kept. */
void sight_owner_hash(const char *proof, guint8 hash[SIGHT_OWNER_HASH_BYTES]);

/* Whether a batch with this proof (its hash; NULL: without one) may go to the session; a session that is not there yet
 * is anybody's to begin. FALSE only on error. */
gboolean sight_owner_table_check(SightDb *db, gint64 endpoint, const char *session, const guint8 *proof, gboolean *owns,
                                 GError **error);
/* The hash of its proof, where it has one, and how many batches it has. */
gboolean sight_owner_table_get(SightDb *db, gint64 session_row, gboolean *has, guint8 proof[SIGHT_OWNER_HASH_BYTES],
                               gint64 *n_batches, GError **error);
/* The first batch of the session has been stored, with this proof. */
gboolean sight_owner_table_set(SightDb *db, gint64 endpoint, const char *session, const guint8 *proof, GError **error);

G_END_DECLS
