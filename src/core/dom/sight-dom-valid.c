/* SPDX-License-Identifier: MIT */
/* Which names a document takes. */
#include "sight-dom-valid.h"

#include <string.h>

/* As in src/web/player/vouch.js. */
#define ODD_HTML "ss-odd"
#define ODD_SVG "g"

static gboolean may_begin(char c) {
  return g_ascii_isalpha(c) || c == '_' || c == ':' || (guchar)c >= 0x80;
}

gboolean sight_dom_takes_name(const char *tainted_name, gsize bytes, gboolean is_svg) {
  guint colons = 0;
  if (bytes == 0 || bytes > SIGHT_DOM_MAX_NAME || !may_begin(tainted_name[0]))
    return FALSE;
  for (gsize i = 0; i < bytes; i++) {
    char c = tainted_name[i];
    if (!may_begin(c) && !g_ascii_isdigit(c) && c != '-' && c != '.')
      return FALSE;
    colons += c == ':';
  }
  if (!is_svg || colons == 0)
    return TRUE;
  return colons == 1 && tainted_name[0] != ':' && tainted_name[bytes - 1] != ':' &&
         g_ascii_strncasecmp(tainted_name, "xml", 3) != 0;
}

const char *sight_dom_element_name(const char *tainted_name, gsize bytes, gboolean is_svg) {
  if (tainted_name == NULL || bytes == 0)
    return "div";
  if (sight_dom_takes_name(tainted_name, bytes, is_svg))
    return tainted_name;
  return is_svg ? ODD_SVG : ODD_HTML;
}

gboolean sight_dom_takes_attribute(const char *tainted_name, gsize bytes) {
  if (bytes == 0 || bytes > SIGHT_DOM_MAX_NAME)
    return FALSE;
  for (gsize i = 0; i < bytes; i++)
    if (memchr(" \t\n\f\r/>", tainted_name[i], 7) != NULL || tainted_name[i] == '\0' ||
        (tainted_name[i] == '=' && i > 0))
      return FALSE;
  return TRUE;
}
