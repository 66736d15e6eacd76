/* SPDX-License-Identifier: MIT */
/* A depot in a PostgreSQL database, which several collectors may write at once: projects, keys, changes, erasing. */
#include "depot-postgres-private.h"

#include "sight-cursor.h"
#include "sight-session-table.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ALL_TOKEN_SCOPES (SIGHT_SCOPE_READ | SIGHT_SCOPE_ANNOTATE | SIGHT_SCOPE_ADMIN)
#define PEPPER_BYTES 32

static SightDepotPostgres *self_of(SightDepot *depot) {
  return (SightDepotPostgres *)depot;
}

gint64 sight_depot_postgres_now_ms(void) {
  return g_get_real_time() / 1000;
}

static const char *where(SightDepot *depot) {
  return sight_postgres_where(self_of(depot)->postgres);
}

static char *notice(SightDepot *depot) {
  return NULL;
}

/* Projects and keys */

SightKey *sight_depot_postgres_read_key(const SightPgResult *result, int row) {
  SightKey *key = g_new0(SightKey, 1);
  key->row = sight_pg_int(result, row, 0);
  key->project = sight_pg_int(result, row, 1);
  key->name = g_strdup(sight_pg_text(result, row, 2));
  key->key = g_strdup(sight_pg_text(result, row, 3));
  key->scopes = (SightScopes)sight_pg_int(result, row, 4);
  key->created_ms = sight_pg_int(result, row, 5);
  key->revoked = sight_pg_int(result, row, 6) != 0;
  gsize bytes = 0;
  const void *hash = sight_pg_bytes(result, row, 7, &bytes);
  memcpy(key->hash, hash, MIN(bytes, sizeof key->hash));
  return key;
}

char **sight_depot_postgres_read_origins(SightPgLink *link, gint64 project, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, project);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_ORIGIN_LIST, &params, error);
  if (result == NULL)
    return NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (int i = 0; i < PQntuples(result); i++)
    g_strv_builder_add(builder, sight_pg_text(result, i, 0));
  return g_strv_builder_end(builder);
}

typedef struct {
  const char *name;
  char **origins;
  SightDepotKeys *keys;
} Ensure;

/* 0 without error where there is none. */
static gboolean first_project(SightPgLink *link, gint64 *row, char **name, GError **error) {
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_PROJECT_FIRST, NULL, error);
  if (result == NULL)
    return FALSE;
  *row = PQntuples(result) > 0 ? sight_pg_int(result, 0, 0) : 0;
  if (*row != 0 && name != NULL)
    *name = g_strdup(sight_pg_text(result, 0, 1));
  return TRUE;
}

static gint64 need_project(SightPgLink *link, GError **error) {
  gint64 row = 0;
  if (!first_project(link, &row, NULL, error))
    return 0;
  if (row == 0)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND,
                        _("This store has no project yet: start the collector once."));
  return row;
}

static char *add_key(SightPgLink *link, gint64 project, const char *name, SightScopes scopes, GError **error) {
  SightPgParams params = {0};
  g_autofree char *shown = NULL;
  g_autofree char *key = sight_key_new(scopes, &shown);
  guint8 hash[SIGHT_KEY_HASH_BYTES] = {0};
  sight_key_hash(key, hash);
  sight_pg_add_int(&params, project);
  sight_pg_add_text(&params, name);
  sight_pg_add_text(&params, shown);
  sight_pg_add_bytes(&params, hash, sizeof hash);
  sight_pg_add_int(&params, scopes);
  sight_pg_add_int(&params, sight_depot_postgres_now_ms());
  return sight_pg_do(link, SIGHT_PG_KEY_ADD, &params, error) ? g_steal_pointer(&key) : NULL;
}

static gboolean create_first(SightPgLink *link, const Ensure *e, GError **error) {
  SightPgParams params = {0};
  SightDepotKeys *keys = e->keys;
  g_autofree char *id = sight_id_new();
  guint8 pepper[SIGHT_SEAL_KEY_BYTES];
  sight_seal_new_key(pepper);
  sight_pg_add_text(&params, id);
  sight_pg_add_text(&params, e->name);
  sight_pg_add_bytes(&params, pepper, sizeof pepper);
  if (!sight_pg_get_int(link, SIGHT_PG_PROJECT_ADD, &params, 0, &keys->project, error))
    return FALSE;
  keys->created = TRUE;
  keys->project_name = g_strdup(e->name);
  keys->write_key = add_key(link, keys->project, "first", SIGHT_SCOPE_INGEST, error);
  if (keys->write_key != NULL)
    keys->token = add_key(link, keys->project, "first", ALL_TOKEN_SCOPES, error);
  return keys->token != NULL;
}

