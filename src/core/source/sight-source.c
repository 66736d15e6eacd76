/* SPDX-License-Identifier: MIT */
/* The list of kinds, and asking an endpoint through its kind. */
#include "sight-round.h"
#include "sight-source-private.h"
#include "sight-token.h"

#include <glib/gi18n-lib.h>

#define LOCAL_INTERVAL_S 5

static const SightSourceKind *const kinds[] = {&sight_source_files,  &sight_source_collector,  &sight_source_posthog,
                                               &sight_source_sentry, &sight_source_clickstack, &sight_source_umami};

const SightSourceKind *const *sight_source_kinds(guint *n) {
  *n = G_N_ELEMENTS(kinds);
  return kinds;
}

const SightSourceKind *sight_source_kind(const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
    if (g_str_equal(kinds[i]->name, name))
      return kinds[i];
  return NULL;
}

gboolean sight_source_can(const SightEndpoint *endpoint, SightSourceCan what) {
  const SightSourceKind *kind = sight_source_kind(endpoint->kind);
  return kind != NULL && (kind->can & what) != 0;
}

const char *sight_source_name(const SightEndpoint *endpoint) {
  return sight_source_can(endpoint, SIGHT_SOURCE_SYNCS) ? endpoint->name : _(sight_source_files.title);
}

int sight_source_interval_s(const SightEndpoint *endpoint, int wanted_s) {
  const SightSourceKind *kind = sight_source_kind(endpoint->kind);
  g_autoptr(GUri) uri = g_uri_parse(endpoint->url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
  if (kind != NULL && kind->every_s > 0)
    return MAX(wanted_s, kind->every_s);
  gboolean local =
      g_strcmp0(host, "127.0.0.1") == 0 || g_strcmp0(host, "::1") == 0 || g_strcmp0(host, "localhost") == 0;
  return local ? LOCAL_INTERVAL_S : wanted_s;
}

gboolean sight_source_run(SightStore *store, gint64 row, SightSyncProgressFunc progress, gpointer user_data,
                          SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  g_autoptr(SightEndpoint) endpoint = sight_round_find_endpoint(store, row, error);
  if (endpoint == NULL)
    return FALSE;
  if (sight_source_can(endpoint, SIGHT_SOURCE_SYNCS))
    return sight_source_kind(endpoint->kind)->run(store, row, progress, user_data, total, cancellable, error);
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("“%s” is nothing to sync with."),
              endpoint->name);
  return FALSE;
}

gboolean sight_source_check(SightStore *store, const SightEndpoint *endpoint, char **name, GCancellable *cancellable,
                            GError **error) {
  g_autofree char *token = NULL;
  return sight_token_need(sight_store_directory(store), endpoint->url, &token, error) &&
         sight_source_kind(endpoint->kind)->check(endpoint->url, token, name, cancellable, error);
}
