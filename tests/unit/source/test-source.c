/* SPDX-License-Identifier: MIT */
/* What sources do besides not losing anything: explain, forecast, stop and go on, and take what is asked for alone. */
#include "product.h"

#include "sight-batch-table.h"
#include "sight-endpoint-table.h"
#include "sight-recordings.h"
#include "sight-source.h"
#include "sight-token.h"

#include <string.h>
#include <sys/resource.h>

typedef struct {
  const char *kind, *path, *token;
  const char *status, *answer; /* what the server says */
  int code;
  const char *told; /* is in the explanation */
} Refusal;

static void refuse(const char *head, GOutputStream *out, gpointer user_data) {
  const Refusal *refusal = user_data;
  serve_text(out, refusal->status, refusal->answer);
}

static void test_check(void) {
  const Refusal refusals[] = {
      {"posthog", "/project/7", "phx_x", "401 Unauthorized", "{\"detail\":\"Invalid key\"}", SIGHT_SYNC_ERROR_REFUSED,
       "does not know this key (Invalid key)"},
      {"posthog", "/project/7", "phx_x", "403 Forbidden",
       "{\"detail\":\"API key missing required scope 'session_recording:read'\"}", SIGHT_SYNC_ERROR_REFUSED,
       "lacks the scope session_recording:read"},
      {"posthog", "/project/7", "phx_x", "403 Forbidden", "{\"detail\":\"No access\"}", SIGHT_SYNC_ERROR_REFUSED,
       "may not see project 7"},
      {"posthog", "/project/7", "phx_x", "404 Not Found", "{}", SIGHT_SYNC_ERROR_PROTOCOL, "no project 7"},
      {"posthog", "/project/7", "phc_x", "200 OK", "{}", SIGHT_SYNC_ERROR_REFUSED, "pages send with"},
      {"posthog", "/project/7", "phx_x", "200 OK", "<html>", SIGHT_SYNC_ERROR_PROTOCOL, "does not answer like PostHog"},
      {"posthog", "/project/7", "phx_x", "301 Moved\r\nLocation: https://eu.posthog.com/", "",
       SIGHT_SYNC_ERROR_PROTOCOL, "https://eu.posthog.com/"},
      {"sentry", "/organizations/acme/projects/web", "t", "401 Unauthorized", "{\"detail\":\"Invalid token\"}",
       SIGHT_SYNC_ERROR_REFUSED, "does not know this token (Invalid token)"},
      {"sentry", "/organizations/acme/projects/web", "t", "403 Forbidden",
       "{\"detail\":\"You do not have permission\"}", SIGHT_SYNC_ERROR_REFUSED,
       "org:read, project:read and event:read"},
      {"sentry", "/organizations/acme/projects/web", "t", "404 Not Found", "{}", SIGHT_SYNC_ERROR_PROTOCOL,
       "no project web in the organization acme"},
      {"clickstack", "/default", "u:p", "403 Forbidden", "Code: 516. DB::Exception: u: Authentication failed",
       SIGHT_SYNC_ERROR_REFUSED, "does not know this user"},
      {"clickstack", "/default", "u:p", "404 Not Found",
       "Code: 60. DB::Exception: Table does not exist. (UNKNOWN_TABLE)", SIGHT_SYNC_ERROR_PROTOCOL,
       "no table hyperdx_sessions in the database default"},
      {"clickstack", "/default", "u:p", "403 Forbidden",
       "Code: 497. DB::Exception: Not enough privileges. (ACCESS_DENIED)", SIGHT_SYNC_ERROR_REFUSED, "grant it SELECT"},
      {"umami", "/websites/a-b", "t", "401 Unauthorized", "{\"error\":\"Unauthorized\"}", SIGHT_SYNC_ERROR_REFUSED,
       "may not see this website"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
    g_autoptr(Server) server = server_start(refuse, (gpointer)&refusals[i]);
    g_autofree char *given = g_strconcat(server->url, refusals[i].path, "/", NULL);
    g_autoptr(GError) error = NULL;
    const SightSourceKind *kind = sight_source_kind(refusals[i].kind);
    g_autofree char *url = kind->normalize(given, &error);
    g_assert_no_error(error);
    g_assert_false(kind->check(url, refusals[i].token, NULL, NULL, &error));
    g_assert_error(error, SIGHT_SYNC_ERROR, refusals[i].code);
    g_assert_nonnull(strstr(error->message, refusals[i].told));
  }
}

static void test_addresses(void) {
  const struct {
    const char *kind, *given, *normal;
  } addresses[] = {
      {"posthog", "https://US.posthog.com/project/12/replay/home", "https://us.posthog.com/project/12"},
      {"posthog", "https://app.posthog.com/project/12", "https://us.posthog.com/project/12"},
      {"posthog", "https://us.posthog.com", NULL},
      {"posthog", "https://us.posthog.com/project/shop", NULL},
      {"sentry", "https://acme.sentry.io/projects/web/", "https://sentry.io/organizations/acme/projects/web"},
      {"sentry", "http://sentry.local:9000/organizations/acme/projects/web/x",
       "http://sentry.local:9000/organizations/acme/projects/web"},
      {"sentry", "https://example.com/projects/web", NULL},
      {"clickstack", "https://ch.local:8443/otel", "https://ch.local:8443/otel"},
      {"clickstack", "https://ch.local:8443", NULL},
      {"umami", "https://umami.local/websites/a-1/replays", "https://umami.local/websites/a-1"},
      {"umami", "https://umami.local/", NULL},
      {"umami", "no address", NULL},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
    g_autoptr(GError) error = NULL;
    const SightSourceKind *kind = sight_source_kind(addresses[i].kind);
    g_autofree char *normal = kind->normalize(addresses[i].given, &error);
    g_assert_cmpstr(normal, ==, addresses[i].normal);
    g_assert_true((normal == NULL) == (error != NULL));
    /* What is wrong says how it looks. */
    g_assert_true(error == NULL || strstr(error->message, kind->address) != NULL);
  }
}

/* A project of 10,000 recordings of unlike sizes, under a budget and with answers that take their time: what is told
 * after each tenth of it comes true within 20 %. The clock is the test's own. */
static void test_forecast(void) {
  static const SightPaceLimit plans[][2] = {{{60, 60000}, {300, 3600000}}, {{100, 60000}, {5000, 3600000}}};
  const guint n = 10000;
  for (gsize plan = 0; plan < G_N_ELEMENTS(plans); plan++) {
    g_autoptr(SightPace) pace = sight_pace_new(plans[plan], 2);
    g_autoptr(GArray) told = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GArray) at = g_array_new(FALSE, FALSE, sizeof(gint64));
    SightForecast so_far = {.requests_each = 2};
    gint64 now_ms = 0;
    for (guint i = 0; i < n; i++) {
      if (i % (n / 10) == n / 200) {
        gint64 left_ms = sight_recordings_forecast_ms(&so_far, pace, now_ms, n - i);
        g_array_append_val(told, left_ms);
        g_array_append_val(at, now_ms);
      }
      /* One request for the sources, one for each 20 blocks; most recordings are short, a few are very long. */
      int n_requests = 2 + (g_test_rand_int_range(0, 10) == 0 ? g_test_rand_int_range(0, 8) : 0);
      for (int k = 0; k < n_requests; k++) {
        gint64 took_ms = g_test_rand_int_range(50, 1500);
        now_ms += sight_pace_wait_ms(pace, now_ms);
        sight_pace_count(pace, now_ms);
        now_ms += took_ms;
        so_far.n_requests++;
        so_far.busy_ms += took_ms;
      }
      so_far.n_taken++;
    }
    for (guint i = 0; i < told->len; i++) {
      double real_ms = (double)(now_ms - g_array_index(at, gint64, i));
      double told_ms = (double)g_array_index(told, gint64, i);
      g_test_message("plan %zu: told %.0f min, took %.0f min", plan, told_ms / 60000, real_ms / 60000);
      g_assert_cmpfloat(told_ms, >, real_ms * 0.8);
      g_assert_cmpfloat(told_ms, <, real_ms * 1.2);
    }
  }
}

