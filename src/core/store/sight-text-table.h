/* SPDX-License-Identifier: MIT */
/* The text that a search over sessions looks in: derived from what the other tables hold. Inside the store module only.
 */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Brings the text of a session up to what its row, pages, signals and tags say. */
gboolean sight_text_table_update(SightDb *db, gint64 row, GError **error);
gboolean sight_text_table_remove(SightDb *db, gint64 row, GError **error);
gboolean sight_text_table_remove_endpoint(SightDb *db, gint64 endpoint, GError **error);
/* Something was erased: the index and the log are to be rid of it soon, also when this process ends before. */
gboolean sight_text_table_mark_erased(SightDb *db, GError **error);
/* Where that is so: writes the index anew, so that nothing of what was removed stays in it. */
gboolean sight_text_table_purge(SightDb *db, GError **error);

/* Whether there is anything in the text that can be searched for: a letter or digit at least. */
gboolean sight_text_is_searchable(const char *text);
/* Rows of the sessions in which every word of the text begins a word; ascending; GArray of gint64. */
GArray *sight_text_table_match(SightDb *db, const char *text, GError **error);

G_END_DECLS
