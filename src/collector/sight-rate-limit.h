/* SPDX-License-Identifier: MIT */
/* SightRateLimit: a token bucket for each key or address. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One thread at a time. Memory is bounded: of more than `max_buckets` names the fullest buckets are forgotten, which
 * harms nobody, since a new bucket is full too. */
typedef struct SightRateLimit SightRateLimit;

/* per_second 0: no limit. */
SightRateLimit *sight_rate_limit_new(double per_second, double burst, guint max_buckets);
void sight_rate_limit_free(SightRateLimit *limit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightRateLimit, sight_rate_limit_free)

/* Takes one token of that name's bucket. 0: there was one; otherwise the seconds after which there is one again. `now`
 * is of g_get_monotonic_time(). */
guint sight_rate_limit_take(SightRateLimit *limit, const char *name, gint64 now_us);
/* The same, but takes none. */
guint sight_rate_limit_ask(SightRateLimit *limit, const char *name, gint64 now_us);
guint sight_rate_limit_count(const SightRateLimit *limit);

G_END_DECLS
