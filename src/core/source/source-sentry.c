/* SPDX-License-Identifier: MIT */
/* Sentry's replays, over its public API: a listing of an organization's replays, the segments of each, and the errors
 * that Sentry keeps beside them. Who watched a replay is neither read nor changed.
 * Facts: src/sentry/replays/endpoints in its repository, and docs.sentry.io/api/replays (2026). */
#include "sight-hash.h"
#include "sight-recordings.h"
#include "sight-source-private.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ADDRESS "https://sentry.io/organizations/ACME/projects/WEB"
#define PAGE_ROWS 100
#define PAGE_SEGMENTS 100
#define MAX_PAGES 1000
#define CLOUD ".sentry.io"
/* Each costs a request. */
#define MAX_STACKS 3
/* Of a valid id, and one more, which makes it none. */
#define MAX_ID_BYTES 65
#define MAX_FRAMES 50

/* "https://host", and the names of organization and project. */
typedef struct {
  char *host, *organization, *project;
} Place;

static void place_clear(Place *place) {
  g_free(place->host);
  g_free(place->organization);
  g_free(place->project);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

/* Of an address that is normal. */
static Place place_of(const char *url) {
  g_auto(GStrv) steps = sight_address_steps(url);
  return (Place){sight_address_host(url), g_strdup(steps[1]), g_strdup(steps[3])};
}

/* https://HOST/organizations/ORGANIZATION/projects/PROJECT, or as it stands in the browser:
 * https://ORGANIZATION.sentry.io/projects/PROJECT. */
static char *normalize(const char *tainted_url, GError **error) {
  g_autofree char *url = sight_http_normalize_url(tainted_url, NULL);
  g_auto(GStrv) steps = sight_address_steps(url != NULL ? url : "");
  guint n = g_strv_length(steps);
  g_autofree char *host = url != NULL ? sight_address_host(url) : NULL;
  if (n >= 4 && g_str_equal(steps[0], "organizations") && g_str_equal(steps[2], "projects") &&
      sight_id_is_valid(steps[1]) && sight_id_is_valid(steps[3]))
    return g_strdup_printf("%s/organizations/%s/projects/%s", host, steps[1], steps[3]);
  const char *name = host != NULL ? strstr(host, "://") + 3 : "";
  if (n >= 2 && g_str_equal(steps[0], "projects") && sight_id_is_valid(steps[1]) && g_str_has_suffix(name, CLOUD)) {
    g_autofree char *organization = g_strndup(name, strlen(name) - strlen(CLOUD));
    if (sight_id_is_valid(organization))
      return g_strdup_printf("https://sentry.io/organizations/%s/projects/%s", organization, steps[1]);
  }
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
              _("“%s” is no address of a project at Sentry; it looks like %s"), tainted_url, ADDRESS);
  return NULL;
}

static SightHttp *connect(const SightEndpoint *endpoint, const char *token, GError **error) {
  g_auto(Place) place = place_of(endpoint->url);
  return sight_http_new(place.host, token, error);
}

static void explain(guint status, const Place *place, const char *what, const GString *answer, GError **error) {
  g_autofree char *reason = sight_http_reason(answer);
  SightSyncError code = status == 401 || status == 403 ? SIGHT_SYNC_ERROR_REFUSED : SIGHT_SYNC_ERROR_PROTOCOL;
  const char *region = g_str_has_suffix(place->host, "sentry.io")
                           ? _(" An organization in the European region is at https://de.sentry.io.")
                           : "";
  if (status == 401)
    g_set_error(error, SIGHT_SYNC_ERROR, code, _("%s does not know this token (%s).%s"), place->host, reason, region);
  else if (status == 403)
    g_set_error(error, SIGHT_SYNC_ERROR, code,
                _("The token may not read %s (%s): it needs the scopes org:read, project:read and event:read."), what,
                reason);
  else if (status == 404)
    g_set_error(error, SIGHT_SYNC_ERROR, code,
                _("%s has no project %s in the organization %s that this token may see, or no replays in it.%s"),
                place->host, place->project, place->organization, region);
  else
    g_set_error(error, SIGHT_SYNC_ERROR, code, _("%s does not answer like Sentry (%u): %s"), place->host, status,
                reason);
}

/* Asks for a JSON document; other answers than it are explained. */
static gboolean ask(SightHttp *http, const Place *place, const char *path, const char *what, SightJsonParser *parser,
                    SightJson *root, GCancellable *cancellable, GError **error) {
  const SightHttpRequest request = {.method = "GET", .path = path, .max_bytes = 1024 * 1024, .any_refusal = TRUE};
  g_autoptr(GString) answer = g_string_new(NULL);
  guint status = sight_http_request(http, &request, answer, NULL, cancellable, error);
  if (status == 200 && sight_json_parser_parse(parser, answer->str, answer->len, root, NULL))
    return TRUE;
  if (status != 0)
    explain(status, place, what, answer, error);
  return FALSE;
}

