/* SPDX-License-Identifier: MIT */
/* A heatmap of a million clicks out of a hundred thousand sessions, all of them and every second one, against the same
 * question as SQL over a plain table of clicks. bench-heatmap [SESSIONS] */
#include "sight-db.h"
#include "sight-heatmap.h"
#include "sight-term-table.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define CLICKS 10
#define ELEMENTS 40
#define ROUNDS 5
#define PAGE "/checkout"

typedef struct {
  gint64 n_sessions, selectors[ELEMENTS], labels[ELEMENTS];
  GRand *random;
  SightSet *sessions;
  double times[ROUNDS];
  gint64 n_clicks;
} Bench;

static double now_ms(void) {
  return (double)g_get_monotonic_time() / 1000;
}

static int by_number(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *times) {
  qsort(times, ROUNDS, sizeof *times, by_number);
  return times[ROUNDS / 2];
}

static void insist(gboolean ok, SightDb *db) {
  if (!ok)
    g_error("%s", sqlite3_errmsg(db->handle));
}

/* Also into `plain`, one row for each click. */
static void put_session(Bench *bench, SightDb *db, gint64 page, gint64 session, sqlite3_stmt *plain) {
  g_autoptr(GByteArray) data = g_byte_array_new();
  g_autoptr(SightStatement) put = sight_db_statement(db, SIGHT_SQL_USAGE_PUT, NULL);
  SightUsage view = {.terms = {page}, .n_terms = 1, .numbers = {800, 2400, 1600, 666, 900, 800}, .n_numbers = 6};

  sight_usage_pack(data, &view);
  for (int i = 0; i < CLICKS; i++) {
    int element = g_rand_int_range(bench->random, 0, ELEMENTS), x = g_rand_int_range(bench->random, 0, 1000);
    gboolean dead = g_rand_int_range(bench->random, 0, 20) == 0;
    SightUsage click = {.terms = {bench->labels[element], bench->selectors[element]},
                        .n_terms = 2,
                        .severe = dead,
                        .numbers = {x, 1000 - x},
                        .n_numbers = 2};
    sight_usage_pack(data, &click);
    sqlite3_bind_int64(plain, 1, session);
    sqlite3_bind_int(plain, 2, element);
    sqlite3_bind_int(plain, 3, x);
    sqlite3_bind_int(plain, 4, dead);
    insist(sqlite3_step(plain) == SQLITE_DONE && sqlite3_reset(plain) == SQLITE_OK, db);
  }
  sight_statement_bind_int(put, 1, page);
  sight_statement_bind_int(put, 2, session);
  sight_statement_bind_blob(put, 3, data->data, data->len);
  insist(sight_statement_run(put, NULL), db);
}

static gboolean do_fill(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  gint64 page = sight_term_table_ensure(db, SIGHT_TERM_PAGE, PAGE, error);
  sqlite3_stmt *session = NULL, *plain = NULL;

  insist(sight_db_exec(db,
                       "CREATE TABLE click (page TEXT, session INTEGER, element INTEGER, x INTEGER, dead INTEGER);"
                       "CREATE TABLE picked (session INTEGER PRIMARY KEY)",
                       error),
         db);
  insist(sqlite3_prepare_v2(db->handle,
                            "INSERT INTO session (row, endpoint, session, revision, last_arrival, received_ms, "
                            "arrived_ms, n_batches, n_bytes, n_events, flags) VALUES (?1, 1, 's' || ?1, 1, 1, 1, 1, "
                            "1, 1, 1, 0)",
                            -1, &session, NULL) == SQLITE_OK,
         db);
  insist(sqlite3_prepare_v2(db->handle, "INSERT INTO click VALUES ('" PAGE "', ?1, ?2, ?3, ?4)", -1, &plain, NULL) ==
             SQLITE_OK,
         db);
  for (int i = 0; i < ELEMENTS; i++) {
    g_autofree char *selector = g_strdup_printf("#element-%d", i), *label = g_strdup_printf("Element %d", i);
    bench->selectors[i] = sight_term_table_ensure(db, SIGHT_TERM_CLICKED, selector, error);
    bench->labels[i] = sight_term_table_ensure(db, SIGHT_TERM_CLICK, label, error);
  }
  for (gint64 row = 1; row <= bench->n_sessions; row++) {
    sqlite3_bind_int64(session, 1, row);
    insist(sqlite3_step(session) == SQLITE_DONE && sqlite3_reset(session) == SQLITE_OK, db);
    put_session(bench, db, page, row, plain);
  }
  sqlite3_finalize(session);
  sqlite3_finalize(plain);
  insist(sight_db_exec(db, "CREATE INDEX click_page ON click (page, session, element, dead)", error), db);
  return TRUE;
}

