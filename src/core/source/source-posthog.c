/* SPDX-License-Identifier: MIT */
/* PostHog's recordings, over its API: a listing, of each recording the sources in which it is kept, and their content.
 * Semi-public: facts are from posthog/session_recordings/session_recording_api.py of its repository (2026). Events
 * that were captured in a session come by its query API (posthog.com/docs/api/queries).
 *
 * Content is asked for as it is stored (decompress=false): expanded by the server it leaves out blocks that it could
 * not load, without a word; as blocks they can be counted. */
#include "sight-blocks.h"
#include "sight-hash.h"
#include "sight-posthog-event.h"
#include "sight-recordings.h"
#include "sight-source-private.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ADDRESS "https://us.posthog.com/project/12345"
#define PAGE_ROWS 100
/* A personal key may ask for so many blocks at once. */
#define MAX_BLOCKS 20
#define MAX_SOURCES 100000
#define BLOCK_ATTEMPTS 3
#define MAX_CAPTURED 2000

/* "https://host", and the project's number as text; FALSE with error where it is no such address. */
static gboolean split(const char *url, char **host, char **project, GError **error) {
  g_auto(GStrv) steps = sight_address_steps(url);
  gboolean valid = g_strv_length(steps) >= 2 && g_str_equal(steps[0], "project") &&
                   g_ascii_string_to_unsigned(steps[1], 10, 1, G_MAXUINT32, NULL, NULL);
  if (!valid) {
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
                _("“%s” is no address of a project at PostHog; it looks like %s"), url, ADDRESS);
    return FALSE;
  }
  *host = sight_address_host(url);
  *project = g_strdup(steps[1]);
  return TRUE;
}

static char *normalize(const char *tainted_url, GError **error) {
  g_autofree char *url = sight_http_normalize_url(tainted_url, NULL);
  g_autofree char *host = NULL;
  g_autofree char *project = NULL;
  if (!split(url != NULL ? url : tainted_url, &host, &project, error))
    return NULL;
  /* The old name of the region. */
  gboolean is_old = g_str_equal(host, "https://app.posthog.com");
  return g_strconcat(is_old ? "https://us.posthog.com" : host, "/project/", project, NULL);
}

static SightHttp *connect(const SightEndpoint *endpoint, const char *token, GError **error) {
  g_autofree char *host = NULL;
  g_autofree char *project = NULL;
  return split(endpoint->url, &host, &project, error) ? sight_http_new(host, token, error) : NULL;
}

/* A key works in its own region alone. */
static const char *other_region(const char *host) {
  if (g_str_equal(host, "https://us.posthog.com"))
    return "eu.posthog.com";
  return g_str_equal(host, "https://eu.posthog.com") ? "us.posthog.com" : NULL;
}

static void explain(guint status, const char *host, const char *project, const GString *answer, GError **error) {
  g_autofree char *reason = sight_http_reason(answer);
  const char *other = other_region(host);
  g_autofree char *region =
      other != NULL ? g_strdup_printf(_(" If the project is at %s, use that address."), other) : g_strdup("");
  SightSyncError code = status == 401 || status == 403 ? SIGHT_SYNC_ERROR_REFUSED : SIGHT_SYNC_ERROR_PROTOCOL;
  if (status == 401)
    g_set_error(error, SIGHT_SYNC_ERROR, code, _("%s does not know this key (%s).%s"), host, reason, region);
  else if (status == 403 && strstr(reason, "scope") != NULL)
    g_set_error(error, SIGHT_SYNC_ERROR, code,
                _("The key lacks the scope session_recording:read (%s): add it to the key, or make another one."),
                reason);
  else if (status == 403)
    g_set_error(error, SIGHT_SYNC_ERROR, code, _("The key may not see project %s at %s (%s)."), project, host, reason);
  else if (status == 404)
    g_set_error(error, SIGHT_SYNC_ERROR, code, _("There is no project %s at %s.%s"), project, host, region);
  else
    g_set_error(error, SIGHT_SYNC_ERROR, code, _("%s does not answer like PostHog (%u): %s"), host, status, reason);
}

