/* SPDX-License-Identifier: MIT */
/* Annotations and assets of a PostgreSQL depot. */
#include "depot-postgres-private.h"

#include "sight-log-table.h"

#include <string.h>

/* A recorder tells of what it brought within seconds. */
#define WAITS_AT_MOST_MS (10 * 60 * 1000)
/* Where so many wait, somebody brings what no session tells of. */
#define MAX_WAITING 500
#define HASH_BYTES 32
#define PAGE_ROWS 100

static SightPostgres *postgres_of(SightDepot *depot) {
  return ((SightDepotPostgres *)depot)->postgres;
}

static gint64 add_secret(SightPgLink *link, guint8 key[SIGHT_SEAL_KEY_BYTES], GError **error) {
  SightPgParams params = {0};
  gint64 row = 0;
  sight_seal_new_key(key);
  sight_pg_add_bytes(&params, key, SIGHT_SEAL_KEY_BYTES);
  return sight_pg_get_int(link, SIGHT_PG_SECRET_ADD, &params, 0, &row, error) ? row : 0;
}

/* Annotations */

static GBytes *unseal_column(const SightPgResult *result, int row, int column, int key_column, const char *about,
                             GError **error) {
  gsize bytes = 0, key_bytes = 0;
  const void *data = sight_pg_bytes(result, row, column, &bytes);
  const guint8 *key = sight_pg_bytes(result, row, key_column, &key_bytes);
  if (key_bytes != SIGHT_SEAL_KEY_BYTES) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the key of \"%s\" is damaged", about);
    return NULL;
  }
  return sight_unseal(key, about, data, bytes, error);
}

static char *unseal_text(const SightPgResult *result, int row, int column, const char *about, GError **error) {
  g_autoptr(GBytes) text = unseal_column(result, row, column, 10, about, error);
  return text != NULL ? g_strndup(g_bytes_get_data(text, NULL), g_bytes_get_size(text)) : NULL;
}

static SightAnnotation *read_annotation(const SightPgResult *result, int row, GError **error) {
  g_autoptr(SightAnnotation) annotation = g_new0(SightAnnotation, 1);
  annotation->id = g_strdup(sight_pg_text(result, row, 0));
  annotation->session = g_strdup(sight_pg_text(result, row, 1));
  annotation->kind = g_strdup(sight_pg_text(result, row, 2));
  annotation->at_ms = sight_pg_int(result, row, 3);
  annotation->body = unseal_text(result, row, 4, annotation->id, error);
  annotation->author = annotation->body != NULL ? unseal_text(result, row, 5, annotation->id, error) : NULL;
  annotation->created_ms = sight_pg_int(result, row, 6);
  annotation->updated_ms = sight_pg_int(result, row, 7);
  annotation->deleted = sight_pg_int(result, row, 8) != 0;
  return annotation->author != NULL ? g_steal_pointer(&annotation) : NULL;
}

typedef struct {
  gint64 project;
  const char *tainted_cursor;
  SightDepotAnnotationFunc func;
  gpointer user_data;
  char **cursor;
  SightAnnotation *annotation;
  gboolean *changed;
} Annotating;

/* FALSE only on error. */
static gboolean pass_annotations(const SightPgResult *page, Annotating *annotating, gint64 *revision, gboolean *goes_on,
                                 GError **error) {
  for (int i = 0; i < PQntuples(page) && *goes_on; i++) {
    g_autoptr(SightAnnotation) annotation = read_annotation(page, i, error);
    if (annotation == NULL)
      return FALSE;
    *revision = sight_pg_int(page, i, 9);
    *goes_on = annotating->func(annotation, annotating->user_data);
  }
  *goes_on = *goes_on && PQntuples(page) == PAGE_ROWS;
  return TRUE;
}

static gboolean read_annotations(SightPgLink *link, gpointer user_data, GError **error) {
  Annotating *annotating = user_data;
  gint64 revision = 0;
  gboolean goes_on = TRUE;
  g_autofree char *id = NULL;
  if (!sight_depot_postgres_read_cursor(link, annotating->project, annotating->tainted_cursor, &revision, &id, error))
    return FALSE;
  while (goes_on) {
    SightPgParams params = {0};
    sight_pg_add_int(&params, annotating->project);
    sight_pg_add_int(&params, revision);
    sight_pg_add_int(&params, PAGE_ROWS);
    g_autoptr(SightPgResult) page = sight_pg_run(link, SIGHT_PG_ANNOTATION_CHANGED, &params, error);
    if (page == NULL || !pass_annotations(page, annotating, &revision, &goes_on, error))
      return FALSE;
  }
  *annotating->cursor = sight_depot_postgres_write_cursor(link, annotating->project, id, revision, error);
  return *annotating->cursor != NULL;
}

gboolean sight_depot_postgres_list_annotations(SightDepot *depot, gint64 project, const char *tainted_cursor,
                                               SightDepotAnnotationFunc func, gpointer user_data, char **cursor,
                                               GError **error) {
  Annotating annotating = {
      .project = project, .tainted_cursor = tainted_cursor, .func = func, .user_data = user_data, .cursor = cursor};
  return sight_postgres_read(postgres_of(depot), read_annotations, &annotating, error);
}

