/* SPDX-License-Identifier: MIT */
/* Refusing a request while its body is still coming. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Takes the connection away from the message, sends the answer that stands in its response headers with `body` at
 * once, and then throws away what the client still sends, within bounds, before closing: a connection closed over
 * unread bytes is reset, and the client would never see the answer. `msg` is finished afterwards. On the server's
 * thread; does not block. */
void sight_linger_refuse(SoupServerMessage *msg, guint status, const char *body, gsize bytes);

G_END_DECLS
