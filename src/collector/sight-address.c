/* SPDX-License-Identifier: MIT */
/* Addresses and the networks that they belong to. */
#include "sight-address.h"

#include <string.h>

#define NETWORK_BYTES 8
#define MAPPED_BYTES 12 /* before an IPv4 address that a socket of both kinds tells of, RFC 4291, 2.5.5.2 */

static const guint8 mapped[MAPPED_BYTES] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static char *share_of(GInetAddress *address) {
  if (g_inet_address_get_family(address) != G_SOCKET_FAMILY_IPV6)
    return g_inet_address_to_string(address);
  const guint8 *whole = g_inet_address_to_bytes(address);
  if (memcmp(whole, mapped, MAPPED_BYTES) == 0) {
    g_autoptr(GInetAddress) older = g_inet_address_new_from_bytes(whole + MAPPED_BYTES, G_SOCKET_FAMILY_IPV4);
    return g_inet_address_to_string(older);
  }
  guint8 bytes[16] = {0};
  memcpy(bytes, whole, NETWORK_BYTES);
  g_autoptr(GInetAddress) network = g_inet_address_new_from_bytes(bytes, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string(network);
}

/* Some proxies tell the port too: 192.0.2.1:443, [2001:db8::1]:443. The caller's. */
static char *without_port(const char *tainted_text) {
  if (*tainted_text == '[')
    return g_strndup(tainted_text + 1, strcspn(tainted_text + 1, "]"));
  const char *colon = strchr(tainted_text, ':');
  return colon != NULL && strchr(colon + 1, ':') == NULL ? g_strndup(tainted_text, (gsize)(colon - tainted_text))
                                                         : g_strdup(tainted_text);
}

char *sight_address_share(const char *tainted_text) {
  g_autofree char *alone = tainted_text != NULL ? without_port(tainted_text) : NULL;
  g_autoptr(GInetAddress) address = alone != NULL ? g_inet_address_new_from_string(alone) : NULL;
  return address != NULL ? share_of(address) : g_strdup("unknown");
}

char *sight_address_share_of(GSocketAddress *address) {
  if (!G_IS_INET_SOCKET_ADDRESS(address))
    return g_strdup("local");
  return share_of(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address)));
}
