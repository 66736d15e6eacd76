/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets over real HTTP: asked for, brought, handed out, erased; and what is not taken. */
#include "collector-fixture.h"

#include <string.h>

#define SHEET ".kept { color: rgb(1, 2, 3) }"
#define SVG "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
/* More than what is kept of a head, which is read by the same stream. */
#define N_PIECES 16
#define PIECE_BYTES (32 * 1024)

static char *hash_of(const char *content) {
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, content, -1);
}

static char *path_of(const char *hash, const char *key) {
  return g_strconcat("/v1/assets/", hash, key != NULL ? "?key=" : "", key, NULL);
}

static guint has(const Collector *collector, const char *hash, const char *key) {
  g_autofree char *path = path_of(hash, key);
  g_autoptr(Answer) answer = ask(collector, (Asking){.method = "HEAD", .path = path});
  g_assert_cmpuint(answer->bytes, ==, 0);
  return answer->status;
}

static Answer *put(const Collector *collector, const char *hash, const char *type, const char *content, gsize bytes) {
  g_autofree char *path = path_of(hash, collector->write_key);
  return ask(collector, (Asking){.method = "PUT", .path = path, .body = content, .bytes = bytes, .type = type});
}

static guint bring(const Collector *collector, const char *type, const char *content) {
  g_autofree char *hash = hash_of(content);
  g_autoptr(Answer) answer = put(collector, hash, type, content, 0);
  return answer->status;
}

static Answer *get(const Collector *collector, const char *hash, const char *token) {
  g_autofree char *path = path_of(hash, NULL);
  return ask(collector, (Asking){.method = "GET", .path = path, .token = token});
}

static void tell(const Collector *collector, const char *session, int seq, const char *hash) {
  g_autofree char *batch =
      g_strdup_printf("{\"v\":1,\"session\":\"%s\",\"window\":\"w\",\"seq\":%d,\"sent_at\":1,\"events\":[{\"type\":5,"
                      "\"timestamp\":1,\"data\":{\"tag\":\"ss:assets\",\"payload\":{\"http://a/b.css\":\"%s\"}}}]}",
                      session, seq, hash);
  g_autoptr(Answer) answer = post(collector, batch);
  g_assert_cmpuint(answer->status, ==, 202);
}

static guint erase(const Collector *collector, const char *session) {
  g_autofree char *path = g_strconcat("/v1/sessions/", session, NULL);
  g_autoptr(Answer) answer = ask(collector, (Asking){.method = "DELETE", .path = path, .token = collector->token});
  return answer->status;
}

static void test_life(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autofree char *hash = hash_of(SHEET);

  g_assert_cmpuint(has(collector, hash, collector->write_key), ==, 404);
  g_autoptr(Answer) stored = put(collector, hash, "text/css", SHEET, 0);
  g_assert_cmpuint(stored->status, ==, 200);
  g_assert_cmpint(answer_int(stored, "stored"), ==, TRUE);
  g_autoptr(Answer) again = put(collector, hash, "text/css", SHEET, 0);
  g_assert_cmpint(answer_int(again, "stored"), ==, FALSE);
  g_assert_cmpint(answer_int(again, "duplicate"), ==, TRUE);
  g_assert_cmpuint(has(collector, hash, collector->write_key), ==, 200);
  tell(collector, "one", 0, hash);
  tell(collector, "two", 0, hash);

  g_autoptr(Answer) got = get(collector, hash, collector->token);
  g_assert_cmpuint(got->status, ==, 200);
  g_assert_cmpstr(got->body, ==, SHEET);
  g_assert_cmpstr(g_hash_table_lookup(got->headers, "content-type"), ==, "text/css");
  g_assert_cmpstr(g_hash_table_lookup(got->headers, "x-content-type-options"), ==, "nosniff");
  g_assert_cmpstr(g_hash_table_lookup(got->headers, "content-security-policy"), ==, "default-src 'none'; sandbox");
  g_assert_null(g_hash_table_lookup(got->headers, "access-control-allow-origin"));

  collector_restart(collector, NULL);
  g_assert_cmpuint(erase(collector, "one"), ==, 200);
  g_assert_cmpuint(has(collector, hash, collector->write_key), ==, 200);
  g_assert_cmpuint(erase(collector, "two"), ==, 200);
  g_assert_cmpuint(has(collector, hash, collector->write_key), ==, 404);
  g_autoptr(Answer) gone = get(collector, hash, collector->token);
  g_assert_cmpuint(gone->status, ==, 404);
}

