/* SPDX-License-Identifier: MIT */
/* Postings: which sessions have a term. Sessions that were analysed last are kept apart and folded in in groups. Every
 * function runs inside sight_store_read() or sight_store_write(). */
#pragma once

#include "sight-set.h"
#include "sight-store.h"
#include "sight-term.h"

G_BEGIN_DECLS

/* A group is folded in once so many sessions wait, in so many steps; one step each time so many sessions were added. */
#define SIGHT_POSTING_GROUP 512
#define SIGHT_POSTING_PARTS 64
#define SIGHT_POSTING_STEP 4

/* The sessions that have any of the terms (gint64). The caller's; NULL on error. */
SightSet *sight_posting_table_sessions(SightDb *db, const gint64 *terms, guint n_terms, GError **error);

/* How many sessions of each of `n_sets` sets have each term of a field, term by term in one pass; terms that none of
 * them has are left out. FALSE from `func` ends it without an error. */
typedef gboolean (*SightPostingCounts)(gint64 term, const guint64 *counts, gpointer user_data);
gboolean sight_posting_table_count(SightDb *db, SightTermField field, const SightSet *const *sets, guint n_sets,
                                   SightPostingCounts func, gpointer user_data, GError **error);

/* Which terms (gint64, ascending) a session has from now on as well, and which it has no more. Terms that no session
 * has then are removed. */
gboolean sight_posting_table_change(SightDb *db, gint64 session, GArray *added, GArray *gone, GError **error);
/* Many terms of many sessions at once, without waiting for a group. */
GArray *sight_posting_pairs_new(void);
void sight_posting_pairs_add(GArray *pairs, gint64 term, gint64 session);
gboolean sight_posting_table_add(SightDb *db, GArray *pairs, GError **error);
/* Takes the sessions of a set out of every posting; of an endpoint that goes, or many at once. */
gboolean sight_posting_table_remove(SightDb *db, const SightSet *sessions, GError **error);
/* Folds everything in; where many were added and none will follow soon. */
gboolean sight_posting_table_fold_all(SightDb *db, GError **error);

G_END_DECLS
