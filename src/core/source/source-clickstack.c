/* SPDX-License-Identifier: MIT */
/* ClickStack (HyperDX): rrweb events as rows of the table hyperdx_sessions in ClickHouse, over its HTTP interface; and
 * of the spans in otel_traces those that tell of console, errors and requests (packages/app/src/SessionSubpanel.tsx).
 * Asked by GET, which ClickHouse takes as read-only whatever the user may do otherwise.
 *
 * A row is an event, or a chunk of one: chunks are counted from 1 and belong to the event with the same time and
 * number. Facts: docker/otel-collector/schema/seed/00004_hyperdx_sessions.sql and packages/app/src/sessions.ts in the
 * repository of HyperDX (2026). Answers come as one JSON document, so that one that is cut off is none. */
#include "sight-event.h"
#include "sight-hash.h"
#include "sight-recordings.h"
#include "sight-source-private.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ADDRESS "https://clickhouse.example.com:8443/default"
#define PAGE_ROWS 1000
#define MAX_CHUNKS 100000
#define DAY_MS ((gint64)24 * 3600 * 1000)

#define SESSION "ResourceAttributes['rum.sessionId']"
/* A day more than is asked for: what began before that is counted from its beginning. */
#define LIST                                                                                                           \
  "SELECT " SESSION " AS id, toUnixTimestamp64Milli(min(Timestamp)) AS started, "                                      \
  "toUnixTimestamp64Milli(max(Timestamp)) AS ended, count() AS version FROM hyperdx_sessions "                         \
  "WHERE Timestamp >= fromUnixTimestamp64Milli({before:Int64}) AND id != '' GROUP BY id "                              \
  "HAVING ended >= {from:Int64} ORDER BY started DESC, id LIMIT {rows:UInt64} OFFSET {offset:UInt64}"
#define FETCH                                                                                                          \
  "SELECT Body AS body, toUnixTimestamp64Nano(Timestamp) AS time, LogAttributes['rr-web.event'] AS event, "            \
  "LogAttributes['rr-web.chunk'] AS chunk, LogAttributes['rr-web.total-chunks'] AS chunks FROM hyperdx_sessions "      \
  "WHERE " SESSION " = {id:String} ORDER BY Timestamp"
/* What the browser's SDK tells beside the events, as spans: console, errors, requests that failed. */
#define BESIDE                                                                                                         \
  "SELECT toUnixTimestamp64Milli(Timestamp) AS time, intDiv(Duration, 1000000) AS length, SpanName AS name, "          \
  "StatusCode AS state, SpanAttributes['component'] AS component, SpanAttributes['message'] AS message, "              \
  "SpanAttributes['error.message'] AS error, SpanAttributes['error.stack'] AS stack, "                                 \
  "SpanAttributes['http.method'] AS method, SpanAttributes['http.url'] AS url, "                                       \
  "SpanAttributes['http.status_code'] AS status FROM otel_traces WHERE " SESSION " = {id:String} "                     \
  "AND Timestamp >= fromUnixTimestamp64Milli({from:Int64}) AND Timestamp <= fromUnixTimestamp64Milli({to:Int64}) "     \
  "AND (component IN ('console', 'error') OR toUInt16OrZero(status) >= 400) ORDER BY Timestamp LIMIT 5000"
#define COUNT "SELECT count() AS n FROM hyperdx_sessions WHERE " SESSION " = {id:String}"
#define TRY "SELECT count() AS n FROM hyperdx_sessions WHERE TimestampTime > now() - 60"

static char *normalize(const char *tainted_url, GError **error) {
  g_autofree char *url = sight_http_normalize_url(tainted_url, NULL);
  g_auto(GStrv) steps = sight_address_steps(url != NULL ? url : "");
  if (g_strv_length(steps) == 1 && sight_id_is_valid(steps[0]))
    return g_steal_pointer(&url);
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
              _("“%s” is no address of a database in ClickHouse; it looks like %s"), tainted_url, ADDRESS);
  return NULL;
}

