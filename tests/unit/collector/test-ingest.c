/* SPDX-License-Identifier: MIT */
/* Taking batches: what is refused and why, what is stored once, and what it costs. */
#include "collector-fixture.h"

#include "sight-compress.h"

#include <string.h>

#define MEBI ((gsize)1024 * 1024)

typedef struct {
  const char *name;
  guint status;
  const char *field;
  Asking asking; /* path "…KEY" stands for the right key */
} Refusal;

#define GOOD                                                                                                           \
  "{\"v\":1,\"session\":\"s\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"events\":[{\"type\":4,\"timestamp\":1,"       \
  "\"data\":{}}]}"
#define JSON "application/json"

static const Refusal refusals[] = {
    {"method", 405, "method", {"GET", "/v1/batches?key=KEY"}},
    {"method-put", 405, "method", {"PUT", "/v1/batches?key=KEY", GOOD, 0, JSON}},
    {"path", 404, "path", {"POST", "/v1/batch?key=KEY", GOOD, 0, JSON}},
    {"no-key", 401, "key", {"POST", "/v1/batches", GOOD, 0, JSON}},
    {"wrong-key", 401, "key", {"POST", "/v1/batches?key=ssw_0000000000000000000000", GOOD, 0, JSON}},
    {"token-as-key", 403, "key", {"POST", "/v1/batches?key=TOKEN", GOOD, 0, JSON}},
    {"type", 415, "content-type", {"POST", "/v1/batches?key=KEY", GOOD, 0, "text/html"}},
    {"type-missing", 415, "content-type", {"POST", "/v1/batches?key=KEY"}},
    {"encoding", 415, "content-encoding", {"POST", "/v1/batches?key=KEY", GOOD, 0, JSON, "br"}},
    {"encoding-twice", 415, "content-encoding", {"POST", "/v1/batches?key=KEY", GOOD, 0, JSON, "gzip, gzip"}},
    {"not-gzip", 422, "body", {"POST", "/v1/batches?key=KEY", GOOD, 0, JSON, "gzip"}},
    {"no-json", 422, "body", {"POST", "/v1/batches?key=KEY", "hello", 0, JSON}},
    {"array", 422, "body", {"POST", "/v1/batches?key=KEY", "[1]", 0, JSON}},
    {"version",
     422,
     "v",
     {"POST", "/v1/batches?key=KEY",
      "{\"v\":2,\"session\":\"s\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"events\":[{\"type\":4,\"timestamp\":1,"
      "\"data\":{}}]}",
      0, JSON}},
    {"session",
     422,
     "session",
     {"POST", "/v1/batches?key=KEY",
      "{\"v\":1,\"session\":\"../"
      "s\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"events\":[{\"type\":4,\"timestamp\":1,\"data\":{}}]}",
      0, JSON}},
    {"window",
     422,
     "window",
     {"POST", "/v1/batches?key=KEY",
      "{\"v\":1,\"session\":\"s\",\"seq\":0,\"sent_at\":1,\"events\":[{\"type\":4,\"timestamp\":1,\"data\":{}}]}", 0,
      JSON}},
    {"seq",
     422,
     "seq",
     {"POST", "/v1/batches?key=KEY",
      "{\"v\":1,\"session\":\"s\",\"window\":\"w\",\"seq\":-1,\"sent_at\":1,\"events\":[{\"type\":4,\"timestamp\":1,"
      "\"data\":{}}]}",
      0, JSON}},
    {"events",
     422,
     "events",
     {"POST", "/v1/batches?key=KEY", "{\"v\":1,\"session\":\"s\",\"window\":\"w\",\"seq\":0,\"sent_at\":1}", 0, JSON}},
};

static char *fill_in(const Collector *collector, const char *path) {
  g_autoptr(GString) text = g_string_new(path);
  g_string_replace(text, "=KEY", "=", 0);
  if (g_str_has_suffix(path, "=KEY"))
    g_string_append(text, collector->write_key);
  g_string_replace(text, "TOKEN", collector->token, 0);
  return g_strdup(text->str);
}

static gint64 count_changes(const Collector *collector) {
  g_autoptr(Answer) answer =
      ask(collector, (Asking){.method = "GET", .path = "/v1/changes", .token = collector->token});
  g_assert_cmpuint(answer->status, ==, 200);
  g_auto(GStrv) parts = g_strsplit(answer->body, "\"session\":", -1);
  return (gint64)g_strv_length(parts) - 1;
}

