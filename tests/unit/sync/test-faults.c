/* SPDX-License-Identifier: MIT */
/* Syncing over connections that break, and with servers that are busy, wrong or hostile. */
#include "sync-fixture.h"

#include "sight-compress.h"
#include "sight-db.h"
#include "sight-http.h"

#include <string.h>

typedef struct {
  int port;      /* of the real collector */
  gint64 limit;  /* so many bytes of an answer … */
  int n_cuts;    /* … while this is above 0 */
  int n_answers; /* requests so far */
} Proxy;

static void cut_short(const char *head, GOutputStream *out, gpointer user_data) {
  Proxy *proxy = user_data;
  g_atomic_int_inc(&proxy->n_answers);
  gboolean cut = g_atomic_int_add(&proxy->n_cuts, -1) > 0;
  serve_from(out, head, (guint16)g_atomic_int_get(&proxy->port), cut ? proxy->limit : -1);
}

static void fill(const Collector *collector) {
  for (int i = 0; i < 6; i++) {
    g_autofree char *batch = batch_json(i < 4 ? "s1" : "s2", "w", i, 300);
    g_autoptr(Answer) answer = post(collector, batch);
    g_assert_cmpint(answer_int(answer, "stored"), ==, TRUE);
  }
}

/* Wherever an answer is cut off, in the end all is there, once. */
static void test_cut_anywhere(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  fill(collector);
  g_autoptr(Cache) straight = cache_new(collector->url, collector->token);
  cache_sync(straight);
  g_autofree char *wanted = cache_contents(straight);
  for (gint64 limit = 0; limit < 2600; limit += 260) {
    Proxy proxy = {.port = collector->port, .limit = limit, .n_cuts = 3};
    g_autoptr(Server) server = server_start(cut_short, &proxy);
    g_autoptr(Cache) cache = cache_new(server->url, collector->token);
    /* A round may give up; what it has got stays, and the next one goes on. */
    gboolean done = FALSE;
    for (int round = 0; !done && round < 3; round++)
      done = sight_sync_run(cache->store, cache->endpoint, NULL, NULL, NULL, NULL, NULL);
    cache_sync(cache);
    g_autofree char *got = cache_contents(cache);
    g_assert_cmpstr(got, ==, wanted);
  }
}

/* Each connection breaks after some kilobytes, for ever: whole batches get through one by one. */
static void test_always_cut(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  fill(collector);
  g_autoptr(Cache) straight = cache_new(collector->url, collector->token);
  cache_sync(straight);
  Proxy proxy = {.port = collector->port, .limit = 900, .n_cuts = G_MAXINT};
  g_autoptr(Server) server = server_start(cut_short, &proxy);
  g_autoptr(Cache) cache = cache_new(server->url, collector->token);
  cache_sync(cache);
  g_autofree char *wanted = cache_contents(straight);
  g_autofree char *got = cache_contents(cache);
  g_assert_cmpstr(got, ==, wanted);
}

/* Behind the same address stands another store: all is asked for anew, and what is here stays. */
static void test_other_store(void) {
  g_autoptr(Collector) first = collector_start(NULL);
  g_autoptr(Collector) second = collector_start(NULL);
  Proxy proxy = {.port = first->port};
  g_autoptr(Server) server = server_start(cut_short, &proxy);
  fill(first);
  g_autoptr(Cache) cache = cache_new(server->url, first->token);
  cache_sync(cache);
  for (int i = 0; i < 2; i++) {
    g_autofree char *batch = batch_json("s1", "w", 10 + i, 10);
    g_autoptr(Answer) answer = post(second, batch);
    g_assert_cmpuint(answer->status, ==, 202);
  }
  g_atomic_int_set(&proxy.port, second->port);
  g_autofree char *token_file = g_build_filename(cache->folder, "tokens.json", NULL);
  g_autofree char *tokens = g_strdup_printf("{\"%s\":\"%s\"}", server->url, second->token);
  g_assert_true(g_file_set_contents(token_file, tokens, -1, NULL));
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_batches, ==, 2);
  g_autofree char *contents = cache_contents(cache);
  g_auto(GStrv) lines = g_strsplit(contents, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 9);
}

typedef struct {
  const char *first; /* status and headers of the first answers */
  int n_first;
  int n_answers;
} Script;

#define NO_CHANGES "{\"changes\":[],\"cursor\":\"x.0\",\"more\":false}"
#define NO_ANNOTATIONS "{\"annotations\":[],\"cursor\":\"x.0\",\"more\":false}"

