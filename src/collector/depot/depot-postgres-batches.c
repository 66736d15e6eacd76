/* SPDX-License-Identifier: MIT */
/* Batches of a PostgreSQL depot. They are compressed and sealed on the thread that brings them; those that wait then
 * are stored in one transaction, which holds the project's lock for one exchange with the server and its commit. */
#include "depot-postgres-private.h"

#include "sight-compress.h"
#include "sight-hash.h"
#include "sight-limits.h"
#include "sight-owner-table.h"
#include "sight-text.h"

#include <string.h>

#define COMPRESSION_LEVEL 5
#define MAX_TOGETHER 256
#define MAX_TOGETHER_BYTES ((gsize)8 * 1024 * 1024)
/* While one group is on its way, the next one gathers: another writer sets out with no fewer than this. */
#define N_WRITERS 4
#define ENOUGH 16
/* Visitors' clocks may say anything; differences of such times still fit. */
#define MAX_TIME_MS (G_GINT64_CONSTANT(1) << 52)
#define HASH_BYTES 32
#define PAGE_ROWS 16
#define MAX_SEALINGS 8
/* Keys of sessions that brought something lately; of one that is erased it is forgotten so soon. */
#define MAX_KEYS 50000
#define KEY_KEPT_US (60 * G_USEC_PER_SEC)

/* What put_batch() of the schema says. */
enum { RESULT_STORED, RESULT_DUPLICATE, RESULT_FOREIGN, RESULT_LARGE, RESULT_ERASED, RESULT_OTHER_KEY };

typedef struct {
  gint64 project, max_bytes;
  const SightBatch *batch;
  gboolean has_proof;
  guint8 proof[SIGHT_OWNER_HASH_BYTES], key[SIGHT_SEAL_KEY_BYTES];
  GBytes *sealed;
  GByteArray *users, *assets; /* NULL: none */
  char *object;               /* NULL: the row holds it */
  gint64 at;
  gboolean done;
  gint64 result;
  GError *error;
} Waiting;

struct SightBatchQueue {
  SightPostgres *postgres;
  SightBlobs *blobs; /* NULL: none */
  const char *prefix;
  GMutex lock;
  GCond changed, done;
  GQueue waiting;    /* of Waiting, borrowed */
  guint n_under_way; /* groups */
  gboolean closing;
  GThread *writers[N_WRITERS];
  GHashTable *keys; /* of SessionKey, by "PROJECT SESSION" */
};

typedef struct {
  guint8 key[SIGHT_SEAL_KEY_BYTES];
  gint64 until_us;
} SessionKey;

