/* SPDX-License-Identifier: MIT */
/* The database file: opening, versions, damage, unclean ends, transactions, news. */
#include "sight-db.h"
#include "sight-schema.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static char *database(const char *folder) {
  return g_build_filename(folder, "library.db", NULL);
}

/* Runs plain SQL on a file behind the store's back. */
static void run_sql(const char *path, const char *sql) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightDb) db = sight_db_open(path, SIGHT_DB_WRITE, &error);

  g_assert_no_error(error);
  sight_db_exec(db, sql, &error);
  g_assert_no_error(error);
}

static gint64 ask_sql(const char *path, const char *sql) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightDb) db = sight_db_open(path, SIGHT_DB_WRITE, &error);
  gint64 value = sight_db_query_int(db, sql, &error);

  g_assert_no_error(error);
  return value;
}

static void overwrite(const char *path, gsize at, gsize bytes) {
  g_autofree char *data = NULL;
  gsize length = 0;

  g_assert_true(g_file_get_contents(path, &data, &length, NULL));
  g_assert_cmpint(length, >=, at + bytes);
  memset(data + at, 0x5a, bytes);
  g_assert_true(g_file_set_contents(path, data, (gssize)length, NULL));
}

/* Jobs of a group: what each writes, and whether it fails afterwards. */
typedef struct {
  SightStore *store;
  int key;
  gboolean fails;
  gboolean done, succeeded;
  GMutex *gate; /* of the first alone: held until all are queued */
} Grouped;

static int n_commits;

static int count_commit(void *data) {
  n_commits++;
  return 0;
}

static gboolean write_grouped(SightDb *db, gpointer user_data, GError **error) {
  Grouped *job = user_data;
  g_autofree char *sql = g_strdup_printf("INSERT INTO counter(name, value) VALUES ('job-%d', 1)", job->key);
  if (job->gate != NULL) {
    g_mutex_lock(job->gate);
    g_mutex_unlock(job->gate);
    n_commits = 0;
    sqlite3_commit_hook(db->handle, count_commit, NULL);
  }
  if (!sight_db_exec(db, sql, error))
    return FALSE;
  if (job->fails)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, "on purpose");
  return !job->fails;
}

static void on_grouped(GObject *source, GAsyncResult *result, gpointer user_data) {
  Grouped *job = user_data;
  g_autoptr(GError) error = NULL;
  job->succeeded = sight_store_write_finish(SIGHT_STORE(source), result, &error);
  if (!job->succeeded)
    g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  job->done = TRUE;
}

/* What waits shares commits, and those that fail at random undo nothing of the others. */
static void test_group(void) {
  char *folder = make_folder();
  g_autofree char *path = database(folder);
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Grouped jobs[60] = {0};
  GMutex gate;
  g_mutex_init(&gate);
  g_mutex_lock(&gate);
  for (guint i = 0; i < G_N_ELEMENTS(jobs); i++) {
    jobs[i] = (Grouped){.store = store, .key = (int)i, .fails = g_test_rand_int_range(0, 3) == 0};
    jobs[i].gate = i == 0 ? &gate : NULL;
    sight_store_write_async(store, SIGHT_WRITE_DURABLE, write_grouped, &jobs[i], NULL, NULL, on_grouped, &jobs[i]);
  }
  g_mutex_unlock(&gate);
  for (guint i = 0; i < G_N_ELEMENTS(jobs); i++) {
    while (!jobs[i].done)
      g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(jobs[i].succeeded, ==, !jobs[i].fails);
  }
  sight_store_close(store);
  g_mutex_clear(&gate);
  for (guint i = 0; i < G_N_ELEMENTS(jobs); i++) {
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM counter WHERE name = 'job-%u'", i);
    g_assert_cmpint(ask_sql(path, sql), ==, !jobs[i].fails);
  }
  g_test_message("%d commits", n_commits);
  g_assert_cmpint(n_commits, <, (int)G_N_ELEMENTS(jobs) / 2);
  remove_folder(folder);
}

