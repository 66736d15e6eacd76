/* SPDX-License-Identifier: MIT */
/* Keys that were looked up lately. Whoever hears all requests must not wait for a database that is away: a thread of
 * its own asks it, and is waited for briefly. */
#include "depot-postgres-private.h"

#include "sight-hash.h"

#include <string.h>

/* Where the server tells nothing (a pooler between, say), a revoked key works for so long; twice as long where the
 * server takes its time to answer. */
#define KEPT_US (5 * G_USEC_PER_SEC)
#define MAX_KEPT 10000
#define MAX_ASKED 1000
/* So long is waited for an answer, and for a tenth of all time at most. */
#define WAIT_MOST_US G_USEC_PER_SEC
#define WAIT_SHARE 10
/* After a failure so many times as long as it took. */
#define REST_TIMES 4
#define REST_LEAST_US G_USEC_PER_SEC
/* A key is one row: what takes longer waits for something. */
#define LIMITS "SET statement_timeout = '2s'; SET lock_timeout = '1s'"

typedef struct {
  SightKey *key; /* NULL: there is no such key; guessing one again and again costs nothing */
  char **origins;
  gint64 until_us; /* after that it is asked again, if that is possible */
} Known;

typedef struct {
  char *name; /* the hash as text */
  guint8 hash[SIGHT_KEY_HASH_BYTES];
  Known *told;     /* the answer, or … */
  GError *failure; /* … why there is none */
} Question;

struct SightKeyCache {
  SightPostgres *postgres;
  GHashTable *known;              /* of Known, by name */
  gint64 may_wait_us, counted_us; /* what is left of it, and when that was reckoned */
  GThread *asker;
  GMutex lock; /* guards what follows */
  GCond changed;
  gboolean closing, asking; /* asking: the link is the asker's */
  GQueue questions;         /* of Question */
  GQueue answered;          /* the same, with the answer */
  GHashTable *asked;        /* names of both, and of the one that is being asked */
  SightPgLink *link;        /* NULL: none at the moment */
  gint64 rests_until_us;    /* the asker's alone */
};

static void known_free(Known *known) {
  if (known == NULL)
    return;
  sight_key_free(known->key);
  g_strfreev(known->origins);
  g_free(known);
}

static void question_free(gpointer data) {
  Question *question = data;
  g_free(question->name);
  known_free(question->told);
  g_clear_error(&question->failure);
  g_free(question);
}

/* Asking: on its thread */

static SightPgLink *connect_cache(SightKeyCache *cache, SightPgLink *link, GError **error) {
  if (link != NULL)
    return link;
  if (g_get_monotonic_time() < cache->rests_until_us) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the database cannot be reached");
    return NULL;
  }
  link = sight_postgres_connect(cache->postgres, error);
  if (link == NULL)
    return NULL;
  PQclear(PQexec(sight_pg_connection(link), LIMITS));
  /* Where the server cannot, keys are looked up again after some seconds. */
  PQclear(PQexec(sight_pg_connection(link), "LISTEN sight_keys"));
  return link;
}

static Known *look_up(SightPgLink *link, const guint8 hash[SIGHT_KEY_HASH_BYTES], GError **error) {
  SightPgParams params = {0};
  sight_pg_add_bytes(&params, hash, SIGHT_KEY_HASH_BYTES);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_KEY_CHECK, &params, error);
  if (result == NULL)
    return NULL;
  Known *known = g_new0(Known, 1);
  known->until_us = g_get_monotonic_time() + KEPT_US;
  if (PQntuples(result) == 0)
    return known;
  known->key = sight_depot_postgres_read_key(result, 0);
  known->origins = sight_depot_postgres_read_origins(link, known->key->project, error);
  if (known->origins == NULL)
    g_clear_pointer(&known, known_free);
  return known;
}