static gboolean check(const char *url, const char *token, char **name, GCancellable *cancellable, GError **error) {
  g_auto(Place) place = place_of(url);
  g_autoptr(SightHttp) http = sight_http_new(place.host, token, error);
  if (http == NULL)
    return FALSE;
  sight_http_be_brief(http);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  g_autofree char *project = g_strdup_printf("/api/0/projects/%s/%s/", place.organization, place.project);
  if (!ask(http, &place, project, _("the project"), parser, &root, cancellable, error))
    return FALSE;
  const char *tainted_name = sight_json_string(sight_json_get(root, "name"), NULL);
  g_autofree char *shown = sight_text_excerpt(tainted_name != NULL ? tainted_name : place.project, -1, 80);
  g_autofree char *replays = g_strdup_printf("/api/0/organizations/%s/replays/?per_page=1", place.organization);
  if (!ask(http, &place, replays, _("replays"), parser, &root, cancellable, error))
    return FALSE;
  if (name != NULL)
    *name = g_steal_pointer(&shown);
  return TRUE;
}

/* Of the header Link: <…>; rel="next"; results="true"; cursor="0:100:0". The caller's, NULL where there is no next. */
static char *next_cursor(const char *tainted_link) {
  g_auto(GStrv) links = g_strsplit(tainted_link != NULL ? tainted_link : "", ",", -1);
  for (char **link = links; *link != NULL; link++) {
    const char *cursor = strstr(*link, "cursor=\"");
    if (strstr(*link, "rel=\"next\"") == NULL || strstr(*link, "results=\"true\"") == NULL || cursor == NULL)
      continue;
    cursor += strlen("cursor=\"");
    g_autofree char *text = g_strndup(cursor, strcspn(cursor, "\""));
    return g_uri_escape_string(text, NULL, FALSE);
  }
  return NULL;
}

static gboolean not_ours(GError **error, const char *what) {
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("Sentry's answer makes no sense: %s."), what);
  return FALSE;
}

/* Listings name a project by its number. */
static char *project_number(SightPull *pull, const Place *place, GError **error) {
  g_autofree char *path = g_strdup_printf("/api/0/projects/%s/%s/", place->organization, place->project);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_pull_get_json(pull, SIGHT_ASKS_LISTING, path, parser, &root, error);
  gint64 number = status == 200 ? sight_recordings_number(sight_json_get(root, "id")) : 0;
  if (number > 0)
    return g_strdup_printf("%" G_GINT64_FORMAT, number);
  if (status != 0)
    not_ours(error, _("no project"));
  return NULL;
}

static const char *user_of(SightJson row) {
  static const char *const keys[] = {"email", "username", "id"};
  SightJson user = sight_json_get(row, "user");
  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
    const char *text = sight_json_string(sight_json_get(user, keys[i]), NULL);
    if (text != NULL && *text != '\0')
      return text;
  }
  return NULL;
}

/* An id with its dashes, as it is written in some answers, is the same one. */
static void add_row(SightPull *pull, SightJson row) {
  const char *tainted_id = sight_json_string(sight_json_get(row, "id"), NULL);
  char id[MAX_ID_BYTES + 1] = "";
  for (gsize i = 0, n = 0; tainted_id != NULL && n < MAX_ID_BYTES && tainted_id[i] != '\0'; i++)
    if (tainted_id[i] != '-')
      id[n++] = tainted_id[i];
  SightJsonIter urls = sight_json_iter(sight_json_get(row, "urls"));
  const char *url = sight_json_next(&urls) ? sight_json_string(urls.value, NULL) : NULL;
  const SightListed listed = {.id = id,
                              .version = sight_recordings_number(sight_json_get(row, "count_segments")),
                              .started_ms = sight_recordings_time_ms(sight_json_get(row, "started_at")),
                              .ended_ms = sight_recordings_time_ms(sight_json_get(row, "finished_at")),
                              .url = (char *)url,
                              .user = (char *)user_of(row),
                              .n_errors = sight_recordings_number(sight_json_get(row, "count_errors")),
                              .n_console = -1};
  /* Archived is what Sentry calls deleted. */
  if (!sight_json_bool(sight_json_get(row, "is_archived"), FALSE))
    sight_pull_add(pull, &listed);
}

