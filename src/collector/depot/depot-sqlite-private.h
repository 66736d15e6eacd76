/* SPDX-License-Identifier: MIT */
/* What the files of the SQLite depot share. */
#pragma once

#include "sight-endpoint-table.h"
#include "sight-quota.h"

G_BEGIN_DECLS

typedef struct {
  SightDepot depot;
  SightStore *store;
  SightQuota *quota;
  gint64 retain_us; /* when old sessions are looked for again */
} SightDepotSqlite;

gboolean sight_depot_sqlite_read(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error);
gboolean sight_depot_sqlite_write(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error);
/* What comes from outside, unless the store is closed: that is looked at while nobody else writes. */
gboolean sight_depot_sqlite_take(SightDepot *depot, SightStoreFunc func, gpointer user_data, GError **error);

/* What a cursor at that revision is; NULL with error. */
char *sight_depot_sqlite_write_cursor(SightDb *db, const SightEndpoint *project, gint64 revision, GError **error);
/* Its revision, 0 for none. FALSE with error: SIGHT_DEPOT_ERROR_CURSOR where this store never was at it. */
gboolean sight_depot_sqlite_read_cursor(SightDb *db, const SightEndpoint *project, const char *tainted_cursor,
                                        gint64 *revision, GError **error);

/* The row of the project; 0 with error where there is none. */
gint64 sight_depot_sqlite_need_project(SightDb *db, GError **error);

gboolean sight_depot_sqlite_adopt(SightDepot *depot, const char *name, const char *id, const GPtrArray *keys,
                                  char **origins, gint64 *project, GError **error);
gboolean sight_depot_sqlite_put_batch(SightDepot *depot, gint64 project, const SightBatch *batch, const guint8 *proof,
                                      gint64 max_bytes, SightDepotPut *result, GError **error);
gboolean sight_depot_sqlite_list_batches(SightDepot *depot, gint64 project, const char *session,
                                         const char *tainted_cursor, gint64 after, SightDepotBatchFunc func,
                                         gpointer user_data, GError **error);
gboolean sight_depot_sqlite_list_changes(SightDepot *depot, gint64 project, const char *tainted_cursor, guint limit,
                                         GPtrArray **changes, char **cursor, gint64 *revision, GError **error);
gboolean sight_depot_sqlite_erase_session(SightDepot *depot, gint64 project, const char *session, gint64 *n_erased,
                                          GError **error);
gboolean sight_depot_sqlite_erase_user(SightDepot *depot, gint64 project, const char *user, gint64 *n_erased,
                                       GError **error);
gboolean sight_depot_sqlite_look_up(SightDepot *depot, gint64 project, const char *session, SightDepotSession *found,
                                    GError **error);
SightPolicy *sight_depot_sqlite_get_policy(SightDepot *depot, GError **error);
gboolean sight_depot_sqlite_set_policy(SightDepot *depot, const SightPolicy *policy, GError **error);
gboolean sight_depot_sqlite_probe(SightDepot *depot, GError **error);
gboolean sight_depot_sqlite_measure(SightDepot *depot, SightDepotMeasures *measures, GError **error);
void sight_depot_sqlite_tend(SightDepot *depot);

G_END_DECLS
