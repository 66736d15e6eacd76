/* SPDX-License-Identifier: MIT */
/* One round of syncing with a collector, and the small questions besides. */
#include "sight-sync.h"

#include "sight-json.h"
#include "sight-pull.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK(sight - sync - error - quark, sight_sync_error)

/* Annotations that the collector does not take must not keep recordings from coming: that problem is kept in *problem.
 * FALSE: the round is over. */
static gboolean push(SightRound *round, GError **problem, GError **error) {
  g_autoptr(GError) failure = NULL;
  if (sight_push_annotations(round, &failure))
    return TRUE;
  if (!g_error_matches(failure, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  g_clear_error(problem);
  *problem = g_steal_pointer(&failure);
  return TRUE;
}

typedef gboolean (*PullFunc)(SightRound *round, GError **error);

static gboolean pull(SightRound *round, PullFunc pull_sessions, GError **problem, GError **error) {
  return pull_sessions(round, error) && (!round->was_put_back || push(round, problem, error)) &&
         sight_pull_annotations(round, error);
}

gboolean sight_sync_round(SightRound *round, PullFunc pull_sessions, GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autoptr(GError) failure = NULL;
  if (!push(round, &problem, error))
    return FALSE;
  gboolean done = pull(round, pull_sessions, &problem, &failure);
  if (g_error_matches(failure, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_CURSOR)) {
    g_clear_error(&failure);
    done = sight_round_start_over(round, &failure) && pull(round, pull_sessions, &problem, &failure);
  }
  if (done && problem == NULL)
    return TRUE;
  g_propagate_error(error, done ? g_steal_pointer(&problem) : g_steal_pointer(&failure));
  return FALSE;
}

static gboolean run_round(SightRound *round, GError **error) {
  return sight_sync_round(round, sight_pull_changes, error);
}

gboolean sight_sync_answers(SightRound *round) {
  g_autoptr(GString) answer = g_string_new(NULL);
  return sight_http_send(round->http, "GET", "/v1/project", NULL, answer, round->cancellable, NULL) == 200;
}

SightHttp *sight_sync_connect(const SightEndpoint *endpoint, const char *token, GError **error) {
  return sight_http_new(endpoint->url, token, error);
}

static const SightRoundKind collector = {sight_sync_connect, run_round, sight_pull_change, sight_sync_answers};

gboolean sight_sync_run(SightStore *store, gint64 row, SightSyncProgressFunc progress, gpointer user_data,
                        SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  return sight_round_run(store, row, &collector, progress, user_data, total, cancellable, error);
}

gboolean sight_sync_fetch(SightStore *store, gint64 row, const char *session, GCancellable *cancellable,
                          GError **error) {
  SightSyncProgress total = {0};
  g_autoptr(SightEndpoint) endpoint = sight_round_find_endpoint(store, row, error);
  g_autoptr(SightHttp) http = endpoint != NULL ? sight_round_connect(store, &collector, endpoint, error) : NULL;
  if (http == NULL)
    return FALSE;
  /* Somebody waits for it. */
  sight_http_be_brief(http);
  SightRound round = {.kind = &collector,
                      .store = store,
                      .endpoint = endpoint,
                      .http = http,
                      .total = &total,
                      .cancellable = cancellable};
  const SightChange change = {.session = (char *)session, .last_arrival = SIGHT_PULL_ALL};
  return sight_pull_change(&round, &change, error);
}

gboolean sight_sync_check(const char *url, const char *token, char **name, GCancellable *cancellable, GError **error) {
  g_autoptr(SightHttp) http = sight_http_new(url, token, error);
  g_autoptr(GString) answer = g_string_new(NULL);
  if (http != NULL)
    sight_http_be_brief(http);
  guint status = http != NULL ? sight_http_send(http, "GET", "/v1/project", NULL, answer, cancellable, error) : 0;
  if (status == 0)
    return FALSE;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson root = {0};
  const char *tainted_name = NULL;
  if (status == 200 && sight_json_parser_parse(parser, answer->str, answer->len, &root, NULL))
    tainted_name = sight_json_string(sight_json_get(root, "name"), NULL);
  if (tainted_name == NULL) {
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("There is no collector at %s (%u)."), url,
                status);
    return FALSE;
  }
  if (name != NULL)
    *name = sight_text_excerpt(tainted_name, -1, 80);
  return TRUE;
}

gboolean sight_sync_erase_remote(SightStore *store, gint64 row, const char *session, const char *user,
                                 GCancellable *cancellable, GError **error) {
  g_autoptr(SightEndpoint) endpoint = sight_round_find_endpoint(store, row, error);
  g_autoptr(SightHttp) http = endpoint != NULL ? sight_round_connect(store, &collector, endpoint, error) : NULL;
  if (http == NULL)
    return FALSE;
  g_autofree char *escaped = g_uri_escape_string(session != NULL ? session : user, NULL, FALSE);
  g_autofree char *path = g_strconcat(session != NULL ? "/v1/sessions/" : "/v1/users/", escaped, NULL);
  g_autoptr(GString) answer = g_string_new(NULL);
  guint status = sight_http_send(http, "DELETE", path, NULL, answer, cancellable, error);
  if (status == 0 || status == 200)
    return status == 200;
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("%s did not erase it (%u)."), endpoint->url,
              status);
  return FALSE;
}
