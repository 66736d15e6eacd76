/* SPDX-License-Identifier: MIT */
/* Keys that were looked up lately. */
#include "depot-postgres-private.h"

#include "sight-hash.h"

#include <string.h>

/* Where the server tells nothing (a pooler between, say), a revoked key works for so long. */
#define KEPT_US (5 * G_USEC_PER_SEC)
#define MAX_KEPT 10000
/* After a failure so many times as long as it took: the thread that asks is the one that hears all requests. */
#define REST_TIMES 4
#define REST_LEAST_US G_USEC_PER_SEC
/* A key is one row: what takes longer waits for something. */
#define LIMITS "SET statement_timeout = '2s'; SET lock_timeout = '1s'"

typedef struct {
  SightKey *key; /* NULL: there is no such key; guessing one again and again costs nothing */
  char **origins;
  gint64 until_us; /* after that it is asked again, if that is possible */
} Known;

struct SightKeyCache {
  SightPostgres *postgres;
  SightPgLink *link; /* NULL: none at the moment */
  GHashTable *known; /* of Known, by the hash of the key */
  gint64 rests_until_us;
};

static void known_free(Known *known) {
  sight_key_free(known->key);
  g_strfreev(known->origins);
  g_free(known);
}

SightKeyCache *sight_key_cache_new(SightPostgres *postgres) {
  SightKeyCache *cache = g_new0(SightKeyCache, 1);
  cache->postgres = postgres;
  cache->known = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, (GDestroyNotify)known_free);
  return cache;
}

/* Nothing is heard of changes any more. */
static void drop_link(SightKeyCache *cache) {
  GHashTableIter iter;
  Known *known;
  g_hash_table_iter_init(&iter, cache->known);
  while (g_hash_table_iter_next(&iter, NULL, (gpointer *)&known))
    known->until_us = 0;
  g_clear_pointer(&cache->link, sight_pg_disconnect);
}

void sight_key_cache_free(SightKeyCache *cache) {
  drop_link(cache);
  g_hash_table_unref(cache->known);
  g_free(cache);
}

/* Without asking the server: what it told since. */
static void hear(SightKeyCache *cache) {
  gboolean told = FALSE;
  if (cache->link == NULL)
    return;
  PGconn *connection = sight_pg_connection(cache->link);
  if (PQconsumeInput(connection) != 1 || PQstatus(connection) != CONNECTION_OK) {
    drop_link(cache);
    return;
  }
  for (PGnotify *notify = PQnotifies(connection); notify != NULL; notify = PQnotifies(connection)) {
    PQfreemem(notify);
    told = TRUE;
  }
  if (told)
    g_hash_table_remove_all(cache->known);
}

static gboolean connect_cache(SightKeyCache *cache, GError **error) {
  if (cache->link != NULL)
    return TRUE;
  if (g_get_monotonic_time() < cache->rests_until_us) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the database cannot be reached");
    return FALSE;
  }
  cache->link = sight_postgres_connect(cache->postgres, error);
  if (cache->link == NULL)
    return FALSE;
  PQclear(PQexec(sight_pg_connection(cache->link), LIMITS));
  /* Where the server cannot, keys are looked up again after some seconds. */
  PQclear(PQexec(sight_pg_connection(cache->link), "LISTEN sight_keys"));
  return TRUE;
}

static Known *look_up(SightKeyCache *cache, const guint8 hash[SIGHT_KEY_HASH_BYTES], GError **error) {
  SightPgParams params = {0};
  sight_pg_add_bytes(&params, hash, SIGHT_KEY_HASH_BYTES);
  g_autoptr(SightPgResult) result = sight_pg_run(cache->link, SIGHT_PG_KEY_CHECK, &params, error);
  if (result == NULL)
    return NULL;
  Known *known = g_new0(Known, 1);
  known->until_us = g_get_monotonic_time() + KEPT_US;
  if (PQntuples(result) == 0)
    return known;
  known->key = sight_depot_postgres_read_key(result, 0);
  known->origins = sight_depot_postgres_read_origins(cache->link, known->key->project, error);
  if (known->origins == NULL)
    g_clear_pointer(&known, known_free);
  return known;
}

/* NULL with error: it cannot be asked, now or for a while. */
static Known *ask(SightKeyCache *cache, const guint8 hash[SIGHT_KEY_HASH_BYTES], GError **error) {
  gint64 begun_us = g_get_monotonic_time();
  gboolean rests = cache->link == NULL && begun_us < cache->rests_until_us;
  Known *known = connect_cache(cache, error) ? look_up(cache, hash, error) : NULL;
  gint64 now_us = g_get_monotonic_time();
  if (known == NULL && !rests) {
    drop_link(cache);
    cache->rests_until_us = now_us + MAX(REST_LEAST_US, REST_TIMES * (now_us - begun_us));
  }
  return known;
}

static SightKey *copy_key(const SightKey *key) {
  SightKey *copy = g_memdup2(key, sizeof *key);
  copy->name = g_strdup(key->name);
  copy->key = g_strdup(key->key);
  return copy;
}

/* A token that was good is good as long as nobody can say otherwise: what is answered then is how the collector does.
 * Whoever posts is sent away at once. */
static gboolean serves_without(const SightKey *key) {
  return key != NULL && (key->scopes & SIGHT_SCOPE_INGEST) == 0;
}

gboolean sight_key_cache_check(SightKeyCache *cache, const char *tainted_key, SightKey **key, char ***origins,
                               GError **error) {
  guint8 hash[SIGHT_KEY_HASH_BYTES];
  g_autoptr(GError) failure = NULL;
  *key = NULL;
  *origins = NULL;
  if (!sight_key_hash(tainted_key, hash))
    return TRUE;
  g_autofree char *name = g_base64_encode(hash, sizeof hash);
  hear(cache);
  Known *known = g_hash_table_lookup(cache->known, name);
  if (known == NULL || known->until_us < g_get_monotonic_time()) {
    Known *told = ask(cache, hash, &failure);
    if (told != NULL) {
      if (known == NULL && g_hash_table_size(cache->known) >= MAX_KEPT)
        g_hash_table_remove_all(cache->known);
      g_hash_table_insert(cache->known, g_steal_pointer(&name), told);
      known = told;
    }
  }
  if (known == NULL || (failure != NULL && !serves_without(known->key))) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (known->key != NULL) {
    *key = copy_key(known->key);
    *origins = g_strdupv(known->origins);
  }
  return TRUE;
}
