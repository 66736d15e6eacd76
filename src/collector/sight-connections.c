/* SPDX-License-Identifier: MIT */
/* Accepting connections, and which of them go when there are too many or they do not get on. */
#include "sight-connections.h"

#include "sight-address.h"
#include "sight-hash.h"
#include "sight-peer-stream.h"

#include <gio/gnetworking.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Databases, answers that linger, and what libraries open. */
#define RESERVED_FILES 300
#define LEAST_ROOM 16
/* With what libsoup holds for each, and its head, some 25 KiB. */
#define MOST_ROOM 2048
#define ADDRESS_PART 8
#define BACKLOG 1024
#define ACCEPTED_AT_ONCE 64
#define ACCEPT_AGAIN_MS 100
/* Bytes a second. Who sends or takes fewer falls behind, and is closed when it is too far behind. */
#define LEAST_SPEED 1024

/* All connections of one address. */
typedef struct {
  char *name;
  guint n;
  GQueue waiting; /* of Connection, the one that has not got on for longest first; linked by `in_origin` */
} Origin;

/* From accepting it until libsoup has closed it or given it away. */
typedef struct {
  SightConnections *connections;
  Origin *origin;
  GSocket *socket;
  SightPeerStream *stream; /* borrowed of libsoup */
  SoupServerMessage *msg;  /* the one that began last: by it libsoup is told which connection is meant */
  gint64 kept_up_us;       /* until when it was as fast as the least speed asks for */
  gboolean working;        /* waits for us: then it is in neither line */
  GList in_all, in_origin;
} Connection;

struct SightConnections {
  SoupServer *server;
  guint max, max_per_address;
  guint n;
  GQueue waiting;      /* of Connection, linked by `in_all`, as in Origin */
  GHashTable *origins; /* name -> Origin */
  GSocket *listener;
  int never_heard; /* the other end of what libsoup listens to, or -1 */
  GSource *accepting;
  guint accept_again;
};

static Connection *connection_of(SoupServerMessage *msg) {
  GSocketAddress *address = soup_server_message_get_remote_address(msg);
  return g_object_get_data(G_OBJECT(address), "sight-connection");
}

/* As often as one likes. */
static void wait_in_line(Connection *connection) {
  if (!connection->working)
    return;
  connection->working = FALSE;
  g_queue_push_tail_link(&connection->connections->waiting, &connection->in_all);
  g_queue_push_tail_link(&connection->origin->waiting, &connection->in_origin);
}

static void leave_line(Connection *connection) {
  if (connection->working)
    return;
  connection->working = TRUE;
  g_queue_unlink(&connection->connections->waiting, &connection->in_all);
  g_queue_unlink(&connection->origin->waiting, &connection->in_origin);
}

static void begin_anew(Connection *connection) {
  connection->kept_up_us = g_get_monotonic_time();
  leave_line(connection);
  wait_in_line(connection);
}

/* Who falls behind keeps its place in the line, and comes to its head. */
static void get_on(Connection *connection, gsize bytes) {
  connection->kept_up_us += (gint64)bytes * G_USEC_PER_SEC / LEAST_SPEED;
  if (connection->kept_up_us >= g_get_monotonic_time())
    begin_anew(connection);
}

static void origin_free(gpointer data) {
  Origin *origin = data;
  g_free(origin->name);
  g_free(origin);
}

static void forget_message(Connection *connection) {
  if (connection->msg != NULL)
    g_signal_handlers_disconnect_by_data(connection->msg, connection);
  g_clear_object(&connection->msg);
}

static void connection_free(Connection *connection) {
  SightConnections *connections = connection->connections;
  Origin *origin = connection->origin;
  leave_line(connection);
  connections->n--;
  if (--origin->n == 0)
    g_hash_table_remove(connections->origins, origin->name);
  forget_message(connection);
  g_clear_object(&connection->socket);
  g_free(connection);
}

static void on_head(SoupServerMessage *msg, gpointer user_data) {
  Connection *connection = user_data;
  sight_peer_stream_enter(connection->stream, SIGHT_PEER_BODY);
  begin_anew(connection);
}

static void on_chunk(SoupServerMessage *msg, GBytes *chunk, gpointer user_data) {
  get_on(user_data, g_bytes_get_size(chunk));
}

static void on_wrote(SoupServerMessage *msg, guint bytes, gpointer user_data) {
  get_on(user_data, bytes);
}

static void on_finished(SoupServerMessage *msg, gpointer user_data) {
  Connection *connection = user_data;
  sight_peer_stream_enter(connection->stream, SIGHT_PEER_WAITS);
  begin_anew(connection);
  /* The message is kept until the next begins; what it answered is not. */
  soup_message_body_truncate(soup_server_message_get_response_body(msg));
}

