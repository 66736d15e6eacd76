/* SPDX-License-Identifier: MIT */
/* What the tests of syncing share: caches, what is in them, and servers that misbehave. */
#pragma once

#include "sight-annotation-table.h"
#include "sight-session-table.h"
#include "sight-sync.h"

#include "collector-fixture.h"

typedef struct {
  char *folder;
  SightStore *store;
  gint64 endpoint;
} Cache;

/* A new cache with one endpoint; the token stands in its file, since no keyring answers in tests. */
Cache *cache_new(const char *url, const char *token);
void cache_free(Cache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cache, cache_free)

/* Insists on success. */
SightSyncProgress cache_sync(Cache *cache);
/* Everything that was received and not erased, as text that is equal for equal contents. */
char *cache_contents(Cache *cache);
SightEndpoint *cache_endpoint(Cache *cache);
void cache_put_annotation(Cache *cache, SightAnnotation *annotation);
/* "kind at body, …" of a session (NULL: the project) in order. */
char *cache_annotations(Cache *cache, const char *session);
void cache_erase(Cache *cache, const char *session);

/* A server on loopback that answers one connection after the other by a function, on a thread of its own; the request
 * is read already, head and body. */
typedef void (*ServeFunc)(const char *request, GOutputStream *out, gpointer user_data);
typedef struct {
  GSocket *socket;
  GCancellable *stop;
  GThread *thread;
  ServeFunc func;
  gpointer user_data;
  char *url;
} Server;
Server *server_start(ServeFunc func, gpointer user_data);
void server_stop(Server *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_stop)

/* Writes a whole answer. */
void serve_text(GOutputStream *out, const char *status_and_headers, const char *body);
/* Hands the request on to another port and copies back at most `limit` bytes of the answer (-1: all). */
void serve_from(GOutputStream *out, const char *request, guint16 port, gint64 limit);
