/* SPDX-License-Identifier: MIT */
/* Terms of a session that no analysis makes, since they change without one: what the store knows of it (watched, first
 * or last of its user …) and what its tags and notes say. Only sessions that are in the index have any. Every function
 * runs inside sight_store_read() or sight_store_write(). */
#pragma once

#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Values of SIGHT_TERM_STATE. */
#define SIGHT_STATE_WATCHED "watched"
#define SIGHT_STATE_TO_WATCH "to-watch"
#define SIGHT_STATE_UNREAD "unread" /* teammates said something that was not looked at */
#define SIGHT_STATE_DATED "dated"   /* its start can be believed: sight_session_is_dated() */
#define SIGHT_STATE_NEW "new"       /* the first session of a named user at its endpoint */
#define SIGHT_STATE_LAST "last"     /* the last one of its user there, or of a visitor without a name */
#define SIGHT_STATE_NAMED "named"   /* whose it is is known */

/* To be called in the transaction that changes what they are made of: the session's row, its annotations, or whether it
 * is in the index. Nothing is written where nothing changed. */
gboolean sight_kept_table_update(SightDb *db, gint64 session, GError **error);
/* The same for those sessions of a user that may be the first or the last now. `user` NULL: none. */
gboolean sight_kept_table_update_user(SightDb *db, gint64 endpoint, const char *user, GError **error);
/* For sight_index_table_save(), which changes the postings for both: which terms (gint64) the session has now and did
 * not have, or had and has no more, appended to `added` and `gone`. */
gboolean sight_kept_table_change(SightDb *db, gint64 session, GArray *added, GArray *gone, GError **error);

/* The terms (gint64, ascending) that are kept for a session; the caller's. */
GArray *sight_kept_table_get(SightDb *db, gint64 session, GError **error);

/* A cache of an earlier version has none yet, or not all, and gets them from the newest session down. A portion of
 * them.
 */
gboolean sight_kept_table_catch_up(SightDb *db, gboolean *done, GError **error);
/* Up to which row of a session they are missing still; 0: nowhere. -1 on error. */
gint64 sight_kept_table_missing(SightDb *db, GError **error);

G_END_DECLS