static void answer_nothing(const char *head, GOutputStream *out) {
  serve_text(out, "200 OK\r\nContent-Type: application/json",
             strstr(head, "/v1/annotations") != NULL ? NO_ANNOTATIONS : NO_CHANGES);
}

static void first_otherwise(const char *head, GOutputStream *out, gpointer user_data) {
  Script *script = user_data;
  if (g_atomic_int_add(&script->n_answers, 1) < script->n_first)
    serve_text(out, script->first, "{}");
  else
    answer_nothing(head, out);
}

static GError *sync_error(const char *url, GCancellable *cancellable) {
  g_autoptr(Cache) cache = cache_new(url, "token");
  GError *error = NULL;
  gboolean done = sight_sync_run(cache->store, cache->endpoint, NULL, NULL, NULL, cancellable, &error);
  g_assert_true(done == (error == NULL));
  g_autofree char *contents = cache_contents(cache);
  g_assert_cmpstr(contents, ==, "");
  g_autoptr(SightEndpoint) endpoint = cache_endpoint(cache);
  gboolean told = error != NULL && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr(endpoint->problem, ==, told ? error->message : NULL);
  return error;
}

static void test_busy(void) {
  const struct {
    const char *answer;
    int n;
    int code; /* -1: works in the end */
  } tries[] = {{"429 Too Many Requests\r\nRetry-After: 1", 1, -1},
               {"503 Service Unavailable\r\nRetry-After: 0", 2, -1},
               {"502 Bad Gateway", 1, -1},
               {"429 Too Many Requests\r\nRetry-After: 3600", 1, SIGHT_SYNC_ERROR_BUSY},
               {"503 Service Unavailable\r\nRetry-After: 0", 100, SIGHT_SYNC_ERROR_BUSY},
               {"401 Unauthorized", 100, SIGHT_SYNC_ERROR_REFUSED},
               {"403 Forbidden", 100, SIGHT_SYNC_ERROR_REFUSED},
               {"404 Not Found", 100, SIGHT_SYNC_ERROR_PROTOCOL},
               {"500 Internal Server Error", 100, SIGHT_SYNC_ERROR_PROTOCOL},
               {"301 Moved Permanently\r\nLocation: /elsewhere", 100, SIGHT_SYNC_ERROR_PROTOCOL}};
  for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
    Script script = {.first = tries[i].answer, .n_first = tries[i].n};
    g_autoptr(Server) server = server_start(first_otherwise, &script);
    g_autoptr(GError) error = sync_error(server->url, NULL);
    if (tries[i].code < 0)
      g_assert_no_error(error);
    else
      g_assert_error(error, SIGHT_SYNC_ERROR, tries[i].code);
  }
}

static void count_visits(const char *head, GOutputStream *out, gpointer user_data) {
  g_atomic_int_inc((int *)user_data);
  serve_text(out, "200 OK", "{}");
}

/* The token goes nowhere but to the collector. */
static void test_redirect(void) {
  int n_visits = 0;
  g_autoptr(Server) elsewhere = server_start(count_visits, &n_visits);
  g_autofree char *redirect = g_strdup_printf("302 Found\r\nLocation: %s/v1/changes", elsewhere->url);
  Script script = {.first = redirect, .n_first = 100};
  g_autoptr(Server) server = server_start(first_otherwise, &script);
  g_autoptr(GError) error = sync_error(server->url, NULL);
  g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
  g_assert_cmpint(n_visits, ==, 0);
}

static void test_offline(void) {
  g_autofree char *url = NULL;
  {
    int n_visits = 0;
    g_autoptr(Server) server = server_start(count_visits, &n_visits);
    url = g_strdup(server->url);
  }
  g_autoptr(GError) error = sync_error(url, NULL);
  g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE);
}

static void cancel_it(const char *head, GOutputStream *out, gpointer user_data) {
  serve_text(out, "429 Too Many Requests\r\nRetry-After: 29", "{}");
  g_cancellable_cancel(user_data);
}

