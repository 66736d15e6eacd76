/* SPDX-License-Identifier: MIT */
/* SightDepot: where a collector keeps what it takes. All that routes, keys and the program need of storage, and nothing
 * of how it is done: one file for each kind, one line in sight_depot_open(). */
#pragma once

#include "sight-annotation.h"
#include "sight-asset-table.h"
#include "sight-batch-table.h"
#include "sight-change.h"
#include "sight-digest.h"
#include "sight-key-table.h"
#include "sight-owner-table.h"
#include "sight-policy.h"

G_BEGIN_DECLS

/* Beside SIGHT_STORE_ERROR, of which NOT_FOUND and ERASED mean the same in every depot. */
#define SIGHT_DEPOT_ERROR (sight_depot_error_quark())
GQuark sight_depot_error_quark(void);

typedef enum {
  SIGHT_DEPOT_ERROR_CURSOR, /* the cursor is of another depot, or of a time that this one no longer knows */
  SIGHT_DEPOT_ERROR_AFTER,  /* the session has no batch of that number */
  SIGHT_DEPOT_ERROR_FULL,   /* there is hardly any room left */
  SIGHT_DEPOT_ERROR_CLOSED, /* its policy says that it takes nothing more */
  SIGHT_DEPOT_ERROR_OTHER,  /* there is another project in it */
  SIGHT_DEPOT_ERROR_ADDRESS,
} SightDepotError;

/* What became of a batch; only the first is a change. */
typedef enum {
  SIGHT_DEPOT_STORED,
  SIGHT_DEPOT_DUPLICATE,
  SIGHT_DEPOT_FOREIGN,       /* its session was begun with another proof */
  SIGHT_DEPOT_LARGE,         /* its session has more than max_bytes */
  SIGHT_DEPOT_OVER_BYTES,    /* its project has as much as its policy allows */
  SIGHT_DEPOT_OVER_SESSIONS, /* no more sessions begin in that today */
} SightDepotPut;

/* What a depot has after its first start. */
typedef struct {
  gboolean created;
  gint64 project;
  char *project_name;
  char *write_key; /* the first that is not revoked; NULL where there is none */
  char *token;     /* only where it was made just now */
} SightDepotKeys;
void sight_depot_keys_clear(SightDepotKeys *keys);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightDepotKeys, sight_depot_keys_clear)

/* What is counted for the one who runs it. */
typedef struct {
  gint64 revision;  /* of the newest change of the first project */
  gint64 n_waiting; /* batches that wait to be stored by this process */
  gint64 n_dead;    /* objects of which nothing is left, to be removed */
} SightDepotMeasures;

/* What moving has to know of a session. */
typedef struct {
  gboolean exists, erased, has_proof;
  gint64 n_batches; /* damaged ones too */
  guint8 proof[SIGHT_OWNER_HASH_BYTES];
} SightDepotSession;

/* FALSE ends the walk, without error. */
typedef gboolean (*SightDepotBatchFunc)(const SightStoredBatch *stored, gpointer user_data);
typedef gboolean (*SightDepotAnnotationFunc)(const SightAnnotation *annotation, gpointer user_data);
typedef gboolean (*SightDepotDigestFunc)(const SightDigest *digest, gpointer user_data);

typedef struct SightDepot SightDepot;

/* Every function blocks and may be called on any thread, many at a time; what it says was stored is durable. FALSE or
 * NULL: error is set, except where it says otherwise. What it hands out is the caller's. */
