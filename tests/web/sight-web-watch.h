/* SPDX-License-Identifier: MIT */
/* Watched servers on a network of this process alone: whoever calls is written down. */
#pragma once

#include <gio/gio.h>

/* Puts this process and all that it starts into a network that has nothing but a loopback of its own, in which every
 * name is asked for at watch_names(). Before any thread is started. FALSE where the system does not allow it: then the
 * machine's own network stays. */
gboolean watch_isolate(void);

/* A server that answers every request with an empty page. */
typedef struct {
  GSocketService *service;
  guint16 port;
  GPtrArray *requests; /* first lines, "GET /a.png HTTP/1.1"; "" where somebody only connected */
} WatchServer;
void watch_server_start(WatchServer *server);
void watch_server_stop(WatchServer *server);

/* The names that anybody asked for, by DNS; only in isolation. */
typedef struct {
  GSocket *socket;
  GSource *source;
  GPtrArray *names;
} WatchNames;
void watch_names_start(WatchNames *names);
void watch_names_stop(WatchNames *names);
