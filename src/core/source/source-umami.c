/* SPDX-License-Identifier: MIT */
/* Umami's replays, over the API that its own pages use: it reads PostgreSQL and ClickHouse alike, so neither has to be
 * reached from here. A replay is a visit; its chunks come joined and in the order of time.
 * What its tracker was told by name comes from the activity of the visitor's session.
 * Facts: src/app/api/websites/[websiteId]/replays, …/sessions/[sessionId]/activity and src/queries/sql in its
 * repository (version 3, 2026). */
#include "sight-event.h"
#include "sight-recordings.h"
#include "sight-source-private.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

#define ADDRESS "https://umami.example.com/websites/WEBSITE-ID"
#define PAGE_ROWS 100
#define MAX_PAGE_ROWS 10000
/* Its eventType; 1 is a page view. */
#define CUSTOM_EVENT 2

static char *normalize(const char *tainted_url, GError **error) {
  g_autofree char *url = sight_http_normalize_url(tainted_url, NULL);
  g_auto(GStrv) steps = sight_address_steps(url != NULL ? url : "");
  if (g_strv_length(steps) >= 2 && g_str_equal(steps[0], "websites") && sight_id_is_valid(steps[1])) {
    g_autofree char *host = sight_address_host(url);
    return g_strdup_printf("%s/websites/%s", host, steps[1]);
  }
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL,
              _("“%s” is no address of a website in Umami; it looks like %s"), tainted_url, ADDRESS);
  return NULL;
}

static SightHttp *connect(const SightEndpoint *endpoint, const char *token, GError **error) {
  g_autofree char *host = sight_address_host(endpoint->url);
  return sight_http_new(host, token, error);
}

static char *path_of(const char *url, const char *rest) {
  g_auto(GStrv) steps = sight_address_steps(url);
  return g_strdup_printf("/api/websites/%s%s", steps[1], rest);
}

static gboolean check(const char *url, const char *token, char **name, GCancellable *cancellable, GError **error) {
  g_autofree char *host = sight_address_host(url);
  g_autoptr(SightHttp) http = sight_http_new(host, token, error);
  if (http == NULL)
    return FALSE;
  sight_http_be_brief(http);
  g_autofree char *path = path_of(url, "");
  const SightHttpRequest request = {.method = "GET", .path = path, .max_bytes = 1024 * 1024, .any_refusal = TRUE};
  g_autoptr(GString) answer = g_string_new(NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_http_request(http, &request, answer, NULL, cancellable, error);
  if (status == 0)
    return FALSE;
  const char *tainted_name = NULL;
  if (status == 200 && sight_json_parser_parse(parser, answer->str, answer->len, &root, NULL))
    tainted_name = sight_json_string(sight_json_get(root, "name"), NULL);
  g_autofree char *reason = sight_http_reason(answer);
  if (status == 401 || status == 403)
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED,
                _("%s does not know this token, or its user may not see this website (%s). A token is what "
                  "POST /api/auth/login answers."),
                host, reason);
  else if (tainted_name == NULL)
    g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("There is no website of Umami at %s (%u)."), url,
                status);
  else if (name != NULL)
    *name = sight_text_excerpt(tainted_name, -1, 80);
  return tainted_name != NULL;
}

static gboolean not_ours(GError **error, const char *what) {
  g_set_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL, _("Umami's answer makes no sense: %s."), what);
  return FALSE;
}

static gboolean list(SightPull *pull, gint64 from_ms, const char *page, char **next, GError **error) {
  gint64 number = page != NULL ? g_ascii_strtoll(page, NULL, 10) : 1;
  g_autofree char *rest = g_strdup_printf("/replays?startAt=%" G_GINT64_FORMAT "&endAt=%" G_GINT64_FORMAT
                                          "&pageSize=%d&page=%" G_GINT64_FORMAT,
                                          from_ms, g_get_real_time() / 1000, PAGE_ROWS, number);
  g_autofree char *path = path_of(pull->round->endpoint->url, rest);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_pull_get_json(pull, SIGHT_ASKS_LISTING, path, parser, &root, error);
  if (status == 0)
    return FALSE;
  SightJson rows = sight_json_get(root, "data");
  if (status != 200 || sight_json_type(rows) != SIGHT_JSON_ARRAY)
    return not_ours(error, _("no replays"));
  for (SightJsonIter it = sight_json_iter(rows); sight_json_next(&it);) {
    const SightListed listed = {.id = (char *)sight_json_string(sight_json_get(it.value, "id"), NULL),
                                .version = sight_recordings_number(sight_json_get(it.value, "eventCount")),
                                .started_ms = sight_recordings_time_ms(sight_json_get(it.value, "startedAt")),
                                .ended_ms = sight_recordings_time_ms(sight_json_get(it.value, "endedAt"))};
    sight_pull_add(pull, &listed);
  }
  /* As it says, where that can be. */
  gint64 page_rows = sight_recordings_number(sight_json_get(root, "pageSize"));
  page_rows = page_rows > 0 && page_rows <= MAX_PAGE_ROWS ? page_rows : PAGE_ROWS;
  gint64 all = sight_recordings_number(sight_json_get(root, "count"));
  if (sight_json_length(rows) > 0 && number * page_rows < all)
    *next = g_strdup_printf("%" G_GINT64_FORMAT, number + 1);
  return TRUE;
}

