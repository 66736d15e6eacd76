/* SPDX-License-Identifier: MIT */
/* What workstations ask for: changes, batches, annotations, erasing, and who may ask. */
#include "collector-fixture.h"

#include <gio/gunixsocketaddress.h>

#include <string.h>

#define TAG                                                                                                            \
  "{\"id\":\"tag-1\",\"session\":\"s1\",\"kind\":\"tag\",\"at\":1200,\"body\":\"%s\",\"author\":\"ada\","              \
  "\"created_at\":1000,\"updated_at\":%d,\"deleted\":false}"

static Answer *get(const Collector *collector, const char *path) {
  return ask(collector, (Asking){.method = "GET", .path = path, .token = collector->token});
}

static Answer *put_tag(const Collector *collector, const char *token, const char *body, int updated) {
  g_autofree char *json = g_strdup_printf(TAG, body, updated);
  return ask(
      collector,
      (Asking){
          .method = "PUT", .path = "/v1/annotations/tag-1", .body = json, .type = "application/json", .token = token});
}

static void post_batches(const Collector *collector, const char *session, int first, int n, gsize padding) {
  for (int i = first; i < first + n; i++) {
    g_autofree char *batch = batch_json(session, "w", i, padding);
    g_autoptr(Answer) answer = post(collector, batch);
    g_assert_cmpint(answer_int(answer, "stored"), ==, TRUE);
  }
}

static guint count_lines(const char *text) {
  guint n = 0;
  for (; *text != '\0'; text++)
    n += *text == '\n' ? 1 : 0;
  return n;
}

static void test_changes(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  post_batches(collector, "s1", 0, 2, 10);
  post_batches(collector, "s2", 0, 1, 10);
  g_autoptr(Answer) first = get(collector, "/v1/changes?limit=1");
  g_autofree char *cursor = answer_string(first, "cursor");
  g_assert_nonnull(strstr(first->body, "\"session\":\"s1\""));
  g_assert_null(strstr(first->body, "\"session\":\"s2\""));
  g_assert_cmpint(answer_int(first, "more"), ==, TRUE);
  g_autofree char *path = g_strconcat("/v1/changes?after=", cursor, NULL);
  g_autoptr(Answer) second = get(collector, path);
  g_assert_nonnull(strstr(second->body, "\"session\":\"s2\""));
  g_assert_cmpint(answer_int(second, "more"), ==, FALSE);
  /* A session that grows comes again, once. */
  post_batches(collector, "s1", 2, 1, 10);
  g_autofree char *second_cursor = answer_string(second, "cursor");
  g_autofree char *second_path = g_strconcat("/v1/changes?after=", second_cursor, NULL);
  g_autoptr(Answer) third = get(collector, second_path);
  g_assert_nonnull(strstr(third->body, "\"session\":\"s1\""));
  g_assert_nonnull(strstr(third->body, "\"batches\":3"));
  g_assert_null(strstr(third->body, "\"session\":\"s2\""));

  const char *const foreign[] = {"/v1/changes?after=other.1", "/v1/changes?after=1", "/v1/annotations?after=other.1"};
  for (gsize i = 0; i < G_N_ELEMENTS(foreign); i++) {
    g_autoptr(Answer) refused = get(collector, foreign[i]);
    g_autofree char *field = answer_string(refused, "error.field");
    g_assert_cmpuint(refused->status, ==, 409);
    g_assert_cmpstr(field, ==, "after");
  }
  g_autoptr(Answer) limit = get(collector, "/v1/changes?limit=0");
  g_autofree char *limit_field = answer_string(limit, "error.field");
  g_assert_cmpuint(limit->status, ==, 422);
  g_assert_cmpstr(limit_field, ==, "limit");
}

