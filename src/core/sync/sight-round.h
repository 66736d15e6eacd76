/* SPDX-License-Identifier: MIT */
/* One round with an endpoint: what every kind of endpoint does in the same way. For sync and source only. */
#pragma once

#include "sight-change.h"
#include "sight-http.h"
#include "sight-sync.h"

G_BEGIN_DECLS

typedef struct SightRound SightRound;

/* What differs by kind. */
typedef struct {
  SightHttp *(*connect)(const SightEndpoint *endpoint, const char *token, GError **error);
  gboolean (*run)(SightRound *round, GError **error);
  /* Takes what is new of a session. */
  gboolean (*take)(SightRound *round, const SightChange *change, GError **error);
  /* Whether the endpoint answers at all: then it is the session that cannot be had. */
  gboolean (*answers)(SightRound *round);
} SightRoundKind;

/* Borrows everything but what is filled in by the round. */
struct SightRound {
  const SightRoundKind *kind;
  gpointer own; /* of the kind */
  SightStore *store;
  SightEndpoint *endpoint;
  SightHttp *http;
  SightSyncProgress *total;
  SightSyncProgressFunc progress;
  gpointer user_data;
  GCancellable *cancellable;
  const char *cursor;    /* of the answer that told of the session at hand; NULL: another round's */
  guint n_unreachable;   /* sessions in a row that could not be had */
  char *lost_cursor;     /* where it was when the collector did not know its cursor any more; NULL: it did */
  gboolean was_put_back; /* the collector has an earlier state of the store that it had */
};

/* As sight_sync_run() tells. */
gboolean sight_round_run(SightStore *store, gint64 endpoint, const SightRoundKind *kind, SightSyncProgressFunc progress,
                         gpointer user_data, SightSyncProgress *total, GCancellable *cancellable, GError **error);
/* A connection outside of a round. The caller's. */
SightHttp *sight_round_connect(SightStore *store, const SightRoundKind *kind, const SightEndpoint *endpoint,
                               GError **error);
/* The caller's. */
SightEndpoint *sight_round_find_endpoint(SightStore *store, gint64 row, GError **error);

void sight_round_tell(const SightRound *round);
/* Keeps the cursors of the endpoint as they now stand in memory. */
gboolean sight_round_save(SightRound *round, GError **error);
/* A session was erased there: it goes here, too, and leaves a tombstone. */
gboolean sight_round_erase(SightRound *round, const char *session, GError **error);
/* Takes a session, or sets it aside where that is about this session alone. FALSE: going on with the next one makes no
 * sense. */
gboolean sight_round_take(SightRound *round, const SightChange *change, GError **error);
/* Those set aside whose time has come. */
gboolean sight_round_retry_aside(SightRound *round, GError **error);

G_END_DECLS