static gboolean list(SightPull *pull, gint64 from_ms, const char *page, char **next, GError **error) {
  g_auto(Place) place = place_of(pull->round->endpoint->url);
  if (pull->project == NULL && (pull->project = project_number(pull, &place, error)) == NULL)
    return FALSE;
  g_autofree char *from = sight_recordings_time_text(from_ms);
  g_autofree char *to = sight_recordings_time_text(g_get_real_time() / 1000);
  g_autofree char *path = g_strdup_printf(
      "/api/0/organizations/%s/replays/?project=%s&start=%s&end=%s&sort=-started_at&per_page=%d%s%s",
      place.organization, pull->project, from, to, PAGE_ROWS, page != NULL ? "&cursor=" : "", page != NULL ? page : "");
  g_autoptr(GString) answer = g_string_new(NULL);
  g_autofree char *link = NULL;
  guint status = sight_pull_get(pull, SIGHT_ASKS_LISTING, path, SIGHT_PULL_LISTING_BYTES, "Link", answer, &link, error);
  if (status == 0)
    return FALSE;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  if (status != 200 || !sight_json_parser_parse(parser, answer->str, answer->len, &root, NULL) ||
      sight_json_type(sight_json_get(root, "data")) != SIGHT_JSON_ARRAY)
    return not_ours(error, _("no replays"));
  for (SightJsonIter it = sight_json_iter(sight_json_get(root, "data")); sight_json_next(&it);)
    add_row(pull, it.value);
  *next = next_cursor(link);
  return TRUE;
}

/* All pages of segments. */
static guint take_segments(SightPull *pull, const Place *place, const char *id, SightTake *take, GError **error) {
  g_autofree char *page = NULL;
  for (guint n_pages = 0; n_pages < MAX_PAGES; n_pages++) {
    g_autofree char *path = g_strdup_printf(
        "/api/0/projects/%s/%s/replays/%s/recording-segments/?download=true&per_page=%d%s%s", place->organization,
        place->project, id, PAGE_SEGMENTS, page != NULL ? "&cursor=" : "", page != NULL ? page : "");
    g_autofree char *link = NULL;
    guint status = sight_pull_take(pull, path, take, "Link", &link, error);
    g_autofree char *next = next_cursor(link);
    if (status != 200 || next == NULL)
      return status;
    if (g_strcmp0(next, page) == 0)
      return not_ours(error, _("segments without end"));
    g_free(page);
    page = g_steal_pointer(&next);
  }
  return not_ours(error, _("segments without end"));
}

/* How an error was raised; the stack is the caller's. */
typedef struct {
  const char *kind; /* of ours; NULL: not told */
  char *stack;
} Details;

/* Sentry lists frames from the outermost in; a stack as browsers write it begins with the innermost. */
static char *write_stack(SightJson exception) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  SightJsonIter it = sight_json_iter(sight_json_get(sight_json_get(exception, "stacktrace"), "frames"));
  while (sight_json_next(&it)) {
    const char *file = sight_json_string(sight_json_get(it.value, "absPath"), NULL);
    const char *function = sight_json_string(sight_json_get(it.value, "function"), NULL);
    if (file == NULL)
      file = sight_json_string(sight_json_get(it.value, "filename"), NULL);
    if (file == NULL)
      continue;
    g_ptr_array_add(lines, g_strdup_printf("    at %s (%s:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ")",
                                           function != NULL ? function : "?", file,
                                           sight_recordings_number(sight_json_get(it.value, "lineNo")),
                                           sight_recordings_number(sight_json_get(it.value, "colNo"))));
  }
  g_autoptr(GString) stack = g_string_new(NULL);
  for (guint n = 0; n < lines->len && n < MAX_FRAMES; n++)
    g_string_append_printf(stack, "%s%s", n > 0 ? "\n" : "", (const char *)lines->pdata[lines->len - 1 - n]);
  return stack->len > 0 ? g_strdup(stack->str) : NULL;
}

static void read_details(SightJson event, Details *details) {
  for (SightJsonIter it = sight_json_iter(sight_json_get(event, "entries")); sight_json_next(&it);) {
    if (g_strcmp0(sight_json_string(sight_json_get(it.value, "type"), NULL), "exception") != 0)
      continue;
    SightJsonIter values = sight_json_iter(sight_json_get(sight_json_get(it.value, "data"), "values"));
    /* Of causes that follow one another the last one is what was thrown. */
    SightJson thrown = {0};
    while (sight_json_next(&values))
      thrown = values.value;
    const char *mechanism = sight_json_string(sight_json_get(sight_json_get(thrown, "mechanism"), "type"), NULL);
    gboolean rejected = mechanism != NULL && strstr(mechanism, "onunhandledrejection") != NULL;
    details->kind = rejected ? "rejection" : "exception";
    g_free(details->stack);
    details->stack = write_stack(thrown);
  }
}

