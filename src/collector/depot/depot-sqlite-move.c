/* SPDX-License-Identifier: MIT */
/* What moving a store into a SQLite depot, or out of one, needs beside what every collector does. */
#include "depot-sqlite-private.h"

#include "sight-change-table.h"
#include "sight-endpoint-table.h"
#include "sight-session-table.h"

typedef struct {
  const char *name, *id;
  const GPtrArray *keys;
  char **origins;
  gint64 project;
} Adopting;

static gboolean find_project(SightDb *db, Adopting *adopting, GError **error) {
  adopting->project = sight_depot_sqlite_need_project(db, NULL);
  if (adopting->project == 0) {
    adopting->project = sight_endpoint_table_add(db, "project", adopting->name, adopting->id, error);
    return adopting->project > 0;
  }
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, adopting->project, error);
  if (project != NULL && !g_str_equal(project->url, adopting->id))
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_OTHER, "another project is here already");
  return project != NULL && g_str_equal(project->url, adopting->id);
}

static gboolean adopt(SightDb *db, gpointer user_data, GError **error) {
  Adopting *adopting = user_data;
  if (!find_project(db, adopting, error))
    return FALSE;
  for (guint i = 0; i < adopting->keys->len; i++) {
    if (!sight_key_table_restore(db, adopting->project, g_ptr_array_index(adopting->keys, i), error))
      return FALSE;
  }
  return sight_key_table_set_origins(db, adopting->project, (const char *const *)adopting->origins, error);
}

gboolean sight_depot_sqlite_adopt(SightDepot *depot, const char *name, const char *id, const GPtrArray *keys,
                                  char **origins, gint64 *project, GError **error) {
  Adopting adopting = {.name = name, .id = id, .keys = keys, .origins = origins};
  gboolean done = sight_store_write(((SightDepotSqlite *)depot)->store, SIGHT_WRITE_DURABLE, adopt, &adopting, error);
  *project = adopting.project;
  return done;
}

typedef struct {
  gint64 project;
  const char *session;
  SightDepotSession *found;
} Looking;

static gboolean look_up(SightDb *db, gpointer user_data, GError **error) {
  const Looking *looking = user_data;
  SightDepotSession *found = looking->found;
  g_autoptr(SightSession) session = sight_session_table_find(db, looking->project, looking->session, NULL);
  *found = (SightDepotSession){.exists = session != NULL && g_str_equal(session->session, looking->session)};
  if (!sight_change_table_is_erased(db, looking->project, looking->session, &found->erased, error))
    return FALSE;
  if (!found->exists)
    return TRUE;
  return sight_owner_table_get(db, session->row, &found->has_proof, found->proof, &found->n_batches, error);
}

gboolean sight_depot_sqlite_look_up(SightDepot *depot, gint64 project, const char *session, SightDepotSession *found,
                                    GError **error) {
  Looking looking = {.project = project, .session = session, .found = found};
  return sight_store_read(((SightDepotSqlite *)depot)->store, look_up, &looking, error);
}
