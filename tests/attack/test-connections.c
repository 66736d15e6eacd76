/* SPDX-License-Identifier: MIT */
/* Visitors who go away, at any point of what they say, in every way. */
#include "collector-fixture.h"

#include <string.h>
#include <sys/socket.h>

#define VISITORS 400
/* Less than the minute after which silent ones are closed: these are not silent, they are gone. */
#define PATIENCE_S 30

static guint count_files(const Collector *collector) {
  g_autofree char *path = g_strdup_printf("/proc/%s/fd", g_subprocess_get_identifier(collector->process));
  g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
  g_assert_nonnull(folder);
  guint n = 0;
  while (g_dir_read_name(folder) != NULL)
    n++;
  return n;
}

/* Some of the files are of the store, which keeps up to four readers. */
static void wait_until_given_back(const Collector *collector, guint before) {
  gint64 end_us = g_get_monotonic_time() + (gint64)PATIENCE_S * G_USEC_PER_SEC;
  guint n;
  while ((n = count_files(collector)) > before + 8 && g_get_monotonic_time() < end_us)
    g_usleep(50000);
  g_test_message("%u files before, %u after", before, n);
  g_assert_cmpuint(n, <=, before + 8);
}

static char *random_request(const Collector *collector) {
  g_autofree char *batch = batch_json("goes", "w", g_test_rand_int_range(0, 1000), 100);
  switch (g_test_rand_int_range(0, 3)) {
  case 0:
    return g_strdup("GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n");
  case 1:
    return g_strdup("GET /v1/recorder.js HTTP/1.1\r\nHost: x\r\n\r\n");
  default:
    return g_strdup_printf("POST /v1/batches?key=%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                           "Content-Length: %zu\r\n\r\n%s",
                           collector->write_key, strlen(batch), batch);
  }
}

static void read_some(GInputStream *in) {
  char answer[4096];
  g_input_stream_read(in, answer, sizeof answer, NULL, NULL);
}

static void go_away(GSocketConnection *connection) {
  struct linger at_once = {1, 0};
  if (g_test_rand_bit())
    setsockopt(g_socket_get_fd(g_socket_connection_get_socket(connection)), SOL_SOCKET, SO_LINGER, &at_once,
               sizeof at_once);
  g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
}

/* Whole requests, whose answers are read or not, and then a part of one, or nothing more. */
static void visit(const Collector *collector) {
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, &error);
  g_assert_no_error(error);
  GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
  GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(connection));
  for (int n = g_test_rand_int_range(0, 3); n > 0; n--) {
    g_autofree char *request = random_request(collector);
    g_output_stream_write_all(out, request, strlen(request), NULL, NULL, NULL);
    if (g_test_rand_bit())
      read_some(in);
  }
  g_autofree char *last = random_request(collector);
  gsize part = g_test_rand_bit() ? 0 : (gsize)g_test_rand_int_range(0, (gint32)strlen(last) + 1);
  g_output_stream_write_all(out, last, part, NULL, NULL, NULL);
  if (g_test_rand_bit())
    g_usleep(2000);
  go_away(connection);
}

static void test_departures(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Answer) first = ask(collector, (Asking){.method = "GET", .path = "/v1/health"});
  g_assert_cmpuint(first->status, ==, 200);
  guint before = count_files(collector);
  for (guint i = 0; i < VISITORS; i++)
    visit(collector);
  wait_until_given_back(collector, before);
}

/* More of them than files may be open, and others are heard all the same. */
static void test_departures_confined(void) {
  g_autoptr(Collector) collector = collector_start_confined(330);
  for (guint i = 0; i < VISITORS; i++)
    visit(collector);
  g_autoptr(Answer) answer = ask(collector, (Asking){.method = "GET", .path = "/v1/health"});
  g_assert_cmpuint(answer->status, ==, 200);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/attack/connections/departures", test_departures);
  g_test_add_func("/attack/connections/departures-confined", test_departures_confined);
  return g_test_run();
}