static SightHttp *connect_to(const char *url, const char *token, GError **error) {
  g_autofree char *host = sight_address_host(url);
  SightHttp *http = sight_http_new(host, NULL, error);
  if (http != NULL)
    sight_http_use_basic(http, token);
  return http;
}

static SightHttp *connect(const SightEndpoint *endpoint, const char *token, GError **error) {
  return connect_to(endpoint->url, token, error);
}

static char *path_of(const char *url, const char *sql, const char *parameters) {
  g_auto(GStrv) steps = sight_address_steps(url);
  g_autofree char *query = g_uri_escape_string(sql, NULL, FALSE);
  return g_strdup_printf("/?database=%s&default_format=JSON&wait_end_of_query=1&query=%s%s", steps[0], query,
                         parameters);
}

static void explain(guint status, const char *url, const GString *answer, GError **error) {
  g_auto(GStrv) steps = sight_address_steps(url);
  g_autofree char *host = sight_address_host(url);
  g_autofree char *reason = sight_http_reason(answer);
  gboolean denied = strstr(reason, "ACCESS_DENIED") != NULL || strstr(reason, "Not enough privileges") != NULL;
  gboolean unknown = strstr(reason, "UNKNOWN_TABLE") != NULL || strstr(reason, "UNKNOWN_DATABASE") != NULL;
  SightSyncError code = denied || status == 401 || status == 403 ? SIGHT_SYNC_ERROR_REFUSED : SIGHT_SYNC_ERROR_PROTOCOL;
  if (denied)
    g_set_error(error, SIGHT_SYNC_ERROR, code, _("The user may not read; grant it SELECT on %s.hyperdx_sessions (%s)."),
                steps[0], reason);
  else if (unknown)
    g_set_error(error, SIGHT_SYNC_ERROR, code,
                _("There is no table hyperdx_sessions in the database %s: is it another one? (%s)"), steps[0], reason);
  else if (code == SIGHT_SYNC_ERROR_REFUSED)
    g_set_error(error, SIGHT_SYNC_ERROR, code,
                _("%s does not know this user and password (%s). The token is USER:PASSWORD."), host, reason);
  else
    g_set_error(error, SIGHT_SYNC_ERROR, code, _("%s does not answer like ClickHouse (%u): %s"), host, status, reason);
}

static gboolean check(const char *url, const char *token, char **name, GCancellable *cancellable, GError **error) {
  g_autoptr(SightHttp) http = connect_to(url, token, error);
  if (http == NULL)
    return FALSE;
  sight_http_be_brief(http);
  g_autofree char *path = path_of(url, TRY, "");
  const SightHttpRequest request = {.method = "GET", .path = path, .max_bytes = 1024 * 1024, .any_refusal = TRUE};
  g_autoptr(GString) answer = g_string_new(NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson root = {0};
  guint status = sight_http_request(http, &request, answer, NULL, cancellable, error);
  if (status == 0)
    return FALSE;
  if (status != 200 || !sight_json_parser_parse(parser, answer->str, answer->len, &root, NULL) ||
      sight_json_type(sight_json_get(root, "data")) != SIGHT_JSON_ARRAY) {
    explain(status, url, answer, error);
    return FALSE;
  }
  g_auto(GStrv) steps = sight_address_steps(url);
  if (name != NULL)
    *name = g_strdup_printf("ClickStack %s", steps[0]);
  return TRUE;
}

/* The rows of an answer. FALSE with error. */
static gboolean ask(SightPull *pull, SightAsks what, const char *sql, const char *parameters, SightJsonParser *parser,
                    SightJson *rows, GError **error) {
  g_autofree char *path = path_of(pull->round->endpoint->url, sql, parameters);
  SightJson root = {0};
  guint status = sight_pull_get_json(pull, what, path, parser, &root, error);
  if (status == 0)
    return FALSE;
  *rows = sight_json_get(root, "data");
  if (status == 200 && sight_json_type(*rows) == SIGHT_JSON_ARRAY)
    return TRUE;
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("ClickHouse's answer has no rows (%u)."), status);
  return FALSE;
}

