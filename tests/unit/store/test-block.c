/* SPDX-License-Identifier: MIT */
/* Compacting: batches in blocks read as batches by themselves; what is not quiet stays; killed at any time nothing is
 * lost.
 * test-block --compact FOLDER is the program that is killed. */
#include "sight-block-table.h"
#include "sight-db.h"
#include "store-fixture.h"

#include <string.h>

#define ROUNDS 20
#define ROUNDS_FULL 200

/* Everything of a store's batches, in one text. */
typedef struct {
  gint64 row;
  gboolean in_sequence;
  guint n_damaged;
  GString *text;
} Reading;

static gboolean note(const SightStoredBatch *stored, gpointer data, GError **error) {
  const SightBatch *batch = &stored->batch;
  g_string_append_printf(data, "%s %d %d %.*s\n", batch->window, (int)batch->seq, (int)batch->first_ms,
                         (int)batch->events_bytes, batch->events);
  return TRUE;
}

static gboolean read_session(SightDb *db, gpointer data, GError **error) {
  Reading *reading = data;
  return reading->in_sequence
             ? sight_batch_table_each_in_sequence(db, reading->row, NULL, note, reading->text, &reading->n_damaged,
                                                  error)
             : sight_batch_table_each(db, reading->row, NULL, 0, 0, note, reading->text, &reading->n_damaged, error);
}

static char *text_of(SightStore *store, gint64 row, guint n_damaged) {
  g_autoptr(GError) error = NULL;
  Reading reading = {.row = row, .text = g_string_new(NULL)};
  g_assert_true(sight_store_read(store, read_session, &reading, &error));
  g_assert_cmpuint(reading.n_damaged, ==, n_damaged);
  reading.in_sequence = TRUE;
  g_assert_true(sight_store_read(store, read_session, &reading, &error));
  g_assert_no_error(error);
  return g_string_free(reading.text, FALSE);
}

static gboolean count(SightDb *db, gpointer data, GError **error) {
  gint64 *n = data;
  n[0] = sight_db_query_int(db, "SELECT count(*) FROM block", error);
  n[1] = sight_db_query_int(db, "SELECT count(*) FROM batch WHERE block IS NULL", error);
  n[2] = sight_db_query_int(db, "PRAGMA freelist_count", error);
  return TRUE;
}

static void assert_counts(SightStore *store, gint64 n_blocks, gint64 n_loose) {
  gint64 n[3];
  g_assert_true(sight_store_read(store, count, n, NULL));
  g_assert_cmpint(n[0], ==, n_blocks);
  g_assert_cmpint(n[1], ==, n_loose);
  g_assert_cmpint(n[2], ==, 0);
}

static guint compact(SightStore *store, gint64 quiet_ms) {
  g_autoptr(GError) error = NULL;
  guint n_blocks = 0;
  g_assert_true(sight_block_table_compact(store, quiet_ms, &n_blocks, NULL, &error));
  g_assert_no_error(error);
  return n_blocks;
}

static void put_batches(SightStore *store, const char *session, const char *window, int from, int n, gsize bytes) {
  for (int seq = from; seq < from + n; seq++) {
    g_autofree char *filling = g_strnfill(bytes, (char)('a' + seq % 26));
    g_autofree char *events = g_strdup_printf("[\"%s%d%s\"]", window, seq, filling);
    put_batch(store, 1, session, window, seq, START_MS + seq * 1000, events);
  }
}

static gint64 analysed(SightStore *store, const char *session) {
  return save_analysed(store, 1, (Analysed){.session = session, .start_ms = START_MS});
}

