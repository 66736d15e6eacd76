/* SPDX-License-Identifier: MIT */
/* Bodies that never end, come a byte at a time, or expand to very much, and answers that nobody takes: honest small
 * posts pass all the same. */
#include "collector-fixture.h"
#include "sight-compress.h"
#include "sight-limits.h"

#include <string.h>

#define MEBI ((gsize)1024 * 1024)
#define FLOOD 40
#define READERS 64
#define PATIENCE_S 60

static void insist_on_small_post(const Collector *collector, const char *session) {
  g_autofree char *batch = batch_json(session, "w", 0, 2000);
  g_autoptr(Answer) answer = post(collector, batch);
  g_assert_cmpuint(answer->status, ==, 202);
}

/* Every route that takes a body, with the key or the token that it needs; the caller's. */
static char *head_with_body(const Collector *collector, gsize bytes) {
  static const char *const types[] = {"application/json", "image/png", "application/json"};
  int route = g_test_rand_int_range(0, 4) % 3;
  g_autofree char *path = NULL;
  switch (route) {
  case 0:
    path = g_strconcat("POST /v1/batches?key=", collector->write_key, NULL);
    break;
  case 1:
    path = g_strdup_printf("PUT /v1/assets/%064x?key=%s", (guint)g_test_rand_int(), collector->write_key);
    break;
  default:
    path = g_strdup_printf("PUT /v1/annotations/t-%u", (guint)g_test_rand_int());
  }
  return g_strdup_printf("%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n"
                         "Content-Length: %zu\r\n\r\n",
                         path, collector->token, types[route], route == 0 ? bytes : bytes / 64);
}

/* Sends a part of a body and keeps the connection; what the collector closes meanwhile is its business. */
static GSocketConnection *hold(const Collector *collector, const char *content, gsize bytes) {
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_socket_client_set_timeout(client, 10);
  GSocketConnection *connection = g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, NULL);
  g_assert_nonnull(connection);
  g_autofree char *head = head_with_body(collector, 10 * MEBI);
  GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
  g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL);
  g_output_stream_write_all(out, content, g_str_has_prefix(head, "POST") ? bytes : bytes / 64, NULL, NULL, NULL);
  return connection;
}

static void test_unsent(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autofree char *content = g_strnfill(10 * MEBI, 'x');
  g_autoptr(GPtrArray) held = g_ptr_array_new_with_free_func(g_object_unref);
  gint64 before = collector_memory(collector);
  for (guint i = 0; i < FLOOD; i++) {
    gsize bytes = (gsize)g_test_rand_int_range(1, (gint32)(10 * MEBI));
    g_ptr_array_add(held, hold(collector, content, bytes));
    g_autofree char *session = g_strdup_printf("honest-%u", i);
    insist_on_small_post(collector, session);
  }
  gint64 grown = collector_memory(collector) - before;
  g_test_message("grew by %" G_GINT64_FORMAT " KiB", grown);
  g_assert_cmpint(grown, <, 64 * 1024);
}

/* One event that is one long text. */
static GBytes *make_bomb(gsize bytes, gboolean lies) {
  static const char head[] = "{\"events\":[{\"data\":\"", tail[] = "\"}]}";
  g_autofree char *text = g_strnfill(bytes, 'x');
  memcpy(text, head, sizeof head - 1);
  memcpy(text + bytes - (sizeof tail - 1), tail, sizeof tail - 1);
  g_autoptr(GBytes) packed = sight_gzip_compress(text, bytes);
  gsize size = 0;
  g_autofree guint8 *data = g_memdup2(g_bytes_get_data(packed, NULL), g_bytes_get_size(packed));
  size = g_bytes_get_size(packed);
  if (lies)
    memset(data + size - 4, 0, 4);
  return g_bytes_new(data, size);
}

typedef struct {
  const Collector *collector;
  GBytes *bomb;
} Thrower;