/* An error without them is still an error. FALSE where the round is over. */
static gboolean get_details(SightPull *pull, const Place *place, const char *id, Details *details, GError **error) {
  g_autofree char *path = g_strdup_printf("/api/0/projects/%s/%s/events/%s/", place->organization, place->project, id);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root = {0};
  g_autoptr(GError) failure = NULL;
  guint status = sight_pull_get_json(pull, SIGHT_ASKS_CONTENT, path, parser, &root, &failure);
  if (status == 200)
    read_details(root, details);
  if (!g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&failure));
  return FALSE;
}

/* Errors are not among the events, only beside them; how one was raised, of the first few unlike ones. Those that
 * cannot be had now are left out. */
static gboolean tell_errors(SightPull *pull, const Place *place, const SightListed *listed, SightTake *take,
                            GError **error) {
  g_autofree char *from = sight_recordings_time_text(listed->started_ms);
  g_autofree char *to = sight_recordings_time_text(listed->ended_ms + 1000);
  g_autofree char *path = g_strdup_printf(
      "/api/0/organizations/%s/replays-events-meta/?dataset=errors&project=%s&query=replayId%%3A%s&start=%s&end=%s"
      "&per_page=100",
      place->organization, pull->project, listed->id, from, to);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  g_autoptr(GError) failure = NULL;
  guint status = sight_pull_get_json(pull, SIGHT_ASKS_CONTENT, path, parser, &root, &failure);
  if (g_error_matches(failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
  }
  g_autoptr(GHashTable) titles = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
  if (status != 200)
    sight_take_note_loss(take, _("the errors that Sentry keeps beside a replay"));
  for (SightJsonIter it = sight_json_iter(sight_json_get(root, "data")); status == 200 && sight_json_next(&it);) {
    const char *title = sight_json_string(sight_json_get(it.value, "title"), NULL);
    gint64 time_ms = sight_recordings_time_ms(sight_json_get(it.value, "timestamp"));
    if (title == NULL || time_ms <= 0)
      continue;
    Details details = {0};
    const char *id = sight_json_string(sight_json_get(it.value, "id"), NULL);
    if (g_hash_table_add(titles, g_strdup(title)) && g_hash_table_size(titles) <= MAX_STACKS && id != NULL &&
        sight_id_is_valid(id) && !get_details(pull, place, id, &details, error))
      return FALSE;
    sight_take_tell(take, time_ms, "ss:error", "message", title, "kind", details.kind, "stack", details.stack, NULL);
    g_free(details.stack);
  }
  return TRUE;
}

static gboolean is_gone(SightPull *pull, const char *id, gboolean *gone, GError **error) {
  g_auto(Place) place = place_of(pull->round->endpoint->url);
  g_autofree char *path = g_strdup_printf("/api/0/organizations/%s/replays/%s/", place.organization, id);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_pull_get_json(pull, SIGHT_ASKS_LISTING, path, parser, &root, error);
  *gone = status == 404 || status == 410 ||
          (status == 200 && sight_json_bool(sight_json_get(sight_json_get(root, "data"), "is_archived"), FALSE));
  return status != 0;
}

static gboolean fetch(SightPull *pull, const SightListed *listed, SightTake *take, gboolean *gone, GError **error) {
  g_auto(Place) place = place_of(pull->round->endpoint->url);
  guint status = take_segments(pull, &place, listed->id, take, error);
  if (status == 404 || status == 410)
    return is_gone(pull, listed->id, gone, error) &&
           (*gone || not_ours(error, _("it lists a replay that it does not have")));
  if (status != 200)
    return status != 0 && not_ours(error, _("no segments"));
  return listed->n_errors == 0 || tell_errors(pull, &place, listed, take, error);
}

static gboolean run(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                    SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  static const SightRecordings recordings = {.limits = {{5, 1000}, {200, 60000}},
                                             .requests_each = 1.5,
                                             .connect = connect,
                                             .list = list,
                                             .fetch = fetch,
                                             .is_gone = is_gone};
  return sight_recordings_run(&recordings, store, endpoint, progress, user_data, total, cancellable, error);
}

static const char *const tells[] = {"entry", "user", "errored", "error", NULL};

const SightSourceKind sight_source_sentry = {
    .name = "sentry",
    .title = N_("Sentry"),
    .can = SIGHT_SOURCE_SYNCS | SIGHT_SOURCE_SELECTS,
    .address = ADDRESS,
    .token = N_("a token with the scopes org:read, project:read and event:read"),
    .tells = tells,
    .every_s = 900,
    .normalize = normalize,
    .check = check,
    .run = run,
};
