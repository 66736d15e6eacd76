/* SPDX-License-Identifier: MIT */
/* Page templates as rows, with their counts of sessions and exits. Inside the store module only. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Finds or makes it; 0 for NULL, -1 on error. */
gint64 sight_page_row_ensure(SightDb *db, gint64 endpoint, const char *page, GError **error);
/* Adds `n` (1 or -1) to the pages that the session viewed and to the one that it ended on, as its row and its views
 * stand now. */
gboolean sight_page_row_count_session(SightDb *db, gint64 session_row, int n, GError **error);
/* Pages that no session has any more. */
gboolean sight_page_row_remove_unused(SightDb *db, GError **error);
/* Replaces the views of a session. `pages`: of SightPageView. */
gboolean sight_page_row_set_views(SightDb *db, gint64 session_row, gint64 endpoint, GPtrArray *pages, GError **error);

G_END_DECLS
