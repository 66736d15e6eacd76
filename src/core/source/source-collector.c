/* SPDX-License-Identifier: MIT */
/* Our own collector: the client of core/sync. */
#include "sight-http.h"
#include "sight-round.h"
#include "sight-slice.h"
#include "sight-source-private.h"

#include <glib/gi18n-lib.h>

static gboolean run(SightStore *store, gint64 row, SightSyncProgressFunc progress, gpointer user_data,
                    SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  g_autoptr(SightEndpoint) endpoint = sight_round_find_endpoint(store, row, error);
  if (endpoint == NULL)
    return FALSE;
  return endpoint->scope != NULL ? sight_slice_run(store, row, progress, user_data, total, cancellable, error)
                                 : sight_sync_run(store, row, progress, user_data, total, cancellable, error);
}

const SightSourceKind sight_source_collector = {
    .name = "collector",
    .title = N_("Collector"),
    .can = SIGHT_SOURCE_SYNCS | SIGHT_SOURCE_SHARES | SIGHT_SOURCE_ERASES | SIGHT_SOURCE_SLICES,
    .address = "https://replay.example.com",
    .token = N_("the secret token that the collector printed"),
    .normalize = sight_http_normalize_url,
    .check = sight_sync_check,
    .run = run,
    .erase = sight_sync_erase_remote,
};
