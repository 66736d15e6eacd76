/* SPDX-License-Identifier: MIT */
/* Databases that earlier versions wrote (tests/fixtures/store/schema-N.db.zst) open as they are: every statement fits,
 * and what was in them is there. A new schema script gets a fixture of the version before it. */
#include "sight-compress.h"
#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-kept-table.h"
#include "sight-person-table.h"
#include "sight-schema.h"
#include "sight-session-column.h"
#include "store-fixture.h"

#include <string.h>

#define MAX_BYTES (64 * 1024 * 1024)

static void unpack(const char *folder, int version) {
  g_autofree char *name = g_strdup_printf("schema-%d.db.zst", version);
  g_autofree char *from = g_build_filename(g_getenv("G_TEST_SRCDIR"), "fixtures", "store", name, NULL);
  g_autofree char *to = g_build_filename(folder, "library.db", NULL);
  g_autofree char *packed = NULL;
  g_autoptr(GError) error = NULL;
  gsize bytes = 0;

  g_file_get_contents(from, &packed, &bytes, &error);
  g_assert_no_error(error);
  g_autoptr(GBytes) plain = sight_zstd_expand(packed, bytes, MAX_BYTES, &error);
  g_assert_no_error(error);
  const char *data = g_bytes_get_data(plain, &bytes);
  g_assert_true(g_file_set_contents(to, data, (gssize)bytes, NULL));
}

static gboolean count_batch(const SightStoredBatch *stored, gpointer data, GError **error) {
  guint *n_events = data;
  *n_events += stored->batch.n_events;
  g_assert_cmpint(stored->batch.events[0], ==, '[');
  return TRUE;
}

static gboolean prepare_all(SightDb *db, gpointer data, GError **error) {
  for (int sql = 0; sql < SIGHT_N_SQL; sql++) {
    g_autoptr(SightStatement) statement = sight_db_statement(db, (SightSql)sql, error);
    if (statement == NULL)
      return FALSE;
  }
  return sight_db_query_int(db, "SELECT user_version FROM pragma_user_version", error) == sight_schema_version();
}

/* The same recording, tag and analysis stand in each of them. */
static gboolean check_contents(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSet) within = sight_session_column_flags(db, SIGHT_SESSION_TAGGED | SIGHT_SESSION_ANALYSED, error);
  SightSessionFilter tagged = {.within = within, .text = "wish"};
  g_autoptr(GArray) rows = sight_session_table_list(db, &tagged, SIGHT_SORT_NEWEST, error);
  g_assert_cmpint(rows->len, ==, 1);
  gint64 row = g_array_index(rows, gint64, 0);
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  g_autoptr(GPtrArray) tags = sight_annotation_table_list(db, session->endpoint, session->session, error);
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, row, error);
  guint n_events = 0;

  g_assert_cmpstr(session->label, ==, "wish-list-dead.jsonl.zst");
  g_assert_cmpstr(session->exit, ==, "/help");
  g_assert_cmpint(tags->len, ==, 1);
  g_assert_cmpstr(((SightAnnotation *)g_ptr_array_index(tags, 0))->body, ==, "an old tag");
  g_assert_cmpint(signals->len, ==, session->n_signals);
  g_assert_true(sight_batch_table_each_in_sequence(db, row, NULL, count_batch, &n_events, NULL, error));
  g_assert_cmpint(n_events, ==, session->n_events);
  return TRUE;
}

static gboolean do_catch_up(SightDb *db, gpointer data, GError **error) {
  gboolean done = FALSE;

  return sight_kept_table_catch_up(db, &done, error) && done;
}

/* Whatever is in the index can be found by the tag, and has no flag by which another version would find it. */
static gboolean check_index(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSet) tagged = sight_index_table_with(db, SIGHT_TERM_TAG, "an old tag", error);
  g_autoptr(SightSet) last = sight_index_table_with(db, SIGHT_TERM_STATE, SIGHT_STATE_LAST, error);
  g_autoptr(SightSet) named = sight_index_table_with(db, SIGHT_TERM_STATE, SIGHT_STATE_NAMED, error);
  g_autoptr(SightSet) all = sight_index_table_all(db, error);

  g_assert_cmpint((gint64)sight_set_n(named), ==,
                  sight_db_query_int(db,
                                     "SELECT count(*) FROM occurrence o JOIN session s ON s.row = o.session "
                                     "WHERE s.user IS NOT NULL",
                                     error));
  g_assert_cmpint((gint64)sight_set_n(all), ==, sight_db_query_int(db, "SELECT count(*) FROM occurrence", error));
  g_assert_true(sight_set_equal(all, tagged));
  g_assert_true(sight_set_equal(all, last));
  return TRUE;
}