/* What the project is called; a key need not be allowed to know. */
static char *project_name(SightHttp *http, const char *project, GCancellable *cancellable) {
  g_autofree char *path = g_strdup_printf("/api/projects/%s/", project);
  g_autoptr(GString) answer = g_string_new(NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  const char *name = NULL;
  if (sight_http_send(http, "GET", path, NULL, answer, cancellable, NULL) == 200 &&
      sight_json_parser_parse(parser, answer->str, answer->len, &root, NULL))
    name = sight_json_string(sight_json_get(root, "name"), NULL);
  return name != NULL ? sight_text_excerpt(name, -1, 80) : g_strdup_printf("PostHog %s", project);
}

static gboolean check(const char *url, const char *token, char **name, GCancellable *cancellable, GError **error) {
  g_autofree char *host = NULL;
  g_autofree char *project = NULL;
  if (!split(url, &host, &project, error))
    return FALSE;
  if (g_str_has_prefix(token, "phc_")) {
    g_set_error_literal(
        error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED,
        _("This is the key that pages send with. Make a personal API key (it begins with phx_) with the "
          "scope session_recording:read."));
    return FALSE;
  }
  g_autoptr(SightHttp) http = sight_http_new(host, token, error);
  if (http == NULL)
    return FALSE;
  sight_http_be_brief(http);
  g_autofree char *path = g_strdup_printf("/api/projects/%s/session_recordings?limit=1", project);
  const SightHttpRequest request = {.method = "GET", .path = path, .max_bytes = 1024 * 1024, .any_refusal = TRUE};
  g_autoptr(GString) answer = g_string_new(NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_http_request(http, &request, answer, NULL, cancellable, error);
  if (status == 0)
    return FALSE;
  if (status != 200 || !sight_json_parser_parse(parser, answer->str, answer->len, &root, NULL) ||
      sight_json_type(sight_json_get(root, "results")) != SIGHT_JSON_ARRAY) {
    explain(status, host, project, answer, error);
    return FALSE;
  }
  if (name != NULL)
    *name = project_name(http, project, cancellable);
  return TRUE;
}

/* A path of the project: `base` is "projects" or "environments", which is where content stands. */
static char *path_of(SightPull *pull, const char *base, const char *rest) {
  g_auto(GStrv) steps = sight_address_steps(pull->round->endpoint->url);
  return g_strdup_printf("/api/%s/%s/session_recordings%s", base, steps[1], rest);
}

static gboolean not_ours(GError **error, const char *what) {
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("PostHog's answer makes no sense: %s."), what);
  return FALSE;
}

/* An e-mail address, or an id that the product's team gave; not one that was made up for the browser. */
static const char *user_of(SightJson row) {
  SightJson properties = sight_json_get(sight_json_get(row, "person"), "properties");
  const char *email = sight_json_string(sight_json_get(properties, "email"), NULL);
  gsize bytes = 0;
  const char *id = sight_json_string(sight_json_get(row, "distinct_id"), &bytes);
  if (email != NULL && *email != '\0')
    return email;
  return id != NULL && bytes > 0 && !sight_text_is_id(id, bytes) ? id : NULL;
}

static gboolean list(SightPull *pull, gint64 from_ms, const char *page, char **next, GError **error) {
  g_autofree char *from = sight_recordings_time_text(from_ms);
  g_autofree char *rest =
      g_strdup_printf("?limit=%d&date_from=%s%s", PAGE_ROWS, from, page != NULL ? page : "&offset=0");
  g_autofree char *path = path_of(pull, "projects", rest);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_pull_get_json(pull, SIGHT_ASKS_LISTING, path, parser, &root, error);
  if (status == 0)
    return FALSE;
  SightJson results = sight_json_get(root, "results");
  if (status != 200 || sight_json_type(results) != SIGHT_JSON_ARRAY)
    return not_ours(error, _("no recordings"));
  g_autoptr(GHashTable) ids = g_hash_table_new(sight_hash_text, g_str_equal);
  for (SightJsonIter it = sight_json_iter(results); sight_json_next(&it);) {
    gint64 started_ms = sight_recordings_time_ms(sight_json_get(it.value, "start_time"));
    gint64 length_s = sight_json_int(sight_json_get(it.value, "recording_duration"), 0);
    gint64 length_ms = CLAMP(length_s, 0, SIGHT_LISTED_MAX_MS / 1000) * 1000;
    gint64 ended_ms = sight_recordings_time_ms(sight_json_get(it.value, "end_time"));
    const SightListed listed = {.id = (char *)sight_json_string(sight_json_get(it.value, "id"), NULL),
                                .started_ms = started_ms,
                                .ended_ms = ended_ms > 0 ? ended_ms : started_ms + length_ms,
                                .version = ended_ms > 0 ? ended_ms : started_ms + length_ms,
                                .url = (char *)sight_json_string(sight_json_get(it.value, "start_url"), NULL),
                                .user = (char *)user_of(it.value),
                                .n_errors = -1,
                                .n_console = sight_json_int(sight_json_get(it.value, "console_error_count"), -1)};
    sight_pull_add(pull, &listed);
    g_hash_table_add(ids, listed.id != NULL ? listed.id : (char *)"");
  }
  if (!sight_json_bool(sight_json_get(root, "has_next"), FALSE))
    return TRUE;
  const char *cursor = sight_json_string(sight_json_get(root, "next_cursor"), NULL);
  g_autofree char *escaped = cursor != NULL ? g_uri_escape_string(cursor, NULL, FALSE) : NULL;
  gint64 offset = page != NULL && g_str_has_prefix(page, "&offset=") ? g_ascii_strtoll(page + 8, NULL, 10) : 0;
  /* Rows that come twice are one of those that the offset counts: rather too little than too much. */
  *next = escaped != NULL ? g_strconcat("&after=", escaped, NULL)
                          : g_strdup_printf("&offset=%" G_GINT64_FORMAT, offset + MAX(g_hash_table_size(ids), 1));
  return TRUE;
}

/* Where a recording is kept. */
typedef struct {
  GArray *blocks;  /* of guint: numbers, rising, each once */
  char *long_term; /* path of all of it in one, or NULL */
  char *unknown;   /* the name of a source that is neither, or NULL */
} Sources;

static void sources_clear(Sources *sources) {
  g_clear_pointer(&sources->blocks, g_array_unref);
  g_free(sources->long_term);
  g_free(sources->unknown);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sources, sources_clear)

static int by_number(gconstpointer a, gconstpointer b) {
  guint first = *(const guint *)a, second = *(const guint *)b;
  return first < second ? -1 : first > second;
}

static void note_source(Sources *sources, SightJson source) {
  const char *name = sight_json_string(sight_json_get(source, "source"), NULL);
  const char *key = sight_json_string(sight_json_get(source, "blob_key"), NULL);
  guint64 number = 0;
  if (g_strcmp0(name, "blob_v2_lts") == 0 && key != NULL) {
    g_free(sources->long_term);
    sources->long_term = g_strdup(key);
  } else if (g_strcmp0(name, "blob_v2") == 0 && key != NULL &&
             g_ascii_string_to_unsigned(key, 10, 0, MAX_SOURCES, &number, NULL)) {
    guint block = (guint)number;
    g_array_append_val(sources->blocks, block);
  } else if (name != NULL && sources->unknown == NULL)
    sources->unknown = sight_text_excerpt(name, -1, 40);
}

static void sort_blocks(Sources *sources) {
  guint n = 0;
  g_array_sort(sources->blocks, by_number);
  for (guint i = 0; i < sources->blocks->len; i++) {
    guint block = g_array_index(sources->blocks, guint, i);
    if (n == 0 || g_array_index(sources->blocks, guint, n - 1) != block)
      g_array_index(sources->blocks, guint, n++) = block;
  }
  g_array_set_size(sources->blocks, n);
}

/* The status; 0 with error. */
static guint get_sources(SightPull *pull, const char *id, Sources *sources, GError **error) {
  g_autofree char *rest = g_strdup_printf("/%s/snapshots", id);
  g_autofree char *path = path_of(pull, "environments", rest);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_pull_get_json(pull, SIGHT_ASKS_CONTENT, path, parser, &root, error);
  sources->blocks = g_array_new(FALSE, FALSE, sizeof(guint));
  if (status != 200)
    return status;
  SightJson list = sight_json_get(root, "sources");
  if (sight_json_type(list) != SIGHT_JSON_ARRAY)
    return not_ours(error, _("no sources"));
  for (SightJsonIter it = sight_json_iter(list); sight_json_next(&it);)
    note_source(sources, it.value);
  sort_blocks(sources);
  if (sources->blocks->len > 0 || sources->long_term != NULL || sources->unknown == NULL)
    return status;
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("it is kept in a form that is not known here (%s)"),
              sources->unknown);
  return 0;
}

