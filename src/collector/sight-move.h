/* SPDX-License-Identifier: MIT */
/* Moving a store from one depot to another while collectors write to the first. */
#pragma once

#include "sight-depot.h"

G_BEGIN_DECLS

/* What was compared at the end. */
typedef struct {
  gint64 n_sessions, n_erased, n_batches, n_bytes, n_annotations, n_assets;
  gint64 n_damaged; /* of n_batches: without events in `from`, and marked so in `to` */
  char sum[65];     /* SHA-256 over all of it, hexadecimal */
} SightMoveProof;

/* `done` of `all` sessions, as far as they are known; in the thread that moves. */
typedef void (*SightMoveFunc)(gint64 done, gpointer user_data);

/* Copies until both are nearly the same, closes `from` for good (collectors answer 503 then, and recorders try again),
 * copies the rest, compares every batch, annotation and picture of both, and takes over the policy. Where it was
 * interrupted, calling it again goes on: what is there is not copied again. On error `from` stays closed only where
 * that had been reached. Blocks. */
gboolean sight_move(SightDepot *from, SightDepot *to, SightMoveFunc func, gpointer user_data, SightMoveProof *proof,
                    GError **error);

G_END_DECLS
