/* SPDX-License-Identifier: MIT */
/* SightPeerStream: the connection to a client as libsoup is to see it.
 *
 * libsoup 3.2 forgets a connection that ends between two requests: the message that waits for the next request gets its
 * completion callback with the first byte of it, and without a callback nobody closes the connection
 * (soup_server_message_io_http1_finished() in 3.2.0 to 3.2.3; mended in 3.3 by "server: do not leak idle connections
 * closed by the client"). Its file stays open for ever. So a connection that ends there ends, for libsoup, within the
 * next request: its end is preceded by one byte of that.
 *
 * It also bounds the head of a request, which libsoup keeps in memory: what exceeds the bound ends the connection. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_TYPE_PEER_STREAM (sight_peer_stream_get_type())
G_DECLARE_FINAL_TYPE(SightPeerStream, sight_peer_stream, SIGHT, PEER_STREAM, GIOStream)

/* Takes over a connected socket: closing the stream closes it. For the thread of the server; does not block. */
SightPeerStream *sight_peer_stream_new(GSocket *socket);

/* What the server is doing, which decides what the end of the connection looks like and what is counted as a head. */
typedef enum {
  SIGHT_PEER_WAITS, /* no byte of the next request has been seen by libsoup; so it begins */
  SIGHT_PEER_HEAD,  /* within the head of a request */
  SIGHT_PEER_BODY,  /* from the head's end until the answer is sent */
} SightPeerPhase;
void sight_peer_stream_enter(SightPeerStream *stream, SightPeerPhase phase);

G_END_DECLS
