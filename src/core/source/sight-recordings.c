/* SPDX-License-Identifier: MIT */
/* A round with another product: list, decide, fetch what is new, and find what is gone.
 *
 * What is remembered of an endpoint between rounds is {"listed_ms","full_ms","scope","pace"} in its cursor: when the
 * last complete listing began, and the last one that went back all the way, of what scope; and what was used and
 * learned of the budget of requests, which is the token's, whoever asks and for what. Between full ones only the newest
 * are listed, as far back as recordings can still grow. Of each session the version of its last listing is remembered
 * as what is followed. */
#include "sight-recordings.h"

#include "sight-change-table.h"
#include "sight-hash.h"
#include "sight-json-scan.h"
#include "sight-session-table.h"
#include "sight-source.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HOUR_MS ((gint64)3600 * 1000)
#define DAY_MS (24 * HOUR_MS)
/* Where the endpoint's scope says nothing of time. */
#define RANGE_MS (14 * DAY_MS)
/* A recording is complete a day after it began, by what PostHog says; some more for clocks. */
#define GROWS_MS (26 * HOUR_MS)
#define FULL_EVERY_MS DAY_MS
#define MAX_PAGES 10000
/* Pages in a row of which nothing was new: then there is no end to them. */
#define MAX_STALE_PAGES 5
/* Longer addresses and names are cut; more of all that is listed is not kept in memory. */
#define MAX_URL_BYTES 4096
#define MAX_USER_BYTES 1024
#define MAX_LISTED_BYTES ((gsize)256 * 1024 * 1024)
/* Of an answer that is read as a whole. */
#define MAX_VALUES ((guint64)8 * 1024 * 1024)
/* Sessions that are asked for because they are not listed any more; the next full round goes on. */
#define MAX_GONE_QUESTIONS 200
#define TAKE_ATTEMPTS 4
/* Before anything was measured, so much counts what is thought to be needed for a recording. */
#define PRIOR_RECORDINGS 5.0

guint sight_recordings_widened = 1;

static void listed_free(gpointer data) {
  SightListed *listed = data;
  g_free(listed->id);
  g_free(listed->url);
  g_free(listed->user);
  g_free(listed);
}

static gboolean not_ours(GError **error, const char *what) {
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("The answer makes no sense: %s."), what);
  return FALSE;
}

static gint64 clock_ms(void) {
  return g_get_monotonic_time() / 1000;
}

gint64 sight_recordings_time_ms(SightJson tainted_time) {
  const char *text = sight_json_string(tainted_time, NULL);
  if (text == NULL) {
    double number = sight_json_double(tainted_time, 0);
    /* Seconds reach this in the year 2286. */
    return (gint64)CLAMP(number > 9999999999.0 ? number : number * 1000, 0, (double)SIGHT_LISTED_MAX_MS);
  }
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(text, utc);
  return date != NULL ? g_date_time_to_unix(date) * 1000 + g_date_time_get_microsecond(date) / 1000 : 0;
}

gint64 sight_recordings_number(SightJson tainted_number) {
  const char *text = sight_json_string(tainted_number, NULL);
  return text != NULL ? g_ascii_strtoll(text, NULL, 10) : sight_json_int(tainted_number, 0);
}

char *sight_recordings_time_text(gint64 time_ms) {
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(CLAMP(time_ms, 0, SIGHT_LISTED_MAX_MS) / 1000);
  return g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ");
}

/* Addresses */

char **sight_address_steps(const char *url) {
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
  const char *path = uri != NULL ? g_uri_get_path(uri) : "";
  return g_strsplit(path[0] == '/' ? path + 1 : path, "/", -1);
}

char *sight_address_host(const char *url) {
  g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
  return g_uri_join(G_URI_FLAGS_NONE, g_uri_get_scheme(uri), NULL, g_uri_get_host(uri), g_uri_get_port(uri), "", NULL,
                    NULL);
}

/* Asking */

guint sight_pull_get(SightPull *pull, SightAsks what, const char *path, gsize max_bytes, const char *header,
                     GString *answer, char **tainted_header, GError **error) {
  const SightHttpRequest request = {.method = "GET", .path = path, .max_bytes = max_bytes, .header = header};
  pull->waited_ms += sight_pace_wait_ms(pull->pace, clock_ms());
  pull->so_far.n_requests += what == SIGHT_ASKS_CONTENT ? 1 : 0;
  return sight_http_request(pull->round->http, &request, answer, tainted_header, pull->round->cancellable, error);
}

