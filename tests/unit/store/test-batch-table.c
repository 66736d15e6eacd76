/* SPDX-License-Identifier: MIT */
/* Batches and changes: kept once, in order, apart by window; followed by others; gone when erased. */
#include "sight-db.h"
#include "store-fixture.h"

#include <string.h>

typedef struct {
  gint64 row, after;
  const char *window;
  guint limit, n_damaged;
  gboolean in_sequence;
  guint stop_after;
  GString *seen;
} Read;

static gboolean note(const SightStoredBatch *stored, gpointer data, GError **error) {
  Read *read = data;

  g_string_append_printf(read->seen, "%s%s%d:%.*s", read->seen->len > 0 ? " " : "", stored->batch.window,
                         (int)stored->batch.seq, (int)stored->batch.events_bytes, stored->batch.events);
  read->after = stored->arrival;
  if (read->stop_after == 0 || --read->stop_after > 0)
    return TRUE;
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "enough");
  return FALSE;
}

static gboolean do_read(SightDb *db, gpointer data, GError **error) {
  Read *read = data;

  if (read->in_sequence)
    return sight_batch_table_each_in_sequence(db, read->row, read->window, note, read, &read->n_damaged, error);
  return sight_batch_table_each(db, read->row, read->window, read->after, read->limit, note, read, &read->n_damaged,
                                error);
}

