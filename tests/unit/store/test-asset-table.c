/* SPDX-License-Identifier: MIT */
/* Pictures, fonts and sheets: stored once, shared, gone with the last session that tells of them. */
#define _GNU_SOURCE /* memmem */
#include "sight-asset-table.h"
#include "sight-db.h"
#include "store-fixture.h"

#include <string.h>

/* Of one text, and what it is known by. */
typedef struct {
  char *text, *hash;
} Sheet;

static Sheet sheet_of(const char *name, gsize bytes) {
  Sheet sheet = {.text = g_strnfill(bytes, ' ')};
  memcpy(sheet.text, name, MIN(strlen(name), bytes));
  sheet.hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, sheet.text, -1);
  return sheet;
}

static void sheet_clear(Sheet *sheet) {
  g_free(sheet->text);
  g_free(sheet->hash);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_clear)

typedef struct {
  gint64 endpoint, row;
  const Sheet *sheet;
  const char *session, *hash;
  GPtrArray *hashes;
  SightAssetResult result;
  gint64 n;
  GBytes *content;
  SightAssetCount count;
} Call;

static gboolean do_put(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->result = sight_asset_table_put(db, call->endpoint, call->sheet->hash, "text/css", call->sheet->text,
                                       strlen(call->sheet->text), error);
  return call->result != SIGHT_ASSET_FAILED;
}

static SightAssetResult bring(SightStore *store, gint64 endpoint, const Sheet *sheet) {
  Call call = {.endpoint = endpoint, .sheet = sheet};
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, do_put, &call, NULL));
  return call.result;
}

static gboolean do_get(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autofree char *type = NULL;
  gboolean has = FALSE;
  g_assert_true(sight_asset_table_get(db, call->endpoint, call->hash, &type, &call->content, error));
  g_assert_true(sight_asset_table_has(db, call->endpoint, call->hash, &has, error));
  g_assert_cmpint(has, ==, call->content != NULL);
  g_assert_cmpstr(type, ==, has ? "text/css" : NULL);
  return TRUE;
}

static gboolean is_there(SightStore *store, gint64 endpoint, const char *hash) {
  Call call = {.endpoint = endpoint, .hash = hash};
  g_assert_true(sight_store_read(store, do_get, &call, NULL));
  gboolean there = call.content != NULL;
  g_clear_pointer(&call.content, g_bytes_unref);
  return there;
}

static gboolean do_tell(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  SightBatch batch = {.session = call->session,
                      .window = "w",
                      .seq = call->n,
                      .received_at_ms = START_MS,
                      .first_ms = START_MS,
                      .last_ms = START_MS,
                      .events = "[{}]",
                      .events_bytes = 4,
                      .n_events = 1,
                      .assets = call->hashes};
  return sight_batch_table_put(db, call->endpoint, &batch, error) == SIGHT_PUT_STORED;
}

static void tell_all(SightStore *store, gint64 endpoint, const char *session, gint64 seq, GPtrArray *hashes) {
  Call call = {.endpoint = endpoint, .session = session, .hashes = hashes, .n = seq};
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, do_tell, &call, NULL));
}

static void tell(SightStore *store, gint64 endpoint, const char *session, gint64 seq, const char *hash) {
  g_autoptr(GPtrArray) hashes = g_ptr_array_new();
  g_ptr_array_add(hashes, (gpointer)hash);
  tell_all(store, endpoint, session, seq, hashes);
}

static gboolean do_count(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GPtrArray) missing = sight_asset_table_missing(db, call->row, error);
  g_assert_nonnull(missing);
  g_assert_true(sight_asset_table_count(db, call->row, &call->count, error));
  g_assert_cmpint(missing->len, ==, call->count.n_missing);
  for (guint i = 0; i < missing->len; i++)
    g_assert_true(sight_asset_hash_is_valid(missing->pdata[i]));
  return TRUE;
}

static SightAssetCount count(SightStore *store, gint64 endpoint, const char *session) {
  Call call = {.row = row_of(store, endpoint, session)};
  g_assert_true(sight_store_read(store, do_count, &call, NULL));
  return call.count;
}

static gboolean count_rows(SightDb *db, gpointer data, GError **error) {
  *(gint64 *)data = sight_db_query_int(db, "SELECT count(*) FROM asset", error);
  return TRUE;
}

static gint64 n_rows(SightStore *store) {
  gint64 n = -1;
  g_assert_true(sight_store_read(store, count_rows, &n, NULL));
  return n;
}

