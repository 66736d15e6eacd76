/* SPDX-License-Identifier: MIT */
/* Links to moments and filters. Anyone may make one, and a web page may open it. */
#include "sight-link.h"

#include "sight-text.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define HOST "session"
#define FILTER_HOST "filter"
#define MAX_BYTES 4096
#define SHOWN_CHARS 200

void sight_link_free(SightLink *link) {
  if (link == NULL)
    return;
  g_free(link->session);
  g_free(link->filter);
  g_free(link->from);
  g_free(link);
}

char *sight_link_print(const char *session, gint64 at_ms, const char *from) {
  g_autoptr(GString) text = g_string_new(SIGHT_LINK_SCHEME "://" HOST "/");

  g_string_append(text, session);
  if (at_ms >= 0)
    g_string_append_printf(text, "?at=%" G_GINT64_FORMAT, at_ms);
  if (from != NULL) {
    g_autofree char *escaped = g_uri_escape_string(from, NULL, FALSE);
    g_string_append_printf(text, "%cfrom=%s", at_ms >= 0 ? '&' : '?', escaped);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

char *sight_link_print_filter(const char *filter) {
  g_autofree char *escaped = g_uri_escape_string(filter, NULL, FALSE);
  g_autofree char *text = g_strconcat(SIGHT_LINK_SCHEME "://" FILTER_HOST "?text=", escaped, NULL);

  return strlen(text) <= MAX_BYTES ? g_steal_pointer(&text) : NULL;
}

static SightLink *fail(const char *tainted_text, const char *what, GError **error) {
  g_autofree char *shown = sight_text_excerpt(tainted_text, -1, SHOWN_CHARS);

  g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("“%s” is no link to a session: %s."), shown, what);
  return NULL;
}

SightLink *sight_link_read(const char *tainted_text, GError **error) {
  g_autoptr(SightLink) link = g_new0(SightLink, 1);

  if (strlen(tainted_text) > MAX_BYTES)
    return fail(tainted_text, _("it is longer than 4096 bytes"), error);
  g_autoptr(GUri) uri = g_uri_parse(tainted_text, G_URI_FLAGS_ENCODED_QUERY, NULL);
  if (uri == NULL || !g_str_equal(g_uri_get_scheme(uri), SIGHT_LINK_SCHEME))
    return fail(tainted_text, _("it does not begin with sessionsight://"), error);
  const char *path = g_uri_get_path(uri), *query = g_uri_get_query(uri);
  gboolean of_filter = g_strcmp0(g_uri_get_host(uri), FILTER_HOST) == 0 && strlen(path) <= strlen("/");
  if (!of_filter && (g_strcmp0(g_uri_get_host(uri), HOST) != 0 || path[0] != '/' || !sight_id_is_valid(path + 1)))
    return fail(tainted_text, _("it names no session"), error);
  link->session = !of_filter ? g_strdup(path + 1) : NULL;
  link->at_ms = -1;
  g_autoptr(GHashTable) members = query != NULL ? g_uri_parse_params(query, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
  if (query != NULL && members == NULL)
    return fail(tainted_text, _("what follows “?” is damaged"), error);
  if (of_filter) {
    const char *filter = members != NULL ? g_hash_table_lookup(members, "text") : NULL;
    link->filter = g_strdup(filter != NULL ? filter : "");
    return g_steal_pointer(&link);
  }
  const char *at = members != NULL ? g_hash_table_lookup(members, "at") : NULL;
  if (at != NULL && !sight_text_number("at", at, 0, SIGHT_TEXT_MAX_MS, &link->at_ms, NULL))
    return fail(tainted_text, _("its time is no number of milliseconds"), error);
  link->from = members != NULL ? g_strdup(g_hash_table_lookup(members, "from")) : NULL;
  return g_steal_pointer(&link);
}