static gpointer throw_bomb(gpointer data) {
  const Thrower *thrower = data;
  g_autofree char *path = g_strconcat("/v1/batches?key=", thrower->collector->write_key, NULL);
  g_autoptr(Answer) answer = ask(thrower->collector, (Asking){.method = "POST",
                                                              .path = path,
                                                              .body = g_bytes_get_data(thrower->bomb, NULL),
                                                              .bytes = g_bytes_get_size(thrower->bomb),
                                                              .type = "application/json",
                                                              .encoding = "gzip"});
  g_test_message("answered %u", answer->status);
  g_assert_cmpuint(answer->status, >=, 400);
  return NULL;
}

static void throw_at(gboolean lies) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(GBytes) bomb = make_bomb(60 * MEBI, lies);
  Thrower thrower = {collector, bomb};
  GThread *threads[8];
  gint64 before = collector_memory(collector), most = 0;
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("thrower", throw_bomb, &thrower);
  for (guint i = 0; i < 15; i++) {
    g_autofree char *session = g_strdup_printf("honest-%u", i);
    insist_on_small_post(collector, session);
    most = MAX(most, collector_memory(collector));
  }
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    g_thread_join(threads[i]);
  g_test_message("grew by %" G_GINT64_FORMAT " KiB at most", most - before);
  /* One of them at a time, and of that an event's worth; all of them would be 480 MiB. */
  g_assert_cmpint(most - before, <, 80 * 1024);
}

static void test_bombs(void) {
  throw_at(FALSE);
}

static void test_lying_bombs(void) {
  throw_at(TRUE);
}

/* A session of more than one answer, which no compression makes small. */
static void fill_session(const Collector *collector, const char *session) {
  for (int seq = 0; seq < 12; seq++) {
    guint32 noise[75000];
    for (guint i = 0; i < G_N_ELEMENTS(noise); i++)
      noise[i] = g_test_rand_int();
    g_autofree char *text = g_base64_encode((const guchar *)noise, sizeof noise);
    g_autofree char *batch =
        g_strdup_printf("{\"v\":1,\"session\":\"%s\",\"window\":\"w\",\"seq\":%d,\"events\":[{\"type\":5,"
                        "\"timestamp\":1,\"data\":\"%s\"}]}",
                        session, seq, text);
    g_autoptr(Answer) answer = post(collector, batch);
    g_assert_cmpuint(answer->status, ==, 202);
  }
}

/* More of it than one answer holds. */
static void fill_annotations(const Collector *collector) {
  g_autofree char *text = g_strnfill(250000, 'x');
  for (int i = 0; i < 20; i++) {
    g_autofree char *path = g_strdup_printf("/v1/annotations/t-%d", i);
    g_autofree char *body =
        g_strdup_printf("{\"session\":\"large\",\"kind\":\"note\",\"at\":1,\"body\":\"%s\",\"author\":\"a\","
                        "\"created_at\":1,\"updated_at\":1}",
                        text);
    g_autoptr(Answer) answer = ask(
        collector,
        (Asking){.method = "PUT", .path = path, .token = collector->token, .body = body, .type = "application/json"});
    g_assert_cmpuint(answer->status, ==, 200);
  }
}

/* The path at which it is; the caller's. */
static char *fill_asset(const Collector *collector) {
  g_autofree char *text = g_strnfill(256 * 1024, ' ');
  g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
  g_autofree char *path = g_strdup_printf("/v1/assets/%s?key=%s", sum, collector->write_key);
  g_autoptr(Answer) answer = ask(collector, (Asking){.method = "PUT", .path = path, .body = text, .type = "text/css"});
  g_assert_cmpuint(answer->status, ==, 200);
  return g_strconcat("/v1/assets/", sum, NULL);
}

