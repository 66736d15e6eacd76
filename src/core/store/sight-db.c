/* SPDX-License-Identifier: MIT */
/* One SQLite connection and its prepared statements. */
#include "sight-db.h"

#include <glib/gi18n-lib.h>

/* Instructions between two looks at the cancellable. */
#define PROGRESS_STEPS 20000

struct SightStatement {
  SightDb *db;
  SightSql sql;
  sqlite3_stmt *handle;
};

G_DEFINE_QUARK(sight - store - error - quark, sight_store_error)

static int is_cancelled(void *data) {
  SightDb *db = data;
  return db->cancellable != NULL && g_cancellable_is_cancelled(db->cancellable);
}

SightDb *sight_db_open(const char *path, SightDbMode mode, GError **error) {
  g_autoptr(SightDb) db = g_new0(SightDb, 1);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

  /* Never a path: those of stores are absolute or begin with a folder. */
  if (g_str_has_prefix(path, "file:"))
    flags |= SQLITE_OPEN_URI;

  flags |= mode == SIGHT_DB_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  db->writer = mode == SIGHT_DB_WRITE;
  db->thread = g_thread_self();
  if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK) {
    sight_db_fail(db, error);
    return NULL;
  }
  sqlite3_busy_timeout(db->handle, SIGHT_DB_BUSY_TIMEOUT_MS);
  sqlite3_progress_handler(db->handle, PROGRESS_STEPS, is_cancelled, db);
  /* The schema is in a file that others may have written to: nothing in it may call on more than plain SQL. */
  sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  /* Nothing of the file is read before its owner has looked whether it may be. */
  if (mode == SIGHT_DB_READ && !sight_db_exec(db, "PRAGMA query_only = ON; " SIGHT_DB_CACHE, error))
    return NULL;
  return g_steal_pointer(&db);
}

static void statement_free(SightStatement *statement) {
  sqlite3_finalize(statement->handle);
  g_free(statement);
}

GCancellable *sight_db_cancellable(const SightDb *db) {
  return db->cancellable;
}

void sight_db_close(SightDb *db) {
  if (db == NULL)
    return;
  for (guint i = 0; i < SIGHT_N_SQL; i++)
    g_clear_pointer(&db->statements[i], statement_free);
  g_clear_pointer(&db->recent, g_array_unref);
  g_clear_pointer(&db->facts, sight_session_facts_free);
  sqlite3_close(db->handle);
  g_free(db);
}

gboolean sight_db_fail(SightDb *db, GError **error) {
  int code = db->handle != NULL ? sqlite3_errcode(db->handle) & 0xff : SQLITE_NOMEM;

  db->failure = code;
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
    db->damaged = TRUE;
  if (code == SQLITE_INTERRUPT)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Cancelled"));
  else
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, _("The store could not do it: %s"),
                db->handle != NULL ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code));
  return FALSE;
}

gboolean sight_db_exec(SightDb *db, const char *sql, GError **error) {
  while (*sql != '\0') {
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v2(db->handle, sql, -1, &handle, &sql);
    if (code == SQLITE_OK && handle != NULL) {
      while (sqlite3_step(handle) == SQLITE_ROW)
        continue;
      code = sqlite3_finalize(handle);
    }
    if (code != SQLITE_OK)
      return sight_db_fail(db, error);
  }
  return TRUE;
}

char *sight_db_query_text(SightDb *db, const char *sql, GError **error) {
  sqlite3_stmt *handle = NULL;
  char *text = NULL;

  if (sqlite3_prepare_v2(db->handle, sql, -1, &handle, NULL) == SQLITE_OK && sqlite3_step(handle) == SQLITE_ROW)
    text = g_strdup((const char *)sqlite3_column_text(handle, 0));
  else
    sight_db_fail(db, error);
  sqlite3_finalize(handle);
  return text;
}

gint64 sight_db_query_int(SightDb *db, const char *sql, GError **error) {
  sqlite3_stmt *handle = NULL;
  gint64 value = -1;

  if (sqlite3_prepare_v2(db->handle, sql, -1, &handle, NULL) == SQLITE_OK && sqlite3_step(handle) == SQLITE_ROW)
    value = sqlite3_column_int64(handle, 0);
  else
    sight_db_fail(db, error);
  sqlite3_finalize(handle);
  return value;
}

SightStatement *sight_db_statement(SightDb *db, SightSql sql, GError **error) {
  const SightSqlText *text = &sight_sql_texts[sql];

  g_assert(db->thread == g_thread_self());
  g_assert(db->writer || !text->writes);
  if (db->statements[sql] != NULL)
    return g_steal_pointer(&db->statements[sql]);

  SightStatement *statement = g_new0(SightStatement, 1);
  statement->db = db;
  statement->sql = sql;
  if (sqlite3_prepare_v3(db->handle, text->sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle, NULL) != SQLITE_OK) {
    sight_db_fail(db, error);
    statement_free(statement);
    return NULL;
  }
  return statement;
}