static void test_refusals(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
    g_autofree char *path = fill_in(collector, refusals[i].asking.path);
    Asking asking = refusals[i].asking;
    asking.path = path;
    g_autoptr(Answer) answer = ask(collector, asking);
    g_autofree char *field = answer_string(answer, "error.field");
    g_autofree char *code = answer_string(answer, "error.code");
    g_autofree char *message = answer_string(answer, "error.message");
    g_test_message("%s: %u %s", refusals[i].name, answer->status, answer->body);
    g_assert_cmpuint(answer->status, ==, refusals[i].status);
    g_assert_cmpstr(field, ==, refusals[i].field);
    g_assert_nonnull(code);
    g_assert_nonnull(message);
    g_assert_cmpstr(g_hash_table_lookup(answer->headers, "content-type"), ==, JSON);
  }
  g_assert_cmpint(count_changes(collector), ==, 0);
  /* What the refused ones are near to. */
  g_autoptr(Answer) good = post(collector, GOOD);
  g_assert_cmpuint(good->status, ==, 202);
  g_autofree char *path = fill_in(collector, "/v1/batches?key=KEY");
  g_autoptr(Answer) beacon =
      ask(collector, (Asking){"POST", path, GOOD, 0, "text/plain;charset=UTF-8", .origin = "https://shop.example"});
  g_assert_cmpuint(beacon->status, ==, 202);
  g_assert_cmpint(answer_int(beacon, "duplicate"), ==, TRUE);
  g_assert_cmpstr(g_hash_table_lookup(beacon->headers, "access-control-allow-origin"), ==, "https://shop.example");
}

/* The head alone is enough for an answer: the body never has to be sent. */
static void test_early(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  const struct {
    const char *key, *lines;
    const char *status;
  } heads[] = {
      {"KEY", "Content-Type: application/json\r\nContent-Length: 10485761\r\n", "HTTP/1.1 413 "},
      {"KEY", "Content-Type: text/css\r\nTransfer-Encoding: chunked\r\n", "HTTP/1.1 415 "},
      {"nobody", "Content-Type: application/json\r\nContent-Length: 100\r\n", "HTTP/1.1 401 "},
      {"KEY", "Content-Type: application/json\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n",
       "HTTP/1.1 413 "},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
    g_autofree char *head =
        g_strdup_printf("POST /v1/batches?key=%s HTTP/1.1\r\nHost: x\r\n%s\r\n",
                        g_str_equal(heads[i].key, "KEY") ? collector->write_key : heads[i].key, heads[i].lines);
    g_autofree char *answer = speak_raw(collector, head, strlen(head));
    g_assert_true(g_str_has_prefix(answer, heads[i].status));
    g_assert_nonnull(strstr(answer, "\r\nConnection: close\r\n"));
    g_assert_nonnull(strstr(answer, "{\"error\":{"));
  }
}

/* One connection that sends `n` chunks of a MiB each, whatever the other side says; then reads. */
static char *send_chunked(const Collector *collector, guint n) {
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text,
                         "POST /v1/batches?key=%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n",
                         collector->write_key);
  g_autofree char *mebi = g_strnfill(MEBI, ' ');
  for (guint i = 0; i < n; i++) {
    g_string_append(text, "100000\r\n");
    g_string_append_len(text, mebi, MEBI);
    g_string_append(text, "\r\n");
  }
  g_string_append(text, "0\r\n\r\n");
  return speak_raw(collector, text->str, text->len);
}

static void test_chunked(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autofree char *fits = send_chunked(collector, 1);
  g_assert_true(g_str_has_prefix(fits, "HTTP/1.1 422 "));
  gint64 idle = collector_memory(collector);
  g_autofree char *answer = send_chunked(collector, 400);
  g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 413 "));
  g_assert_nonnull(strstr(answer, "\"field\":\"body\""));
  gint64 grown = collector_memory(collector) - idle;
  g_test_message("grew by %" G_GINT64_FORMAT " KiB", grown);
  g_assert_cmpint(grown, <, 40 * 1024);
}

/* Three times as many as there is room for say half a head and no more: others are heard all the same, then and later.
 */
