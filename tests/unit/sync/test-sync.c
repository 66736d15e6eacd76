/* SPDX-License-Identifier: MIT */
/* Syncing with a real collector: sessions, growth, tombstones, annotations both ways. */
#include "sync-fixture.h"

#include "sight-batch-table.h"
#include "sight-db.h"
#include "sight-endpoint-table.h"
#include "sight-import.h"

#include <string.h>

static void post_batches(const Collector *collector, const char *session, const char *window, int first, int n) {
  for (int i = first; i < first + n; i++) {
    g_autofree char *batch = batch_json(session, window, i, 200);
    g_autoptr(Answer) answer = post(collector, batch);
    g_assert_cmpint(answer_int(answer, "stored"), ==, TRUE);
  }
}

static void test_pull(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) cache = cache_new(collector->url, collector->token);
  post_batches(collector, "s1", "w1", 0, 3);
  post_batches(collector, "s1", "w2", 0, 2);
  post_batches(collector, "s2", "w1", 0, 1);
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_sessions, ==, 2);
  g_assert_cmpuint(total.n_sessions_total, ==, 2);
  g_assert_cmpuint(total.n_batches, ==, 6);
  g_autofree char *first = cache_contents(cache);
  g_auto(GStrv) lines = g_strsplit(first, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 7);

  /* Nothing new: nothing is asked for, nothing changes. */
  total = cache_sync(cache);
  g_assert_cmpuint(total.n_sessions, ==, 0);
  g_assert_cmpuint(total.n_batches, ==, 0);
  g_autofree char *second = cache_contents(cache);
  g_assert_cmpstr(second, ==, first);

  /* A session that grows brings what is new of it only. */
  post_batches(collector, "s1", "w1", 3, 2);
  total = cache_sync(cache);
  g_assert_cmpuint(total.n_batches, ==, 2);
  g_autoptr(SightEndpoint) endpoint = cache_endpoint(cache);
  g_assert_null(endpoint->problem);
  g_assert_cmpint(endpoint->synced_ms, >, 0);

  /* Another cache ends up with the same. */
  g_autoptr(Cache) other = cache_new(collector->url, collector->token);
  cache_sync(other);
  g_autofree char *mine = cache_contents(cache);
  g_autofree char *theirs = cache_contents(other);
  g_assert_cmpstr(mine, ==, theirs);
}

static void test_many_sessions(void) {
  const char *options[] = {"--rate-address", "0", NULL};
  g_autoptr(Collector) collector = collector_start(options);
  g_autoptr(Cache) cache = cache_new(collector->url, collector->token);
  for (int i = 0; i < 60; i++) {
    g_autofree char *session = g_strdup_printf("many-%d", i);
    post_batches(collector, session, "w", 0, 1);
  }
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_sessions, ==, 60);
  g_assert_cmpuint(total.n_batches, ==, 60);
}

static void test_large_session(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) cache = cache_new(collector->url, collector->token);
  for (int i = 0; i < 4; i++) {
    g_autofree char *batch = batch_json("large", "w", i, 3 * 1024 * 1024);
    g_autoptr(Answer) answer = post(collector, batch);
    g_assert_cmpuint(answer->status, ==, 202);
  }
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_batches, ==, 4);
}

static void test_tombstones(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) first = cache_new(collector->url, collector->token);
  g_autoptr(Cache) second = cache_new(collector->url, collector->token);
  post_batches(collector, "s1", "w", 0, 1);
  post_batches(collector, "s2", "w", 0, 1);
  cache_sync(first);
  cache_sync(second);
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_sync_erase_remote(first->store, first->endpoint, "s1", NULL, NULL, &error));
  g_assert_no_error(error);
  SightSyncProgress total = cache_sync(second);
  g_assert_cmpuint(total.n_erased, ==, 1);
  g_autofree char *left = cache_contents(second);
  g_assert_null(strstr(left, "s1 "));
  g_assert_nonnull(strstr(left, "s2 "));
  /* Hearing of it again is harmless. */
  cache_sync(second);

  /* Forgotten here only: what the collector still has is not taken again, also where it grows. */
  cache_erase(second, "s2");
  post_batches(collector, "s2", "w", 1, 1);
  cache_sync(second);
  g_autofree char *empty = cache_contents(second);
  g_assert_cmpstr(empty, ==, "");
  total = cache_sync(second);
  g_assert_cmpuint(total.n_sessions, ==, 0);
}

