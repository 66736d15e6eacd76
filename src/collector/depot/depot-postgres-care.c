/* SPDX-License-Identifier: MIT */
/* What a PostgreSQL depot needs now and then. Of several collectors the one that has the lease does it. */
#include "depot-postgres-private.h"

#include <string.h>

#define ROUND_S 9
/* Objects without a row: their writer was killed before it told of them. Nobody takes so long for that. */
#define ORPHANED_S 3600
/* It goes through all names in the bucket. */
#define SWEEP_S (6 * 3600)
#define SHRED_S 600
#define RETAIN_S 600
#define RETAINED_AT_ONCE 100

typedef struct {
  const char *name;
  gint64 seconds, taken;
} Lease;

static gboolean take_lease(SightPgLink *link, gpointer user_data, GError **error) {
  Lease *lease = user_data;
  SightPgParams params = {0};
  sight_pg_add_text(&params, lease->name);
  sight_pg_add_int(&params, lease->seconds);
  return sight_pg_get_int(link, SIGHT_PG_LEASE_TAKE, &params, 0, &lease->taken, error);
}

static gboolean drop_waiting(SightPgLink *link, gpointer user_data, GError **error) {
  return sight_depot_postgres_drop_waiting(link, error);
}

/* FALSE also where another has it. */
static gboolean may(SightDepotPostgres *depot, const char *name, gint64 seconds, GError **error) {
  Lease lease = {.name = name, .seconds = seconds};
  return sight_postgres_write(depot->postgres, take_lease, &lease, error) && lease.taken != 0;
}

/* TRUE with error, which nobody is told of: what is left waits for the next round. */
static gboolean is_closing(SightDepotPostgres *depot, GError **error) {
  if (!g_atomic_int_get(&depot->closing))
    return FALSE;
  if (*error == NULL)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the depot is being closed");
  return TRUE;
}

typedef struct {
  SightDepotPostgres *depot;
  gint64 before_s;
  GByteArray *names; /* the old ones of a page, as a parameter */
  SightPgResult *orphans;
} Sweep;

/* Of those names the ones without a row. */
static gboolean find_orphans(SightPgLink *link, gpointer user_data, GError **error) {
  Sweep *sweep = user_data;
  SightPgParams params = {0};
  sight_pg_add_array(&params, sweep->names);
  sweep->orphans = sight_pg_run(link, SIGHT_PG_OBJECT_ORPHANS, &params, error);
  return sweep->orphans != NULL;
}

/* A page at a time: no transaction lasts longer than its one query, and none while the object store is asked. */
static gboolean sweep_page(const SightBlob *blobs, guint n, gpointer user_data, GError **error) {
  Sweep *sweep = user_data;
  g_autoptr(GByteArray) names = sight_pg_array_new(SIGHT_PG_TEXT);
  sweep->names = names;
  sweep->orphans = NULL;
  for (guint i = 0; i < n; i++) {
    if (blobs[i].modified_s < sweep->before_s)
      sight_pg_array_add(names, blobs[i].name, strlen(blobs[i].name));
  }
  gboolean found = sight_postgres_read(sweep->depot->postgres, find_orphans, sweep, error);
  g_autoptr(SightPgResult) orphans = sweep->orphans;
  for (int i = 0; found && i < PQntuples(orphans) && !is_closing(sweep->depot, error); i++) {
    if (!sight_blobs_remove(sweep->depot->blobs, sight_pg_text(orphans, i, 0), error))
      return FALSE;
  }
  return found && !is_closing(sweep->depot, error);
}

static gboolean sweep_orphans(SightDepotPostgres *depot, GError **error) {
  Sweep sweep = {.depot = depot, .before_s = g_get_real_time() / G_USEC_PER_SEC - ORPHANED_S};
  return sight_blobs_each_page(depot->blobs, depot->prefix, sweep_page, &sweep, error);
}

typedef struct {
  SightPgResult *dead;
} Dead;

static gboolean find_dead(SightPgLink *link, gpointer user_data, GError **error) {
  Dead *dead = user_data;
  dead->dead = sight_pg_run(link, SIGHT_PG_OBJECT_DEAD, NULL, error);
  return dead->dead != NULL;
}

static gboolean remove_row(SightPgLink *link, gpointer user_data, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, *(const gint64 *)user_data);
  return sight_pg_do(link, SIGHT_PG_OBJECT_REMOVE, &params, error);
}

/* Objects of which nothing is left: first the object, so that none is forgotten. */
static gboolean remove_dead(SightDepotPostgres *depot, GError **error) {
  Dead dead = {0};
  if (!sight_postgres_read(depot->postgres, find_dead, &dead, error))
    return FALSE;
  g_autoptr(SightPgResult) list = dead.dead;
  for (int i = 0; i < PQntuples(list) && !g_atomic_int_get(&depot->closing); i++) {
    gint64 row = sight_pg_int(list, i, 1);
    if (!sight_blobs_remove(depot->blobs, sight_pg_text(list, i, 0), error) ||
        !sight_postgres_write(depot->postgres, remove_row, &row, error))
      return FALSE;
  }
  return TRUE;
}

