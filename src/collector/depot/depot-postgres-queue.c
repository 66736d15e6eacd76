/* SPDX-License-Identifier: MIT */
/* Batches that wait to be stored: those of one project that wait at a time go by one statement, which is a transaction
 * of its own and holds the project's lock until its commit. */
#include "depot-postgres-private.h"

#include "sight-hash.h"
#include "sight-limits.h"
#include "sight-text.h"

#include <string.h>

#define MAX_TOGETHER 256
#define MAX_TOGETHER_BYTES ((gsize)8 * 1024 * 1024)
/* While one group is on its way, the next one gathers: another writer sets out with no fewer than this. */
#define N_WRITERS 4
/* An object store takes its time and many at once; the database commits one after the other. */
#define ENOUGH_FOR_OBJECT 16
#define GATHER_US 1000
/* Visitors' clocks may say anything; differences of such times still fit. */
#define MAX_TIME_MS (G_GINT64_CONSTANT(1) << 52)
/* Keys of sessions that brought something lately; of one that is erased it is forgotten so soon. */
#define MAX_KEYS 50000
#define KEY_KEPT_US (60 * G_USEC_PER_SEC)

struct SightBatchQueue {
  SightPostgres *postgres;
  SightBlobs *blobs; /* NULL: none */
  const char *prefix;
  GMutex lock;
  GCond changed;
  GQueue waiting;            /* of SightBatchWaiting, borrowed */
  guint enough, n_under_way; /* groups */
  guint n_before;            /* so many were in the last one */
  gint64 free_us;            /* when that was done */
  gboolean closing;
  GThread *writers[N_WRITERS];
  GHashTable *keys; /* of SessionKey, by "PROJECT SESSION" */
};

typedef struct {
  guint8 key[SIGHT_SEAL_KEY_BYTES];
  gint64 until_us;
} SessionKey;

void sight_batch_waiting_clear(SightBatchWaiting *waiting) {
  g_free(waiting->name);
  g_clear_pointer(&waiting->sealed, g_bytes_unref);
  g_clear_pointer(&waiting->users, g_byte_array_unref);
  g_clear_pointer(&waiting->assets, g_byte_array_unref);
  g_clear_error(&waiting->error);
}

/* The statement */

/* A column of the group each; in the order in which put_batches() of the schema takes them. */
typedef enum {
  NEW_SESSIONS,
  NEW_PROOFS,
  NEW_KEYS,
  SESSIONS,
  PROOFS,
  KEYS,
  WINDOWS,
  SEQS,
  SENTS,
  RECEIVEDS,
  FIRSTS,
  LASTS,
  EVENTS,
  BYTES,
  ATS,
  SIZES,
  SEALEDS,
  NOTED,
  USERS,
  ASSETS,
  ERRORED,
  N_COLUMNS
} Column;

static const SightPgType types[N_COLUMNS] = {
    SIGHT_PG_TEXT,   SIGHT_PG_BYTES,  SIGHT_PG_BYTES,  SIGHT_PG_TEXT,   SIGHT_PG_BYTES,  SIGHT_PG_BYTES,
    SIGHT_PG_TEXT,   SIGHT_PG_NUMBER, SIGHT_PG_NUMBER, SIGHT_PG_NUMBER, SIGHT_PG_NUMBER, SIGHT_PG_NUMBER,
    SIGHT_PG_NUMBER, SIGHT_PG_NUMBER, SIGHT_PG_NUMBER, SIGHT_PG_NUMBER, SIGHT_PG_BYTES,  SIGHT_PG_NUMBER,
    SIGHT_PG_BYTES,  SIGHT_PG_BYTES,  SIGHT_PG_NUMBER,
};

static void add_hashes(GByteArray *column, const GByteArray *hashes) {
  sight_pg_array_add(column, hashes != NULL ? hashes->data : NULL, hashes != NULL ? hashes->len : 0);
}

/* Into three columns from `first` on. */
static void add_session(GByteArray *columns[N_COLUMNS], Column first, const SightBatchWaiting *waiting) {
  sight_pg_array_add(columns[first], waiting->batch->session, strlen(waiting->batch->session));
  sight_pg_array_add(columns[first + 1], waiting->has_proof ? waiting->proof : NULL, sizeof waiting->proof);
  sight_pg_array_add(columns[first + 2], waiting->key, sizeof waiting->key);
}

