/* SPDX-License-Identifier: MIT */
/* A depot in one SQLite database of a folder: the store of one collector. */
#include "depot-sqlite-private.h"

#include "sight-annotation-table.h"
#include "sight-change-table.h"
#include "sight-cursor.h"
#include "sight-digest-table.h"
#include "sight-endpoint-table.h"
#include "sight-generation-table.h"
#include "sight-owner-table.h"
#include "sight-retention-table.h"
#include "sight-session-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

#define ALL_TOKEN_SCOPES (SIGHT_SCOPE_READ | SIGHT_SCOPE_ANNOTATE | SIGHT_SCOPE_ADMIN)

static SightStore *store_of(SightDepot *depot) {
  return ((SightDepotSqlite *)depot)->store;
}

static SightQuota *quota_of(SightDepot *depot) {
  return ((SightDepotSqlite *)depot)->quota;
}

static gboolean write_store(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error) {
  return sight_store_write(store_of(depot), SIGHT_WRITE_DURABLE, func, user_data, error);
}

typedef struct {
  SightQuota *quota;
  SightStoreFunc func;
  gpointer user_data;
} Taking;

static gboolean take(SightDb *db, gpointer user_data, GError **error) {
  const Taking *taking = user_data;
  if (!sight_quota_is_closed(taking->quota))
    return taking->func(db, taking->user_data, error);
  g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_CLOSED, "the project is closed");
  return FALSE;
}

/* What comes from outside, unless the store is closed: that is looked at while nobody else writes. */
static gboolean take_into_store(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error) {
  Taking taking = {.quota = quota_of(depot), .func = func, .user_data = user_data};
  return write_store(depot, take, &taking, error);
}

static gboolean read_store(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error) {
  return sight_store_read(store_of(depot), func, user_data, error);
}

static void close_depot(SightDepot *depot) {
  sight_store_close(store_of(depot));
  g_object_unref(store_of(depot));
  sight_quota_free(quota_of(depot));
  g_free(depot);
}

static const char *where(SightDepot *depot) {
  return sight_store_directory(store_of(depot));
}

static char *notice(SightDepot *depot) {
  return sight_store_loss(store_of(depot));
}

/* The project: an endpoint row, whose random id stands where a workstation keeps a URL */

/* NULL without error where the store is new. */
static SightEndpoint *first_project(SightDb *db, GError **error) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, error);
  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    if (g_str_equal(endpoint->kind, "project"))
      return sight_endpoint_table_get(db, endpoint->row, error);
  }
  return NULL;
}

gint64 sight_depot_sqlite_need_project(SightDb *db, GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightEndpoint) project = first_project(db, &failure);
  if (project != NULL)
    return project->row;
  if (failure != NULL)
    g_propagate_error(error, g_steal_pointer(&failure));
  else
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                        _("This store has no project yet: start the collector once."));
  return 0;
}

typedef struct {
  const char *name;
  char **origins;
  SightDepotKeys *keys;
} Ensure;

static gboolean create_first(SightDb *db, const Ensure *ensure, GError **error) {
  SightDepotKeys *keys = ensure->keys;
  g_autofree char *id = sight_id_new();
  keys->created = TRUE;
  keys->project_name = g_strdup(ensure->name);
  keys->project = sight_endpoint_table_add(db, "project", ensure->name, id, error);
  if (keys->project <= 0)
    return FALSE;
  keys->write_key = sight_key_table_create(db, keys->project, "first", SIGHT_SCOPE_INGEST, error);
  if (keys->write_key == NULL)
    return FALSE;
  keys->token = sight_key_table_create(db, keys->project, "first", ALL_TOKEN_SCOPES, error);
  return keys->token != NULL;
}

static gboolean find_first(SightDb *db, const SightEndpoint *project, SightDepotKeys *keys, GError **error) {
  keys->project = project->row;
  keys->project_name = g_strdup(project->name);
  g_autoptr(GPtrArray) list = sight_key_table_list(db, error);
  for (guint i = 0; list != NULL && i < list->len && keys->write_key == NULL; i++) {
    const SightKey *key = g_ptr_array_index(list, i);
    if (!key->revoked && key->project == project->row && (key->scopes & SIGHT_SCOPE_INGEST))
      keys->write_key = g_strdup(key->key);
  }
  return list != NULL;
}