static void test_cancel(void) {
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(Server) server = server_start(cancel_it, cancellable);
  g_autoptr(GError) error = sync_error(server->url, cancellable);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define CHANGE                                                                                                         \
  "{\"changes\":[{\"session\":\"s1\",\"erased\":false,\"last_arrival\":9}],\"cursor\":\"x.1\",\"more\":false}"
#define EVENT "[{\"type\":4,\"timestamp\":1,\"data\":{}}]"

typedef struct {
  const char *name;
  const char *changes, *batches, *annotations;
} Hostile;

static const Hostile hostile[] = {
    {"no-json", "<html>", NULL, NULL},
    {"no-cursor", "{\"changes\":[]}", NULL, NULL},
    {"wrong-id", "{\"changes\":[{\"session\":\"../../etc\",\"last_arrival\":1}],\"cursor\":\"x\",\"more\":false}", NULL,
     NULL},
    {"id-is-number", "{\"changes\":[{\"session\":7,\"last_arrival\":1}],\"cursor\":\"x\",\"more\":false}", NULL, NULL},
    {"more-of-nothing", "{\"changes\":[],\"cursor\":\"x.1\",\"more\":true}", NULL, NULL},
    {"batch-no-json", CHANGE, "hello\n", NULL},
    {"batch-of-another", CHANGE,
     "{\"v\":1,\"session\":\"s2\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"arrival\":1,\"received_at\":1,"
     "\"events\":" EVENT "}\n",
     NULL},
    {"batch-without-arrival", CHANGE,
     "{\"v\":1,\"session\":\"s1\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"events\":" EVENT "}\n", NULL},
    {"batch-negative-arrival", CHANGE,
     "{\"v\":1,\"session\":\"s1\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"arrival\":-4,\"received_at\":1,"
     "\"events\":" EVENT "}\n",
     NULL},
    {"annotations-no-json", NO_CHANGES, NULL, "[]"},
    {"annotations-for-ever", NO_CHANGES, NULL, "{\"annotations\":[],\"cursor\":\"\",\"more\":true}"},
};

static void serve_hostile(const char *head, GOutputStream *out, gpointer user_data) {
  const Hostile *with = user_data;
  const char *body = with->changes;
  if (strstr(head, "/v1/annotations") != NULL)
    body = with->annotations != NULL ? with->annotations : NO_ANNOTATIONS;
  else if (strstr(head, "/v1/sessions/") != NULL)
    body = with->batches;
  serve_text(out, "200 OK", body);
}

/* The session cannot be taken: nothing of it is here, the round goes on, and the user is told which one it is. */
static void check_set_aside(const char *url) {
  g_autoptr(Cache) cache = cache_new(url, "token");
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_aside, ==, 1);
  g_autofree char *contents = cache_contents(cache);
  g_assert_cmpstr(contents, ==, "");
  g_autoptr(SightEndpoint) endpoint = cache_endpoint(cache);
  g_assert_nonnull(strstr(endpoint->problem, " s1 ("));
  g_assert_cmpstr(endpoint->cursor, ==, "x.1");
}

static void test_hostile(void) {
  for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
    g_test_message("%s", hostile[i].name);
    g_autoptr(Server) server = server_start(serve_hostile, (gpointer)&hostile[i]);
    if (hostile[i].batches != NULL) {
      check_set_aside(server->url);
      continue;
    }
    g_autoptr(GError) error = sync_error(server->url, NULL);
    g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
  }
}

static void serve_endless(const char *head, GOutputStream *out, gpointer user_data) {
  const char *what = user_data;
  gboolean batches = strstr(head, "/v1/sessions/") != NULL;
  if (strstr(head, "/v1/annotations") != NULL || (!batches && !g_str_equal(what, "json"))) {
    serve_text(out, "200 OK", batches ? "" : (strstr(head, "/v1/annotations") != NULL ? NO_ANNOTATIONS : CHANGE));
    return;
  }
  const char *start = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
  g_output_stream_write_all(out, start, strlen(start), NULL, NULL, NULL);
  g_autofree char *piece = g_strnfill(1024 * 1024, g_str_equal(what, "lines") ? '\n' : ' ');
  while (g_output_stream_write_all(out, piece, 1024 * 1024, NULL, NULL, NULL))
    continue;
}

static void test_endless(void) {
  const char *const kinds[] = {"json", "line", "lines"};
  for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
    g_autoptr(Server) server = server_start(serve_endless, (gpointer)kinds[i]);
    if (!g_str_equal(kinds[i], "json")) {
      check_set_aside(server->url);
      continue;
    }
    g_autoptr(GError) error = sync_error(server->url, NULL);
    g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
  }
}

#define BOMB_BYTES ((gsize)96 * 1024 * 1024)

