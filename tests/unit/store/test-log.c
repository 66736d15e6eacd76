/* SPDX-License-Identifier: MIT */
/* The log: whatever is done to its lines in the database is found; a killed writer leaves a chain that is whole.
 * test-log --writer FOLDER is the program that is killed: it appends, and says the number of each line after its
 * commit. */
#include "sight-db.h"
#include "sight-log-table.h"
#include "store-fixture.h"

#include <string.h>

#define LINES 40
#define CHANGES 200
/* More than a writer gets done before it is killed. */
#define ENOUGH 100000
#define KILLS 50
#define KILLS_FULL 1000
#define COLUMNS "endpoint, id, session, kind, at_ms, body, author, created_ms, updated_ms, deleted, revision, unpushed"

static gboolean add_line(SightDb *db, gpointer data, GError **error) {
  const gint64 *number = data;
  g_autofree char *session = g_strdup_printf("s-%" G_GINT64_FORMAT, *number);
  SightLogEntry entry = {
      .act = (SightLogAct)(*number % SIGHT_N_LOG_ACTS), .session = session, .from_ms = 5, .to_ms = 9, .detail = "html"};

  return sight_log_table_add(db, 1, &entry, NULL, error);
}

static void add_lines(SightStore *store, gint64 n) {
  g_autoptr(GError) error = NULL;

  for (gint64 i = 0; i < n; i++) {
    sight_store_write(store, SIGHT_WRITE_DURABLE, add_line, &i, &error);
    g_assert_no_error(error);
  }
}

static gboolean run_sql(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(db, data, error);
}

static void sql(SightStore *store, const char *text) {
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_NORMAL, run_sql, (gpointer)text, &error);
  g_assert_no_error(error);
}

typedef struct {
  guint n_faults;
  gint64 n_lines;
  SightLogFaultKind kind; /* of the first */
  gint64 n, n_last;
} Found;

static gboolean do_check(SightDb *db, gpointer data, GError **error) {
  Found *found = data;
  g_autoptr(SightLogCheck) check = sight_log_table_check(db, 1, error);

  if (check == NULL)
    return FALSE;
  found->n_faults = check->faults->len;
  found->n_lines = check->n_lines;
  if (check->faults->len > 0) {
    const SightLogFault *first = g_ptr_array_index(check->faults, 0);
    found->kind = first->kind;
    found->n = first->n;
    found->n_last = first->n_last;
  }
  return TRUE;
}

static Found check(SightStore *store) {
  g_autoptr(GError) error = NULL;
  Found found = {0};

  sight_store_read(store, do_check, &found, &error);
  g_assert_no_error(error);
  return found;
}

/* Something that a hand with the database open could do: 40 lines are there. */
static char *random_change(void) {
  int n = g_test_rand_int_range(1, LINES + 1), other = n % LINES + 1;
  g_autofree char *at = g_strdup_printf("id LIKE 'log-%%-%010d'", n);
  g_autofree char *there = g_strdup_printf("id LIKE 'log-%%-%010d'", other);

  switch (g_test_rand_int_range(0, 7)) {
  case 0:
    return g_strdup_printf("DELETE FROM annotation WHERE %s", at);
  case 1:
    return g_strdup_printf("DELETE FROM annotation WHERE id LIKE 'log-%%' AND substr(id, 28) >= '%010d'", n);
  case 2: /* one letter of the line, wherever */
    return g_strdup_printf("UPDATE annotation SET body = substr(body, 1, %d) || char(unicode(substr(body, %d)) %% 93 + "
                           "33) || substr(body, %d) WHERE %s",
                           n, n + 1, n + 2, at);
  case 3:
    return g_strdup_printf("UPDATE annotation SET body = replace(body, '\"from\":5', '\"from\":6') WHERE %s", at);
  case 4:
    return g_strdup_printf("UPDATE annotation SET body = CASE WHEN %s THEN (SELECT body FROM annotation WHERE %s) ELSE "
                           "(SELECT body FROM annotation WHERE %s) END WHERE %s OR %s",
                           at, there, at, at, there);
  case 5: /* the last one goes, and the rest moves up */
    return g_strdup_printf("DELETE FROM annotation WHERE %s; UPDATE annotation SET id = substr(id, 1, 27) || "
                           "substr('0000000000' || (substr(id, 28) - 1), -10) WHERE id LIKE 'log-%%' AND "
                           "substr(id, 28) > '%010d'",
                           at, n);
  default: /* one more */
    return g_strdup_printf(
        "INSERT INTO annotation SELECT endpoint, substr(id, 1, 27) || '%010d', session, kind, at_ms, "
        "body, author, created_ms, updated_ms, deleted, revision, unpushed FROM annotation WHERE %s",
        LINES + 1, at);
  }
}

static void test_every_change(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  add_lines(store, LINES);
  sql(store, "CREATE TABLE lines_before AS SELECT * FROM annotation");
  for (int i = 0; i < CHANGES; i++) {
    g_autofree char *change = random_change();
    g_autofree char *back =
        g_strdup("DELETE FROM annotation; INSERT INTO annotation SELECT " COLUMNS " FROM lines_before");
    sql(store, change);
    Found found = check(store);
    if (found.n_faults == 0)
      g_test_message("not found: %s", change);
    g_assert_cmpuint(found.n_faults, >, 0);
    sql(store, back);
    found = check(store);
    g_assert_cmpuint(found.n_faults, ==, 0);
    g_assert_cmpint(found.n_lines, ==, LINES);
  }
  sql(store, "DROP TABLE lines_before");
  sight_store_close(store);
  remove_folder(folder);
}