/* A cache with an endpoint of a product. */
typedef struct {
  char *folder;
  SightStore *store;
  Product *product;
  gint64 endpoint;
  const char *scope;
  gint64 n_sessions;
  GString *text;
} Fixture;

static gboolean add_endpoint(SightDb *db, gpointer data, GError **error) {
  Fixture *f = data;
  f->endpoint = sight_endpoint_table_add(db, f->product->kind->kind, "there", f->product->url, error);
  return f->endpoint > 0;
}

static gboolean set_scope(SightDb *db, gpointer data, GError **error) {
  const Fixture *f = data;
  return sight_endpoint_table_set_scope(db, f->endpoint, f->scope, error);
}

static gboolean read_endpoint(SightDb *db, gpointer data, GError **error) {
  Fixture *f = data;
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_get(db, f->endpoint, error);
  f->n_sessions = endpoint != NULL ? endpoint->n_sessions : -1;
  return endpoint != NULL;
}

static void write_now(Fixture *f, SightStoreFunc func) {
  g_autoptr(GError) error = NULL;
  sight_store_write(f->store, SIGHT_WRITE_DURABLE, func, f, &error);
  g_assert_no_error(error);
}

static gint64 count(Fixture *f) {
  g_autoptr(GError) error = NULL;
  sight_store_read(f->store, read_endpoint, f, &error);
  g_assert_no_error(error);
  return f->n_sessions;
}

