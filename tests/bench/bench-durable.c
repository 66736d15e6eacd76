/* SPDX-License-Identifier: MIT */
/* Posts that are answered after their commit, in a second, against how often SQLite by itself commits on that disk; or,
 * within with-postgres.sh (with SIGHT_TEST_FSYNC=on), how many rows pgbench inserts in the same server. */
#include "collector-fixture.h"

#include <sqlite3.h>
#include <string.h>

#define SECONDS 3
#define VISITORS 32
#define BATCH_BYTES 2000

static void run(sqlite3 *db, const char *sql) {
  sqlite3_stmt *statement = NULL;
  g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step(statement) == SQLITE_ROW)
    continue;
  g_assert_cmpint(sqlite3_finalize(statement), ==, SQLITE_OK);
}

static double bare_commits(void) {
  g_autofree char *folder = make_folder("sight-durable-XXXXXX");
  g_autofree char *path = g_build_filename(folder, "bare.db", NULL);
  g_autofree char *blob = g_strnfill(BATCH_BYTES, 'x');
  sqlite3 *db = NULL;
  sqlite3_stmt *insert = NULL;
  guint n = 0;
  g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
  run(db, "PRAGMA journal_mode = WAL");
  run(db, "PRAGMA synchronous = FULL");
  run(db, "CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
  g_assert_cmpint(sqlite3_prepare_v2(db, "INSERT INTO t (b) VALUES (?)", -1, &insert, NULL), ==, SQLITE_OK);
  gint64 begin_us = g_get_monotonic_time(), end_us = begin_us + SECONDS * G_USEC_PER_SEC;
  for (; g_get_monotonic_time() < end_us; n++) {
    sqlite3_bind_blob(insert, 1, blob, BATCH_BYTES, SQLITE_STATIC);
    g_assert_cmpint(sqlite3_step(insert), ==, SQLITE_DONE);
    sqlite3_reset(insert);
  }
  double seconds = (double)(g_get_monotonic_time() - begin_us) / G_USEC_PER_SEC;
  sqlite3_finalize(insert);
  sqlite3_close(db);
  remove_folder(folder);
  return n / seconds;
}

typedef struct {
  const Collector *collector;
  guint number;
  gint64 end_us;
  guint n_posts;
} Visitor;

/* One connection, one post after the other. */
static gpointer visit(gpointer data) {
  Visitor *visitor = data;
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_host(client, "127.0.0.1", visitor->collector->port, NULL, NULL);
  g_assert_nonnull(connection);
  g_autofree char *session = g_strdup_printf("visitor-%u", visitor->number);
  for (int seq = 0; g_get_monotonic_time() < visitor->end_us; seq++) {
    g_autofree char *batch = batch_json(session, "w", seq, BATCH_BYTES);
    g_autofree char *request = g_strdup_printf("POST /v1/batches?key=%s HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                               "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                               visitor->collector->write_key, strlen(batch), batch);
    g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)), request, strlen(request), NULL,
                              NULL, NULL);
    char answer[2048] = "";
    gssize bytes = 0;
    while (strstr(answer, "}") == NULL) {
      gssize n = g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(connection)), answer + bytes,
                                     sizeof answer - 1 - (gsize)bytes, NULL, NULL);
      g_assert_cmpint(n, >, 0);
      bytes += n;
    }
    g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 202 "));
    visitor->n_posts++;
  }
  return NULL;
}

static double durable_posts(void) {
  g_autoptr(Collector) collector =
      collector_start((const char *const[]){"--rate-key", "0", "--rate-address", "0", NULL});
  Visitor visitors[VISITORS];
  GThread *threads[VISITORS];
  gint64 begin_us = g_get_monotonic_time();
  guint n = 0;
  for (guint i = 0; i < VISITORS; i++) {
    visitors[i] = (Visitor){.collector = collector, .number = i, .end_us = begin_us + SECONDS * G_USEC_PER_SEC};
    threads[i] = g_thread_new("visitor", visit, &visitors[i]);
  }
  for (guint i = 0; i < VISITORS; i++) {
    g_thread_join(threads[i]);
    n += visitors[i].n_posts;
  }
  return n / ((double)(g_get_monotonic_time() - begin_us) / G_USEC_PER_SEC);
}

/* What it prints; insists that it ends well. */
static char *run_program(const char *const *argv) {
  char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process =
      g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
  g_assert_no_error(error);
  g_subprocess_communicate_utf8(process, NULL, NULL, &text, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_get_successful(process));
  return text;
}

/* As many clients as we have visitors, each one row in a transaction. */
static double pgbench_inserts(const char *socket) {
  g_autofree char *script = g_build_filename(g_get_tmp_dir(), "sight-pgbench.sql", NULL);
  g_autofree char *insert =
      g_strdup_printf("INSERT INTO t (b) VALUES (decode(repeat('78', %d), 'hex'));\n", BATCH_BYTES);
  g_assert_true(g_file_set_contents(script, insert, -1, NULL));
  g_autofree char *made =
      run_program((const char *const[]){"psql", "-h", socket, "-U", "sight", "-c",
                                        "CREATE TABLE t (a bigserial PRIMARY KEY, b bytea)", "postgres", NULL});
  g_autofree char *told = run_program((const char *const[]){"pgbench", "-h", socket, "-U", "sight", "-n", "-M",
                                                            "prepared", "-c", G_STRINGIFY(VISITORS), "-T",
                                                            G_STRINGIFY(SECONDS), "-f", script, "postgres", NULL});
  const char *tps = strstr(told, "tps = ");
  g_assert_nonnull(tps);
  return g_ascii_strtod(tps + strlen("tps = "), NULL);
}

int main(void) {
  const char *socket = g_getenv("SIGHT_TEST_POSTGRES");
  double alone = socket != NULL ? pgbench_inserts(socket) : bare_commits(), posts = durable_posts();
  g_print("%-32s %10.0f\n%-32s %10.0f\n%-32s %10.2f\n",
          socket != NULL ? "pgbench, rows inserted a second" : "SQLite alone, commits a second", alone,
          "posts answered a second", posts, socket != NULL ? "ratio (0.7 wanted)" : "ratio (0.5 wanted)",
          posts / alone);
  return 0;
}
