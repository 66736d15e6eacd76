/* SPDX-License-Identifier: MIT */
/* Connections and how long they have kept silent. */
#include "sight-connections.h"

#include <sys/resource.h>

/* Databases, answers that linger, and what libraries open. */
#define RESERVED_FILES 300
#define LEAST_ROOM 16
#define MOST_ROOM 20000

/* From the moment that the server waits for a request until its message is gone. */
typedef struct {
  SightConnections *connections; /* NULL: they are gone */
  SoupServerMessage *msg;        /* borrowed: this lives as long as it */
  gint64 since_us;
  gboolean silent; /* the head of the request has not come */
} Visit;

struct SightConnections {
  SoupServer *server;
  guint max;
  GQueue visits; /* of Visit, the longest first */
};

static void visit_free(gpointer data) {
  Visit *visit = data;
  if (visit->connections != NULL)
    g_queue_remove(&visit->connections->visits, visit);
  g_free(visit);
}

static void on_head(SoupServerMessage *msg, gpointer user_data) {
  Visit *visit = user_data;
  visit->silent = FALSE;
}

/* The server sees the end of the stream and tidies up. */
static void hang_up(Visit *visit) {
  GSocket *socket = soup_server_message_get_socket(visit->msg);
  visit->silent = FALSE;
  if (socket != NULL)
    g_socket_shutdown(socket, TRUE, TRUE, NULL);
}

static Visit *find_silent(SightConnections *connections) {
  for (GList *link = connections->visits.head; link != NULL; link = link->next) {
    Visit *visit = link->data;
    if (visit->silent)
      return visit;
  }
  return NULL;
}

static void on_started(SoupServer *server, SoupServerMessage *msg, gpointer user_data) {
  SightConnections *connections = user_data;
  Visit *visit = g_new0(Visit, 1);
  visit->connections = connections;
  visit->msg = msg;
  visit->since_us = g_get_monotonic_time();
  visit->silent = TRUE;
  g_queue_push_tail(&connections->visits, visit);
  g_object_set_data_full(G_OBJECT(msg), "sight-visit", visit, visit_free);
  g_signal_connect(msg, "got-headers", G_CALLBACK(on_head), visit);
  if (connections->visits.length > connections->max)
    hang_up(find_silent(connections));
}

SightConnections *sight_connections_new(SoupServer *server, guint max) {
  SightConnections *connections = g_new0(SightConnections, 1);
  connections->server = g_object_ref(server);
  connections->max = max;
  g_queue_init(&connections->visits);
  g_signal_connect(server, "request-started", G_CALLBACK(on_started), connections);
  return connections;
}

void sight_connections_free(SightConnections *connections) {
  if (connections == NULL)
    return;
  g_signal_handlers_disconnect_by_data(connections->server, connections);
  for (GList *link = connections->visits.head; link != NULL; link = link->next)
    ((Visit *)link->data)->connections = NULL;
  g_queue_clear(&connections->visits);
  g_object_unref(connections->server);
  g_free(connections);
}

void sight_connections_close_silent(SightConnections *connections, guint seconds) {
  gint64 oldest_us = g_get_monotonic_time() - (gint64)seconds * G_USEC_PER_SEC;
  for (GList *link = connections->visits.head; link != NULL; link = link->next) {
    Visit *visit = link->data;
    if (visit->since_us > oldest_us)
      break;
    if (visit->silent)
      hang_up(visit);
  }
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