static void test_statements(void) {
  char *folder = make_folder();
  g_autofree char *path = database(folder);
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  sight_store_close(store);
  g_object_unref(store);

  SightDb *db = sight_db_open(path, SIGHT_DB_WRITE, NULL);
  for (int sql = 0; sql < SIGHT_N_SQL; sql++) {
    g_autoptr(GError) error = NULL;
    g_assert_nonnull(sight_sql_texts[sql].sql);
    g_autoptr(SightStatement) statement = sight_db_statement(db, (SightSql)sql, &error);
    g_assert_no_error(error);
    g_assert_nonnull(statement);
    sqlite3_stmt *handle = NULL;
    g_assert_cmpint(sqlite3_prepare_v2(db->handle, sight_sql_texts[sql].sql, -1, &handle, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_stmt_readonly(handle), ==, !sight_sql_texts[sql].writes);
    sqlite3_finalize(handle);
  }
  sight_db_close(db);
  /* A reader cannot write, whatever it is asked. */
  db = sight_db_open(path, SIGHT_DB_READ, NULL);
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_db_exec(db, "DELETE FROM counter", &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE);
  sight_db_close(db);
  remove_folder(folder);
}

/* Two uses of one statement at once do not disturb each other. */
static gboolean walk_twice(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightStatement) outer = sight_db_statement(db, SIGHT_SQL_ENDPOINT_LIST, error);
  int *n = data;

  while (sight_statement_step(outer, error) == SIGHT_STEP_ROW) {
    g_autoptr(SightStatement) inner = sight_db_statement(db, SIGHT_SQL_ENDPOINT_LIST, error);
    while (sight_statement_step(inner, error) == SIGHT_STEP_ROW)
      (*n)++;
  }
  return TRUE;
}

static void test_nested_statement(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  int n = 0;

  add_endpoint(store, "collector", "two");
  add_endpoint(store, "collector", "three");
  g_assert_true(sight_store_read(store, walk_twice, &n, NULL));
  g_assert_cmpint(n, ==, 9);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_fresh(void) {
  char *folder = make_folder();
  g_autofree char *deep = g_build_filename(folder, "a", "b", NULL);
  g_autofree char *path = g_build_filename(deep, "library.db", NULL);
  g_autoptr(SightStore) store = open_store(deep, SIGHT_STORE_CACHE);
  GStatBuf info;

  g_assert_cmpstr(sight_store_directory(store), ==, deep);
  g_assert_cmpint(put_batch(store, SIGHT_ENDPOINT_FILES, "s", "w", 0, START_MS, "[]"), ==, SIGHT_PUT_STORED);
  sight_store_close(store);
  sight_store_close(store);
  g_assert_cmpint(g_stat(deep, &info), ==, 0);
  g_assert_cmpint(info.st_mode & 0777, ==, 0700);
  g_assert_cmpint(ask_sql(path, "PRAGMA user_version"), ==, sight_schema_version());
  g_assert_cmpint(ask_sql(path, "PRAGMA application_id"), ==, 0x53536774);
  g_assert_cmpint(ask_sql(path, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), ==, 1);
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_store_read(store, walk_twice, NULL, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN);
  remove_folder(g_steal_pointer(&deep));
  deep = g_build_filename(folder, "a", NULL);
  remove_folder(g_steal_pointer(&deep));
  remove_folder(folder);
}

static void test_newer(void) {
  char *folder = make_folder();
  g_autofree char *path = database(folder);
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL, *aside = NULL;
  gsize n_before = 0, n_after = 0;

  put_batch(store, 1, "kept", "w", 0, START_MS, "[]");
  sight_store_close(store);
  g_object_unref(store);
  run_sql(path, "PRAGMA user_version = 1000; CREATE TABLE of_tomorrow (x)");
  g_assert_true(g_file_get_contents(path, &before, &n_before, NULL));
  g_assert_null(sight_store_open(folder, SIGHT_STORE_CACHE, &aside, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NEWER);
  g_assert_nonnull(strstr(error->message, "1000"));
  g_assert_null(aside);
  g_assert_true(g_file_get_contents(path, &after, &n_after, NULL));
  g_assert_cmpmem(before, n_before, after, n_after);
  g_assert_cmpint(ask_sql(path, "SELECT count(*) FROM session"), ==, 1);
  remove_folder(folder);
}

static void test_foreign(void) {
  char *folder = make_folder();
  g_autofree char *path = database(folder);
  g_autoptr(GError) error = NULL;

  run_sql(path, "CREATE TABLE recipe (name); INSERT INTO recipe VALUES ('soup')");
  g_assert_null(sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN);
  g_assert_cmpint(ask_sql(path, "SELECT count(*) FROM recipe"), ==, 1);
  remove_folder(folder);
}

static void check_set_aside(const char *folder, const char *old_bytes, gsize n_old) {
  g_autofree char *aside = NULL, *kept = NULL;
  g_autofree char *path = database(folder);
  g_autofree char *prefix = g_strconcat(path, ".damaged-2", NULL);
  g_autoptr(GError) error = NULL;
  gsize n_kept = 0;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, &error);

  g_assert_no_error(error);
  g_assert_nonnull(aside);
  g_assert_true(g_str_has_prefix(aside, prefix));
  g_assert_true(g_file_get_contents(aside, &kept, &n_kept, NULL));
  g_assert_cmpmem(kept, n_kept, old_bytes, n_old);
  g_assert_cmpint(put_batch(store, 1, "fresh", "w", 0, START_MS, "[]"), ==, SIGHT_PUT_STORED);
  sight_store_close(store);
}

static void test_not_a_database(void) {
  char *folder = make_folder();
  g_autofree char *path = database(folder);
  const char *text = "This is a shopping list of more than one hundred bytes, and not a database at all: milk, bread, "
                     "butter, eggs, coffee, onions, and a stamp.";

  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  check_set_aside(folder, text, strlen(text));
  /* The second one on the same day goes to another name. */
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  check_set_aside(folder, text, strlen(text));
  remove_folder(folder);
}

/* Pages in the middle are overwritten while nobody has it open: the mark of the clean end no longer fits. */
static void test_damaged(void) {
  char *folder = make_folder();
  g_autofree char *path = database(folder);
  g_autofree char *data = NULL;
  gsize bytes = 0;
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);

  for (int i = 0; i < 50; i++)
    put_batch(store, 1, "s", "w", i, START_MS, "[{\"type\":2,\"data\":{},\"timestamp\":1}]");
  sight_store_close(store);
  g_object_unref(store);
  overwrite(path, 4096 * 6, 4096 * 8);
  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  check_set_aside(folder, data, bytes);
  remove_folder(folder);
}