static GPtrArray *read_keys(SightPgLink *link, GError **error) {
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_KEY_LIST, NULL, error);
  if (result == NULL)
    return NULL;
  GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)sight_key_free);
  for (int i = 0; i < PQntuples(result); i++)
    g_ptr_array_add(list, sight_depot_postgres_read_key(result, i));
  return list;
}

static gboolean find_first(SightPgLink *link, SightDepotKeys *keys, GError **error) {
  g_autoptr(GPtrArray) list = read_keys(link, error);
  for (guint i = 0; list != NULL && i < list->len && keys->write_key == NULL; i++) {
    const SightKey *key = g_ptr_array_index(list, i);
    if (!key->revoked && key->project == keys->project && (key->scopes & SIGHT_SCOPE_INGEST))
      keys->write_key = g_strdup(key->key);
  }
  return list != NULL;
}

gboolean sight_depot_postgres_set_origins(SightPgLink *link, gint64 project, char **origins, GError **error) {
  SightPgParams clearing = {0};
  gboolean any = g_strv_contains((const char *const *)origins, "*");
  sight_pg_add_int(&clearing, project);
  if (!sight_pg_do(link, SIGHT_PG_ORIGIN_CLEAR, &clearing, error))
    return FALSE;
  for (guint i = 0; !any && origins[i] != NULL; i++) {
    SightPgParams params = {0};
    sight_pg_add_int(&params, project);
    sight_pg_add_text(&params, origins[i]);
    if (!sight_pg_do(link, SIGHT_PG_ORIGIN_ADD, &params, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean ensure_keys(SightPgLink *link, gpointer user_data, GError **error) {
  const Ensure *e = user_data;
  sight_depot_keys_clear(e->keys);
  /* Several collectors may start for the first time at once. */
  if (!sight_pg_do(link, SIGHT_PG_PROJECT_LOCK_ALL, NULL, error) ||
      !first_project(link, &e->keys->project, &e->keys->project_name, error))
    return FALSE;
  if (e->keys->project != 0 ? !find_first(link, e->keys, error) : !create_first(link, e, error))
    return FALSE;
  return e->origins == NULL || sight_depot_postgres_set_origins(link, e->keys->project, e->origins, error);
}

static gboolean ensure(SightDepot *depot, const char *name, char **origins, SightDepotKeys *keys, GError **error) {
  Ensure e = {.name = name, .origins = origins, .keys = keys};
  return sight_postgres_write(self_of(depot)->postgres, ensure_keys, &e, error);
}

gboolean sight_depot_postgres_lock(SightPgLink *link, gint64 project, GError **error) {
  SightPgParams params = {0};
  gint64 row = 0;
  sight_pg_add_int(&params, project);
  if (!sight_pg_get_int(link, SIGHT_PG_PROJECT_LOCK, &params, 0, &row, error))
    return FALSE;
  if (row == 0)
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_CLOSED, "the project is closed");
  return row != 0;
}

static gboolean begin_generation(SightPgLink *link, gpointer user_data, GError **error) {
  SightPgParams params = {0};
  g_autofree char *id = sight_id_new();
  gint64 project = need_project(link, error);
  if (project == 0)
    return FALSE;
  sight_pg_add_int(&params, project);
  SightPgParams locking = {0};
  sight_pg_add_int(&locking, project);
  sight_pg_add_text(&params, id);
  return sight_pg_do(link, SIGHT_PG_PROJECT_LOCK, &locking, error) &&
         sight_pg_do(link, SIGHT_PG_GENERATION_ADD, &params, error) &&
         sight_pg_do(link, SIGHT_PG_GENERATION_TRIM, NULL, error);
}

typedef struct {
  gint64 project, row;
  char **name, **id, **origins, *key;
  const char *key_name;
  SightScopes scopes;
  GPtrArray *list;
} Asking;

static SightPgResult *read_project(SightPgLink *link, gint64 project, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, project);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_PROJECT_GET, &params, error);
  if (result != NULL && PQntuples(result) == 0) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, "no such project");
    return NULL;
  }
  return g_steal_pointer(&result);
}

