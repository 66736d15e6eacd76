/* SPDX-License-Identifier: MIT */
/* Keys that were looked up lately. */
#include "depot-postgres-private.h"

#include "sight-hash.h"

#include <string.h>

/* Where the server tells nothing (a pooler between, say), a revoked key works for so long. */
#define KEPT_US (5 * G_USEC_PER_SEC)
#define MAX_KEPT 10000
/* After a failure: so that the server's thread does not wait for each request. */
#define REST_US G_USEC_PER_SEC

typedef struct {
  SightKey *key;
  char **origins;
  gint64 until_us;
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

static void drop_link(SightKeyCache *cache) {
  g_hash_table_remove_all(cache->known);
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
  if (cache->link == NULL) {
    cache->rests_until_us = g_get_monotonic_time() + REST_US;
    return FALSE;
  }
  /* Where the server cannot, keys are looked up again after some seconds. */
  PQclear(PQexec(sight_pg_connection(cache->link), "LISTEN sight_keys"));
  return TRUE;
}

static Known *look_up(SightKeyCache *cache, const guint8 hash[SIGHT_KEY_HASH_BYTES], GError **error) {
  SightPgParams params = {0};
  sight_pg_add_bytes(&params, hash, SIGHT_KEY_HASH_BYTES);
  g_autoptr(SightPgResult) result = sight_pg_run(cache->link, SIGHT_PG_KEY_CHECK, &params, error);
  if (result == NULL || PQntuples(result) == 0)
    return NULL;
  Known *known = g_new0(Known, 1);
  known->key = sight_depot_postgres_read_key(result, 0);
  known->origins = sight_depot_postgres_read_origins(cache->link, known->key->project, error);
  known->until_us = g_get_monotonic_time() + KEPT_US;
  if (known->origins == NULL)
    g_clear_pointer(&known, known_free);
  return known;
}

static SightKey *copy_key(const SightKey *key) {
  SightKey *copy = g_memdup2(key, sizeof *key);
  copy->name = g_strdup(key->name);
  copy->key = g_strdup(key->key);
  return copy;
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
    g_hash_table_remove(cache->known, name);
    known = connect_cache(cache, &failure) ? look_up(cache, hash, &failure) : NULL;
    if (g_hash_table_size(cache->known) >= MAX_KEPT)
      g_hash_table_remove_all(cache->known);
    if (known != NULL)
      g_hash_table_insert(cache->known, g_steal_pointer(&name), known);
  }
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (known != NULL) {
    *key = copy_key(known->key);
    *origins = g_strdupv(known->origins);
  }
  return TRUE;
}
