/* SPDX-License-Identifier: MIT */
/* Pulling what changed at a collector: sessions, batch by batch, and tombstones. Inside the sync module only. */
#pragma once

#include "sight-round.h"

G_BEGIN_DECLS

/* The collector has another store than last time, or an earlier state of it: all is asked for again, and what is here
 * already stays. Once in a round; then it is an error. */
gboolean sight_round_start_over(SightRound *round, GError **error);

/* All changes until there are no more, then those sessions once more whose time to be tried again has come. A session
 * that cannot be taken is set aside, and keeps nothing else from coming. */
gboolean sight_pull_changes(SightRound *round, GError **error);
/* As the last arrival of a change: whatever there is. */
#define SIGHT_PULL_ALL G_MAXINT64
/* What is new of one session. */
gboolean sight_pull_change(SightRound *round, const SightChange *change, GError **error);
/* The assets that a session tells of and that are not here. One that is not to be had is left out. FALSE where more may
 * be had later. */
gboolean sight_pull_assets(SightRound *round, const char *session, GError **error);
gboolean sight_push_annotations(SightRound *round, GError **error);
gboolean sight_pull_annotations(SightRound *round, GError **error);

G_END_DECLS