static void add_row(GByteArray *columns[N_COLUMNS], const SightBatchWaiting *waiting, gint64 number, gint64 at) {
  const SightBatch *batch = waiting->batch;
  gsize bytes = g_bytes_get_size(waiting->sealed);
  if (waiting->begins)
    add_session(columns, NEW_SESSIONS, waiting);
  add_session(columns, SESSIONS, waiting);
  sight_pg_array_add(columns[WINDOWS], batch->window, strlen(batch->window));
  sight_pg_array_add_int(columns[SEQS], batch->seq);
  sight_pg_array_add_int(columns[SENTS], batch->sent_at_ms);
  sight_pg_array_add_int(columns[RECEIVEDS], batch->received_at_ms);
  sight_pg_array_add_int(columns[FIRSTS], CLAMP(batch->first_ms, -MAX_TIME_MS, MAX_TIME_MS));
  sight_pg_array_add_int(columns[LASTS], CLAMP(batch->last_ms, -MAX_TIME_MS, MAX_TIME_MS));
  sight_pg_array_add_int(columns[EVENTS], batch->n_events);
  sight_pg_array_add_int(columns[BYTES], (gint64)batch->events_bytes);
  sight_pg_array_add_int(columns[ATS], at);
  sight_pg_array_add_int(columns[SIZES], (gint64)bytes);
  if (batch->errored)
    sight_pg_array_add_int(columns[ERRORED], number);
  if (waiting->users == NULL && waiting->assets == NULL)
    return;
  sight_pg_array_add_int(columns[NOTED], number);
  add_hashes(columns[USERS], waiting->users);
  add_hashes(columns[ASSETS], waiting->assets);
}

static void fill_columns(GByteArray *columns[N_COLUMNS], const GPtrArray *group, gboolean in_object) {
  gint64 at = 0;
  for (Column c = 0; c < N_COLUMNS; c++)
    columns[c] = sight_pg_array_new(types[c]);
  for (guint i = 0; i < group->len; i++) {
    const SightBatchWaiting *waiting = g_ptr_array_index(group, i);
    gsize bytes = 0;
    const void *sealed = g_bytes_get_data(waiting->sealed, &bytes);
    add_row(columns, waiting, i + 1, at);
    if (!in_object)
      sight_pg_array_add(columns[SEALEDS], sealed, bytes);
    at += (gint64)bytes;
  }
}

/* Keeps what became of each. */
static gboolean take_results(const GPtrArray *group, const SightPgResult *result, GError **error) {
  if (PQntuples(result) != (int)group->len) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "put_batches() tells of other batches");
    return FALSE;
  }
  for (guint i = 0; i < group->len; i++)
    ((SightBatchWaiting *)g_ptr_array_index(group, i))->result = sight_pg_int(result, (int)i, 0);
  return TRUE;
}

/* FALSE: none of them is known to be stored. */
static gboolean store_together(SightBatchQueue *queue, const GPtrArray *group, const char *object, GError **error) {
  const SightBatchWaiting *first = g_ptr_array_index(group, 0);
  GByteArray *columns[N_COLUMNS];
  SightPgParams params = {0};
  SightPgLink *link = sight_postgres_take(queue->postgres, error);
  if (link == NULL)
    return FALSE;
  fill_columns(columns, group, object != NULL);
  sight_pg_add_int(&params, first->project);
  sight_pg_add_text(&params, object);
  sight_pg_add_int(&params, first->max_bytes);
  sight_pg_add_int(&params, SIGHT_USERS_MAX_NAMES);
  sight_pg_add_int(&params, SIGHT_ASSETS_MAX);
  sight_pg_add_int(&params, SIGHT_ASSETS_MAX_BYTES);
  for (Column c = 0; c < N_COLUMNS; c++)
    sight_pg_add_array(&params, columns[c]);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_BATCHES_PUT, &params, error);
  sight_postgres_give(queue->postgres, link);
  for (Column c = 0; c < N_COLUMNS; c++)
    g_byte_array_unref(columns[c]);
  return result != NULL && take_results(group, result, error);
}

