/* SPDX-License-Identifier: MIT */
/* SightCollector: the HTTP server. It checks a request before its body comes, collects the body within its cap, and
 * lets the route answer on a worker. */
#pragma once

#include "sight-depot.h"

G_BEGIN_DECLS

typedef struct {
  double key_rate, key_burst; /* batches a second by write key; 0: no limit */
  double address_rate, address_burst;
  gboolean open_metrics; /* /metrics asks for no token */
  gboolean trust_proxy;  /* the last address in X-Forwarded-For is the client's */
} SightCollectorOptions;

typedef struct SightCollector SightCollector;

/* Belongs to the thread whose main context is the thread-default one. The depot is borrowed until it is freed. */
SightCollector *sight_collector_new(SightDepot *depot, const SightCollectorOptions *options);
void sight_collector_free(SightCollector *collector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightCollector, sight_collector_free)

/* `where`: "HOST:PORT" (port 0: any that is free), "[IPV6]:PORT" or "unix:PATH". Gives the URL, the caller's. */
char *sight_collector_listen(SightCollector *collector, const char *where, GError **error);
/* Whether others than programs of this machine can reach it there. */
gboolean sight_collector_is_public(const char *where);

/* Takes no new requests, and calls back when those under way are answered (or after 10 s). */
void sight_collector_stop(SightCollector *collector, void (*stopped)(gpointer user_data), gpointer user_data);

G_END_DECLS
