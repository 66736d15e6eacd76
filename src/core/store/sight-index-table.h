/* SPDX-License-Identifier: MIT */
/* The index of a session: its occurrences, and with them its place in the postings. Every function runs inside
 * sight_store_read() or sight_store_write(). */
#pragma once

#include "sight-occurrences.h"
#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Replaces what stood there. What analysis does not know is added: that the session is indexed, and its endpoint. */
gboolean sight_index_table_save(SightDb *db, gint64 session, gint64 endpoint, SightOccurrences *occurrences,
                                GError **error);
/* Out of every posting; terms that it alone had go, too. */
gboolean sight_index_table_remove(SightDb *db, gint64 session, GError **error);
/* The same for all sessions of an endpoint. */
gboolean sight_index_table_remove_endpoint(SightDb *db, gint64 endpoint, GError **error);
/* What was erased is out of the words, too: slow. */
gboolean sight_index_table_purge(SightDb *db, GError **error);

/* Every term and moment of a session, in time order. Terms have no values yet; their numbers go to `rows` (of gint64),
 * in the order of `terms`. The caller's. NULL without error: it is not indexed. */
SightOccurrences *sight_index_table_get(SightDb *db, gint64 session, GArray *rows, GError **error);
/* The same with all values, each a look-up. */
SightOccurrences *sight_index_table_get_values(SightDb *db, gint64 session, GError **error);

/* Reads all of it. FALSE where an occurrence is damaged, or a posting says something else than they do; the error may
 * be NULL then. */
gboolean sight_index_table_check(SightDb *db, GError **error);

/* The sessions of which everything is indexed; those that a refusal leaves are of these. The caller's. */
SightSet *sight_index_table_all(SightDb *db, GError **error);
/* Those that have a term, or none where nobody has it. */
SightSet *sight_index_table_with(SightDb *db, SightTermField field, const char *value, GError **error);
/* Those of which a number lies from `least` to `most`, both included. */
SightSet *sight_index_table_between(SightDb *db, SightNumber number, gint64 least, gint64 most, GError **error);

G_END_DECLS