static void test_version(gconstpointer data) {
  char *folder = make_folder();
  g_autofree char *aside = NULL;
  g_autoptr(GError) error = NULL;

  unpack(folder, GPOINTER_TO_INT(data));
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, &error);
  g_assert_no_error(error);
  g_assert_null(aside);
  sight_store_write(store, SIGHT_WRITE_NORMAL, prepare_all, NULL, &error);
  g_assert_no_error(error);
  sight_store_read(store, check_contents, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, do_catch_up, NULL, &error));
  g_assert_true(sight_store_read(store, check_index, NULL, &error));
  g_assert_cmpint(put_batch(store, 1, "new", "w", 0, START_MS, "[]"), ==, SIGHT_PUT_STORED);
  sight_store_close(store);
  remove_folder(folder);
}

static void run_sql(const char *folder, const char *sql) {
  g_autofree char *path = g_build_filename(folder, "library.db", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightDb) db = sight_db_open(path, SIGHT_DB_WRITE, &error);
  g_assert_no_error(error);
  sight_db_exec(db, sql, &error);
  g_assert_no_error(error);
}

/* Sessions as schema 4 had them, whose users the reader of then did not find. The last one is of somebody else. */
static const char *const old_events[] = {
    "[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"ada\"}}}]",
    "[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"ss\\u003aidentify\",\"payload\":{\"user\":\"\\u0061da\"}}}]",
    "[{\"data\":{\"payload\":{\"plan\":{\"user\":\"x\"},\"user\":\"ada\"},\"tag\":\"ss:identify\"},\"timestamp\":1,"
    "\"type\":5}]",
    "[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"$identify\",\"payload\":{\"distinct_id\":\"ada\"}}}]",
    "[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"ss:identify\",\"payload\":{\"user\":\"zoe\"}}}]",
};
#define N_OLD G_N_ELEMENTS(old_events)
#define N_OLD_BATCHES 5 /* the first or the last one has the events */

static void add_old_batch(SightDb *db, const char *id, int seq, const char *events) {
  g_autoptr(GBytes) packed = sight_zstd_compress(events, strlen(events), 3);
  sqlite3_stmt *handle = NULL;

  g_assert_cmpint(sqlite3_prepare_v2(db->handle,
                                     "INSERT INTO batch (session, window, seq, sent_ms, received_ms, first_ms, "
                                     "last_ms, n_events, n_bytes, events) "
                                     "SELECT row, 'w', ?2, 1, 1, 1, 1, 1, ?3, ?4 FROM session WHERE session = ?1",
                                     -1, &handle, NULL),
                  ==, SQLITE_OK);
  sqlite3_bind_text(handle, 1, id, -1, SQLITE_STATIC);
  sqlite3_bind_int(handle, 2, seq);
  sqlite3_bind_int64(handle, 3, (gint64)strlen(events));
  sqlite3_bind_blob(handle, 4, g_bytes_get_data(packed, NULL), (int)g_bytes_get_size(packed), SQLITE_STATIC);
  g_assert_cmpint(sqlite3_step(handle), ==, SQLITE_DONE);
  sqlite3_finalize(handle);
}

/* Batches of the sessions lie between each other. */
static SightDb *make_old(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "library.db", NULL);
  g_autoptr(GError) error = NULL;

  unpack(folder, 4);
  SightDb *db = sight_db_open(path, SIGHT_DB_WRITE, &error);
  g_assert_no_error(error);
  g_assert_true(sight_db_exec(db,
                              "CREATE TEMP TABLE n (n); INSERT INTO n VALUES (0), (1), (2), (3), (4); "
                              "INSERT INTO session (endpoint, session, revision, last_arrival, received_ms, "
                              "arrived_ms, n_batches, n_bytes, n_events, flags) "
                              "SELECT 1, 'old-' || n, 1, 1, 1, 1, 1, 1, 1, 0 FROM n; "
                              /* Found in the text of an event that names nobody. */
                              "INSERT INTO person (session, user) SELECT row, 'ada' FROM session "
                              "WHERE session = 'old-4'",
                              &error));
  for (int seq = 0; seq < N_OLD_BATCHES; seq++) {
    for (guint i = 0; i < N_OLD; i++) {
      g_autofree char *id = g_strdup_printf("old-%u", i);
      add_old_batch(db, id, seq,
                    seq == (i % 2 == 0 ? 0 : N_OLD_BATCHES - 1) ? old_events[i] : "[{\"type\":2,\"timestamp\":1}]");
    }
  }
  return db;
}