/* As many blanks, as node's zlib.brotliCompressSync() packs them. */
static const guint8 brotli_bomb[] = {
    0xcb, 0xff, 0xff, 0x3f, 0x00, 0x24, 0x40, 0xe2, 0xb1, 0x40, 0x72, 0xef, 0xff, 0xf8, 0xff, 0xff, 0x07, 0x80, 0x04,
    0x40, 0x1c, 0x16, 0x80, 0xee, 0xfd, 0x1f, 0xff, 0xff, 0xff, 0x00, 0x90, 0x00, 0x88, 0xc3, 0x02, 0xd0, 0xbd, 0xff,
    0xe3, 0xff, 0xff, 0x1f, 0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xba, 0xf7, 0x7f, 0xfc, 0xff, 0xff, 0x03, 0x40, 0x02,
    0x20, 0x0e, 0x0b, 0x40, 0xf7, 0xfe, 0x8f, 0xff, 0xff, 0x7f, 0x00, 0x48, 0x00, 0xc4, 0x61, 0x01, 0xe8, 0xde, 0xff,
    0xf1, 0xff, 0xff, 0x0f, 0x00, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xdd, 0xfb, 0x3f, 0xfe, 0xff, 0xff, 0x01, 0x20, 0x01,
    0x10, 0x87, 0x05, 0xa0, 0x7b, 0xff, 0xc7, 0xff, 0xff, 0x3f, 0x00, 0x24, 0x00, 0xe2, 0xb0, 0x00, 0x74, 0xef, 0xff,
    0xf8, 0xff, 0xff, 0x07, 0x80, 0x04, 0x40, 0x1c, 0x16, 0x80, 0xee, 0xfd, 0x1f, 0xff, 0xff, 0xff, 0x00, 0x90, 0x00,
    0x88, 0xc3, 0x02, 0xd0, 0xbd, 0xff, 0xcb, 0xff, 0xff, 0x3f, 0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xba, 0xf7, 0x7f};

typedef struct {
  const char *coding, *route;
  GBytes *packed;
} Bomb;

static void serve_bomb(const char *head, GOutputStream *out, gpointer user_data) {
  const Bomb *bomb = user_data;
  gsize bytes = 0;
  const char *data = g_bytes_get_data(bomb->packed, &bytes);
  if (strstr(head, bomb->route) == NULL) {
    serve_text(out, "200 OK", strstr(head, "/v1/annotations") != NULL ? NO_ANNOTATIONS : CHANGE);
    return;
  }
  g_autofree char *start =
      g_strdup_printf("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: %s\r\nContent-Length: %zu\r\n\r\n",
                      bomb->coding, bytes);
  g_output_stream_write_all(out, start, strlen(start), NULL, NULL, NULL);
  g_output_stream_write_all(out, data, bytes, NULL, NULL, NULL);
}

static GBytes *pack(const char *coding) {
  if (g_str_equal(coding, "br"))
    return g_bytes_new_static(brotli_bomb, sizeof brotli_bomb);
  g_autofree char *blanks = g_strnfill(BOMB_BYTES, ' ');
  GBytes *once = sight_gzip_compress(blanks, BOMB_BYTES);
  if (!g_str_equal(coding, "gzip, gzip"))
    return once;
  GBytes *twice = sight_gzip_compress(g_bytes_get_data(once, NULL), g_bytes_get_size(once));
  g_bytes_unref(once);
  return twice;
}

/* What is announced as short and gets long is counted as it is when unpacked, whatever it is packed with. */
static void test_bombs(void) {
  const char *const codings[] = {"gzip", "br", "gzip, gzip"}, *const routes[] = {"/v1/changes", "/v1/sessions/",
                                                                                 "/v1/annotations"};
  for (gsize i = 0; i < G_N_ELEMENTS(codings); i++) {
    g_autoptr(GBytes) packed = pack(codings[i]);
    for (gsize j = 0; j < G_N_ELEMENTS(routes); j++) {
      Bomb bomb = {codings[i], routes[j], packed};
      g_autoptr(Server) server = server_start(serve_bomb, &bomb);
      g_test_message("%s at %s: %zu bytes", codings[i], routes[j], g_bytes_get_size(packed));
      if (j == 1) {
        check_set_aside(server->url);
        continue;
      }
      g_autoptr(GError) error = sync_error(server->url, NULL);
      g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
      g_assert_nonnull(strstr(error->message, "without end"));
    }
  }
}

#define TWO                                                                                                            \
  "{\"changes\":[{\"session\":\"bad\",\"last_arrival\":1},{\"session\":\"good\",\"last_arrival\":2}],"                 \
  "\"cursor\":\"x.2\",\"more\":false}"

