/* SPDX-License-Identifier: MIT */
/* Which connections are closed, and which are not, with server and clients in one thread. */
#include "sight-connections.h"

#include <string.h>

#define ROOM 160 /* an eighth of it: 20 */
#define LARGE (32 * 1024 * 1024)

typedef struct {
  SoupServer *server;
  SightConnections *connections;
  guint16 port;
  SoupServerMessage *asked; /* the last one */
  gboolean paused;          /* asked for /paused: is not answered */
  gsize written;
} Fixture;

static void on_wrote(SoupServerMessage *msg, guint bytes, gpointer user_data) {
  Fixture *fixture = user_data;
  fixture->written += bytes;
}

static void on_request(SoupServer *server, SoupServerMessage *msg, const char *path, GHashTable *query,
                       gpointer user_data) {
  Fixture *fixture = user_data;
  g_set_object(&fixture->asked, msg);
  soup_server_message_set_status(msg, 200, NULL);
  if (g_str_equal(path, "/paused")) {
    fixture->paused = TRUE;
    sight_connections_pause(msg);
    return;
  }
  g_signal_connect(msg, "wrote-body-data", G_CALLBACK(on_wrote), fixture);
  gsize bytes = g_str_equal(path, "/large") ? LARGE : 2;
  soup_message_body_append_take(soup_server_message_get_response_body(msg), (guchar *)g_strnfill(bytes, 'x'), bytes);
}

static void set_up(Fixture *fixture, gconstpointer data) {
  fixture->server = soup_server_new(NULL, NULL);
  soup_server_add_handler(fixture->server, NULL, on_request, fixture, NULL);
  fixture->connections = sight_connections_new(fixture->server, ROOM, GPOINTER_TO_INT(data));
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string("127.0.0.1", 0);
  g_autoptr(GError) error = NULL;
  g_autofree char *at = sight_connections_listen(fixture->connections, address, &error);
  g_assert_no_error(error);
  fixture->port = (guint16)g_ascii_strtoull(strrchr(at, ':') + 1, NULL, 10);
}

static void tear_down(Fixture *fixture, gconstpointer data) {
  g_clear_object(&fixture->asked);
  sight_connections_free(fixture->connections);
  g_object_unref(fixture->server);
}

static void run(void) {
  while (g_main_context_iteration(NULL, FALSE))
    continue;
}

/* From an address of this machine. */
static GSocket *come(const Fixture *fixture, const char *from, const char *say) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_autoptr(GSocketAddress) own = g_inet_socket_address_new_from_string(from, 0);
  g_autoptr(GSocketAddress) there = g_inet_socket_address_new_from_string("127.0.0.1", fixture->port);
  g_assert_true(g_socket_bind(socket, own, FALSE, &error));
  g_assert_true(g_socket_connect(socket, there, NULL, &error));
  g_assert_cmpint(g_socket_send(socket, say, strlen(say), NULL, &error), ==, (gssize)strlen(say));
  g_assert_no_error(error);
  run();
  return g_steal_pointer(&socket);
}

static gboolean is_open(GSocket *socket) {
  char byte;
  run();
  return g_socket_receive_with_blocking(socket, &byte, 1, FALSE, NULL, NULL) != 0;
}

static void wait_until(const gboolean *there) {
  while (!*there)
    g_main_context_iteration(NULL, TRUE);
}

static GPtrArray *crowd(const Fixture *fixture, const char *from, guint n) {
  GPtrArray *sockets = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add(sockets, come(fixture, from, "GET / HT"));
  return sockets;
}

/* The oldest of the crowded address go, and nobody else. */
static void test_share(Fixture *fixture, gconstpointer data) {
  g_autoptr(GPtrArray) few = crowd(fixture, "127.0.0.2", 20);
  g_autoptr(GPtrArray) many = crowd(fixture, "127.0.0.3", 50);
  g_assert_cmpuint(sight_connections_count(fixture->connections), ==, 40);
  for (guint i = 0; i < few->len; i++)
    g_assert_true(is_open(few->pdata[i]));
  for (guint i = 0; i < many->len; i++)
    g_assert_cmpint(is_open(many->pdata[i]), ==, i >= 30);
}

/* Behind a proxy all come from one address. */
static void test_unshared(Fixture *fixture, gconstpointer data) {
  g_autoptr(GPtrArray) many = crowd(fixture, "127.0.0.1", ROOM + 10);
  g_assert_cmpuint(sight_connections_count(fixture->connections), ==, ROOM);
  g_assert_false(is_open(many->pdata[9]));
  g_assert_true(is_open(many->pdata[10]));
}

/* Who takes nothing of the answer is in nobody's way for long. */
static void test_slow_reader(Fixture *fixture, gconstpointer data) {
  g_autoptr(GSocket) socket = come(fixture, "127.0.0.1", "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  while (fixture->written == 0)
    g_main_context_iteration(NULL, TRUE);
  run();
  sight_connections_close_stalled(fixture->connections, 3600);
  g_assert_cmpuint(sight_connections_count(fixture->connections), ==, 1);
  g_assert_cmpuint(fixture->written, <, LARGE);
  sight_connections_close_stalled(fixture->connections, 0);
  g_assert_cmpuint(sight_connections_count(fixture->connections), ==, 0);
}

/* Idle between two requests. */
static void test_idle(Fixture *fixture, gconstpointer data) {
  g_autoptr(GSocket) socket = come(fixture, "127.0.0.1", "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  while (fixture->written == 0)
    g_main_context_iteration(NULL, TRUE);
  run();
  g_assert_cmpuint(sight_connections_count(fixture->connections), ==, 1);
  sight_connections_close_stalled(fixture->connections, 0);
  g_assert_cmpuint(sight_connections_count(fixture->connections), ==, 0);
}

/* Who waits for us is not slow. */
static void test_working(Fixture *fixture, gconstpointer data) {
  g_autoptr(GSocket) socket = come(fixture, "127.0.0.1", "GET /paused HTTP/1.1\r\nHost: x\r\n\r\n");
  wait_until(&fixture->paused);
  sight_connections_close_stalled(fixture->connections, 0);
  g_assert_cmpuint(sight_connections_count(fixture->connections), ==, 1);
  sight_connections_resume(fixture->asked);
  sight_connections_close_stalled(fixture->connections, 0);
  g_assert_cmpuint(sight_connections_count(fixture->connections), ==, 0);
}

/* A head is kept in memory. */
static void test_endless_head(Fixture *fixture, gconstpointer data) {
  g_autofree char *name = g_strnfill(40000, 'x');
  g_autofree char *head = g_strconcat("GET / HTTP/1.1\r\nX-Long: ", name, NULL);
  g_autoptr(GSocket) socket = come(fixture, "127.0.0.1", head);
  while (sight_connections_count(fixture->connections) > 0)
    g_main_context_iteration(NULL, TRUE);
  g_assert_null(fixture->asked);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  const gconstpointer shared_out = GINT_TO_POINTER(TRUE);
  g_test_add("/collector/connections/share", Fixture, shared_out, set_up, test_share, tear_down);
  g_test_add("/collector/connections/unshared", Fixture, NULL, set_up, test_unshared, tear_down);
  g_test_add("/collector/connections/slow-reader", Fixture, NULL, set_up, test_slow_reader, tear_down);
  g_test_add("/collector/connections/idle", Fixture, NULL, set_up, test_idle, tear_down);
  g_test_add("/collector/connections/working", Fixture, NULL, set_up, test_working, tear_down);
  g_test_add("/collector/connections/endless-head", Fixture, NULL, set_up, test_endless_head, tear_down);
  return g_test_run();
}