static gboolean list(SightPull *pull, gint64 from_ms, const char *page, char **next, GError **error) {
  gint64 offset = page != NULL ? g_ascii_strtoll(page, NULL, 10) : 0;
  g_autofree char *parameters = g_strdup_printf("&param_before=%" G_GINT64_FORMAT "&param_from=%" G_GINT64_FORMAT
                                                "&param_rows=%d&param_offset=%" G_GINT64_FORMAT,
                                                from_ms - DAY_MS, from_ms, PAGE_ROWS, offset);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson rows = {0};
  if (!ask(pull, SIGHT_ASKS_LISTING, LIST, parameters, parser, &rows, error))
    return FALSE;
  for (SightJsonIter it = sight_json_iter(rows); sight_json_next(&it);) {
    const SightListed listed = {.id = (char *)sight_json_string(sight_json_get(it.value, "id"), NULL),
                                .version = sight_recordings_number(sight_json_get(it.value, "version")),
                                .started_ms = sight_recordings_number(sight_json_get(it.value, "started")),
                                .ended_ms = sight_recordings_number(sight_json_get(it.value, "ended"))};
    sight_pull_add(pull, &listed);
  }
  /* Rows that come twice are one of those that the offset counts: pages overlap rather than miss one. */
  gsize n = sight_json_length(rows);
  if (n >= PAGE_ROWS)
    *next = g_strdup_printf("%" G_GINT64_FORMAT, offset + PAGE_ROWS / 2);
  return TRUE;
}

typedef struct {
  gint64 number; /* from 1 */
  const char *text;
} Chunk;

/* Those of one event that came. How many there are is what anybody said who may post: no room is made for that. */
typedef struct {
  gint64 n_all;
  GArray *parts; /* of Chunk */
} Chunks;

static void chunks_free(gpointer data) {
  Chunks *chunks = data;
  g_array_unref(chunks->parts);
  g_free(chunks);
}

static void add_chunk(GHashTable *events, SightJson row, gint64 chunk, gint64 n_chunks) {
  const char *event = sight_json_string(sight_json_get(row, "event"), NULL);
  g_autofree char *key =
      g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s",
                      sight_recordings_number(sight_json_get(row, "time")), n_chunks, event != NULL ? event : "");
  Chunks *chunks = g_hash_table_lookup(events, key);
  if (chunks == NULL) {
    chunks = g_new0(Chunks, 1);
    chunks->n_all = n_chunks;
    chunks->parts = g_array_new(FALSE, FALSE, sizeof(Chunk));
    g_hash_table_insert(events, g_steal_pointer(&key), chunks);
  }
  const Chunk part = {.number = chunk, .text = sight_json_string(sight_json_get(row, "body"), NULL)};
  g_array_append_val(chunks->parts, part);
}

static int by_chunk(gconstpointer a, gconstpointer b) {
  gint64 first = ((const Chunk *)a)->number, second = ((const Chunk *)b)->number;
  return first < second ? -1 : first > second;
}

/* FALSE where one is missing. A chunk that comes twice counts once. */
static gboolean join(const Chunks *chunks, GString *out) {
  gint64 next = 1;
  g_array_sort(chunks->parts, by_chunk);
  for (guint i = 0; i < chunks->parts->len; i++) {
    const Chunk *part = &g_array_index(chunks->parts, Chunk, i);
    if (part->number > next)
      return FALSE;
    if (part->number == next) {
      g_string_append(out, part->text);
      next++;
    }
  }
  return next > chunks->n_all;
}

static void join_chunks(GHashTable *events, GString *lines, SightTake *take) {
  GHashTableIter it;
  gpointer value;
  g_hash_table_iter_init(&it, events);
  while (g_hash_table_iter_next(&it, NULL, &value)) {
    gsize before = lines->len;
    if (join(value, lines)) {
      g_string_append_c(lines, '\n');
    } else {
      g_string_truncate(lines, before);
      sight_take_note_loss(take, _("chunks of an event are missing"));
    }
  }
}

