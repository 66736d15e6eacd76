/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets that sessions show: each once by the hash of its content, shared by the sessions of an
 * endpoint that tell of it, gone with the last of them. */
#pragma once

#include "sight-batch.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_ASSET_FAILED = 0,
  SIGHT_ASSET_STORED,
  SIGHT_ASSET_THERE, /* nothing was changed */
  SIGHT_ASSET_FULL,  /* the newest session that shows it has as much as one may */
} SightAssetResult;

/* Stores content under its hash, which the caller has checked against it; so is the type. One that no session tells of
 * waits for that: of those that wait only the newest few hundred stay. */
SightAssetResult sight_asset_table_put(SightDb *db, gint64 endpoint, const char *hash, const char *type,
                                       const void *content, gsize bytes, GError **error);
/* Those that have waited longer than some minutes go. In a collector's store, now and then. */
gboolean sight_asset_table_drop_waiting(SightDb *db, GError **error);

gboolean sight_asset_table_has(SightDb *db, gint64 endpoint, const char *hash, gboolean *has, GError **error);
/* *content is the caller's, NULL where there is none (or it was damaged: it is checked against the hash); *type too. */
gboolean sight_asset_table_get(SightDb *db, gint64 endpoint, const char *hash, char **type, GBytes **content,
                               GError **error);

/* The hashes that the session tells of and whose content is not here. GPtrArray of char, the caller's. */
GPtrArray *sight_asset_table_missing(SightDb *db, gint64 session_row, GError **error);

typedef struct {
  gint64 n_kept, n_missing, n_bytes;
} SightAssetCount;
gboolean sight_asset_table_count(SightDb *db, gint64 session_row, SightAssetCount *count, GError **error);

G_END_DECLS
