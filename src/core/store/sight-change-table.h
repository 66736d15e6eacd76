/* SPDX-License-Identifier: MIT */
/* The stream of changes that a collector hands to workstations, and how far a cache has followed each session. */
#pragma once

#include "sight-change.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Changes after `after_revision` in the order of revision, each session once with its newest. GPtrArray of SightChange.
 */
GPtrArray *sight_change_table_list(SightDb *db, gint64 endpoint, gint64 after_revision, guint limit, GError **error);

/* The greatest arrival of a session's batches; -1 on error. */
gint64 sight_change_table_last_arrival(SightDb *db, gint64 session_row, GError **error);

/* Cache: the greatest arrival number of the collector up to which this session is complete; 0 for none. */
gint64 sight_change_table_get_followed(SightDb *db, gint64 endpoint, const char *session, GError **error);
gboolean sight_change_table_set_followed(SightDb *db, gint64 endpoint, const char *session, gint64 arrival,
                                         GError **error);

/* Cache: a session that could not be taken; it is asked for again later, and keeps nothing else from coming. */
typedef struct {
  char *session;
  char *problem;  /* for people */
  gint64 wanted;  /* greatest arrival that the collector told of */
  gint64 n_tries; /* that failed */
} SightAside;
void sight_aside_free(SightAside *aside);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightAside, sight_aside_free)
/* Once more: counts as another try, and waits twice as long, from five minutes to a day. */
gboolean sight_change_table_set_aside(SightDb *db, gint64 endpoint, const char *session, gint64 wanted,
                                      const char *problem, GError **error);
/* It was taken, or is gone. */
gboolean sight_change_table_take_back(SightDb *db, gint64 endpoint, const char *session, GError **error);
/* Those whose time has come by `now_ms` (G_MAXINT64: all), oldest first. GPtrArray of SightAside. */
GPtrArray *sight_change_table_list_aside(SightDb *db, gint64 endpoint, gint64 now_ms, GError **error);

/* FALSE only on error. */
gboolean sight_change_table_is_erased(SightDb *db, gint64 endpoint, const char *session, gboolean *erased,
                                      GError **error);
/* The collector has another database than before: its arrival numbers mean nothing any more. */
gboolean sight_change_table_forget_followed(SightDb *db, gint64 endpoint, GError **error);
/* A tombstone that came from elsewhere: erases what is here, where it is, and remembers. */
gboolean sight_change_table_apply_tombstone(SightDb *db, gint64 endpoint, const char *session, GError **error);

/* That of the newest session or tombstone; 0: there is none. */
gboolean sight_change_table_last_revision(SightDb *db, gint64 endpoint, gint64 *revision, GError **error);

G_END_DECLS