static void test_silent_crowd(void) {
  static const char half[] = "GET /v1/health HTTP/1.1\r\nHost: x\r\nX-";
  g_autoptr(Collector) collector = collector_start_confined(400);
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GPtrArray) crowd = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < 300; i++) {
    g_autoptr(GError) error = NULL;
    GSocketConnection *connection = g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, &error);
    g_assert_no_error(error);
    g_ptr_array_add(crowd, connection);
    g_output_stream_write(g_io_stream_get_output_stream(G_IO_STREAM(connection)), half, sizeof half - 1, NULL, NULL);
  }
  g_autoptr(Answer) during = ask(collector, (Asking){.method = "GET", .path = "/v1/health"});
  g_assert_cmpuint(during->status, ==, 200);
  g_ptr_array_set_size(crowd, 0);
  g_autoptr(Answer) after = ask(collector, (Asking){.method = "GET", .path = "/v1/health"});
  g_assert_cmpuint(after->status, ==, 200);
}

static Answer *post_packed(const Collector *collector, const void *data, gsize bytes) {
  g_autofree char *path = g_strconcat("/v1/batches?key=", collector->write_key, NULL);
  return ask(collector,
             (Asking){.method = "POST", .path = path, .body = data, .bytes = bytes, .type = JSON, .encoding = "gzip"});
}

static void test_gzip(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autofree char *batch = batch_json("gz", "w", 0, 100000);
  g_autoptr(GBytes) packed = sight_gzip_compress(batch, strlen(batch));
  gsize bytes = 0;
  const char *data = g_bytes_get_data(packed, &bytes);
  /* Cut anywhere, it is refused whole. */
  for (gsize cut = 1; cut < bytes; cut += 1 + bytes / 16) {
    g_autoptr(Answer) torn = post_packed(collector, data, cut);
    g_assert_cmpuint(torn->status, ==, 422);
  }
  g_assert_cmpint(count_changes(collector), ==, 0);
  g_autoptr(Answer) whole = post_packed(collector, data, bytes);
  g_assert_cmpuint(whole->status, ==, 202);

  g_autofree char *blanks = g_malloc(65 * MEBI);
  memset(blanks, ' ', 65 * MEBI);
  memcpy(blanks, "{\"events\":[", 11);
  g_autoptr(GBytes) bomb = sight_gzip_compress(blanks, 65 * MEBI);
  g_assert_cmpuint(g_bytes_get_size(bomb), <, MEBI);
  g_autoptr(Answer) answer = post_packed(collector, g_bytes_get_data(bomb, NULL), g_bytes_get_size(bomb));
  g_autofree char *field = answer_string(answer, "error.field");
  g_assert_cmpuint(answer->status, ==, 413);
  g_assert_cmpstr(field, ==, "body");
}

typedef struct {
  const Collector *collector;
  int first;
  int n_stored, n_duplicates, n_others;
} Crowd;

#define CROWD 6
#define EACH 12

/* Everybody posts the same batches, each beginning with another. */
static gpointer post_all(gpointer data) {
  Crowd *crowd = data;
  int first = g_atomic_int_add(&crowd->first, 2);
  for (int i = 0; i < EACH; i++) {
    g_autofree char *batch = batch_json("crowd", "w", (first + i) % EACH, 10);
    g_autoptr(Answer) answer = post(crowd->collector, batch);
    if (answer->status != 202)
      g_atomic_int_inc(&crowd->n_others);
    else if (answer_int(answer, "stored") == TRUE)
      g_atomic_int_inc(&crowd->n_stored);
    else if (answer_int(answer, "duplicate") == TRUE)
      g_atomic_int_inc(&crowd->n_duplicates);
  }
  return NULL;
}

static void test_once(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  Crowd crowd = {.collector = collector};
  GThread *threads[CROWD];
  for (int i = 0; i < CROWD; i++)
    threads[i] = g_thread_new("poster", post_all, &crowd);
  for (int i = 0; i < CROWD; i++)
    g_thread_join(threads[i]);
  g_assert_cmpint(crowd.n_others, ==, 0);
  g_assert_cmpint(crowd.n_stored, ==, EACH);
  g_assert_cmpint(crowd.n_duplicates, ==, (CROWD - 1) * EACH);
  g_assert_cmpint(count_changes(collector), ==, 1);
  /* The same number of another window is another batch. */
  g_autofree char *other = batch_json("crowd", "w2", 0, 10);
  g_autoptr(Answer) answer = post(collector, other);
  g_assert_cmpint(answer_int(answer, "stored"), ==, TRUE);
}

/* Batches of random sessions with random proofs: what the first one brought, every later one has to bring, also where
 * it is not the next of its window, or another window, or one that is there already. Proofs are not handed out. */
