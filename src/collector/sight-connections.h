/* SPDX-License-Identifier: MIT */
/* SightConnections: the listener, and what each of its connections is waiting for. It keeps those who connect and say
 * nothing, send or read nothing further, or go away, from using up files and memory that others need. libsoup neither
 * bounds how long a request or an answer takes, nor survives running out of files: its own listener stops for good. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct SightConnections SightConnections;

/* Hands connections to the server, whose thread all of this belongs to. At most `max` stay, and an eighth of them for
 * one address where `shared_out` (FALSE where a proxy stands between: then all come from one). The one that has not
 * got on for longest goes first; where all of them are being worked on, the new one goes. */
SightConnections *sight_connections_new(SoupServer *server, guint max, gboolean shared_out);
/* Closes the listener and the connections. */
void sight_connections_free(SightConnections *connections);

/* Listens there. "HOST:PORT" as in a URL (with the real port), the caller's; "" for what is no Internet address. */
char *sight_connections_listen(SightConnections *connections, GSocketAddress *address, GError **error);

/* Closes those that have not got on for so long: no whole head of a request, or less of a body or less of the answer
 * taken than the least speed asks for. */
void sight_connections_close_stalled(SightConnections *connections, guint seconds);

guint sight_connections_count(const SightConnections *connections);

/* The share of the other end (see sight-address.h); borrowed, valid as long as the connection. */
const char *sight_connections_address(SoupServerMessage *msg);
/* Until when (monotonic time) it was as fast as the least speed asks for. */
gint64 sight_connections_kept_up_us(SoupServerMessage *msg);
/* For shutting it down after the connection was stolen; borrowed. */
GSocket *sight_connections_socket(SoupServerMessage *msg);

/* Around the work on a request: meanwhile the connection waits for us and is not closed for being slow. */
void sight_connections_pause(SoupServerMessage *msg);
void sight_connections_resume(SoupServerMessage *msg);
/* Closes the connection at once, in whatever state; the message is "disconnected". */
void sight_connections_drop(SoupServerMessage *msg);

/* As many as the limit of open files leaves room for, after raising it as far as one may. */
guint sight_connections_room(void);

G_END_DECLS
