/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets that are kept beside a recording. Its ss:assets events say which: each member of the
 * payload is an address as it stands in the page, with the SHA-256 of the content in lower-case hex, or with 0 where it
 * was not kept; then the payload's "why" says why not. */
#pragma once

#include "sight-event.h"

G_BEGIN_DECLS

/* How many a session may have, and what they may hold together. */
#define SIGHT_ASSETS_MAX 1000
#define SIGHT_ASSETS_MAX_BYTES ((gint64)4 * 1024 * 1024)
#define SIGHT_ASSETS_HASH_DIGITS 64
#define SIGHT_ASSETS_TAG "ss:assets"

/* 64 of [0-9a-f]. */
gboolean sight_asset_hash_is_valid(const char *tainted_hash);

/* hash NULL: it was not kept, and `why` is what the recorder says about it, or NULL. Borrowed for the call. */
typedef void (*SightAssetFunc)(const char *tainted_address, const char *hash, const char *tainted_why,
                               gpointer user_data);
/* Calls for each member of an ss:assets event, in its order; for no other event. */
void sight_event_each_asset(const SightEvent *event, SightAssetFunc func, gpointer user_data);

/* The different hashes that events tell, SIGHT_ASSETS_MAX at most. Zero-initialise; clear at the end. */
typedef struct {
  GPtrArray *list; /* of char; NULL: none */
  GHashTable *set; /* the strings of the list */
} SightAssets;

void sight_assets_note(SightAssets *assets, const SightEvent *event);
void sight_assets_clear(SightAssets *assets);

G_END_DECLS