static void test_owner(void) {
  static const char *const proofs[] = {NULL, "proof-of-ada", "proof-of-bob", "proof-of-eve"};
  g_autoptr(Collector) collector = collector_start(NULL);
  int owner[6];
  for (int i = 0; i < 6; i++)
    owner[i] = -1;
  for (int step = 0; step < 150; step++) {
    int session = g_test_rand_int_range(0, 6), proof = g_test_rand_int_range(0, 4);
    g_autofree char *member =
        proofs[proof] != NULL ? g_strdup_printf("\"proof\":\"%s\",", proofs[proof]) : g_strdup("");
    g_autofree char *batch = g_strdup_printf(
        "{\"v\":1,\"session\":\"s%d\",%s\"window\":\"w%d\",\"seq\":%d,\"events\":[{\"type\":4,\"timestamp\":%d}]}",
        session, member, g_test_rand_int_range(0, 3), g_test_rand_int_range(0, 6), step);
    g_autoptr(Answer) answer = post(collector, batch);
    if (owner[session] < 0)
      owner[session] = proof;
    gboolean may = owner[session] == 0 || owner[session] == proof;
    g_autofree char *field = answer_string(answer, "error.field");
    g_assert_cmpuint(answer->status, ==, may ? 202 : 403);
    g_assert_cmpstr(field, ==, may ? NULL : "proof");
  }
  for (int session = 0; session < 6; session++) {
    g_autofree char *path = g_strdup_printf("/v1/sessions/s%d/batches", session);
    g_autoptr(Answer) batches = ask(collector, (Asking){.method = "GET", .path = path, .token = collector->token});
    g_assert_null(strstr(batches->body, "proof"));
  }
  g_autoptr(Answer) odd = post(collector, "{\"v\":1,\"session\":\"s\",\"proof\":\"no id\",\"window\":\"w\",\"seq\":0,"
                                          "\"events\":[{\"type\":4,\"timestamp\":1}]}");
  g_autofree char *odd_field = answer_string(odd, "error.field");
  g_assert_cmpuint(odd->status, ==, 422);
  g_assert_cmpstr(odd_field, ==, "proof");
}

static void test_cut_body(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autofree char *batch = batch_json("cut", "w", 0, 50);
  g_autofree char *request = g_strdup_printf(
      "POST /v1/batches?key=%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
      collector->write_key, strlen(batch), batch);
  for (gsize cut = 1; cut < strlen(request); cut += 7) {
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketConnection) connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, NULL);
    g_assert_nonnull(connection);
    g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)), request, cut, NULL, NULL, NULL);
    g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
  }
  g_assert_cmpint(count_changes(collector), ==, 0);
  g_autoptr(Answer) answer = post(collector, batch);
  g_assert_cmpuint(answer->status, ==, 202);
}

static void test_rate(void) {
  const char *by_address[] = {"--rate-address", "0.01:3", "--trust-proxy", NULL};
  const char *by_key[] = {"--rate-key", "0.01:3", NULL};
  g_autoptr(Collector) collector = collector_start(by_address);
  g_autofree char *path = g_strconcat("/v1/batches?key=", collector->write_key, NULL);
  Asking asking = {.method = "POST",
                   .path = path,
                   .body = GOOD,
                   .type = JSON,
                   .header = "X-Forwarded-For",
                   .value = "6.6.6.6, 192.0.2.1"};
  for (int i = 0; i < 3; i++) {
    g_autoptr(Answer) answer = ask(collector, asking);
    g_assert_cmpuint(answer->status, ==, 202);
  }
  /* What the client itself wrote into the list does not help it. */
  asking.value = "7.7.7.7, 192.0.2.1";
  g_autoptr(Answer) refused = ask(collector, asking);
  g_autofree char *field = answer_string(refused, "error.field");
  g_assert_cmpuint(refused->status, ==, 429);
  g_assert_cmpstr(field, ==, "address");
  g_assert_cmpint(g_ascii_strtoll(g_hash_table_lookup(refused->headers, "retry-after"), NULL, 10), >=, 1);
  /* Nor does how a proxy writes the address. */
  const char *const forms[] = {"::ffff:192.0.2.1", "192.0.2.1:5678", "[::ffff:192.0.2.1]:5678"};
  for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
    asking.value = forms[i];
    g_autoptr(Answer) again = ask(collector, asking);
    g_assert_cmpuint(again->status, ==, 429);
  }
  /* Guesses and the health of the store count by themselves, so that posts do not use up what those who read have. */
  const char *const works[] = {"/v1/health", "/v1/project", "/v1/project", "/v1/project", "/v1/health"};
  const guint wanted[] = {200, 401, 401, 429, 429};
  for (gsize i = 0; i < G_N_ELEMENTS(works); i++) {
    g_autoptr(Answer) work = ask(collector, (Asking){.method = "GET",
                                                     .path = works[i],
                                                     .token = "ssr_unknown",
                                                     .header = "X-Forwarded-For",
                                                     .value = "192.0.2.1"});
    g_assert_cmpuint(work->status, ==, wanted[i]);
  }
  asking.value = "7.7.7.7, 192.0.2.2";
  g_autoptr(Answer) neighbour = ask(collector, asking);
  g_assert_cmpuint(neighbour->status, ==, 202);

  collector_restart(collector, by_key);
  for (int i = 0; i < 3; i++) {
    g_autoptr(Answer) answer = post(collector, GOOD);
    g_assert_cmpuint(answer->status, ==, 202);
  }
  g_autoptr(Answer) too_many = post(collector, GOOD);
  g_autofree char *key_field = answer_string(too_many, "error.field");
  g_assert_cmpuint(too_many->status, ==, 429);
  g_assert_cmpstr(key_field, ==, "key");
}