static void test_batches(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  post_batches(collector, "s1", 0, 3, 5000);
  g_autoptr(Answer) all = get(collector, "/v1/sessions/s1/batches");
  g_assert_cmpuint(all->status, ==, 200);
  g_assert_cmpstr(g_hash_table_lookup(all->headers, "content-type"), ==, "application/x-ndjson");
  g_assert_cmpuint(count_lines(all->body), ==, 3);
  g_assert_nonnull(strstr(all->body, "\"arrival\":"));
  g_assert_nonnull(strstr(all->body, "\"received_at\":"));
  g_autoptr(Answer) rest = get(collector, "/v1/sessions/s1/batches?after=2");
  g_assert_cmpuint(count_lines(rest->body), ==, 1);
  g_assert_nonnull(strstr(rest->body, "\"seq\":2"));
  g_autoptr(Answer) none = get(collector, "/v1/sessions/s1/batches?after=3");
  g_assert_cmpuint(none->status, ==, 200);
  g_assert_cmpstr(none->body, ==, "");

  g_autoptr(Answer) packed = ask(collector, (Asking){.method = "GET",
                                                     .path = "/v1/sessions/s1/batches",
                                                     .token = collector->token,
                                                     .header = "Accept-Encoding",
                                                     .value = "gzip"});
  g_assert_cmpstr(g_hash_table_lookup(packed->headers, "content-encoding"), ==, "gzip");
  g_assert_cmpuint(packed->bytes, <, all->bytes / 2);

  g_autoptr(Answer) absent = get(collector, "/v1/sessions/s/batches");
  g_assert_cmpuint(absent->status, ==, 404);
  /* The beginning of an id is not the id, when a program asks. */
  post_batches(collector, "session-long", 0, 1, 10);
  g_autoptr(Answer) prefix = get(collector, "/v1/sessions/session-lo/batches");
  g_assert_cmpuint(prefix->status, ==, 404);
  g_autoptr(Answer) slash = get(collector, "/v1/sessions/a%2Fb/batches");
  g_assert_cmpuint(slash->status, ==, 422);
}

#define N_AT_ONCE 12
#define N_SAME 6

typedef struct {
  const Collector *collector;
  int n_taken, n_stored; /* atomic */
} Together;

static gpointer post_the_same(gpointer data) {
  Together *together = data;
  for (int seq = 0; seq < N_SAME; seq++) {
    g_autofree char *batch = batch_json("same", "w", seq, 10);
    g_autoptr(Answer) answer = post(together->collector, batch);
    if (answer->status == 202)
      g_atomic_int_inc(&together->n_taken);
    if (answer_int(answer, "stored") == TRUE)
      g_atomic_int_inc(&together->n_stored);
  }
  return NULL;
}

/* What comes many times at once, of a session that nobody knows yet, is taken each time and stored once. */
static void test_same_at_once(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  Together together = {.collector = collector};
  GThread *threads[N_AT_ONCE];
  for (int i = 0; i < N_AT_ONCE; i++)
    threads[i] = g_thread_new("visitor", post_the_same, &together);
  for (int i = 0; i < N_AT_ONCE; i++)
    g_thread_join(threads[i]);
  g_assert_cmpint(together.n_taken, ==, N_AT_ONCE * N_SAME);
  g_assert_cmpint(together.n_stored, ==, N_SAME);
  g_autoptr(Answer) all = get(collector, "/v1/sessions/same/batches");
  g_assert_cmpuint(count_lines(all->body), ==, N_SAME);
  for (int i = 1; i <= N_SAME; i++) {
    g_autofree char *arrival = g_strdup_printf("\"arrival\":%d,", i);
    g_assert_nonnull(strstr(all->body, arrival));
  }
  g_autoptr(Answer) changes = get(collector, "/v1/changes");
  g_assert_nonnull(strstr(changes->body, "\"last_arrival\":6,\"batches\":6"));
}

/* An answer ends after some MiB; the rest is asked for. */
static void test_large_session(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  post_batches(collector, "large", 0, 5, 1900000);
  g_autoptr(Answer) first = get(collector, "/v1/sessions/large/batches");
  g_assert_cmpuint(count_lines(first->body), ==, 3);
  g_autoptr(Answer) rest = get(collector, "/v1/sessions/large/batches?after=3");
  g_assert_cmpuint(count_lines(rest->body), ==, 2);
}