static void test_cut_short(void) {
  char *folder = make_folder();
  g_autofree char *path = database(folder);
  g_autofree char *data = NULL;
  gsize bytes = 0;
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);

  sight_store_close(store);
  g_object_unref(store);
  g_assert_true(g_file_get_contents(path, &data, &bytes, NULL));
  bytes = bytes / 2 / 4096 * 4096;
  g_assert_true(g_file_set_contents(path, data, (gssize)bytes, NULL));
  check_set_aside(folder, data, bytes);
  remove_folder(folder);
}

/* What a start after an unclean end asks first says all there is to say: no table of ours misleads it. */
static gboolean check_quickly(SightDb *db, gpointer data, GError **error) {
  return sight_db_query_int(db, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)", error) == 1;
}

/* A sound file that was not closed is checked, found sound, and kept with what its log holds. */
static void test_unclean_end(void) {
  char *folder = make_folder();
  char *copy = make_folder();
  g_autofree char *aside = NULL;
  const char *names[] = {"library.db", "library.db-wal", "library.db.state"};
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);

  put_batch_naming(store, "s", "ada");
  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *from = g_build_filename(folder, names[i], NULL);
    g_autofree char *to = g_build_filename(copy, names[i], NULL);
    g_autofree char *data = NULL;
    gsize bytes = 0;
    g_assert_true(g_file_get_contents(from, &data, &bytes, NULL));
    g_assert_true(g_file_set_contents(to, data, (gssize)bytes, NULL));
  }
  sight_store_close(store);
  g_object_unref(store);

  g_autoptr(SightStore) again = sight_store_open(copy, SIGHT_STORE_CACHE, &aside, NULL);
  g_assert_nonnull(again);
  g_assert_null(aside);
  g_assert_cmpint(row_of(again, 1, "s"), ==, 1);
  g_assert_true(sight_store_read(again, check_quickly, NULL, NULL));
  sight_store_close(again);
  remove_folder(folder);
  remove_folder(copy);
}

static void empty_file(const char *folder, const char *name, const char *text) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Also where its mark was emptied with it, a file without content was emptied; but for a first start that was cut off.
 */
static void test_emptied(void) {
  for (int first = 0; first < 2; first++) {
    char *folder = make_folder();
    g_autofree char *aside = NULL;
    SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
    put_batch_naming(store, "s", "ada");
    sight_store_close(store);
    g_object_unref(store);
    empty_file(folder, "library.db", "");
    empty_file(folder, "library.db.state", first ? "new" : "");
    store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, NULL);
    g_assert_nonnull(store);
    g_autofree char *loss = sight_store_loss(store);
    g_assert_true((aside != NULL) == !first);
    g_assert_true((loss != NULL) == !first);
    sight_store_close(store);
    g_object_unref(store);
    remove_folder(folder);
  }
}

