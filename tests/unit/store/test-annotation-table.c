/* SPDX-License-Identifier: MIT */
/* Annotations: the newer version wins wherever it comes from, and what was made here is pushed once. */
#include "sight-unread-table.h"
#include "store-fixture.h"

#include <string.h>

typedef struct {
  gint64 endpoint;
  SightAnnotation annotation;
  gboolean local, changed;
  GString *seen;
  gint64 after;
  guint n_seen;
  const char *session, *json;
  char *settings;
} Call;

static void write_now(SightStore *store, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_DURABLE, func, call, &error);
  g_assert_no_error(error);
}

static void read_now(SightStore *store, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;

  sight_store_read(store, func, call, &error);
  g_assert_no_error(error);
}

static gboolean do_put(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  return sight_annotation_table_put(db, &call->annotation,
                                    call->local ? SIGHT_ANNOTATION_MADE_HERE : SIGHT_ANNOTATION_OF_WORKSTATION,
                                    &call->changed, error);
}

static gboolean put(SightStore *store, const char *id, const char *session, gint64 updated_ms, const char *body,
                    gboolean deleted, gboolean local) {
  Call call = {.local = local};

  call.annotation = (SightAnnotation){.id = (char *)id,
                                      .endpoint = 1,
                                      .session = (char *)session,
                                      .kind = (char *)"tag",
                                      .at_ms = 7,
                                      .body = (char *)body,
                                      .author = (char *)"me",
                                      .updated_ms = updated_ms,
                                      .deleted = deleted};
  write_now(store, do_put, &call);
  return call.changed;
}

static void note(Call *call, GPtrArray *list) {
  for (guint i = 0; i < list->len; i++) {
    const SightAnnotation *annotation = g_ptr_array_index(list, i);
    g_string_append_printf(call->seen, "%s%s=%s%s", call->seen->len > 0 ? " " : "", annotation->id, annotation->body,
                           annotation->deleted ? "!" : "");
  }
}

static gboolean do_list(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GPtrArray) list = sight_annotation_table_list(db, 1, call->session, error);
  note(call, list);
  return list != NULL;
}

static gboolean do_unpushed(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GPtrArray) list = sight_annotation_table_unpushed(db, 1, error);
  note(call, list);
  return list != NULL;
}

/* Two at a time. */
static gboolean take_changed(const SightAnnotation *annotation, gint64 revision, gpointer data) {
  Call *call = data;
  g_string_append_printf(call->seen, "%s%s=%s%s", call->seen->len > 0 ? " " : "", annotation->id, annotation->body,
                         annotation->deleted ? "!" : "");
  call->after = revision;
  return ++call->n_seen % 2 != 0;
}

static gboolean do_changed(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  return sight_annotation_table_each_changed(db, 1, call->after, take_changed, call, error);
}

static void check(SightStore *store, SightStoreFunc func, const char *session, const char *wanted) {
  Call call = {.session = session, .seen = g_string_new(NULL)};

  read_now(store, func, &call);
  g_assert_cmpstr(call.seen->str, ==, wanted);
  g_string_free(call.seen, TRUE);
}

