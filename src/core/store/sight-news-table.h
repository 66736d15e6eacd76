/* SPDX-License-Identifier: MIT */
/* What came since: sessions by the order in which they became known here. Every function runs inside
 * sight_store_read(). */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* The newest row; 0 where there is none, -1 on error. */
gint64 sight_news_table_last_row(SightDb *db, GError **error);
/* How many sessions behind that row were looked through, and in how many of these something went wrong. */
gboolean sight_news_table_count_behind(SightDb *db, gint64 row, gint64 *n, gint64 *n_rough, GError **error);

G_END_DECLS