typedef struct {
  GMutex gate;
  int inside, done;
} Late;

static gboolean read_late(SightDb *db, gpointer data, GError **error) {
  Late *late = data;
  gint64 n = sight_db_query_int(db, "SELECT count(*) FROM session", error);
  g_atomic_int_set(&late->inside, 1);
  g_mutex_lock(&late->gate);
  g_mutex_unlock(&late->gate);
  return n == 1;
}

static void on_read_late(GObject *source, GAsyncResult *result, gpointer data) {
  g_assert_true(sight_store_read_finish(SIGHT_STORE(source), result, NULL));
  g_atomic_int_set(&((Late *)data)->done, 1);
}

static gboolean read_slowly(SightDb *db, gpointer data, GError **error) {
  gint64 n = sight_db_query_int(db, "SELECT count(*) FROM session", error);
  g_atomic_int_set(&((Late *)data)->inside, 1);
  g_usleep(200 * 1000);
  return n == 1;
}

/* Closing waits for whoever reads, so that the log goes into the database. */
static void test_reader_at_close(void) {
  char *folder = make_folder();
  g_autofree char *log = g_build_filename(folder, "library.db-wal", NULL);
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  Late late = {0};

  put_batch(store, 1, "s", "w", 0, START_MS, "[{}]");
  sight_store_read_async(store, read_slowly, &late, NULL, NULL, on_read_late, &late);
  while (!g_atomic_int_get(&late.inside))
    g_usleep(1000);
  sight_store_close(store);
  g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
  while (!g_atomic_int_get(&late.done))
    g_main_context_iteration(NULL, TRUE);
  g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
  g_object_unref(store);
  remove_folder(folder);
}

/* Somebody reads longer than that is waited for: then SQLite leaves the log. Where that is lost, it is told. */
static void test_late_reader(void) {
  char *folder = make_folder();
  g_autofree char *log = g_build_filename(folder, "library.db-wal", NULL);
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  Late late = {0};

  put_batch(store, 1, "s", "w", 0, START_MS, "[{}]");
  g_mutex_init(&late.gate);
  g_mutex_lock(&late.gate);
  sight_store_read_async(store, read_late, &late, NULL, NULL, on_read_late, &late);
  while (!g_atomic_int_get(&late.inside))
    g_usleep(1000);
  sight_store_close(store);
  g_mutex_unlock(&late.gate);
  while (!g_atomic_int_get(&late.done))
    g_main_context_iteration(NULL, TRUE);
  g_object_unref(store);
  g_assert_cmpint(g_unlink(log), ==, 0);

  store = open_store(folder, SIGHT_STORE_CACHE);
  g_autofree char *loss = sight_store_loss(store);
  g_assert_nonnull(loss);
  sight_store_close(store);
  g_object_unref(store);
  g_mutex_clear(&late.gate);
  remove_folder(folder);
}

static gboolean put_and_fail(SightDb *db, gpointer data, GError **error) {
  g_assert_cmpint(sight_endpoint_table_add(db, "collector", "never", NULL, error), >, 0);
  if (data != NULL)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "changed my mind");
  return FALSE;
}

static gboolean find_never(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightEndpoint) endpoint = sight_endpoint_table_find(db, "never", error);
  return endpoint != NULL;
}