static void test_erase_user(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) cache = cache_new(collector->url, collector->token);
  g_autoptr(Answer) answer =
      post(collector, "{\"v\":1,\"session\":\"v1\",\"window\":\"w\",\"seq\":0,\"sent_at\":1,\"events\":[{\"type\":5,"
                      "\"timestamp\":1,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"ada/löve lace\"}}}]}");
  g_assert_cmpuint(answer->status, ==, 202);
  cache_sync(cache);
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_sync_erase_remote(cache->store, cache->endpoint, NULL, "ada/löve lace", NULL, &error));
  g_assert_no_error(error);
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_erased, ==, 1);
  g_autofree char *empty = cache_contents(cache);
  g_assert_cmpstr(empty, ==, "");
}

static SightAnnotation *tag(Cache *cache, const char *session, gint64 at_ms, const char *body) {
  return sight_annotation_new(cache->endpoint, session, "tag", at_ms, body);
}

static void test_annotations(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) ada = cache_new(collector->url, collector->token);
  g_autoptr(Cache) bob = cache_new(collector->url, collector->token);
  post_batches(collector, "s1", "w", 0, 1);
  cache_sync(ada);
  cache_sync(bob);
  g_autoptr(SightAnnotation) first = tag(ada, "s1", 1000, "look here");
  g_autoptr(SightAnnotation) second = tag(bob, "s1", 2000, "and <b>here</b>");
  g_autoptr(SightAnnotation) settings =
      sight_annotation_new(ada->endpoint, NULL, "settings", -1, "{\"rage_clicks\":4}");
  cache_put_annotation(ada, first);
  cache_put_annotation(ada, settings);
  cache_put_annotation(bob, second);
  SightSyncProgress pushed = cache_sync(ada);
  g_assert_cmpuint(pushed.n_pushed, ==, 2);
  SightSyncProgress both = cache_sync(bob);
  g_assert_cmpuint(both.n_pushed, ==, 1);
  g_assert_cmpuint(both.n_pulled, ==, 2);
  cache_sync(ada);
  g_autofree char *of_ada = cache_annotations(ada, "s1");
  g_autofree char *of_bob = cache_annotations(bob, "s1");
  g_autofree char *settings_of_bob = cache_annotations(bob, NULL);
  g_assert_cmpstr(of_ada, ==, "tag 1000 look here, tag 2000 and <b>here</b>");
  g_assert_cmpstr(of_bob, ==, of_ada);
  g_assert_cmpstr(settings_of_bob, ==, "settings -1 {\"rage_clicks\":4}");

  /* Changed and deleted by the other. */
  g_free(first->body);
  first->body = g_strdup("changed by bob");
  first->updated_ms += 10;
  second->deleted = TRUE;
  second->updated_ms += 10;
  cache_put_annotation(bob, first);
  cache_put_annotation(bob, second);
  cache_sync(bob);
  cache_sync(ada);
  g_autofree char *after = cache_annotations(ada, "s1");
  g_assert_cmpstr(after, ==, "tag 1000 changed by bob");
  SightSyncProgress quiet = cache_sync(bob);
  g_assert_cmpuint(quiet.n_pushed + quiet.n_pulled, ==, 0);
}

