/* SPDX-License-Identifier: MIT */
/* Assets as the tables around them need them. Inside the store module only. */
#pragma once

#include "sight-asset-table.h"

G_BEGIN_DECLS

#define SIGHT_ASSET_HASH_BYTES 32

/* Notes which assets the batch tells of, as many as a session may have. */
gboolean sight_asset_row_note(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error);
/* All that wait go: some may be of a session that is being erased. */
gboolean sight_asset_row_forget_waiting(SightDb *db, GError **error);

G_END_DECLS