static gboolean is_gone(SightPull *pull, const char *id, gboolean *gone, GError **error) {
  g_autofree char *parameters = g_strconcat("&param_id=", id, NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson rows = {0};
  if (!ask(pull, SIGHT_ASKS_LISTING, COUNT, parameters, parser, &rows, error))
    return FALSE;
  SightJsonIter it = sight_json_iter(rows);
  *gone = sight_json_next(&it) && sight_recordings_number(sight_json_get(it.value, "n")) == 0;
  return TRUE;
}

static const char *text_of(SightJson row, const char *key) {
  const char *text = sight_json_string(sight_json_get(row, key), NULL);
  return text != NULL && *text != '\0' ? text : NULL;
}

static void begin_event(SightJsonWriter *w, SightEventType type, gint64 time_ms) {
  sight_json_begin_object(w);
  sight_json_member_int(w, "type", type);
  sight_json_member_int(w, "timestamp", time_ms);
  sight_json_key(w, "data");
  sight_json_begin_object(w);
}

/* As rrweb's plugin writes it: each thing that was logged is JSON in a text. */
static void write_console(SightJsonWriter *w, SightJson row, gint64 time_ms) {
  const char *name = text_of(row, "name"), *message = text_of(row, "message");
  gboolean is_named = name != NULL && g_str_has_prefix(name, "console.");
  gboolean failed = g_strcmp0(text_of(row, "state"), "Error") == 0;
  g_autoptr(GString) quoted = g_string_new(NULL);
  SightJsonWriter inner = {.out = quoted};
  sight_json_put_string(&inner, message != NULL ? message : "");
  begin_event(w, SIGHT_EVENT_PLUGIN, time_ms);
  sight_json_member_string(w, "plugin", "rrweb/console@1");
  sight_json_key(w, "payload");
  sight_json_begin_object(w);
  sight_json_member_string(w, "level", is_named ? name + strlen("console.") : failed ? "error" : "log");
  sight_json_key(w, "trace");
  sight_json_begin_array(w);
  sight_json_end_array(w);
  sight_json_key(w, "payload");
  sight_json_begin_array(w);
  sight_json_put_string(w, quoted->str);
  sight_json_end_array(w);
}

static void begin_ours(SightJsonWriter *w, const char *tag, gint64 time_ms) {
  begin_event(w, SIGHT_EVENT_CUSTOM, time_ms);
  sight_json_member_string(w, "tag", tag);
  sight_json_key(w, "payload");
  sight_json_begin_object(w);
}

static void write_error(SightJsonWriter *w, SightJson row, gint64 time_ms) {
  const char *name = text_of(row, "name"), *stack = text_of(row, "stack");
  const char *message = text_of(row, "error") != NULL ? text_of(row, "error") : text_of(row, "message");
  gboolean rejected = name != NULL && strstr(name, "unhandledrejection") != NULL;
  begin_ours(w, "ss:error", time_ms);
  sight_json_member_string(w, "message", message != NULL ? message : "");
  sight_json_member_string(w, "kind", rejected ? "rejection" : "exception");
  if (stack != NULL)
    sight_json_member_string(w, "stack", stack);
}

static void write_request(SightJsonWriter *w, SightJson row, gint64 time_ms, gint64 length_ms) {
  const char *component = text_of(row, "component"), *method = text_of(row, "method"), *url = text_of(row, "url");
  begin_ours(w, "ss:request", time_ms + length_ms);
  sight_json_member_string(w, "kind", g_strcmp0(component, "fetch") == 0 ? "fetch" : "xhr");
  sight_json_member_string(w, "method", method != NULL ? method : "GET");
  sight_json_member_string(w, "url", url != NULL ? url : "");
  sight_json_member_int(w, "status", sight_recordings_number(sight_json_get(row, "status")));
  sight_json_member_int(w, "duration_ms", length_ms);
}

static void take_span(SightTake *take, SightJson row) {
  gint64 time_ms = CLAMP(sight_recordings_number(sight_json_get(row, "time")), 0, SIGHT_LISTED_MAX_MS);
  gint64 length_ms = CLAMP(sight_recordings_number(sight_json_get(row, "length")), 0, DAY_MS);
  const char *component = text_of(row, "component");
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter w = {.out = text};
  if (text_of(row, "status") != NULL)
    write_request(&w, row, time_ms, length_ms);
  else if (g_strcmp0(component, "console") == 0)
    write_console(&w, row, time_ms);
  else if (g_strcmp0(component, "error") == 0)
    write_error(&w, row, time_ms);
  else
    return;
  for (int i = 0; i < 3; i++)
    sight_json_end_object(&w);
  sight_take_beside(take, NULL, text_of(row, "status") != NULL ? time_ms + length_ms : time_ms, text);
}

/* Who may read the events need not be allowed to read the spans, and not everybody keeps them: then there are none of
 * these, and they are not asked for again. FALSE: the recording is tried again later. */
static gboolean take_beside(SightPull *pull, const SightListed *listed, SightTake *take, GError **error) {
  if (pull->no_events || listed->started_ms == 0 || sight_take_n_events(take) == 0)
    return TRUE;
  g_autofree char *parameters =
      g_strdup_printf("&param_id=%s&param_from=%" G_GINT64_FORMAT "&param_to=%" G_GINT64_FORMAT, listed->id,
                      listed->started_ms, listed->ended_ms);
  g_autofree char *path = path_of(pull->round->endpoint->url, BESIDE, parameters);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson root = {0};
  guint status = sight_pull_ask_beside(pull, path, NULL, parser, &root, error);
  if (status == 0)
    return FALSE;
  pull->no_events = status != 200;
  for (SightJsonIter it = sight_json_iter(sight_json_get(root, "data")); status == 200 && sight_json_next(&it);)
    take_span(take, it.value);
  return TRUE;
}

static gboolean fetch(SightPull *pull, const SightListed *listed, SightTake *take, gboolean *gone, GError **error) {
  g_autofree char *parameters = g_strconcat("&param_id=", listed->id, NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(16);
  SightJson rows = {0};
  if (!ask(pull, SIGHT_ASKS_CONTENT, FETCH, parameters, parser, &rows, error))
    return FALSE;
  *gone = sight_json_length(rows) == 0;
  g_autoptr(GString) lines = g_string_new(NULL);
  g_autoptr(GHashTable) events = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, chunks_free);
  for (SightJsonIter it = sight_json_iter(rows); sight_json_next(&it);) {
    gint64 chunk = sight_recordings_number(sight_json_get(it.value, "chunk"));
    gint64 n_chunks = sight_recordings_number(sight_json_get(it.value, "chunks"));
    const char *body = sight_json_string(sight_json_get(it.value, "body"), NULL);
    if (n_chunks > 1 && n_chunks <= MAX_CHUNKS && chunk >= 1 && chunk <= n_chunks && body != NULL)
      add_chunk(events, it.value, chunk, n_chunks);
    else if (body != NULL)
      g_string_append_printf(lines, "%s\n", body);
  }
  join_chunks(events, lines, take);
  g_autoptr(GBytes) content = g_string_free_to_bytes(g_steal_pointer(&lines));
  return sight_take_content(take, content, error) && take_beside(pull, listed, take, error);
}

static gboolean run(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                    SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  /* A database of one's own has no budget; it has other work, too. */
  static const SightRecordings recordings = {.limits = {{20, 1000}, {600, 60000}},
                                             .requests_each = 2,
                                             .connect = connect,
                                             .list = list,
                                             .fetch = fetch,
                                             .is_gone = is_gone};
  return sight_recordings_run(&recordings, store, endpoint, progress, user_data, total, cancellable, error);
}

const SightSourceKind sight_source_clickstack = {
    .name = "clickstack",
    .title = N_("ClickStack (HyperDX)"),
    .can = SIGHT_SOURCE_SYNCS | SIGHT_SOURCE_SELECTS,
    .address = ADDRESS,
    .token =
        N_("USER:PASSWORD of a user of ClickHouse that may read hyperdx_sessions, and otel_traces for console, errors "
           "and requests"),
    .every_s = 900,
    .normalize = normalize,
    .check = check,
    .run = run,
};