#define GOOD_LINE                                                                                                      \
  "{\"v\":1,\"session\":\"%s\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"arrival\":%d,\"received_at\":"               \
  "99999999999999,\"events\":" EVENT "}\n{\"v\":1,\"session\":\"go"
#define NO_MORE_CHANGES "{\"changes\":[],\"cursor\":\"x.2\",\"more\":false}"
#define ONE_TAG                                                                                                        \
  "{\"annotations\":[{\"id\":\"t\",\"session\":\"good\",\"kind\":\"tag\",\"at\":1,\"body\":\"hello\",\"created_at\":"  \
  "1,"                                                                                                                 \
  "\"updated_at\":1}],\"cursor\":\"x.3\",\"more\":false}"

#define N_LOST 12

/* More sessions than can be patience for, all of which the endpoint cannot read, before one that it can. */
static void serve_many_lost(const char *head, GOutputStream *out, gpointer user_data) {
  int *n_asked = user_data;
  g_autofree char *good = g_strdup_printf(GOOD_LINE, "good", N_LOST + 1);
  g_autoptr(GString) changes = g_string_new("{\"changes\":[");
  for (int i = 1; i <= N_LOST; i++)
    g_string_append_printf(changes, "{\"session\":\"lost%d\",\"last_arrival\":%d},", i, i);
  g_string_append_printf(changes, "{\"session\":\"good\",\"last_arrival\":%d}],\"cursor\":\"x.2\",\"more\":false}",
                         N_LOST + 1);
  if (strstr(head, "/v1/sessions/lost") != NULL) {
    g_atomic_int_inc(n_asked);
    serve_text(out, "503 Service Unavailable\r\nRetry-After: 0", "{}");
  } else if (strstr(head, "/v1/sessions/good/batches?after=0") != NULL)
    serve_text(out, "200 OK", good);
  else if (strstr(head, "/v1/changes?after=x.2") != NULL)
    serve_text(out, "200 OK", NO_MORE_CHANGES);
  else if (strstr(head, "/v1/changes") != NULL)
    serve_text(out, "200 OK", changes->str);
  else
    serve_text(out, "200 OK", ONE_TAG);
}

/* Whatever number of sessions cannot be had: the rest comes, and the cursor goes on. */
static void test_many_lost(void) {
  int n_asked = 0;
  g_autoptr(Server) server = server_start(serve_many_lost, &n_asked);
  g_autoptr(Cache) cache = cache_new(server->url, "token");
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_aside, ==, N_LOST);
  g_assert_cmpuint(total.n_pulled, ==, 1);
  g_autofree char *contents = cache_contents(cache);
  g_assert_true(g_str_has_prefix(contents, "good w 0 "));
  g_autoptr(SightEndpoint) endpoint = cache_endpoint(cache);
  g_assert_cmpstr(endpoint->cursor, ==, "x.2");
  /* The first three with all attempts, the others once. */
  g_assert_cmpint(n_asked, ==, 3 * 5 + N_LOST - 3);
}

typedef struct {
  const char *bad; /* how it answers for the bad session */
  int n_bad;       /* times it was asked for it */
} OneBad;

static void serve_one_bad(const char *head, GOutputStream *out, gpointer user_data) {
  OneBad *with = user_data;
  g_autofree char *good = g_strdup_printf(GOOD_LINE, "good", 2);
  if (strstr(head, "/v1/sessions/bad/") != NULL) {
    g_atomic_int_inc(&with->n_bad);
    serve_text(out, "200 OK", g_atomic_pointer_get(&with->bad));
  } else if (strstr(head, "/v1/sessions/good/batches?after=0") != NULL)
    serve_text(out, "200 OK", good);
  else if (strstr(head, "/v1/changes?after=x.2") != NULL)
    serve_text(out, "200 OK", NO_MORE_CHANGES);
  else if (strstr(head, "/v1/changes") != NULL)
    serve_text(out, "200 OK", TWO);
  else
    serve_text(out, "200 OK", ONE_TAG);
}

static gboolean let_time_pass(SightDb *db, gpointer user_data, GError **error) {
  return sight_db_exec(db, "UPDATE followed SET retry_ms = 0 WHERE problem IS NOT NULL", error);
}

