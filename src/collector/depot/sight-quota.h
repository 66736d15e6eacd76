/* SPDX-License-Identifier: MIT */
/* SightQuota: the policy of a store in a folder (policy.json in it), and what it counts. */
#pragma once

#include "sight-depot.h"

G_BEGIN_DECLS

typedef struct SightQuota SightQuota;

SightQuota *sight_quota_new(const char *directory);
void sight_quota_free(SightQuota *quota);

/* Any thread. */
SightPolicy *sight_quota_get(SightQuota *quota, GError **error);
gboolean sight_quota_set(SightQuota *quota, const SightPolicy *policy, GError **error);
/* Takes over what another program may have written since. */
void sight_quota_refresh(SightQuota *quota);
/* The ages at which sessions go, as times; FALSE where all are kept. */
gboolean sight_quota_ages(SightQuota *quota, gint64 now_ms, gint64 *before_ms, gint64 *errored_before_ms);

/* Any thread: looks at the file. Closed is also a store whose policy could not be read since the start. */
gboolean sight_quota_is_closed(SightQuota *quota);

/* On the writer's thread. Whether a batch may be stored that begins a session, or not; if not, *result says why. */
gboolean sight_quota_admits(SightQuota *quota, SightDb *db, gint64 project, gboolean begins, gboolean *admits,
                            SightDepotPut *result, GError **error);
void sight_quota_stored(SightQuota *quota, gsize bytes, gboolean begins);
/* What began before today. */
void sight_quota_erased(SightQuota *quota, gint64 bytes);
/* Any thread: it is no longer known, since something else was erased, or what was noted was rolled back. */
void sight_quota_recount(SightQuota *quota);

G_END_DECLS
