/* SPDX-License-Identifier: MIT */
/* SightDb: one SQLite connection and its prepared statements. Inside the store module only. */
#pragma once

#include "sight-session-facts.h"
#include "sight-statement.h"
#include "sight-store.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* How long a connection waits for another process. */
#define SIGHT_DB_BUSY_TIMEOUT_MS 15000
/* Pages that each keeps in memory: 8 MiB. */
#define SIGHT_DB_CACHE "PRAGMA cache_size = -8192"

struct SightDb {
  sqlite3 *handle;
  GThread *thread;  /* on which it may be used; set anew each time a reader leaves the pool */
  gboolean writer;  /* FALSE: read-only */
  gboolean erased;  /* set by an erasure: the write-ahead log is to be emptied after the commit */
  gboolean damaged; /* SQLite has met damage: check at the next start */
  int failure;      /* SQLite's code of what failed last */
  GCancellable *cancellable;
  GArray *recent;           /* sight-posting-table.c: what waits to be in the postings, or NULL */
  gint64 recent_index;      /* as of which change of the index */
  SightSessionFacts *facts; /* sight-session-facts.c: or NULL */
  SightStatement *statements[SIGHT_N_SQL];
};

typedef enum {
  SIGHT_DB_READ,
  SIGHT_DB_WRITE, /* creates the file where it is missing */
} SightDbMode;

/* Blocks. Opens the file; no schema is looked at. */
SightDb *sight_db_open(const char *path, SightDbMode mode, GError **error);
void sight_db_close(SightDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightDb, sight_db_close)

/* Sets the error from what the connection says last, with what could not be done. Always FALSE. */
gboolean sight_db_fail(SightDb *db, GError **error);
/* Fixed text of our own, one or more statements: schema scripts, PRAGMA, BEGIN. */
gboolean sight_db_exec(SightDb *db, const char *sql, GError **error);
/* The first column of the first row of fixed text; -1 on error. */
gint64 sight_db_query_int(SightDb *db, const char *sql, GError **error);

/* The same as text, the caller's; NULL on error and for NULL. */
char *sight_db_query_text(SightDb *db, const char *sql, GError **error);

/* Takes the statement for use; releasing it (autoptr) resets it and gives it back. A statement may be in use more than
 * once at a time. Asserts that it runs on the connection's thread, and a writing one on the writer. */
SightStatement *sight_db_statement(SightDb *db, SightSql sql, GError **error);
void sight_statement_release(SightStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightStatement, sight_statement_release)

/* Parameters count from 1. Text is copied; a blob is borrowed until the statement is released. */
void sight_statement_bind_int(SightStatement *statement, int n, gint64 value);
void sight_statement_bind_double(SightStatement *statement, int n, double value);
void sight_statement_bind_text(SightStatement *statement, int n, const char *text); /* NULL binds NULL */
void sight_statement_bind_blob(SightStatement *statement, int n, const void *data, gsize bytes);

/* A column of blobs, row by row: where very many rows are wanted one by one, a statement for each would cost more than
 * what it reads. Opened and used within one transaction. */
typedef struct SightDbColumn SightDbColumn;
SightDbColumn *sight_db_column_new(SightDb *db, const char *table, const char *column);
void sight_db_column_free(SightDbColumn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightDbColumn, sight_db_column_free)
/* Borrowed until the next one; there is no such row: `*data` is NULL. FALSE on error. */
gboolean sight_db_column_get(SightDbColumn *self, gint64 row, const guint8 **data, gsize *bytes, GError **error);

typedef enum {
  SIGHT_STEP_FAILED,
  SIGHT_STEP_ROW,
  SIGHT_STEP_DONE,
} SightStep;
SightStep sight_statement_step(SightStatement *statement, GError **error);
/* Runs one that gives no rows. */
gboolean sight_statement_run(SightStatement *statement, GError **error);
/* Runs one that gives one number, or `fallback` where it gives no row. FALSE on error. */
gboolean sight_statement_run_int(SightStatement *statement, gint64 *value, gint64 fallback, GError **error);

/* Columns count from 0. Borrowed text and blobs are valid until the next step. */
gint64 sight_statement_int(SightStatement *statement, int n);
double sight_statement_double(SightStatement *statement, int n);
const char *sight_statement_text(SightStatement *statement, int n);
char *sight_statement_dup_text(SightStatement *statement, int n);
const void *sight_statement_blob(SightStatement *statement, int n, gsize *bytes);

/* Rows that the last writing statement changed. */
int sight_db_changes(SightDb *db);
gint64 sight_db_last_row(SightDb *db);
/* The next number of the 'revision' counter, or -1. */
gint64 sight_db_next_revision(SightDb *db, GError **error);
gint64 sight_db_now_ms(void);

G_END_DECLS