static gboolean ensure_keys(SightDb *db, gpointer user_data, GError **error) {
  const Ensure *ensure = user_data;
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightEndpoint) project = first_project(db, &failure);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  if (project != NULL ? !find_first(db, project, ensure->keys, error) : !create_first(db, ensure, error))
    return FALSE;
  if (ensure->origins == NULL)
    return TRUE;
  const char *const none[] = {NULL};
  gboolean any = g_strv_contains((const char *const *)ensure->origins, "*");
  return sight_key_table_set_origins(db, ensure->keys->project, any ? none : (const char *const *)ensure->origins,
                                     error);
}

static gboolean ensure(SightDepot *depot, const char *name, char **origins, SightDepotKeys *keys, GError **error) {
  Ensure e = {.name = name, .origins = origins, .keys = keys};
  return write_store(depot, ensure_keys, &e, error);
}

static gboolean begin_generation(SightDb *db, gpointer user_data, GError **error) {
  return sight_generation_table_begin(db, error);
}

static gboolean begin(SightDepot *depot, GError **error) {
  if (!write_store(depot, begin_generation, NULL, error))
    return FALSE;
  sight_depot_sqlite_tend(depot);
  return TRUE;
}

typedef struct {
  gint64 project;
  char **name, **id;
} Describing;

static gboolean describe(SightDb *db, gpointer user_data, GError **error) {
  const Describing *describing = user_data;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, describing->project, error);
  if (project == NULL)
    return FALSE;
  *describing->name = g_strdup(project->name);
  *describing->id = g_strdup(project->url);
  return TRUE;
}

static gboolean get_project(SightDepot *depot, gint64 project, char **name, char **id, GError **error) {
  Describing describing = {.project = project, .name = name, .id = id};
  return read_store(depot, describe, &describing, error);
}

/* Keys */

typedef struct {
  const char *text;
  SightKey *key;
  SightScopes scopes;
  gint64 row;
  char *created, **origins;
  GPtrArray *list;
} Keys;

