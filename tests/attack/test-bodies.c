/* SPDX-License-Identifier: MIT */
/* Bodies that never end, come a byte at a time, or expand to very much: honest small posts pass all the same. */
#include "collector-fixture.h"
#include "sight-compress.h"

#include <string.h>

#define MEBI ((gsize)1024 * 1024)
#define FLOOD 40

static void insist_on_small_post(const Collector *collector, const char *session) {
  g_autofree char *batch = batch_json(session, "w", 0, 2000);
  g_autoptr(Answer) answer = post(collector, batch);
  g_assert_cmpuint(answer->status, ==, 202);
}

/* Sends a part of a body and keeps the connection; what the collector closes meanwhile is its business. */
static GSocketConnection *hold(const Collector *collector, const char *content, gsize bytes) {
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_socket_client_set_timeout(client, 10);
  GSocketConnection *connection = g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, NULL);
  g_assert_nonnull(connection);
  g_autofree char *head =
      g_strdup_printf("POST /v1/batches?key=%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json"
                      "\r\nContent-Length: %zu\r\n\r\n",
                      collector->write_key, 10 * MEBI);
  GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
  g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL);
  g_output_stream_write_all(out, content, bytes, NULL, NULL, NULL);
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

/* An object with one long text. */
static GBytes *make_bomb(gsize bytes, gboolean lies) {
  g_autofree char *text = g_strnfill(bytes, 'x');
  memcpy(text, "{\"x\":\"", 6);
  memcpy(text + bytes - 2, "\"}", 2);
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
  /* One of them at a time; all of them would be 480 MiB. */
  g_assert_cmpint(most - before, <, 200 * 1024);
}

static void test_bombs(void) {
  throw_at(FALSE);
}

static void test_lying_bombs(void) {
  throw_at(TRUE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/attack/bodies/unsent", test_unsent);
  g_test_add_func("/attack/bodies/bombs", test_bombs);
  g_test_add_func("/attack/bodies/lying-bombs", test_lying_bombs);
  return g_test_run();
}
