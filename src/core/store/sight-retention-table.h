/* SPDX-License-Identifier: MIT */
/* What a collector's policy asks of its sessions, by facts that come with their batches. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* There is an exception in it. On a workstation analysis counts them. */
gboolean sight_retention_table_note_error(SightDb *db, gint64 session_row, GError **error);
/* GArray of gint64, rows of sessions that got nothing since then, and the bytes of their events; NULL on error. */
GArray *sight_retention_table_list_old(SightDb *db, gint64 endpoint, gint64 before_ms, gint64 errored_before_ms,
                                       guint limit, gint64 *n_bytes, GError **error);
/* Bytes of events of all sessions, and of how many the first batch came since then: by the clock of this machine. */
gboolean sight_retention_table_count(SightDb *db, gint64 endpoint, gint64 since_ms, gint64 *n_bytes, gint64 *n_begun,
                                     GError **error);

G_END_DECLS