/* The link, or NULL where it is of no use any more. */
static SightPgLink *ask(SightKeyCache *cache, SightPgLink *link, Question *question) {
  gint64 begun_us = g_get_monotonic_time();
  gboolean rests = link == NULL && begun_us < cache->rests_until_us;
  link = connect_cache(cache, link, &question->failure);
  question->told = link != NULL ? look_up(link, question->hash, &question->failure) : NULL;
  gint64 now_us = g_get_monotonic_time();
  if (question->told != NULL || rests)
    return link;
  g_clear_pointer(&link, sight_pg_disconnect);
  cache->rests_until_us = now_us + MAX(REST_LEAST_US, REST_TIMES * (now_us - begun_us));
  return NULL;
}

static gpointer run_asker(gpointer user_data) {
  SightKeyCache *cache = user_data;
  g_mutex_lock(&cache->lock);
  while (!cache->closing) {
    Question *question = g_queue_pop_head(&cache->questions);
    if (question == NULL) {
      g_cond_wait(&cache->changed, &cache->lock);
      continue;
    }
    SightPgLink *link = g_steal_pointer(&cache->link);
    cache->asking = TRUE;
    g_mutex_unlock(&cache->lock);
    link = ask(cache, link, question);
    g_mutex_lock(&cache->lock);
    cache->asking = FALSE;
    cache->link = link;
    g_queue_push_tail(&cache->answered, question);
    g_cond_broadcast(&cache->changed);
  }
  g_mutex_unlock(&cache->lock);
  return NULL;
}

SightKeyCache *sight_key_cache_new(SightPostgres *postgres) {
  SightKeyCache *cache = g_new0(SightKeyCache, 1);
  cache->postgres = postgres;
  cache->known = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, (GDestroyNotify)known_free);
  cache->asked = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  cache->may_wait_us = WAIT_MOST_US;
  cache->counted_us = g_get_monotonic_time();
  g_mutex_init(&cache->lock);
  g_cond_init(&cache->changed);
  cache->asker = g_thread_new("keys", run_asker, cache);
  return cache;
}

void sight_key_cache_free(SightKeyCache *cache) {
  g_mutex_lock(&cache->lock);
  cache->closing = TRUE;
  g_cond_broadcast(&cache->changed);
  g_mutex_unlock(&cache->lock);
  g_thread_join(cache->asker);
  g_clear_pointer(&cache->link, sight_pg_disconnect);
  g_queue_clear_full(&cache->questions, question_free);
  g_queue_clear_full(&cache->answered, question_free);
  g_hash_table_unref(cache->asked);
  g_hash_table_unref(cache->known);
  g_mutex_clear(&cache->lock);
  g_cond_clear(&cache->changed);
  g_free(cache);
}

/* Knowing: on the server's thread */

/* Nothing is heard of changes any more. */
static void expire_all(SightKeyCache *cache) {
  GHashTableIter iter;
  Known *known;
  g_hash_table_iter_init(&iter, cache->known);
  while (g_hash_table_iter_next(&iter, NULL, (gpointer *)&known))
    known->until_us = 0;
}

/* Without asking the server: what it told since. Locked. */
static void hear(SightKeyCache *cache) {
  gboolean told = FALSE;
  if (cache->asking || cache->link == NULL)
    return;
  PGconn *connection = sight_pg_connection(cache->link);
  if (PQconsumeInput(connection) != 1 || PQstatus(connection) != CONNECTION_OK) {
    g_clear_pointer(&cache->link, sight_pg_disconnect);
    expire_all(cache);
    return;
  }
  for (PGnotify *notify = PQnotifies(connection); notify != NULL; notify = PQnotifies(connection)) {
    PQfreemem(notify);
    told = TRUE;
  }
  if (told)
    g_hash_table_remove_all(cache->known);
}