static void insist(const Answer *answer, guint status, const char *field) {
  g_autofree char *got = answer_string(answer, "error.field");
  g_assert_cmpuint(answer->status, ==, status);
  g_assert_cmpstr(got, ==, field);
}

/* What a hash may look like, in every position of the path. */
static void test_hashes(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autofree char *hash = hash_of(SHEET);
  g_autofree char *upper = g_ascii_strup(hash, -1);
  g_autofree char *longer = g_strconcat(hash, "0", NULL);
  g_autofree char *shorter = g_strndup(hash, 63);
  g_autofree char *terminated = g_strconcat(hash, "%00", NULL);
  const char *const wrong[] = {upper, longer, shorter, terminated, "..%2F..%2Fcollector.db", "%2e%2e", "*", "%25", "x"};

  g_assert_cmpuint(bring(collector, "text/css", SHEET), ==, 200);
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_test_message("%s", wrong[i]);
    g_autoptr(Answer) got = get(collector, wrong[i], collector->token);
    g_assert_cmpuint(got->status, >=, 404);
    g_assert_cmpuint(got->status, <=, 422);
    g_assert_cmpuint(has(collector, wrong[i], collector->write_key), ==, got->status);
    g_autoptr(Answer) refused = put(collector, wrong[i], "text/css", SHEET, 0);
    g_assert_cmpuint(refused->status, ==, got->status);
  }
  g_autofree char *other = hash_of("other");
  g_autoptr(Answer) refused = put(collector, other, "text/css", SHEET, 0);
  insist(refused, 422, "hash");
  g_assert_cmpuint(has(collector, other, collector->write_key), ==, 404);
}

static void test_contents(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autofree char *large = g_strnfill(256 * 1024 + 1, ' ');
  g_autofree char *largest = g_strndup(large, 256 * 1024);
  const struct {
    const char *type, *content;
    guint status;
    const char *field;
  } tries[] = {{"image/png", "<html><script>alert(1)</script>", 415, "content-type"},
               {"text/html", "<html>", 415, "content-type"},
               {"text/javascript", "alert(1)", 415, "content-type"},
               {"application/json", "{}", 415, "content-type"},
               {"image/png", "\x89PNG\r\n\x1a\n", 415, "content-type"},
               {"image/gif", "GIF89a\xff\xff\xff\xff", 415, "content-type"},
               {"text/css", large, 413, "body"},
               {"text/css", largest, 200, NULL},
               {"image/svg+xml", SVG, 200, NULL}};

  for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
    g_autofree char *hash = hash_of(tries[i].content);
    g_autoptr(Answer) answer = put(collector, hash, tries[i].type, tries[i].content, 0);
    insist(answer, tries[i].status, tries[i].field);
    g_assert_cmpuint(has(collector, hash, collector->write_key), ==, tries[i].status == 200 ? 200 : 404);
  }
  g_autofree char *hash = hash_of(SVG);
  g_autoptr(Answer) svg = get(collector, hash, collector->token);
  g_assert_cmpstr(g_hash_table_lookup(svg->headers, "content-type"), ==, "image/svg+xml");
  g_autofree char *path = path_of(hash, collector->write_key);
  g_autoptr(Answer) packed =
      ask(collector, (Asking){.method = "PUT", .path = path, .body = SVG, .type = "image/svg+xml", .encoding = "gzip"});
  insist(packed, 415, "content-encoding");
  g_assert_cmpuint(bring(collector, "text/css", ""), ==, 415);
}