static void waiting_clear(Waiting *waiting) {
  g_clear_pointer(&waiting->sealed, g_bytes_unref);
  g_clear_pointer(&waiting->users, g_byte_array_unref);
  g_clear_pointer(&waiting->assets, g_byte_array_unref);
  g_clear_pointer(&waiting->object, g_free);
  g_clear_error(&waiting->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Waiting, waiting_clear)

/* Storing those that wait */

static void add_hashes(SightPgParams *params, const GByteArray *hashes, gint64 most) {
  sight_pg_add_bytes(params, hashes != NULL ? hashes->data : NULL, hashes != NULL ? hashes->len : 0);
  sight_pg_add_int(params, most);
}

static void fill_params(SightPgParams *params, const Waiting *waiting) {
  const SightBatch *batch = waiting->batch;
  gsize bytes = 0;
  const void *sealed = g_bytes_get_data(waiting->sealed, &bytes);
  sight_pg_add_int(params, waiting->project);
  sight_pg_add_text(params, batch->session);
  sight_pg_add_bytes(params, waiting->has_proof ? waiting->proof : NULL, sizeof waiting->proof);
  sight_pg_add_text(params, batch->window);
  sight_pg_add_int(params, batch->seq);
  sight_pg_add_int(params, batch->sent_at_ms);
  sight_pg_add_int(params, batch->received_at_ms);
  sight_pg_add_int(params, CLAMP(batch->first_ms, -MAX_TIME_MS, MAX_TIME_MS));
  sight_pg_add_int(params, CLAMP(batch->last_ms, -MAX_TIME_MS, MAX_TIME_MS));
  sight_pg_add_int(params, batch->n_events);
  sight_pg_add_int(params, (gint64)batch->events_bytes);
  sight_pg_add_int(params, waiting->max_bytes);
  sight_pg_add_bytes(params, waiting->key, sizeof waiting->key);
  sight_pg_add_bytes(params, waiting->object == NULL ? sealed : NULL, bytes);
  sight_pg_add_text(params, waiting->object);
  sight_pg_add_int(params, waiting->at);
  sight_pg_add_int(params, (gint64)bytes);
  add_hashes(params, waiting->users, SIGHT_USERS_MAX_NAMES);
  add_hashes(params, waiting->assets, SIGHT_ASSETS_MAX);
  sight_pg_add_int(params, SIGHT_ASSETS_MAX_BYTES);
}

static gboolean send_command(SightPgLink *link, const char *command, GError **error) {
  if (PQsendQueryParams(sight_pg_connection(link), command, 0, NULL, NULL, NULL, NULL, 1) == 1)
    return TRUE;
  sight_pg_fail(link, NULL, error);
  return FALSE;
}

static gsize size_of(const GPtrArray *group) {
  gsize bytes = 0;
  for (guint i = 0; i < group->len; i++)
    bytes += g_bytes_get_size(((const Waiting *)g_ptr_array_index(group, i))->sealed);
  return bytes;
}

/* The row of the object stands before those that name it. */
static gboolean send_object(SightPgLink *link, const GPtrArray *group, GError **error) {
  const Waiting *first = g_ptr_array_index(group, 0);
  SightPgParams params = {0};
  if (first->object == NULL)
    return TRUE;
  sight_pg_add_text(&params, first->object);
  sight_pg_add_int(&params, (gint64)size_of(group));
  return sight_pg_send(link, SIGHT_PG_OBJECT_ADD, &params, error);
}

static gboolean send_all(SightPgLink *link, GPtrArray *group, GError **error) {
  if (!send_command(link, "BEGIN", error) || !send_object(link, group, error))
    return FALSE;
  for (guint i = 0; i < group->len; i++) {
    SightPgParams params = {0};
    fill_params(&params, g_ptr_array_index(group, i));
    if (!sight_pg_send(link, SIGHT_PG_BATCH_PUT, &params, error))
      return FALSE;
  }
  if (!send_command(link, "COMMIT", error))
    return FALSE;
  if (PQpipelineSync(sight_pg_connection(link)) == 1)
    return TRUE;
  sight_pg_fail(link, NULL, error);
  return FALSE;
}

/* The next answer of the pipeline: its row's number where it has one. The first failure stays. */
static gboolean take_result(SightPgLink *link, gint64 *number, GError **error) {
  g_autoptr(SightPgResult) result = PQgetResult(sight_pg_connection(link));
  ExecStatusType status = result != NULL ? PQresultStatus(result) : PGRES_FATAL_ERROR;
  if (status == PGRES_TUPLES_OK && number != NULL)
    *number = sight_pg_int(result, 0, 0);
  else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && *error == NULL &&
           status != PGRES_PIPELINE_ABORTED)
    sight_pg_fail(link, result, error);
  if (result != NULL)
    PQclear(PQgetResult(sight_pg_connection(link)));
  return result != NULL;
}

