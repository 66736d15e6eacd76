/* SPDX-License-Identifier: MIT */
/* To which addresses a secret may be sent. */
#include "sight-web-address.h"

#include <gio/gio.h>
#include <string.h>

static gboolean is_private_inet(GInetAddress *inet) {
  /* fc00::/7 is what is local to a site since RFC 4193. */
  gboolean is_unique_local =
      g_inet_address_get_family(inet) == G_SOCKET_FAMILY_IPV6 && (g_inet_address_to_bytes(inet)[0] & 0xfe) == 0xfc;
  return is_unique_local || g_inet_address_get_is_loopback(inet) || g_inet_address_get_is_site_local(inet) ||
         g_inet_address_get_is_link_local(inet);
}

/* One word that begins with a letter: a number is an address in disguise. */
static gboolean is_private_name(const char *host) {
  static const char *const endings[] = {".local", ".internal", ".home.arpa", ".localhost"};
  g_autofree char *lower = g_ascii_strdown(host, -1);
  if (g_ascii_isalpha(lower[0]) && strpbrk(lower, ".:%") == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(lower, endings[i]))
      return TRUE;
  return FALSE;
}

gboolean sight_web_address_takes_secrets(const char *tainted_url) {
  g_autoptr(GUri) uri = g_uri_parse(tainted_url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
  if (host == NULL || *host == '\0' || g_uri_get_userinfo(uri) != NULL)
    return FALSE;
  if (g_str_equal(g_uri_get_scheme(uri), "https"))
    return TRUE;
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string(host);
  return g_str_equal(g_uri_get_scheme(uri), "http") && (inet != NULL ? is_private_inet(inet) : is_private_name(host));
}