static void run_sql(const char *folder, const char *name, const char *sql) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(SightDb) db = sight_db_open(path, SIGHT_DB_WRITE, NULL);
  g_assert_true(sight_db_exec(db, sql, NULL));
}

static gboolean files_hold(const char *folder, const char *text) {
  const char *const names[] = {"collector.db", "collector.db-wal"};
  gboolean found = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    g_autofree char *data = NULL;
    gsize bytes = 0;
    found |= g_file_get_contents(path, &data, &bytes, NULL) && memmem(data, bytes, text, strlen(text)) != NULL;
  }
  return found;
}

/* Two sessions show it: it goes with the second, and no byte of it stays. */
static void test_last_session(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_COLLECTOR);
  gint64 project = add_endpoint(store, "project", "Shop");
  g_auto(Sheet) sheet = sheet_of("the-picture-of-ada-from-byte-to-byte", 100000);

  g_assert_cmpint(bring(store, project, &sheet), ==, SIGHT_ASSET_STORED);
  g_assert_cmpint(bring(store, project, &sheet), ==, SIGHT_ASSET_THERE);
  tell(store, project, "one", 0, sheet.hash);
  tell(store, project, "one", 1, sheet.hash);
  tell(store, project, "two", 0, sheet.hash);
  g_assert_cmpint(n_rows(store), ==, 1);
  g_assert_cmpint(count(store, project, "two").n_kept, ==, 1);
  g_assert_true(files_hold(folder, "the-picture-of-ada-from-byte-to-byte"));
  erase(store, row_of(store, project, "one"));
  g_assert_true(is_there(store, project, sheet.hash));
  erase(store, row_of(store, project, "two"));
  g_assert_false(is_there(store, project, sheet.hash));
  g_assert_cmpint(n_rows(store), ==, 0);
  sight_store_close(store);
  g_object_unref(store);
  g_assert_false(files_hold(folder, "the-picture-of-ada-from-byte-to-byte"));
  remove_folder(folder);
}

static gboolean drop_old(SightDb *db, gpointer data, GError **error) {
  return sight_asset_table_drop_waiting(db, error);
}

/* What waits for a session goes when any session is erased (it may be of that one), when it is old, when more wait. */
static void test_waiting(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 project = add_endpoint(store, "collector", "Shop");
  g_auto(Sheet) late = sheet_of("late", 100), old = sheet_of("old", 100), kept = sheet_of("kept", 100);

  put_batch(store, project, "one", "w", 0, START_MS, "[]");
  bring(store, project, &late);
  erase(store, row_of(store, project, "one"));
  g_assert_false(is_there(store, project, late.hash));
  bring(store, project, &old);
  bring(store, project, &kept);
  tell(store, project, "two", 0, kept.hash);
  run_sql(folder, "library.db", "UPDATE asset SET waits_ms = waits_ms - 3600000");
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, drop_old, NULL, NULL));
  g_assert_false(is_there(store, project, old.hash));
  g_assert_true(is_there(store, project, kept.hash));
  for (int i = 0; i < 600; i++) {
    g_autofree char *name = g_strdup_printf("number %d", i);
    g_auto(Sheet) one = sheet_of(name, 20);
    g_assert_cmpint(bring(store, project, &one), ==, SIGHT_ASSET_STORED);
    g_assert_true(is_there(store, project, one.hash));
  }
  g_assert_cmpint(n_rows(store), ==, 501);
  g_assert_true(is_there(store, project, kept.hash));
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

/* Told first, as in a cache that is synced: it is missing until it comes. */
static void test_missing(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 endpoint = add_endpoint(store, "collector", "Shop"), other = add_endpoint(store, "collector", "Other");
  g_auto(Sheet) sheet = sheet_of("later", 100);

  tell(store, endpoint, "one", 0, sheet.hash);
  g_assert_cmpint(count(store, endpoint, "one").n_missing, ==, 1);
  g_assert_false(is_there(store, endpoint, sheet.hash));
  g_assert_cmpint(bring(store, endpoint, &sheet), ==, SIGHT_ASSET_STORED);
  g_assert_cmpint(count(store, endpoint, "one").n_missing, ==, 0);
  g_assert_cmpint(count(store, endpoint, "one").n_bytes, ==, 100);
  /* Another endpoint has its own, or none. */
  g_assert_false(is_there(store, other, sheet.hash));
  tell(store, other, "one", 0, sheet.hash);
  g_assert_cmpint(count(store, other, "one").n_missing, ==, 1);
  erase(store, row_of(store, other, "one"));
  g_assert_true(is_there(store, endpoint, sheet.hash));
  sight_store_close(store);
  remove_folder(folder);
}

