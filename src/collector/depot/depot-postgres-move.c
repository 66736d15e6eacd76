/* SPDX-License-Identifier: MIT */
/* What moving a store into a PostgreSQL depot, or out of one, needs beside what every collector does. */
#include "depot-postgres-private.h"

#include <string.h>

typedef struct {
  const char *name, *id;
  const GPtrArray *keys;
  char **origins;
  gint64 project;
} Adopting;

static gboolean add_project(SightPgLink *link, Adopting *adopting, GError **error) {
  guint8 pepper[SIGHT_SEAL_KEY_BYTES];
  SightPgParams params = {0};
  sight_seal_new_key(pepper);
  sight_pg_add_text(&params, adopting->id);
  sight_pg_add_text(&params, adopting->name);
  sight_pg_add_bytes(&params, pepper, sizeof pepper);
  return sight_pg_get_int(link, SIGHT_PG_PROJECT_ADD, &params, 0, &adopting->project, error);
}

static gboolean find_project(SightPgLink *link, Adopting *adopting, GError **error) {
  g_autoptr(SightPgResult) first = sight_pg_run(link, SIGHT_PG_PROJECT_FIRST, NULL, error);
  if (first == NULL)
    return FALSE;
  if (PQntuples(first) == 0)
    return add_project(link, adopting, error);
  SightPgParams params = {0};
  adopting->project = sight_pg_int(first, 0, 0);
  sight_pg_add_int(&params, adopting->project);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_PROJECT_GET, &params, error);
  if (result == NULL)
    return FALSE;
  if (g_strcmp0(sight_pg_text(result, 0, 1), adopting->id) == 0)
    return TRUE;
  g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_OTHER, "another project is here already");
  return FALSE;
}

static gboolean add_key(SightPgLink *link, gint64 project, const SightKey *key, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, project);
  sight_pg_add_text(&params, key->name);
  sight_pg_add_text(&params, key->key);
  sight_pg_add_bytes(&params, key->hash, sizeof key->hash);
  sight_pg_add_int(&params, key->scopes);
  sight_pg_add_int(&params, key->created_ms);
  sight_pg_add_int(&params, key->revoked);
  return sight_pg_do(link, SIGHT_PG_KEY_RESTORE, &params, error);
}

static gboolean adopt(SightPgLink *link, gpointer user_data, GError **error) {
  Adopting *adopting = user_data;
  if (!sight_pg_do(link, SIGHT_PG_PROJECT_LOCK_ALL, NULL, error) || !find_project(link, adopting, error))
    return FALSE;
  for (guint i = 0; i < adopting->keys->len; i++) {
    if (!add_key(link, adopting->project, g_ptr_array_index(adopting->keys, i), error))
      return FALSE;
  }
  return sight_depot_postgres_set_origins(link, adopting->project, adopting->origins, error);
}

gboolean sight_depot_postgres_adopt(SightDepot *depot, const char *name, const char *id, const GPtrArray *keys,
                                    char **origins, gint64 *project, GError **error) {
  Adopting adopting = {.name = name, .id = id, .keys = keys, .origins = origins};
  gboolean done = sight_postgres_write(((SightDepotPostgres *)depot)->postgres, adopt, &adopting, error);
  *project = adopting.project;
  return done;
}

typedef struct {
  gint64 project;
  const char *session;
  SightDepotSession *found;
} Looking;

static gboolean look_up(SightPgLink *link, gpointer user_data, GError **error) {
  const Looking *looking = user_data;
  SightPgParams params = {0};
  gsize bytes = 0;
  sight_pg_add_int(&params, looking->project);
  sight_pg_add_text(&params, looking->session);
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_SESSION_LOOK_UP, &params, error);
  if (result == NULL)
    return FALSE;
  const void *proof = sight_pg_bytes(result, 0, 3, &bytes);
  SightDepotSession *found = looking->found;
  *found = (SightDepotSession){.exists = sight_pg_int(result, 0, 0) != 0,
                               .erased = sight_pg_int(result, 0, 1) != 0,
                               .has_proof = proof != NULL && bytes == sizeof found->proof,
                               .n_batches = sight_pg_int(result, 0, 2)};
  if (found->has_proof)
    memcpy(found->proof, proof, bytes);
  return TRUE;
}

gboolean sight_depot_postgres_look_up(SightDepot *depot, gint64 project, const char *session, SightDepotSession *found,
                                      GError **error) {
  Looking looking = {.project = project, .session = session, .found = found};
  return sight_postgres_read(((SightDepotPostgres *)depot)->postgres, look_up, &looking, error);
}
