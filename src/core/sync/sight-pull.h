/* SPDX-License-Identifier: MIT */
/* Pulling what changed at a collector: sessions, batch by batch, and tombstones. Inside the sync module only. */
#pragma once

#include "sight-endpoint-table.h"
#include "sight-http.h"
#include "sight-sync.h"

G_BEGIN_DECLS

/* What one round is about. Borrows everything. */
typedef struct {
  SightStore *store;
  SightEndpoint *endpoint;
  SightHttp *http;
  SightSyncProgress *total;
  SightSyncProgressFunc progress;
  gpointer user_data;
  GCancellable *cancellable;
  /* Filled by the round. */
  guint n_unreachable;   /* sessions in a row that could not be had, while the collector answered otherwise */
  char *lost_cursor;     /* where it was when the collector did not know its cursor any more; NULL: it did */
  gboolean was_put_back; /* the collector has an earlier state of the store that it had */
} SightRound;

void sight_round_tell(const SightRound *round);
/* Keeps the cursors of the endpoint as they now stand in memory. */
gboolean sight_round_save(SightRound *round, GError **error);

/* The collector has another store than last time, or an earlier state of it: all is asked for again, and what is here
 * already stays. Once in a round; then it is an error. */
gboolean sight_round_start_over(SightRound *round, GError **error);

/* All changes until there are no more, then those sessions once more whose time to be tried again has come. A session
 * that cannot be taken is set aside, and keeps nothing else from coming. */
gboolean sight_pull_changes(SightRound *round, GError **error);
/* The assets that a session tells of and that are not here. One that is not to be had is left out. FALSE where more may
 * be had later. */
gboolean sight_pull_assets(SightRound *round, const char *session, GError **error);
gboolean sight_push_annotations(SightRound *round, GError **error);
gboolean sight_pull_annotations(SightRound *round, GError **error);
/* What is set aside, as a sentence for people that names it; NULL where nothing is. The caller's. */
char *sight_round_describe_aside(SightRound *round);

G_END_DECLS