static gboolean look_up(SightDb *db, gpointer user_data, GError **error) {
  Keys *keys = user_data;
  g_autoptr(GError) failure = NULL;
  keys->key = sight_key_table_check(db, keys->text, &failure);
  if (keys->key != NULL)
    keys->origins = sight_key_table_origins(db, keys->key->project, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean check_key(SightDepot *depot, const char *tainted_key, SightKey **key, char ***origins, GError **error) {
  Keys keys = {.text = tainted_key};
  gboolean done = read_store(depot, look_up, &keys, error);
  *key = keys.key;
  *origins = keys.origins;
  return done;
}

static gboolean collect_keys(SightDb *db, gpointer user_data, GError **error) {
  Keys *keys = user_data;
  keys->list = sight_key_table_list(db, error);
  return keys->list != NULL;
}

static GPtrArray *list_keys(SightDepot *depot, GError **error) {
  Keys keys = {0};
  return read_store(depot, collect_keys, &keys, error) ? keys.list : NULL;
}

static gboolean create(SightDb *db, gpointer user_data, GError **error) {
  Keys *keys = user_data;
  gint64 project = sight_depot_sqlite_need_project(db, error);
  if (project != 0)
    keys->created = sight_key_table_create(db, project, keys->text, keys->scopes, error);
  return keys->created != NULL;
}

static char *create_key(SightDepot *depot, const char *name, SightScopes scopes, GError **error) {
  Keys keys = {.text = name, .scopes = scopes};
  return write_store(depot, create, &keys, error) ? keys.created : NULL;
}

static gboolean revoke_row(SightDb *db, gpointer user_data, GError **error) {
  const Keys *keys = user_data;
  return sight_key_table_revoke(db, keys->row, error);
}

static gboolean revoke_key(SightDepot *depot, gint64 row, GError **error) {
  Keys keys = {.row = row};
  return write_store(depot, revoke_row, &keys, error);
}

static gboolean collect_origins(SightDb *db, gpointer user_data, GError **error) {
  Keys *keys = user_data;
  gint64 project = sight_depot_sqlite_need_project(db, error);
  if (project != 0)
    keys->origins = sight_key_table_origins(db, project, error);
  return keys->origins != NULL;
}

static char **list_origins(SightDepot *depot, GError **error) {
  Keys keys = {0};
  return read_store(depot, collect_origins, &keys, error) ? keys.origins : NULL;
}

/* Cursors */

static char *write_cursor(SightDb *db, const SightEndpoint *project, gint64 revision, GError **error) {
  g_autofree char *generation = sight_generation_table_current(db, error);
  return generation != NULL ? sight_cursor_write(project->url, revision, generation) : NULL;
}

static gboolean read_cursor(SightDb *db, const SightEndpoint *project, const char *tainted_cursor, gint64 *revision,
                            GError **error) {
  g_autofree char *generation = NULL;
  gboolean knows = FALSE;
  *revision = 0;
  if (tainted_cursor == NULL || *tainted_cursor == '\0')
    return TRUE;
  if (sight_cursor_read(tainted_cursor, project->url, revision, &generation) &&
      !sight_generation_table_knows(db, generation, *revision, &knows, error))
    return FALSE;
  if (!knows)
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_CURSOR, "this store never was at this cursor");
  return knows;
}

/* Batches */

typedef struct {
  SightQuota *quota;
  gint64 project, max_bytes;
  const SightBatch *batch;
  const guint8 *proof; /* of the recorder, hashed, or NULL */
  SightDepotPut result;
  gboolean counted; /* for the quota */
} Put;

static gboolean note_error(SightDb *db, const Put *p, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_find(db, p->project, p->batch->session, error);
  return session != NULL && sight_retention_table_note_error(db, session->row, error);
}

static gboolean store_batch(SightDb *db, Put *p, gboolean is_there, GError **error) {
  SightPutResult result = sight_batch_table_put(db, p->project, p->batch, error);
  if (result == SIGHT_PUT_FAILED)
    return FALSE;
  p->result = result == SIGHT_PUT_STORED ? SIGHT_DEPOT_STORED : SIGHT_DEPOT_DUPLICATE;
  p->counted = result == SIGHT_PUT_STORED;
  if (p->counted)
    sight_quota_stored(p->quota, p->batch->events_bytes, !is_there);
  if (!is_there && p->proof != NULL && !sight_owner_table_set(db, p->project, p->batch->session, p->proof, error))
    return FALSE;
  return !p->batch->errored || note_error(db, p, error);
}

static gboolean note_known(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  *(gboolean *)user_data = TRUE;
  return TRUE;
}

static gboolean is_stored(SightDb *db, gint64 session_row, const SightBatch *batch, gboolean *is_known,
                          GError **error) {
  return sight_batch_table_each_between(db, session_row, batch->window, batch->seq, batch->seq, G_MAXINT64, note_known,
                                        is_known, error);
}

static gboolean put(SightDb *db, gpointer user_data, GError **error) {
  Put *p = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, p->project, p->batch->session, NULL);
  gboolean is_there = session != NULL && g_str_equal(session->session, p->batch->session), owns = FALSE;
  if (!sight_owner_table_check(db, p->project, p->batch->session, p->proof, &owns, error))
    return FALSE;
  p->result = !owns ? SIGHT_DEPOT_FOREIGN : SIGHT_DEPOT_LARGE;
  if (!owns || (is_there && session->n_bytes > p->max_bytes))
    return TRUE;
  gboolean admits = FALSE, erased = FALSE;
  if (!sight_quota_admits(p->quota, db, p->project, !is_there, &admits, &p->result, error) ||
      !sight_change_table_is_erased(db, p->project, p->batch->session, &erased, error))
    return FALSE;
  /* What was erased is told as that, also where there is no room. */
  if (admits || erased)
    return store_batch(db, p, is_there, error);
  gboolean is_known = FALSE;
  if (is_there && !is_stored(db, session->row, p->batch, &is_known, error))
    return FALSE;
  if (is_known)
    p->result = SIGHT_DEPOT_DUPLICATE;
  return TRUE;
}

static gboolean put_batch(SightDepot *depot, gint64 project, const SightBatch *batch, const guint8 *proof,
                          gint64 max_bytes, SightDepotPut *result, GError **error) {
  Put p = {.quota = quota_of(depot), .project = project, .max_bytes = max_bytes, .batch = batch, .proof = proof};
  gboolean done = take_into_store(depot, put, &p, error);
  *result = p.result;
  if (!done && p.counted)
    sight_quota_recount(p.quota);
  return done;
}

