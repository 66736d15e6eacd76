/* SPDX-License-Identifier: MIT */
/* A session's row as the tables around it need it: made, flagged, erased. Inside the store module only. */
#pragma once

#include "sight-session-table.h"

G_BEGIN_DECLS

/* Flags that the store itself keeps: analysis does not touch them. */
#define SIGHT_SESSION_KEPT_FLAGS                                                                                       \
  (SIGHT_SESSION_SEEN | SIGHT_SESSION_TAGGED | SIGHT_SESSION_LOST_PARTS | SIGHT_SESSION_TO_WATCH | SIGHT_SESSION_UNREAD)

/* 0 where there is none, -1 on error. */
gint64 sight_session_row_find(SightDb *db, gint64 endpoint, const char *session, GError **error);
/* Finds or makes it; -1 on error. */
gint64 sight_session_row_ensure(SightDb *db, gint64 endpoint, const char *session, gint64 started_ms, gint64 arrived_ms,
                                GError **error);
gboolean sight_session_row_set_flags(SightDb *db, gint64 row, guint32 unset, guint32 set, GError **error);
/* The marks as they are stored. */
GBytes *sight_session_row_pack_marks(GArray *marks);
/* Everything of the session but for what stands under its id; no tombstone: it may come again. */
gboolean sight_session_row_remove(SightDb *db, gint64 row, GError **error);
/* Everything of the session, and a tombstone. row 0: only what stands under its id. */
gboolean sight_session_row_erase(SightDb *db, gint64 row, gint64 endpoint, const char *session, GError **error);

G_END_DECLS
