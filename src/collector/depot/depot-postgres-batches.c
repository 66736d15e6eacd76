/* SPDX-License-Identifier: MIT */
/* Batches of a PostgreSQL depot: compressed and sealed on the thread that brings them, stored by the queue, read back.
 */
#include "depot-postgres-private.h"

#include "sight-compress.h"
#include "sight-hash.h"
#include "sight-owner-table.h"
#include "sight-text.h"

#include <string.h>

#define COMPRESSION_LEVEL 5
#define HASH_BYTES 32
#define PAGE_ROWS 16
#define MAX_SEALINGS 8

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
static gboolean look_up_key(SightPgLink *link, SightBatchWaiting *waiting, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, waiting->project);
  sight_pg_add_text(&params, waiting->batch->session);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_SESSION_KEY, &params, error);
  if (result == NULL)
    return FALSE;
  gsize bytes = 0;
  const void *key = PQntuples(result) > 0 ? sight_pg_bytes(result, 0, 0, &bytes) : NULL;
  waiting->begins = key == NULL || bytes != sizeof waiting->key;
  if (waiting->begins)
    sight_seal_new_key(waiting->key);
  else
    memcpy(waiting->key, key, bytes);
  return TRUE;
}

static gboolean note_users(SightPgLink *link, SightBatchWaiting *waiting, GError **error) {
  guint8 pepper[HASH_BYTES];
  if (!sight_depot_postgres_get_pepper(link, waiting->project, pepper, error))
    return FALSE;
  waiting->users = hash_users(waiting->batch, pepper);
  return TRUE;
}

/* What has to be asked of the database before: mostly nothing. */
static gboolean prepare(SightDepotPostgres *depot, SightBatchWaiting *waiting, GError **error) {
  gboolean has_key = sight_batch_queue_recall_key(depot->queue, waiting);
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

static gboolean seal(SightDepotPostgres *depot, SightBatchWaiting *waiting, GBytes *packed, GError **error) {
  if (!prepare(depot, waiting, error))
    return FALSE;
  g_clear_pointer(&waiting->sealed, g_bytes_unref);
  waiting->sealed = sight_seal(waiting->key, waiting->name, g_bytes_get_data(packed, NULL), g_bytes_get_size(packed));
  return TRUE;
}

static gboolean tell_result(const SightBatchWaiting *waiting, SightDepotPut *result, GError **error) {
  switch (waiting->result) {
  case SIGHT_BATCH_STORED:
    *result = SIGHT_DEPOT_STORED;
    return TRUE;
  case SIGHT_BATCH_DUPLICATE:
    *result = SIGHT_DEPOT_DUPLICATE;
    return TRUE;
  case SIGHT_BATCH_FOREIGN:
    *result = SIGHT_DEPOT_FOREIGN;
    return TRUE;
  case SIGHT_BATCH_LARGE:
    *result = SIGHT_DEPOT_LARGE;
    return TRUE;
  case SIGHT_BATCH_OVER_BYTES:
    *result = SIGHT_DEPOT_OVER_BYTES;
    return TRUE;
  case SIGHT_BATCH_OVER_SESSIONS:
    *result = SIGHT_DEPOT_OVER_SESSIONS;
    return TRUE;
  case SIGHT_BATCH_CLOSED:
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_CLOSED, "the project is closed");
    return FALSE;
  case SIGHT_BATCH_ERASED:
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED, "the session was erased");
    return FALSE;
  default:
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the session's key changes all the time");
    return FALSE;
  }
}

