/* SPDX-License-Identifier: MIT */
/* Databases that earlier versions wrote (tests/fixtures/store/schema-N.db.zst) open as they are: every statement fits,
 * and what was in them is there. A new schema script gets a fixture of the version before it. */
#include "sight-compress.h"
#include "sight-db.h"
#include "sight-schema.h"
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
  SightSessionFilter tagged = {.all_flags = SIGHT_SESSION_TAGGED | SIGHT_SESSION_ANALYSED, .text = "wish"};
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

static gboolean check_persons(SightDb *db, gpointer data, GError **error) {
  g_assert_cmpint(sight_db_query_int(db, "SELECT count(*) FROM person WHERE user IN ('ada', 'zoe')", error), ==, 2);
  return sight_db_query_int(db, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)", error) == 1;
}

/* The quick check took a sound table of schema 1 for a damaged one. After the migration it is right, and nobody who was
 * in that table is lost. */
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
  return g_test_run();
}