static void test_rollback(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;

  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, put_and_fail, store, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error(&error);
  g_assert_false(sight_store_write(store, SIGHT_WRITE_DURABLE, put_and_fail, NULL, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE);
  g_clear_error(&error);
  g_assert_false(sight_store_read(store, find_never, NULL, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  sight_store_close(store);
  remove_folder(folder);
}

typedef struct {
  GMainLoop *loop;
  SightStore *store;
  gboolean result;
  GError *error;
  gboolean destroyed;
  int n_changed;
} Async;

static void on_written(GObject *source, GAsyncResult *result, gpointer data) {
  Async *async = data;
  async->result = sight_store_write_finish(SIGHT_STORE(source), result, &async->error);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data) {
  Async *async = data;
  async->result = sight_store_read_finish(SIGHT_STORE(source), result, &async->error);
}

static void on_destroyed(gpointer data) {
  Async *async = data;
  async->destroyed = TRUE;
  g_main_loop_quit(async->loop);
}

static gboolean count_endpoints(SightDb *db, gpointer data, GError **error) {
  g_autoptr(GPtrArray) list = sight_endpoint_table_list(db, error);
  return list != NULL && list->len == 1;
}

static gboolean run_for_ever(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(db, "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c",
                       error);
}

static gpointer cancel_soon(gpointer data) {
  g_cancellable_cancel(data);
  return NULL;
}

static void test_async(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  Async async = {.loop = loop, .store = store};

  sight_store_write_async(store, SIGHT_WRITE_NORMAL, put_and_fail, &async, on_destroyed, NULL, on_written, &async);
  g_main_loop_run(loop);
  g_assert_error(async.error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error(&async.error);
  g_assert_false(async.result);

  async.destroyed = FALSE;
  sight_store_read_async(store, count_endpoints, &async, on_destroyed, NULL, on_read, &async);
  g_main_loop_run(loop);
  g_assert_no_error(async.error);
  g_assert_true(async.result);
  g_assert_true(async.destroyed);

  /* A question that would never end is stopped in the middle. */
  sight_store_read_async(store, run_for_ever, &async, on_destroyed, cancellable, on_read, &async);
  GThread *thread = g_thread_new("cancel", cancel_soon, cancellable);
  g_main_loop_run(loop);
  g_thread_join(thread);
  g_assert_error(async.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error(&async.error);

  sight_store_close(store);
  async.destroyed = FALSE;
  sight_store_write_async(store, SIGHT_WRITE_NORMAL, put_and_fail, &async, on_destroyed, NULL, on_written, &async);
  g_main_loop_run(loop);
  g_assert_error(async.error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN);
  g_clear_error(&async.error);
  remove_folder(folder);
}

static void on_changed(SightStore *store, gpointer data) {
  Async *async = data;
  async->n_changed++;
  g_main_loop_quit(async->loop);
}

/* What another connection writes (as another process would) is told here too; many writes are few news. */
static void test_news(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightStore) other = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
  Async async = {.loop = loop};

  g_signal_connect(store, "changed", G_CALLBACK(on_changed), &async);
  for (int i = 0; i < 30; i++)
    put_batch(store, 1, "s", "w", i, START_MS, "[]");
  g_main_loop_run(loop);
  g_assert_cmpint(async.n_changed, ==, 1);
  put_batch(other, 1, "s", "w", 100, START_MS, "[]");
  g_main_loop_run(loop);
  g_assert_cmpint(async.n_changed, >=, 2);
  sight_store_close(other);
  sight_store_close(store);
  remove_folder(folder);
}

#define MEGABYTE (1024 * 1024)

static gboolean put_much(SightDb *db, gpointer data, GError **error) {
  int *n = data;
  g_autofree char *sql =
      g_strdup_printf("INSERT INTO counter (name, value) VALUES ('much %d', zeroblob(6000000))", (*n)++);

  return sight_db_exec(db, sql, error);
}

/* However much is written without a rest, what stands in the log beside the database has an end. */
static void test_log_is_short(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autofree char *log = g_build_filename(folder, "library.db-wal", NULL);
  g_autoptr(GError) error = NULL;
  GStatBuf info;

  for (int n = 0; n < 12;) {
    sight_store_write(store, SIGHT_WRITE_NORMAL, put_much, &n, &error);
    g_assert_no_error(error);
  }
  g_assert_cmpint(g_stat(log, &info), ==, 0);
  g_assert_cmpint(info.st_size, <, 48 * MEGABYTE);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/statements", test_statements);
  g_test_add_func("/store/nested-statement", test_nested_statement);
  g_test_add_func("/store/fresh", test_fresh);
  g_test_add_func("/store/newer", test_newer);
  g_test_add_func("/store/foreign", test_foreign);
  g_test_add_func("/store/not-a-database", test_not_a_database);
  g_test_add_func("/store/damaged", test_damaged);
  g_test_add_func("/store/cut-short", test_cut_short);
  g_test_add_func("/store/unclean-end", test_unclean_end);
  g_test_add_func("/store/emptied", test_emptied);
  g_test_add_func("/store/reader-at-close", test_reader_at_close);
  g_test_add_func("/store/late-reader", test_late_reader);
  g_test_add_func("/store/rollback", test_rollback);
  g_test_add_func("/store/async", test_async);
  g_test_add_func("/store/group", test_group);
  g_test_add_func("/store/news", test_news);
  g_test_add_func("/store/log-is-short", test_log_is_short);
  return g_test_run();
}