static void test_annotations(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  post_batches(collector, "s1", 0, 1, 10);
  g_autoptr(Answer) stored = put_tag(collector, collector->token, "first", 10);
  g_assert_cmpuint(stored->status, ==, 200);
  g_assert_cmpint(answer_int(stored, "stored"), ==, TRUE);
  g_autoptr(Answer) again = put_tag(collector, collector->token, "first", 10);
  g_assert_cmpint(answer_int(again, "stored"), ==, FALSE);
  g_autoptr(Answer) older = put_tag(collector, collector->token, "older", 9);
  g_assert_cmpint(answer_int(older, "stored"), ==, FALSE);
  g_autoptr(Answer) list = get(collector, "/v1/annotations");
  g_assert_nonnull(strstr(list->body, "\"body\":\"first\""));
  g_assert_null(strstr(list->body, "older"));
  g_autoptr(Answer) newer = put_tag(collector, collector->token, "newer", 11);
  g_assert_cmpint(answer_int(newer, "stored"), ==, TRUE);
  g_autofree char *cursor = answer_string(list, "cursor");
  g_autofree char *path = g_strconcat("/v1/annotations?after=", cursor, NULL);
  g_autoptr(Answer) changed = get(collector, path);
  g_assert_nonnull(strstr(changed->body, "\"body\":\"newer\""));

  const struct {
    const char *field, *json;
  } wrong[] = {
      {"body", "hello"},
      {"body", "[]"},
      {"kind", "{\"kind\":\"poem\"}"},
      {"id", "{\"id\":\"tag-2\",\"kind\":\"tag\"}"},
      {"session", "{\"kind\":\"tag\"}"},
      {"session", "{\"kind\":\"settings\",\"session\":\"s1\"}"},
      {"session", "{\"kind\":\"tag\",\"session\":\"no id\"}"},
      {"at", "{\"kind\":\"tag\",\"session\":\"s1\",\"at\":-5}"},
      {"body", "{\"kind\":\"tag\",\"session\":\"s1\",\"at\":1,\"body\":3}"},
      {"created_at", "{\"kind\":\"tag\",\"session\":\"s1\",\"at\":1,\"body\":\"b\"}"},
      {"updated_at", "{\"kind\":\"tag\",\"session\":\"s1\",\"at\":1,\"body\":\"b\",\"created_at\":1}"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(Answer) refused = ask(collector, (Asking){.method = "PUT",
                                                        .path = "/v1/annotations/tag-1",
                                                        .body = wrong[i].json,
                                                        .type = "application/json",
                                                        .token = collector->token});
    g_autofree char *field = answer_string(refused, "error.field");
    g_assert_cmpuint(refused->status, ==, 422);
    g_assert_cmpstr(field, ==, wrong[i].field);
  }
  g_autofree char *large = g_strnfill(300 * 1024, 'x');
  g_autoptr(Answer) too_large = put_tag(collector, collector->token, large, 12);
  g_assert_cmpuint(too_large->status, ==, 413);
}

static Answer *erase(const Collector *collector, const char *path, const char *token) {
  return ask(collector, (Asking){.method = "DELETE", .path = path, .token = token});
}

static void post_visit(const Collector *collector, const char *session, const char *user) {
  g_autofree char *batch =
      g_strdup_printf("{\"v\":1,\"session\":\"%s\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"events\":[{\"type\":5,"
                      "\"timestamp\":1,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"%s\"}}}]}",
                      session, user);
  g_autoptr(Answer) answer = post(collector, batch);
  g_assert_cmpuint(answer->status, ==, 202);
}

static void test_erase(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  post_batches(collector, "s1", 0, 2, 10);
  g_autoptr(Answer) erased = erase(collector, "/v1/sessions/s1", collector->token);
  g_assert_cmpint(answer_int(erased, "erased"), ==, 1);
  g_autoptr(Answer) again = erase(collector, "/v1/sessions/s1", collector->token);
  g_assert_cmpuint(again->status, ==, 200);
  g_assert_cmpint(answer_int(again, "erased"), ==, 0);
  g_autofree char *late = batch_json("s1", "w", 2, 10);
  g_autoptr(Answer) gone = post(collector, late);
  g_autofree char *field = answer_string(gone, "error.field");
  g_assert_cmpuint(gone->status, ==, 410);
  g_assert_cmpstr(field, ==, "session");
  g_autoptr(Answer) changes = get(collector, "/v1/changes");
  g_assert_nonnull(strstr(changes->body, "\"session\":\"s1\",\"erased\":true"));
  g_autoptr(Answer) batches = get(collector, "/v1/sessions/s1/batches");
  g_assert_cmpuint(batches->status, ==, 410);

  post_visit(collector, "v1", "ada@example.org");
  post_visit(collector, "v2", "ada@example.org");
  post_visit(collector, "v3", "a/b c");
  g_autoptr(Answer) user = erase(collector, "/v1/users/ada%40example.org", collector->token);
  g_assert_cmpint(answer_int(user, "erased"), ==, 2);
  g_autoptr(Answer) odd = erase(collector, "/v1/users/a%2Fb%20c", collector->token);
  g_assert_cmpint(answer_int(odd, "erased"), ==, 1);
  g_autoptr(Answer) nobody = erase(collector, "/v1/users/ada", collector->token);
  g_assert_cmpint(answer_int(nobody, "erased"), ==, 0);

  /* More than go at once. */
  for (int i = 0; i < 230; i++) {
    g_autofree char *session = g_strdup_printf("often-%d", i);
    post_visit(collector, session, i % 2 == 0 ? "often" : "seldom");
  }
  g_autoptr(Answer) often = erase(collector, "/v1/users/often", collector->token);
  g_assert_cmpint(answer_int(often, "erased"), ==, 115);
  g_autoptr(Answer) seldom = erase(collector, "/v1/users/seldom", collector->token);
  g_assert_cmpint(answer_int(seldom, "erased"), ==, 115);
}

static Answer *put_digest(const Collector *collector, const char *session, int version, const char *rules, int arrival,
                          const char *rest) {
  g_autofree char *path = g_strdup_printf("/v1/sessions/%s/digest", session);
  g_autofree char *json =
      g_strdup_printf("{\"version\":%d,\"ruleset\":\"%s\",\"arrival\":%d%s}", version, rules, arrival, rest);
  return ask(
      collector,
      (Asking){.method = "PUT", .path = path, .body = json, .type = "application/json", .token = collector->token});
}

static void refuse_digest(Answer *answer, guint status, const char *field) {
  g_autoptr(Answer) refused = answer;
  g_autofree char *name = answer_string(refused, "error.field");
  g_assert_cmpuint(refused->status, ==, status);
  g_assert_cmpstr(name, ==, field);
}

static void stores_digest(Answer *answer, gboolean stored) {
  g_autoptr(Answer) taken = answer;
  g_assert_cmpuint(taken->status, ==, 200);
  g_assert_cmpint(answer_int(taken, "stored"), ==, stored);
}

/* Carried as they came, the newest of each session, and gone with it. */
static void test_digests(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autofree char *large = g_strnfill(300 * 1024, 'x');
  post_batches(collector, "s1", 0, 2, 10);
  post_batches(collector, "s2", 0, 1, 10);
  g_autofree char *found = g_strdup(",\"terms\":{\"page\":[\"/secret-page\"]}");
  stores_digest(put_digest(collector, "s1", 16, "r1", 1, found), TRUE);
  stores_digest(put_digest(collector, "s1", 16, "r1", 1, found), FALSE);
  stores_digest(put_digest(collector, "s1", 15, "r1", 2, ""), FALSE);
  stores_digest(put_digest(collector, "s1", 16, "r1", 2, found), TRUE);
  stores_digest(put_digest(collector, "s2", 16, "r1", 1, ""), TRUE);
  refuse_digest(put_digest(collector, "s1", 16, "r1", 99, ""), 409, "after");
  refuse_digest(put_digest(collector, "s1", 0, "r1", 1, ""), 422, "version");
  refuse_digest(put_digest(collector, "s1", 16, "", 1, ""), 422, "ruleset");
  refuse_digest(put_digest(collector, "s1", 16, "r1", 0, ""), 422, "arrival");
  refuse_digest(put_digest(collector, "s1", 16, "r1", 1, ",\"terms\":[[[[[[[[[[[]]]]]]]]]]]"), 422, "body");
  refuse_digest(put_digest(collector, "nobody", 16, "r1", 1, ""), 404, "session");
  g_autofree char *too_large = g_strdup_printf(",\"x\":\"%s\"", large);
  g_autoptr(Answer) large_answer = put_digest(collector, "s1", 17, "r1", 1, too_large);
  g_assert_cmpuint(large_answer->status, ==, 413);

  g_autoptr(Answer) first = get(collector, "/v1/digests?limit=1");
  g_assert_cmpint(answer_int(first, "more"), ==, TRUE);
  g_assert_nonnull(strstr(first->body, "\"session\":\"s1\",\"erased\":false"));
  g_assert_nonnull(strstr(first->body, "/secret-page"));
  g_autofree char *cursor = answer_string(first, "cursor");
  g_autofree char *path = g_strconcat("/v1/digests?after=", cursor, NULL);
  g_autoptr(Answer) second = get(collector, path);
  g_assert_nonnull(strstr(second->body, "\"session\":\"s2\""));
  g_assert_null(strstr(second->body, "\"session\":\"s1\""));
  g_assert_cmpint(answer_int(second, "sessions"), ==, 2);
  g_assert_cmpint(answer_int(second, "with_digest"), ==, 2);
  /* What arrived before is passed over once and for all. */
  g_autoptr(Answer) since = get(collector, "/v1/digests?since=9000000000000");
  g_autofree char *end = answer_string(second, "cursor"), *since_end = answer_string(since, "cursor");
  g_assert_nonnull(strstr(since->body, "\"digests\":[]"));
  g_assert_cmpstr(since_end, ==, end);

  g_autoptr(Answer) erased = erase(collector, "/v1/sessions/s1", collector->token);
  g_autofree char *rest = g_strconcat("/v1/digests?after=", end, NULL);
  g_autoptr(Answer) tombstone = get(collector, rest);
  g_autoptr(Answer) all = get(collector, "/v1/digests");
  g_assert_nonnull(strstr(tombstone->body, "\"session\":\"s1\",\"erased\":true"));
  g_assert_null(strstr(all->body, "/secret-page"));
  g_assert_cmpint(answer_int(all, "with_digest"), ==, 1);
  refuse_digest(put_digest(collector, "s1", 17, "r1", 1, ""), 410, "session");
}

static void test_keys(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  const char *create_reader[] = {"create", "--scope", "read", NULL};
  const char *create_writer[] = {"create", "--scope", "write", "--name", "second shop", NULL};
  const char *create_mixed[] = {"create", "--scope", "write", "--scope", "read", NULL};
  const char *list[] = {"list", "--json", NULL};
  g_autofree char *reader = collector_keys(collector, create_reader);
  g_autofree char *writer = collector_keys(collector, create_writer);
  g_assert_true(g_str_has_prefix(reader, "sst_"));
  g_assert_true(g_str_has_prefix(writer, "ssw_"));
  g_assert_null(collector_keys(collector, create_mixed));
  /* A token is shown once; a write key, which stands in public pages, always. */
  g_autofree char *listed = collector_keys(collector, list);
  g_assert_null(strstr(listed, reader));
  g_assert_null(strstr(listed, collector->token));
  g_assert_nonnull(strstr(listed, writer));

  const struct {
    const char *method, *path, *token;
    guint status;
  } tries[] = {{"GET", "/v1/changes", NULL, 401},
               {"GET", "/v1/changes", "sst_wrong", 401},
               {"GET", "/v1/changes", collector->write_key, 403},
               {"GET", "/v1/changes", reader, 200},
               {"GET", "/v1/project", reader, 200},
               {"DELETE", "/v1/sessions/s1", reader, 403},
               {"DELETE", "/v1/users/u", reader, 403},
               {"DELETE", "/v1/users/u", collector->token, 200}};
  for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
    g_autoptr(Answer) answer =
        ask(collector, (Asking){.method = tries[i].method, .path = tries[i].path, .token = tries[i].token});
    g_autofree char *field = answer_string(answer, "error.field");
    g_assert_cmpuint(answer->status, ==, tries[i].status);
    g_assert_cmpstr(field, ==, answer->status == 200 ? NULL : "authorization");
  }
  g_autoptr(Answer) tag = put_tag(collector, reader, "no", 1);
  g_assert_cmpuint(tag->status, ==, 403);
  /* Revoked while the collector runs, a key is worth nothing at once. */
  g_autofree char *number = NULL;
  g_auto(GStrv) lines = g_strsplit(listed, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (strstr(lines[i], writer) != NULL)
      number = g_strdup_printf("%d", (int)g_ascii_strtoll(strstr(lines[i], "\"number\":") + 9, NULL, 10));
  }
  const char *revoke[] = {"revoke", number, NULL};
  g_autofree char *revoked = collector_keys(collector, revoke);
  g_assert_nonnull(revoked);
  g_autofree char *path = g_strconcat("/v1/batches?key=", writer, NULL);
  g_autofree char *batch = batch_json("s1", "w", 0, 1);
  g_autoptr(Answer) refused =
      ask(collector, (Asking){.method = "POST", .path = path, .body = batch, .type = "application/json"});
  g_assert_cmpuint(refused->status, ==, 401);
}

