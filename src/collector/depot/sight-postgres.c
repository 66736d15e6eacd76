/* SPDX-License-Identifier: MIT */
/* Connections, transactions and the schema of a PostgreSQL database. */
#include "sight-postgres.h"

#include "sight-depot-resources.h"
#include "sight-depot.h"
#include "sight-postgres-sql.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define RESOURCE_FOLDER "/io/github/sessionsight/collector/postgres/"
#define MAX_TRIES 5
/* A server has some hundred for all of its collectors; more at once do not make it any faster. */
#define MAX_OUT 16
#define MAX_IDLE 8

/* In order; the place in the list is the version. A script that was ever released is never changed. */
static const char *const scripts[] = {"001-first.sql", "002-care.sql", "003-together.sql", "004-digests.sql",
                                      "005-shredding.sql"};

struct SightPgLink {
  PGconn *connection;
  gboolean prepared[SIGHT_PG_N_SQL];
};

struct SightPostgres {
  char *url, *where;
  GMutex lock;
  GCond given;
  GPtrArray *idle; /* of SightPgLink */
  guint n_out;     /* that were taken, and are to be given back */
};

/* Parameters and results */

static void add(SightPgParams *params, const char *value, gsize bytes, int format) {
  g_assert(params->n < SIGHT_PG_MAX_PARAMS);
  params->values[params->n] = value;
  params->bytes[params->n] = (int)bytes;
  params->formats[params->n] = format;
  params->n++;
}

void sight_pg_add_int(SightPgParams *params, gint64 number) {
  params->numbers[params->n] = GINT64_TO_BE(number);
  add(params, (const char *)&params->numbers[params->n], sizeof number, 1);
}

void sight_pg_add_text(SightPgParams *params, const char *text) {
  add(params, text, 0, 0);
}

void sight_pg_add_bytes(SightPgParams *params, const void *bytes, gsize n) {
  add(params, bytes, n, 1);
}

/* Dimensions, whether there are NULLs, oid of the type; then of the one dimension its length and first index. */
#define ARRAY_HEAD 5
#define ARRAY_LENGTH_AT (3 * sizeof(gint32))

static void append_word(GByteArray *array, gint32 word) {
  gint32 value = GINT32_TO_BE(word);
  g_byte_array_append(array, (const guint8 *)&value, sizeof value);
}

GByteArray *sight_pg_array_new(SightPgType type) {
  const gint32 head[ARRAY_HEAD] = {1, 1, (gint32)type, 0, 1};
  GByteArray *array = g_byte_array_new();
  for (int i = 0; i < ARRAY_HEAD; i++)
    append_word(array, head[i]);
  return array;
}

void sight_pg_array_add(GByteArray *array, const void *bytes, gsize n) {
  gint32 length = 0;
  memcpy(&length, array->data + ARRAY_LENGTH_AT, sizeof length);
  gint32 longer = GINT32_FROM_BE(length) + 1;
  length = GINT32_TO_BE(longer);
  memcpy(array->data + ARRAY_LENGTH_AT, &length, sizeof length);
  append_word(array, bytes != NULL ? (gint32)n : -1);
  if (bytes != NULL)
    g_byte_array_append(array, bytes, (guint)n);
}

void sight_pg_array_add_int(GByteArray *array, gint64 number) {
  gint64 value = GINT64_TO_BE(number);
  sight_pg_array_add(array, &value, sizeof value);
}

void sight_pg_add_array(SightPgParams *params, const GByteArray *array) {
  add(params, (const char *)array->data, array->len, 1);
}

gint64 sight_pg_int(const SightPgResult *result, int row, int column) {
  gint64 number = 0;
  const char *value = PQgetvalue(result, row, column);
  if (PQgetisnull(result, row, column))
    return 0;
  if (PQgetlength(result, row, column) == 1)
    return *value;
  g_assert(PQgetlength(result, row, column) == sizeof number);
  memcpy(&number, value, sizeof number);
  return GINT64_FROM_BE(number);
}

