/* SPDX-License-Identifier: MIT */
/* Digests of sessions: making them of what an analysis stored, and taking them where the recording is not. */
#pragma once

#include "sight-digest.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* What is stored of an analysed session whose recording is here: its row, signals, page views and the terms and moments
 * of its index, in one JSON object:
 *   version, ruleset, arrival: as in SightDigest
 *   started, duration, friction, user, device, release, entry, exit, notice, size [w, h], partial, replayable, phone
 *   counts [windows, pages, clicks, errors]
 *   activity (base64), marks [at, kind, …]
 *   signals [[kind, start, end, window, page, node, selector, target, message, fingerprint, count, magnitude, severe]]
 *   pages [[page, url, window, start, end]]
 *   terms {field: [value, …]}, counted through all fields; numbers {name: value}
 *   moments [[start, length, view, [term, …], severe, count, amount, measured …]]; what follows the terms may be
 * missing left_out {field: n} Times are milliseconds from the session's start. Where that is more than
 * SIGHT_DIGEST_MAX_BYTES, what stood on pages is left out, and said so. Inside sight_store_read(); the caller's; NULL
 * with error. */
SightDigest *sight_digest_make(SightDb *db, gint64 session_row, GError **error);

/* Stores what a digest tells of a session, which is then in the library without its recording; `*row` is its row.
 * *taken is FALSE where nothing was stored: the session was erased here, its recording is here, or the text (of which
 * nothing is believed) makes no sense: then *problem, static, says why. Inside sight_store_write(); FALSE only where
 * the store fails. */
gboolean sight_digest_take(SightDb *db, gint64 endpoint, const SightDigest *digest, gint64 *row, gboolean *taken,
                           const char **problem, GError **error);

G_END_DECLS
