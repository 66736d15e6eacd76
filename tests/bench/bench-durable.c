/* SPDX-License-Identifier: MIT */
/* Batches that are durable in a second, through the depot alone and as posts that are answered, against how often
 * SQLite by itself commits on that disk; or, within with-postgres.sh (with SIGHT_TEST_FSYNC=on), how many rows pgbench
 * inserts in the same server. Beside them, where there is an nginx: how often it takes and discards the same posts. */
#include "collector-fixture.h"
#include "sight-depot.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>

#define SECONDS 3
#define VISITORS 32
#define BATCH_BYTES 2000
#define NGINX_PORT 18787
#define NGINX_TRIES 500

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
  guint16 port;
  const char *key;
  SightDepot *depot;
  gint64 project;
  guint number;
  gint64 end_us;
  guint n;
} Visitor;

/* One connection, one post after the other. */
static gpointer visit(gpointer data) {
  Visitor *visitor = data;
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_host(client, "127.0.0.1", visitor->port, NULL, NULL);
  g_assert_nonnull(connection);
  g_autofree char *session = g_strdup_printf("visitor-%u", visitor->number);
  for (int seq = 0; g_get_monotonic_time() < visitor->end_us; seq++) {
    g_autofree char *batch = batch_json(session, "w", seq, BATCH_BYTES);
    g_autofree char *request = g_strdup_printf("POST /v1/batches?key=%s HTTP/1.1\r\nHost: x\r\nContent-Type: "
                                               "application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                               visitor->key, strlen(batch), batch);
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
    g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 20"));
    visitor->n++;
  }
  return NULL;
}

/* The same without a server in between. */
static gpointer bring(gpointer data) {
  Visitor *visitor = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *session = g_strdup_printf("alone-%u", visitor->number);
  for (int seq = 0; g_get_monotonic_time() < visitor->end_us; seq++) {
    g_autofree char *events = g_strnfill(BATCH_BYTES, 'x');
    SightDepotPut result = SIGHT_DEPOT_DUPLICATE;
    SightBatch batch = {.session = session,
                        .window = "w",
                        .seq = seq,
                        .received_at_ms = g_get_real_time() / 1000,
                        .n_events = 1,
                        .events = events,
                        .events_bytes = BATCH_BYTES};
    visitor->depot->kind->put_batch(visitor->depot, visitor->project, &batch, NULL, G_MAXINT64, &result, &error);
    g_assert_no_error(error);
    g_assert_cmpint(result, ==, SIGHT_DEPOT_STORED);
    visitor->n++;
  }
  return NULL;
}

/* How many a second, as many at a time as there are visitors. */
static double measure(GThreadFunc func, Visitor like) {
  Visitor visitors[VISITORS];
  GThread *threads[VISITORS];
  gint64 begin_us = g_get_monotonic_time();
  guint n = 0;
  for (guint i = 0; i < VISITORS; i++) {
    visitors[i] = like;
    visitors[i].number = i;
    visitors[i].end_us = begin_us + SECONDS * G_USEC_PER_SEC;
    threads[i] = g_thread_new("visitor", func, &visitors[i]);
  }
  for (guint i = 0; i < VISITORS; i++) {
    g_thread_join(threads[i]);
    n += visitors[i].n;
  }
  return n / ((double)(g_get_monotonic_time() - begin_us) / G_USEC_PER_SEC);
}

/* Through the server, and then by the depot that it had. */
static double durable_posts(double *alone) {
  g_autoptr(Collector) collector =
      collector_start((const char *const[]){"--rate-key", "0", "--rate-address", "0", NULL});
  double posts = measure(visit, (Visitor){.port = collector->port, .key = collector->write_key});
  collector_stop(collector);
  g_autoptr(GError) error = NULL;
  g_auto(SightDepotKeys) keys = {0};
  g_autoptr(SightDepot) depot = sight_depot_open(collector->store, g_getenv("SIGHT_TEST_BLOBS"), &error);
  g_assert_no_error(error);
  g_assert_true(depot->kind->ensure(depot, "bench", NULL, &keys, &error));
  *alone = measure(bring, (Visitor){.depot = depot, .project = keys.project});
  return posts;
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

/* What a web server makes of the same posts; 0 where there is none. */
static double discarded_posts(void) {
  /* Debian keeps it where only root's PATH looks. */
  g_autofree char *found = g_find_program_in_path("nginx");
  const char *nginx = found != NULL ? found : "/usr/sbin/nginx";
  if (!g_file_test(nginx, G_FILE_TEST_IS_EXECUTABLE))
    return 0;
  g_autofree char *folder = make_folder("sight-nginx-XXXXXX");
  g_autofree char *config = g_build_filename(folder, "nginx.conf", NULL);
  g_autofree char *text = g_strdup_printf(
      "daemon off; pid %s/pid; error_log stderr crit; events { worker_connections 512; }\n"
      "http { access_log off; client_body_temp_path %s/bodies; proxy_temp_path %s/p; fastcgi_temp_path %s/f;"
      " uwsgi_temp_path %s/u; scgi_temp_path %s/s; client_body_buffer_size 64k;"
      " keepalive_requests 1000000; server { listen 127.0.0.1:%d; location / { return 200 \"{}\"; } } }\n",
      folder, folder, folder, folder, folder, folder, NGINX_PORT);
  g_assert_true(g_file_set_contents(config, text, -1, NULL));
  const char *argv[] = {nginx, "-p", folder, "-c", config, NULL};
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error(error);
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnection) connection = NULL;
  for (int tries = 0; connection == NULL && tries < NGINX_TRIES; tries++) {
    g_usleep(20000);
    connection = g_socket_client_connect_to_host(client, "127.0.0.1", NGINX_PORT, NULL, NULL);
  }
  if (connection == NULL)
    g_error("nginx did not start on port %d within %d seconds", NGINX_PORT, NGINX_TRIES / 50);
  double posts = measure(visit, (Visitor){.port = NGINX_PORT, .key = "none"});
  g_subprocess_send_signal(process, SIGTERM);
  g_subprocess_wait(process, NULL, NULL);
  remove_folder(folder);
  return posts;
}

int main(void) {
  const char *socket = g_getenv("SIGHT_TEST_POSTGRES");
  double peer = socket != NULL ? pgbench_inserts(socket) : bare_commits(), alone = 0;
  double posts = durable_posts(&alone), discarded = discarded_posts(), wanted = socket != NULL ? 0.7 : 0.5;
  g_print("%-40s %8.0f\n", socket != NULL ? "pgbench, rows inserted a second" : "SQLite alone, commits a second", peer);
  g_print("%-40s %8.0f  ratio %.2f (%.1f wanted)\n", "batches a second, by the depot", alone, alone / peer, wanted);
  g_print("%-40s %8.0f  ratio %.2f\n", "posts answered a second", posts, posts / peer);
  g_print("%-40s %8.0f\n", "posts that nginx discards a second", discarded);
  return 0;
}