/* Parsed, each value takes up to 24 bytes, however short its text is. */
static gboolean parse(const GString *tainted_answer, SightJsonParser *parser, SightJson *root, GError **error) {
  if (sight_json_has_more_values(tainted_answer->str, tainted_answer->len, MAX_VALUES))
    return not_ours(error, _("too many values"));
  return sight_json_parser_parse(parser, tainted_answer->str, tainted_answer->len, root, NULL) ||
         not_ours(error, _("no JSON"));
}

guint sight_pull_get_json(SightPull *pull, SightAsks what, const char *path, SightJsonParser *parser, SightJson *root,
                          GError **error) {
  g_autoptr(GString) answer = g_string_new(NULL);
  gsize max_bytes = what == SIGHT_ASKS_CONTENT ? sight_take_max_bytes : SIGHT_PULL_LISTING_BYTES;
  guint status = sight_pull_get(pull, what, path, max_bytes, NULL, answer, NULL, error);
  return status != 200 || parse(answer, parser, root, error) ? status : 0;
}

guint sight_pull_ask_beside(SightPull *pull, const char *path, GBytes *json, SightJsonParser *parser, SightJson *root,
                            GError **error) {
  g_autoptr(GString) answer = g_string_new(NULL);
  const SightHttpRequest request = {.method = json != NULL ? "POST" : "GET",
                                    .path = path,
                                    .json = json,
                                    .max_bytes = SIGHT_PULL_LISTING_BYTES,
                                    .any_refusal = TRUE};
  pull->waited_ms += sight_pace_wait_ms(pull->pace, clock_ms());
  pull->so_far.n_requests++;
  guint status = sight_http_request(pull->round->http, &request, answer, NULL, pull->round->cancellable, error);
  return status != 200 || parse(answer, parser, root, error) ? status : 0;
}

guint sight_pull_take(SightPull *pull, const char *path, SightTake *take, const char *header, char **tainted_header,
                      GError **error) {
  for (guint attempt = 0;; attempt++) {
    g_autoptr(GString) answer = g_string_new(NULL);
    g_autoptr(GError) failure = NULL;
    g_autofree char *got = NULL;
    if (!sight_http_back_off(attempt, pull->round->cancellable, error))
      return 0;
    guint status = sight_pull_get(pull, SIGHT_ASKS_CONTENT, path, sight_take_max_bytes, header, answer, &got, error);
    if (status != 200)
      return status;
    g_autoptr(GBytes) content = g_string_free_to_bytes(g_steal_pointer(&answer));
    if (sight_take_content(take, content, &failure)) {
      if (tainted_header != NULL)
        *tainted_header = g_steal_pointer(&got);
      return status;
    }
    if (!g_error_matches(failure, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE) || attempt + 1 == TAKE_ATTEMPTS) {
      g_propagate_error(error, g_steal_pointer(&failure));
      return 0;
    }
  }
}

/* Listing */

static char *cut(const char *tainted_text, gsize max_bytes) {
  return tainted_text != NULL ? g_utf8_make_valid(tainted_text, (gssize)strnlen(tainted_text, max_bytes)) : NULL;
}

void sight_pull_add(SightPull *pull, const SightListed *listed) {
  if (pull->is_trial)
    return;
  if (listed->id == NULL || !sight_id_is_valid(listed->id)) {
    pull->n_bad_ids++;
    return;
  }
  SightListed *known = g_hash_table_lookup(pull->listed, listed->id);
  if (known != NULL && known->version >= MAX(listed->version, 1))
    return;
  SightListed *copy = g_memdup2(listed, sizeof *listed);
  copy->id = g_strdup(listed->id);
  copy->url = cut(listed->url, MAX_URL_BYTES);
  copy->user = cut(listed->user, MAX_USER_BYTES);
  copy->version = MAX(listed->version, 1);
  copy->started_ms = CLAMP(listed->started_ms, 0, SIGHT_LISTED_MAX_MS);
  copy->ended_ms = CLAMP(listed->ended_ms, 0, SIGHT_LISTED_MAX_MS);
  pull->listed_bytes += sizeof *copy + strlen(copy->id) + (copy->url != NULL ? strlen(copy->url) : 0) +
                        (copy->user != NULL ? strlen(copy->user) : 0);
  if (known == NULL)
    g_ptr_array_add(pull->order, g_strdup(listed->id));
  g_hash_table_replace(pull->listed, copy->id, copy);
}