static void set_up(Fixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  f->product = product_new(data, (guint32)g_test_rand_int(), 8);
  f->folder = make_folder("sight-source-XXXXXX");
  f->store = sight_store_open(f->folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
  sight_token_save(f->folder, f->product->url, "user:secret", NULL, &error);
  g_assert_no_error(error);
  write_now(f, add_endpoint);
}

static void tear_down(Fixture *f, gconstpointer data) {
  sight_store_close(f->store);
  g_object_unref(f->store);
  remove_folder(f->folder);
  g_free(f->folder);
  product_free(f->product);
}

static SightSyncProgress sync_all(Fixture *f) {
  g_autoptr(GError) error = NULL;
  SightSyncProgress total = {0};
  sight_source_run(f->store, f->endpoint, NULL, NULL, &total, NULL, &error);
  g_assert_no_error(error);
  return total;
}

/* Recordings began 2, 3, … 9 hours ago, and last some seconds. */
static void test_scope(Fixture *f, gconstpointer data) {
  f->scope = "started:270m";
  write_now(f, set_scope);
  sync_all(f);
  g_assert_cmpint(count(f), ==, 3);
  /* A wider one brings the others; what is here is not fetched again. */
  f->scope = "(started:390m or started:30d) length:<1h";
  write_now(f, set_scope);
  SightSyncProgress total = sync_all(f);
  g_assert_cmpuint(total.n_sessions, ==, 5);
  g_assert_cmpint(count(f), ==, 8);
  /* And what nothing matches, nothing; what is here stays. */
  f->scope = "length:>1h";
  write_now(f, set_scope);
  total = sync_all(f);
  g_assert_cmpuint(total.n_sessions + total.n_erased, ==, 0);
  g_assert_cmpint(count(f), ==, 8);
}

static void test_scope_language(void) {
  g_autoptr(GError) error = NULL;
  const SightScopeFacts facts = {.started_ms = 1700000000000,
                                 .ended_ms = 1700000090000,
                                 .id = "s1",
                                 .url = "https://shop.example/cart?x=1",
                                 .user = "Ada",
                                 .n_errors = 2,
                                 .n_console = 0};
  const SightScopeFacts unknown = {.id = "s1", .n_errors = -1, .n_console = -1};
  const SightScopeFacts counted = {.id = "s1", .n_errors = -1, .n_console = 3};
  const char *const tells[] = {"entry", "user", "errored", "console", NULL};
  const struct {
    const char *text;
    gboolean matches, matches_unknown;
  } scopes[] = {{"", TRUE, TRUE},
                {"length:>1m", TRUE, TRUE},
                {"length:>2m", FALSE, TRUE},
                {"-length:>2m", TRUE, TRUE},
                {"entry:/cart", TRUE, TRUE},
                {"entry:/c*", TRUE, TRUE},
                {"entry:/help", FALSE, TRUE},
                {"entry:/help or user:ada", TRUE, TRUE},
                {"user:ada", TRUE, FALSE},
                {"-user", FALSE, TRUE},
                {"errored", TRUE, TRUE},
                {"-errored", FALSE, TRUE},
                {"console", FALSE, TRUE},
                {"sample:100", TRUE, TRUE},
                {"sample:0.001", FALSE, FALSE},
                {"started:2023-11-14 length:1m..2m", TRUE, TRUE}};
  for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++) {
    g_autoptr(SightFilter) scope = sight_scope_parse(scopes[i].text, tells, &error);
    g_assert_no_error(error);
    g_assert_true(sight_scope_matches(scope, &facts, 1700000900000) == scopes[i].matches);
    g_assert_true(sight_scope_matches(scope, &unknown, 1700000900000) == scopes[i].matches_unknown);
  }
  /* Some of the errors may be exceptions: who asks for those without any gets it, too. */
  g_autoptr(SightFilter) errored = sight_scope_parse("errored", tells, &error);
  g_autoptr(SightFilter) clean = sight_scope_parse("-errored -console", tells, &error);
  g_assert_no_error(error);
  g_assert_true(sight_scope_matches(errored, &counted, 1700000900000));
  g_assert_false(sight_scope_matches(clean, &counted, 1700000900000));
  const char *const refused[] = {"rage", "errored:pay", "errored[page:/cart]", "rage or user:ada", "\"ada\""};
  for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
    g_clear_error(&error);
    g_assert_null(sight_scope_parse(refused[i], tells, &error));
    g_assert_error(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX);
  }
}