/* As the table has them: see the schema. */
typedef struct {
  gint64 wanted, begun, done;
} Shredding;

static gboolean get_shredding(SightPgLink *link, gpointer user_data, GError **error) {
  Shredding *shredding = user_data;
  g_autoptr(SightPgResult) result = sight_pg_run(link, SIGHT_PG_SHREDDING_GET, NULL, error);
  if (result == NULL)
    return FALSE;
  *shredding = (Shredding){sight_pg_int(result, 0, 0), sight_pg_int(result, 0, 1), sight_pg_int(result, 0, 2)};
  return TRUE;
}

static gboolean begin_shredding(SightPgLink *link, gpointer user_data, GError **error) {
  return sight_pg_do(link, SIGHT_PG_SHREDDING_BEGIN, NULL, error) && get_shredding(link, user_data, error);
}

static gboolean end_shredding(SightPgLink *link, gpointer user_data, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, ((const Shredding *)user_data)->begun);
  return sight_pg_do(link, SIGHT_PG_SHREDDING_END, &params, error);
}

static gboolean remove_probe(SightPgLink *link, gpointer user_data, GError **error) {
  return sight_pg_do(link, SIGHT_PG_PROBE_REMOVE, NULL, error);
}

/* Writes the table of keys anew, unless a transaction may still see one of those that were removed: such rows would be
 * kept. The probe was removed after all of them, so it tells. It is small: a hundred bytes for each session. */
static gboolean write_secrets_anew(SightDepotPostgres *depot, SightPgLink *link, gboolean *done, GError **error) {
  gint64 probe_bytes = 0;
  if (!sight_pg_command(link, "VACUUM FULL shredding_probe", error) ||
      !sight_pg_get_int(link, SIGHT_PG_PROBE_BYTES, NULL, 0, &probe_bytes, error))
    return FALSE;
  if (probe_bytes > 0 || !may(depot, "rewrite", SHRED_S, error))
    return *error == NULL;
  *done =
      sight_pg_command(link, "SET statement_timeout = 0", error) && sight_pg_command(link, "VACUUM FULL secret", error);
  return *done;
}

/* Who is killed meanwhile, or has to wait for others' transactions, leaves it to the next round. */
static gboolean shred(SightDepotPostgres *depot, GError **error) {
  Shredding shredding = {0};
  gboolean done = FALSE;
  if (!sight_postgres_read(depot->postgres, get_shredding, &shredding, error) || shredding.done >= shredding.wanted)
    return *error == NULL;
  if (shredding.begun <= shredding.done && (!may(depot, "shred", SHRED_S, error) ||
                                            !sight_postgres_write(depot->postgres, begin_shredding, &shredding, error)))
    return *error == NULL;
  /* A link of its own: nothing else may wait for ever. */
  SightPgLink *link = sight_postgres_write(depot->postgres, remove_probe, NULL, error)
                          ? sight_postgres_connect(depot->postgres, error)
                          : NULL;
  if (link == NULL)
    return FALSE;
  gboolean goes_on = write_secrets_anew(depot, link, &done, error);
  sight_pg_disconnect(link);
  return done ? sight_postgres_write(depot->postgres, end_shredding, &shredding, error) : goes_on;
}

static gboolean erase_some_old(SightPgLink *link, gpointer user_data, GError **error) {
  SightPgParams params = {0};
  sight_pg_add_int(&params, sight_depot_postgres_now_ms());
  sight_pg_add_int(&params, RETAINED_AT_ONCE);
  return sight_pg_get_int(link, SIGHT_PG_RETAIN, &params, 0, user_data, error);
}

/* What the policies no longer keep; batches pass between the transactions. */
static gboolean retain(SightDepotPostgres *depot, GError **error) {
  gint64 n_erased = RETAINED_AT_ONCE;
  if (!may(depot, "retain", RETAIN_S, error))
    return *error == NULL;
  while (n_erased == RETAINED_AT_ONCE && !g_atomic_int_get(&depot->closing)) {
    if (!sight_postgres_write(depot->postgres, erase_some_old, &n_erased, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean care(SightDepotPostgres *depot, GError **error) {
  if (!may(depot, "care", ROUND_S, error))
    return *error == NULL;
  if (!sight_postgres_write(depot->postgres, drop_waiting, NULL, error) || !retain(depot, error) ||
      !shred(depot, error))
    return FALSE;
  if (depot->blobs == NULL)
    return TRUE;
  if (!remove_dead(depot, error))
    return FALSE;
  return may(depot, "sweep", SWEEP_S, error) ? sweep_orphans(depot, error) : *error == NULL;
}

void sight_depot_postgres_tend(SightDepotPostgres *depot) {
  g_autoptr(GError) error = NULL;
  if (!care(depot, &error) && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning("%s", error->message);
}
