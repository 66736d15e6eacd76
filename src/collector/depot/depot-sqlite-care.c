/* SPDX-License-Identifier: MIT */
/* What a SQLite depot keeps, and what it needs now and then. */
#include "depot-sqlite-private.h"

#include "sight-asset-table.h"
#include "sight-change-table.h"
#include "sight-retention-table.h"
#include "sight-session-table.h"

#include <sys/statvfs.h>

/* A few posts would fill it. */
#define LEAST_FREE_BYTES ((guint64)4 * 1024 * 1024)
#define RETAIN_US ((gint64)600 * G_USEC_PER_SEC)
#define RETAINED_AT_ONCE 100

/* Policy */

SightPolicy *sight_depot_sqlite_get_policy(SightDepot *depot, GError **error) {
  return sight_quota_get(((SightDepotSqlite *)depot)->quota, error);
}

gboolean sight_depot_sqlite_set_policy(SightDepot *depot, const SightPolicy *policy, GError **error) {
  return sight_quota_set(((SightDepotSqlite *)depot)->quota, policy, error);
}

/* Care */

gboolean sight_depot_sqlite_probe(SightDepot *depot, GError **error) {
  struct statvfs disk;
  if (statvfs(sight_store_directory(((SightDepotSqlite *)depot)->store), &disk) == 0 &&
      (guint64)disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES) {
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_FULL, "the disk of the store is full");
    return FALSE;
  }
  return sight_store_probe(((SightDepotSqlite *)depot)->store, error);
}

static gboolean read_measures(SightDb *db, gpointer user_data, GError **error) {
  gint64 project = sight_depot_sqlite_need_project(db, error);
  return project != 0 &&
         sight_change_table_last_revision(db, project, &((SightDepotMeasures *)user_data)->revision, error);
}

gboolean sight_depot_sqlite_measure(SightDepot *depot, SightDepotMeasures *measures, GError **error) {
  return sight_store_read(((SightDepotSqlite *)depot)->store, read_measures, measures, error);
}

static gboolean drop_waiting_assets(SightDb *db, gpointer user_data, GError **error) {
  return sight_asset_table_drop_waiting(db, error);
}

static void retain(SightDepotSqlite *depot);

static gboolean erase_some_old(SightDb *db, gpointer user_data, GError **error) {
  SightDepotSqlite *depot = user_data;
  gint64 before_ms = 0, errored_before_ms = 0, n_bytes = 0, project = sight_depot_sqlite_need_project(db, error);
  if (project == 0)
    return FALSE;
  /* What a move has closed stays as it was moved. */
  if (sight_quota_is_closed(depot->quota) ||
      !sight_quota_ages(depot->quota, g_get_real_time() / 1000, &before_ms, &errored_before_ms))
    return TRUE;
  g_autoptr(GArray) rows =
      sight_retention_table_list_old(db, project, before_ms, errored_before_ms, RETAINED_AT_ONCE, &n_bytes, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    if (!sight_session_table_erase(db, g_array_index(rows, gint64, i), error))
      return FALSE;
  }
  if (rows == NULL)
    return FALSE;
  sight_quota_erased(depot->quota, n_bytes);
  /* The rest behind the posts that wait by now; a store that is being closed takes it no more. */
  if (rows->len == RETAINED_AT_ONCE)
    retain(depot);
  else if (rows->len > 0)
    sight_quota_recount(depot->quota);
  return TRUE;
}

static void retain(SightDepotSqlite *depot) {
  sight_store_write_async(depot->store, SIGHT_WRITE_DURABLE, erase_some_old, depot, NULL, NULL, NULL, NULL);
}

void sight_depot_sqlite_tend(SightDepot *depot) {
  SightDepotSqlite *self = (SightDepotSqlite *)depot;
  sight_quota_refresh(self->quota);
  if (g_get_monotonic_time() >= self->retain_us) {
    self->retain_us = g_get_monotonic_time() + RETAIN_US;
    retain(self);
  }
  sight_store_write_async(self->store, SIGHT_WRITE_UNSEEN, drop_waiting_assets, NULL, NULL, NULL, NULL, NULL);
}