gboolean sight_depot_postgres_get_pepper(SightPgLink *link, gint64 project, guint8 pepper[32], GError **error) {
  g_autoptr(SightPgResult) result = read_project(link, project, error);
  gsize bytes = 0;
  const void *data = result != NULL ? sight_pg_bytes(result, 0, 2, &bytes) : NULL;
  if (data != NULL)
    memcpy(pepper, data, MIN(bytes, PEPPER_BYTES));
  return data != NULL;
}

void sight_depot_postgres_hash_user(const guint8 pepper[32], const char *name, guint8 hash[32]) {
  g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, pepper, PEPPER_BYTES);
  gsize bytes = PEPPER_BYTES;
  g_hmac_update(hmac, (const guchar *)name, -1);
  g_hmac_get_digest(hmac, hash, &bytes);
}

static gboolean describe(SightPgLink *link, gpointer user_data, GError **error) {
  const Asking *asking = user_data;
  g_autoptr(SightPgResult) result = read_project(link, asking->project, error);
  if (result == NULL)
    return FALSE;
  *asking->name = g_strdup(sight_pg_text(result, 0, 0));
  *asking->id = g_strdup(sight_pg_text(result, 0, 1));
  return TRUE;
}

static gboolean get_project(SightDepot *depot, gint64 project, char **name, char **id, GError **error) {
  Asking asking = {.project = project, .name = name, .id = id};
  return sight_postgres_read(self_of(depot)->postgres, describe, &asking, error);
}

static gboolean check_key(SightDepot *depot, const char *tainted_key, SightKey **key, char ***origins, GError **error) {
  return sight_key_cache_check(self_of(depot)->keys, tainted_key, key, origins, error);
}

static gboolean collect_keys(SightPgLink *link, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  asking->list = read_keys(link, error);
  return asking->list != NULL;
}

static GPtrArray *list_keys(SightDepot *depot, GError **error) {
  Asking asking = {0};
  return sight_postgres_read(self_of(depot)->postgres, collect_keys, &asking, error) ? asking.list : NULL;
}

static gboolean create(SightPgLink *link, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  gint64 project = need_project(link, error);
  g_clear_pointer(&asking->key, g_free);
  if (project != 0)
    asking->key = add_key(link, project, asking->key_name, asking->scopes, error);
  return asking->key != NULL;
}

static char *create_key(SightDepot *depot, const char *name, SightScopes scopes, GError **error) {
  Asking asking = {.key_name = name, .scopes = scopes};
  return sight_postgres_write(self_of(depot)->postgres, create, &asking, error) ? asking.key : NULL;
}

static gboolean revoke_row(SightPgLink *link, gpointer user_data, GError **error) {
  const Asking *asking = user_data;
  SightPgParams params = {0};
  gint64 row = 0;
  sight_pg_add_int(&params, asking->row);
  if (!sight_pg_get_int(link, SIGHT_PG_KEY_REVOKE, &params, 0, &row, error))
    return FALSE;
  if (row == 0)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no such key."));
  return row != 0;
}

static gboolean revoke_key(SightDepot *depot, gint64 row, GError **error) {
  Asking asking = {.row = row};
  return sight_postgres_write(self_of(depot)->postgres, revoke_row, &asking, error);
}

static gboolean collect_origins(SightPgLink *link, gpointer user_data, GError **error) {
  Asking *asking = user_data;
  gint64 project = need_project(link, error);
  if (project != 0)
    asking->origins = sight_depot_postgres_read_origins(link, project, error);
  return asking->origins != NULL;
}

static char **list_origins(SightDepot *depot, GError **error) {
  Asking asking = {0};
  return sight_postgres_read(self_of(depot)->postgres, collect_origins, &asking, error) ? asking.origins : NULL;
}

