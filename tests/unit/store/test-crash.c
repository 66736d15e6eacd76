/* SPDX-License-Identifier: MIT */
/* Killed writers: what was acknowledged is there, once; and two processes that write at the same time.
 * test-crash --writer FOLDER NAME FROM COUNT is the program that is killed: it writes, and acknowledges each write by a
 * line with its number after the commit. */
#include "sight-db.h"
#include "store-fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 20
#define ROUNDS_FULL 200
/* More than a writer gets done before it is killed. */
#define ENOUGH 100000
#define SESSIONS 7

typedef struct {
  const char *name;
  gint64 number;
} Item;

static char *session_of(const Item *item) {
  return g_strdup_printf("%s-%d", item->name, (int)(item->number % SESSIONS));
}

static char *events_of(const Item *item) {
  return g_strdup_printf("[{\"type\":5,\"timestamp\":1,\"data\":{\"tag\":\"%s-%" G_GINT64_FORMAT "\"}}]", item->name,
                         item->number);
}

/* One transaction: a batch, a tag, and every third time an analysis. */
static gboolean write_item(SightDb *db, gpointer data, GError **error) {
  const Item *item = data;
  g_autofree char *session = session_of(item);
  g_autofree char *events = events_of(item);
  g_autofree char *id = g_strdup_printf("%s-tag-%" G_GINT64_FORMAT, item->name, item->number);
  gint64 revision = 0;
  SightBatch batch = {.session = session,
                      .window = "w",
                      .seq = item->number,
                      .received_at_ms = START_MS,
                      .events = events,
                      .events_bytes = strlen(events),
                      .n_events = 1,
                      .first_ms = START_MS,
                      .last_ms = START_MS};
  SightAnnotation tag = {
      .id = id, .endpoint = 1, .session = session, .kind = (char *)"tag", .body = (char *)"seen", .updated_ms = 1};

  if (sight_batch_table_put(db, 1, &batch, error) != SIGHT_PUT_STORED ||
      !sight_annotation_table_put(db, &tag, SIGHT_ANNOTATION_MADE_HERE, NULL, error))
    return FALSE;
  if (item->number % 3 != 0)
    return TRUE;
  g_autoptr(SightSession) found = sight_session_table_find(db, 1, session, error);
  if (found == NULL || !sight_analysis_table_take_lease(db, found->row, item->name, START_MS, &revision, error))
    return FALSE;
  found->flags = item->number % 2 != 0 ? SIGHT_SESSION_RAGE : SIGHT_SESSION_DEAD;
  g_free(found->exit);
  found->exit = g_strdup_printf("/page%d", (int)(item->number % 5));
  return sight_analysis_table_save(db, found, revision, "rules", 1, NULL, NULL, error);
}

static int be_the_writer(char **argv) {
  g_autoptr(GError) error = NULL;
  g_autofree char *aside = NULL;
  g_autoptr(SightStore) store = sight_store_open(argv[2], SIGHT_STORE_CACHE, &aside, &error);
  gint64 from = g_ascii_strtoll(argv[4], NULL, 10), count = g_ascii_strtoll(argv[5], NULL, 10);

  g_assert_no_error(error);
  g_assert_null(aside);
  for (gint64 number = from; number < from + count; number++) {
    Item item = {.name = argv[3], .number = number};
    if (!sight_store_write(store, SIGHT_WRITE_DURABLE, write_item, &item, &error))
      g_error("%s", error->message);
    g_print("%" G_GINT64_FORMAT "\n", number);
  }
  sight_store_close(store);
  return 0;
}

static GSubprocess *start_writer(const char *folder, const char *name, gint64 from, gint64 count) {
  g_autofree char *from_text = g_strdup_printf("%" G_GINT64_FORMAT, from);
  g_autofree char *count_text = g_strdup_printf("%" G_GINT64_FORMAT, count);
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *writer = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--writer", folder, name,
                                         from_text, count_text, NULL);

  g_assert_no_error(error);
  return writer;
}

/* The last number that was acknowledged by the end of the output; `count` > 0: or after so many. */
static gint64 read_acknowledged(GDataInputStream *lines, gint64 last, guint count) {
  for (guint i = 0; count == 0 || i < count; i++) {
    g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
    if (line == NULL)
      break;
    last = g_ascii_strtoll(line, NULL, 10);
  }
  return last;
}

typedef struct {
  const char *name;
  gint64 n_written; /* numbers from 0 to below this must be there */
  gint64 n_found;
  GHashTable *numbers;
} Check;

static gboolean note_batch(const SightStoredBatch *stored, gpointer data, GError **error) {
  Check *check = data;
  Item item = {.name = check->name, .number = stored->batch.seq};
  g_autofree char *events = events_of(&item);

  g_assert_cmpmem(stored->batch.events, stored->batch.events_bytes, events, strlen(events));
  g_assert_true(g_hash_table_add(check->numbers, GINT_TO_POINTER((int)stored->batch.seq)));
  return TRUE;
}

static gboolean check_session(SightDb *db, Check *check, const char *session, GError **error) {
  g_autoptr(SightSession) found = sight_session_table_find(db, 1, session, NULL);
  g_autoptr(GPtrArray) tags = sight_annotation_table_list(db, 1, session, error);
  guint before = g_hash_table_size(check->numbers);
  guint n_damaged = 0;

  if (found == NULL)
    return tags->len == 0;
  if (!sight_batch_table_each(db, found->row, NULL, 0, 0, note_batch, check, &n_damaged, error))
    return FALSE;
  g_assert_cmpint(n_damaged, ==, 0);
  /* A transaction is there as a whole or not at all. */
  g_assert_cmpint(tags->len, ==, g_hash_table_size(check->numbers) - before);
  g_assert_cmpint(found->n_events, ==, tags->len);
  return TRUE;
}

