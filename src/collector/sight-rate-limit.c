/* SPDX-License-Identifier: MIT */
/* Token buckets by name, filled as time goes by. */
#include "sight-rate-limit.h"

#include "sight-hash.h"

#include <math.h>

typedef struct {
  double tokens;
  gint64 at_us;
} Bucket;

struct SightRateLimit {
  double per_second, burst;
  guint max_buckets;
  GHashTable *buckets; /* name -> Bucket */
};

SightRateLimit *sight_rate_limit_new(double per_second, double burst, guint max_buckets) {
  SightRateLimit *limit = g_new0(SightRateLimit, 1);
  limit->per_second = per_second;
  limit->burst = MAX(burst, 1);
  limit->max_buckets = max_buckets;
  limit->buckets = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  return limit;
}

void sight_rate_limit_free(SightRateLimit *limit) {
  if (limit == NULL)
    return;
  g_hash_table_unref(limit->buckets);
  g_free(limit);
}

static void refill(const SightRateLimit *limit, Bucket *bucket, gint64 now_us) {
  double seconds = (double)(now_us - bucket->at_us) / G_USEC_PER_SEC;
  bucket->tokens = MIN(limit->burst, bucket->tokens + MAX(seconds, 0) * limit->per_second);
  bucket->at_us = now_us;
}

typedef struct {
  const SightRateLimit *limit;
  gint64 now_us;
  double at_least;
} Sweep;

static gboolean is_full(gpointer name, gpointer value, gpointer user_data) {
  const Sweep *sweep = user_data;
  refill(sweep->limit, value, sweep->now_us);
  return ((Bucket *)value)->tokens >= sweep->at_least;
}

/* Full buckets first. Where that is not enough, somebody uses very many names at once: then half full ones, and so on,
 * so that those who use theirs up are remembered longest. */
static void make_room(SightRateLimit *limit, gint64 now_us) {
  Sweep sweep = {.limit = limit, .now_us = now_us, .at_least = limit->burst};
  while (g_hash_table_size(limit->buckets) >= limit->max_buckets) {
    g_hash_table_foreach_remove(limit->buckets, is_full, &sweep);
    sweep.at_least = sweep.at_least >= 1 ? sweep.at_least / 2 : 0;
  }
}

/* Until it has a token. */
static guint seconds_of(const SightRateLimit *limit, const Bucket *bucket) {
  return bucket->tokens >= 1 ? 0 : (guint)MAX(1, ceil((1 - bucket->tokens) / limit->per_second));
}

guint sight_rate_limit_take(SightRateLimit *limit, const char *name, gint64 now_us) {
  if (limit->per_second <= 0)
    return 0;
  Bucket *bucket = g_hash_table_lookup(limit->buckets, name);
  if (bucket == NULL) {
    if (g_hash_table_size(limit->buckets) >= limit->max_buckets)
      make_room(limit, now_us);
    bucket = g_new0(Bucket, 1);
    *bucket = (Bucket){.tokens = limit->burst, .at_us = now_us};
    g_hash_table_insert(limit->buckets, g_strdup(name), bucket);
  }
  refill(limit, bucket, now_us);
  guint wait_s = seconds_of(limit, bucket);
  if (wait_s == 0)
    bucket->tokens -= 1;
  return wait_s;
}

guint sight_rate_limit_ask(SightRateLimit *limit, const char *name, gint64 now_us) {
  Bucket *bucket = limit->per_second > 0 ? g_hash_table_lookup(limit->buckets, name) : NULL;
  if (bucket == NULL)
    return 0;
  refill(limit, bucket, now_us);
  return seconds_of(limit, bucket);
}

guint sight_rate_limit_count(const SightRateLimit *limit) {
  return g_hash_table_size(limit->buckets);
}