static void test_versions(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  g_assert_true(put(store, "one", "s", 10, "b", FALSE, FALSE));
  g_assert_false(put(store, "one", "s", 10, "b", FALSE, FALSE));
  g_assert_false(put(store, "one", "s", 9, "z", FALSE, FALSE));
  g_assert_false(put(store, "one", "s", 10, "a", FALSE, FALSE));
  check(store, do_list, "s", "one=b");
  g_assert_true(put(store, "one", "s", 10, "c", FALSE, FALSE));
  g_assert_true(put(store, "one", "s", 11, "a", FALSE, FALSE));
  check(store, do_list, "s", "one=a");
  check(store, do_list, "t", "");
  check(store, do_list, NULL, "");
  g_assert_true(put(store, "one", "s", 12, "a", TRUE, FALSE));
  check(store, do_list, "s", "");
  g_assert_false(put(store, "one", "s", 11, "back", FALSE, FALSE));
  check(store, do_list, "s", "");
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_pushed(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  return sight_annotation_table_set_pushed(db, 1, call->annotation.id, call->annotation.updated_ms,
                                           call->annotation.updated_ms, error);
}

static void test_pushing(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Call pushed = {.annotation = {.id = (char *)"mine", .updated_ms = 10}};

  put(store, "theirs", "s", 10, "x", FALSE, FALSE);
  put(store, "mine", "s", 10, "a", FALSE, TRUE);
  check(store, do_unpushed, NULL, "mine=a");
  /* It changed while the first version was on its way. */
  put(store, "mine", "s", 20, "b", FALSE, TRUE);
  write_now(store, do_pushed, &pushed);
  check(store, do_unpushed, NULL, "mine=b");
  pushed.annotation.updated_ms = 20;
  write_now(store, do_pushed, &pushed);
  check(store, do_unpushed, NULL, "");
  put(store, "mine", "s", 30, "b", TRUE, TRUE);
  check(store, do_unpushed, NULL, "mine=b!");
  sight_store_close(store);
  remove_folder(folder);
}

static void test_changed(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Call call = {.seen = g_string_new(NULL)};

  put(store, "a", "s", 1, "1", FALSE, FALSE);
  put(store, "b", "s", 1, "1", FALSE, FALSE);
  put(store, "c", "s", 1, "1", FALSE, FALSE);
  put(store, "a", "s", 2, "2", TRUE, FALSE);
  read_now(store, do_changed, &call);
  read_now(store, do_changed, &call);
  g_assert_cmpstr(call.seen->str, ==, "b=1 c=1 a=2!");
  gint64 end = call.after;
  read_now(store, do_changed, &call);
  g_assert_cmpint(call.after, ==, end);
  g_string_free(call.seen, TRUE);
  sight_store_close(store);
  remove_folder(folder);
}

static void check_tagged(SightStore *store, const char *wanted) {
  g_autofree char *ids = flagged_ids(store, SIGHT_SESSION_TAGGED);

  g_assert_cmpstr(ids, ==, wanted);
}

static void test_tagged_flag(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  put(store, "a", "s", 1, "early", FALSE, FALSE); /* before its session */
  put_batch(store, 1, "s", "w", 0, START_MS, "[]");
  check_tagged(store, "s");
  put(store, "b", "s", 1, "second", FALSE, FALSE);
  put(store, "a", "s", 2, "early", TRUE, FALSE);
  check_tagged(store, "s");
  put(store, "b", "s", 2, "second", TRUE, FALSE);
  check_tagged(store, "");
  /* Nothing is noted about what was erased. */
  erase(store, row_of(store, 1, "s"));
  g_assert_false(put(store, "c", "s", 3, "late", FALSE, FALSE));
  check(store, do_list, "s", "");
  sight_store_close(store);
  remove_folder(folder);
}

static void take_from(SightDb *db, const char *id, const char *kind, const char *author, gint64 updated_ms,
                      gboolean deleted) {
  g_autoptr(GError) error = NULL;
  SightAnnotation annotation = {.id = (char *)id,
                                .endpoint = 1,
                                .session = (char *)"s",
                                .kind = (char *)kind,
                                .at_ms = 7,
                                .body = (char *)"text",
                                .author = (char *)author,
                                .updated_ms = updated_ms,
                                .deleted = deleted};

  sight_annotation_table_put(db, &annotation, SIGHT_ANNOTATION_OF_ENDPOINT, NULL, &error);
  g_assert_no_error(error);
}

static void check_unread(SightDb *db, guint n_wanted) {
  g_autoptr(GHashTable) ids = sight_unread_table_list(db, 1, "s", NULL);

  g_assert_cmpuint(g_hash_table_size(ids), ==, n_wanted);
  g_assert_cmpint(sight_unread_table_has(db, 1, "s", NULL), ==, n_wanted > 0);
}

static gboolean do_take(SightDb *db, gpointer data, GError **error) {
  g_autofree char *own = sight_annotation_own_author();

  /* What an endpoint has when it is connected is no news. */
  take_from(db, "old", "tag", "Anna", 1, FALSE);
  check_unread(db, 0);
  g_assert_true(sight_endpoint_table_set_synced(db, 1, NULL, NULL, 5, NULL, error));
  take_from(db, "old", "tag", "Anna", 2, FALSE);
  take_from(db, "own", "tag", own, 2, FALSE);
  take_from(db, "t", "part", "Anna", 2, FALSE);
  check_unread(db, 0);
  take_from(db, "a", "tag", "Anna", 2, FALSE);
  take_from(db, "a_1234567890123456789012", "reply", "Ben", 2, FALSE);
  take_from(db, "b", "note", "Ben", 2, FALSE);
  check_unread(db, 3);
  take_from(db, "b", "note", "Ben", 3, TRUE);
  check_unread(db, 2);
  return TRUE;
}

static gboolean do_clear(SightDb *db, gpointer data, GError **error) {
  gboolean done = sight_unread_table_clear(db, 1, "s", error);

  check_unread(db, 0);
  return done;
}

static void test_unread(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Call call = {0};

  write_now(store, do_take, &call);
  put_batch(store, 1, "s", "w", 0, START_MS, "[]");
  g_autofree char *unread = flagged_ids(store, SIGHT_SESSION_UNREAD);
  g_assert_cmpstr(unread, ==, "s");
  write_now(store, do_clear, &call);
  g_autofree char *none = flagged_ids(store, SIGHT_SESSION_UNREAD);
  g_assert_cmpstr(none, ==, "");
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_put_settings(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  return sight_annotation_table_put_settings(db, call->endpoint, call->json, error);
}

static gboolean do_get_settings(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GError) failure = NULL;
  call->settings = sight_annotation_table_settings(db, call->endpoint, &failure);
  g_assert_no_error(failure);
  return TRUE;
}

static void check_settings(SightStore *store, gint64 endpoint, const char *wanted) {
  Call call = {.endpoint = endpoint};

  read_now(store, do_get_settings, &call);
  g_assert_cmpstr(call.settings, ==, wanted);
  g_free(call.settings);
}

static void test_settings(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 shop = add_endpoint(store, "collector", "shop");
  Call call = {.endpoint = shop, .json = "{\"idle\":1}"};

  check_settings(store, shop, NULL);
  write_now(store, do_put_settings, &call);
  call.json = "{\"idle\":2}"; /* within the same millisecond, perhaps */
  write_now(store, do_put_settings, &call);
  call.json = "{}";
  write_now(store, do_put_settings, &call);
  check_settings(store, shop, "{}");
  check_settings(store, 1, NULL);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_new(void) {
  g_autoptr(SightAnnotation) one = sight_annotation_new(3, "s", "note", 5, "text");
  g_autoptr(SightAnnotation) two = sight_annotation_new(3, NULL, "settings", -1, "{}");

  g_assert_cmpstr(one->id, !=, two->id);
  g_assert_cmpint(one->created_ms, >, START_MS);
  g_assert_cmpint(one->created_ms, ==, one->updated_ms);
  g_assert_cmpstr(one->author, !=, "");
  g_assert_null(two->session);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/annotation/versions", test_versions);
  g_test_add_func("/annotation/pushing", test_pushing);
  g_test_add_func("/annotation/changed", test_changed);
  g_test_add_func("/annotation/tagged-flag", test_tagged_flag);
  g_test_add_func("/annotation/unread", test_unread);
  g_test_add_func("/annotation/settings", test_settings);
  g_test_add_func("/annotation/new", test_new);
  return g_test_run();
}