/* Locked. Where the one of that name could not be answered, *failure says why. */
static void take_answers(SightKeyCache *cache, const char *name, GError **failure) {
  for (Question *answer = g_queue_pop_head(&cache->answered); answer != NULL;
       answer = g_queue_pop_head(&cache->answered)) {
    g_hash_table_remove(cache->asked, answer->name);
    if (answer->told == NULL)
      expire_all(cache);
    else if (g_hash_table_size(cache->known) >= MAX_KEPT)
      g_hash_table_remove_all(cache->known);
    if (answer->told != NULL)
      g_hash_table_replace(cache->known, g_strdup(answer->name), g_steal_pointer(&answer->told));
    else if (*failure == NULL && g_str_equal(answer->name, name))
      *failure = g_steal_pointer(&answer->failure);
    question_free(answer);
  }
}

/* Locked. */
static void put_question(SightKeyCache *cache, const char *name, const guint8 hash[SIGHT_KEY_HASH_BYTES]) {
  if (g_hash_table_contains(cache->asked, name) || g_hash_table_size(cache->asked) >= MAX_ASKED)
    return;
  Question *question = g_new0(Question, 1);
  question->name = g_strdup(name);
  memcpy(question->hash, hash, sizeof question->hash);
  g_hash_table_add(cache->asked, g_strdup(name));
  g_queue_push_tail(&cache->questions, question);
  g_cond_broadcast(&cache->changed);
}

/* Locked. */
static gboolean is_answered(const SightKeyCache *cache, const char *name) {
  for (const GList *each = cache->answered.head; each != NULL; each = each->next) {
    if (g_str_equal(((const Question *)each->data)->name, name))
      return TRUE;
  }
  return FALSE;
}

/* Locked. */
static void wait_briefly(SightKeyCache *cache, const char *name) {
  gint64 begun_us = g_get_monotonic_time();
  gint64 gained_us = (begun_us - cache->counted_us) / WAIT_SHARE;
  gint64 most_us = MIN(cache->may_wait_us + gained_us, WAIT_MOST_US);
  while (!is_answered(cache, name) && g_cond_wait_until(&cache->changed, &cache->lock, begun_us + most_us))
    continue;
  cache->counted_us = g_get_monotonic_time();
  cache->may_wait_us = MAX(most_us - (cache->counted_us - begun_us), 0);
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

/* Whether it may be used although it is time to ask again. `failure` NULL: that was asked, and is not answered yet. */
static gboolean goes_on(const Known *known, const GError *failure) {
  gboolean is_late = known->until_us + KEPT_US < g_get_monotonic_time();
  return (failure == NULL && !is_late) || serves_without(known->key);
}

/* Borrowed; NULL with error: it cannot be asked, now or for a while. */
static Known *find(SightKeyCache *cache, const char *name, const guint8 hash[SIGHT_KEY_HASH_BYTES], GError **error) {
  g_autoptr(GError) failure = NULL;
  g_mutex_lock(&cache->lock);
  take_answers(cache, name, &failure);
  hear(cache);
  Known *known = g_hash_table_lookup(cache->known, name);
  if (known == NULL || known->until_us < g_get_monotonic_time()) {
    g_clear_error(&failure);
    put_question(cache, name, hash);
    wait_briefly(cache, name);
    take_answers(cache, name, &failure);
    known = g_hash_table_lookup(cache->known, name);
  }
  g_mutex_unlock(&cache->lock);
  gboolean is_fresh = known != NULL && known->until_us >= g_get_monotonic_time();
  if (is_fresh || (known != NULL && goes_on(known, failure)))
    return known;
  if (failure == NULL)
    g_set_error_literal(&failure, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE,
                        "the database does not answer in time");
  g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}

gboolean sight_key_cache_check(SightKeyCache *cache, const char *tainted_key, SightKey **key, char ***origins,
                               GError **error) {
  guint8 hash[SIGHT_KEY_HASH_BYTES];
  *key = NULL;
  *origins = NULL;
  if (!sight_key_hash(tainted_key, hash))
    return TRUE;
  g_autofree char *name = g_base64_encode(hash, sizeof hash);
  const Known *known = find(cache, name, hash, error);
  if (known == NULL)
    return FALSE;
  if (known->key != NULL) {
    *key = copy_key(known->key);
    *origins = g_strdupv(known->origins);
  }
  return TRUE;
}