static void add_named(SightPgParams *params, gint64 project, const char *name) {
  sight_pg_add_int(params, project);
  sight_pg_add_text(params, name);
}

static gboolean store_annotation(SightPgLink *link, const SightAnnotation *annotation, GError **error) {
  guint8 key[SIGHT_SEAL_KEY_BYTES];
  const char *author = annotation->author != NULL ? annotation->author : "";
  SightPgParams removing = {0}, params = {0};
  gint64 secret = add_secret(link, key, error);
  /* A version that is replaced takes its key with it. */
  add_named(&removing, annotation->endpoint, annotation->id);
  if (secret == 0 || !sight_pg_do(link, SIGHT_PG_ANNOTATION_REMOVE, &removing, error))
    return FALSE;
  g_autoptr(GBytes) body = sight_seal(key, annotation->id, annotation->body, strlen(annotation->body));
  g_autoptr(GBytes) by = sight_seal(key, annotation->id, author, strlen(author));
  add_named(&params, annotation->endpoint, annotation->id);
  sight_pg_add_text(&params, annotation->session);
  sight_pg_add_text(&params, annotation->kind);
  sight_pg_add_int(&params, annotation->at_ms);
  sight_pg_add_int(&params, secret);
  sight_pg_add_bytes(&params, g_bytes_get_data(body, NULL), g_bytes_get_size(body));
  sight_pg_add_bytes(&params, g_bytes_get_data(by, NULL), g_bytes_get_size(by));
  sight_pg_add_int(&params, annotation->created_ms);
  sight_pg_add_int(&params, annotation->updated_ms);
  sight_pg_add_int(&params, annotation->deleted);
  return sight_pg_do(link, SIGHT_PG_ANNOTATION_ADD, &params, error);
}

static gboolean is_erased(SightPgLink *link, const SightAnnotation *annotation, gint64 *erased, GError **error) {
  SightPgParams params = {0};
  *erased = 0;
  if (annotation->session == NULL)
    return TRUE;
  add_named(&params, annotation->endpoint, annotation->session);
  return sight_pg_get_int(link, SIGHT_PG_TOMBSTONE_STANDS, &params, 0, erased, error);
}

static gboolean annotate(SightPgLink *link, gpointer user_data, GError **error) {
  const Annotating *annotating = user_data;
  SightAnnotation *annotation = annotating->annotation;
  SightPgParams params = {0};
  gint64 erased = 0;
  *annotating->changed = FALSE;
  if (!sight_depot_postgres_lock(link, annotation->endpoint, error) || !is_erased(link, annotation, &erased, error))
    return FALSE;
  add_named(&params, annotation->endpoint, annotation->id);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_ANNOTATION_GET, &params, error);
  if (result == NULL)
    return FALSE;
  g_autoptr(SightAnnotation) there = PQntuples(result) > 0 ? read_annotation(result, 0, error) : NULL;
  if (there == NULL && PQntuples(result) > 0)
    return FALSE;
  /* Lines of the log are written once. */
  gboolean written = there != NULL && sight_log_id_read(annotation->id, NULL, NULL);
  *annotating->changed =
      !erased && !written && sight_annotation_is_news(annotation, there, sight_depot_postgres_now_ms());
  if (!*annotating->changed && there != NULL)
    annotation->updated_ms = there->updated_ms;
  return !*annotating->changed || store_annotation(link, annotation, error);
}

gboolean sight_depot_postgres_put_annotation(SightDepot *depot, SightAnnotation *annotation, gboolean *changed,
                                             GError **error) {
  Annotating annotating = {.annotation = annotation, .changed = changed};
  return sight_postgres_write(postgres_of(depot), annotate, &annotating, error);
}

/* Assets */

typedef struct {
  gint64 project;
  const char *hash, *type;
  gboolean has;
  char *found_type;
  GBytes *content;
  SightAssetResult result;
} Asset;

static void read_hash(const char *digits, guint8 hash[HASH_BYTES]) {
  for (int i = 0; i < HASH_BYTES; i++)
    hash[i] = (guint8)(g_ascii_xdigit_value(digits[2 * i]) << 4 | g_ascii_xdigit_value(digits[2 * i + 1]));
}

/* The hash is borrowed. */
static void add_hash(SightPgParams *params, const Asset *asset, guint8 hash[HASH_BYTES]) {
  read_hash(asset->hash, hash);
  sight_pg_add_int(params, asset->project);
  sight_pg_add_bytes(params, hash, HASH_BYTES);
}

/* row 0: it is not known; n_bytes 0: it has no content. */
static gboolean find_asset(SightPgLink *link, const Asset *asset, gint64 *row, gint64 *n_bytes, GError **error) {
  SightPgParams params = {0};
  guint8 hash[HASH_BYTES];
  add_hash(&params, asset, hash);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_ASSET_FIND, &params, error);
  if (result == NULL)
    return FALSE;
  *n_bytes = PQntuples(result) > 0 ? sight_pg_int(result, 0, 0) : 0;
  *row = PQntuples(result) > 0 ? sight_pg_int(result, 0, 1) : 0;
  return TRUE;
}

