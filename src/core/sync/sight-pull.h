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
} SightRound;

void sight_round_tell(const SightRound *round);
/* Keeps the cursors of the endpoint as they now stand in memory. */
gboolean sight_round_save(SightRound *round, GError **error);

/* All changes until there are no more. A session that cannot be taken does not keep the others from coming: the first
 * such error is returned at the end, and the cursor stays before it. */
gboolean sight_pull_changes(SightRound *round, GError **error);
gboolean sight_push_annotations(SightRound *round, GError **error);
gboolean sight_pull_annotations(SightRound *round, GError **error);

G_END_DECLS
