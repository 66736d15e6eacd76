/* SPDX-License-Identifier: MIT */
/* The SQLite depot: batches in and out, what changed, erasing. */
#include "depot-sqlite-private.h"

#include "sight-change-table.h"
#include "sight-owner-table.h"
#include "sight-retention-table.h"
#include "sight-session-table.h"

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

gboolean sight_depot_sqlite_put_batch(SightDepot *depot, gint64 project, const SightBatch *batch, const guint8 *proof,
                                      gint64 max_bytes, SightDepotPut *result, GError **error) {
  Put p = {.quota = ((SightDepotSqlite *)depot)->quota,
           .project = project,
           .max_bytes = max_bytes,
           .batch = batch,
           .proof = proof};
  gboolean done = sight_depot_sqlite_take(depot, put, &p, error);
  *result = p.result;
  if (!done && p.counted)
    sight_quota_recount(p.quota);
  return done;
}

typedef struct {
  gint64 project, after;
  guint limit;
  const char *session, *tainted_cursor;
  SightDepotBatchFunc func;
  gpointer user_data;
  gboolean stopped;
  gint64 last;
  GPtrArray *changes;
  char **cursor;
} Listing;

static gboolean pass_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  listing->stopped = !listing->func(stored, listing->user_data);
  if (listing->stopped)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "that is enough");
  return !listing->stopped;
}

/* NULL with error: it never was here, or was erased. */
static SightSession *find_session(SightDb *db, const Listing *listing, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_find(db, listing->project, listing->session, NULL);
  gboolean erased = FALSE;
  if (session != NULL && g_str_equal(session->session, listing->session))
    return g_steal_pointer(&session);
  if (!sight_change_table_is_erased(db, listing->project, listing->session, &erased, error))
    return NULL;
  g_set_error_literal(error, SIGHT_STORE_ERROR, erased ? SIGHT_STORE_ERROR_ERASED : SIGHT_STORE_ERROR_NOT_FOUND,
                      erased ? "the session was erased" : "no such session");
  return NULL;
}

static gboolean read_batches(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  gint64 revision = 0;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, listing->project, error);
  if (project == NULL || !sight_depot_sqlite_read_cursor(db, project, listing->tainted_cursor, &revision, error))
    return FALSE;
  g_autoptr(SightSession) session = find_session(db, listing, error);
  if (session == NULL)
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

gboolean sight_depot_sqlite_list_batches(SightDepot *depot, gint64 project, const char *session,
                                         const char *tainted_cursor, gint64 after, SightDepotBatchFunc func,
                                         gpointer user_data, GError **error) {
  Listing listing = {.project = project,
                     .session = session,
                     .tainted_cursor = tainted_cursor,
                     .after = after,
                     .func = func,
                     .user_data = user_data};
  return sight_depot_sqlite_read(depot, read_batches, &listing, error);
}

static gboolean read_changes(SightDb *db, gpointer user_data, GError **error) {
  Listing *listing = user_data;
  g_autoptr(SightEndpoint) project = sight_endpoint_table_get(db, listing->project, error);
  if (project == NULL || !sight_depot_sqlite_read_cursor(db, project, listing->tainted_cursor, &listing->last, error))
    return FALSE;
  g_autoptr(GPtrArray) changes = sight_change_table_list(db, project->row, listing->last, listing->limit, error);
  if (changes == NULL)
    return FALSE;
  if (changes->len > 0)
    listing->last = ((const SightChange *)g_ptr_array_index(changes, changes->len - 1))->revision;
  *listing->cursor = sight_depot_sqlite_write_cursor(db, project, listing->last, error);
  if (*listing->cursor != NULL)
    listing->changes = g_steal_pointer(&changes);
  return listing->changes != NULL;
}

gboolean sight_depot_sqlite_list_changes(SightDepot *depot, gint64 project, const char *tainted_cursor, guint limit,
                                         GPtrArray **changes, char **cursor, gint64 *revision, GError **error) {
  Listing listing = {.project = project, .tainted_cursor = tainted_cursor, .limit = limit, .cursor = cursor};
  gboolean done = sight_depot_sqlite_read(depot, read_changes, &listing, error);
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

gboolean sight_depot_sqlite_erase_session(SightDepot *depot, gint64 project, const char *session, gint64 *n_erased,
                                          GError **error) {
  Erasing erasing = {.project = project, .name = session};
  gboolean done = sight_depot_sqlite_take(depot, erase_one, &erasing, error);
  sight_quota_recount(((SightDepotSqlite *)depot)->quota);
  *n_erased = erasing.n_erased;
  return done;
}

static gboolean erase_some_of_user(SightDb *db, gpointer user_data, GError **error) {
  Erasing *erasing = user_data;
  erasing->n_erased = sight_session_table_erase_user(db, erasing->project, erasing->name, error);
  return erasing->n_erased >= 0;
}

gboolean sight_depot_sqlite_erase_user(SightDepot *depot, gint64 project, const char *user, gint64 *n_erased,
                                       GError **error) {
  Erasing erasing = {.project = project, .name = user, .n_erased = 1};
  gboolean done = sight_session_table_catch_up(((SightDepotSqlite *)depot)->store, error);
  for (*n_erased = 0; done && erasing.n_erased > 0; *n_erased += erasing.n_erased)
    done = sight_depot_sqlite_take(depot, erase_some_of_user, &erasing, error);
  sight_quota_recount(((SightDepotSqlite *)depot)->quota);
  return done;
}
