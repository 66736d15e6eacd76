/* SPDX-License-Identifier: MIT */
/* The index at a million sessions: sets, first rows, counts, words, elements, numbers, one more session; and the same
 * questions as SQL over the plain tables. bench-index [SESSIONS [FOLDER]]; a folder that is filled already is used. */
#include "index-fill.h"
#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-posting-table.h"
#include "sight-session-table.h"
#include "sight-term-table.h"

#include <glib/gstdio.h>
#include <string.h>

#define ROUNDS 9
#define FIRST_ROWS 200

typedef struct {
  SightStore *store;
  SightSet *set, *all;
  GArray *terms, *rows;
  guint64 n;
  const char *text, *sql;
  SightSessionSort sort;
  gint64 next_row;
} Bench;

static double now_ms(void) {
  return (double)g_get_monotonic_time() / 1000;
}

static int by_time(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(Bench *bench, SightStoreFunc func) {
  double times[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    g_autoptr(GError) error = NULL;
    double start = now_ms();
    if (!sight_store_read(bench->store, func, bench, &error))
      g_error("%s", error != NULL ? error->message : "failed");
    times[i] = now_ms() - start;
  }
  qsort(times, ROUNDS, sizeof times[0], by_time);
  return times[ROUNDS / 2];
}

static SightSet *with(SightDb *db, SightTermField field, const char *value, GError **error) {
  SightSet *set = sight_index_table_with(db, field, value, error);
  if (set == NULL)
    g_error("no set");
  return set;
}

static gboolean ask_one(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_clear_pointer(&bench->set, sight_set_free);
  bench->set = with(db, SIGHT_TERM_PAGE, "/checkout", error);
  return TRUE;
}

/* page:/checkout (rage or dead) -event:"key action 0" release:2.1 length:>1m */
static gboolean ask_five(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_autoptr(SightSet) rage = with(db, SIGHT_TERM_SIGNAL, "rage", error);
  g_autoptr(SightSet) dead = with(db, SIGHT_TERM_SIGNAL, "dead", error);
  g_autoptr(SightSet) event = with(db, SIGHT_TERM_EVENT, "key action 0", error);
  g_autoptr(SightSet) release = with(db, SIGHT_TERM_RELEASE, "2.1", error);
  g_autoptr(SightSet) length = sight_index_table_between(db, SIGHT_NUMBER_LENGTH, 60000, SIGHT_NUMBER_MAX, error);
  g_clear_pointer(&bench->set, sight_set_free);
  bench->set = with(db, SIGHT_TERM_PAGE, "/checkout", error);
  sight_set_or(rage, dead);
  sight_set_and(bench->set, rage);
  sight_set_and_not(bench->set, event);
  sight_set_and(bench->set, release);
  sight_set_and(bench->set, length);
  return TRUE;
}

static gboolean first_rows(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  SightSessionFilter filter = {.within = bench->set, .limit = FIRST_ROWS};
  g_clear_pointer(&bench->rows, g_array_unref);
  bench->rows = sight_session_table_list(db, &filter, bench->sort, error);
  return bench->rows != NULL;
}

static gboolean append(gint64 term, const char *value, gint64 n, gpointer data) {
  Bench *bench = data;
  if (bench->text == NULL || strstr(value, bench->text) != NULL)
    g_array_append_val(bench->terms, term);
  return TRUE;
}

/* The count of each value of the fields that the sidebar shows, under the filter. */
static gboolean count_values(SightDb *db, gpointer data, GError **error) {
  static const SightTermField fields[] = {SIGHT_TERM_SIGNAL,  SIGHT_TERM_ENDPOINT, SIGHT_TERM_DEVICE,
                                          SIGHT_TERM_BROWSER, SIGHT_TERM_OS,       SIGHT_TERM_RELEASE,
                                          SIGHT_TERM_VARIANT, SIGHT_TERM_EVENT};
  Bench *bench = data;
  bench->text = NULL;
  g_array_set_size(bench->terms, 0);
  for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
    if (!sight_term_table_each(db, fields[i], append, bench, error))
      return FALSE;
  bench->n = 0;
  for (guint i = 0; i < bench->terms->len; i++) {
    g_autoptr(SightSet) one = sight_posting_table_sessions(db, &g_array_index(bench->terms, gint64, i), 1, error);
    if (one == NULL)
      return FALSE;
    bench->n += sight_set_n_and(one, bench->set);
  }
  return TRUE;
}

static gboolean union_of(SightDb *db, Bench *bench, GError **error) {
  g_clear_pointer(&bench->set, sight_set_free);
  bench->set = sight_posting_table_sessions(db, (const gint64 *)(gpointer)bench->terms->data, bench->terms->len, error);
  return bench->set != NULL;
}

static gboolean ask_seen(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_array_unref(bench->terms);
  bench->terms = sight_term_table_search(db, SIGHT_TERM_SEEN, bench->text, TRUE, error);
  return bench->terms != NULL && union_of(db, bench, error);
}

static gboolean ask_element(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_array_set_size(bench->terms, 0);
  return sight_term_table_each(db, SIGHT_TERM_ELEMENT, append, bench, error) && union_of(db, bench, error);
}

static gboolean ask_occurrences(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_autoptr(GArray) rows = sight_set_rows(bench->set), numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < MIN(rows->len, 1000); i++) {
    g_array_set_size(numbers, 0);
    g_autoptr(SightOccurrences) one =
        sight_index_table_get(db, g_array_index(rows, gint64, i * (rows->len / 1000 + 1) % rows->len), numbers, error);
    if (one == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean ask_sql(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  gint64 n = sight_db_query_int(db, bench->sql, error);
  bench->n = (guint64)n;
  return n >= 0;
}

/* As analysis would: 100 texts, 30 elements, most of them known. */
static gboolean add_session(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
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
  return sight_db_exec(db, sql, error) && sight_index_table_save(db, row, 1, made, error);
}

static void print_adding(Bench *bench) {
  const guint n = 3 * SIGHT_POSTING_GROUP;
  g_autofree double *times = g_new(double, n);
  double sum = 0;
  for (guint i = 0; i < n; i++) {
    g_autoptr(GError) error = NULL;
    double start = now_ms();
    if (!sight_store_write(bench->store, SIGHT_WRITE_NORMAL, add_session, bench, &error))
      g_error("%s", error->message);
    times[i] = now_ms() - start;
    sum += times[i];
  }
  qsort(times, n, sizeof *times, by_time);
  g_print("one more session, ms of the writer: mean %.2f, median %.2f, 99 %%: %.2f, worst %.2f (bar: 10)\n", sum / n,
          times[n / 2], times[n * 99 / 100], times[n - 1]);
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

static void print_line(Bench *bench, const char *name, double ms, double bar_ms) {
  g_print("%-44s %9" G_GUINT64_FORMAT " %9.2f   (bar: %.0f)\n", name, sight_set_n(bench->set), ms, bar_ms);
}

static void measure(Bench *bench) {
  static const struct {
    SightSessionSort sort;
    const char *name;
  } sorts[] = {{SIGHT_SORT_NEWEST, "  first rows, newest"},
               {SIGHT_SORT_FRICTION, "  first rows, friction"},
               {SIGHT_SORT_LONGEST, "  first rows, longest"}};
  print_line(bench, "page", median(bench, ask_one), 50);
  double five = median(bench, ask_five);
  print_line(bench, "five conditions, or and not", five, 50);
  for (guint i = 0; i < G_N_ELEMENTS(sorts); i++) {
    bench->sort = sorts[i].sort;
    print_line(bench, sorts[i].name, median(bench, first_rows), 50);
  }
  print_line(bench, "  counts of all values in the sidebar", median(bench, count_values), 50);
  print_line(bench, "  a thousand occurrences", median(bench, ask_occurrences), 0);
  bench->sql = "SELECT count(*) FROM session s WHERE duration_ms >= 60000 AND NOT flags & 65536 AND EXISTS (SELECT 1 "
               "FROM signal g WHERE g.session = s.row AND g.kind IN (1, 2)) AND EXISTS (SELECT 1 FROM page_view v JOIN "
               "page p ON p.row = v.page WHERE v.session = s.row AND p.template = '/checkout')";
  double sql = median(bench, ask_sql);
  g_print("%-44s %9" G_GUINT64_FORMAT " %9.2f   index: 1/%.0f\n", "  much the same as SQL over plain tables", bench->n,
          sql, sql / five);
  bench->text = "card was decl";
  print_line(bench, "seen, planted", median(bench, ask_seen), 100);
  bench->text = "card";
  print_line(bench, "seen, a frequent word", median(bench, ask_seen), 100);
  bench->text = "[disabled]";
  print_line(bench, "element", median(bench, ask_element), 300);
  g_print("(%u terms)\n", bench->terms->len);
}

int main(int argc, char **argv) {
  gint64 n_sessions = argc > 1 ? g_ascii_strtoll(argv[1], NULL, 10) : 1000000;
  g_autofree char *folder = argc > 2 ? g_strdup(argv[2]) : g_dir_make_tmp("bench-index-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  Bench bench = {.store = store, .terms = g_array_new(FALSE, FALSE, sizeof(gint64))};
  if (store == NULL)
    g_error("%s", error->message);
  sight_store_read(store, count_sessions, &bench, NULL);
  if (bench.n == 0)
    index_fill(store, n_sessions, 1);
  sight_store_read(store, count_sessions, &bench, NULL);
  measure(&bench);
  sight_store_read(store, print_sizes, NULL, NULL);
  print_adding(&bench);
  g_clear_pointer(&bench.set, sight_set_free);
  g_array_unref(bench.terms);
  g_clear_pointer(&bench.rows, g_array_unref);
  sight_store_close(store);
  if (argc <= 2)
    g_print("left in %s\n", folder);
  return 0;
}
