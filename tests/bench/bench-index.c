/* SPDX-License-Identifier: MIT */
/* Filters at a million sessions, asked as users ask them: sets, first rows, counts, problems, contrast, why-not, one
 * more session; and the same questions as SQL over plain tables. bench-index [SESSIONS [FOLDER [csv]]]; a folder that
 * is filled already is used; with "csv" the plain tables are written for duckdb.mjs, and no session is added. */
#include "index-fill.h"
#include "sight-contrast.h"
#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-posting-table.h"
#include "sight-problems.h"
#include "sight-query.h"
#include "sight-term-table.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <time.h>

#define ROUNDS 7
#define FIRST_ROWS 200

#define FIVE                                                                                                           \
  "FROM session s WHERE s.release = '2.1' AND s.length_ms > 60000 "                                                    \
  "AND EXISTS (SELECT 1 FROM view v WHERE v.session = s.row AND v.page = '/checkout') "                                \
  "AND EXISTS (SELECT 1 FROM signal g WHERE g.session = s.row AND g.kind IN ('rage', 'dead')) "                        \
  "AND NOT EXISTS (SELECT 1 FROM event e WHERE e.session = s.row AND e.name = 'key action 0')"

/* What the list tells of each problem: whom it met and when, by day and by release, and how many of those, and of all
 * who viewed its page, did what they came for. */
#define MET "(SELECT DISTINCT problem, session FROM signal WHERE kind <> 'noise') g JOIN session s ON s.row = g.session"
#define PROBLEMS                                                                                                       \
  "SELECT (SELECT count(*) FROM (SELECT g.problem, count(*), count(DISTINCT coalesce(s.user, s.row)), "                \
  "min(s.started_ms), max(s.started_ms) FROM " MET " GROUP BY g.problem)) "                                            \
  "+ 0 * (SELECT count(*) FROM (SELECT g.problem, s.started_ms / 86400000 AS d, count(*) FROM " MET                    \
  " GROUP BY 1, 2)) "                                                                                                  \
  "+ 0 * (SELECT count(*) FROM (SELECT g.problem, s.release, count(*) FROM " MET " GROUP BY 1, 2)) "                   \
  "+ 0 * (SELECT count(*) FROM (SELECT g.problem, g.page, count(DISTINCT g.session), count(DISTINCT e.session) "       \
  "FROM signal g LEFT JOIN event e ON e.session = g.session GROUP BY 1, 2)) "                                          \
  "+ 0 * (SELECT count(*) FROM (SELECT v.page, count(DISTINCT v.session), count(DISTINCT e.session) "                  \
  "FROM view v LEFT JOIN event e ON e.session = v.session GROUP BY 1))"

#define SEQUENCE "page:/checkout then not rage then event:\"key action 1\""

static const struct {
  const char *name, *filter;
  double bar_ms;
  const char *sql; /* the same question; NULL: the plain tables have nothing of it */
} questions[] = {
    {"page", "page:/checkout", 50, "SELECT count(DISTINCT session) FROM view WHERE page = '/checkout'"},
    {"five conditions", "page:/checkout (rage or dead) -event:\"key action 0\" release:2.1 length:>1m", 50,
     "SELECT count(*) " FIVE},
    {"refusals alone", "-page:/checkout -rage -device:phone", 50,
     "SELECT count(*) FROM session s WHERE s.device <> 'phone' AND NOT EXISTS (SELECT 1 FROM view v WHERE v.session = "
     "s.row AND v.page = '/checkout') AND NOT EXISTS (SELECT 1 FROM signal g WHERE g.session = s.row AND g.kind = "
     "'rage')"},
    {"churned", "churned", 50, NULL},
    {"new users", "new-user", 50, NULL},
    {"high exit", "high-exit", 50, NULL},
    {"not watched, by start and friction", "-watched started:>2023-12-01 friction:>2", 50, NULL},
    {"sequence of three with a not", SEQUENCE, 2000,
     "SELECT count(DISTINCT v.session) FROM view v JOIN event e ON e.session = v.session AND e.name = 'key action 1' "
     "AND e.at_ms > v.start_ms WHERE v.page = '/checkout' AND NOT EXISTS (SELECT 1 FROM signal g WHERE g.session = "
     "v.session AND g.kind = 'rage' AND g.start_ms > v.start_ms AND g.start_ms < e.at_ms)"},
    {"text seen", "seen:\"card was decl\"", 100, NULL},
    {"text seen, a frequent word", "seen:card", 100, NULL},
    {"a word without a key", "card", 100, NULL},
    {"element", "element:\"button.primary[disabled]\"", 300, NULL},
};