static gboolean look(SightPgLink *link, gpointer user_data, GError **error) {
  Asset *asset = user_data;
  gint64 row = 0, n_bytes = 0;
  if (!find_asset(link, asset, &row, &n_bytes, error))
    return FALSE;
  asset->has = n_bytes > 0;
  return TRUE;
}

gboolean sight_depot_postgres_has_asset(SightDepot *depot, gint64 project, const char *hash, gboolean *has,
                                        GError **error) {
  Asset asset = {.project = project, .hash = hash};
  gboolean done = sight_postgres_read(postgres_of(depot), look, &asset, error);
  *has = asset.has;
  return done;
}

static gboolean get(SightPgLink *link, gpointer user_data, GError **error) {
  Asset *asset = user_data;
  SightPgParams params = {0};
  guint8 hash[HASH_BYTES];
  add_hash(&params, asset, hash);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_ASSET_GET, &params, error);
  if (result == NULL || PQntuples(result) == 0)
    return result != NULL;
  asset->content = unseal_column(result, 0, 1, 2, asset->hash, error);
  if (asset->content != NULL)
    asset->found_type = g_strdup(sight_pg_text(result, 0, 0));
  return asset->content != NULL;
}

gboolean sight_depot_postgres_get_asset(SightDepot *depot, gint64 project, const char *hash, char **type,
                                        GBytes **content, GError **error) {
  Asset asset = {.project = project, .hash = hash};
  gboolean done = sight_postgres_read(postgres_of(depot), get, &asset, error);
  *type = asset.found_type;
  *content = asset.content;
  return done;
}

/* Whether the newest session that tells of it may have so much more. */
static gboolean has_room(SightPgLink *link, gint64 row, gint64 bytes, gboolean *room, GError **error) {
  SightPgParams params = {0};
  gint64 used = 0;
  sight_pg_add_int(&params, row);
  if (!sight_pg_get_int(link, SIGHT_PG_ASSET_USED_BYTES, &params, 0, &used, error))
    return FALSE;
  *room = used + bytes <= SIGHT_ASSETS_MAX_BYTES;
  return TRUE;
}

static gboolean store_asset(SightPgLink *link, const Asset *asset, GError **error) {
  SightPgParams params = {0}, dropping = {0};
  guint8 hash[HASH_BYTES], key[SIGHT_SEAL_KEY_BYTES];
  gsize bytes = 0;
  const void *content = g_bytes_get_data(asset->content, &bytes);
  gint64 secret = add_secret(link, key, error);
  if (secret == 0)
    return FALSE;
  g_autoptr(GBytes) sealed = sight_seal(key, asset->hash, content, bytes);
  add_hash(&params, asset, hash);
  sight_pg_add_text(&params, asset->type);
  sight_pg_add_int(&params, (gint64)bytes);
  sight_pg_add_int(&params, secret);
  sight_pg_add_bytes(&params, g_bytes_get_data(sealed, NULL), g_bytes_get_size(sealed));
  sight_pg_add_int(&params, sight_depot_postgres_now_ms());
  sight_pg_add_int(&dropping, asset->project);
  sight_pg_add_int(&dropping, MAX_WAITING);
  return sight_pg_do(link, SIGHT_PG_ASSET_PUT, &params, error) &&
         sight_pg_do(link, SIGHT_PG_ASSET_DROP_MOST_WAITING, &dropping, error);
}

static gboolean bring(SightPgLink *link, gpointer user_data, GError **error) {
  Asset *asset = user_data;
  gint64 row = 0, n_bytes = 0;
  gboolean room = TRUE;
  if (!sight_depot_postgres_lock(link, asset->project, error) || !find_asset(link, asset, &row, &n_bytes, error))
    return FALSE;
  asset->result = SIGHT_ASSET_THERE;
  if (n_bytes > 0)
    return TRUE;
  if (row != 0 && !has_room(link, row, (gint64)g_bytes_get_size(asset->content), &room, error))
    return FALSE;
  asset->result = room ? SIGHT_ASSET_STORED : SIGHT_ASSET_FULL;
  return !room || store_asset(link, asset, error);
}

gboolean sight_depot_postgres_put_asset(SightDepot *depot, gint64 project, const char *hash, const char *type,
                                        GBytes *content, SightAssetResult *result, GError **error) {
  Asset asset = {.project = project, .hash = hash, .type = type, .content = content};
  gboolean done = sight_postgres_write(postgres_of(depot), bring, &asset, error);
  *result = asset.result;
  return done;
}

gboolean sight_depot_postgres_drop_waiting(SightPgLink *link, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, sight_depot_postgres_now_ms() - WAITS_AT_MOST_MS);
  return sight_pg_do(link, SIGHT_PG_ASSET_DROP_WAITING, &params, error);
}