static void on_disconnected(SoupServerMessage *msg, gpointer user_data) {
  connection_free(user_data);
}

static void on_started(SoupServer *server, SoupServerMessage *msg, gpointer user_data) {
  Connection *connection = connection_of(msg);
  forget_message(connection);
  connection->msg = g_object_ref(msg);
  sight_peer_stream_enter(connection->stream, SIGHT_PEER_HEAD);
  begin_anew(connection);
  g_signal_connect(msg, "got-headers", G_CALLBACK(on_head), connection);
  g_signal_connect(msg, "got-chunk", G_CALLBACK(on_chunk), connection);
  g_signal_connect(msg, "wrote-body-data", G_CALLBACK(on_wrote), connection);
  g_signal_connect(msg, "finished", G_CALLBACK(on_finished), connection);
  g_signal_connect(msg, "disconnected", G_CALLBACK(on_disconnected), connection);
}

void sight_connections_drop(SoupServerMessage *msg) {
  g_autoptr(SoupServerMessage) kept = g_object_ref(msg);
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection(msg);
  if (stream != NULL)
    g_io_stream_close(stream, NULL, NULL);
}

/* FALSE where all of them are being worked on. */
static gboolean drop_longest(GQueue *waiting) {
  Connection *connection = g_queue_peek_head(waiting);
  if (connection == NULL)
    return FALSE;
  sight_connections_drop(connection->msg);
  return TRUE;
}

static Origin *enter_origin(SightConnections *connections, GSocketAddress *address) {
  g_autofree char *name = sight_address_share_of(address);
  Origin *origin = g_hash_table_lookup(connections->origins, name);
  if (origin == NULL) {
    origin = g_new0(Origin, 1);
    origin->name = g_steal_pointer(&name);
    g_queue_init(&origin->waiting);
    g_hash_table_insert(connections->origins, origin->name, origin);
  }
  origin->n++;
  return origin;
}

static gboolean make_room(SightConnections *connections, Origin *origin) {
  return (origin->n <= connections->max_per_address || drop_longest(&origin->waiting)) &&
         (connections->n < connections->max || drop_longest(&connections->waiting));
}

static void leave_origin(SightConnections *connections, Origin *origin) {
  if (--origin->n == 0)
    g_hash_table_remove(connections->origins, origin->name);
}

static void take(SightConnections *connections, GSocket *socket) {
  g_autoptr(GSocketAddress) remote = g_socket_get_remote_address(socket, NULL);
  g_autoptr(GSocketAddress) local = g_socket_get_local_address(socket, NULL);
  /* It may be gone already. */
  if (remote == NULL || local == NULL)
    return;
  Origin *origin = enter_origin(connections, remote);
  if (!make_room(connections, origin)) {
    leave_origin(connections, origin);
    return;
  }
  g_autoptr(SightPeerStream) stream = sight_peer_stream_new(socket);
  Connection *connection = g_new0(Connection, 1);
  connection->connections = connections;
  connection->origin = origin;
  connection->socket = g_object_ref(socket);
  connection->stream = stream;
  connection->in_all.data = connection->in_origin.data = connection;
  connection->working = TRUE;
  connections->n++;
  begin_anew(connection);
  g_object_set_data(G_OBJECT(remote), "sight-connection", connection);
  /* Begins the first message at once: see on_started(). */
  soup_server_accept_iostream(connections->server, G_IO_STREAM(stream), local, remote, NULL);
}

static void accept_some(SightConnections *connections);

static gboolean on_accept_again(gpointer user_data) {
  SightConnections *connections = user_data;
  connections->accept_again = 0;
  accept_some(connections);
  return G_SOURCE_REMOVE;
}

static gboolean on_connecting(GSocket *listener, GIOCondition condition, gpointer user_data) {
  SightConnections *connections = user_data;
  for (guint i = 0; i < ACCEPTED_AT_ONCE; i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GSocket) socket = g_socket_accept(listener, NULL, &error);
    if (socket != NULL) {
      g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
      take(connections, socket);
    } else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      return G_SOURCE_CONTINUE;
    } else {
      /* Out of files or memory: somebody goes, and what waits is taken a little later. */
      drop_longest(&connections->waiting);
      g_clear_pointer(&connections->accepting, g_source_unref);
      connections->accept_again = g_timeout_add(ACCEPT_AGAIN_MS, on_accept_again, connections);
      return G_SOURCE_REMOVE;
    }
  }
  return G_SOURCE_CONTINUE;
}

