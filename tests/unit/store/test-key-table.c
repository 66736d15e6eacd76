/* SPDX-License-Identifier: MIT */
/* Keys, tokens, origins and endpoints. */
#include "store-fixture.h"

#include <string.h>

static gboolean make_keys(SightDb *db, gpointer data, GError **error) {
  char **keys = data;
  gint64 project = sight_endpoint_table_add(db, "project", "shop", NULL, error);

  keys[0] = sight_key_table_create(db, project, "web", SIGHT_SCOPE_INGEST, error);
  keys[1] = sight_key_table_create(db, project, "desk", SIGHT_SCOPE_READ | SIGHT_SCOPE_ANNOTATE, error);
  return keys[0] != NULL && keys[1] != NULL;
}

static gboolean check_keys(SightDb *db, gpointer data, GError **error) {
  char **keys = data;
  g_autoptr(SightKey) write_key = sight_key_table_check(db, keys[0], error);
  g_autoptr(SightKey) token = sight_key_table_check(db, keys[1], error);
  g_autofree char *shorter = g_strndup(keys[1], strlen(keys[1]) - 1);
  g_autofree char *longer = g_strconcat(keys[1], "x", NULL);
  g_autofree char *huge = g_strnfill(100000, 'a');

  g_assert_cmpint(write_key->scopes, ==, SIGHT_SCOPE_INGEST);
  g_assert_cmpstr(write_key->key, ==, keys[0]);
  g_assert_true(g_str_has_prefix(keys[0], "ssw_"));
  g_assert_cmpint(token->scopes, ==, SIGHT_SCOPE_READ | SIGHT_SCOPE_ANNOTATE);
  g_assert_true(g_str_has_prefix(keys[1], "sst_"));
  g_assert_cmpint(strlen(token->key), ==, 8);
  g_assert_cmpint(token->project, ==, write_key->project);
  const char *const wrong[] = {NULL, "", "sst_", token->key, shorter, longer, huge, "' OR 1=1 --"};
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
    g_assert_null(sight_key_table_check(db, wrong[i], error));
  g_assert_no_error(*error);
  return TRUE;
}

static gboolean revoke_one(SightDb *db, gpointer data, GError **error) {
  char **keys = data;
  g_autoptr(GPtrArray) list = sight_key_table_list(db, error);

  g_assert_cmpint(list->len, ==, 2);
  const SightKey *token = g_ptr_array_index(list, 1);
  g_assert_cmpstr(token->name, ==, "desk");
  g_assert_true(sight_key_table_revoke(db, token->row, error));
  g_assert_null(sight_key_table_check(db, keys[1], error));
  return sight_key_table_revoke(db, 4711, error);
}

static void test_keys(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_COLLECTOR);
  g_autoptr(GError) error = NULL;
  char *keys[2] = {NULL, NULL};

  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, make_keys, keys, NULL));
  sight_store_read(store, check_keys, keys, &error);
  g_assert_no_error(error);
  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, revoke_one, keys, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  g_clear_error(&error);
  g_free(keys[0]);
  g_free(keys[1]);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean set_origins(SightDb *db, gpointer data, GError **error) {
  const char *const origins[] = {"https://shop.example", "https://b.example", "https://shop.example", NULL};
  gint64 project = sight_endpoint_table_add(db, "project", "shop", NULL, error);
  g_auto(GStrv) none = sight_key_table_origins(db, project, error);

  g_assert_cmpint(g_strv_length(none), ==, 0);
  g_assert_true(sight_key_table_set_origins(db, project, origins, error));
  g_auto(GStrv) two = sight_key_table_origins(db, project, error);
  g_assert_cmpint(g_strv_length(two), ==, 2);
  g_assert_cmpstr(two[1], ==, "https://shop.example");
  g_assert_true(sight_key_table_set_origins(db, project, NULL, error));
  g_auto(GStrv) again = sight_key_table_origins(db, project, error);
  g_assert_cmpint(g_strv_length(again), ==, 0);
  return TRUE;
}

static void test_origins(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_COLLECTOR);

  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, set_origins, NULL, NULL));
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean use_endpoints(SightDb *db, gpointer data, GError **error) {
  gint64 row = sight_endpoint_table_add(db, "collector", "shop", "https://collector.example", error);
  g_assert_true(sight_endpoint_table_set_synced(db, row, "17", "18", 42, "unreachable", error));
  g_autoptr(SightEndpoint) by_name = sight_endpoint_table_find(db, "shop", error);
  g_autoptr(SightEndpoint) by_url = sight_endpoint_table_find(db, "https://collector.example", error);
  g_autoptr(SightEndpoint) by_row = sight_endpoint_table_find(db, "2", error);
  g_autoptr(SightEndpoint) files = sight_endpoint_table_get(db, SIGHT_ENDPOINT_FILES, error);

  g_assert_cmpint(by_name->row, ==, row);
  g_assert_cmpint(by_url->row, ==, row);
  g_assert_cmpint(by_row->row, ==, row);
  g_assert_cmpstr(by_row->cursor, ==, "17");
  g_assert_cmpstr(by_row->annotation_cursor, ==, "18");
  g_assert_cmpstr(by_row->problem, ==, "unreachable");
  g_assert_cmpint(by_row->synced_ms, ==, 42);
  g_assert_cmpstr(files->kind, ==, "files");
  return sight_endpoint_table_get(db, 99, error) != NULL;
}

static gboolean remove_endpoint(SightDb *db, gpointer data, GError **error) {
  return sight_endpoint_table_remove(db, *(gint64 *)data, error);
}

static gboolean list_endpoints(SightDb *db, gpointer data, GError **error) {
  g_autoptr(GPtrArray) list = sight_endpoint_table_list(db, error);
  GString *text = data;

  for (guint i = 0; list != NULL && i < list->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(list, i);
    g_string_append_printf(text, "%s:%d ", endpoint->kind, (int)endpoint->n_sessions);
  }
  return list != NULL;
}

static void test_endpoints(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  SightSessionFilter all = {0}, search = {.text = "gone"};

  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, use_endpoints, NULL, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  g_clear_error(&error);

  gint64 row = add_endpoint(store, "collector", "shop"), files = SIGHT_ENDPOINT_FILES;
  save_analysed(store, row, (Analysed){.session = "gone", .pages = "/a", .signals = "e@1"});
  put_batch(store, 1, "stays", "w", 0, START_MS, "[]");
  put_tag(store, row, "gone", 1, "tag");
  g_assert_true(sight_store_read(store, list_endpoints, text, NULL));
  g_assert_cmpstr(text->str, ==, "files:1 collector:1 ");
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, remove_endpoint, &row, NULL));
  g_assert_cmpint(count_of(store, &all), ==, 1);
  g_assert_cmpint(count_of(store, &search), ==, 0);
  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, remove_endpoint, &row, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  g_clear_error(&error);
  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, remove_endpoint, &files, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/key/keys", test_keys);
  g_test_add_func("/key/origins", test_origins);
  g_test_add_func("/endpoint/endpoints", test_endpoints);
  return g_test_run();
}