static gboolean take_all(SightPgLink *link, GPtrArray *group, GError **error) {
  g_autoptr(GError) failure = NULL;
  gboolean goes_on = take_result(link, NULL, &failure);
  if (((const Waiting *)g_ptr_array_index(group, 0))->object != NULL)
    goes_on = goes_on && take_result(link, NULL, &failure);
  for (guint i = 0; i < group->len && goes_on; i++) {
    Waiting *waiting = g_ptr_array_index(group, i);
    goes_on = take_result(link, &waiting->result, &failure);
  }
  goes_on = goes_on && take_result(link, NULL, &failure);
  if (goes_on)
    PQclear(PQgetResult(sight_pg_connection(link))); /* of the end of the pipeline */
  if (failure == NULL && goes_on)
    return TRUE;
  if (failure != NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  else
    sight_pg_fail(link, NULL, error);
  return FALSE;
}

/* One transaction for all of them; FALSE: none of them is known to be stored. */
static gboolean store_together(SightBatchQueue *queue, GPtrArray *group, GError **error) {
  SightPgLink *link = sight_postgres_take(queue->postgres, error);
  if (link == NULL)
    return FALSE;
  gboolean done = sight_pg_prepare(link, SIGHT_PG_BATCH_PUT, error) &&
                  sight_pg_prepare(link, SIGHT_PG_OBJECT_ADD, error) &&
                  PQenterPipelineMode(sight_pg_connection(link)) == 1 && send_all(link, group, error) &&
                  take_all(link, group, error) && PQexitPipelineMode(sight_pg_connection(link)) == 1;
  if (!done && error != NULL && *error == NULL)
    sight_pg_fail(link, NULL, error);
  sight_postgres_give(queue->postgres, link);
  return done;
}

/* The object first, its row second: what the store refuses is never told of, and an object without a row is swept. */
static gboolean put_object(SightBatchQueue *queue, GPtrArray *group, GError **error) {
  g_autoptr(GByteArray) content = g_byte_array_sized_new((guint)size_of(group));
  g_autofree char *id = sight_id_new();
  g_autofree char *name = g_strconcat(queue->prefix, id, NULL);
  if (queue->blobs == NULL)
    return TRUE;
  for (guint i = 0; i < group->len; i++) {
    Waiting *waiting = g_ptr_array_index(group, i);
    gsize bytes = 0;
    const guint8 *sealed = g_bytes_get_data(waiting->sealed, &bytes);
    g_free(waiting->object);
    waiting->object = g_strdup(name);
    waiting->at = content->len;
    g_byte_array_append(content, sealed, (guint)bytes);
  }
  g_autoptr(GBytes) whole = g_byte_array_free_to_bytes(g_steal_pointer(&content));
  return sight_blobs_put(queue->blobs, name, whole, error);
}

static void store(SightBatchQueue *queue, GPtrArray *group) {
  g_autoptr(GError) error = NULL;
  if (put_object(queue, group, &error) && store_together(queue, group, &error))
    return;
  for (guint i = 0; i < group->len; i++) {
    Waiting *waiting = g_ptr_array_index(group, i);
    waiting->error = g_error_copy(error);
  }
}

static GPtrArray *take_group(SightBatchQueue *queue) {
  GPtrArray *group = g_ptr_array_new();
  gsize bytes = 0;
  while (!g_queue_is_empty(&queue->waiting) && group->len < MAX_TOGETHER && bytes < MAX_TOGETHER_BYTES) {
    Waiting *waiting = g_queue_pop_head(&queue->waiting);
    bytes += g_bytes_get_size(waiting->sealed);
    g_ptr_array_add(group, waiting);
  }
  return group;
}

/* Each group costs a commit, one after the other: few large ones are better than many small ones. */
static gboolean is_time(SightBatchQueue *queue) {
  guint n = g_queue_get_length(&queue->waiting);
  return n > 0 && (queue->n_under_way == 0 || n >= ENOUGH);
}

static gpointer write_batches(gpointer user_data) {
  SightBatchQueue *queue = user_data;
  g_mutex_lock(&queue->lock);
  while (TRUE) {
    while (!is_time(queue) && !queue->closing)
      g_cond_wait(&queue->changed, &queue->lock);
    if (g_queue_is_empty(&queue->waiting))
      break;
    g_autoptr(GPtrArray) group = take_group(queue);
    queue->n_under_way++;
    g_mutex_unlock(&queue->lock);
    store(queue, group);
    g_mutex_lock(&queue->lock);
    for (guint i = 0; i < group->len; i++)
      ((Waiting *)g_ptr_array_index(group, i))->done = TRUE;
    queue->n_under_way--;
    g_cond_broadcast(&queue->done);
    g_cond_signal(&queue->changed);
  }
  g_mutex_unlock(&queue->lock);
  return NULL;
}

SightBatchQueue *sight_batch_queue_new(SightPostgres *postgres, SightBlobs *blobs, const char *prefix) {
  SightBatchQueue *queue = g_new0(SightBatchQueue, 1);
  queue->postgres = postgres;
  queue->blobs = blobs;
  queue->prefix = prefix;
  g_mutex_init(&queue->lock);
  g_cond_init(&queue->changed);
  g_cond_init(&queue->done);
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
  g_cond_clear(&queue->done);
  g_hash_table_unref(queue->keys);
  g_free(queue);
}

static char *key_name(const Waiting *waiting) {
  return g_strdup_printf("%" G_GINT64_FORMAT " %s", waiting->project, waiting->batch->session);
}

static gboolean recall_key(SightBatchQueue *queue, Waiting *waiting) {
  g_autofree char *name = key_name(waiting);
  g_mutex_lock(&queue->lock);
  const SessionKey *known = g_hash_table_lookup(queue->keys, name);
  gboolean found = known != NULL && known->until_us > g_get_monotonic_time();
  if (found)
    memcpy(waiting->key, known->key, sizeof waiting->key);
  g_mutex_unlock(&queue->lock);
  return found;
}

/* What is stored proves the key; whatever else is said of the batch ends the memory of it. */
static void keep_key(SightBatchQueue *queue, const Waiting *waiting) {
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

static void forget_key(SightBatchQueue *queue, const Waiting *waiting) {
  g_autofree char *name = key_name(waiting);
  g_mutex_lock(&queue->lock);
  g_hash_table_remove(queue->keys, name);
  g_mutex_unlock(&queue->lock);
}

static void wait_for(SightBatchQueue *queue, Waiting *waiting) {
  g_mutex_lock(&queue->lock);
  waiting->done = FALSE;
  g_queue_push_tail(&queue->waiting, waiting);
  g_cond_signal(&queue->changed);
  while (!waiting->done)
    g_cond_wait(&queue->done, &queue->lock);
  g_mutex_unlock(&queue->lock);
}

/* Bringing one */

static char *about(const char *session, const char *window, gint64 seq) {
  return g_strdup_printf("batch %s %s %" G_GINT64_FORMAT, session, window, seq);
}

static GByteArray *hash_users(const SightBatch *batch, const guint8 pepper[HASH_BYTES]) {
  GByteArray *hashes = g_byte_array_new();
  for (guint i = 0; i < batch->users->len; i++) {
    const char *name = g_ptr_array_index(batch->users, i);
    g_autofree char *bucket = sight_user_bucket(name);
    guint8 hash[HASH_BYTES];
    sight_depot_postgres_hash_user(pepper, name, hash);
    g_byte_array_append(hashes, hash, sizeof hash);
    sight_depot_postgres_hash_user(pepper, bucket, hash);
    g_byte_array_append(hashes, hash, sizeof hash);
  }
  return hashes;
}

static GByteArray *pack_assets(const SightBatch *batch) {
  GByteArray *hashes = g_byte_array_new();
  for (guint i = 0; i < batch->assets->len; i++) {
    const char *digits = g_ptr_array_index(batch->assets, i);
    for (int k = 0; k < HASH_BYTES; k++) {
      guint8 byte = (guint8)(g_ascii_xdigit_value(digits[2 * k]) << 4 | g_ascii_xdigit_value(digits[2 * k + 1]));
      g_byte_array_append(hashes, &byte, 1);
    }
  }
  return hashes;
}

/* The session's key, or a new one where it has none yet. */
static gboolean look_up_key(SightPgLink *link, Waiting *waiting, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, waiting->project);
  sight_pg_add_text(&params, waiting->batch->session);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_SESSION_KEY, &params, error);
  if (result == NULL)
    return FALSE;
  gsize bytes = 0;
  const void *key = PQntuples(result) > 0 ? sight_pg_bytes(result, 0, 0, &bytes) : NULL;
  if (key != NULL && bytes == sizeof waiting->key)
    memcpy(waiting->key, key, bytes);
  else
    sight_seal_new_key(waiting->key);
  return TRUE;
}