static void accept_some(SightConnections *connections) {
  connections->accepting = g_socket_create_source(connections->listener, G_IO_IN, NULL);
  g_source_set_callback(connections->accepting, G_SOURCE_FUNC(on_connecting), connections, NULL);
  g_source_attach(connections->accepting, g_main_context_get_thread_default());
}

/* libsoup keeps a connection for the next request only while it listens to something itself. */
static int let_listen(SoupServer *server) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return -1;
  g_autoptr(GSocket) socket = g_socket_new_from_fd(ends[0], NULL);
  if (socket == NULL)
    close(ends[0]);
  else
    soup_server_listen_socket(server, socket, 0, NULL);
  return ends[1];
}

SightConnections *sight_connections_new(SoupServer *server, guint max, gboolean shared_out) {
  SightConnections *connections = g_new0(SightConnections, 1);
  connections->server = g_object_ref(server);
  connections->max = max;
  connections->max_per_address = shared_out ? MAX(max / ADDRESS_PART, LEAST_ROOM) : max;
  connections->origins = g_hash_table_new_full(sight_hash_text, g_str_equal, NULL, origin_free);
  g_queue_init(&connections->waiting);
  connections->never_heard = let_listen(server);
  g_signal_connect(server, "request-started", G_CALLBACK(on_started), connections);
  return connections;
}

void sight_connections_free(SightConnections *connections) {
  if (connections == NULL)
    return;
  g_clear_handle_id(&connections->accept_again, g_source_remove);
  if (connections->accepting != NULL)
    g_source_destroy(connections->accepting);
  g_clear_pointer(&connections->accepting, g_source_unref);
  g_clear_object(&connections->listener);
  soup_server_disconnect(connections->server);
  g_signal_handlers_disconnect_by_data(connections->server, connections);
  if (connections->never_heard >= 0)
    close(connections->never_heard);
  g_hash_table_unref(connections->origins);
  g_object_unref(connections->server);
  g_free(connections);
}

char *sight_connections_listen(SightConnections *connections, GSocketAddress *address, GError **error) {
  g_autoptr(GSocket) socket =
      g_socket_new(g_socket_address_get_family(address), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL)
    return NULL;
  if (g_socket_get_family(socket) == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, TRUE, NULL);
  g_socket_set_blocking(socket, FALSE);
  g_socket_set_listen_backlog(socket, BACKLOG);
  if (!g_socket_bind(socket, address, TRUE, error) || !g_socket_listen(socket, error))
    return NULL;
  g_autoptr(GSocketAddress) bound = g_socket_get_local_address(socket, error);
  if (bound == NULL)
    return NULL;
  connections->listener = g_steal_pointer(&socket);
  accept_some(connections);
  return G_IS_INET_SOCKET_ADDRESS(bound) ? g_socket_connectable_to_string(G_SOCKET_CONNECTABLE(bound)) : g_strdup("");
}

void sight_connections_close_stalled(SightConnections *connections, guint seconds) {
  gint64 oldest_us = g_get_monotonic_time() - (gint64)seconds * G_USEC_PER_SEC;
  for (GList *link = connections->waiting.head, *next; link != NULL; link = next) {
    const Connection *connection = link->data;
    next = link->next;
    if (connection->kept_up_us <= oldest_us)
      sight_connections_drop(connection->msg);
  }
}

guint sight_connections_count(const SightConnections *connections) {
  return connections->n;
}

const char *sight_connections_address(SoupServerMessage *msg) {
  return connection_of(msg)->origin->name;
}

gint64 sight_connections_kept_up_us(SoupServerMessage *msg) {
  return connection_of(msg)->kept_up_us;
}

GSocket *sight_connections_socket(SoupServerMessage *msg) {
  return connection_of(msg)->socket;
}

void sight_connections_pause(SoupServerMessage *msg) {
  Connection *connection = connection_of(msg);
  leave_line(connection);
  soup_server_message_pause(msg);
}

void sight_connections_resume(SoupServerMessage *msg) {
  begin_anew(connection_of(msg));
  soup_server_message_unpause(msg);
}

guint sight_connections_room(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return LEAST_ROOM;
  rlim_t wanted = MIN(limit.rlim_max, (rlim_t)MOST_ROOM + RESERVED_FILES);
  if (limit.rlim_cur < wanted) {
    struct rlimit raised = {wanted, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
      limit.rlim_cur = wanted;
  }
  rlim_t room = limit.rlim_cur > RESERVED_FILES ? limit.rlim_cur - RESERVED_FILES : 0;
  return (guint)CLAMP(room, (rlim_t)LEAST_ROOM, (rlim_t)MOST_ROOM);
}