/* One answer with the blocks first … last. *n_blocks: how many it had; -1 where it is cut off. */
static guint get_blocks(SightPull *pull, const char *id, guint first, guint last, SightTake *take, int *n_blocks,
                        GError **error) {
  g_autofree char *rest = g_strdup_printf(
      "/%s/snapshots?source=blob_v2&start_blob_key=%u&end_blob_key=%u&decompress=false", id, first, last);
  g_autofree char *path = path_of(pull, "environments", rest);
  g_autoptr(GString) answer = g_string_new(NULL);
  guint status = sight_pull_get(pull, SIGHT_ASKS_CONTENT, path, sight_take_max_bytes, NULL, answer, NULL, error);
  if (status != 200)
    return status;
  g_autoptr(GString) text = g_string_new(NULL);
  /* Blocks begin with their length; an older server sends lines all the same. */
  gboolean is_text = answer->len > 0 && (answer->str[0] == '[' || answer->str[0] == '{');
  *n_blocks =
      is_text ? (int)(last - first + 1) : sight_blocks_expand(answer->str, answer->len, sight_take_max_bytes, text);
  g_autoptr(GBytes) content = g_string_free_to_bytes(is_text ? g_steal_pointer(&answer) : g_steal_pointer(&text));
  return *n_blocks < 0 || sight_take_content(take, content, error) ? status : 0;
}

