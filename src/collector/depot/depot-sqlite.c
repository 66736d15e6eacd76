/* SPDX-License-Identifier: MIT */
/* A depot in one SQLite database of a folder: the store of one collector. */
#include "depot-sqlite-private.h"

#include "sight-annotation-table.h"
#include "sight-change-table.h"
#include "sight-cursor.h"
#include "sight-digest-table.h"
#include "sight-generation-table.h"
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

gboolean sight_depot_sqlite_write(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error) {
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

gboolean sight_depot_sqlite_take(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error) {
  Taking taking = {.quota = quota_of(depot), .func = func, .user_data = user_data};
  return sight_depot_sqlite_write(depot, take, &taking, error);
}

gboolean sight_depot_sqlite_read(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error) {
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
  return sight_depot_sqlite_write(depot, ensure_keys, &e, error);
}

static gboolean begin_generation(SightDb *db, gpointer user_data, GError **error) {
  return sight_generation_table_begin(db, error);
}

static gboolean begin(SightDepot *depot, GError **error) {
  if (!sight_depot_sqlite_write(depot, begin_generation, NULL, error))
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
  return sight_depot_sqlite_read(depot, describe, &describing, error);
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
  gboolean done = sight_depot_sqlite_read(depot, look_up, &keys, error);
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
  return sight_depot_sqlite_read(depot, collect_keys, &keys, error) ? keys.list : NULL;
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
  return sight_depot_sqlite_write(depot, create, &keys, error) ? keys.created : NULL;
}

static gboolean revoke_row(SightDb *db, gpointer user_data, GError **error) {
  const Keys *keys = user_data;
  return sight_key_table_revoke(db, keys->row, error);
}

static gboolean revoke_key(SightDepot *depot, gint64 row, GError **error) {
  Keys keys = {.row = row};
  return sight_depot_sqlite_write(depot, revoke_row, &keys, error);
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
  return sight_depot_sqlite_read(depot, collect_origins, &keys, error) ? keys.origins : NULL;
}

/* Cursors */

char *sight_depot_sqlite_write_cursor(SightDb *db, const SightEndpoint *project, gint64 revision, GError **error) {
  g_autofree char *generation = sight_generation_table_current(db, error);
  return generation != NULL ? sight_cursor_write(project->url, revision, generation) : NULL;
}

gboolean sight_depot_sqlite_read_cursor(SightDb *db, const SightEndpoint *project, const char *tainted_cursor,
                                        gint64 *revision, GError **error) {
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

/* Annotations */

typedef struct {
  gint64 project, last;
  const char *tainted_cursor;
  SightDepotAnnotationFunc func;
  gpointer user_data;
  char **cursor;
} Listing;

static gboolean pass_annotation(const SightAnnotation *annotation, gint64 revision, gpointer user_data) {
  Listing *listing = user_data;
  listing->last = revision;
  return listing->func(annotation, listing->user_data);
}

static gboolean read_annotations(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, listing->project, error);
  if (project == NULL || !sight_depot_sqlite_read_cursor(db, project, listing->tainted_cursor, &listing->last, error) ||
      !sight_annotation_table_each_changed(db, project->row, listing->last, pass_annotation, listing, error))
    return FALSE;
  *listing->cursor = sight_depot_sqlite_write_cursor(db, project, listing->last, error);
  return *listing->cursor != NULL;
}

static gboolean list_annotations(SightDepot *depot, gint64 project, const char *tainted_cursor,
                                 SightDepotAnnotationFunc func, gpointer user_data, char **cursor, GError **error) {
  Listing listing = {
      .project = project, .tainted_cursor = tainted_cursor, .func = func, .user_data = user_data, .cursor = cursor};
  return sight_depot_sqlite_read(depot, read_annotations, &listing, error);
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
  return sight_depot_sqlite_take(depot, annotate, &annotating, error);
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
  gboolean done = sight_depot_sqlite_take(depot, bring_digest, &digests, error);
  *changed = digests.changed;
  return done;
}

static gboolean read_digests(SightDb *db, gpointer user_data, GError **error) {
  const Digests *digests = user_data;
  gint64 revision = 0, last = 0;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, digests->project, error);
  if (project == NULL || !sight_depot_sqlite_read_cursor(db, project, digests->tainted_cursor, &revision, error) ||
      !sight_digest_table_each(db, project->row, revision, digests->since_ms, digests->func, digests->user_data, &last,
                               error))
    return FALSE;
  *digests->cursor = sight_depot_sqlite_write_cursor(db, project, last, error);
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
  return sight_depot_sqlite_read(depot, read_digests, &digests, error);
}

static gboolean count(SightDb *db, gpointer user_data, GError **error) {
  Digests *digests = user_data;
  return sight_digest_table_count(db, digests->project, &digests->n_sessions, &digests->n_digests, error);
}

static gboolean count_digests(SightDepot *depot, gint64 project, gint64 *n_sessions, gint64 *n_digests,
                              GError **error) {
  Digests digests = {.project = project};
  gboolean done = sight_depot_sqlite_read(depot, count, &digests, error);
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
  gboolean done = sight_depot_sqlite_read(depot, look, &asset, error);
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
  gboolean done = sight_depot_sqlite_read(depot, get, &asset, error);
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
  gboolean done = sight_depot_sqlite_take(depot, bring, &asset, error);
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
    .put_batch = sight_depot_sqlite_put_batch,
    .list_batches = sight_depot_sqlite_list_batches,
    .list_changes = sight_depot_sqlite_list_changes,
    .look_up = sight_depot_sqlite_look_up,
    .erase_session = sight_depot_sqlite_erase_session,
    .erase_user = sight_depot_sqlite_erase_user,
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