static gboolean note_users(SightPgLink *link, Waiting *waiting, GError **error) {
  guint8 pepper[HASH_BYTES];
  if (!sight_depot_postgres_get_pepper(link, waiting->project, pepper, error))
    return FALSE;
  waiting->users = hash_users(waiting->batch, pepper);
  return TRUE;
}

/* What has to be asked of the database before: mostly nothing. */
static gboolean prepare(SightDepotPostgres *depot, Waiting *waiting, GError **error) {
  gboolean has_key = recall_key(depot->queue, waiting);
  gboolean has_users = waiting->batch->users == NULL || waiting->users != NULL;
  if (has_key && has_users)
    return TRUE;
  SightPgLink *link = sight_postgres_take(depot->postgres, error);
  if (link == NULL)
    return FALSE;
  gboolean done = (has_key || look_up_key(link, waiting, error)) && (has_users || note_users(link, waiting, error));
  sight_postgres_give(depot->postgres, link);
  return done;
}

static gboolean seal(SightDepotPostgres *depot, Waiting *waiting, GBytes *packed, GError **error) {
  if (!prepare(depot, waiting, error))
    return FALSE;
  const SightBatch *batch = waiting->batch;
  g_autofree char *what = about(batch->session, batch->window, batch->seq);
  g_clear_pointer(&waiting->sealed, g_bytes_unref);
  waiting->sealed = sight_seal(waiting->key, what, g_bytes_get_data(packed, NULL), g_bytes_get_size(packed));
  return TRUE;
}

