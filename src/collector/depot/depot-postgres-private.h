/* SPDX-License-Identifier: MIT */
/* What the files of the PostgreSQL depot share. */
#pragma once

#include "sight-blobs.h"
#include "sight-depot.h"
#include "sight-owner-table.h"
#include "sight-postgres.h"
#include "sight-seal.h"

G_BEGIN_DECLS

typedef struct SightBatchQueue SightBatchQueue;
typedef struct SightKeyCache SightKeyCache;

typedef struct {
  SightDepot depot;
  SightPostgres *postgres;
  SightBlobs *blobs; /* NULL: events stand in rows */
  char *prefix;      /* of the names of this database's objects */
  SightBatchQueue *queue;
  SightKeyCache *keys;
  GThreadPool *tender;
  int tending; /* atomic: a round is under way */
  int closing; /* atomic: what is left of it waits for another collector, or the next start */
} SightDepotPostgres;

/* Fails where the project is closed. */
gboolean sight_depot_postgres_lock(SightPgLink *link, gint64 project, GError **error);
gint64 sight_depot_postgres_now_ms(void);
/* Names of users are kept as HMAC-SHA256 under the project's pepper. FALSE on error. */
gboolean sight_depot_postgres_get_pepper(SightPgLink *link, gint64 project, guint8 pepper[32], GError **error);
void sight_depot_postgres_hash_user(const guint8 pepper[32], const char *name, guint8 hash[32]);
/* FALSE with SIGHT_DEPOT_ERROR_CURSOR where it is of another depot. *id (the caller's) is the project's. */
gboolean sight_depot_postgres_read_cursor(SightPgLink *link, gint64 project, const char *tainted_cursor,
                                          gint64 *revision, char **id, GError **error);
char *sight_depot_postgres_write_cursor(SightPgLink *link, gint64 project, const char *id, gint64 revision,
                                        GError **error);

/* What put_batches() of the schema says of a batch. */
typedef enum {
  SIGHT_BATCH_STORED,
  SIGHT_BATCH_DUPLICATE,
  SIGHT_BATCH_FOREIGN,
  SIGHT_BATCH_LARGE,
  SIGHT_BATCH_ERASED,
  SIGHT_BATCH_OTHER_KEY,
  SIGHT_BATCH_OVER_BYTES,
  SIGHT_BATCH_OVER_SESSIONS,
  SIGHT_BATCH_CLOSED
} SightBatchResult;

/* A batch that is brought: compressed, sealed, and what became of it. */
typedef struct {
  gint64 project, max_bytes;
  const SightBatch *batch;
  char *name;                 /* that no other batch of the project has; what is sealed is bound to it */
  gboolean has_proof, begins; /* begins: the session was not there */
  guint8 proof[SIGHT_OWNER_HASH_BYTES], key[SIGHT_SEAL_KEY_BYTES];
  GBytes *sealed;
  GByteArray *users, *assets; /* NULL: none */
  GCond stored;               /* of the queue */
  gboolean done;
  gint64 result; /* SightBatchResult */
  GError *error;
} SightBatchWaiting;
void sight_batch_waiting_clear(SightBatchWaiting *waiting);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightBatchWaiting, sight_batch_waiting_clear)

/* Stores together what waits at a time; blobs may be NULL, all are borrowed. */
SightBatchQueue *sight_batch_queue_new(SightPostgres *postgres, SightBlobs *blobs, const char *prefix);
void sight_batch_queue_free(SightBatchQueue *queue);
guint sight_batch_queue_length(SightBatchQueue *queue);
/* Waits until it is stored and durable (see its result), or not (see its error). */
void sight_batch_queue_put(SightBatchQueue *queue, SightBatchWaiting *waiting);
/* The key of the batch's session, remembered for a minute: what is stored proves it, whatever else is said of a batch
 * ends the memory of it. */
gboolean sight_batch_queue_recall_key(SightBatchQueue *queue, SightBatchWaiting *waiting);
void sight_batch_queue_keep_key(SightBatchQueue *queue, const SightBatchWaiting *waiting);
void sight_batch_queue_forget_key(SightBatchQueue *queue, const SightBatchWaiting *waiting);

gboolean sight_depot_postgres_put_batch(SightDepot *depot, gint64 project, const SightBatch *batch, const guint8 *proof,
                                        gint64 max_bytes, SightDepotPut *result, GError **error);
gboolean sight_depot_postgres_list_batches(SightDepot *depot, gint64 project, const char *session,
                                           const char *tainted_cursor, gint64 after, SightDepotBatchFunc func,
                                           gpointer user_data, GError **error);

gboolean sight_depot_postgres_list_annotations(SightDepot *depot, gint64 project, const char *tainted_cursor,
                                               SightDepotAnnotationFunc func, gpointer user_data, char **cursor,
                                               GError **error);
gboolean sight_depot_postgres_put_annotation(SightDepot *depot, SightAnnotation *annotation, gboolean *changed,
                                             GError **error);
gboolean sight_depot_postgres_has_asset(SightDepot *depot, gint64 project, const char *hash, gboolean *has,
                                        GError **error);
gboolean sight_depot_postgres_get_asset(SightDepot *depot, gint64 project, const char *hash, char **type,
                                        GBytes **content, GError **error);
gboolean sight_depot_postgres_put_asset(SightDepot *depot, gint64 project, const char *hash, const char *type,
                                        GBytes *content, SightAssetResult *result, GError **error);
gboolean sight_depot_postgres_put_digest(SightDepot *depot, gint64 project, const SightDigest *digest,
                                         gboolean *changed, GError **error);
gboolean sight_depot_postgres_list_digests(SightDepot *depot, gint64 project, const char *tainted_cursor,
                                           gint64 since_ms, SightDepotDigestFunc func, gpointer user_data,
                                           char **cursor, GError **error);
gboolean sight_depot_postgres_count_digests(SightDepot *depot, gint64 project, gint64 *n_sessions, gint64 *n_digests,
                                            GError **error);
/* Assets that no session told of in time. */
gboolean sight_depot_postgres_drop_waiting(SightPgLink *link, GError **error);

/* Keys are looked up for each request, on the server's thread: those that were found stay for some seconds, and go as
 * soon as the database tells that keys changed. */
SightKeyCache *sight_key_cache_new(SightPostgres *postgres);
void sight_key_cache_free(SightKeyCache *cache);
gboolean sight_key_cache_check(SightKeyCache *cache, const char *tainted_key, SightKey **key, char ***origins,
                               GError **error);
/* The caller's. */
SightKey *sight_depot_postgres_read_key(const SightPgResult *result, int row);
char **sight_depot_postgres_read_origins(SightPgLink *link, gint64 project, GError **error);

gboolean sight_depot_postgres_adopt(SightDepot *depot, const char *name, const char *id, const GPtrArray *keys,
                                    char **origins, gint64 *project, GError **error);
gboolean sight_depot_postgres_look_up(SightDepot *depot, gint64 project, const char *session, SightDepotSession *found,
                                      GError **error);
gboolean sight_depot_postgres_set_origins(SightPgLink *link, gint64 project, char **origins, GError **error);

/* What is done now and then, by one collector at a time. */
void sight_depot_postgres_tend(SightDepotPostgres *depot);

G_END_DECLS