/* With a token that may only read, recordings come all the same, and what was made here stays and waits. */
static void test_read_only(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  const char *create[] = {"create", "--scope", "read", NULL};
  g_autofree char *reader = collector_keys(collector, create);
  g_autoptr(Cache) cache = cache_new(collector->url, reader);
  post_batches(collector, "s1", "w", 0, 1);
  cache_sync(cache);
  g_autoptr(SightAnnotation) annotation = tag(cache, "s1", 5, "mine");
  cache_put_annotation(cache, annotation);
  post_batches(collector, "s2", "w", 0, 1);
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_pushed, ==, 0);
  g_assert_cmpuint(total.n_sessions, ==, 1);
  g_autofree char *kept = cache_annotations(cache, "s1");
  g_assert_cmpstr(kept, ==, "tag 5 mine");
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_sync_erase_remote(cache->store, cache->endpoint, "s1", NULL, NULL, &error));
  g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED);
}

static gboolean damage_last(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(db, "UPDATE batch SET events = x'28b52ffd00' WHERE seq = 2", error);
}

static gboolean ignore_batch(const SightStoredBatch *stored, gpointer user_data, GError **error) {
  return TRUE;
}

static gboolean count_lost(SightDb *db, gpointer data, GError **error) {
  return sight_batch_table_each_in_sequence(db, 1, NULL, ignore_batch, NULL, data, error);
}

/* The last batch of a session is damaged where it comes from: nothing follows that could tell that it is missing. */
static void test_lost_there(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) cache = cache_new(collector->url, collector->token);
  post_batches(collector, "s1", "w", 0, 3);
  g_autoptr(SightStore) theirs = sight_store_open(collector->store, SIGHT_STORE_COLLECTOR, NULL, NULL);
  g_assert_true(sight_store_write(theirs, SIGHT_WRITE_NORMAL, damage_last, NULL, NULL));
  sight_store_close(theirs);
  SightSyncProgress total = cache_sync(cache);
  g_assert_cmpuint(total.n_batches, ==, 3);
  guint n_lost = 0;
  g_assert_true(sight_store_read(cache->store, count_lost, &n_lost, NULL));
  g_assert_cmpuint(n_lost, ==, 1);
  total = cache_sync(cache);
  g_assert_cmpuint(total.n_sessions, ==, 0);
}

/* Damages the cache's file while it is closed: one byte of whatever is compressed in it, or what is behind its middle.
 */
static void damage(Cache *cache, gboolean cut) {
  g_autofree char *path = g_build_filename(cache->folder, "library.db", NULL);
  g_autofree char *data = NULL;
  g_autofree char *aside = NULL;
  g_autoptr(GError) error = NULL;
  gsize bytes = 0;
  g_autofree char *log = g_strconcat(path, "-wal", NULL);
  sight_store_close(cache->store);
  g_object_unref(cache->store);
  g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  for (gsize i = 0; !cut && i + 16 < bytes; i++) {
    if (memcmp(data + i, "\x28\xb5\x2f\xfd", 4) == 0)
      data[i + 12] ^= 1;
  }
  g_assert_true(g_file_set_contents(path, data, (gssize)(cut ? bytes / 2 : bytes), NULL));
  cache->store = sight_store_open(cache->folder, SIGHT_STORE_CACHE, &aside, &error);
  g_assert_no_error(error);
  g_assert_nonnull(aside);
  g_autofree char *loss = sight_store_loss(cache->store);
  g_assert_nonnull(loss);
}

/* Whether it brought anything. */
static gboolean import_again(Cache *cache, GFile *file) {
  g_autoptr(GError) error = NULL;
  SightImportResult result = {0};
  g_assert_true(sight_import_file(cache->store, file, NULL, &result, &error));
  g_assert_no_error(error);
  gboolean new = !result.duplicate;
  sight_import_result_clear(&result);
  return new;
}