static gboolean list_all(SightPull *pull, gint64 from_ms, GError **error) {
  g_autofree char *page = NULL;
  guint n_stale = 0;
  for (guint n_pages = 0; n_pages < MAX_PAGES; n_pages++) {
    g_autofree char *next = NULL;
    guint before = pull->order->len;
    if (g_cancellable_set_error_if_cancelled(pull->round->cancellable, error) ||
        !pull->recordings->list(pull, from_ms, page, &next, error))
      return FALSE;
    pull->round->total->n_sessions_total = pull->order->len;
    sight_round_tell(pull->round);
    if (next == NULL)
      return TRUE;
    n_stale = pull->order->len == before ? n_stale + 1 : 0;
    if (n_stale == MAX_STALE_PAGES || pull->listed_bytes > MAX_LISTED_BYTES)
      return not_ours(error, _("a listing without end"));
    g_free(page);
    page = g_steal_pointer(&next);
  }
  return not_ours(error, _("a listing without end"));
}

/* Memory between rounds */

typedef struct {
  gint64 listed_ms, full_ms;
} Memory;

static Memory read_memory(const SightEndpoint *endpoint, SightPace *pace) {
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  SightJson root = {0};
  if (endpoint->cursor == NULL ||
      !sight_json_parser_parse(parser, endpoint->cursor, strlen(endpoint->cursor), &root, NULL))
    return (Memory){0};
  sight_pace_read(pace, sight_json_get(root, "pace"), clock_ms(), g_get_real_time() / 1000);
  /* The scope may have been changed while a round was under way. */
  const char *scope = sight_json_string(sight_json_get(root, "scope"), NULL);
  if (g_strcmp0(scope, endpoint->scope) != 0)
    return (Memory){0};
  return (Memory){.listed_ms = sight_json_int(sight_json_get(root, "listed_ms"), 0),
                  .full_ms = sight_json_int(sight_json_get(root, "full_ms"), 0)};
}

/* It is kept with the end of the round. */
static void write_memory(SightEndpoint *endpoint, const Memory *memory, const SightPace *pace) {
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter w = {.out = text};
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "listed_ms", memory->listed_ms);
  sight_json_member_int(&w, "full_ms", memory->full_ms);
  sight_json_member_string(&w, "scope", endpoint->scope);
  sight_json_key(&w, "pace");
  sight_pace_write(pace, clock_ms(), g_get_real_time() / 1000, &w);
  sight_json_end_object(&w);
  g_free(endpoint->cursor);
  endpoint->cursor = g_strdup(text->str);
}

/* Taking */

gint64 sight_recordings_forecast_ms(const SightForecast *so_far, const SightPace *pace, gint64 now_ms, guint n_left) {
  double each =
      ((double)so_far->n_requests + PRIOR_RECORDINGS * so_far->requests_each) / (so_far->n_taken + PRIOR_RECORDINGS);
  gint64 each_ms = so_far->n_requests > 0 ? so_far->busy_ms / (gint64)so_far->n_requests : 0;
  return sight_pace_forecast_ms(pace, now_ms, (guint64)(n_left * each + 0.5), each_ms);
}

static void forecast(SightPull *pull, guint n_left) {
  pull->so_far.busy_ms = MAX(clock_ms() - pull->began_ms - pull->waited_ms, 0);
  pull->round->total->left_ms = sight_recordings_forecast_ms(&pull->so_far, pull->pace, clock_ms(), n_left);
}

static gboolean answers(SightRound *round) {
  g_autofree char *next = NULL;
  SightPull *pull = round->own;
  pull->is_trial = TRUE;
  gboolean answered = pull->recordings->list(pull, g_get_real_time() / 1000, NULL, &next, NULL);
  pull->is_trial = FALSE;
  return answered;
}