/* The object first, its row second: what the store refuses is never told of, and an object without a row is swept. */
static gboolean put_object(SightBatchQueue *queue, const GPtrArray *group, char **name, GError **error) {
  g_autoptr(GByteArray) content = g_byte_array_new();
  g_autofree char *id = sight_id_new();
  if (queue->blobs == NULL)
    return TRUE;
  for (guint i = 0; i < group->len; i++) {
    gsize bytes = 0;
    const guint8 *sealed = g_bytes_get_data(((SightBatchWaiting *)g_ptr_array_index(group, i))->sealed, &bytes);
    g_byte_array_append(content, sealed, (guint)bytes);
  }
  *name = g_strconcat(queue->prefix, id, NULL);
  g_autoptr(GBytes) whole = g_byte_array_free_to_bytes(g_steal_pointer(&content));
  return sight_blobs_put(queue->blobs, *name, whole, error);
}

static void store(SightBatchQueue *queue, const GPtrArray *group) {
  g_autoptr(GError) error = NULL;
  g_autofree char *object = NULL;
  if (put_object(queue, group, &object, &error) && store_together(queue, group, object, &error))
    return;
  for (guint i = 0; i < group->len; i++)
    ((SightBatchWaiting *)g_ptr_array_index(group, i))->error = g_error_copy(error);
}

/* Writers */

/* What put_batches() asks of a group: one project, one proof and key for each session, and no batch twice. What does
 * not fit waits for the next one. `taken` is by session and by batch. */
static gboolean fits(const GPtrArray *group, GHashTable *taken, SightBatchWaiting *waiting) {
  if (group->len == 0)
    return TRUE;
  const SightBatchWaiting *first = g_ptr_array_index(group, 0);
  if (waiting->project != first->project || waiting->max_bytes != first->max_bytes)
    return FALSE;
  const SightBatchWaiting *known = g_hash_table_lookup(taken, waiting->batch->session);
  if (known == NULL)
    return TRUE;
  if (!g_hash_table_contains(taken, waiting->name) && waiting->has_proof == known->has_proof &&
      memcmp(waiting->proof, known->proof, sizeof known->proof) == 0 &&
      memcmp(waiting->key, known->key, sizeof known->key) == 0) {
    waiting->begins = FALSE;
    return TRUE;
  }
  return FALSE;
}

/* Of those that wait, in their order. */
static GPtrArray *take_group(SightBatchQueue *queue) {
  GPtrArray *group = g_ptr_array_new();
  g_autoptr(GHashTable) taken = g_hash_table_new(sight_hash_text, g_str_equal);
  gsize bytes = 0;
  for (GList *at = queue->waiting.head, *next; at != NULL; at = next) {
    SightBatchWaiting *waiting = at->data;
    next = at->next;
    if (group->len == MAX_TOGETHER || bytes >= MAX_TOGETHER_BYTES)
      break;
    if (!fits(group, taken, waiting))
      continue;
    bytes += g_bytes_get_size(waiting->sealed);
    g_ptr_array_add(group, waiting);
    if (!g_hash_table_contains(taken, waiting->batch->session))
      g_hash_table_insert(taken, (char *)waiting->batch->session, waiting);
    g_hash_table_add(taken, waiting->name);
    g_queue_delete_link(&queue->waiting, at);
  }
  return group;
}

/* Each group costs a commit, one after the other: few large ones are better than many small ones. Who was answered just
 * now sends the next one: as many as before are waited for, for a moment. */
static gboolean is_time(SightBatchQueue *queue) {
  guint n = g_queue_get_length(&queue->waiting);
  if (n == 0 || queue->n_under_way > 0)
    return n >= queue->enough;
  return n >= queue->n_before || g_get_monotonic_time() >= queue->free_us + GATHER_US;
}

static void wait_for_some(SightBatchQueue *queue) {
  while (!is_time(queue) && !queue->closing) {
    if (g_queue_is_empty(&queue->waiting) || queue->n_under_way > 0)
      g_cond_wait(&queue->changed, &queue->lock);
    else
      g_cond_wait_until(&queue->changed, &queue->lock, queue->free_us + GATHER_US);
  }
}