static gboolean do_heatmap(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;

  for (int i = 0; i < ROUNDS; i++) {
    double began = now_ms();
    g_autoptr(SightHeatmap) heatmap = sight_heatmap_make(db, bench->sessions, PAGE, NULL, error);
    bench->times[i] = now_ms() - began;
    bench->n_clicks = heatmap->n_clicks;
  }
  return TRUE;
}

/* The set as a table, and then the question. */
static gboolean do_sql(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_autoptr(GArray) rows = sight_set_rows(bench->sessions);
  sqlite3_stmt *pick = NULL;

  insist(sight_db_exec(db, "DELETE FROM picked", error), db);
  insist(sqlite3_prepare_v2(db->handle, "INSERT INTO picked VALUES (?1)", -1, &pick, NULL) == SQLITE_OK, db);
  for (guint i = 0; i < rows->len; i++) {
    sqlite3_bind_int64(pick, 1, g_array_index(rows, gint64, i));
    insist(sqlite3_step(pick) == SQLITE_DONE && sqlite3_reset(pick) == SQLITE_OK, db);
  }
  sqlite3_finalize(pick);
  for (int i = 0; i < ROUNDS; i++) {
    sqlite3_stmt *ask = NULL;
    gint64 n = 0;
    double began = now_ms();
    insist(sqlite3_prepare_v2(db->handle,
                              "SELECT element, count(*), count(DISTINCT session), sum(dead) FROM click "
                              "JOIN picked USING (session) WHERE page = '" PAGE "' GROUP BY element",
                              -1, &ask, NULL) == SQLITE_OK,
           db);
    while (sqlite3_step(ask) == SQLITE_ROW)
      n += sqlite3_column_int64(ask, 1);
    bench->times[i] = now_ms() - began;
    sqlite3_finalize(ask);
    g_assert_cmpint(n, ==, bench->n_clicks);
  }
  return TRUE;
}

int main(int argc, char **argv) {
  g_autofree char *folder = g_dir_make_tmp("bench-heatmap-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  Bench bench = {.n_sessions = argc > 1 ? atoll(argv[1]) : 100000, .random = g_rand_new_with_seed(1)};

  g_assert_no_error(error);
  sight_store_write(store, SIGHT_WRITE_NORMAL, do_fill, &bench, &error);
  g_assert_no_error(error);
  for (int step = 1; step <= 2; step++) {
    bench.sessions = sight_set_new();
    for (gint64 row = step; row <= bench.n_sessions; row += step)
      sight_set_add(bench.sessions, row);
    sight_store_read(store, do_heatmap, &bench, &error);
    double ours = median(bench.times);
    sight_store_write(store, SIGHT_WRITE_NORMAL, do_sql, &bench, &error);
    double sql = median(bench.times);
    g_print("%8" G_GINT64_FORMAT " clicks of %6" G_GUINT64_FORMAT " sessions: %7.1f ms, as SQL %7.1f ms, ratio %.2f\n",
            bench.n_clicks, sight_set_n(bench.sessions), ours, sql, ours / sql);
    sight_set_free(bench.sessions);
  }
  sight_store_close(store);
  g_rand_free(bench.random);
  for (int i = 0; i < 3; i++) {
    static const char *const names[] = {"library.db", "library.db.state", "library.db-wal"};
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    g_unlink(path);
  }
  g_rmdir(folder);
  return 0;
}
