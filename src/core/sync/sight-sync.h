/* SPDX-License-Identifier: MIT */
/* The client of a collector: pulls changed sessions, pushes and pulls annotations. */
#pragma once

#include "sight-endpoint-table.h"
#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_SYNC_ERROR (sight_sync_error_quark())
GQuark sight_sync_error_quark(void);

typedef enum {
  SIGHT_SYNC_ERROR_OFFLINE,  /* cannot be reached, or was cut off: try again later; nothing is lost */
  SIGHT_SYNC_ERROR_REFUSED,  /* the token is missing, wrong or lacks the scope */
  SIGHT_SYNC_ERROR_PROTOCOL, /* answers something that is not ours */
  SIGHT_SYNC_ERROR_BUSY,     /* asked us to wait longer than we are willing to */
  SIGHT_SYNC_ERROR_SETTING,  /* is not asked: its address or its scope is to be changed first, as the message says */
  SIGHT_SYNC_ERROR_CURSOR,   /* has another store than last time; sync begins anew by itself */
} SightSyncError;

typedef struct {
  guint n_sessions, n_sessions_total; /* done, and known so far */
  guint64 n_batches, n_bytes;
  guint n_assets;                     /* pictures, fonts and sheets */
  guint n_erased, n_pushed, n_pulled; /* tombstones; annotations */
  guint n_digests;                    /* taken of sessions whose recordings are not here */
  guint n_unread;                     /* digests that made no sense and were left out */
  guint n_aside;                      /* at the end: sessions that could not be taken and are tried again later */
  gint64 left_ms;                     /* about how long the rest takes; 0: not known */
} SightSyncProgress;

/* On the syncing thread. */
typedef void (*SightSyncProgressFunc)(const SightSyncProgress *progress, gpointer user_data);

/* One complete round with one endpoint: push annotations, pull changes until there are none, pull annotations. Blocks,
 * for workers; runs its own main context. Waits and tries again a few times by itself (Retry-After, backoff with
 * jitter). Each batch is stored as it comes, so an interrupted round goes on where it was. A session that cannot be
 * taken is set aside and does not make the round fail: the endpoint's problem names it. */
gboolean sight_sync_run(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                        SightSyncProgress *total, GCancellable *cancellable, GError **error);
/* What the last round left to be told, for people: why it failed, or what it set aside. The caller's, or NULL. */
char *sight_sync_problem(SightStore *store, gint64 endpoint);
/* Takes one session, whatever a round has come to. Blocks, for workers. TRUE also where the collector has no such
 * session, or one that was erased: then it is not here afterwards either. */
gboolean sight_sync_fetch(SightStore *store, gint64 endpoint, const char *session, GCancellable *cancellable,
                          GError **error);
/* Asks the collector whether this URL and token work; *name gets the project's name. Blocks. */
gboolean sight_sync_check(const char *url, const char *token, char **name, GCancellable *cancellable, GError **error);
/* Erases a session or (session NULL) a user at the endpoint, with an admin token. Blocks. */
gboolean sight_sync_erase_remote(SightStore *store, gint64 endpoint, const char *session, const char *user,
                                 GCancellable *cancellable, GError **error);

G_END_DECLS
