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

/* What a search asks for: the words of each piece between white space, folded; a session matches where every piece is
 * in its text, each beginning at a word. NULL-terminated, the caller's; empty where there is no letter or digit. */
char **sight_text_table_pieces(const char *text);
/* Rows of the sessions that match, ascending; GArray of gint64. */
GArray *sight_text_table_match(SightDb *db, char **pieces, GError **error);

G_END_DECLS
