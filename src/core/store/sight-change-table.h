/* SPDX-License-Identifier: MIT */
/* The stream of changes that a collector hands to workstations, and how far a cache has followed each session. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* A session that has new batches, or a tombstone. Owns its strings. */
typedef struct {
  gint64 revision; /* rises with every change of the database */
  char *session;
  gboolean erased;
  gint64 received_ms;
  gint64 last_arrival; /* greatest arrival of its batches; 0 for a tombstone */
  gint64 n_batches;
} SightChange;
void sight_change_free(SightChange *change);

/* Changes after `after_revision` in the order of revision, each session once with its newest. GPtrArray of SightChange.
 */
GPtrArray *sight_change_table_list(SightDb *db, gint64 endpoint, gint64 after_revision, guint limit, GError **error);

/* Cache: the greatest arrival number of the collector up to which this session is complete; 0 for none. */
gint64 sight_change_table_get_followed(SightDb *db, gint64 endpoint, const char *session, GError **error);
gboolean sight_change_table_set_followed(SightDb *db, gint64 endpoint, const char *session, gint64 arrival,
                                         GError **error);
/* FALSE only on error. */
gboolean sight_change_table_is_erased(SightDb *db, gint64 endpoint, const char *session, gboolean *erased,
                                      GError **error);
/* The collector has another database than before: its arrival numbers mean nothing any more. */
gboolean sight_change_table_forget_followed(SightDb *db, gint64 endpoint, GError **error);
/* A tombstone that came from elsewhere: erases what is here, where it is, and remembers. */
gboolean sight_change_table_apply_tombstone(SightDb *db, gint64 endpoint, const char *session, GError **error);

G_END_DECLS