typedef struct {
  SightStore *store;
  const char *text;
  SightSet *set;
  GArray *terms;
  SightSessionSort sort;
  guint64 n;
  gint64 next_row;
  double busy_ms; /* that adding took of the processor */
  int limit;      /* of problems */
} Bench;

/* Of the processor: other programs do not count. All runs on this thread. */
static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double clock_ms(void) {
  return (double)g_get_monotonic_time() / 1000;
}

static int by_time(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void read_store(Bench *bench, SightStoreFunc func) {
  g_autoptr(GError) error = NULL;
  if (!sight_store_read(bench->store, func, bench, &error))
    g_error("%s", error != NULL ? error->message : "failed");
}

/* The first time is another's: of reading from the disk. */
static double median(Bench *bench, SightStoreFunc func) {
  double times[ROUNDS];
  read_store(bench, func);
  for (int i = 0; i < ROUNDS; i++) {
    double start = now_ms();
    read_store(bench, func);
    times[i] = now_ms() - start;
  }
  qsort(times, ROUNDS, sizeof times[0], by_time);
  return times[ROUNDS / 2];
}

static double median_sql(const char *folder, const char *sql, gint64 *n) {
  g_autofree char *path = g_build_filename(folder, FILL_PLAIN, NULL);
  double times[3];
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
      sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error("%s", sqlite3_errmsg(handle));
  for (int i = -1; i < (int)G_N_ELEMENTS(times); i++) {
    double start = now_ms();
    *n = 0;
    while (sqlite3_step(statement) == SQLITE_ROW)
      *n += sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    if (i >= 0)
      times[i] = now_ms() - start;
  }
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  qsort(times, G_N_ELEMENTS(times), sizeof times[0], by_time);
  return times[G_N_ELEMENTS(times) / 2];
}

static gboolean ask(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_autoptr(SightFilter) filter = sight_filter_parse(bench->text, NULL, error);
  g_autoptr(SightQuery) query = sight_query_new(db, filter, g_get_real_time() / 1000, error);
  g_clear_pointer(&bench->set, sight_set_free);
  bench->set = query != NULL ? sight_query_sessions(query, error) : NULL;
  return bench->set != NULL;
}

static gboolean first_rows(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  SightSessionFilter filter = {.within = bench->set, .limit = FIRST_ROWS};
  g_autoptr(GArray) rows = sight_session_table_list(db, &filter, bench->sort, error);
  return rows != NULL;
}

/* As the window asks for its first page. */
static gboolean first_page(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  SightLibraryQuery query = {.filter = bench->text, .limit = FIRST_ROWS};
  g_autoptr(GArray) rows = sight_library_list(db, &query, error);
  bench->n = rows != NULL ? rows->len : 0;
  return rows != NULL;
}

static gboolean count_one(gint64 term, const guint64 *counts, gpointer data) {
  Bench *bench = data;
  bench->n += counts[0];
  return TRUE;
}

/* The count of each value of the fields that the sidebar shows, under the filter. */
static gboolean count_values(SightDb *db, gpointer data, GError **error) {
  static const SightTermField fields[] = {SIGHT_TERM_SIGNAL,  SIGHT_TERM_ENDPOINT, SIGHT_TERM_DEVICE,
                                          SIGHT_TERM_BROWSER, SIGHT_TERM_OS,       SIGHT_TERM_RELEASE,
                                          SIGHT_TERM_VARIANT, SIGHT_TERM_EVENT};
  Bench *bench = data;
  const SightSet *sets[] = {bench->set};
  bench->n = 0;
  for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
    if (!sight_posting_table_count(db, fields[i], sets, 1, count_one, bench, error))
      return FALSE;
  return TRUE;
}

static gboolean list_problems(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_autoptr(GPtrArray) problems = sight_problems_list(db, bench->set, (guint)bench->limit, NULL, error);
  bench->n = problems != NULL ? problems->len : 0;
  return problems != NULL;
}

static gboolean run_contrast(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_autoptr(SightSet) others = sight_contrast_others(db, bench->set, error);
  g_autoptr(SightContrast) contrast =
      others != NULL ? sight_contrast_run(db, bench->set, others, NULL, NULL, error) : NULL;
  if (contrast != NULL)
    bench->n = contrast->n_tested;
  return contrast != NULL;
}

static gboolean why_not(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_autoptr(SightFilter) filter = sight_filter_parse(bench->text, NULL, error);
  g_autoptr(SightQuery) query = sight_query_new(db, filter, g_get_real_time() / 1000, error);
  g_autoptr(SightSession) session = query != NULL ? sight_session_table_get(db, 4711, error) : NULL;
  g_autoptr(GPtrArray) reasons = session != NULL ? sight_query_why_not(query, session, error) : NULL;
  if (reasons != NULL)
    bench->n = reasons->len;
  return reasons != NULL;
}

/* As analysis would: 100 texts, 30 elements, most of them known. */
static gboolean add_session(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  double start = now_ms();
  gint64 row = bench->next_row++;
  g_autofree char *sql =
      g_strdup_printf("INSERT INTO session (row, endpoint, session, revision, last_arrival, "
                      "received_ms, arrived_ms, n_batches, n_bytes, n_events, flags) "
                      "VALUES (%" G_GINT64_FORMAT ", 1, 'bench-%" G_GINT64_FORMAT "', 0, 0, 0, 0, 0, 0, 0, 0)",
                      row, row);
  g_autoptr(SightOccurrences) made = sight_occurrences_new();
  for (guint i = 0; i < 100; i++) {
    g_autofree char *text = i < 98 ? g_strdup_printf("Shop 0: card and order %u", i)
                                   : g_strdup_printf("Never seen %u in %" G_GINT64_FORMAT, i, row);
    sight_occurrences_moment(made, sight_occurrences_term(made, SIGHT_TERM_SEEN, text), i, i + 1000);
  }
  for (guint i = 0; i < 30; i++) {
    g_autofree char *element = g_strdup_printf("button#card-%u", i);
    sight_occurrences_moment(made, sight_occurrences_term(made, SIGHT_TERM_ELEMENT, element), i, i + 1000);
  }
  sight_occurrences_moment(made, sight_occurrences_term(made, SIGHT_TERM_PAGE, "/checkout"), 0, 9000);
  for (SightNumber number = 0; number < SIGHT_N_NUMBERS; number++)
    sight_occurrences_number(made, number, 54321);
  gboolean done = sight_db_exec(db, sql, error) && sight_index_table_save(db, row, 1, made, error);
  bench->busy_ms = now_ms() - start;
  return done;
}

static void print_times(const char *name, double *times, guint n) {
  double sum = 0;
  for (guint i = 0; i < n; i++)
    sum += times[i];
  qsort(times, n, sizeof *times, by_time);
  g_print("one more session, %s: mean %.2f, median %.2f, 99 %%: %.2f, worst %.2f (bar: 10)\n", name, sum / n,
          times[n / 2], times[n * 99 / 100], times[n - 1]);
}

/* By the clock, as whoever waits for the writer has it, with the commit; and of the processor within the job. */
static void print_adding(Bench *bench) {
  const guint n = 3 * SIGHT_POSTING_GROUP;
  g_autofree double *times = g_new(double, n);
  g_autofree double *busy = g_new(double, n);
  for (guint i = 0; i < n; i++) {
    g_autoptr(GError) error = NULL;
    double start = clock_ms();
    if (!sight_store_write(bench->store, SIGHT_WRITE_NORMAL, add_session, bench, &error))
      g_error("%s", error->message);
    times[i] = clock_ms() - start;
    busy[i] = bench->busy_ms;
  }
  print_times("ms of the clock", times, n);
  print_times("ms of the processor", busy, n);
}

static gboolean count_sessions(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  bench->next_row = 1 + sight_db_query_int(db, "SELECT coalesce(max(row), 0) FROM session", error);
  bench->n = (guint64)sight_db_query_int(db, "SELECT count(*) FROM session", error);
  return TRUE;
}

static gboolean print_sizes(SightDb *db, gpointer data, GError **error) {
  g_print("bytes: occurrences %.0f MB, postings %.0f MB, %" G_GINT64_FORMAT " terms, %" G_GINT64_FORMAT " postings\n",
          (double)sight_db_query_int(db, "SELECT sum(length(data)) FROM occurrence", error) / 1e6,
          (double)sight_db_query_int(db, "SELECT sum(length(rows)) FROM posting", error) / 1e6,
          sight_db_query_int(db, "SELECT count(*) FROM term", error),
          sight_db_query_int(db, "SELECT count(*) FROM posting", error));
  return TRUE;
}

static void print_line(const char *name, guint64 n, double ms, double bar_ms) {
  g_print("%-36s %9" G_GUINT64_FORMAT " %9.2f ms, bar %.0f%s\n", name, n, ms, bar_ms, ms > bar_ms ? " MISSED" : "");
}

/* What bench-duckdb.mjs reads. */
static void compare(const char *folder, const char *name, guint64 n, double ms, const char *sql) {
  gint64 n_sql = 0;
  double sql_ms = median_sql(folder, sql, &n_sql);
  g_print("  SQL in SQLite %37" G_GINT64_FORMAT " %9.2f ms: 1/%.1f%s\n", n_sql, sql_ms, sql_ms / ms,
          (guint64)n_sql != n ? " ANSWERS DIFFER" : "");
  g_print("@%s\t%" G_GUINT64_FORMAT "\t%.3f\t%s\n", name, n, ms, sql);
}

static void measure_rest(Bench *bench, const char *folder) {
  static const char *const sorts[] = {"  first rows, newest", "  first rows, friction", "  first rows, longest"};
  bench->text = questions[1].filter;
  read_store(bench, ask);
  for (guint i = 0; i < G_N_ELEMENTS(sorts); i++) {
    bench->sort = (SightSessionSort)i;
    print_line(sorts[i], sight_set_n(bench->set), median(bench, first_rows), 50);
  }
  bench->text = SEQUENCE;
  double ms = median(bench, first_page);
  print_line("first page of a sequence", bench->n, ms, 300);
  bench->text = questions[1].filter;
  ms = median(bench, count_values);
  print_line("  counts of all values in the sidebar", bench->n, ms, 50);
  print_line("  why not", bench->n, median(bench, why_not), 50);
  bench->text = "page:/checkout release:2.1";
  read_store(bench, ask);
  ms = median(bench, run_contrast);
  print_line("contrast, terms", bench->n, ms, 1000);
  bench->text = "all";
  read_store(bench, ask);
  ms = median(bench, count_values);
  print_line("counts over all", bench->n, ms, 50);
  bench->limit = 100;
  ms = median(bench, list_problems);
  print_line("problems over all, the first hundred", bench->n, ms, 300);
  /* All are counted and ranked before the first hundred are known. */
  compare(folder, "first hundred problems", bench->n, ms, "SELECT min(100, (" PROBLEMS "))");
  bench->limit = 0;
  ms = median(bench, list_problems);
  print_line("problems over all", bench->n, ms, 300);
  compare(folder, "problems", bench->n, ms, PROBLEMS);
}

/* The plain tables as files of comma-separated values, which DuckDB reads without an extension. */
static void write_csv(const char *folder, const char *table) {
  g_autofree char *path = g_build_filename(folder, FILL_PLAIN, NULL), *name = g_strconcat(table, ".csv", NULL);
  g_autofree char *to = g_build_filename(folder, name, NULL), *sql = g_strconcat("SELECT * FROM ", table, NULL);
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  FILE *file = fopen(to, "w");
  if (file == NULL || sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
      sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error("%s cannot be written", to);
  for (int i = 0; i < sqlite3_column_count(statement); i++)
    fprintf(file, "%s%s", i > 0 ? "," : "", sqlite3_column_name(statement, i));
  fputc('\n', file);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
      const char *text = (const char *)sqlite3_column_text(statement, i);
      fprintf(file, "%s%s", i > 0 ? "," : "", text != NULL ? text : "");
    }
    fputc('\n', file);
  }
  fclose(file);
  sqlite3_finalize(statement);
  sqlite3_close(handle);
}