/* What a kind's listing does not tell is refused, also where an earlier version took it, rather than never found. */
static void test_scope_refused(Fixture *f, gconstpointer data) {
  const SightSourceKind *kind = sight_source_kind(f->product->kind->kind);
  gboolean tells_users = kind->tells != NULL && g_strv_contains(kind->tells, "user");
  g_autoptr(GError) error = NULL;
  f->scope = "user:ada";
  write_now(f, set_scope);
  g_assert_true(sight_source_run(f->store, f->endpoint, NULL, NULL, NULL, NULL, &error) == tells_users);
  if (tells_users)
    return;
  g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_SETTING);
  g_assert_nonnull(strstr(error->message, "user:ada"));
  g_assert_nonnull(strstr(error->message, "started, length, sample"));
  g_autofree char *problem = sight_sync_problem(f->store, f->endpoint);
  g_assert_cmpstr(problem, ==, error->message);
}

static gboolean read_cursor(SightDb *db, gpointer data, GError **error) {
  Fixture *f = data;
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_get(db, f->endpoint, error);
  g_string_assign(f->text, endpoint != NULL && endpoint->cursor != NULL ? endpoint->cursor : "");
  return endpoint != NULL;
}

/* Listing and content use up one budget, and each round goes on with what those before it left. */
static void test_budget(Fixture *f, gconstpointer data) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(8);
  f->text = text;
  for (int round = 0; round < 3; round++) {
    g_autoptr(GError) error = NULL;
    SightJson root = {0};
    sync_all(f);
    sight_store_read(f->store, read_cursor, f, &error);
    g_assert_no_error(error);
    sight_json_parser_parse(parser, text->str, text->len, &root, &error);
    g_assert_no_error(error);
    SightJson sent = sight_json_get(sight_json_get(root, "pace"), "sent_ms");
    g_assert_cmpuint(sight_json_length(sent), ==, (guint)f->product->n_answers);
    /* Asking for something else gives nobody a new budget. */
    f->scope = round == 0 ? "length:<1h" : "started:270m";
    write_now(f, set_scope);
  }
}