/* Blocks that the server leaves out, or an answer that is cut off, are asked for again. */
static guint take_blocks(SightPull *pull, const char *id, guint first, guint last, SightTake *take, GError **error) {
  int wanted = (int)(last - first + 1), n_blocks = 0;
  for (guint attempt = 0; attempt < BLOCK_ATTEMPTS; attempt++) {
    g_autoptr(GError) failure = NULL;
    if (!sight_http_back_off(attempt, pull->round->cancellable, error))
      return 0;
    guint status = get_blocks(pull, id, first, last, take, &n_blocks, &failure);
    if (status != 200 && !g_error_matches(failure, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE)) {
      if (failure != NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
      return status;
    }
    if (status == 200 && n_blocks == wanted)
      return status;
  }
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("PostHog hands out %d of %d parts"),
              MAX(n_blocks, 0), wanted);
  return 0;
}

static guint take_all_blocks(SightPull *pull, const char *id, const GArray *blocks, SightTake *take, GError **error) {
  guint status = 200;
  for (guint i = 0; i < blocks->len && status == 200;) {
    guint first = g_array_index(blocks, guint, i), last = first;
    while (++i < blocks->len && g_array_index(blocks, guint, i) == last + 1 && last + 1 - first < MAX_BLOCKS)
      last++;
    status = take_blocks(pull, id, first, last, take, error);
  }
  return status;
}

/* The id is of few characters, none of which ends a text. Rows of events that are not PostHog's own, exceptions, and
 * who the visitor was said to be. */
static GBytes *write_query(const SightListed *listed) {
  g_autofree char *from = sight_recordings_time_text(listed->started_ms);
  g_autofree char *to = sight_recordings_time_text(listed->ended_ms + 1000);
  g_autofree char *sql =
      g_strdup_printf("SELECT event, timestamp, properties FROM events WHERE properties.$session_id = '%s' "
                      "AND timestamp >= toDateTime('%s') AND timestamp <= toDateTime('%s') "
                      "AND (NOT startsWith(event, '$') OR event IN ('$exception', '$identify')) "
                      "ORDER BY timestamp LIMIT %d",
                      listed->id, from, to, MAX_CAPTURED);
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter w = {.out = text};
  sight_json_begin_object(&w);
  sight_json_key(&w, "query");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "kind", "HogQLQuery");
  sight_json_member_string(&w, "query", sql);
  sight_json_end_object(&w);
  sight_json_end_object(&w);
  return g_string_free_to_bytes(g_steal_pointer(&text));
}