/* One session that cannot be taken keeps neither others nor annotations from coming. It is named, and taken later. */
static void test_one_bad(void) {
  OneBad with = {.bad = "no batch\n"};
  g_autoptr(Server) server = server_start(serve_one_bad, &with);
  g_autoptr(Cache) cache = cache_new(server->url, "token");
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_aside, ==, 1);
  g_assert_cmpuint(total.n_pulled, ==, 1);
  g_autofree char *contents = cache_contents(cache);
  g_assert_true(g_str_has_prefix(contents, "good w 0 "));
  /* Nothing was received later than now, whatever the collector says. */
  g_assert_null(strstr(contents, "99999999999999"));
  g_autoptr(SightEndpoint) endpoint = cache_endpoint(cache);
  g_assert_cmpstr(endpoint->cursor, ==, "x.2");
  g_assert_nonnull(strstr(endpoint->problem, " bad ("));
  g_assert_cmpint(endpoint->synced_ms, >, 0);

  /* Not at once again … */
  cache_sync(cache);
  g_assert_cmpint(with.n_bad, ==, 1);
  g_autofree char *well = g_strdup_printf(GOOD_LINE, "bad", 1);
  g_atomic_pointer_set(&with.bad, well);
  /* … but later. */
  g_assert_true(sight_store_write(cache->store, SIGHT_WRITE_NORMAL, let_time_pass, NULL, NULL));
  total = cache_sync(cache);
  g_assert_cmpint(with.n_bad, ==, 2);
  g_assert_cmpuint(total.n_aside, ==, 0);
  g_autofree char *both = cache_contents(cache);
  g_assert_true(g_str_has_prefix(both, "bad w 0 "));
  g_autoptr(SightEndpoint) after = cache_endpoint(cache);
  g_assert_null(after->problem);
}

typedef struct {
  int after; /* so many bytes of the answer at once, then one at a time */
} Drip;

static void serve_drip(const char *head, GOutputStream *out, gpointer user_data) {
  const Drip *drip = user_data;
  g_autoptr(GString) answer = g_string_new("HTTP/1.1 200 OK\r\nX-Long: ");
  while (answer->len < 400)
    g_string_append_c(answer, 'x');
  g_string_append(answer, "\r\nContent-Length: 1000000\r\n\r\n");
  gboolean done = g_output_stream_write_all(out, answer->str, MIN((gsize)drip->after, answer->len), NULL, NULL, NULL);
  for (gsize i = (gsize)drip->after; done; i++) {
    g_usleep(2000);
    done = g_output_stream_write_all(out, i < answer->len ? answer->str + i : " ", 1, NULL, NULL, NULL);
  }
}

static gboolean take_any(const char *tainted_line, gsize bytes, gpointer user_data, GError **error) {
  return TRUE;
}

/* An answer that comes byte by byte, with no wait in it that is long, is ended wherever it is: as a whole it is too
 * slow.
 */
static void test_drip(void) {
  const SightPatienceLimits limits[] = {{.total_ms = 300, .window_ms = 60000},
                                        {.total_ms = 60000, .window_ms = 300, .window_bytes = 50000}};
  for (int i = 0; i < 8; i++) {
    Drip drip = {.after = g_test_rand_int_range(0, 600)};
    g_autoptr(Server) server = server_start(serve_drip, &drip);
    g_autoptr(GError) error = NULL;
    g_autoptr(SightHttp) http = sight_http_new(server->url, "token", &error);
    g_autoptr(GString) answer = g_string_new(NULL);
    gboolean cut = FALSE;
    sight_http_set_patience(http, &limits[i % 2]);
    guint status = i < 4 ? sight_http_send(http, "GET", "/v1/changes", NULL, answer, NULL, &error)
                         : sight_http_get_lines(http, "/v1/sessions/s/batches", 1000000, 1000000, take_any, NULL, &cut,
                                                NULL, &error);
    g_assert_true(cut || (status == 0 && g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_OFFLINE)));
  }
}

int main(int argc, char **argv) {
  g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sync/faults/cut-anywhere", test_cut_anywhere);
  g_test_add_func("/sync/faults/always-cut", test_always_cut);
  g_test_add_func("/sync/faults/other-store", test_other_store);
  g_test_add_func("/sync/faults/busy", test_busy);
  g_test_add_func("/sync/faults/redirect", test_redirect);
  g_test_add_func("/sync/faults/offline", test_offline);
  g_test_add_func("/sync/faults/cancel", test_cancel);
  g_test_add_func("/sync/faults/hostile", test_hostile);
  g_test_add_func("/sync/faults/endless", test_endless);
  g_test_add_func("/sync/faults/bombs", test_bombs);
  g_test_add_func("/sync/faults/one-bad", test_one_bad);
  g_test_add_func("/sync/faults/many-lost", test_many_lost);
  g_test_add_func("/sync/faults/drip", test_drip);
  return g_test_run();
}
