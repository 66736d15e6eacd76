/* SPDX-License-Identifier: MIT */
/* SightPostgres: connections to one PostgreSQL database, its schema, and statements by number. */
#pragma once

#include <gio/gio.h>
#include <libpq-fe.h>

G_BEGIN_DECLS

typedef enum {
  SIGHT_PG_PROJECT_FIRST,
  SIGHT_PG_PROJECT_ADD,
  SIGHT_PG_PROJECT_LOCK_ALL,
  SIGHT_PG_PROJECT_GET,
  SIGHT_PG_PROJECT_LOCK,
  SIGHT_PG_SESSION_LOOK_UP,
  SIGHT_PG_CHANGE_LAST,
  SIGHT_PG_POLICY_GET,
  SIGHT_PG_POLICY_SET,
  SIGHT_PG_RETAIN,
  SIGHT_PG_NEXT_REVISION,
  SIGHT_PG_KEY_ADD,
  SIGHT_PG_KEY_RESTORE,
  SIGHT_PG_KEY_CHECK,
  SIGHT_PG_KEY_LIST,
  SIGHT_PG_KEY_REVOKE,
  SIGHT_PG_ORIGIN_LIST,
  SIGHT_PG_ORIGIN_ADD,
  SIGHT_PG_ORIGIN_CLEAR,
  SIGHT_PG_GENERATION_ADD,
  SIGHT_PG_GENERATION_TRIM,
  SIGHT_PG_GENERATION_CURRENT,
  SIGHT_PG_GENERATION_KNOWS,
  SIGHT_PG_LEASE_TAKE,
  SIGHT_PG_DEPOT_ID,
  SIGHT_PG_SHREDDING_GET,
  SIGHT_PG_SHREDDING_BEGIN,
  SIGHT_PG_SHREDDING_END,
  SIGHT_PG_PROBE_REMOVE,
  SIGHT_PG_PROBE_BYTES,
  SIGHT_PG_SESSION_KEY,
  SIGHT_PG_SESSION_GET,
  SIGHT_PG_BATCHES_PUT,
  SIGHT_PG_BATCH_EACH,
  SIGHT_PG_OBJECT_DEAD,
  SIGHT_PG_OBJECT_N_DEAD,
  SIGHT_PG_OBJECT_ORPHANS,
  SIGHT_PG_OBJECT_REMOVE,
  SIGHT_PG_CHANGE_LIST,
  SIGHT_PG_TOMBSTONE_STANDS,
  SIGHT_PG_ERASE_SESSION,
  SIGHT_PG_ERASE_USER,
  SIGHT_PG_ANNOTATION_GET,
  SIGHT_PG_ANNOTATION_REMOVE,
  SIGHT_PG_ANNOTATION_ADD,
  SIGHT_PG_ANNOTATION_CHANGED,
  SIGHT_PG_SECRET_ADD,
  SIGHT_PG_DIGEST_GET,
  SIGHT_PG_DIGEST_PUT,
  SIGHT_PG_DIGEST_LIST,
  SIGHT_PG_DIGEST_COUNT,
  SIGHT_PG_REVISION,
  SIGHT_PG_ASSET_FIND,
  SIGHT_PG_ASSET_GET,
  SIGHT_PG_ASSET_PUT,
  SIGHT_PG_ASSET_USED_BYTES,
  SIGHT_PG_ASSET_DROP_WAITING,
  SIGHT_PG_ASSET_DROP_MOST_WAITING,
  SIGHT_PG_N_SQL
} SightPgSql;

#define SIGHT_PG_MAX_PARAMS 27

/* Parameters, in order. Zero-initialise; borrows texts and bytes, and may not be copied once there is a number in it.
 */
typedef struct {
  int n;
  const char *values[SIGHT_PG_MAX_PARAMS];
  int bytes[SIGHT_PG_MAX_PARAMS], formats[SIGHT_PG_MAX_PARAMS];
  gint64 numbers[SIGHT_PG_MAX_PARAMS];
} SightPgParams;
void sight_pg_add_int(SightPgParams *params, gint64 number);
void sight_pg_add_text(SightPgParams *params, const char *text);            /* NULL: NULL */
void sight_pg_add_bytes(SightPgParams *params, const void *bytes, gsize n); /* NULL: NULL */

/* An array as one parameter, in PostgreSQL's binary form ("array_recv" of its source). `bytes` NULL: an element NULL.
 */
typedef enum { SIGHT_PG_BYTES = 17, SIGHT_PG_NUMBER = 20, SIGHT_PG_TEXT = 25 } SightPgType; /* their oids */
GByteArray *sight_pg_array_new(SightPgType type);
void sight_pg_array_add(GByteArray *array, const void *bytes, gsize n);
void sight_pg_array_add_int(GByteArray *array, gint64 number);
void sight_pg_add_array(SightPgParams *params, const GByteArray *array); /* borrowed, and complete */

typedef PGresult SightPgResult;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightPgResult, PQclear)
gint64 sight_pg_int(const SightPgResult *result, int row, int column);       /* a boolean counts as 0 or 1, NULL as 0 */
const char *sight_pg_text(const SightPgResult *result, int row, int column); /* borrowed; NULL: NULL */
const void *sight_pg_bytes(const SightPgResult *result, int row, int column, gsize *n);

/* One connection, in one thread at a time. */
typedef struct SightPgLink SightPgLink;

/* NULL on error. */
SightPgResult *sight_pg_run(SightPgLink *link, SightPgSql sql, const SightPgParams *params, GError **error);
gboolean sight_pg_do(SightPgLink *link, SightPgSql sql, const SightPgParams *params, GError **error);
/* The number in the first column of the first row, `none` where there is no row. */
gboolean sight_pg_get_int(SightPgLink *link, SightPgSql sql, const SightPgParams *params, gint64 none, gint64 *number,
                          GError **error);
/* A command without parameters, outside of a transaction. */
gboolean sight_pg_command(SightPgLink *link, const char *sql, GError **error);
/* What the server said, as SIGHT_STORE_ERROR_DATABASE or SIGHT_DEPOT_ERROR_FULL. `result` may be NULL. */
void sight_pg_fail(SightPgLink *link, const SightPgResult *result, GError **error);
PGconn *sight_pg_connection(SightPgLink *link);

typedef struct SightPostgres SightPostgres;

/* Connects, and brings the schema up to date; a newer one is refused. Blocks. */
SightPostgres *sight_postgres_open(const char *url, GError **error);
void sight_postgres_close(SightPostgres *postgres);
/* The address without a password; borrowed. */
const char *sight_postgres_where(SightPostgres *postgres);

/* Any thread, but for the server's: waits while too many are out. An own connection, or NULL; who has one must not take
 * another. What is given back broken, or inside of a transaction, is closed. */
SightPgLink *sight_postgres_take(SightPostgres *postgres, GError **error);
void sight_postgres_give(SightPostgres *postgres, SightPgLink *link);
/* One to be kept, which never waits for others. */
SightPgLink *sight_postgres_connect(SightPostgres *postgres, GError **error);
void sight_pg_disconnect(SightPgLink *link);

typedef gboolean (*SightPgFunc)(SightPgLink *link, gpointer user_data, GError **error);
/* Runs func in one transaction; FALSE rolls it back. It may run again where the server ended it for the sake of
 * another. */
gboolean sight_postgres_write(SightPostgres *postgres, SightPgFunc func, gpointer user_data, GError **error);
/* Over one state of the database. */
gboolean sight_postgres_read(SightPostgres *postgres, SightPgFunc func, gpointer user_data, GError **error);

G_END_DECLS