gboolean sight_depot_postgres_put_batch(SightDepot *depot, gint64 project, const SightBatch *batch, const guint8 *proof,
                                        gint64 max_bytes, SightDepotPut *result, GError **error) {
  SightDepotPostgres *self = (SightDepotPostgres *)depot;
  g_auto(SightBatchWaiting)
      waiting = {.project = project, .batch = batch, .max_bytes = max_bytes, .has_proof = proof != NULL};
  g_autoptr(GBytes) packed = batch->is_lost
                                 ? g_bytes_new_static("", 0)
                                 : sight_zstd_compress(batch->events, batch->events_bytes, COMPRESSION_LEVEL);
  waiting.name = about(batch->session, batch->window, batch->seq);
  if (proof != NULL)
    memcpy(waiting.proof, proof, sizeof waiting.proof);
  if (batch->assets != NULL)
    waiting.assets = pack_assets(batch);
  waiting.result = SIGHT_BATCH_OTHER_KEY;
  for (int i = 0; i < MAX_SEALINGS && waiting.result == SIGHT_BATCH_OTHER_KEY; i++) {
    if (!seal(self, &waiting, packed, error))
      return FALSE;
    sight_batch_queue_put(self->queue, &waiting);
    if (waiting.error != NULL) {
      g_propagate_error(error, g_steal_pointer(&waiting.error));
      return FALSE;
    }
    if (waiting.result == SIGHT_BATCH_STORED)
      sight_batch_queue_keep_key(self->queue, &waiting);
    else
      sight_batch_queue_forget_key(self->queue, &waiting);
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

/* Why it is not there. */
static gboolean fail_without(SightPgLink *link, const Listing *listing, GError **error) {
  gint64 erased = 0;
  SightPgParams params = {0};
  sight_pg_add_int(&params, listing->project);
  sight_pg_add_text(&params, listing->session);
  if (sight_pg_get_int(link, SIGHT_PG_TOMBSTONE_STANDS, &params, 0, &erased, error))
    g_set_error_literal(error, SIGHT_STORE_ERROR, erased ? SIGHT_STORE_ERROR_ERASED : SIGHT_STORE_ERROR_NOT_FOUND,
                        erased ? "the session was erased" : "no such session");
  return FALSE;
}

static gboolean find_session(SightPgLink *link, Listing *listing, GError **error) {
  gint64 revision = 0;
  g_autofree char *id = NULL;
  if (!sight_depot_postgres_read_cursor(link, listing->project, listing->tainted_cursor, &revision, &id, error))
    return FALSE;
  SightPgParams params = {0};
  sight_pg_add_int(&params, listing->project);
  sight_pg_add_text(&params, listing->session);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_SESSION_GET, &params, error);
  if (result == NULL)
    return FALSE;
  if (PQntuples(result) == 0)
    return fail_without(link, listing, error);
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

/* The events as they were brought; NULL where they are damaged. */
static GBytes *open_row(const Listing *listing, const SightPgResult *page, int row, GBytes *sealed) {
  const char *window = sight_pg_text(page, row, 1);
  gint64 seq = sight_pg_int(page, row, 2), n_bytes = sight_pg_int(page, row, 8);
  gsize bytes = 0;
  const void *data = sealed != NULL ? g_bytes_get_data(sealed, &bytes) : NULL;
  if (data == NULL)
    return NULL;
  g_autofree char *what = about(listing->session, window, seq);
  g_autoptr(GBytes) packed = sight_unseal(listing->key, what, data, bytes, NULL);
  if (packed == NULL)
    return NULL;
  return sight_zstd_expand(g_bytes_get_data(packed, NULL), g_bytes_get_size(packed), (gsize)n_bytes, NULL);
}

static void pass_row(Listing *listing, const SightPgResult *page, int row, GBytes *sealed) {
  g_autoptr(GBytes) events = open_row(listing, page, row, sealed);
  gsize bytes = 0;
  SightStoredBatch stored = {.arrival = sight_pg_int(page, row, 0), .held = events};
  stored.batch = (SightBatch){.session = listing->session,
                              .window = sight_pg_text(page, row, 1),
                              .seq = sight_pg_int(page, row, 2),
                              .sent_at_ms = sight_pg_int(page, row, 3),
                              .received_at_ms = sight_pg_int(page, row, 4),
                              .n_events = events != NULL ? (guint)sight_pg_int(page, row, 5) : 0,
                              .first_ms = sight_pg_int(page, row, 6),
                              .last_ms = sight_pg_int(page, row, 7),
                              .is_lost = events == NULL,
                              .events = events != NULL ? g_bytes_get_data(events, &bytes) : NULL};
  stored.batch.events_bytes = bytes;
  listing->after = stored.arrival;
  listing->stopped = !listing->func(&stored, listing->user_data);
}

static gboolean is_in_blob(const SightPgResult *page, int row) {
  gsize bytes = 0;
  return sight_pg_bytes(page, row, 10, &bytes) == NULL && sight_pg_text(page, row, 11) != NULL;
}

/* The sealed events of a page: those in rows are borrowed from it, NULL where the store has lost them. FALSE: none. */
static gboolean collect_sealed(Listing *listing, const SightPgResult *page, GPtrArray *sealed, GError **error) {
  g_autoptr(GArray) parts = g_array_new(FALSE, TRUE, sizeof(SightBlobPart));
  for (int i = 0; i < PQntuples(page); i++) {
    gsize bytes = 0;
    const void *data = sight_pg_bytes(page, i, 10, &bytes);
    SightBlobPart part = {.name = sight_pg_text(page, i, 11), .at = sight_pg_int(page, i, 12)};
    part.size = sight_pg_int(page, i, 9);
    if (is_in_blob(page, i))
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
    if (is_in_blob(page, (int)i))
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
  for (int i = 0; i < PQntuples(page) && !listing->stopped; i++)
    pass_row(listing, page, i, sealed->pdata[i]);
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