/* Asks again and again in one go, and takes next to nothing of what is answered. */
static GSocketConnection *take_nothing(const Collector *collector, const char *path) {
  g_autoptr(GSocketClient) client = g_socket_client_new();
  GSocketConnection *connection = g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, NULL);
  char some[64];
  g_assert_nonnull(connection);
  g_autofree char *head = g_strdup_printf("GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n", path,
                                          collector->token, g_test_rand_bit() ? "Accept-Encoding: gzip\r\n" : "");
  for (int n = g_test_rand_int_range(1, 4); n > 0; n--)
    g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)), head, strlen(head), NULL, NULL,
                              NULL);
  if (g_test_rand_bit())
    g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(connection)), some, sizeof some, NULL, NULL);
  return connection;
}

/* Who takes the answer gets it as soon as others have shown that they do not. */
static void insist_on_answer(const Collector *collector, const char *path) {
  guint status = 0;
  gint64 end_us = g_get_monotonic_time() + (gint64)PATIENCE_S * G_USEC_PER_SEC;
  while (status != 200 && g_get_monotonic_time() < end_us) {
    g_autoptr(Answer) answer = ask(collector, (Asking){.method = "GET", .path = path, .token = collector->token});
    status = answer->status;
    g_assert_true(status == 200 || g_hash_table_lookup(answer->headers, "retry-after") != NULL);
    g_usleep(100000);
  }
  g_assert_cmpuint(status, ==, 200);
}

/* Every route that can answer much, at random. */
static void test_untaken(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(GPtrArray) readers = g_ptr_array_new_with_free_func(g_object_unref);
  g_autofree char *asset = fill_asset(collector);
  const char *const paths[] = {"/v1/sessions/large/batches", "/v1/annotations", asset, "/v1/changes?limit=1000",
                               "/v1/recorder.js"};
  fill_session(collector, "large");
  fill_annotations(collector);
  gint64 before = collector_memory(collector), most = before;
  for (guint i = 0; i < READERS; i++) {
    const char *path = paths[i % 2 == 0 ? i / 2 % 2 : (guint)g_test_rand_int_range(0, G_N_ELEMENTS(paths))];
    g_ptr_array_add(readers, take_nothing(collector, path));
    g_autofree char *session = g_strdup_printf("honest-%u", i);
    insist_on_small_post(collector, session);
    most = MAX(most, collector_memory(collector));
  }
  g_test_message("grew by %" G_GINT64_FORMAT " KiB at most", most - before);
  /* All of them would hold 128 MiB at least. */
  g_assert_cmpint(most - before, <, 80 * 1024);
  for (guint i = 0; i < G_N_ELEMENTS(paths); i++)
    insist_on_answer(collector, paths[i]);
}

/* What is dear to read. */
static const char *const pieces[] = {"x", "\\u00e9", "0,", "{},", "\"aaaa\","};

/* One event of nearly as many bytes, or values, as one may have. */
static void append_large_event(GString *out, int kind) {
  gsize bytes = strlen(pieces[kind]), begin = out->len, n = (SIGHT_WIRE_EVENT_BYTES - 200) / bytes;
  if (kind >= 2)
    n = MIN(n, (gsize)SIGHT_WIRE_EVENT_VALUES - 20);
  g_string_append_printf(out, "{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"x\",\"payload\":%s",
                         kind < 2 ? "\"" : "[");
  gsize at = out->len;
  g_string_set_size(out, at + n * bytes);
  for (gsize i = 0; i < n * bytes; i++)
    out->str[at + i] = pieces[kind][i % bytes];
  g_string_append(out, kind < 2 ? "\"}}" : "0]}}");
  g_assert_cmpuint(out->len - begin, <=, SIGHT_WIRE_EVENT_BYTES);
}