static Answer *post_from(const Collector *collector, const char *method, const char *origin) {
  g_autofree char *path = g_strconcat("/v1/batches?key=", collector->write_key, NULL);
  return ask(collector, (Asking){.method = method,
                                 .path = path,
                                 .body = g_str_equal(method, "POST") ? GOOD : NULL,
                                 .type = JSON,
                                 .origin = origin,
                                 .header = "Access-Control-Request-Method",
                                 .value = "POST"});
}

static void test_origins(void) {
  const char *options[] = {"--origin", "https://shop.example", "--origin", "https://www.shop.example", NULL};
  g_autoptr(Collector) collector = collector_start(options);
  collector_restart(collector, NULL); /* the list is kept */
  const struct {
    const char *origin;
    guint status;
  } tries[] = {{"https://shop.example", 202},
               {"https://www.shop.example", 202},
               {"http://shop.example", 403},
               {"https://shop.example.evil.org", 403},
               {"null", 403},
               {NULL, 403}};
  for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
    g_autoptr(Answer) answer = post_from(collector, "POST", tries[i].origin);
    g_assert_cmpuint(answer->status, ==, tries[i].status);
    g_autofree char *field = answer_string(answer, "error.field");
    g_assert_cmpstr(field, ==, tries[i].status == 403 ? "origin" : NULL);
  }
  g_autoptr(Answer) preflight = post_from(collector, "OPTIONS", "https://shop.example");
  g_assert_cmpuint(preflight->status, ==, 204);
  g_assert_cmpstr(g_hash_table_lookup(preflight->headers, "access-control-allow-origin"), ==, "https://shop.example");
  g_assert_nonnull(strstr(g_hash_table_lookup(preflight->headers, "access-control-allow-headers"), "content-encoding"));
  g_autoptr(Answer) foreign = post_from(collector, "OPTIONS", "https://evil.example");
  g_assert_cmpuint(foreign->status, ==, 403);
  g_assert_null(g_hash_table_lookup(foreign->headers, "access-control-allow-origin"));
}

/* What was acknowledged is there after the hardest end. */
static void test_acknowledged(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  for (int i = 0; i < 5; i++) {
    g_autofree char *batch = batch_json("kept", "w", i, 1000);
    g_autoptr(Answer) answer = post(collector, batch);
    g_assert_cmpint(answer_int(answer, "stored"), ==, TRUE);
  }
  collector_kill(collector);
  collector_restart(collector, NULL);
  for (int i = 0; i < 5; i++) {
    g_autofree char *batch = batch_json("kept", "w", i, 1000);
    g_autoptr(Answer) answer = post(collector, batch);
    g_assert_cmpint(answer_int(answer, "duplicate"), ==, TRUE);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/collector/ingest/refusals", test_refusals);
  g_test_add_func("/collector/ingest/early", test_early);
  g_test_add_func("/collector/ingest/chunked", test_chunked);
  g_test_add_func("/collector/ingest/silent-crowd", test_silent_crowd);
  g_test_add_func("/collector/ingest/gzip", test_gzip);
  g_test_add_func("/collector/ingest/once", test_once);
  g_test_add_func("/collector/ingest/owner", test_owner);
  g_test_add_func("/collector/ingest/cut-body", test_cut_body);
  g_test_add_func("/collector/ingest/rate", test_rate);
  g_test_add_func("/collector/ingest/origins", test_origins);
  g_test_add_func("/collector/ingest/acknowledged", test_acknowledged);
  return g_test_run();
}