typedef struct {
  gint64 project, after;
  guint limit;
  const char *session, *tainted_cursor;
  SightDepotBatchFunc each_batch;
  SightDepotAnnotationFunc each_annotation;
  gpointer user_data;
  gboolean stopped;
  gint64 last;
  GPtrArray *changes;
  char **cursor;
} Listing;

static gboolean pass_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  listing->stopped = !listing->each_batch(stored, listing->user_data);
  if (listing->stopped)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "that is enough");
  return !listing->stopped;
}

static gboolean read_batches(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, listing->project, listing->session, error);
  if (session == NULL)
    return FALSE;
  if (!g_str_equal(session->session, listing->session)) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, "no such session");
    return FALSE;
  }
  gint64 revision = 0;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, listing->project, error);
  if (project == NULL || !read_cursor(db, project, listing->tainted_cursor, &revision, error))
    return FALSE;
  if (listing->after > sight_change_table_last_arrival(db, session->row, NULL)) {
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_AFTER, "no batch of that number");
    return FALSE;
  }
  g_autoptr(GError) failure = NULL;
  if (sight_batch_table_each_or_lost(db, session->row, listing->after, pass_batch, listing, &failure) ||
      listing->stopped)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean list_batches(SightDepot *depot, gint64 project, const char *session, const char *tainted_cursor,
                             gint64 after, SightDepotBatchFunc func, gpointer user_data, GError **error) {
  Listing listing = {.project = project,
                     .session = session,
                     .tainted_cursor = tainted_cursor,
                     .after = after,
                     .each_batch = func,
                     .user_data = user_data};
  return read_store(depot, read_batches, &listing, error);
}

static gboolean read_changes(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, listing->project, error);
  if (project == NULL || !read_cursor(db, project, listing->tainted_cursor, &listing->last, error))
    return FALSE;
  g_autoptr(GPtrArray) changes = sight_change_table_list(db, project->row, listing->last, listing->limit, error);
  if (changes == NULL)
    return FALSE;
  if (changes->len > 0)
    listing->last = ((const SightChange *)g_ptr_array_index(changes, changes->len - 1))->revision;
  *listing->cursor = write_cursor(db, project, listing->last, error);
  if (*listing->cursor != NULL)
    listing->changes = g_steal_pointer(&changes);
  return listing->changes != NULL;
}

static gboolean list_changes(SightDepot *depot, gint64 project, const char *tainted_cursor, guint limit,
                             GPtrArray **changes, char **cursor, gint64 *revision, GError **error) {
  Listing listing = {.project = project, .tainted_cursor = tainted_cursor, .limit = limit, .cursor = cursor};
  gboolean done = read_store(depot, read_changes, &listing, error);
  *changes = listing.changes;
  *revision = listing.last;
  return done;
}

/* Erasing */

typedef struct {
  gint64 project;
  const char *name; /* of a session, or a user */
  gint64 n_erased;
} Erasing;

/* A session that is not here may still be on its way from a browser that was offline: the tombstone stands anyway. */
static gboolean erase_one(SightDb *db, gpointer user_data, GError **error) {
  Erasing *erasing = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, erasing->project, erasing->name, NULL);
  if (session != NULL && g_str_equal(session->session, erasing->name)) {
    erasing->n_erased = 1;
    return sight_session_table_erase(db, session->row, error);
  }
  return sight_change_table_apply_tombstone(db, erasing->project, erasing->name, error);
}

static gboolean erase_session(SightDepot *depot, gint64 project, const char *session, gint64 *n_erased,
                              GError **error) {
  Erasing erasing = {.project = project, .name = session};
  gboolean done = take_into_store(depot, erase_one, &erasing, error);
  sight_quota_recount(quota_of(depot));
  *n_erased = erasing.n_erased;
  return done;
}

static gboolean erase_some_of_user(SightDb *db, gpointer user_data, GError **error) {
  Erasing *erasing = user_data;
  erasing->n_erased = sight_session_table_erase_user(db, erasing->project, erasing->name, error);
  return erasing->n_erased >= 0;
}