typedef struct {
  /* Waits for what is being written. */
  void (*close)(SightDepot *depot);
  /* For people: where it is (borrowed), and what has to be told at each start (NULL without error: nothing). */
  const char *(*where)(SightDepot *depot);
  char *(*notice)(SightDepot *depot);

  /* Makes the project, a write key and a token where there is none yet. `origins` replaces the list where not NULL; "*"
   * empties it. */
  gboolean (*ensure)(SightDepot *depot, const char *name, char **origins, SightDepotKeys *keys, GError **error);
  /* The same with the id, keys (SightKey) and origins of a project that is moved here; where it is here already, what
   * is missing of them. *project is its row. SIGHT_DEPOT_ERROR_OTHER where another one is. */
  gboolean (*adopt)(SightDepot *depot, const char *name, const char *id, const GPtrArray *keys, char **origins,
                    gint64 *project, GError **error);
  /* A collector starts: cursors from now on name a generation of their own. */
  gboolean (*begin)(SightDepot *depot, GError **error);
  gboolean (*get_project)(SightDepot *depot, gint64 project, char **name, char **id, GError **error);
  /* On the server's thread. *key is NULL where there is none or it is revoked; *origins: which pages may post for its
   * project, empty: any. */
  gboolean (*check_key)(SightDepot *depot, const char *tainted_key, SightKey **key, char ***origins, GError **error);
  /* Of the first project, as the others below: GPtrArray of SightKey; NULL. */
  GPtrArray *(*list_keys)(SightDepot *depot, GError **error);
  char *(*create_key)(SightDepot *depot, const char *name, SightScopes scopes, GError **error);
  gboolean (*revoke_key)(SightDepot *depot, gint64 row, GError **error);
  char **(*list_origins)(SightDepot *depot, GError **error);

  /* proof: see sight-owner-table.h; hashed, or NULL. A batch with `is_lost` is kept as one that is damaged here. */
  gboolean (*put_batch)(SightDepot *depot, gint64 project, const SightBatch *batch, const guint8 *proof,
                        gint64 max_bytes, SightDepotPut *result, GError **error);
  /* Those with a greater arrival, in its order; those that are damaged with `is_lost`. tainted_cursor NULL: is not
   * looked at. */
  gboolean (*list_batches)(SightDepot *depot, gint64 project, const char *session, const char *tainted_cursor,
                           gint64 after, SightDepotBatchFunc func, gpointer user_data, GError **error);
  /* GPtrArray of SightChange behind the cursor (NULL or "": from the beginning), in the order in which they became
   * visible, each session once; *cursor goes on behind them, which is *revision. */
  gboolean (*list_changes)(SightDepot *depot, gint64 project, const char *tainted_cursor, guint limit,
                           GPtrArray **changes, char **cursor, gint64 *revision, GError **error);
  gboolean (*look_up)(SightDepot *depot, gint64 project, const char *session, SightDepotSession *found, GError **error);
  gboolean (*erase_session)(SightDepot *depot, gint64 project, const char *session, gint64 *n_erased, GError **error);
  gboolean (*erase_user)(SightDepot *depot, gint64 project, const char *user, gint64 *n_erased, GError **error);

  /* Of the first project. What is to be kept no longer is erased within ten minutes. */
  SightPolicy *(*get_policy)(SightDepot *depot, GError **error);
  gboolean (*set_policy)(SightDepot *depot, const SightPolicy *policy, GError **error);

  /* *cursor goes on behind the last that func was called for. */
  gboolean (*list_annotations)(SightDepot *depot, gint64 project, const char *tainted_cursor,
                               SightDepotAnnotationFunc func, gpointer user_data, char **cursor, GError **error);
  /* As sight_annotation_table_put() of a workstation. */
  gboolean (*put_annotation)(SightDepot *depot, SightAnnotation *annotation, gboolean *changed, GError **error);

  /* As sight_digest_table_put(). SIGHT_DEPOT_ERROR_AFTER where it tells of more batches than the session has. */
  gboolean (*put_digest)(SightDepot *depot, gint64 project, const SightDigest *digest, gboolean *changed,
                         GError **error);
  /* As sight_digest_table_each(). */
  gboolean (*list_digests)(SightDepot *depot, gint64 project, const char *tainted_cursor, gint64 since_ms,
                           SightDepotDigestFunc func, gpointer user_data, char **cursor, GError **error);
  gboolean (*count_digests)(SightDepot *depot, gint64 project, gint64 *n_sessions, gint64 *n_digests, GError **error);

  gboolean (*has_asset)(SightDepot *depot, gint64 project, const char *hash, gboolean *has, GError **error);
  gboolean (*get_asset)(SightDepot *depot, gint64 project, const char *hash, char **type, GBytes **content,
                        GError **error);
  gboolean (*put_asset)(SightDepot *depot, gint64 project, const char *hash, const char *type, GBytes *content,
                        SightAssetResult *result, GError **error);

  /* Whether it can be read and written now. */
  gboolean (*probe)(SightDepot *depot, GError **error);
  gboolean (*measure)(SightDepot *depot, SightDepotMeasures *measures, GError **error);
  /* What has to be done now and then; returns at once. On the server's thread. */
  void (*tend)(SightDepot *depot);
} SightDepotKind;

/* First member of each kind's own. */
struct SightDepot {
  const SightDepotKind *kind;
};

/* `address`: a folder, or postgresql://USER@HOST/DATABASE; beside the latter, `blobs` may say where the events of
 * batches go: s3://BUCKET?endpoint=https://HOST (sight-blobs.h); else NULL. Blocks. NULL on error. */
SightDepot *sight_depot_open(const char *address, const char *blobs, GError **error);
/* The same, but a folder has to be a store already: a new one where it was mistyped would only mislead. */
SightDepot *sight_depot_open_existing(const char *address, const char *blobs, GError **error);
void sight_depot_close(SightDepot *depot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightDepot, sight_depot_close)

SightDepot *sight_depot_sqlite_open(const char *directory, GError **error);
SightDepot *sight_depot_postgres_open(const char *url, const char *blobs, GError **error);

G_END_DECLS