static gboolean read_policy(SightPgLink *link, gpointer user_data, GError **error) {
  SightPolicy **policy = user_data;
  SightPgParams params = {0};
  gint64 project = need_project(link, error);
  sight_pg_add_int(&params, project);
  g_autoptr(SightPgResult) result = project != 0 ? sight_pg_run(link, SIGHT_PG_POLICY_GET, &params, error) : NULL;
  *policy = result != NULL ? sight_policy_read(sight_pg_text(result, 0, 0), error) : NULL;
  return *policy != NULL;
}

static SightPolicy *get_policy(SightDepot *depot, GError **error) {
  SightPolicy *policy = NULL;
  return sight_postgres_read(self_of(depot)->postgres, read_policy, &policy, error) ? policy : NULL;
}

static gboolean write_policy(SightPgLink *link, gpointer user_data, GError **error) {
  g_autofree char *json = sight_policy_write(user_data);
  SightPgParams params = {0};
  gint64 project = need_project(link, error);
  sight_pg_add_int(&params, project);
  sight_pg_add_text(&params, json);
  return project != 0 && sight_pg_do(link, SIGHT_PG_POLICY_SET, &params, error);
}

static gboolean set_policy(SightDepot *depot, const SightPolicy *policy, GError **error) {
  return sight_postgres_write(self_of(depot)->postgres, write_policy, (gpointer)policy, error);
}

/* Cursors */

char *sight_depot_postgres_write_cursor(SightPgLink *link, gint64 project, const char *id, gint64 revision,
                                        GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, project);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_GENERATION_CURRENT, &params, error);
  if (result == NULL)
    return NULL;
  return sight_cursor_write(id, revision, PQntuples(result) > 0 ? sight_pg_text(result, 0, 0) : "");
}

gboolean sight_depot_postgres_read_cursor(SightPgLink *link, gint64 project, const char *tainted_cursor,
                                          gint64 *revision, char **id, GError **error) {
  g_autoptr(SightPgResult) result = read_project(link, project, error);
  g_autofree char *generation = NULL;
  gint64 knows = 0;
  *revision = 0;
  if (result == NULL)
    return FALSE;
  *id = g_strdup(sight_pg_text(result, 0, 1));
  if (tainted_cursor == NULL || *tainted_cursor == '\0')
    return TRUE;
  if (sight_cursor_read(tainted_cursor, *id, revision, &generation)) {
    SightPgParams params = {0};
    sight_pg_add_int(&params, project);
    sight_pg_add_int(&params, *revision);
    sight_pg_add_text(&params, generation);
    if (!sight_pg_get_int(link, SIGHT_PG_GENERATION_KNOWS, &params, 0, &knows, error))
      return FALSE;
  }
  if (knows == 0)
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_CURSOR, "this store never was at this cursor");
  return knows != 0;
}

/* Changes and erasing */

typedef struct {
  gint64 project, n_erased, revision;
  guint limit;
  const char *tainted_cursor, *name;
  GPtrArray *changes;
  char **cursor;
} Changing;

static SightChange *read_change(const SightPgResult *result, int row) {
  SightChange *change = g_new0(SightChange, 1);
  change->revision = sight_pg_int(result, row, 0);
  change->session = g_strdup(sight_pg_text(result, row, 1));
  change->erased = sight_pg_int(result, row, 2) != 0;
  change->received_ms = sight_pg_int(result, row, 3);
  change->last_arrival = sight_pg_int(result, row, 4);
  change->n_batches = sight_pg_int(result, row, 5);
  return change;
}

static gboolean read_changes(SightPgLink *link, gpointer user_data, GError **error) {
  Changing *changing = user_data;
  gint64 revision = 0;
  g_autofree char *id = NULL;
  if (!sight_depot_postgres_read_cursor(link, changing->project, changing->tainted_cursor, &revision, &id, error))
    return FALSE;
  SightPgParams params = {0};
  sight_pg_add_int(&params, changing->project);
  sight_pg_add_int(&params, revision);
  sight_pg_add_int(&params, changing->limit);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_CHANGE_LIST, &params, error);
  if (result == NULL)
    return FALSE;
  int n = PQntuples(result);
  changing->revision = n > 0 ? sight_pg_int(result, n - 1, 0) : revision;
  *changing->cursor = sight_depot_postgres_write_cursor(link, changing->project, id, changing->revision, error);
  if (*changing->cursor == NULL)
    return FALSE;
  changing->changes = g_ptr_array_new_with_free_func((GDestroyNotify)sight_change_free);
  for (int i = 0; i < n; i++)
    g_ptr_array_add(changing->changes, read_change(result, i));
  return TRUE;
}