static void test_recorder(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  Asking asking = {.method = "GET", .path = "/v1/recorder.js"};
  g_autoptr(Answer) script = ask(collector, asking);
  g_assert_cmpuint(script->status, ==, 200);
  g_assert_cmpstr(g_hash_table_lookup(script->headers, "content-type"), ==, "text/javascript; charset=utf-8");
  g_assert_cmpstr(g_hash_table_lookup(script->headers, "access-control-allow-origin"), ==, "*");
  g_assert_cmpuint(script->bytes, >, 10000);
  asking.header = "If-None-Match";
  asking.value = g_hash_table_lookup(script->headers, "etag");
  g_autoptr(Answer) known = ask(collector, asking);
  g_assert_cmpuint(known->status, ==, 304);
  g_assert_cmpuint(known->bytes, ==, 0);
  asking.header = "Accept-Encoding";
  asking.value = "gzip";
  g_autoptr(Answer) packed = ask(collector, asking);
  g_assert_cmpstr(g_hash_table_lookup(packed->headers, "content-encoding"), ==, "gzip");
  g_assert_cmpuint(packed->bytes, <, script->bytes / 2);
  asking.method = "HEAD";
  g_autoptr(Answer) head = ask(collector, asking);
  g_assert_cmpuint(head->status, ==, 200);
  g_assert_cmpuint(head->bytes, ==, 0);
}