int main(int argc, char **argv) {
  static const char *const tables[] = {"session", "view", "signal", "event"};
  gint64 n_sessions = argc > 1 ? g_ascii_strtoll(argv[1], NULL, 10) : 1000000;
  g_autofree char *folder = argc > 2 ? g_strdup(argv[2]) : g_dir_make_tmp("bench-index-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  Bench bench = {.store = store};
  if (store == NULL)
    g_error("%s", error->message);
  read_store(&bench, count_sessions);
  if (bench.n == 0)
    index_fill(store, n_sessions, 1);
  read_store(&bench, count_sessions);
  g_print("%" G_GUINT64_FORMAT " sessions; medians of %d, warm, ms of the processor\n", bench.n, ROUNDS);
  for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
    bench.text = questions[i].filter;
    double ms = median(&bench, ask);
    print_line(questions[i].name, sight_set_n(bench.set), ms, questions[i].bar_ms);
    if (questions[i].sql != NULL)
      compare(folder, questions[i].name, sight_set_n(bench.set), ms, questions[i].sql);
  }
  measure_rest(&bench, folder);
  read_store(&bench, print_sizes);
  if (argc > 3 && g_str_equal(argv[3], "csv"))
    for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
      write_csv(folder, tables[i]);
  else
    print_adding(&bench);
  g_clear_pointer(&bench.set, sight_set_free);
  sight_store_close(store);
  if (argc <= 2)
    g_print("left in %s\n", folder);
  return 0;
}
