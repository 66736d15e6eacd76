/* SPDX-License-Identifier: MIT */
/* What counts as one address where something is shared out by address. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The name of the share that an address in text, with or without a port, belongs to: the address itself, but the /64
 * network of an IPv6 one, since everybody has 2^64 addresses of it. "unknown" where it is no address (or NULL). The
 * caller's. */
char *sight_address_share(const char *tainted_text);
/* The same for the other end of a socket; "local" for one that is no Internet socket. */
char *sight_address_share_of(GSocketAddress *address);

G_END_DECLS