void sight_statement_release(SightStatement *statement) {
  if (statement == NULL)
    return;
  sqlite3_reset(statement->handle);
  sqlite3_clear_bindings(statement->handle);
  if (statement->db->statements[statement->sql] == NULL)
    statement->db->statements[statement->sql] = statement;
  else
    statement_free(statement);
}

/* A parameter that the statement does not have is a mistake of ours, and memory that runs out ends the program. */
void sight_statement_bind_int(SightStatement *statement, int n, gint64 value) {
  int code = sqlite3_bind_int64(statement->handle, n, value);
  g_assert(code == SQLITE_OK);
}

void sight_statement_bind_double(SightStatement *statement, int n, double value) {
  int code = sqlite3_bind_double(statement->handle, n, value);
  g_assert(code == SQLITE_OK);
}

void sight_statement_bind_text(SightStatement *statement, int n, const char *text) {
  int code = sqlite3_bind_text(statement->handle, n, text, -1, SQLITE_TRANSIENT);
  g_assert(code == SQLITE_OK);
}

void sight_statement_bind_blob(SightStatement *statement, int n, const void *data, gsize bytes) {
  int code = sqlite3_bind_blob64(statement->handle, n, bytes > 0 ? data : "", bytes, SQLITE_STATIC);
  g_assert(code == SQLITE_OK);
}

SightStep sight_statement_step(SightStatement *statement, GError **error) {
  int code = sqlite3_step(statement->handle);

  if (code == SQLITE_ROW)
    return SIGHT_STEP_ROW;
  if (code == SQLITE_DONE)
    return SIGHT_STEP_DONE;
  sight_db_fail(statement->db, error);
  return SIGHT_STEP_FAILED;
}

gboolean sight_statement_run(SightStatement *statement, GError **error) {
  return sight_statement_step(statement, error) == SIGHT_STEP_DONE;
}

gboolean sight_statement_run_int(SightStatement *statement, gint64 *value, gint64 fallback, GError **error) {
  SightStep step = sight_statement_step(statement, error);

  *value = step == SIGHT_STEP_ROW ? sqlite3_column_int64(statement->handle, 0) : fallback;
  return step != SIGHT_STEP_FAILED;
}

gint64 sight_statement_int(SightStatement *statement, int n) {
  return sqlite3_column_int64(statement->handle, n);
}

double sight_statement_double(SightStatement *statement, int n) {
  return sqlite3_column_double(statement->handle, n);
}

const char *sight_statement_text(SightStatement *statement, int n) {
  return (const char *)sqlite3_column_text(statement->handle, n);
}

char *sight_statement_dup_text(SightStatement *statement, int n) {
  return g_strdup(sight_statement_text(statement, n));
}

const void *sight_statement_blob(SightStatement *statement, int n, gsize *bytes) {
  const void *data = sqlite3_column_blob(statement->handle, n);

  *bytes = (gsize)sqlite3_column_bytes(statement->handle, n);
  return data;
}

struct SightDbColumn {
  SightDb *db;
  const char *table, *column;
  sqlite3_blob *handle; /* NULL: none is open */
  GByteArray *data;
};

SightDbColumn *sight_db_column_new(SightDb *db, const char *table, const char *column) {
  SightDbColumn *self = g_new0(SightDbColumn, 1);

  g_assert(db->thread == g_thread_self());
  self->db = db;
  self->table = table;
  self->column = column;
  self->data = g_byte_array_new();
  return self;
}

void sight_db_column_free(SightDbColumn *self) {
  sqlite3_blob_close(self->handle);
  g_byte_array_unref(self->data);
  g_free(self);
}

gboolean sight_db_column_get(SightDbColumn *self, gint64 row, const guint8 **data, gsize *bytes, GError **error) {
  int code = self->handle != NULL
                 ? sqlite3_blob_reopen(self->handle, row)
                 : sqlite3_blob_open(self->db->handle, "main", self->table, self->column, row, 0, &self->handle);

  *data = NULL;
  *bytes = 0;
  if (code == SQLITE_OK) {
    *bytes = (gsize)sqlite3_blob_bytes(self->handle);
    g_byte_array_set_size(self->data, (guint)*bytes + 1); /* an empty one is there as well */
    *data = self->data->data;
    code = sqlite3_blob_read(self->handle, self->data->data, (int)*bytes, 0);
  }
  if (code == SQLITE_OK)
    return TRUE;
  gboolean no_row = code == SQLITE_ERROR || sight_db_fail(self->db, error);
  /* It is of no use any more. */
  g_clear_pointer(&self->handle, sqlite3_blob_close);
  return no_row;
}

int sight_db_changes(SightDb *db) {
  return sqlite3_changes(db->handle);
}

gint64 sight_db_last_row(SightDb *db) {
  return sqlite3_last_insert_rowid(db->handle);
}

gint64 sight_db_next_revision(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_NEXT_REVISION, error);
  gint64 revision = -1;

  if (statement == NULL || !sight_statement_run_int(statement, &revision, -1, error))
    return -1;
  return revision;
}

gint64 sight_db_now_ms(void) {
  return g_get_real_time() / 1000;
}