static void check_read(SightStore *store, Read read, const char *wanted) {
  g_autoptr(GError) error = NULL;

  read.seen = g_string_new(NULL);
  sight_store_read(store, do_read, &read, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(read.seen->str, ==, wanted);
  g_assert_cmpint(read.n_damaged, ==, 0);
  g_string_free(read.seen, TRUE);
}

static void test_once(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_COLLECTOR);
  gint64 project = add_endpoint(store, "project", "shop");
  gint64 other = add_endpoint(store, "project", "other");

  g_assert_cmpint(put_batch(store, project, "s", "b", 1, START_MS + 100, "[\"b1\"]"), ==, SIGHT_PUT_STORED);
  g_assert_cmpint(put_batch(store, project, "s", "a", 0, START_MS, "[\"a0\"]"), ==, SIGHT_PUT_STORED);
  g_assert_cmpint(put_batch(store, project, "s", "b", 0, START_MS + 50, "[\"b0\"]"), ==, SIGHT_PUT_STORED);
  g_assert_cmpint(put_batch(store, project, "s", "b", 0, START_MS, "[\"else\"]"), ==, SIGHT_PUT_DUPLICATE);
  /* The same key elsewhere is something else. */
  g_assert_cmpint(put_batch(store, other, "s", "b", 0, START_MS, "[\"other\"]"), ==, SIGHT_PUT_STORED);
  g_assert_cmpint(put_batch(store, project, "t", "b", 0, START_MS, "[\"t\"]"), ==, SIGHT_PUT_STORED);

  gint64 row = row_of(store, project, "s");
  check_read(store, (Read){.row = row}, "b1:[\"b1\"] a0:[\"a0\"] b0:[\"b0\"]");
  check_read(store, (Read){.row = row, .limit = 1}, "b1:[\"b1\"]");
  check_read(store, (Read){.row = row, .after = 1}, "a0:[\"a0\"] b0:[\"b0\"]");
  check_read(store, (Read){.row = row, .after = 3}, "");
  check_read(store, (Read){.row = row, .window = "b"}, "b1:[\"b1\"] b0:[\"b0\"]");
  check_read(store, (Read){.row = row, .in_sequence = TRUE}, "a0:[\"a0\"] b0:[\"b0\"] b1:[\"b1\"]");
  check_read(store, (Read){.row = row, .in_sequence = TRUE, .window = "b"}, "b0:[\"b0\"] b1:[\"b1\"]");
  check_read(store, (Read){.row = row, .in_sequence = TRUE, .window = "c"}, "");

  g_autoptr(SightSession) session = get_session(store, row);
  g_assert_cmpint(session->n_bytes, ==, 18);
  g_assert_cmpint(session->n_events, ==, 3);
  g_assert_cmpint(session->started_ms, ==, START_MS);
  g_assert_cmpint(session->received_ms, ==, START_MS + 110);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_stopped(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;
  Read read = {.stop_after = 2, .seen = g_string_new(NULL)};

  for (int seq = 0; seq < 5; seq++)
    put_batch(store, 1, "s", "w", seq, START_MS, "[]");
  read.row = row_of(store, 1, "s");
  g_assert_false(sight_store_read(store, do_read, &read, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr(read.seen->str, ==, "w0:[] w1:[]");
  g_string_free(read.seen, TRUE);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean damage_one(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(
      db, "UPDATE batch SET events = x'28b52ffd00' WHERE seq = 1; UPDATE batch SET n_bytes = 1 WHERE seq = 2", error);
}

/* A batch that cannot be expanded costs itself, not the recording. */
static void test_damaged_batch(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Read read = {.in_sequence = TRUE, .seen = g_string_new(NULL)};

  for (int seq = 0; seq < 4; seq++)
    put_batch(store, 1, "s", "w", seq, START_MS, "[]");
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, damage_one, NULL, NULL));
  read.row = row_of(store, 1, "s");
  g_assert_true(sight_store_read(store, do_read, &read, NULL));
  g_assert_cmpstr(read.seen->str, ==, "w0:[] w3:[]");
  g_assert_cmpint(read.n_damaged, ==, 2);
  g_string_free(read.seen, TRUE);
  sight_store_close(store);
  remove_folder(folder);
}

/* What is lost where it comes from takes its place, counts as damaged, and gives way to the events, should they come.
 */
static void test_lost_batch(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Read read = {.in_sequence = TRUE, .seen = g_string_new(NULL)};

  put_batch(store, 1, "s", "w", 0, START_MS, "[]");
  g_assert_cmpint(put_batch(store, 1, "s", "w", 1, START_MS, NULL), ==, SIGHT_PUT_STORED);
  g_assert_cmpint(put_batch(store, 1, "s", "w", 1, START_MS, NULL), ==, SIGHT_PUT_DUPLICATE);
  g_assert_cmpint(put_batch(store, 1, "s", "w", 0, START_MS, NULL), ==, SIGHT_PUT_DUPLICATE);
  read.row = row_of(store, 1, "s");
  g_assert_true(sight_store_read(store, do_read, &read, NULL));
  g_assert_cmpstr(read.seen->str, ==, "w0:[]");
  g_assert_cmpint(read.n_damaged, ==, 1);
  g_autoptr(SightSession) session = get_session(store, read.row);
  g_assert_cmpint(session->n_events, ==, 1);

  g_assert_cmpint(put_batch(store, 1, "s", "w", 1, START_MS, "[1]"), ==, SIGHT_PUT_STORED);
  g_string_truncate(read.seen, 0);
  g_assert_true(sight_store_read(store, do_read, &read, NULL));
  g_assert_cmpstr(read.seen->str, ==, "w0:[] w1:[1]");
  g_assert_cmpint(read.n_damaged, ==, 0);
  g_string_free(read.seen, TRUE);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean list_windows(SightDb *db, gpointer data, GError **error) {
  g_autoptr(GPtrArray) windows = sight_batch_table_windows(db, 1, error);

  g_assert_cmpint(windows->len, ==, 2);
  const SightWindowInfo *first = g_ptr_array_index(windows, 0), *second = g_ptr_array_index(windows, 1);
  g_assert_cmpstr(first->window, ==, "early");
  g_assert_cmpint(first->n_batches, ==, 2);
  g_assert_cmpint(first->n_missing, ==, 3);
  g_assert_cmpint(first->n_events, ==, 2);
  g_assert_cmpint(first->n_bytes, ==, 4);
  g_assert_cmpint(first->first_ms, ==, START_MS - 5);
  g_assert_cmpint(first->last_ms, ==, START_MS + 2000);
  g_assert_cmpstr(second->window, ==, "late");
  g_assert_cmpint(second->n_missing, ==, 0);
  return TRUE;
}

static void test_windows(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  put_batch(store, 1, "s", "late", 0, START_MS, "[]");
  put_batch(store, 1, "s", "early", 1, START_MS + 1000, "[]");
  put_batch(store, 1, "s", "early", 4, START_MS - 5, "[]");
  g_assert_true(sight_store_read(store, list_windows, NULL, NULL));
  sight_store_close(store);
  remove_folder(folder);
}

/* A visitor's clock may say anything. */
static void test_times(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  put_batch(store, 1, "s", "w", 0, G_MININT64, "[]");
  put_batch(store, 1, "s", "w", 1, G_MAXINT64 - 5000, "[]");
  g_autoptr(SightSession) session = get_session(store, row_of(store, 1, "s"));
  g_assert_cmpint(session->started_ms, <, 0);
  g_assert_cmpint(session->started_ms, >, G_MININT64 / 2);
  sight_store_close(store);
  remove_folder(folder);
}

typedef struct {
  gint64 endpoint, after;
  guint limit;
  GString *seen;
  const char *session;
  gint64 followed;
  SightBatch batch;
} Follow;

static gboolean list_changes(SightDb *db, gpointer data, GError **error) {
  Follow *follow = data;
  g_autoptr(GPtrArray) list = sight_change_table_list(db, follow->endpoint, follow->after, follow->limit, error);

  for (guint i = 0; list != NULL && i < list->len; i++) {
    const SightChange *change = g_ptr_array_index(list, i);
    g_assert_cmpint(change->revision, >, follow->after);
    follow->after = change->revision;
    g_string_append_printf(follow->seen, "%s%s/%d%s", i > 0 ? " " : "", change->session, (int)change->n_batches,
                           change->erased ? "!" : "");
    g_assert_cmpint(change->last_arrival > 0, ==, !change->erased);
  }
  return list != NULL;
}

static gint64 check_changes(SightStore *store, gint64 endpoint, gint64 after, guint limit, const char *wanted) {
  Follow follow = {.endpoint = endpoint, .after = after, .limit = limit, .seen = g_string_new(NULL)};
  g_autoptr(GError) error = NULL;

  sight_store_read(store, list_changes, &follow, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(follow.seen->str, ==, wanted);
  g_string_free(follow.seen, TRUE);
  return follow.after;
}

static void test_changes(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_COLLECTOR);
  gint64 project = add_endpoint(store, "project", "shop");

  g_assert_cmpint(check_changes(store, project, 0, 10, ""), ==, 0);
  put_batch(store, project, "a", "w", 0, START_MS, "[]");
  put_batch(store, project, "b", "w", 0, START_MS, "[]");
  put_batch(store, project, "a", "w", 1, START_MS, "[]");
  put_batch(store, project, "c", "w", 0, START_MS, "[]");
  put_batch(store, project, "c", "w", 0, START_MS, "[]"); /* a duplicate is no change */
  gint64 first = check_changes(store, project, 0, 2, "b/1 a/2");
  gint64 all = check_changes(store, project, first, 2, "c/1");
  check_changes(store, project, all, 2, "");
  check_changes(store, project + 1, 0, 2, "");
  erase(store, row_of(store, project, "b"));
  check_changes(store, project, all, 2, "b/0!");
  put_batch(store, project, "c", "w", 1, START_MS, "[]");
  check_changes(store, project, 0, 10, "a/2 b/0! c/2");
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean put_again(SightDb *db, gpointer data, GError **error) {
  Follow *follow = data;
  return sight_batch_table_put(db, follow->endpoint, &follow->batch, error) != SIGHT_PUT_FAILED;
}

static gboolean apply_tombstone(SightDb *db, gpointer data, GError **error) {
  Follow *follow = data;
  return sight_change_table_apply_tombstone(db, follow->endpoint, follow->session, error);
}

/* What was erased is not taken again, also where the tombstone came before the session. */
static void test_erased(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Follow follow = {
      .endpoint = 1, .session = "t", .batch = {.session = "s", .window = "w", .events = "[]", .events_bytes = 2}};
  g_autoptr(GError) error = NULL;

  put_batch(store, 1, "s", "w", 0, START_MS, "[]");
  erase(store, row_of(store, 1, "s"));
  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, put_again, &follow, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED);
  g_clear_error(&error);
  for (int twice = 0; twice < 2; twice++)
    g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, apply_tombstone, &follow, NULL));
  follow.batch.session = "t";
  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, put_again, &follow, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_ERASED);
  check_changes(store, 1, 0, 10, "s/0! t/0!");
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean follow_up(SightDb *db, gpointer data, GError **error) {
  Follow *follow = data;

  g_assert_cmpint(sight_change_table_get_followed(db, 1, "s", error), ==, 0);
  return sight_change_table_set_followed(db, 1, "s", 41, error) &&
         sight_change_table_set_followed(db, 1, "s", 42, error) &&
         (follow->followed = sight_change_table_get_followed(db, 1, "s", error)) >= 0;
}

static void test_followed(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Follow follow = {0};

  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, follow_up, &follow, NULL));
  g_assert_cmpint(follow.followed, ==, 42);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/batch/once", test_once);
  g_test_add_func("/batch/stopped", test_stopped);
  g_test_add_func("/batch/damaged", test_damaged_batch);
  g_test_add_func("/batch/lost", test_lost_batch);
  g_test_add_func("/batch/windows", test_windows);
  g_test_add_func("/batch/times", test_times);
  g_test_add_func("/change/list", test_changes);
  g_test_add_func("/change/erased", test_erased);
  g_test_add_func("/change/followed", test_followed);
  return g_test_run();
}