static gboolean list_changes(SightDepot *depot, gint64 project, const char *tainted_cursor, guint limit,
                             GPtrArray **changes, char **cursor, gint64 *revision, GError **error) {
  Changing changing = {.project = project, .tainted_cursor = tainted_cursor, .limit = limit, .cursor = cursor};
  gboolean done = sight_postgres_read(self_of(depot)->postgres, read_changes, &changing, error);
  *changes = changing.changes;
  *revision = changing.revision;
  return done;
}

static gboolean erase_one(SightPgLink *link, gpointer user_data, GError **error) {
  Changing *changing = user_data;
  SightPgParams params = {0};
  sight_pg_add_int(&params, changing->project);
  sight_pg_add_text(&params, changing->name);
  sight_pg_add_int(&params, sight_depot_postgres_now_ms());
  return sight_depot_postgres_lock(link, changing->project, error) &&
         sight_pg_get_int(link, SIGHT_PG_ERASE_SESSION, &params, 0, &changing->n_erased, error);
}

static gboolean erase_session(SightDepot *depot, gint64 project, const char *session, gint64 *n_erased,
                              GError **error) {
  Changing changing = {.project = project, .name = session};
  gboolean done = sight_postgres_write(self_of(depot)->postgres, erase_one, &changing, error);
  *n_erased = changing.n_erased;
  return done;
}

static gboolean erase_some_of_user(SightPgLink *link, gpointer user_data, GError **error) {
  Changing *changing = user_data;
  g_autofree char *bucket = sight_user_bucket(changing->name);
  guint8 pepper[PEPPER_BYTES], name_hash[PEPPER_BYTES], bucket_hash[PEPPER_BYTES];
  if (!sight_depot_postgres_get_pepper(link, changing->project, pepper, error))
    return FALSE;
  sight_depot_postgres_hash_user(pepper, changing->name, name_hash);
  sight_depot_postgres_hash_user(pepper, bucket, bucket_hash);
  SightPgParams params = {0};
  sight_pg_add_int(&params, changing->project);
  sight_pg_add_bytes(&params, name_hash, sizeof name_hash);
  sight_pg_add_bytes(&params, bucket_hash, sizeof bucket_hash);
  sight_pg_add_int(&params, sight_depot_postgres_now_ms());
  sight_pg_add_int(&params, SIGHT_ERASED_AT_ONCE);
  return sight_depot_postgres_lock(link, changing->project, error) &&
         sight_pg_get_int(link, SIGHT_PG_ERASE_USER, &params, 0, &changing->n_erased, error);
}

static gboolean erase_user(SightDepot *depot, gint64 project, const char *user, gint64 *n_erased, GError **error) {
  g_autofree char *name = sight_user_name(user, -1);
  Changing changing = {.project = project, .name = name, .n_erased = name != NULL ? 1 : 0};
  gboolean done = TRUE;
  for (*n_erased = 0; done && changing.n_erased > 0; *n_erased += changing.n_erased)
    done = sight_postgres_write(self_of(depot)->postgres, erase_some_of_user, &changing, error);
  return done;
}

/* Care */

static gboolean write_something(SightPgLink *link, gpointer user_data, GError **error) {
  SightPgParams params = {0};
  gint64 taken = 0;
  sight_pg_add_text(&params, "probe");
  sight_pg_add_int(&params, 10);
  return sight_pg_get_int(link, SIGHT_PG_LEASE_TAKE, &params, 0, &taken, error);
}

static gboolean probe(SightDepot *depot, GError **error) {
  return sight_postgres_write(self_of(depot)->postgres, write_something, NULL, error);
}

static gboolean read_measures(SightPgLink *link, gpointer user_data, GError **error) {
  SightDepotMeasures *measures = user_data;
  SightPgParams params = {0};
  gint64 project = need_project(link, error);
  sight_pg_add_int(&params, project);
  return project != 0 && sight_pg_get_int(link, SIGHT_PG_CHANGE_LAST, &params, 0, &measures->revision, error) &&
         sight_pg_get_int(link, SIGHT_PG_OBJECT_N_DEAD, NULL, 0, &measures->n_dead, error);
}