static void test_which_line(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  add_lines(store, 9);
  sql(store, "DELETE FROM annotation WHERE id LIKE 'log-%-0000000004' OR id LIKE 'log-%-0000000005'");
  Found found = check(store);
  g_assert_cmpuint(found.n_faults, ==, 1);
  g_assert_cmpint(found.kind, ==, SIGHT_LOG_MISSING);
  g_assert_cmpint(found.n, ==, 4);
  g_assert_cmpint(found.n_last, ==, 5);
  sql(store, "UPDATE annotation SET body = replace(body, 'html', 'none') WHERE id LIKE 'log-%-0000000009'");
  found = check(store);
  g_assert_cmpuint(found.n_faults, ==, 2);
  sight_store_close(store);
  remove_folder(folder);
}

typedef struct {
  SightAnnotation line;
  SightAnnotationFrom from;
  gboolean changed;
} Coming;

static gboolean take(SightDb *db, gpointer data, GError **error) {
  Coming *coming = data;

  return sight_annotation_table_put(db, &coming->line, coming->from, &coming->changed, error);
}

/* What stands is never replaced, whoever says so, and that somebody tried is told. */
static void test_written_once(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;
  const SightAnnotationFrom tellers[] = {SIGHT_ANNOTATION_OF_WORKSTATION, SIGHT_ANNOTATION_OF_ENDPOINT,
                                         SIGHT_ANNOTATION_MADE_HERE};
  Coming coming = {.line = {.id = (char *)"log-AAAAAAAAAAAAAAAAAAAAAA-0000000001",
                            .endpoint = 1,
                            .kind = (char *)"log",
                            .at_ms = SIGHT_ANNOTATION_AT_LOG,
                            .body = (char *)"{\"chain\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"n\":1,\"prev\":\"\"}",
                            .author = (char *)"Ada",
                            .updated_ms = 1}};

  sight_store_write(store, SIGHT_WRITE_DURABLE, take, &coming, &error);
  g_assert_no_error(error);
  g_assert_true(coming.changed);
  g_assert_cmpuint(check(store).n_faults, ==, 0);
  coming.line.updated_ms = START_MS;
  for (guint i = 0; i < G_N_ELEMENTS(tellers); i++) {
    coming.from = tellers[i];
    coming.line.body = (char *)"{\"chain\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"n\":1,\"prev\":\"\",\"who\":\"Eve\"}";
    sight_store_write(store, SIGHT_WRITE_DURABLE, take, &coming, &error);
    g_assert_no_error(error);
    g_assert_false(coming.changed);
  }
  Found found = check(store);
  g_assert_cmpuint(found.n_faults, ==, 1);
  g_assert_cmpint(found.kind, ==, SIGHT_LOG_DISPUTED);
  sight_store_close(store);
  remove_folder(folder);
}

static int be_the_writer(const char *folder) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);

  g_assert_no_error(error);
  for (gint64 number = 0; number < ENOUGH; number++) {
    if (!sight_store_write(store, SIGHT_WRITE_DURABLE, add_line, &number, &error))
      g_error("%s", error->message);
    g_print("%" G_GINT64_FORMAT "\n", number);
  }
  return 0;
}

static guint count_lines(GDataInputStream *lines, guint at_most) {
  guint n = 0;

  while (n < at_most) {
    g_autofree char *line = g_data_input_stream_read_line(lines, NULL, NULL, NULL);
    if (line == NULL)
      break;
    n++;
  }
  return n;
}

static void test_killed(void) {
  char *folder = make_folder();
  const char *full = g_getenv("SIGHT_TEST_FULL");
  int n_kills = full != NULL && *full != '\0' ? KILLS_FULL : KILLS;
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
  gint64 n_acknowledged = 0;
  Found found = {0};

  for (int kill = 0; kill < n_kills; kill++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) writer =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, self, "--writer", folder, NULL);
    g_assert_no_error(error);
    g_autoptr(GDataInputStream) lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(writer));
    n_acknowledged += count_lines(lines, (guint)g_test_rand_int_range(1, 6));
    g_usleep((gulong)g_test_rand_int_range(0, 8000));
    g_subprocess_force_exit(writer);
    n_acknowledged += count_lines(lines, G_MAXUINT);
    g_assert_true(g_subprocess_wait(writer, NULL, NULL));
    /* One chain, and each kill may leave one line that was not acknowledged any more. */
    g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
    found = check(store);
    g_assert_cmpuint(found.n_faults, ==, 0);
    g_assert_cmpint(found.n_lines, >=, n_acknowledged);
    g_assert_cmpint(found.n_lines, <=, n_acknowledged + kill + 1);
    sight_store_close(store);
  }
  g_test_message("%d kills, %d lines", n_kills, (int)found.n_lines);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  if (argc == 3 && g_str_equal(argv[1], "--writer"))
    return be_the_writer(argv[2]);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/log/every-change", test_every_change);
  g_test_add_func("/log/which-line", test_which_line);
  g_test_add_func("/log/written-once", test_written_once);
  g_test_add_func("/log/killed", test_killed);
  return g_test_run();
}