/* "window seq sum" of each batch of the imported file: it is received anew. */
static char *imported(Cache *cache) {
  gint64 endpoint = cache->endpoint;
  cache->endpoint = SIGHT_ENDPOINT_FILES;
  g_autofree char *contents = cache_contents(cache);
  cache->endpoint = endpoint;
  g_auto(GStrv) lines = g_strsplit(contents, "\n", -1);
  g_autoptr(GString) out = g_string_new(NULL);
  for (char **line = lines; *line != NULL && **line != '\0'; line++) {
    g_auto(GStrv) words = g_strsplit(*line, " ", -1);
    g_string_append_printf(out, "%s %s %s\n", words[1], words[2], words[4]);
  }
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static GFile *make_recording(Cache *cache) {
  g_autofree char *path = g_build_filename(cache->folder, "visit.json", NULL);
  g_autoptr(GString) text = g_string_new("[");
  for (int i = 0; i < 6000; i++)
    g_string_append_printf(
        text, "%s{\"type\":5,\"timestamp\":%d,\"data\":{\"tag\":\"t\",\"payload\":\"%08x%08x%08x\"}}", i > 0 ? "," : "",
        1000 + i, (guint)g_test_rand_int(), (guint)g_test_rand_int(), (guint)g_test_rand_int());
  g_string_append_c(text, ']');
  g_assert_true(g_file_set_contents(path, text->str, (gssize)text->len, NULL));
  return g_file_new_for_path(path);
}

/* What damage took comes back: with the next sync, and where a file is imported again; all else is stored once. */
static void test_damaged(void) {
  g_autoptr(Collector) collector = collector_start(NULL);
  g_autoptr(Cache) cache = cache_new(collector->url, collector->token);
  g_autoptr(GFile) file = make_recording(cache);
  for (int i = 0; i < 12; i++) {
    g_autofree char *session = g_strdup_printf("visit-%d", i);
    post_batches(collector, session, "w", 0, 3);
  }
  cache_sync(cache);
  g_assert_true(import_again(cache, file));
  g_assert_false(import_again(cache, file));
  g_autofree char *before = cache_contents(cache);
  g_autofree char *imported_before = imported(cache);
  for (int cut = 0; cut < 2; cut++) {
    damage(cache, cut == 1);
    SightSyncProgress total = cache_sync(cache);
    g_assert_cmpuint(total.n_sessions, ==, 12);
    g_autofree char *after = cache_contents(cache);
    g_assert_cmpstr(after, ==, before);
    g_assert_true(import_again(cache, file));
    g_autofree char *imported_after = imported(cache);
    g_assert_cmpstr(imported_after, ==, imported_before);
    g_assert_false(import_again(cache, file));
    total = cache_sync(cache);
    g_assert_cmpuint(total.n_batches, ==, 0);
  }
}

static void test_check(void) {
  const char *options[] = {"--name", "Demo shop", NULL};
  g_autoptr(Collector) collector = collector_start(options);
  g_autofree char *slashed = g_strconcat(collector->url, "/", NULL);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_sync_check(slashed, collector->token, &name, NULL, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(name, ==, "Demo shop");
  g_assert_false(sight_sync_check(collector->url, "sst_wrong", NULL, NULL, &error));
  g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED);
  const char *const wrong[] = {"",
                               "shop",
                               "ftp://shop.example",
                               "file:///etc/passwd",
                               "http://",
                               "http://a:b@c.example",
                               "http://c.example/?x=1"};
  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_clear_error(&error);
    g_assert_false(sight_sync_check(wrong[i], "t", NULL, NULL, &error));
    g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
  }
  /* A token does not go out in clear. */
  g_clear_error(&error);
  g_assert_false(sight_sync_check("http://collector.example:8787", "t", NULL, NULL, &error));
  g_assert_error(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_SETTING);
  g_assert_nonnull(strstr(error->message, "https://"));
}

int main(int argc, char **argv) {
  g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sync/pull", test_pull);
  g_test_add_func("/sync/many-sessions", test_many_sessions);
  g_test_add_func("/sync/large-session", test_large_session);
  g_test_add_func("/sync/tombstones", test_tombstones);
  g_test_add_func("/sync/erase-user", test_erase_user);
  g_test_add_func("/sync/annotations", test_annotations);
  g_test_add_func("/sync/read-only", test_read_only);
  g_test_add_func("/sync/damaged", test_damaged);
  g_test_add_func("/sync/lost-there", test_lost_there);
  g_test_add_func("/sync/check", test_check);
  return g_test_run();
}