static gboolean measure(SightDepot *depot, SightDepotMeasures *measures, GError **error) {
  measures->n_waiting = sight_batch_queue_length(self_of(depot)->queue);
  return sight_postgres_read(self_of(depot)->postgres, read_measures, measures, error);
}

static void tend_in_thread(gpointer data, gpointer user_data) {
  SightDepotPostgres *self = user_data;
  sight_depot_postgres_tend(self);
  g_atomic_int_set(&self->tending, FALSE);
}

static void tend(SightDepot *depot) {
  SightDepotPostgres *self = self_of(depot);
  if (g_atomic_int_compare_and_exchange(&self->tending, FALSE, TRUE))
    g_thread_pool_push(self->tender, self, NULL);
}

static gboolean begin(SightDepot *depot, GError **error) {
  if (!sight_postgres_write(self_of(depot)->postgres, begin_generation, NULL, error))
    return FALSE;
  tend(depot);
  return TRUE;
}

static void close_depot(SightDepot *depot) {
  SightDepotPostgres *self = self_of(depot);
  g_atomic_int_set(&self->closing, TRUE);
  g_thread_pool_free(self->tender, FALSE, TRUE);
  sight_batch_queue_free(self->queue);
  sight_key_cache_free(self->keys);
  sight_postgres_close(self->postgres);
  g_clear_pointer(&self->blobs, sight_blobs_close);
  g_free(self->prefix);
  g_free(self);
}

static const SightDepotKind kind = {
    .close = close_depot,
    .where = where,
    .notice = notice,
    .ensure = ensure,
    .adopt = sight_depot_postgres_adopt,
    .begin = begin,
    .get_project = get_project,
    .check_key = check_key,
    .list_keys = list_keys,
    .create_key = create_key,
    .revoke_key = revoke_key,
    .list_origins = list_origins,
    .put_batch = sight_depot_postgres_put_batch,
    .list_batches = sight_depot_postgres_list_batches,
    .list_changes = list_changes,
    .look_up = sight_depot_postgres_look_up,
    .erase_session = erase_session,
    .erase_user = erase_user,
    .list_annotations = sight_depot_postgres_list_annotations,
    .put_annotation = sight_depot_postgres_put_annotation,
    .put_digest = sight_depot_postgres_put_digest,
    .list_digests = sight_depot_postgres_list_digests,
    .count_digests = sight_depot_postgres_count_digests,
    .has_asset = sight_depot_postgres_has_asset,
    .get_asset = sight_depot_postgres_get_asset,
    .put_asset = sight_depot_postgres_put_asset,
    .get_policy = get_policy,
    .set_policy = set_policy,
    .probe = probe,
    .measure = measure,
    .tend = tend,
};

static gboolean find_prefix(SightPgLink *link, gpointer user_data, GError **error) {
  char **prefix = user_data;
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_DEPOT_ID, NULL, error);
  g_clear_pointer(prefix, g_free);
  if (result == NULL)
    return FALSE;
  if (PQntuples(result) > 0)
    *prefix = g_strdup_printf("batches/%s/", sight_pg_text(result, 0, 0));
  else
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the table depot is empty");
  return *prefix != NULL;
}

SightDepot *sight_depot_postgres_open(const char *url, const char *blobs_address, GError **error) {
  SightPostgres *postgres = sight_postgres_open(url, error);
  if (postgres == NULL)
    return NULL;
  g_autofree char *prefix = NULL;
  gboolean known = sight_postgres_read(postgres, find_prefix, &prefix, error);
  SightBlobs *blobs = known && blobs_address != NULL ? sight_blobs_open(blobs_address, error) : NULL;
  if (!known || (blobs_address != NULL && blobs == NULL)) {
    sight_postgres_close(postgres);
    return NULL;
  }
  SightDepotPostgres *self = g_new0(SightDepotPostgres, 1);
  self->depot.kind = &kind;
  self->postgres = postgres;
  self->blobs = blobs;
  self->prefix = g_steal_pointer(&prefix);
  self->queue = sight_batch_queue_new(postgres, self->blobs, self->prefix);
  self->keys = sight_key_cache_new(postgres);
  self->tender = g_thread_pool_new(tend_in_thread, self, 1, FALSE, NULL);
  return &self->depot;
}