static gpointer write_batches(gpointer user_data) {
  SightBatchQueue *queue = user_data;
  g_mutex_lock(&queue->lock);
  while (TRUE) {
    wait_for_some(queue);
    if (g_queue_is_empty(&queue->waiting))
      break;
    g_autoptr(GPtrArray) group = take_group(queue);
    queue->n_under_way++;
    g_mutex_unlock(&queue->lock);
    store(queue, group);
    g_mutex_lock(&queue->lock);
    for (guint i = 0; i < group->len; i++) {
      SightBatchWaiting *waiting = g_ptr_array_index(group, i);
      waiting->done = TRUE;
      g_cond_signal(&waiting->stored);
    }
    queue->n_under_way--;
    queue->n_before = group->len;
    queue->free_us = g_get_monotonic_time();
    g_cond_signal(&queue->changed);
  }
  g_mutex_unlock(&queue->lock);
  return NULL;
}

void sight_batch_queue_put(SightBatchQueue *queue, SightBatchWaiting *waiting) {
  waiting->done = FALSE;
  g_cond_init(&waiting->stored);
  g_mutex_lock(&queue->lock);
  g_queue_push_tail(&queue->waiting, waiting);
  /* Where it is not time yet, a writer has to wait for that time. */
  if (queue->n_under_way == 0 || is_time(queue))
    g_cond_signal(&queue->changed);
  while (!waiting->done)
    g_cond_wait(&waiting->stored, &queue->lock);
  g_mutex_unlock(&queue->lock);
  g_cond_clear(&waiting->stored);
}

guint sight_batch_queue_length(SightBatchQueue *queue) {
  g_mutex_lock(&queue->lock);
  guint n = g_queue_get_length(&queue->waiting);
  g_mutex_unlock(&queue->lock);
  return n;
}

SightBatchQueue *sight_batch_queue_new(SightPostgres *postgres, SightBlobs *blobs, const char *prefix) {
  SightBatchQueue *queue = g_new0(SightBatchQueue, 1);
  queue->postgres = postgres;
  queue->blobs = blobs;
  queue->prefix = prefix;
  queue->enough = blobs != NULL ? ENOUGH_FOR_OBJECT : MAX_TOGETHER;
  g_mutex_init(&queue->lock);
  g_cond_init(&queue->changed);
  queue->keys = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, g_free);
  for (int i = 0; i < N_WRITERS; i++)
    queue->writers[i] = g_thread_new("batches", write_batches, queue);
  return queue;
}

void sight_batch_queue_free(SightBatchQueue *queue) {
  g_mutex_lock(&queue->lock);
  queue->closing = TRUE;
  g_cond_broadcast(&queue->changed);
  g_mutex_unlock(&queue->lock);
  for (int i = 0; i < N_WRITERS; i++)
    g_thread_join(queue->writers[i]);
  g_mutex_clear(&queue->lock);
  g_cond_clear(&queue->changed);
  g_hash_table_unref(queue->keys);
  g_free(queue);
}

/* Keys of sessions */

static char *key_name(const SightBatchWaiting *waiting) {
  return g_strdup_printf("%" G_GINT64_FORMAT " %s", waiting->project, waiting->batch->session);
}

gboolean sight_batch_queue_recall_key(SightBatchQueue *queue, SightBatchWaiting *waiting) {
  g_autofree char *name = key_name(waiting);
  g_mutex_lock(&queue->lock);
  const SessionKey *known = g_hash_table_lookup(queue->keys, name);
  gboolean found = known != NULL && known->until_us > g_get_monotonic_time();
  if (found)
    memcpy(waiting->key, known->key, sizeof waiting->key);
  g_mutex_unlock(&queue->lock);
  return found;
}

void sight_batch_queue_keep_key(SightBatchQueue *queue, const SightBatchWaiting *waiting) {
  char *name = key_name(waiting);
  SessionKey *known = g_new0(SessionKey, 1);
  memcpy(known->key, waiting->key, sizeof known->key);
  known->until_us = g_get_monotonic_time() + KEY_KEPT_US;
  g_mutex_lock(&queue->lock);
  if (g_hash_table_size(queue->keys) >= MAX_KEYS)
    g_hash_table_remove_all(queue->keys);
  g_hash_table_replace(queue->keys, name, known);
  g_mutex_unlock(&queue->lock);
}

void sight_batch_queue_forget_key(SightBatchQueue *queue, const SightBatchWaiting *waiting) {
  g_autofree char *name = key_name(waiting);
  g_mutex_lock(&queue->lock);
  g_hash_table_remove(queue->keys, name);
  g_mutex_unlock(&queue->lock);
}
