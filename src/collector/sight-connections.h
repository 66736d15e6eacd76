/* SPDX-License-Identifier: MIT */
/* SightConnections: keeps those who connect and say nothing from using up what connections need. libsoup neither times
 * the head of a request nor survives running out of file descriptors: it stops listening for good. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct SightConnections SightConnections;

/* Watches the server, whose thread it belongs to. At most `max` connections stay: the one that has kept silent for
 * longest goes first, and a new one goes where none is silent. */
SightConnections *sight_connections_new(SoupServer *server, guint max);
void sight_connections_free(SightConnections *connections);

/* Closes those that have not sent a whole head for so long. */
void sight_connections_close_silent(SightConnections *connections, guint seconds);

/* As many as the limit of open files leaves room for, after raising it as far as one may. */
guint sight_connections_room(void);

G_END_DECLS
