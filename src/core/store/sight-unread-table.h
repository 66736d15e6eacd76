/* SPDX-License-Identifier: MIT */
/* What teammates said of a session, and nobody has looked at here yet. It does not sync. */
#pragma once

#include "sight-annotation.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* For sight-annotation-table.c: a version that came from the endpoint is stored. What is new there, by somebody else,
 * counts as unread; all that an endpoint has when it is synced for the first time does not, nor what was removed. */
gboolean sight_unread_table_take(SightDb *db, const SightAnnotation *annotation, gboolean is_new, GError **error);
/* Whether a session has anything unread: 1, 0, or -1 on error. */
int sight_unread_table_has(SightDb *db, gint64 endpoint, const char *session, GError **error);
/* The ids of annotations; GHashTable as a set, the caller's. */
GHashTable *sight_unread_table_list(SightDb *db, gint64 endpoint, const char *session, GError **error);
/* All of a session was looked at. Inside sight_store_write(). */
gboolean sight_unread_table_clear(SightDb *db, gint64 endpoint, const char *session, GError **error);

G_END_DECLS
