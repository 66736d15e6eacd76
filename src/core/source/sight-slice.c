/* SPDX-License-Identifier: MIT */
/* What of a collector's recordings is here. */
#include "sight-slice.h"

#include "sight-digest-table.h"
#include "sight-held-table.h"
#include "sight-pull.h"
#include "sight-query.h"
#include "sight-scope.h"
#include "sight-session-table.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define PRUNED_AT_ONCE 200
/* Visitors' clocks go wrong by less, mostly: the slice asks when a session began there, the collector knows when it
 * came. */
#define DAY_MS (G_GINT64_CONSTANT(24) * 3600 * 1000)

typedef struct {
  gint64 endpoint, but_row, now_ms;
  const SightFilter *filter;
  GArray *wanted;    /* of gint64: rows */
  gint64 held_bytes; /* of all that are here */
  guint n_held;
  gint64 newest_ms; /* of these, when the round began; 0: there were none */
  gint64 fetched_bytes;
  GArray *held;
  guint n_dropped;
} Slice;

static gboolean list_held(SightDb *db, Slice *slice, GError **error) {
  slice->held = sight_held_table_list(db, slice->endpoint, error);
  for (guint i = 0; slice->held != NULL && i < slice->held->len; i++) {
    const SightHeld *held = &g_array_index(slice->held, SightHeld, i);
    slice->n_held++;
    slice->held_bytes += held->bytes;
    slice->newest_ms = MAX(slice->newest_ms, held->received_ms);
  }
  return slice->held != NULL;
}

/* Told of, and matched by the slice; the newest first. */
static gboolean list_wanted(SightDb *db, gpointer user_data, GError **error) {
  Slice *slice = user_data;
  g_autoptr(SightQuery) query = sight_query_new(db, slice->filter, slice->now_ms, error);
  g_autoptr(SightSet) matching = query != NULL ? sight_query_sessions(query, error) : NULL;
  g_autoptr(GArray) told = matching != NULL ? sight_held_table_told(db, slice->endpoint, error) : NULL;
  if (told == NULL || !list_held(db, slice, error))
    return FALSE;
  slice->wanted = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < told->len; i++) {
    gint64 row = g_array_index(told, gint64, i);
    if (sight_set_contains(matching, row))
      g_array_append_val(slice->wanted, row);
  }
  return TRUE;
}

/* A session at hand, as a change of which all is wanted. */
typedef struct {
  gint64 row, endpoint, bytes, received_ms;
  SightChange change;
  gboolean here;
} Fetching;

static gboolean look_up(SightDb *db, gpointer user_data, GError **error) {
  Fetching *fetching = user_data;
  g_autoptr(SightSession) session = sight_session_table_get(db, fetching->row, error);
  if (session == NULL || !sight_digest_table_is_here(db, fetching->row, &fetching->here, error))
    return FALSE;
  fetching->endpoint = session->endpoint;
  fetching->received_ms = session->received_ms;
  fetching->change.session = g_strdup(session->session);
  fetching->change.last_arrival = sight_digest_table_arrival(db, fetching->row, error);
  return fetching->change.last_arrival >= 0;
}

/* Nobody opened it yet: so the oldest go first. */
static gboolean note_fetched(SightDb *db, gpointer user_data, GError **error) {
  Fetching *fetching = user_data;
  fetching->bytes = sight_held_table_bytes(db, fetching->row, error);
  return fetching->bytes >= 0 && sight_held_table_use(db, fetching->row, fetching->received_ms, error);
}

static gboolean use(SightDb *db, gpointer user_data, GError **error) {
  const Fetching *fetching = user_data;
  return sight_held_table_use(db, fetching->row, g_get_real_time() / 1000, error);
}

/* What is newer than all that was here pushes others out, what is older does not. */
static gboolean has_room(const SightRound *round, const Slice *slice, gint64 received_ms) {
  gint64 budget = round->endpoint->budget;
  gint64 one = slice->n_held > 0 ? slice->held_bytes / slice->n_held : 0;
  return budget <= 0 || slice->held_bytes + one < budget ||
         (slice->fetched_bytes < budget && slice->newest_ms > 0 && received_ms > slice->newest_ms);
}

