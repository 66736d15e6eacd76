/* SPDX-License-Identifier: MIT */
/* Terms: the values of each field, once for all sessions, and the words in them. Every function runs inside
 * sight_store_read() or sight_store_write(). */
#pragma once

#include "sight-store.h"
#include "sight-term.h"

G_BEGIN_DECLS

/* The number of a term in this store; 0: no session has it; -1 on error. */
gint64 sight_term_table_find(SightDb *db, SightTermField field, const char *value, GError **error);
/* The terms of a field are numbered from here up to where those of the next one begin. */
gint64 sight_term_table_first(SightTermField field);
/* NULL with SIGHT_STORE_ERROR_NOT_FOUND where it is not there. The caller's. */
char *sight_term_table_value(SightDb *db, gint64 term, GError **error);

/* Each value of a field, in no order. `n` is about how many sessions have it: those that were analysed last are not
 * counted yet. FALSE from `func` ends it without an error. */
typedef gboolean (*SightTermFunc)(gint64 term, const char *value, gint64 n, gpointer user_data);
gboolean sight_term_table_each(SightDb *db, SightTermField field, SightTermFunc func, gpointer user_data,
                               GError **error);

/* The terms of a field in whose values these words follow each other, the last one as a beginning where `prefix` is
 * set; case and accents do not matter, and of scripts without blanks each character is a word. Those that the most
 * sessions have come first. GArray of gint64, the caller's. */
GArray *sight_term_table_search(SightDb *db, SightTermField field, const char *words, gboolean prefix, GError **error);

/* At most `limit` of the terms of a field with these words (as for a search with prefix), those that the most sessions
 * have first. */
gboolean sight_term_table_common(SightDb *db, SightTermField field, const char *words, guint limit, SightTermFunc func,
                                 gpointer user_data, GError **error);

/* For the tables of the index. */
/* Finds or makes it; -1 on error. */
gint64 sight_term_table_ensure(SightDb *db, SightTermField field, const char *value, GError **error);
gboolean sight_term_table_remove(SightDb *db, gint64 term, GError **error);
/* Adds to the number of sessions; `*n` is what it is then. */
gboolean sight_term_table_count(SightDb *db, gint64 term, gint64 more, gint64 *n, GError **error);

G_END_DECLS
