/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets come with the session that shows them; one that does not come keeps nothing else back. */
#include "sync-fixture.h"

#include "sight-asset-table.h"
#include "sight-change-table.h"

#include <string.h>

#define KEPT ".kept { color: green }"
#define LATE ".late { color: red }"

static char *hash_of(const char *content) {
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, content, -1);
}

static void bring(const Collector *collector, const char *content) {
  g_autofree char *hash = hash_of(content);
  g_autofree char *path = g_strdup_printf("/v1/assets/%s?key=%s", hash, collector->write_key);
  g_autoptr(Answer) answer =
      ask(collector, (Asking){.method = "PUT", .path = path, .body = content, .type = "text/css"});
  g_assert_cmpuint(answer->status, ==, 200);
}

/* Of both contents and of one that nobody ever brings. */
static void tell(const Collector *collector, const char *session, int seq) {
  g_autofree char *kept = hash_of(KEPT);
  g_autofree char *late = hash_of(LATE);
  g_autofree char *nowhere = hash_of("nowhere");
  g_autofree char *batch = g_strdup_printf(
      "{\"v\":1,\"session\":\"%s\",\"window\":\"w\",\"seq\":%d,\"sent_at\":1,\"events\":[{\"type\":5,\"timestamp\":1,"
      "\"data\":{\"tag\":\"ss:assets\",\"payload\":{\"http://a/1\":\"%s\",\"http://a/2\":\"%s\",\"http://a/3\":\"%s\","
      "\"http://a/4\":0,\"http://a/5\":\"../../etc/passwd\",\"why\":\"other-origin\"}}}]}",
      session, seq, nowhere, kept, late);
  g_autoptr(Answer) answer = post(collector, batch);
  g_assert_cmpuint(answer->status, ==, 202);
}

typedef struct {
  gint64 endpoint;
  const char *session;
  char *hash, *content;
  SightAssetCount count;
  gboolean aside;
} Call;

static gboolean do_get(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autofree char *type = NULL;
  g_autoptr(GBytes) content = NULL;
  if (!sight_asset_table_get(db, call->endpoint, call->hash, &type, &content, error))
    return FALSE;
  call->content =
      content != NULL ? g_strndup(g_bytes_get_data(content, NULL), g_bytes_get_size(content)) : g_strdup("none");
  return TRUE;
}

static char *content_of(Cache *cache, const char *content) {
  Call call = {.endpoint = cache->endpoint, .hash = hash_of(content)};
  g_assert_true(sight_store_read(cache->store, do_get, &call, NULL));
  g_free(call.hash);
  return call.content;
}

static gboolean do_count(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, call->endpoint, call->session, error);
  g_autoptr(GPtrArray) aside = sight_change_table_list_aside(db, call->endpoint, G_MAXINT64, error);
  call->aside = aside->len > 0;
  return sight_asset_table_count(db, session->row, &call->count, error);
}

static Call count(Cache *cache, const char *session) {
  Call call = {.endpoint = cache->endpoint, .session = session};
  g_assert_true(sight_store_read(cache->store, do_count, &call, NULL));
  return call;
}

static void insist(Cache *cache, const char *content, gboolean there) {
  g_autofree char *got = content_of(cache, content);
  g_assert_cmpstr(got, ==, there ? content : "none");
}

static void test_come(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) cache = cache_new(collector->url, collector->token);
  bring(collector, KEPT);
  tell(collector, "one", 0);
  SightSyncProgress first = cache_sync(cache);
  g_assert_cmpuint(first.n_assets, ==, 1);
  insist(cache, KEPT, TRUE);
  insist(cache, LATE, FALSE);
  Call counted = count(cache, "one");
  g_assert_cmpint(counted.count.n_kept, ==, 1);
  g_assert_cmpint(counted.count.n_missing, ==, 2);
  g_assert_false(counted.aside);
  g_assert_cmpuint(cache_sync(cache).n_assets, ==, 0);
  /* What came later comes with the next change; what is there for one session is there for others. */
  bring(collector, LATE);
  tell(collector, "two", 0);
  g_assert_cmpuint(cache_sync(cache).n_assets, ==, 1);
  g_assert_cmpint(count(cache, "one").count.n_kept, ==, 2);

  g_autoptr(Answer) one =
      ask(collector, (Asking){.method = "DELETE", .path = "/v1/sessions/one", .token = collector->token});
  cache_sync(cache);
  insist(cache, KEPT, TRUE);
  g_autoptr(Answer) two =
      ask(collector, (Asking){.method = "DELETE", .path = "/v1/sessions/two", .token = collector->token});
  cache_sync(cache);
  insist(cache, KEPT, FALSE);
  insist(cache, LATE, FALSE);
}