static gboolean tell_result(const Waiting *waiting, SightDepotPut *result, GError **error) {
  switch (waiting->result) {
  case RESULT_STORED:
    *result = SIGHT_DEPOT_STORED;
    return TRUE;
  case RESULT_DUPLICATE:
    *result = SIGHT_DEPOT_DUPLICATE;
    return TRUE;
  case RESULT_FOREIGN:
    *result = SIGHT_DEPOT_FOREIGN;
    return TRUE;
  case RESULT_LARGE:
    *result = SIGHT_DEPOT_LARGE;
    return TRUE;
  case RESULT_ERASED:
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED, "the session was erased");
    return FALSE;
  default:
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the session's key changes all the time");
    return FALSE;
  }
}

gboolean sight_depot_postgres_put_batch(SightDepot *depot, gint64 project, const SightBatch *batch, const char *proof,
                                        gint64 max_bytes, SightDepotPut *result, GError **error) {
  SightDepotPostgres *self = (SightDepotPostgres *)depot;
  g_auto(Waiting) waiting = {.project = project, .batch = batch, .max_bytes = max_bytes, .has_proof = proof != NULL};
  g_autoptr(GBytes) packed = sight_zstd_compress(batch->events, batch->events_bytes, COMPRESSION_LEVEL);
  if (proof != NULL)
    sight_owner_hash(proof, waiting.proof);
  if (batch->assets != NULL)
    waiting.assets = pack_assets(batch);
  waiting.result = RESULT_OTHER_KEY;
  for (int i = 0; i < MAX_SEALINGS && waiting.result == RESULT_OTHER_KEY; i++) {
    if (!seal(self, &waiting, packed, error))
      return FALSE;
    wait_for(self->queue, &waiting);
    if (waiting.error != NULL) {
      g_propagate_error(error, g_steal_pointer(&waiting.error));
      return FALSE;
    }
    if (waiting.result == RESULT_STORED)
      keep_key(self->queue, &waiting);
    else
      forget_key(self->queue, &waiting);
  }
  return tell_result(&waiting, result, error);
}

/* Reading them back */

typedef struct {
  SightDepotPostgres *depot;
  gint64 project, after, session_row;
  const char *session, *tainted_cursor;
  guint8 key[SIGHT_SEAL_KEY_BYTES];
  SightDepotBatchFunc func;
  gpointer user_data;
  gboolean stopped;
} Listing;

static gboolean find_session(SightPgLink *link, Listing *listing, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, listing->project);
  sight_pg_add_text(&params, listing->session);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_SESSION_GET, &params, error);
  if (result == NULL)
    return FALSE;
  if (PQntuples(result) == 0) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, "no such session");
    return FALSE;
  }
  gint64 revision = 0;
  g_autofree char *id = NULL;
  if (!sight_depot_postgres_read_cursor(link, listing->project, listing->tainted_cursor, &revision, &id, error))
    return FALSE;
  if (listing->after > sight_pg_int(result, 0, 1)) {
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_AFTER, "no batch of that number");
    return FALSE;
  }
  gsize bytes = 0;
  const void *key = sight_pg_bytes(result, 0, 2, &bytes);
  listing->session_row = sight_pg_int(result, 0, 0);
  memcpy(listing->key, key, MIN(bytes, sizeof listing->key));
  return TRUE;
}

/* The events as they were brought; NULL on error. */
static GBytes *open_row(const Listing *listing, const SightPgResult *page, int row, GBytes *sealed, GError **error) {
  const char *window = sight_pg_text(page, row, 1);
  gint64 seq = sight_pg_int(page, row, 2), n_bytes = sight_pg_int(page, row, 8);
  gsize bytes = 0;
  const void *data = g_bytes_get_data(sealed, &bytes);
  g_autofree char *what = about(listing->session, window, seq);
  g_autoptr(GBytes) packed = sight_unseal(listing->key, what, data, bytes, error);
  if (packed == NULL)
    return NULL;
  return sight_zstd_expand(g_bytes_get_data(packed, NULL), g_bytes_get_size(packed), (gsize)n_bytes, error);
}