/* A row: name, time, properties as text. */
static void take_captured_row(SightTake *take, SightJson row, SightJsonParser *parser) {
  SightJson cells[3] = {{0}}, properties = {0};
  SightJsonIter it = sight_json_iter(row);
  for (gsize i = 0; i < G_N_ELEMENTS(cells) && sight_json_next(&it); i++)
    cells[i] = it.value;
  gsize bytes = 0;
  const char *text = sight_json_string(cells[2], &bytes);
  gint64 time_ms = sight_recordings_time_ms(cells[1]);
  if (text != NULL && sight_json_parser_parse(parser, text, bytes, &properties, NULL))
    cells[2] = properties;
  g_autoptr(GString) event = g_string_new(NULL);
  const char *window = sight_posthog_event_window(cells[2]);
  if (window != NULL && sight_posthog_event_write(sight_json_string(cells[0], NULL), time_ms, cells[2], event))
    sight_take_beside(take, window, time_ms, event);
}

/* What was captured in the session, which the recording does not have. A key that may read recordings need not be
 * allowed to: then there is none of it, and it is not asked for again. FALSE: the recording is tried again later. */
static gboolean take_captured(SightPull *pull, const SightListed *listed, SightTake *take, GError **error) {
  if (pull->no_events || listed->started_ms == 0 || sight_take_n_events(take) == 0)
    return TRUE;
  g_auto(GStrv) steps = sight_address_steps(pull->round->endpoint->url);
  g_autofree char *path = g_strdup_printf("/api/projects/%s/query/", steps[1]);
  g_autoptr(GBytes) query = write_query(listed);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  g_autoptr(SightJsonParser) properties = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_pull_ask_beside(pull, path, query, parser, &root, error);
  if (status == 0)
    return FALSE;
  pull->no_events = status >= 400 && status < 500;
  if (status >= 500)
    sight_take_note_loss(take, _("the events that PostHog keeps beside a recording"));
  for (SightJsonIter it = sight_json_iter(sight_json_get(root, "results")); status == 200 && sight_json_next(&it);)
    take_captured_row(take, it.value, properties);
  return TRUE;
}

static gboolean fetch(SightPull *pull, const SightListed *listed, SightTake *take, gboolean *gone, GError **error) {
  g_auto(Sources) sources = {0};
  guint status = get_sources(pull, listed->id, &sources, error);
  if (status == 200 && sources.long_term != NULL) {
    g_autofree char *key = g_uri_escape_string(sources.long_term, NULL, FALSE);
    g_autofree char *rest = g_strdup_printf("/%s/snapshots?source=blob_v2_lts&blob_key=%s", listed->id, key);
    g_autofree char *path = path_of(pull, "environments", rest);
    status = sight_pull_take(pull, path, take, NULL, NULL, error);
  } else if (status == 200)
    status = take_all_blocks(pull, listed->id, sources.blocks, take, error);
  *gone = status == 410;
  if (status == 200)
    return take_captured(pull, listed, take, error);
  if (status == 0 || *gone)
    return status != 0;
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("PostHog lists it, but does not have it (%u)"),
              status);
  return FALSE;
}

static gboolean is_gone(SightPull *pull, const char *id, gboolean *gone, GError **error) {
  g_autofree char *rest = g_strdup_printf("/%s", id);
  g_autofree char *path = path_of(pull, "projects", rest);
  g_autoptr(GString) answer = g_string_new(NULL);
  guint status = sight_pull_get(pull, SIGHT_ASKS_LISTING, path, 1024 * 1024, NULL, answer, NULL, error);
  *gone = status == 404 || status == 410;
  return status != 0;
}

static gboolean run(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                    SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  /* The limits of a paid plan; a smaller one's are learned from what is refused. */
  static const SightRecordings recordings = {.limits = {{60, 60000}, {300, 3600000}},
                                             .requests_each = 3,
                                             .connect = connect,
                                             .list = list,
                                             .fetch = fetch,
                                             .is_gone = is_gone};
  return sight_recordings_run(&recordings, store, endpoint, progress, user_data, total, cancellable, error);
}

static const char *const tells[] = {"entry", "user", "errored", "error", "console", NULL};

const SightSourceKind sight_source_posthog = {
    .name = "posthog",
    .title = N_("PostHog"),
    .can = SIGHT_SOURCE_SYNCS | SIGHT_SOURCE_SELECTS,
    .address = ADDRESS,
    .token = N_(
        "a personal API key with the scope session_recording:read, and query:read for captured events and exceptions"),
    .tells = tells,
    .every_s = 1800,
    .normalize = normalize,
    .check = check,
    .run = run,
};