/* A token that is refused for one recording alone is that recording's affair. */
static gboolean fetch(SightPull *pull, const SightListed *listed, SightTake *take, gboolean *gone, GError **error) {
  g_autoptr(GError) failure = NULL;
  if (pull->recordings->fetch(pull, listed, take, gone, &failure))
    return TRUE;
  if (g_error_matches(failure, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED) && answers(pull->round))
    failure->code = SIGHT_SYNC_ERROR_PROTOCOL;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

static gboolean take_recording(SightRound *round, const SightChange *change, GError **error) {
  SightPull *pull = round->own;
  const SightListed unlisted = {.id = change->session, .version = change->last_arrival};
  const SightListed *known = g_hash_table_lookup(pull->listed, change->session);
  const SightListed *listed = known != NULL ? known : &unlisted;
  g_autoptr(SightTake) take = sight_take_new();
  gboolean gone = FALSE;
  pull->so_far.n_taken++;
  if (!fetch(pull, listed, take, &gone, error))
    return FALSE;
  if (gone)
    return sight_round_erase(round, change->session, error);
  if (listed->user != NULL)
    sight_take_tell(take, 0, "ss:identify", "user", listed->user, NULL);
  gint64 now_ms = g_get_real_time() / 1000;
  const SightTakeTarget target = {.endpoint = round->endpoint->row,
                                  .session = change->session,
                                  .received_ms = listed->ended_ms > 0 ? MIN(listed->ended_ms, now_ms) : now_ms,
                                  /* Nothing yet: asked for again. */
                                  .followed = sight_take_n_events(take) > 0 ? listed->version : 0};
  return sight_take_store(take, round->store, &target, round->total, error);
}

typedef struct {
  SightPull *pull;
  gint64 from_ms, to_ms; /* what is listed; to: now */
  GPtrArray *ids;        /* of char */
} Choice;

static gboolean choose_new(SightDb *db, gpointer user_data, GError **error) {
  Choice *choice = user_data;
  for (guint i = 0; i < choice->pull->order->len; i++) {
    const char *id = choice->pull->order->pdata[i];
    const SightListed *listed = g_hash_table_lookup(choice->pull->listed, id);
    gint64 followed = sight_change_table_get_followed(db, choice->pull->round->endpoint->row, id, error);
    gboolean erased = FALSE;
    if (followed < 0 || !sight_change_table_is_erased(db, choice->pull->round->endpoint->row, id, &erased, error))
      return FALSE;
    const SightScopeFacts facts = {.started_ms = listed->started_ms,
                                   .ended_ms = listed->ended_ms,
                                   .id = listed->id,
                                   .url = listed->url,
                                   .user = listed->user,
                                   .n_errors = listed->n_errors,
                                   .n_console = listed->n_console};
    if (followed != listed->version && !erased && sight_scope_matches(choice->pull->scope, &facts, choice->to_ms))
      g_ptr_array_add(choice->ids, g_strdup(id));
  }
  return TRUE;
}

static gboolean take_new(SightPull *pull, GError **error) {
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
  Choice choice = {.pull = pull, .ids = ids, .to_ms = g_get_real_time() / 1000};
  SightRound *round = pull->round;
  if (!sight_store_read(round->store, choose_new, &choice, error))
    return FALSE;
  round->total->n_sessions_total = ids->len;
  pull->began_ms = clock_ms();
  pull->waited_ms = 0;
  for (guint i = 0; i < ids->len; i++) {
    const SightListed *listed = g_hash_table_lookup(pull->listed, ids->pdata[i]);
    SightChange change = {.session = listed->id, .last_arrival = listed->version};
    forecast(pull, ids->len - i);
    if (i == 0)
      sight_round_tell(round);
    if (g_cancellable_set_error_if_cancelled(round->cancellable, error) || !sight_round_take(round, &change, error))
      return FALSE;
  }
  round->total->left_ms = 0;
  return TRUE;
}

/* What is gone */

static gboolean choose_unlisted(SightDb *db, gpointer user_data, GError **error) {
  Choice *choice = user_data;
  SightSessionFilter filter = {.endpoint = choice->pull->round->endpoint->row};
  g_autoptr(GArray) rows = sight_session_table_list(db, &filter, SIGHT_SORT_NEWEST, error);
  for (guint i = 0; rows != NULL && i < rows->len && choice->ids->len < MAX_GONE_QUESTIONS; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    if (session == NULL)
      return FALSE;
    if (session->started_ms >= choice->from_ms && session->started_ms <= choice->to_ms &&
        !g_hash_table_contains(choice->pull->listed, session->session))
      g_ptr_array_add(choice->ids, g_strdup(session->session));
  }
  return rows != NULL;
}

/* Those that the listing should have and does not have any more, and that are not there when they are asked for. */
static gboolean erase_gone(SightPull *pull, gint64 from_ms, gint64 to_ms, GError **error) {
  g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
  Choice choice = {.pull = pull, .from_ms = from_ms + HOUR_MS, .to_ms = to_ms - HOUR_MS, .ids = ids};
  if (!sight_store_read(pull->round->store, choose_unlisted, &choice, error))
    return FALSE;
  for (guint i = 0; i < ids->len; i++) {
    gboolean gone = FALSE;
    if (!pull->recordings->is_gone(pull, ids->pdata[i], &gone, error) ||
        (gone && !sight_round_erase(pull->round, ids->pdata[i], error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean run_with(SightPull *pull, Memory *memory, GError **error) {
  SightRound *round = pull->round;
  gint64 now_ms = g_get_real_time() / 1000;
  g_autoptr(GError) failure = NULL;
  g_autoptr(SightFilter) scope =
      sight_scope_parse(round->endpoint->scope, sight_source_kind(round->endpoint->kind)->tells, &failure);
  if (scope == NULL) {
    g_set_error_literal(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_SETTING, failure->message);
    return FALSE;
  }
  pull->scope = scope;
  gint64 all_ms = sight_scope_from_ms(scope, now_ms, now_ms - RANGE_MS);
  gboolean full = now_ms - memory->full_ms >= FULL_EVERY_MS;
  gint64 from_ms = full ? all_ms : MAX(all_ms, memory->listed_ms - GROWS_MS);
  if (!list_all(pull, from_ms, error) || !take_new(pull, error) || !erase_gone(pull, from_ms, now_ms, error) ||
      !sight_round_retry_aside(round, error))
    return FALSE;
  memory->listed_ms = now_ms;
  if (full)
    memory->full_ms = now_ms;
  if (pull->n_bad_ids == 0)
    return TRUE;
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
              ngettext("%u recording has an id that cannot be kept, and was left out.",
                       "%u recordings have ids that cannot be kept, and were left out.", pull->n_bad_ids),
              pull->n_bad_ids);
  return FALSE;
}

/* The kind stands in front, so that the round hands back what belongs to it. */
typedef struct {
  SightRoundKind kind;
  const SightRecordings *recordings;
} Kind;

static SightPace *new_pace(const SightRecordings *recordings) {
  SightPaceLimit limits[G_N_ELEMENTS(recordings->limits)];
  for (guint i = 0; i < G_N_ELEMENTS(limits); i++)
    limits[i] = (SightPaceLimit){recordings->limits[i].n * sight_recordings_widened, recordings->limits[i].ms};
  return sight_pace_new(limits, G_N_ELEMENTS(limits));
}

static gboolean run(SightRound *round, GError **error) {
  const SightRecordings *recordings = ((const Kind *)round->kind)->recordings;
  g_autoptr(GHashTable) listed = g_hash_table_new_full(sight_hash_text, g_str_equal, NULL, listed_free);
  g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(SightPace) pace = new_pace(recordings);
  SightPull pull = {.so_far = {.requests_each = recordings->requests_each},
                    .recordings = recordings,
                    .round = round,
                    .listed = listed,
                    .order = order,
                    .pace = pace};
  Memory memory = read_memory(round->endpoint, pace);
  round->own = &pull;
  sight_http_set_pace(round->http, pace);
  gboolean done = run_with(&pull, &memory, error);
  write_memory(round->endpoint, &memory, pace);
  sight_http_set_pace(round->http, NULL);
  round->own = NULL;
  g_free(pull.project);
  return done;
}

gboolean sight_recordings_run(const SightRecordings *recordings, SightStore *store, gint64 endpoint,
                              SightSyncProgressFunc progress, gpointer user_data, SightSyncProgress *total,
                              GCancellable *cancellable, GError **error) {
  const Kind kind = {.kind = {recordings->connect, run, take_recording, answers}, .recordings = recordings};
  return sight_round_run(store, endpoint, &kind.kind, progress, user_data, total, cancellable, error);
}
