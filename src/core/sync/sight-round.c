/* SPDX-License-Identifier: MIT */
/* A round with an endpoint of any kind: connecting, sessions that are set aside, and what is told at the end. */
#include "sight-round.h"

#include "sight-change-table.h"
#include "sight-token.h"

#include <glib/gi18n-lib.h>

/* Sessions one after the other that take all patience: then it is the endpoint. */
#define MANY_UNREACHABLE 3
/* Sessions that are named to the user at once. */
#define MAX_NAMED 3

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

SightEndpoint *sight_round_find_endpoint(SightStore *store, gint64 row, GError **error) {
  Lookup lookup = {.row = row};
  return sight_store_read(store, look_up, &lookup, error) ? lookup.endpoint : NULL;
}

SightHttp *sight_round_connect(SightStore *store, const SightRoundKind *kind, const SightEndpoint *endpoint,
                               GError **error) {
  g_autofree char *token = NULL;
  return sight_token_need(sight_store_directory(store), endpoint->url, &token, error)
             ? kind->connect(endpoint, token, error)
             : NULL;
}

typedef struct {
  gint64 endpoint;
  const char *session;
} Erasing;

static gboolean apply_tombstone(SightDb *db, gpointer user_data, GError **error) {
  const Erasing *erasing = user_data;
  gboolean erased = FALSE;
  if (!sight_change_table_is_erased(db, erasing->endpoint, erasing->session, &erased, error))
    return FALSE;
  return erased || sight_change_table_apply_tombstone(db, erasing->endpoint, erasing->session, error);
}

gboolean sight_round_erase(SightRound *round, const char *session, GError **error) {
  Erasing erasing = {.endpoint = round->endpoint->row, .session = session};
  round->total->n_erased++;
  return sight_store_write(round->store, SIGHT_WRITE_DURABLE, apply_tombstone, &erasing, error);
}

/* Whether it is this session that cannot be taken, and not the endpoint that cannot be reached. */
static gboolean is_of_session(SightRound *round, const GError *error) {
  if (g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL))
    return TRUE;
  if (!g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE) &&
      !g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_BUSY))
    return FALSE;
  round->n_unreachable++;
  return round->kind->answers(round);
}

typedef struct {
  gint64 endpoint;
  const SightChange *change;
  const char *problem; /* NULL: it was taken */
  gint64 now_ms;
  GPtrArray *list;
} Setting;

static gboolean set_aside(SightDb *db, gpointer user_data, GError **error) {
  const Setting *setting = user_data;
  const SightChange *change = setting->change;
  if (setting->problem == NULL)
    return sight_change_table_take_back(db, setting->endpoint, change->session, error);
  return sight_change_table_set_aside(db, setting->endpoint, change->session, change->last_arrival, setting->problem,
                                      error);
}

static gboolean list_aside(SightDb *db, gpointer user_data, GError **error) {
  Setting *setting = user_data;
  setting->list = sight_change_table_list_aside(db, setting->endpoint, setting->now_ms, error);
  return setting->list != NULL;
}

static GPtrArray *read_aside(SightRound *round, gint64 now_ms, GError **error) {
  Setting setting = {.endpoint = round->endpoint->row, .now_ms = now_ms};
  return sight_store_read(round->store, list_aside, &setting, error) ? setting.list : NULL;
}

gboolean sight_round_take(SightRound *round, const SightChange *change, GError **error) {
  g_autoptr(GError) failure = NULL;
  Setting setting = {.endpoint = round->endpoint->row, .change = change};
  /* Where many in a row could not be had, the others do not wait for attempts at each. */
  sight_http_set_tries_once(round->http, round->n_unreachable >= MANY_UNREACHABLE);
  gboolean taken = round->kind->take(round, change, &failure);
  sight_http_set_tries_once(round->http, FALSE);
  if (!taken) {
    if (!is_of_session(round, failure)) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return FALSE;
    }
    setting.problem = failure->message;
  } else
    round->n_unreachable = 0;
  round->total->n_sessions++;
  sight_round_tell(round);
  return sight_store_write(round->store, SIGHT_WRITE_NORMAL, set_aside, &setting, error);
}

gboolean sight_round_retry_aside(SightRound *round, GError **error) {
  g_autoptr(GPtrArray) list = read_aside(round, g_get_real_time() / 1000, error);
  for (guint i = 0; list != NULL && i < list->len; i++) {
    const SightAside *aside = g_ptr_array_index(list, i);
    SightChange change = {.session = aside->session, .last_arrival = aside->wanted};
    if (!sight_round_take(round, &change, error))
      return FALSE;
  }
  return list != NULL;
}

/* What is set aside, as a sentence for people that names it; NULL where nothing is. The caller's. */
static char *describe_aside(SightRound *round) {
  g_autoptr(GPtrArray) list = read_aside(round, G_MAXINT64, NULL);
  guint n_unread = round->total->n_unread;
  round->total->n_aside = list != NULL ? list->len : 0;
  if (list != NULL && list->len == 0 && n_unread > 0)
    return g_strdup_printf(ngettext("What was found in %u session makes no sense and was left out.",
                                    "What was found in %u sessions makes no sense and was left out.", n_unread),
                           n_unread);
  if (list == NULL || list->len == 0)
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text,
                         ngettext("%u session could not be taken and is tried again later:",
                                  "%u sessions could not be taken and are tried again later:", list->len),
                         list->len);
  for (guint i = 0; i < MIN(list->len, MAX_NAMED); i++) {
    const SightAside *aside = g_ptr_array_index(list, i);
    g_string_append_printf(text, "%s %s (%s)", i > 0 ? "," : "", aside->session, aside->problem);
  }
  g_string_append(text, list->len > MAX_NAMED ? ", …" : ".");
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void set_problem(SightRound *round, const GError *failure) {
  SightEndpoint *endpoint = round->endpoint;
  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_free(endpoint->problem);
  endpoint->problem = failure != NULL ? g_strdup(failure->message) : describe_aside(round);
  if (failure == NULL)
    endpoint->synced_ms = g_get_real_time() / 1000;
}

gboolean sight_round_run(SightStore *store, gint64 row, const SightRoundKind *kind, SightSyncProgressFunc progress,
                         gpointer user_data, SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  SightSyncProgress own_total = {0};
  g_autoptr(SightEndpoint) endpoint = sight_round_find_endpoint(store, row, error);
  if (endpoint == NULL)
    return FALSE;
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightHttp) http = sight_round_connect(store, kind, endpoint, &failure);
  SightRound round = {.kind = kind,
                      .store = store,
                      .endpoint = endpoint,
                      .http = http,
                      .total = total != NULL ? total : &own_total,
                      .progress = progress,
                      .user_data = user_data,
                      .cancellable = cancellable};
  *round.total = own_total;
  if (http != NULL)
    kind->run(&round, &failure);
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
  g_autoptr(SightEndpoint) endpoint = sight_round_find_endpoint(store, row, NULL);
  return endpoint != NULL ? g_strdup(endpoint->problem) : NULL;
}