/* Counts that the store keeps are those that counting gives. */
static gboolean check_counts(SightDb *db, GError **error) {
  const SightSessionFilter all = {0};
  g_autoptr(GPtrArray) stats = sight_page_table_stats(db, 0, error);

  g_autoptr(GArray) rows = sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error);

  g_assert_cmpint(rows->len, ==, sight_session_table_count(db, &all, error));
  for (guint i = 0; i < stats->len; i++) {
    const SightPageStat *stat = g_ptr_array_index(stats, i);
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM session WHERE exit_page = %d", (int)stat->row);
    g_assert_cmpint(sight_db_query_int(db, sql, error), ==, stat->n_exits);
  }
  return TRUE;
}

static gboolean check_all(SightDb *db, gpointer data, GError **error) {
  Check *check = data;

  for (int i = 0; i < SESSIONS; i++) {
    Item item = {.name = check->name, .number = i};
    g_autofree char *session = session_of(&item);
    if (!check_session(db, check, session, error))
      return FALSE;
  }
  return check_counts(db, error);
}

/* Everything acknowledged is there once; the number of the first that is not. */
static gint64 check_folder(const char *folder, const char *name, gint64 n_acknowledged) {
  g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
  Check check = {.name = name, .numbers = numbers};
  g_autofree char *aside = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, &aside, &error);

  g_assert_no_error(error);
  g_assert_null(aside);
  sight_store_read(store, check_all, &check, &error);
  g_assert_no_error(error);
  sight_store_close(store);
  gint64 n = g_hash_table_size(numbers);
  /* The one that was committed and not acknowledged any more may be there too. */
  g_assert_cmpint(n, >=, n_acknowledged);
  g_assert_cmpint(n, <=, n_acknowledged + 1);
  for (gint64 number = 0; number < n; number++)
    g_assert_true(g_hash_table_contains(numbers, GINT_TO_POINTER((int)number)));
  return n;
}

static void test_killed(void) {
  char *folder = make_folder();
  const char *full = g_getenv("SIGHT_TEST_FULL");
  int n_rounds = full != NULL && *full != '\0' ? ROUNDS_FULL : ROUNDS;
  gint64 n = 0;

  for (int round = 0; round < n_rounds; round++) {
    g_autoptr(GSubprocess) writer = start_writer(folder, "killed", n, ENOUGH);
    g_autoptr(GDataInputStream) lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(writer));
    gint64 last = read_acknowledged(lines, n - 1, (guint)g_test_rand_int_range(1, 12));
    /* Somewhere inside one of the next writes. */
    g_usleep((gulong)g_test_rand_int_range(0, 20000));
    g_subprocess_force_exit(writer);
    last = read_acknowledged(lines, last, 0);
    g_assert_true(g_subprocess_wait(writer, NULL, NULL));
    g_assert_true(g_subprocess_get_if_signaled(writer));
    n = check_folder(folder, "killed", last + 1);
  }
  g_test_message("%d kills, %d writes", n_rounds, (int)n);
  remove_folder(folder);
}

static void test_two_processes(void) {
  char *folder = make_folder();
  g_autoptr(GSubprocess) first = start_writer(folder, "first", 0, 60);
  g_autoptr(GSubprocess) second = start_writer(folder, "second", 0, 60);
  g_autoptr(GDataInputStream) first_lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(first));
  g_autoptr(GDataInputStream) second_lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(second));

  g_assert_cmpint(read_acknowledged(first_lines, -1, 0), ==, 59);
  g_assert_cmpint(read_acknowledged(second_lines, -1, 0), ==, 59);
  g_assert_true(g_subprocess_wait_check(first, NULL, NULL));
  g_assert_true(g_subprocess_wait_check(second, NULL, NULL));
  g_assert_cmpint(check_folder(folder, "first", 60), ==, 60);
  g_assert_cmpint(check_folder(folder, "second", 60), ==, 60);
  remove_folder(folder);
}

/* One of two is killed: the other one goes on, and nothing of either is lost. */
static void test_one_of_two_killed(void) {
  char *folder = make_folder();
  g_autoptr(GSubprocess) killed = start_writer(folder, "killed", 0, ENOUGH);
  g_autoptr(GSubprocess) other = start_writer(folder, "other", 0, 40);
  g_autoptr(GDataInputStream) killed_lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(killed));
  g_autoptr(GDataInputStream) other_lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(other));

  read_acknowledged(other_lines, -1, 5);
  gint64 last = read_acknowledged(killed_lines, -1, 5);
  g_subprocess_force_exit(killed);
  last = read_acknowledged(killed_lines, last, 0);
  g_assert_cmpint(read_acknowledged(other_lines, -1, 0), ==, 39);
  g_assert_true(g_subprocess_wait_check(other, NULL, NULL));
  check_folder(folder, "killed", last + 1);
  check_folder(folder, "other", 40);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  if (argc == 6 && g_str_equal(argv[1], "--writer"))
    return be_the_writer(argv);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/crash/killed", test_killed);
  g_test_add_func("/crash/two-processes", test_two_processes);
  g_test_add_func("/crash/one-of-two-killed", test_one_of_two_killed);
  return g_test_run();
}