/* A collector that hands out anything for an asset, and all else as it is. */
typedef struct {
  const Collector *collector;
  const char *head; /* NULL: nothing, and the connection ends */
  char *body;
  int n_asked;
} Evil;

static void serve_evil(const char *head, GOutputStream *out, gpointer user_data) {
  Evil *evil = user_data;
  if (strstr(head, "GET /v1/assets/") == NULL) {
    serve_from(out, head, evil->collector->port, -1);
    return;
  }
  g_atomic_int_inc(&evil->n_asked);
  if (evil->head != NULL)
    serve_text(out, evil->head, evil->body);
}

static void test_evil(void) {
  g_autofree char *endless = g_strnfill(300 * 1024, ' ');
  const struct {
    const char *head, *body;
    gboolean aside; /* may be had later */
  } tries[] = {{"200 OK\r\nContent-Type: text/css", "a { color: blue }", FALSE},
               {"200 OK\r\nContent-Type: text/html", KEPT, FALSE},
               {"200 OK", KEPT, FALSE},
               {"200 OK\r\nContent-Type: text/css", endless, TRUE},
               {"500 Internal Server Error", "{}", TRUE},
               {"302 Found\r\nLocation: http://127.0.0.1:9/", "", TRUE},
               {"410 Gone", "{}", FALSE}};
  g_autoptr(Collector) collector = collector_start(NULL);
  bring(collector, KEPT);
  tell(collector, "one", 0);
  for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
    g_test_message("%s", tries[i].head);
    Evil evil = {.collector = collector, .head = tries[i].head, .body = (char *)tries[i].body};
    g_autoptr(Server) server = server_start(serve_evil, &evil);
    g_autoptr(Cache) cache = cache_new(server->url, collector->token);
    g_assert_cmpuint(cache_sync(cache).n_batches, ==, 1);
    insist(cache, KEPT, FALSE);
    Call counted = count(cache, "one");
    g_assert_cmpint(counted.count.n_missing, ==, 3);
    g_assert_cmpint(counted.aside, ==, tries[i].aside);
    g_assert_cmpint(evil.n_asked, ==, 3);
  }
}

static void serve_busy(const char *head, GOutputStream *out, gpointer user_data) {
  Evil *evil = user_data;
  gboolean of_asset = strstr(head, "GET /v1/assets/") != NULL;
  if (of_asset && g_atomic_int_add(&evil->n_asked, 1) < 5)
    serve_text(out, evil->head, evil->body);
  else
    serve_from(out, head, evil->collector->port, -1);
}

/* Nothing of it comes in five attempts: the session is here, without, and is asked for again when it changes. */
static void test_again(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  bring(collector, KEPT);
  tell(collector, "one", 0);
  Evil evil = {.collector = collector, .head = "503 Service Unavailable\r\nRetry-After: 0", .body = (char *)"{}"};
  g_autoptr(Server) server = server_start(serve_busy, &evil);
  g_autoptr(Cache) cache = cache_new(server->url, collector->token);
  g_assert_cmpuint(cache_sync(cache).n_aside, ==, 1);
  g_assert_true(count(cache, "one").aside);
  g_assert_cmpint(count(cache, "one").count.n_missing, ==, 3);
  tell(collector, "one", 1);
  g_assert_cmpuint(cache_sync(cache).n_assets, ==, 1);
  g_assert_false(count(cache, "one").aside);
  insist(cache, KEPT, TRUE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sync/assets/come", test_come);
  g_test_add_func("/sync/assets/evil", test_evil);
  g_test_add_func("/sync/assets/again", test_again);
  return g_test_run();
}
