/* SPDX-License-Identifier: MIT */
/* What the files of the SQLite depot share. */
#pragma once

#include "sight-quota.h"

G_BEGIN_DECLS

typedef struct {
  SightDepot depot;
  SightStore *store;
  SightQuota *quota;
  gint64 retain_us; /* when old sessions are looked for again */
} SightDepotSqlite;

/* The row of the project; 0 with error where there is none. */
gint64 sight_depot_sqlite_need_project(SightDb *db, GError **error);

gboolean sight_depot_sqlite_adopt(SightDepot *depot, const char *name, const char *id, const GPtrArray *keys,
                                  char **origins, gint64 *project, GError **error);
gboolean sight_depot_sqlite_look_up(SightDepot *depot, gint64 project, const char *session, SightDepotSession *found,
                                    GError **error);
SightPolicy *sight_depot_sqlite_get_policy(SightDepot *depot, GError **error);
gboolean sight_depot_sqlite_set_policy(SightDepot *depot, const SightPolicy *policy, GError **error);
gboolean sight_depot_sqlite_probe(SightDepot *depot, GError **error);
gboolean sight_depot_sqlite_measure(SightDepot *depot, SightDepotMeasures *measures, GError **error);
void sight_depot_sqlite_tend(SightDepot *depot);

G_END_DECLS