static gboolean erase_ada(SightDb *db, gpointer data, GError **error) {
  *(gint64 *)data = sight_session_table_erase_user(db, 0, "ada", error);
  return TRUE;
}

static gboolean check_erased(SightDb *db, gpointer data, GError **error) {
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM session WHERE session LIKE 'old-%'", error), ==, 1);
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM person WHERE user = 'zoe'", error), ==, 1);
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM person", error), ==, 1);
  return TRUE;
}

/* So much of the reading was done before the process ended: portions of a batch each. */
static void test_old_users(gconstpointer data) {
  char *folder = make_folder();
  g_autoptr(GError) error = NULL;
  g_autoptr(SightDb) db = make_old(folder);
  gboolean done = FALSE;
  gint64 n_erased = 0;

  g_assert_true(sight_schema_migrate(db, &error));
  for (int i = 0; i < GPOINTER_TO_INT(data); i++) {
    g_assert_true(sight_db_exec(db, "BEGIN IMMEDIATE", &error));
    g_assert_true(sight_person_table_catch_up(db, 1, &done, &error));
    g_assert_true(sight_db_exec(db, "COMMIT", &error));
    g_assert_false(done);
    /* Who is gone meanwhile does not take the others along. */
    if (i == 7)
      g_assert_true(sight_db_exec(db, "PRAGMA foreign_keys = ON; DELETE FROM session WHERE session = 'old-3'", &error));
  }
  g_clear_pointer(&db, sight_db_close);
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, erase_ada, &n_erased, &error));
  g_assert_cmpint(n_erased, ==, GPOINTER_TO_INT(data) > 7 ? 3 : 4);
  g_assert_true(sight_store_read(store, check_erased, NULL, &error));
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean find_read(SightDb *db, gpointer data, GError **error) {
  *(gint64 *)data = sight_db_query_int(db, "SELECT count(*) FROM person WHERE user = 'ada'", error);
  return TRUE;
}

/* A writer that has nothing to do reads them by itself. */
static void test_idle(void) {
  char *folder = make_folder();
  g_autoptr(GError) error = NULL;
  gint64 n = 0;

  sight_db_close(make_old(folder));
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  for (int waited_ms = 0; waited_ms < 60000 && n < (gint64)N_OLD - 1; waited_ms++) {
    g_assert_true(sight_store_read(store, find_read, &n, &error));
    g_usleep(1000);
  }
  g_assert_cmpint(n, ==, N_OLD - 1);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean check_persons(SightDb *db, gpointer data, GError **error) {
  return sight_db_query_int(db, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)", error) == 1;
}

/* The quick check took a sound table of schema 1 for a damaged one. After the migration it is right. */
static void test_persons(void) {
  char *folder = make_folder();
  g_autofree char *aside = NULL;
  g_autoptr(GError) error = NULL;

  unpack(folder, 1);
  run_sql(folder, "INSERT INTO person (session, user) SELECT row, 'ada' FROM session LIMIT 1; "
                  "INSERT INTO person (session, user) SELECT row, 'zoe' FROM session LIMIT 1");
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, &error);
  g_assert_no_error(error);
  g_assert_null(aside);
  sight_store_read(store, check_persons, NULL, &error);
  g_assert_no_error(error);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (int version = 1; version <= sight_schema_version(); version++) {
    g_autofree char *path = g_strdup_printf("/migration/from-%d", version);
    g_test_add_data_func(path, GINT_TO_POINTER(version), test_version);
  }
  g_test_add_func("/migration/persons", test_persons);
  for (int n = 0; n < 20; n += n < 8 ? 1 : 4) {
    g_autofree char *path = g_strdup_printf("/migration/old-users/%d-read", n);
    g_test_add_data_func(path, GINT_TO_POINTER(n), test_old_users);
  }
  g_test_add_func("/migration/old-users/idle", test_idle);
  return g_test_run();
}
