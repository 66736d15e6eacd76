/* SPDX-License-Identifier: MIT */
/* One round of syncing with a collector, and the small questions besides. */
#include "sight-sync.h"

#include "sight-json.h"
#include "sight-pull.h"
#include "sight-text.h"
#include "sight-token.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK(sight - sync - error - quark, sight_sync_error)

void sight_round_tell(const SightRound *round) {
  if (round->progress != NULL)
    round->progress(round->total, round->user_data);
}

static gboolean save(SightDb *db, gpointer user_data, GError **error) {
  const SightEndpoint *endpoint = user_data;
  return sight_endpoint_table_set_synced(db, endpoint->row, endpoint->cursor, endpoint->annotation_cursor,
                                         endpoint->synced_ms, endpoint->problem, error);
}

gboolean sight_round_save(SightRound *round, GError **error) {
  return sight_store_write(round->store, SIGHT_WRITE_NORMAL, save, round->endpoint, error);
}

typedef struct {
  gint64 row;
  SightEndpoint *endpoint;
} Lookup;

static gboolean look_up(SightDb *db, gpointer user_data, GError **error) {
  Lookup *lookup = user_data;
  lookup->endpoint = sight_endpoint_table_get(db, lookup->row, error);
  return lookup->endpoint != NULL;
}

static SightEndpoint *get_collector(SightStore *store, gint64 row, GError **error) {
  Lookup lookup = {.row = row};
  if (!sight_store_read(store, look_up, &lookup, error))
    return NULL;
  g_autoptr(SightEndpoint) endpoint = lookup.endpoint;
  if (g_str_equal(endpoint->kind, "collector"))
    return g_steal_pointer(&endpoint);
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("“%s” is no collector to sync with."),
              endpoint->name);
  return NULL;
}

static SightHttp *connect(SightStore *store, const SightEndpoint *endpoint, GError **error) {
  g_autoptr(GError) failure = NULL;
  g_autofree char *token = sight_token_load(sight_store_directory(store), endpoint->url, &failure);
  if (failure != NULL) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return NULL;
  }
  if (token == NULL) {
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED, _("There is no token for %s."), endpoint->url);
    return NULL;
  }
  return sight_http_new(endpoint->url, token, error);
}

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

static gboolean pull(SightRound *round, GError **problem, GError **error) {
  return sight_pull_changes(round, error) && (!round->was_put_back || push(round, problem, error)) &&
         sight_pull_annotations(round, error);
}

static gboolean run_round(SightRound *round, GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autoptr(GError) failure = NULL;
  if (!push(round, &problem, error))
    return FALSE;
  gboolean done = pull(round, &problem, &failure);
  if (g_error_matches(failure, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_CURSOR)) {
    g_clear_error(&failure);
    done = sight_round_start_over(round, &failure) && pull(round, &problem, &failure);
  }
  if (done && problem == NULL)
    return TRUE;
  g_propagate_error(error, done ? g_steal_pointer(&problem) : g_steal_pointer(&failure));
  return FALSE;
}

static void set_problem(SightRound *round, const GError *failure) {
  SightEndpoint *endpoint = round->endpoint;
  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_free(endpoint->problem);
  endpoint->problem = failure != NULL ? g_strdup(failure->message) : sight_round_describe_aside(round);
  if (failure == NULL)
    endpoint->synced_ms = g_get_real_time() / 1000;
}

gboolean sight_sync_run(SightStore *store, gint64 row, SightSyncProgressFunc progress, gpointer user_data,
                        SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  SightSyncProgress own_total = {0};
  g_autoptr(SightEndpoint) endpoint = get_collector(store, row, error);
  if (endpoint == NULL)
    return FALSE;
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightHttp) http = connect(store, endpoint, &failure);
  SightRound round = {.store = store,
                      .endpoint = endpoint,
                      .http = http,
                      .total = total != NULL ? total : &own_total,
                      .progress = progress,
                      .user_data = user_data,
                      .cancellable = cancellable};
  *round.total = own_total;
  if (http != NULL)
    run_round(&round, &failure);
  set_problem(&round, failure);
  g_free(round.lost_cursor);
  if (!sight_round_save(&round, failure == NULL ? &failure : NULL) || failure != NULL) {
    if (failure != NULL)
      g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  return TRUE;
}

char *sight_sync_problem(SightStore *store, gint64 row) {
  g_autoptr(SightEndpoint) endpoint = get_collector(store, row, NULL);
  return endpoint != NULL ? g_strdup(endpoint->problem) : NULL;
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
  g_autoptr(SightEndpoint) endpoint = get_collector(store, row, error);
  g_autoptr(SightHttp) http = endpoint != NULL ? connect(store, endpoint, error) : NULL;
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