static void test_about(void) {
  const char *options[] = {"--name", "Demo shop", NULL};
  g_autoptr(Collector) collector = collector_start(options);
  g_autoptr(Answer) health = get(collector, "/v1/health");
  g_autofree char *state = answer_string(health, "status");
  g_assert_cmpstr(state, ==, "ok");
  g_autoptr(Answer) project = get(collector, "/v1/project");
  g_autofree char *name = answer_string(project, "name");
  g_assert_cmpstr(name, ==, "Demo shop");
  g_assert_nonnull(strstr(project->body, "\"scopes\":[\"read\",\"annotate\",\"admin\"]"));
}

static void test_unix_socket(void) {
  g_autofree char *folder = make_folder("sight-socket-XXXXXX");
  g_autofree char *where = g_strconcat("unix:", folder, "/collector", NULL);
  const char *options[] = {"--listen", where, NULL};
  g_autoptr(Collector) collector = collector_start(options);
  g_assert_cmpstr(collector->url, ==, where);
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new(where + strlen("unix:"));
  g_autoptr(GSocketConnection) connection = g_socket_client_connect(client, G_SOCKET_CONNECTABLE(address), NULL, NULL);
  g_assert_nonnull(connection);
  const char *request = "GET /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)), request, strlen(request), NULL,
                            NULL, NULL);
  char answer[1024] = {0};
  gsize bytes = 0;
  g_input_stream_read_all(g_io_stream_get_input_stream(G_IO_STREAM(connection)), answer, sizeof answer - 1, &bytes,
                          NULL, NULL);
  g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 200 "));
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/collector/exchange/changes", test_changes);
  g_test_add_func("/collector/exchange/batches", test_batches);
  g_test_add_func("/collector/exchange/large-session", test_large_session);
  g_test_add_func("/collector/exchange/same-at-once", test_same_at_once);
  g_test_add_func("/collector/exchange/annotations", test_annotations);
  g_test_add_func("/collector/exchange/erase", test_erase);
  g_test_add_func("/collector/exchange/digests", test_digests);
  g_test_add_func("/collector/exchange/keys", test_keys);
  g_test_add_func("/collector/exchange/recorder", test_recorder);
  g_test_add_func("/collector/exchange/about", test_about);
  g_test_add_func("/collector/exchange/unix-socket", test_unix_socket);
  return g_test_run();
}