/* However many hashes a session tells, and whichever comes first. */
static void test_limits(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_COLLECTOR);
  gint64 project = add_endpoint(store, "project", "Shop");
  g_autoptr(GPtrArray) many = g_ptr_array_new_with_free_func(g_free);

  for (int i = 0; i < SIGHT_ASSETS_MAX + 100; i++)
    g_ptr_array_add(many, g_strdup_printf("%064x", i));
  tell_all(store, project, "many", 0, many);
  tell(store, project, "many", 1, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
  g_assert_cmpint(count(store, project, "many").n_missing, ==, SIGHT_ASSETS_MAX);
  for (int i = 0; i < 20; i++) {
    g_autofree char *name = g_strdup_printf("number %d", i);
    g_auto(Sheet) sheet = sheet_of(name, 256 * 1024);
    if (i % 2 == 0)
      bring(store, project, &sheet);
    tell(store, project, "large", i, sheet.hash);
    g_assert_cmpint(bring(store, project, &sheet), ==,
                    i >= 16 && i % 2 != 0 ? SIGHT_ASSET_FULL
                    : i % 2 == 0          ? SIGHT_ASSET_THERE
                                          : SIGHT_ASSET_STORED);
  }
  g_assert_cmpint(count(store, project, "large").n_bytes, ==, SIGHT_ASSETS_MAX_BYTES);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean get_damaged(SightDb *db, gpointer data, GError **error) {
  g_autofree char *type = NULL;
  g_autoptr(GBytes) content = NULL;
  g_assert_true(sight_asset_table_get(db, 1, data, &type, &content, error));
  g_assert_null(content);
  g_assert_null(type);
  return TRUE;
}

/* Content that no longer is what its hash says is not handed out. */
static void test_damaged(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_auto(Sheet) sheet = sheet_of("sound", 100);

  tell(store, 1, "one", 0, sheet.hash);
  bring(store, 1, &sheet);
  g_assert_true(is_there(store, 1, sheet.hash));
  run_sql(folder, "library.db", "UPDATE asset SET content = zeroblob(100)");
  g_assert_true(sight_store_read(store, get_damaged, sheet.hash, NULL));
  sight_store_close(store);
  remove_folder(folder);
}

/* A damaged file gives its assets back to the sessions whose events tell of them, and keeps none that nobody does. */
static void test_salvage(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  g_autofree char *path = g_build_filename(folder, "library.db", NULL);
  g_autofree char *aside = NULL;
  g_autofree char *data = NULL;
  gsize bytes = 0;
  g_auto(Sheet) kept = sheet_of("kept", 20000), lost = sheet_of("lost", 20000), unused = sheet_of("unused", 20000);
  g_autofree char *events =
      g_strdup_printf("[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"ss:assets\",\"payload\":{\"http://a/1\":\"%s\","
                      "\"http://a/2\":\"%s\",\"http://a/3\":0,\"why\":\"failed\"}}}]",
                      kept.hash, lost.hash);

  bring(store, 1, &kept);
  bring(store, 1, &lost);
  bring(store, 1, &unused);
  put_batch(store, 1, "one", "w", 0, START_MS, events);
  tell(store, 1, "one", 1, lost.hash);
  sight_store_close(store);
  g_object_unref(store);
  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  char *at = memmem(data, bytes, "lost ", 5);
  g_assert_nonnull(at);
  at[10] = 'x';
  memset(data, 0, 16);
  g_assert_true(g_file_set_contents(path, data, (gssize)bytes, NULL));
  store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, NULL);
  g_assert_nonnull(aside);
  g_assert_true(is_there(store, 1, kept.hash));
  g_assert_false(is_there(store, 1, lost.hash));
  g_assert_false(is_there(store, 1, unused.hash));
  SightAssetCount counted = count(store, 1, "one");
  g_assert_cmpint(counted.n_kept, ==, 1);
  g_assert_cmpint(counted.n_missing, ==, 1);
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/asset-table/last-session", test_last_session);
  g_test_add_func("/asset-table/waiting", test_waiting);
  g_test_add_func("/asset-table/missing", test_missing);
  g_test_add_func("/asset-table/limits", test_limits);
  g_test_add_func("/asset-table/damaged", test_damaged);
  g_test_add_func("/asset-table/salvage", test_salvage);
  return g_test_run();
}
