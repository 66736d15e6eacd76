/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets of a stored session, for whoever draws it. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* {"addresses": {ADDRESS: HASH, …}, "contents": {HASH: "data:TYPE;base64,…", …}}: what the session shows and what of it
 * is here, SIGHT_ASSETS_MAX_BYTES at most. Empty where the session was not analysed since it last grew. Blocks; the
 * caller's. NULL with error. */
GBytes *sight_shown_read(SightStore *store, gint64 session_row, GError **error);

/* What is here of that: address -> "data:TYPE;base64,…"; the caller's. */
GHashTable *sight_shown_table(GBytes *shown);

G_END_DECLS