static void test_interval(void) {
  const struct {
    const char *kind, *url;
    int wanted_s, interval_s;
  } endpoints[] = {{"collector", "https://replay.example", 60, 60},
                   {"collector", "http://127.0.0.1:8787", 60, 5},
                   {"posthog", "http://127.0.0.1:1/project/7", 60, 1800},
                   {"umami", "https://u.example/websites/a", 60, 900},
                   {"umami", "https://u.example/websites/a", 3600, 3600}};
  for (gsize i = 0; i < G_N_ELEMENTS(endpoints); i++) {
    const SightEndpoint endpoint = {.kind = (char *)endpoints[i].kind, .url = (char *)endpoints[i].url};
    g_assert_cmpint(sight_source_interval_s(&endpoint, endpoints[i].wanted_s), ==, endpoints[i].interval_s);
  }
}

static void stop_after_three(const SightSyncProgress *progress, gpointer user_data) {
  if (progress->n_sessions == 3)
    g_cancellable_cancel(user_data);
}

/* Stopped, a round keeps what it has, and the next one fetches the rest alone. */
static void test_stop(Fixture *f, gconstpointer data) {
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_source_run(f->store, f->endpoint, stop_after_three, cancellable, NULL, cancellable, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint(count(f), ==, 3);
  SightSyncProgress total = sync_all(f);
  g_assert_cmpuint(total.n_sessions, ==, 5);
  g_assert_cmpint(count(f), ==, 8);
}

static gboolean append_text(const SightStoredBatch *stored, gpointer data, GError **error) {
  g_string_append_len(data, stored->batch.events, (gssize)stored->batch.events_bytes);
  return TRUE;
}

static gboolean read_first(SightDb *db, gpointer data, GError **error) {
  Fixture *f = data;
  const ProductRecording *recording = f->product->recordings->pdata[0];
  g_autoptr(SightSession) session = sight_session_table_find(db, f->endpoint, recording->id, error);
  return session != NULL && sight_batch_table_each(db, session->row, NULL, 0, 0, append_text, f->text, NULL, error);
}

static guint count_text(const char *text, const char *what) {
  guint n = 0;
  for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
    n++;
  return n;
}

/* Whom a recording is of, and the errors that a product keeps beside it, become events of ours; once, also where the
 * recording grows. */
static void test_told(Fixture *f, gconstpointer data) {
  gboolean has_errors = data == &product_sentry;
  f->product->user = "ada@shop.example";
  f->product->has_errors = has_errors;
  f->product->has_events = data == &product_posthog;
  for (int round = 0; round < 2; round++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    f->text = text;
    SightSyncProgress total = sync_all(f);
    g_assert_cmpuint(total.n_batches, >, 0);
    sight_store_read(f->store, read_first, f, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_text(text->str, "\"tag\":\"ss:identify\",\"payload\":{\"user\":\"ada@shop.example\"}"), ==,
                     1);
    g_assert_cmpuint(
        count_text(
            text->str,
            "\"tag\":\"ss:error\",\"payload\":{\"message\":\"TypeError: x is undefined\",\"kind\":\"exception\","
            "\"stack\":\"    at pay (https://shop.example/pay.js:7:3)\\n    at ? (https://shop.example/app.js:1:9)\"}"),
        ==, has_errors ? 1 : 0);
    g_assert_cmpuint(
        count_text(text->str, "\"tag\":\"ss:event\",\"payload\":{\"name\":\"paid\",\"properties\":{\"sum\":0}}"), ==,
        f->product->has_events ? 1 : 0);
    g_assert_cmpuint(count_text(text->str, "\"name\":\"paid\""), ==, f->product->has_events ? 1 : 0);
    g_assert_cmpuint(
        count_text(text->str, "\"tag\":\"ss:identify\",\"payload\":{\"user\":\"470\",\"traits\":{\"plan\":\"pro\"}}"),
        ==, f->product->has_events ? 1 : 0);
    product_grow(f->product, f->product->recordings->pdata[0], 4);
  }
}

/* What other products keep beside a recording: once, also where it grows, and nothing where it may not be read. */
static void test_beside(Fixture *f, gconstpointer data) {
  static const char *const of_clickstack[] = {
      "\"data\":{\"plugin\":\"rrweb/console@1\",\"payload\":{\"level\":\"warn\",\"trace\":[],\"payload\":"
      "[\"\\\"he said \\\\\\\"no\\\\\\\"\\\"\"]}}",
      "\"tag\":\"ss:error\",\"payload\":{\"message\":\"TypeError: x\",\"kind\":\"exception\",\"stack\":\"at pay\"}",
      "\"tag\":\"ss:request\",\"payload\":{\"kind\":\"fetch\",\"method\":\"POST\",\"url\":\"https://shop.example/pay\","
      "\"status\":502,\"duration_ms\":1}",
      NULL};
  static const char *const of_umami[] = {"\"tag\":\"ss:event\",\"payload\":{\"name\":\"paid\"}", NULL};
  const char *const *wanted = data == &product_clickstack ? of_clickstack : of_umami;
  for (int round = 0; round < 3; round++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    f->text = text;
    f->product->has_events = round > 0;
    sync_all(f);
    sight_store_read(f->store, read_first, f, &error);
    g_assert_no_error(error);
    for (gsize i = 0; wanted[i] != NULL; i++)
      g_assert_cmpuint(count_text(text->str, wanted[i]), ==, round > 0 ? 1 : 0);
    product_grow(f->product, f->product->recordings->pdata[0], 4);
  }
}

/* More is known of an error the next time, or less: it is the same error. */
static void test_told_better(Fixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  f->text = text;
  f->product->has_errors = TRUE;
  f->product->has_no_details = TRUE;
  for (int round = 0; round < 2; round++) {
    sync_all(f);
    f->product->has_no_details = FALSE;
    product_grow(f->product, f->product->recordings->pdata[0], 4);
  }
  sight_store_read(f->store, read_first, f, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(count_text(text->str, "TypeError: x is undefined"), ==, 1);
}

static gboolean read_name(SightDb *db, gpointer data, GError **error) {
  Fixture *f = data;
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_get(db, f->endpoint, error);
  g_string_assign(f->text, endpoint != NULL ? endpoint->name : "");
  return endpoint != NULL;
}

/* Filters tell them apart by their names. */
static void test_names(Fixture *f, gconstpointer data) {
  static const char *const wanted[] = {"there", "there 2", "there 3"};
  g_autoptr(GString) text = g_string_new(NULL);
  f->text = text;
  for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
    g_autoptr(GError) error = NULL;
    if (i > 0)
      write_now(f, add_endpoint);
    sight_store_read(f->store, read_name, f, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text->str, ==, wanted[i]);
  }
}

static gulong most_memory_kib(void) {
  struct rusage usage;
  g_assert_cmpint(getrusage(RUSAGE_SELF, &usage), ==, 0);
  return (gulong)usage.ru_maxrss;
}

/* A public key lets anybody add rows of which each says that it is the first chunk of very many. */
static GString *answer_chunks(Product *product, const char *path, GString *headers, const char **status) {
  g_autofree char *sql = product_parameter(path, "query");
  if (!g_str_has_prefix(sql, "SELECT Body"))
    return product_clickstack.answer(product, path, headers, status);
  GString *out = g_string_new("{\"data\":[{\"time\":\"1\",\"body\":\"{\\\"type\\\":4,\\\"timestamp\\\":1790000000000,"
                              "\\\"data\\\":{}}\",\"event\":\"\",\"chunk\":\"\",\"chunks\":\"\"}");
  for (int i = 0; i < 2000; i++)
    g_string_append_printf(
        out, ",{\"time\":\"%d\",\"body\":\"{\",\"event\":\"1\",\"chunk\":\"1\",\"chunks\":\"100000\"}", i);
  return g_string_append(out, "]}");
}

static const ProductKind product_chunks = {"clickstack", "/default", FALSE, answer_chunks};

static void test_many_chunks(Fixture *f, gconstpointer data) {
  gulong before_kib = most_memory_kib();
  sync_all(f);
  g_assert_cmpint(count(f), ==, 8);
  g_assert_cmpuint(most_memory_kib() - before_kib, <, 400 * 1024);
}

/* Each value of a listing takes far more memory than its text. */
static GString *answer_values(Product *product, const char *path, GString *headers, const char **status) {
  GString *out = g_string_new("{\"data\":[0");
  for (int i = 0; i < 9 * 1024 * 1024; i++)
    g_string_append_len(out, ",0", 2);
  return g_string_append(out, "]}");
}

static const ProductKind product_values = {"umami", "/websites/site", FALSE, answer_values};

static void test_many_values(Fixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_source_run(f->store, f->endpoint, NULL, NULL, NULL, NULL, &error));
  g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
  g_assert_nonnull(strstr(error->message, "too many values"));
}