static gboolean erase_user(SightDepot *depot, gint64 project, const char *user, gint64 *n_erased, GError **error) {
  Erasing erasing = {.project = project, .name = user, .n_erased = 1};
  gboolean done = sight_session_table_catch_up(store_of(depot), error);
  for (*n_erased = 0; done && erasing.n_erased > 0; *n_erased += erasing.n_erased)
    done = take_into_store(depot, erase_some_of_user, &erasing, error);
  sight_quota_recount(quota_of(depot));
  return done;
}

/* Annotations */

static gboolean pass_annotation(const SightAnnotation *annotation, gint64 revision, gpointer user_data) {
  Listing *listing = user_data;
  listing->last = revision;
  return listing->each_annotation(annotation, listing->user_data);
}

static gboolean read_annotations(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, listing->project, error);
  if (project == NULL || !read_cursor(db, project, listing->tainted_cursor, &listing->last, error) ||
      !sight_annotation_table_each_changed(db, project->row, listing->last, pass_annotation, listing, error))
    return FALSE;
  *listing->cursor = write_cursor(db, project, listing->last, error);
  return *listing->cursor != NULL;
}

static gboolean list_annotations(SightDepot *depot, gint64 project, const char *tainted_cursor,
                                 SightDepotAnnotationFunc func, gpointer user_data, char **cursor, GError **error) {
  Listing listing = {.project = project,
                     .tainted_cursor = tainted_cursor,
                     .each_annotation = func,
                     .user_data = user_data,
                     .cursor = cursor};
  return read_store(depot, read_annotations, &listing, error);
}

typedef struct {
  SightAnnotation *annotation;
  gboolean *changed;
} Annotating;

static gboolean annotate(SightDb *db, gpointer user_data, GError **error) {
  const Annotating *annotating = user_data;
  return sight_annotation_table_put(db, annotating->annotation, SIGHT_ANNOTATION_OF_WORKSTATION, annotating->changed,
                                    error);
}

static gboolean put_annotation(SightDepot *depot, SightAnnotation *annotation, gboolean *changed, GError **error) {
  Annotating annotating = {.annotation = annotation, .changed = changed};
  return take_into_store(depot, annotate, &annotating, error);
}

/* Digests */

typedef struct {
  gint64 project, since_ms;
  const SightDigest *digest;
  gboolean changed;
  const char *tainted_cursor;
  SightDepotDigestFunc func;
  gpointer user_data;
  char **cursor;
  gint64 n_sessions, n_digests;
} Digests;

static gboolean bring_digest(SightDb *db, gpointer user_data, GError **error) {
  Digests *digests = user_data;
  g_autoptr(SightSession) session = sight_session_table_find(db, digests->project, digests->digest->session, NULL);
  if (session != NULL && digests->digest->arrival > sight_change_table_last_arrival(db, session->row, NULL)) {
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_AFTER, "no batch of that number");
    return FALSE;
  }
  gboolean erased = FALSE;
  if (!sight_change_table_is_erased(db, digests->project, digests->digest->session, &erased, error))
    return FALSE;
  if (erased)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED, "the session was erased");
  return !erased && sight_digest_table_put(db, digests->project, digests->digest, &digests->changed, error);
}

static gboolean put_digest(SightDepot *depot, gint64 project, const SightDigest *digest, gboolean *changed,
                           GError **error) {
  Digests digests = {.project = project, .digest = digest};
  gboolean done = write_store(depot, bring_digest, &digests, error);
  *changed = digests.changed;
  return done;
}

static gboolean read_digests(SightDb *db, gpointer user_data, GError **error) {
  const Digests *digests = user_data;
  gint64 revision = 0, last = 0;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, digests->project, error);
  if (project == NULL || !read_cursor(db, project, digests->tainted_cursor, &revision, error) ||
      !sight_digest_table_each(db, project->row, revision, digests->since_ms, digests->func, digests->user_data, &last,
                               error))
    return FALSE;
  *digests->cursor = write_cursor(db, project, last, error);
  return *digests->cursor != NULL;
}

static gboolean list_digests(SightDepot *depot, gint64 project, const char *tainted_cursor, gint64 since_ms,
                             SightDepotDigestFunc func, gpointer user_data, char **cursor, GError **error) {
  Digests digests = {.project = project,
                     .since_ms = since_ms,
                     .tainted_cursor = tainted_cursor,
                     .func = func,
                     .user_data = user_data,
                     .cursor = cursor};
  return read_store(depot, read_digests, &digests, error);
}