static gboolean fetch_wanted(SightRound *round, Slice *slice, GError **error) {
  round->total->n_sessions_total += slice->wanted->len;
  for (guint i = 0; i < slice->wanted->len; i++) {
    Fetching fetching = {.row = g_array_index(slice->wanted, gint64, i)};
    if (!sight_store_read(round->store, look_up, &fetching, error))
      return FALSE;
    g_autofree char *session = fetching.change.session;
    /* They come from the newest down: none of those that are left has room. */
    if (!has_room(round, slice, fetching.received_ms))
      return TRUE;
    if (!sight_round_take(round, &fetching.change, error) ||
        !sight_store_write(round->store, SIGHT_WRITE_NORMAL, note_fetched, &fetching, error))
      return FALSE;
    slice->n_held++;
    slice->held_bytes += fetching.bytes;
    slice->fetched_bytes += fetching.bytes;
  }
  return TRUE;
}

typedef struct {
  gint64 endpoint, before_ms;
  int n;
} Past;

static gboolean prune_some(SightDb *db, gpointer user_data, GError **error) {
  Past *past = user_data;
  past->n = sight_held_table_prune(db, past->endpoint, past->before_ms, PRUNED_AT_ONCE, error);
  return past->n >= 0;
}

/* What was told of sessions from before the slice's time: who asks for an earlier time is told anew. */
static gboolean prune(SightRound *round, gint64 before_ms, GError **error) {
  Past past = {.endpoint = round->endpoint->row, .before_ms = before_ms, .n = PRUNED_AT_ONCE};
  while (past.n == PRUNED_AT_ONCE) {
    if (g_cancellable_set_error_if_cancelled(round->cancellable, error) ||
        !sight_store_write(round->store, SIGHT_WRITE_NORMAL, prune_some, &past, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean pull(SightRound *round, GError **error) {
  g_autoptr(SightFilter) filter = sight_filter_parse(round->endpoint->scope, NULL, error);
  if (filter == NULL)
    return FALSE;
  Slice slice = {.endpoint = round->endpoint->row, .filter = filter, .now_ms = g_get_real_time() / 1000};
  gint64 since_ms = sight_scope_from_ms(filter, slice.now_ms, 0) - DAY_MS;
  if (!sight_pull_digests(round, since_ms, error) || !sight_store_read(round->store, list_wanted, &slice, error))
    return FALSE;
  g_autoptr(GArray) wanted = slice.wanted;
  g_autoptr(GArray) held = slice.held;
  return fetch_wanted(round, &slice, error) && sight_round_retry_aside(round, error) && prune(round, since_ms, error) &&
         sight_slice_keep_budget(round->store, slice.endpoint, 0, NULL, error);
}

static gboolean run(SightRound *round, GError **error) {
  return sight_sync_round(round, pull, error);
}

static const SightRoundKind slice_kind = {sight_sync_connect, run, sight_pull_change, sight_sync_answers};

gboolean sight_slice_run(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                         SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  return sight_round_run(store, endpoint, &slice_kind, progress, user_data, total, cancellable, error);
}

/* Keeping the budget */

static gboolean drop(SightDb *db, gpointer user_data, GError **error) {
  Slice *slice = user_data;
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_get(db, slice->endpoint, error);
  if (endpoint == NULL || endpoint->budget <= 0)
    return endpoint != NULL;
  if (!list_held(db, slice, error))
    return FALSE;
  g_autoptr(GArray) list = g_steal_pointer(&slice->held);
  for (guint i = 0; i < list->len && slice->held_bytes > endpoint->budget; i++) {
    const SightHeld *held = &g_array_index(list, SightHeld, i);
    if (held->stays || held->row == slice->but_row)
      continue;
    if (!sight_held_table_drop(db, held->row, error))
      return FALSE;
    slice->held_bytes -= held->bytes;
    slice->n_dropped++;
  }
  return TRUE;
}

gboolean sight_slice_keep_budget(SightStore *store, gint64 endpoint, gint64 but_row, guint *n_dropped, GError **error) {
  Slice slice = {.endpoint = endpoint, .but_row = but_row};
  gboolean done = sight_store_write(store, SIGHT_WRITE_NORMAL, drop, &slice, error);
  if (n_dropped != NULL)
    *n_dropped = slice.n_dropped;
  return done;
}

/* Fetching what is opened */

static gboolean settle(SightDb *db, gpointer user_data, GError **error) {
  Fetching *fetching = user_data;
  if (!sight_digest_table_is_here(db, fetching->row, &fetching->here, error))
    return FALSE;
  /* Nothing came: it is asked for anew the next time. */
  return fetching->here ? use(db, fetching, error) : sight_held_table_drop(db, fetching->row, error);
}

static gboolean fetch(SightRound *round, Fetching *fetching, GError **error) {
  if (!sight_pull_change(round, &fetching->change, error) ||
      !sight_store_write(round->store, SIGHT_WRITE_NORMAL, settle, fetching, error))
    return FALSE;
  if (fetching->here && round->total->n_erased == 0)
    return TRUE;
  g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("%s has no recording of “%s” any more."),
              round->endpoint->name, fetching->change.session);
  return FALSE;
}

gboolean sight_slice_fetch(SightStore *store, gint64 session_row, GCancellable *cancellable, GError **error) {
  Fetching fetching = {.row = session_row};
  if (!sight_store_read(store, look_up, &fetching, error))
    return FALSE;
  g_autofree char *session = fetching.change.session;
  /* A cache that is only read says so elsewhere. */
  if (fetching.here)
    return sight_store_why_reading(store) != NULL ||
           sight_store_write(store, SIGHT_WRITE_NORMAL, use, &fetching, error);
  g_autoptr(SightEndpoint) endpoint = sight_round_find_endpoint(store, fetching.endpoint, error);
  g_autoptr(SightHttp) http = endpoint != NULL ? sight_round_connect(store, &slice_kind, endpoint, error) : NULL;
  if (http == NULL)
    return FALSE;
  sight_http_be_brief(http);
  SightSyncProgress total = {0};
  SightRound round = {.kind = &slice_kind,
                      .store = store,
                      .endpoint = endpoint,
                      .http = http,
                      .total = &total,
                      .cancellable = cancellable};
  return fetch(&round, &fetching, error) && sight_slice_keep_budget(store, fetching.endpoint, session_row, NULL, error);
}

/* Analysing for others */

gboolean sight_slice_bring(SightStore *store, gint64 row, int version, guint *n_brought, GCancellable *cancellable,
                           GError **error) {
  SightSyncProgress total = {0};
  g_autoptr(SightEndpoint) endpoint = sight_round_find_endpoint(store, row, error);
  g_autoptr(SightHttp) http = endpoint != NULL ? sight_round_connect(store, &slice_kind, endpoint, error) : NULL;
  if (http == NULL)
    return FALSE;
  SightRound round = {.kind = &slice_kind,
                      .store = store,
                      .endpoint = endpoint,
                      .http = http,
                      .total = &total,
                      .cancellable = cancellable};
  gboolean done = sight_push_digests(&round, version, error);
  if (n_brought != NULL)
    *n_brought = total.n_pushed;
  return done;
}

/* Telling */

gboolean sight_slice_is_part(SightDb *db, gint64 row, gint64 *n_here, gint64 *n_there) {
  g_autoptr(GPtrArray) endpoints = sight_endpoint_table_list(db, NULL);
  *n_here = *n_there = 0;
  for (guint i = 0; endpoints != NULL && i < endpoints->len; i++) {
    const SightEndpoint *endpoint = endpoints->pdata[i];
    if (row != 0 && endpoint->row != row)
      continue;
    *n_here += endpoint->n_sessions;
    *n_there += endpoint->scope != NULL ? MAX(endpoint->n_sessions, endpoint->n_there) : endpoint->n_sessions;
  }
  return *n_there > *n_here;
}

char *sight_slice_describe(SightDb *db, gint64 row, gint64 n) {
  gint64 n_here = 0, n_there = 0;
  if (!sight_slice_is_part(db, row, &n_here, &n_there))
    return NULL;
  /* Translators: numbers of sessions that match, that are known on this computer, and that there are. */
  return g_strdup_printf(_("%'" PRId64 " of %'" PRId64 " here; %'" PRId64 " at the endpoint"), n, n_here, n_there);
}
