/* SPDX-License-Identifier: MIT */
/* Blocks: the batches of a session to which nothing more comes are compressed together, which keeps them small. They
 * stay batches in every respect; sight-batch-table.h reads them wherever they stand. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Moves single batches into blocks, session by session, of sessions that were analysed and whose newest batch was
 * received at least `quiet_ms` ago, and gives back the room. For a worker thread: it takes long, but holds the writer
 * for some milliseconds at a time only; killed or cancelled at any time it leaves every batch readable, and goes on
 * there the next time. `*n_blocks` (may be NULL): how many were made. FALSE with error, also G_IO_ERROR_CANCELLED. */
gboolean sight_block_table_compact(SightStore *store, gint64 quiet_ms, guint *n_blocks, GCancellable *cancellable,
                                   GError **error);

G_END_DECLS
