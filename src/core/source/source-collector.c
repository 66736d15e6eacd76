/* SPDX-License-Identifier: MIT */
/* Our own collector: the client of core/sync. */
#include "sight-http.h"
#include "sight-source-private.h"

#include <glib/gi18n-lib.h>

const SightSourceKind sight_source_collector = {
    .name = "collector",
    .title = N_("Collector"),
    .can = SIGHT_SOURCE_SYNCS | SIGHT_SOURCE_SHARES | SIGHT_SOURCE_ERASES,
    .address = "https://replay.example.com",
    .token = N_("the secret token that the collector printed"),
    .normalize = sight_http_normalize_url,
    .check = sight_sync_check,
    .run = sight_sync_run,
    .erase = sight_sync_erase_remote,
};