static gboolean pass_row(Listing *listing, const SightPgResult *page, int row, GBytes *sealed, GError **error) {
  g_autoptr(GBytes) events = open_row(listing, page, row, sealed, error);
  if (events == NULL)
    return FALSE;
  gsize bytes = 0;
  SightStoredBatch stored = {.arrival = sight_pg_int(page, row, 0)};
  stored.batch = (SightBatch){.session = listing->session,
                              .window = sight_pg_text(page, row, 1),
                              .seq = sight_pg_int(page, row, 2),
                              .sent_at_ms = sight_pg_int(page, row, 3),
                              .received_at_ms = sight_pg_int(page, row, 4),
                              .n_events = (guint)sight_pg_int(page, row, 5),
                              .first_ms = sight_pg_int(page, row, 6),
                              .last_ms = sight_pg_int(page, row, 7),
                              .events = g_bytes_get_data(events, &bytes)};
  stored.batch.events_bytes = bytes;
  listing->after = stored.arrival;
  listing->stopped = !listing->func(&stored, listing->user_data);
  return TRUE;
}

/* The sealed events of a page: those in rows are borrowed from it. FALSE: none. */
static gboolean collect_sealed(Listing *listing, const SightPgResult *page, GPtrArray *sealed, GError **error) {
  g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(SightBlobPart));
  for (int i = 0; i < PQntuples(page); i++) {
    gsize bytes = 0;
    const void *data = sight_pg_bytes(page, i, 10, &bytes);
    SightBlobPart part = {.name = sight_pg_text(page, i, 11), .at = sight_pg_int(page, i, 12)};
    part.size = sight_pg_int(page, i, 9);
    if (data == NULL && part.name != NULL)
      g_array_append_val(parts, part);
    g_ptr_array_add(sealed, data != NULL ? g_bytes_new_static(data, bytes) : NULL);
  }
  if (parts->len == 0)
    return TRUE;
  if (listing->depot->blobs == NULL) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE,
                        "events of this session are in an object store: start the collector with --blobs");
    return FALSE;
  }
  if (!sight_blobs_get(listing->depot->blobs, (SightBlobPart *)(gpointer)parts->data, parts->len, error))
    return FALSE;
  for (guint i = 0, k = 0; i < sealed->len; i++) {
    if (sealed->pdata[i] == NULL && k < parts->len)
      sealed->pdata[i] = g_array_index(parts, SightBlobPart, k++).bytes;
  }
  return TRUE;
}

static void free_sealed(gpointer bytes) {
  if (bytes != NULL)
    g_bytes_unref(bytes);
}

static gboolean pass_page(Listing *listing, const SightPgResult *page, GError **error) {
  g_autoptr(GPtrArray) sealed = g_ptr_array_new_with_free_func(free_sealed);
  if (!collect_sealed(listing, page, sealed, error))
    return FALSE;
  for (int i = 0; i < PQntuples(page) && !listing->stopped; i++) {
    if (!pass_row(listing, page, i, sealed->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean read_batches(SightPgLink *link, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  int n = PAGE_ROWS;
  if (!find_session(link, listing, error))
    return FALSE;
  while (n == PAGE_ROWS && !listing->stopped) {
    SightPgParams params = {0};
    sight_pg_add_int(&params, listing->session_row);
    sight_pg_add_int(&params, listing->after);
    sight_pg_add_int(&params, PAGE_ROWS);
    g_autoptr(SightPgResult) page = sight_pg_run(link, SIGHT_PG_BATCH_EACH, &params, error);
    if (page == NULL || !pass_page(listing, page, error))
      return FALSE;
    n = PQntuples(page);
  }
  return TRUE;
}

gboolean sight_depot_postgres_list_batches(SightDepot *depot, gint64 project, const char *session,
                                           const char *tainted_cursor, gint64 after, SightDepotBatchFunc func,
                                           gpointer user_data, GError **error) {
  Listing listing = {.depot = (SightDepotPostgres *)depot,
                     .project = project,
                     .session = session,
                     .tainted_cursor = tainted_cursor,
                     .after = after,
                     .func = func,
                     .user_data = user_data};
  return sight_postgres_read(listing.depot->postgres, read_batches, &listing, error);
}