/* A replay that is not there has no events. *session, the caller's, is of whom it is. */
static gboolean get(SightPull *pull, SightAsks what, const char *id, SightTake *take, gboolean *gone, char **session,
                    GError **error) {
  g_autofree char *rest = g_strconcat("/replays/", id, NULL);
  g_autofree char *path = path_of(pull->round->endpoint->url, rest);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root = {0};
  guint status = sight_pull_get_json(pull, what, path, parser, &root, error);
  SightJson events = sight_json_get(root, "events");
  *gone =
      status == 404 || (status == 200 && sight_json_type(events) == SIGHT_JSON_ARRAY && sight_json_length(events) == 0);
  if (status == 0 || *gone)
    return status != 0;
  if (status != 200 || sight_json_type(events) != SIGHT_JSON_ARRAY)
    return not_ours(error, _("no events"));
  if (take == NULL)
    return TRUE;
  *session = g_strdup(sight_json_string(sight_json_get(root, "sessionId"), NULL));
  g_autoptr(GString) text = g_string_new(NULL);
  sight_json_append_value(text, events);
  g_autoptr(GBytes) content = g_string_free_to_bytes(g_steal_pointer(&text));
  return sight_take_content(take, content, error);
}

/* A row of what the visitor's session did: of these the events that pages sent by a name. */
static void take_event(SightTake *take, SightJson row) {
  const char *name = sight_json_string(sight_json_get(row, "eventName"), NULL);
  gint64 time_ms = sight_recordings_time_ms(sight_json_get(row, "createdAt"));
  g_autoptr(GString) text = g_string_new(NULL);
  SightJsonWriter w = {.out = text};
  if (sight_recordings_number(sight_json_get(row, "eventType")) != CUSTOM_EVENT || name == NULL || *name == '\0')
    return;
  sight_json_begin_object(&w);
  sight_json_member_int(&w, "type", SIGHT_EVENT_CUSTOM);
  sight_json_member_int(&w, "timestamp", time_ms);
  sight_json_key(&w, "data");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "tag", "ss:event");
  sight_json_key(&w, "payload");
  sight_json_begin_object(&w);
  sight_json_member_string(&w, "name", name);
  for (int i = 0; i < 3; i++)
    sight_json_end_object(&w);
  sight_take_beside(take, NULL, time_ms, text);
}

/* Where they cannot be had there are none; FALSE: the recording is tried again later. */
static gboolean take_events(SightPull *pull, const SightListed *listed, const char *session, SightTake *take,
                            GError **error) {
  if (pull->no_events || session == NULL || !sight_id_is_valid(session) || listed->started_ms == 0 ||
      sight_take_n_events(take) == 0)
    return TRUE;
  g_autofree char *rest = g_strdup_printf("/sessions/%s/activity?startAt=%" G_GINT64_FORMAT "&endAt=%" G_GINT64_FORMAT,
                                          session, listed->started_ms, listed->ended_ms + 1000);
  g_autofree char *path = path_of(pull->round->endpoint->url, rest);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(64);
  SightJson root = {0};
  guint status = sight_pull_ask_beside(pull, path, NULL, parser, &root, error);
  if (status == 0)
    return FALSE;
  pull->no_events = status != 200;
  for (SightJsonIter it = sight_json_iter(root); status == 200 && sight_json_next(&it);)
    take_event(take, it.value);
  return TRUE;
}

static gboolean fetch(SightPull *pull, const SightListed *listed, SightTake *take, gboolean *gone, GError **error) {
  g_autofree char *session = NULL;
  return get(pull, SIGHT_ASKS_CONTENT, listed->id, take, gone, &session, error) &&
         take_events(pull, listed, session, take, error);
}

static gboolean is_gone(SightPull *pull, const char *id, gboolean *gone, GError **error) {
  return get(pull, SIGHT_ASKS_LISTING, id, NULL, gone, NULL, error);
}

static gboolean run(SightStore *store, gint64 endpoint, SightSyncProgressFunc progress, gpointer user_data,
                    SightSyncProgress *total, GCancellable *cancellable, GError **error) {
  static const SightRecordings recordings = {.limits = {{10, 1000}, {300, 60000}},
                                             .requests_each = 2,
                                             .connect = connect,
                                             .list = list,
                                             .fetch = fetch,
                                             .is_gone = is_gone};
  return sight_recordings_run(&recordings, store, endpoint, progress, user_data, total, cancellable, error);
}

const SightSourceKind sight_source_umami = {
    .name = "umami",
    .title = N_("Umami"),
    .can = SIGHT_SOURCE_SYNCS | SIGHT_SOURCE_SELECTS,
    .address = ADDRESS,
    .token = N_("the token that POST /api/auth/login answers for a user who may view the website"),
    .every_s = 900,
    .normalize = normalize,
    .check = check,
    .run = run,
};