const char *sight_pg_text(const SightPgResult *result, int row, int column) {
  return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

const void *sight_pg_bytes(const SightPgResult *result, int row, int column, gsize *n) {
  *n = (gsize)PQgetlength(result, row, column);
  return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

/* Statements */

PGconn *sight_pg_connection(SightPgLink *link) {
  return link->connection;
}

void sight_pg_fail(SightPgLink *link, const SightPgResult *result, GError **error) {
  const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
  const char *said = result != NULL ? PQresultErrorMessage(result) : PQerrorMessage(link->connection);
  g_autofree char *message = g_strchomp(g_strdup(said));
  if (g_strcmp0(state, "53100") == 0)
    g_set_error_literal(error, SIGHT_DEPOT_ERROR, SIGHT_DEPOT_ERROR_FULL, message);
  else
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "PostgreSQL: %s", message);
}

static gboolean is_good(const SightPgResult *result) {
  return PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
}

static char *name_of(SightPgSql sql) {
  return g_strdup_printf("s%d", (int)sql);
}

static gboolean prepare(SightPgLink *link, SightPgSql sql, GError **error) {
  if (link->prepared[sql])
    return TRUE;
  g_autofree char *name = name_of(sql);
  g_autoptr(SightPgResult) result = PQprepare(link->connection, name, sight_pg_texts[sql], 0, NULL);
  link->prepared[sql] = is_good(result);
  if (!link->prepared[sql])
    sight_pg_fail(link, result, error);
  return link->prepared[sql];
}

SightPgResult *sight_pg_run(SightPgLink *link, SightPgSql sql, const SightPgParams *params, GError **error) {
  const SightPgParams none = {0};
  const SightPgParams *p = params != NULL ? params : &none;
  g_autofree char *name = name_of(sql);
  if (!prepare(link, sql, error))
    return NULL;
  g_autoptr(SightPgResult) result = PQexecPrepared(link->connection, name, p->n, p->values, p->bytes, p->formats, 1);
  if (is_good(result))
    return g_steal_pointer(&result);
  sight_pg_fail(link, result, error);
  return NULL;
}

gboolean sight_pg_do(SightPgLink *link, SightPgSql sql, const SightPgParams *params, GError **error) {
  g_autoptr(SightPgResult) result = sight_pg_run(link, sql, params, error);
  return result != NULL;
}

gboolean sight_pg_get_int(SightPgLink *link, SightPgSql sql, const SightPgParams *params, gint64 none, gint64 *number,
                          GError **error) {
  g_autoptr(SightPgResult) result = sight_pg_run(link, sql, params, error);
  if (result == NULL)
    return FALSE;
  *number = PQntuples(result) > 0 ? sight_pg_int(result, 0, 0) : none;
  return TRUE;
}

gboolean sight_pg_command(SightPgLink *link, const char *sql, GError **error) {
  g_autoptr(SightPgResult) result = PQexec(link->connection, sql);
  if (!is_good(result))
    sight_pg_fail(link, result, error);
  return is_good(result);
}

/* Connections */

static void link_free(SightPgLink *link) {
  PQfinish(link->connection);
  g_free(link);
}

/* What schema scripts tell ("already exists, skipping") is of no interest. */
static void hear_notice(void *arg, const char *message) {
  g_debug("%s", message);
}

/* A statement that waits or works for longer is ended by the server, and so is a transaction whose collector stands
 * still: none of them keeps the others waiting for good. Operators' own `options`, in the URL, win. */
#define SERVER_OPTIONS "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"

static SightPgLink *connect_to(const char *url, GError **error) {
  const char *const words[] = {"connect_timeout", "tcp_user_timeout", "application_name", "options", "dbname", NULL};
  const char *const values[] = {"5", "10000", "sessionsight-collector", SERVER_OPTIONS, url, NULL};
  SightPgLink *link = g_new0(SightPgLink, 1);
  link->connection = PQconnectdbParams(words, values, 1);
  PQsetNoticeProcessor(link->connection, hear_notice, NULL);
  if (PQstatus(link->connection) == CONNECTION_OK)
    return link;
  sight_pg_fail(link, NULL, error);
  link_free(link);
  return NULL;
}

/* A connection that lay idle may be of a server that ended since. */
static gboolean is_alive(const SightPgLink *link) {
  return PQconsumeInput(link->connection) == 1 && PQstatus(link->connection) == CONNECTION_OK;
}

SightPgLink *sight_postgres_connect(SightPostgres *postgres, GError **error) {
  return connect_to(postgres->url, error);
}

void sight_pg_disconnect(SightPgLink *link) {
  link_free(link);
}

/* An idle one, or NULL: there is none, and one may be made. */
static SightPgLink *wait_for_turn(SightPostgres *postgres) {
  g_mutex_lock(&postgres->lock);
  while (postgres->n_out >= MAX_OUT)
    g_cond_wait(&postgres->given, &postgres->lock);
  postgres->n_out++;
  SightPgLink *link = postgres->idle->len > 0 ? g_ptr_array_steal_index(postgres->idle, postgres->idle->len - 1) : NULL;
  g_mutex_unlock(&postgres->lock);
  return link;
}

/* `link` NULL: it is not to be used again. */
static void end_turn(SightPostgres *postgres, SightPgLink *link) {
  g_mutex_lock(&postgres->lock);
  postgres->n_out--;
  if (link != NULL && postgres->idle->len < MAX_IDLE)
    g_ptr_array_add(postgres->idle, g_steal_pointer(&link));
  g_cond_signal(&postgres->given);
  g_mutex_unlock(&postgres->lock);
  g_clear_pointer(&link, link_free);
}

SightPgLink *sight_postgres_take(SightPostgres *postgres, GError **error) {
  SightPgLink *link = wait_for_turn(postgres);
  while (link != NULL && !is_alive(link)) {
    link_free(link);
    end_turn(postgres, NULL);
    link = wait_for_turn(postgres);
  }
  if (link == NULL)
    link = connect_to(postgres->url, error);
  if (link == NULL)
    end_turn(postgres, NULL);
  return link;
}

void sight_postgres_give(SightPostgres *postgres, SightPgLink *link) {
  gboolean good =
      PQtransactionStatus(link->connection) == PQTRANS_IDLE && PQpipelineStatus(link->connection) == PQ_PIPELINE_OFF;
  if (!good)
    g_clear_pointer(&link, link_free);
  end_turn(postgres, link);
}

/* Transactions */

/* Ended by the server for the sake of another, or because two were in each other's way. */
static gboolean is_to_be_tried_again(const GError *error) {
  return error != NULL && error->domain == SIGHT_STORE_ERROR &&
         (strstr(error->message, "deadlock detected") != NULL || strstr(error->message, "could not serialize") != NULL);
}

static gboolean try_transaction(SightPostgres *postgres, const char *begin, SightPgFunc func, gpointer user_data,
                                GError **error) {
  SightPgLink *link = sight_postgres_take(postgres, error);
  if (link == NULL)
    return FALSE;
  gboolean done = sight_pg_command(link, begin, error) && func(link, user_data, error);
  if (done)
    done = sight_pg_command(link, "COMMIT", error);
  else
    PQclear(PQexec(link->connection, "ROLLBACK"));
  sight_postgres_give(postgres, link);
  return done;
}

gboolean sight_postgres_write(SightPostgres *postgres, SightPgFunc func, gpointer user_data, GError **error) {
  for (int tries = 1;; tries++) {
    g_autoptr(GError) failure = NULL;
    if (try_transaction(postgres, "BEGIN", func, user_data, &failure))
      return TRUE;
    if (tries < MAX_TRIES && is_to_be_tried_again(failure))
      continue;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
}

gboolean sight_postgres_read(SightPostgres *postgres, SightPgFunc func, gpointer user_data, GError **error) {
  return try_transaction(postgres, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", func, user_data, error);
}

/* The schema */

static gboolean apply(SightPgLink *link, int version, GError **error) {
  g_autofree char *path = g_strconcat(RESOURCE_FOLDER, scripts[version - 1], NULL);
  g_autofree char *note = g_strdup_printf("INSERT INTO migration VALUES (%d, now())", version);
  g_autoptr(GBytes) script =
      g_resource_lookup_data(sight_depot_resources_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  /* Resource data is followed by a NUL that is not counted. */
  return script != NULL && sight_pg_command(link, g_bytes_get_data(script, NULL), error) &&
         sight_pg_command(link, note, error);
}

static gboolean migrate(SightPgLink *link, gpointer user_data, GError **error) {
  /* A script takes as long as the tables are large, and another collector may be at it. */
  if (!sight_pg_command(link, "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0", error) ||
      !sight_pg_command(
          link, "CREATE TABLE IF NOT EXISTS migration (version integer PRIMARY KEY, at timestamptz NOT NULL)", error) ||
      !sight_pg_command(link, "LOCK TABLE migration IN EXCLUSIVE MODE", error))
    return FALSE;
  g_autoptr(SightPgResult) result = PQexec(link->connection, "SELECT coalesce(max(version), 0)::text FROM migration");
  if (!is_good(result)) {
    sight_pg_fail(link, result, error);
    return FALSE;
  }
  int version = (int)g_ascii_strtoll(PQgetvalue(result, 0, 0), NULL, 10);
  if (version > (int)G_N_ELEMENTS(scripts)) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NEWER,
                        _("The database was made by a newer version of this program and was left as it is."));
    return FALSE;
  }
  while (version < (int)G_N_ELEMENTS(scripts)) {
    if (!apply(link, ++version, error))
      return FALSE;
  }
  return TRUE;
}

/* Without the password. */
static char *describe(const char *url) {
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_PARSE_RELAXED, NULL);
  return uri != NULL ? g_uri_to_string_partial(uri, G_URI_HIDE_PASSWORD | G_URI_HIDE_QUERY) : g_strdup("postgresql:");
}

SightPostgres *sight_postgres_open(const char *url, GError **error) {
  SightPostgres *postgres = g_new0(SightPostgres, 1);
  postgres->url = g_strdup(url);
  postgres->where = describe(url);
  postgres->idle = g_ptr_array_new_with_free_func((GDestroyNotify)link_free);
  g_mutex_init(&postgres->lock);
  g_cond_init(&postgres->given);
  /* Where several begin at once, the table of migrations may appear in the middle of making it. */
  if (sight_postgres_write(postgres, migrate, NULL, NULL) || sight_postgres_write(postgres, migrate, NULL, error))
    return postgres;
  sight_postgres_close(postgres);
  return NULL;
}

void sight_postgres_close(SightPostgres *postgres) {
  g_ptr_array_unref(postgres->idle);
  g_mutex_clear(&postgres->lock);
  g_cond_clear(&postgres->given);
  g_free(postgres->url);
  g_free(postgres->where);
  g_free(postgres);
}

const char *sight_postgres_where(SightPostgres *postgres) {
  return postgres->where;
}
