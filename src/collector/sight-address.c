/* SPDX-License-Identifier: MIT */
/* Addresses and the networks that they belong to. */
#include "sight-address.h"

#include <string.h>

#define NETWORK_BYTES 8

static char *share_of(GInetAddress *address) {
  if (g_inet_address_get_family(address) != G_SOCKET_FAMILY_IPV6)
    return g_inet_address_to_string(address);
  guint8 bytes[16] = {0};
  memcpy(bytes, g_inet_address_to_bytes(address), NETWORK_BYTES);
  g_autoptr(GInetAddress) network = g_inet_address_new_from_bytes(bytes, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string(network);
}

char *sight_address_share(const char *tainted_text) {
  g_autoptr(GInetAddress) address = tainted_text != NULL ? g_inet_address_new_from_string(tainted_text) : NULL;
  return address != NULL ? share_of(address) : g_strdup("unknown");
}

char *sight_address_share_of(GSocketAddress *address) {
  if (!G_IS_INET_SOCKET_ADDRESS(address))
    return g_strdup("local");
  return share_of(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(address)));
}
