/* SPDX-License-Identifier: MIT */
/* What sessions did on each page and in each form, and how they met each problem, all sessions of one together. Filled
 * by the index. Every function runs inside sight_store_read() or sight_store_write(). */
#pragma once

#include "sight-store.h"
#include "sight-usage.h"

G_BEGIN_DECLS

/* Each session with a subject (the number of a PAGE, FILLED or PROBLEM term), ascending; sight_usage_unpack() reads
 * `data`, which is borrowed for the call. FALSE from `func` ends it without an error. */
typedef gboolean (*SightUsageFunc)(gint64 session, const guint8 *data, gsize bytes, gpointer user_data);
gboolean sight_usage_table_each(SightDb *db, gint64 subject, SightUsageFunc func, gpointer user_data, GError **error);

/* That of one session, if it has one. */
gboolean sight_usage_table_of(SightDb *db, gint64 subject, gint64 session, SightUsageFunc func, gpointer user_data,
                              GError **error);

/* For the index: replaces what stood there. `rows` are the numbers of the occurrences' terms. */
gboolean sight_usage_table_set(SightDb *db, gint64 session, const SightOccurrences *occurrences, const gint64 *rows,
                               GError **error);
gboolean sight_usage_table_remove(SightDb *db, gint64 session, GError **error);

G_END_DECLS