/* Who may ask, bring and take; and what stands in the head alone is refused before a body comes. */
static void test_keys(void) {
  g_autoptr(Collector) collector = collector_start((const char *const[]){"--origin", "https://shop.example", NULL});
  const char *create_annotator[] = {"create", "--scope", "annotate", NULL};
  g_autofree char *annotator = collector_keys(collector, create_annotator);
  g_autofree char *hash = hash_of(SHEET);
  g_autofree char *path = path_of(hash, collector->write_key);
  g_autofree char *bare = path_of(hash, NULL);
  Asking bringing = {
      .method = "PUT", .path = path, .body = SHEET, .type = "text/css", .origin = "https://shop.example"};
  Asking asking = {.method = "HEAD", .path = path};

  const struct {
    Asking asking;
    guint status;
  } tries[] = {
      {{.method = "PUT", .path = bare, .body = SHEET, .type = "text/css"}, 401},
      {{.method = "PUT", .path = bare, .body = SHEET, .type = "text/css", .token = collector->token}, 401},
      {{.method = "PUT", .path = path, .body = SHEET, .type = "text/css"}, 403},
      {{.method = "PUT", .path = path, .body = SHEET, .type = "text/css", .origin = "https://evil.example"}, 403},
      {bringing, 200},
      {asking, 200},
      {{.method = "HEAD", .path = path, .origin = "https://evil.example"}, 403},
      {{.method = "HEAD", .path = bare, .token = collector->token}, 401},
      {{.method = "GET", .path = path}, 401},
      {{.method = "GET", .path = bare, .token = collector->write_key}, 403},
      {{.method = "GET", .path = bare, .token = annotator}, 403},
      {{.method = "GET", .path = bare, .token = collector->token}, 200},
      {{.method = "DELETE", .path = bare, .token = collector->token}, 405},
      {{.method = "OPTIONS", .path = path, .origin = "https://evil.example"}, 403},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
    g_test_message("%s %s", tries[i].asking.method, tries[i].asking.path);
    g_autoptr(Answer) answer = ask(collector, tries[i].asking);
    g_assert_cmpuint(answer->status, ==, tries[i].status);
  }
  g_autoptr(Answer) preflight =
      ask(collector, (Asking){.method = "OPTIONS", .path = path, .origin = "https://shop.example"});
  g_assert_cmpuint(preflight->status, ==, 204);
  g_assert_cmpstr(g_hash_table_lookup(preflight->headers, "access-control-allow-methods"), ==, "HEAD, PUT");
  g_autofree char *head = g_strdup_printf("PUT %s HTTP/1.1\r\nHost: x\r\nOrigin: https://shop.example\r\nContent-Type: "
                                          "text/css\r\nContent-Length: 300000\r\n\r\n",
                                          path);
  g_autofree char *early = speak_raw(collector, head, strlen(head));
  g_assert_nonnull(strstr(early, " 413 "));
}

/* Who is refused while its body is still coming is heard to the end: the answer would be lost with the connection. */
static void test_refused_early(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(GSocketClient) client = g_socket_client_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *hash = hash_of(SHEET);
  g_autofree char *path = path_of(hash, collector->write_key);
  g_autofree char *head = g_strdup_printf("PUT %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/css\r\n"
                                          "Content-Length: %d\r\n\r\n",
                                          path, N_PIECES * PIECE_BYTES);
  g_autofree char *piece = g_strnfill(PIECE_BYTES, ' ');
  char answer[4096] = "";

  g_autoptr(GSocketConnection) connection =
      g_socket_client_connect_to_host(client, "127.0.0.1", collector->port, NULL, &error);
  g_assert_no_error(error);
  GOutputStream *out = g_io_stream_get_output_stream(G_IO_STREAM(connection));
  GInputStream *in = g_io_stream_get_input_stream(G_IO_STREAM(connection));
  g_output_stream_write_all(out, head, strlen(head), NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(g_input_stream_read(in, answer, sizeof answer - 1, NULL, &error), >, 0);
  g_assert_true(g_str_has_prefix(answer, "HTTP/1.1 413 "));
  for (int i = 0; i < N_PIECES; i++) {
    g_output_stream_write_all(out, piece, PIECE_BYTES, NULL, NULL, &error);
    g_assert_no_error(error);
  }
  g_socket_shutdown(g_socket_connection_get_socket(connection), FALSE, TRUE, NULL);
  gsize rest = 0;
  g_input_stream_read_all(in, answer, sizeof answer, &rest, NULL, &error);
  g_assert_no_error(error);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/collector/assets/life", test_life);
  g_test_add_func("/collector/assets/hashes", test_hashes);
  g_test_add_func("/collector/assets/contents", test_contents);
  g_test_add_func("/collector/assets/keys", test_keys);
  g_test_add_func("/collector/assets/refused-early", test_refused_early);
  return g_test_run();
}