static void test_reads_alike(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  put_batches(store, "small", "w", 0, 40, 300);
  put_batches(store, "small", "v", 0, 3, 300);
  put_batches(store, "large", "w", 0, 9, 100000);
  gint64 small = analysed(store, "small"), large = analysed(store, "large");
  g_autofree char *small_text = text_of(store, small, 0), *large_text = text_of(store, large, 0);
  g_assert_cmpuint(compact(store, 0), ==, 5);
  assert_counts(store, 5, 0);
  g_autofree char *small_after = text_of(store, small, 0), *large_after = text_of(store, large, 0);
  g_assert_cmpstr(small_text, ==, small_after);
  g_assert_cmpstr(large_text, ==, large_after);
  g_assert_cmpuint(compact(store, 0), ==, 0);
  /* What is in a block is known, too. */
  g_assert_cmpint(put_batch(store, 1, "small", "w", 3, START_MS, "[\"else\"]"), ==, SIGHT_PUT_DUPLICATE);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_quiet(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  put_batches(store, "waiting", "w", 0, 3, 100);
  put_batches(store, "quiet", "w", 0, 3, 100);
  gint64 row = analysed(store, "quiet");
  /* START_MS is when all of it was received. */
  g_assert_cmpuint(compact(store, sight_db_now_ms() - START_MS + 60000), ==, 0);
  assert_counts(store, 0, 6);
  g_assert_cmpuint(compact(store, 60000), ==, 1);
  assert_counts(store, 1, 3);
  put_batches(store, "quiet", "w", 3, 2, 100);
  g_assert_cmpuint(compact(store, 60000), ==, 0);
  g_autofree char *before = text_of(store, row, 0);
  analysed(store, "quiet");
  g_assert_cmpuint(compact(store, 60000), ==, 1);
  assert_counts(store, 2, 3);
  g_autofree char *after = text_of(store, row, 0);
  g_assert_cmpstr(before, ==, after);
  erase(store, row);
  assert_counts(store, 0, 3);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean run_sql(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(db, data, error);
}

static void write_sql(SightStore *store, const char *sql) {
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, run_sql, (gpointer)sql, &error));
  g_assert_no_error(error);
}

/* A batch that cannot be read stays by itself; a torn block costs its batches and no others. */
static void test_damage(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  put_batches(store, "s", "w", 0, 5, 100);
  put_batches(store, "s", "x", 0, 1, 100);
  gint64 row = analysed(store, "s");
  write_sql(store, "UPDATE batch SET events = x'00' WHERE window = 'w' AND seq = 2");
  g_assert_cmpuint(compact(store, 0), ==, 2);
  assert_counts(store, 2, 1);
  g_autofree char *text = text_of(store, row, 1);
  g_assert_nonnull(strstr(text, "w4"));
  write_sql(store, "UPDATE block SET events = x'00' WHERE row = 1");
  g_autofree char *torn = text_of(store, row, 5);
  g_assert_null(strstr(torn, "w4"));
  g_assert_nonnull(strstr(torn, "x0"));
  sight_store_close(store);
  remove_folder(folder);
}

static void test_cancelled(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(GError) error = NULL;
  put_batches(store, "s", "w", 0, 5, 100);
  analysed(store, "s");
  g_cancellable_cancel(cancellable);
  g_assert_false(sight_block_table_compact(store, 0, NULL, cancellable, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_counts(store, 0, 5);
  sight_store_close(store);
  remove_folder(folder);
}

static int be_the_compacter(const char *folder) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
  g_print("open\n");
  if (!sight_block_table_compact(store, 0, NULL, NULL, &error))
    g_error("%s", error->message);
  sight_store_close(store);
  return 0;
}

static void kill_one(const char *folder) {
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) child =
      g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--compact", folder, NULL);
  g_assert_no_error(error);
  g_autoptr(GDataInputStream) lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(child));
  g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
  g_assert_cmpstr(line, ==, "open");
  g_usleep((gulong)g_test_rand_int_range(0, 15000));
  g_subprocess_force_exit(child);
  g_assert_true(g_subprocess_wait(child, NULL, NULL));
}

static void test_killed(void) {
  char *folder = make_folder();
  const char *full = g_getenv("SIGHT_TEST_FULL");
  int n_rounds = full != NULL && *full != '\0' ? ROUNDS_FULL : ROUNDS;
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  put_batches(store, "s", "w", 0, 150, 60000);
  gint64 row = analysed(store, "s");
  g_autofree char *before = text_of(store, row, 0);
  for (int i = 0; i < n_rounds; i++) {
    sight_store_close(store);
    g_clear_object(&store);
    kill_one(folder);
    store = open_store(folder, SIGHT_STORE_CACHE);
    g_autofree char *after = text_of(store, row, 0);
    g_assert_cmpstr(before, ==, after);
  }
  compact(store, 0);
  g_autofree char *end = text_of(store, row, 0);
  g_assert_cmpstr(before, ==, end);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  if (argc == 3 && g_str_equal(argv[1], "--compact"))
    return be_the_compacter(argv[2]);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/block/reads-alike", test_reads_alike);
  g_test_add_func("/store/block/quiet", test_quiet);
  g_test_add_func("/store/block/damage", test_damage);
  g_test_add_func("/store/block/cancelled", test_cancelled);
  g_test_add_func("/store/block/killed", test_killed);
  return g_test_run();
}
