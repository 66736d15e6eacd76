/* SPDX-License-Identifier: MIT */
/* Digests in the store: a collector carries them, a cache remembers which it took or brought. Every function runs
 * inside sight_store_read() or sight_store_write(). */
#pragma once

#include "sight-digest.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Collector: replaces the one that stands there where it is news, which *changed tells. SIGHT_STORE_ERROR_NOT_FOUND
 * where there is no such session. */
gboolean sight_digest_table_put(SightDb *db, gint64 endpoint, const SightDigest *digest, gboolean *changed,
                                GError **error);
/* FALSE ends the walk, without error. */
typedef gboolean (*SightDigestFunc)(const SightDigest *digest, gpointer user_data);
/* Collector: digests and tombstones behind `after` in the order in which they changed; no digest of a session that was
 * received before `since_ms`. `*last`: the revision up to which nothing is left. */
gboolean sight_digest_table_each(SightDb *db, gint64 endpoint, gint64 after, gint64 since_ms, SightDigestFunc func,
                                 gpointer user_data, gint64 *last, GError **error);
/* How many sessions an endpoint has, and of how many there are digests. */
gboolean sight_digest_table_count(SightDb *db, gint64 endpoint, gint64 *n_sessions, gint64 *n_digests, GError **error);

/* Cache: this digest was taken from the endpoint, or brought there. */
gboolean sight_digest_table_note(SightDb *db, gint64 session_row, gint64 endpoint, const SightDigest *digest,
                                 GError **error);
/* Cache: up to which arrival a session's digest that was noted tells of it; 0: none was. -1 on error. */
gint64 sight_digest_table_arrival(SightDb *db, gint64 session_row, GError **error);
/* Cache: rows (gint64) behind `after_row` of sessions that were analysed by that version and of which the endpoint has
 * not been brought that yet; the caller's. */
GArray *sight_digest_table_unsent(SightDb *db, gint64 endpoint, int version, gint64 after_row, guint limit,
                                  GError **error);
/* Cache: whether the recording of a session is here. */
gboolean sight_digest_table_is_here(SightDb *db, gint64 session_row, gboolean *here, GError **error);
/* Cache: all that was noted is forgotten. */
gboolean sight_digest_table_forget(SightDb *db, gint64 endpoint, GError **error);

G_END_DECLS