static gboolean erase_one(SightDb *db, gpointer data, GError **error) {
  const Fixture *f = data;
  const ProductRecording *recording = f->product->recordings->pdata[0];
  g_autoptr(SightSession) session = sight_session_table_find(db, f->endpoint, recording->id, error);
  return session != NULL && sight_session_table_erase(db, session->row, error);
}

/* What was erased here does not come back, also where it grows there. */
static void test_erased_here(Fixture *f, gconstpointer data) {
  sync_all(f);
  write_now(f, erase_one);
  product_grow(f->product, f->product->recordings->pdata[0], 4);
  sync_all(f);
  g_assert_cmpint(count(f), ==, 7);
}

int main(int argc, char **argv) {
  static const ProductKind *const products[] = {&product_posthog, &product_sentry, &product_clickstack, &product_umami};
  g_test_init(&argc, &argv, NULL);
  sight_recordings_widened = 50;
  g_test_add_func("/source/check", test_check);
  g_test_add_func("/source/addresses", test_addresses);
  g_test_add_func("/source/forecast", test_forecast);
  g_test_add_func("/source/scope-language", test_scope_language);
  for (gsize i = 0; i < G_N_ELEMENTS(products); i++) {
    g_autofree char *scope = g_strconcat("/source/scope/", products[i]->kind, NULL);
    g_test_add(scope, Fixture, products[i], set_up, test_scope, tear_down);
    g_autofree char *refused = g_strconcat("/source/scope-refused/", products[i]->kind, NULL);
    g_test_add(refused, Fixture, products[i], set_up, test_scope_refused, tear_down);
  }
  for (gsize i = 0; i < 2; i++) {
    g_autofree char *told = g_strconcat("/source/told/", products[i]->kind, NULL);
    g_test_add(told, Fixture, products[i], set_up, test_told, tear_down);
  }
  for (gsize i = 2; i < 4; i++) {
    g_autofree char *beside = g_strconcat("/source/beside/", products[i]->kind, NULL);
    g_test_add(beside, Fixture, products[i], set_up, test_beside, tear_down);
  }
  g_test_add("/source/told-better", Fixture, &product_sentry, set_up, test_told_better, tear_down);
  g_test_add("/source/names", Fixture, &product_umami, set_up, test_names, tear_down);
  g_test_add("/source/many-chunks", Fixture, &product_chunks, set_up, test_many_chunks, tear_down);
  g_test_add("/source/many-values", Fixture, &product_values, set_up, test_many_values, tear_down);
  g_test_add_func("/source/interval", test_interval);
  g_test_add("/source/budget", Fixture, &product_posthog, set_up, test_budget, tear_down);
  g_test_add("/source/stop", Fixture, &product_umami, set_up, test_stop, tear_down);
  g_test_add("/source/erased-here", Fixture, &product_posthog, set_up, test_erased_here, tear_down);
  return g_test_run();
}
