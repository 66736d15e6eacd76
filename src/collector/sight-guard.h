/* SPDX-License-Identifier: MIT */
/* SightGuard: who may ask for what, decided from the head of a request alone. */
#pragma once

#include "sight-collector.h"
#include "sight-route.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct SightGuard SightGuard;

/* On the server's thread. */
SightGuard *sight_guard_new(SightDepot *depot, const SightCollectorOptions *options);
void sight_guard_free(SightGuard *guard);

/* FALSE: refused, the call holds the answer. TRUE: the call knows its key, the client's address and the form of its
 * body. */
gboolean sight_guard_admit(SightGuard *guard, SoupServerMessage *msg, SightCall *call);
/* Whether pages of the origin in the head may post with the key in the query; for CORS preflights. */
gboolean sight_guard_admits_origin(SightGuard *guard, SoupServerMessage *msg, GHashTable *query);

G_END_DECLS
