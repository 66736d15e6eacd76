/* SPDX-License-Identifier: MIT */
/* A cache in a folder that cannot be written is read all the same; what would store says why it cannot. Root may write
 * everywhere, so each test gives its rights away in a process of its own. */
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

static gboolean count_batches(const SightStoredBatch *stored, gpointer data, GError **error) {
  guint *n = data;
  (*n)++;
  return TRUE;
}

static gboolean read_all(SightDb *db, gpointer data, GError **error) {
  SightSessionFilter all = {0};
  g_autoptr(GArray) rows = sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error);
  g_assert_cmpint(rows->len, ==, 3);
  for (guint i = 0; i < rows->len; i++)
    if (!sight_batch_table_each_in_sequence(db, g_array_index(rows, gint64, i), NULL, count_batches, data, NULL, error))
      return FALSE;
  return TRUE;
}

static gboolean never(SightDb *db, gpointer data, GError **error) {
  g_assert_not_reached();
}

/* In a process of its own: the folder's files belong to somebody else. */
static void look_inside(void) {
  const char *folder = g_getenv("SIGHT_TEST_FOLDER");
  g_autoptr(GError) error = NULL;
  guint n = 0;
  g_assert_cmpint(geteuid() == 0 ? setgid(NOBODY) + setuid(NOBODY) : 0, ==, 0);
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(sight_store_why_reading(store));
  g_assert_true(sight_store_read(store, read_all, &n, &error));
  g_assert_cmpuint(n, ==, 6);
  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, never, NULL, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN);
  g_assert_nonnull(strstr(error->message, sight_store_why_reading(store)));
  sight_store_close(store);
}

static void put_all(SightStore *store) {
  for (int i = 0; i < 6; i++) {
    g_autofree char *session = g_strdup_printf("visit-%d", i % 3);
    put_batch(store, SIGHT_ENDPOINT_FILES, session, "w", i / 3, START_MS + i,
              "[{\"type\":4,\"timestamp\":1,\"data\":{}}]");
  }
}

static void set_mode(const char *folder, const char *name, int mode) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    g_assert_cmpint(g_chmod(path, (mode_t)mode), ==, 0);
}

static void set_modes(const char *folder, int folder_mode, int file_mode) {
  static const char *const names[] = {"library.db", "library.db-wal", "library.db-shm", "library.db.state"};
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    set_mode(folder, names[i], file_mode);
  set_mode(folder, "", folder_mode);
}

static void check_read_only(const char *folder) {
  set_modes(folder, 0555, 0444);
  g_setenv("SIGHT_TEST_FOLDER", folder, TRUE);
  g_test_trap_subprocess("/store/reading/subprocess/look", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed();
  set_modes(folder, 0755, 0644);
}

static void test_closed(void) {
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  put_all(store);
  sight_store_close(store);
  g_object_unref(store);
  check_read_only(folder);
  /* Nothing was changed: it opens as it was left. */
  store = open_store(folder, SIGHT_STORE_CACHE);
  g_assert_null(sight_store_why_reading(store));
  g_assert_null(sight_store_loss(store));
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

/* What stands in the log alone is there, too. */
static void test_with_log(void) {
  char *folder = make_folder();
  g_autofree char *log = g_build_filename(folder, "library.db-wal", NULL);
  GStatBuf info;
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  put_all(store);
  g_assert_cmpint(g_stat(log, &info), ==, 0);
  g_assert_cmpint(info.st_size, >, 0);
  check_read_only(folder);
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

static void test_nothing_there(void) {
  g_autoptr(GError) error = NULL;
  g_assert_null(sight_store_open("/proc/sessionsight", SIGHT_STORE_CACHE, NULL, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/reading/subprocess/look", look_inside);
  g_test_add_func("/store/reading/closed", test_closed);
  g_test_add_func("/store/reading/with-log", test_with_log);
  g_test_add_func("/store/reading/nothing-there", test_nothing_there);
  return g_test_run();
}