static gboolean count(SightDb *db, gpointer user_data, GError **error) {
  Digests *digests = user_data;
  return sight_digest_table_count(db, digests->project, &digests->n_sessions, &digests->n_digests, error);
}

static gboolean count_digests(SightDepot *depot, gint64 project, gint64 *n_sessions, gint64 *n_digests,
                              GError **error) {
  Digests digests = {.project = project};
  gboolean done = read_store(depot, count, &digests, error);
  *n_sessions = digests.n_sessions;
  *n_digests = digests.n_digests;
  return done;
}

/* Assets */

typedef struct {
  gint64 project;
  const char *hash;
  gboolean has;
  char *type;
  GBytes *content;
  const char *given_type;
  GBytes *given;
  SightAssetResult result;
} Asset;

static gboolean look(SightDb *db, gpointer user_data, GError **error) {
  Asset *asset = user_data;
  return sight_asset_table_has(db, asset->project, asset->hash, &asset->has, error);
}

static gboolean has_asset(SightDepot *depot, gint64 project, const char *hash, gboolean *has, GError **error) {
  Asset asset = {.project = project, .hash = hash};
  gboolean done = read_store(depot, look, &asset, error);
  *has = asset.has;
  return done;
}

static gboolean get(SightDb *db, gpointer user_data, GError **error) {
  Asset *asset = user_data;
  return sight_asset_table_get(db, asset->project, asset->hash, &asset->type, &asset->content, error);
}

static gboolean get_asset(SightDepot *depot, gint64 project, const char *hash, char **type, GBytes **content,
                          GError **error) {
  Asset asset = {.project = project, .hash = hash};
  gboolean done = read_store(depot, get, &asset, error);
  *type = asset.type;
  *content = asset.content;
  return done;
}

static gboolean bring(SightDb *db, gpointer user_data, GError **error) {
  Asset *asset = user_data;
  gsize bytes = 0;
  const void *content = g_bytes_get_data(asset->given, &bytes);
  asset->result = sight_asset_table_put(db, asset->project, asset->hash, asset->given_type, content, bytes, error);
  return asset->result != SIGHT_ASSET_FAILED;
}

static gboolean put_asset(SightDepot *depot, gint64 project, const char *hash, const char *type, GBytes *content,
                          SightAssetResult *result, GError **error) {
  Asset asset = {.project = project, .hash = hash, .given_type = type, .given = content};
  gboolean done = take_into_store(depot, bring, &asset, error);
  *result = asset.result;
  return done;
}

static const SightDepotKind kind = {
    .close = close_depot,
    .where = where,
    .notice = notice,
    .ensure = ensure,
    .adopt = sight_depot_sqlite_adopt,
    .begin = begin,
    .get_project = get_project,
    .check_key = check_key,
    .list_keys = list_keys,
    .create_key = create_key,
    .revoke_key = revoke_key,
    .list_origins = list_origins,
    .put_batch = put_batch,
    .list_batches = list_batches,
    .list_changes = list_changes,
    .look_up = sight_depot_sqlite_look_up,
    .erase_session = erase_session,
    .erase_user = erase_user,
    .list_annotations = list_annotations,
    .put_annotation = put_annotation,
    .put_digest = put_digest,
    .list_digests = list_digests,
    .count_digests = count_digests,
    .has_asset = has_asset,
    .get_asset = get_asset,
    .put_asset = put_asset,
    .get_policy = sight_depot_sqlite_get_policy,
    .set_policy = sight_depot_sqlite_set_policy,
    .probe = sight_depot_sqlite_probe,
    .measure = sight_depot_sqlite_measure,
    .tend = sight_depot_sqlite_tend,
};

SightDepot *sight_depot_sqlite_open(const char *directory, GError **error) {
  g_autoptr(SightStore) store = sight_store_open(directory, SIGHT_STORE_COLLECTOR, NULL, error);
  if (store == NULL)
    return NULL;
  SightDepotSqlite *depot = g_new0(SightDepotSqlite, 1);
  depot->depot.kind = &kind;
  depot->store = g_steal_pointer(&store);
  depot->quota = sight_quota_new(directory);
  return &depot->depot;
}
