/* SPDX-License-Identifier: MIT */
/* Sets of sessions by one column each, whether they are in the index or not. Inside sight_store_read(). */
#pragma once

#include "sight-session-table.h"
#include "sight-set.h"

G_BEGIN_DECLS

/* The sets are the caller's; NULL with error. */
SightSet *sight_session_column_all(SightDb *db, GError **error);
/* Those of one endpoint. */
SightSet *sight_session_column_endpoint(SightDb *db, gint64 endpoint, GError **error);
/* Those that have all of some flags (SightSessionFlags). */
SightSet *sight_session_column_flags(SightDb *db, guint32 flags, GError **error);
/* Those whose id passes a test. */
typedef gboolean (*SightColumnTest)(const char *text, gpointer user_data);
SightSet *sight_session_column_ids(SightDb *db, SightColumnTest test, gpointer user_data, GError **error);
/* Sessions in whose words (sight-text-table.h) these ones, folded, follow each other. */
SightSet *sight_session_column_words(SightDb *db, const char *folded_words, GError **error);

G_END_DECLS
