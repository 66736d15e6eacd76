/* SPDX-License-Identifier: MIT */
/* The parts of a round with a collector: sessions that changed, batch by batch, tombstones, digests, annotations. For
 * sync and source only. */
#pragma once

#include "sight-round.h"

G_BEGIN_DECLS

/* The collector has another store than last time, or an earlier state of it: all is asked for again, and what is here
 * already stays. Once in a round; then it is an error. */
gboolean sight_round_start_over(SightRound *round, GError **error);
/* After the cursor was lost, with the first one that came then: the same project with an earlier state of its store may
 * lack what was pushed to it. What belongs to another project does not go there. */
gboolean sight_round_compare_project(SightRound *round, const char *cursor, GError **error);

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
/* What other workstations found in sessions that were received at `since_ms` or later, and tombstones; of recordings
 * that are here, what is new of them. */
gboolean sight_pull_digests(SightRound *round, gint64 since_ms, GError **error);
/* Brings digests of what was analysed here by that version, and was not brought yet. */
gboolean sight_push_digests(SightRound *round, int version, GError **error);
gboolean sight_push_annotations(SightRound *round, GError **error);
gboolean sight_pull_annotations(SightRound *round, GError **error);

/* A round with a collector that pulls its sessions in that way: annotations before and after it, and once more from the
 * beginning where the collector has lost the cursor. */
gboolean sight_sync_round(SightRound *round, gboolean (*pull)(SightRound *round, GError **error), GError **error);
/* Of SightRoundKind. */
SightHttp *sight_sync_connect(const SightEndpoint *endpoint, const char *token, GError **error);
gboolean sight_sync_answers(SightRound *round);

G_END_DECLS