static guint post_large(const Collector *collector, int seq, int kind) {
  g_autoptr(GString) batch = g_string_new(NULL);
  g_autofree char *path = g_strconcat("/v1/batches?key=", collector->write_key, NULL);
  g_string_append_printf(batch, "{\"v\":1,\"session\":\"large-%d\",\"window\":\"w\",\"seq\":%d,\"events\":[", seq % 2,
                         seq);
  append_large_event(batch, kind);
  g_string_append_c(batch, ',');
  append_large_event(batch, kind);
  g_string_append(batch, "]}");
  g_autoptr(GBytes) packed = sight_gzip_compress(batch->str, batch->len);
  g_autoptr(Answer) answer = ask(collector, (Asking){.method = "POST",
                                                     .path = path,
                                                     .body = g_bytes_get_data(packed, NULL),
                                                     .bytes = g_bytes_get_size(packed),
                                                     .type = "application/json",
                                                     .encoding = "gzip"});
  return answer->status;
}

static int any_kind(void) {
  return g_test_rand_int_range(0, G_N_ELEMENTS(pieces));
}

static gpointer read_large(gpointer data) {
  const Collector *collector = data;
  for (int i = 0; i < 2; i++) {
    g_autofree char *path = g_strdup_printf("/v1/sessions/large-%d/batches?after=%d", i % 2, i);
    g_autoptr(Answer) answer = ask(
        collector,
        (Asking){
            .method = "GET", .path = path, .token = collector->token, .header = "Accept-Encoding", .value = "gzip"});
    g_assert_cmpuint(answer->status, ==, 200);
    g_assert_cmpstr(g_hash_table_lookup(answer->headers, "content-encoding"), ==, "gzip");
  }
  return NULL;
}

/* The largest valid posts there are, and workstations that fetch them meanwhile, as honest ones do. */
static void test_large_events(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  GThread *threads[12]; /* far more than may read at a time */
  int seq = 0;
  gint64 before = collector_memory(collector);
  for (; seq < 3; seq++)
    g_assert_cmpuint(post_large(collector, seq, any_kind()), ==, 202);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("reader", read_large, collector);
  for (; seq < 6; seq++)
    g_assert_cmpuint(post_large(collector, seq, any_kind()), ==, 202);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    g_thread_join(threads[i]);
  gint64 grown = collector_most_memory(collector) - before;
  g_test_message("grew by %" G_GINT64_FORMAT " KiB at most", grown);
  g_assert_cmpint(grown, <, 160 * 1024);
}

static gpointer read_plain(gpointer data) {
  const Collector *collector = data;
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, NULL);
  g_autofree char *head =
      g_strdup_printf("GET /v1/sessions/large-0/batches HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                      "Authorization: Bearer %s\r\n\r\n",
                      collector->token);
  g_assert_nonnull(connection);
  GIOStream *stream = G_IO_STREAM(connection);
  g_assert_true(g_output_stream_write_all(g_io_stream_get_output_stream(stream), head, strlen(head), NULL, NULL, NULL));
  while (g_input_stream_skip(g_io_stream_get_input_stream(stream), MEBI, NULL, NULL) > 0)
    continue;
  return NULL;
}

/* The same by many that take no compression: what is handed on is in memory once. */
static void test_plain_readers(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  GThread *threads[8];
  g_assert_cmpuint(post_large(collector, 0, 0), ==, 202);
  gint64 before = collector_memory(collector);
  collector_forget_most_memory(collector);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    threads[i] = g_thread_new("reader", read_plain, collector);
  for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
    g_thread_join(threads[i]);
  gint64 grown = collector_most_memory(collector) - before;
  g_test_message("grew by %" G_GINT64_FORMAT " KiB at most", grown);
  /* Two are made at a time, and of those that are taken one is as large: three times 32 MiB, and one that is on its way
   * back to the system. */
  g_assert_cmpint(grown, <, 128 * 1024);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/attack/bodies/unsent", test_unsent);
  g_test_add_func("/attack/bodies/bombs", test_bombs);
  g_test_add_func("/attack/bodies/lying-bombs", test_lying_bombs);
  g_test_add_func("/attack/bodies/large-events", test_large_events);
  g_test_add_func("/attack/answers/plain-readers", test_plain_readers);
  g_test_add_func("/attack/answers/untaken", test_untaken);
  return g_test_run();
}
