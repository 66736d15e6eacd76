/* SPDX-License-Identifier: MIT */
/* The library at a million sessions: filling, changing a filter, counting, searching, reading rows; time and memory.
 * bench-library [SESSIONS [FOLDER]]: a folder that is given is kept, and used again where it is filled already. */
#include "sight-batch-table.h"
#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-terms.h"

#include <glib/gstdio.h>
#include <string.h>

#define AT_ONCE 5000
#define FIRST_PAGE 200
#define ROWS_ON_SCREEN 30
#define DAY_MS (24 * 3600 * 1000)
#define ROUNDS 3

static const char *const filters[] = {"",       "churned",      "error",         "high-exit",
                                      "rage",   "dead",         "scroll",        "tag",
                                      "check",  "item77",       "user1234@mail", "section7",
                                      "coupon", "nothingatall", "check error",   "rage -converted page:/checkout"};

typedef struct {
  SightStore *store;
  GRand *rand;
  gint64 from, to;
  SightLibraryQuery query;
  GArray *rows;
  gint64 counts[G_N_ELEMENTS(filters)];
} Bench;

static double now_ms(void) {
  return (double)g_get_monotonic_time() / 1000;
}

/* Of this process, from the kernel; kB. */
static long memory_kb(const char *which) {
  g_autofree char *status = NULL;

  if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
    return 0;
  const char *line = strstr(status, which);
  return line != NULL ? strtol(line + strlen(which), NULL, 10) : 0;
}

static GPtrArray *some_signals(GRand *rand, guint32 *flags) {
  /* In a thousand: how many sessions have one of this kind. */
  static const int share[SIGHT_N_SIGNALS] = {90, 40, 120, 30, 200, 80};
  GPtrArray *signals = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free);

  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    if (g_rand_int_range(rand, 0, 1000) >= share[kind])
      continue;
    SightSignal *signal = g_new0(SightSignal, 1);
    signal->kind = (SightSignalKind)kind;
    signal->start_ms = g_rand_int_range(rand, 0, 200000);
    signal->end_ms = signal->start_ms + 900;
    signal->window = g_strdup("w");
    signal->page = g_strdup("/checkout");
    signal->target = g_strdup_printf("Button %d", g_rand_int_range(rand, 0, 400));
    signal->message = kind == SIGHT_SIGNAL_ERROR
                          ? g_strdup_printf("TypeError: item%d is undefined", g_rand_int_range(rand, 0, 900))
                          : NULL;
    signal->fingerprint = g_strdup_printf("%d/%d", kind, g_rand_int_range(rand, 0, 900));
    signal->count = 4;
    *flags |= sight_session_flag_of_signal(kind);
    g_ptr_array_add(signals, signal);
  }
  return signals;
}

static GPtrArray *some_views(GRand *rand) {
  GPtrArray *views = g_ptr_array_new_with_free_func((GDestroyNotify)sight_page_view_free);
  int n = g_rand_int_range(rand, 1, 7);

  for (int i = 0; i < n; i++) {
    SightPageView *view = g_new0(SightPageView, 1);
    int page = g_rand_int_range(rand, 0, 300);
    view->page = page < 60 ? g_strdup("/checkout") : g_strdup_printf("/section%d/:id", page);
    view->url = g_strdup_printf("https://shop.example/section%d/%d", page, g_rand_int_range(rand, 0, 99999));
    view->window = g_strdup("w");
    view->start_ms = i * 30000;
    view->end_ms = view->start_ms + 30000;
    g_ptr_array_add(views, view);
  }
  return views;
}

static gboolean add_one(SightDb *db, GRand *rand, gint64 i, GError **error) {
  g_autofree char *id = g_strdup_printf("%08x-session-%07d", g_rand_int(rand), (int)i);
  gint64 start_ms = G_GINT64_CONSTANT(1700000000000) + (gint64)(g_rand_double(rand) * 90 * DAY_MS);
  SightBatch batch = {.session = id,
                      .window = "w",
                      .received_at_ms = start_ms,
                      .events = "[]",
                      .events_bytes = 2,
                      .n_events = 1,
                      .first_ms = start_ms,
                      .last_ms = start_ms + 60000};
  gint64 revision = 0;

  if (sight_batch_table_put(db, 1, &batch, error) != SIGHT_PUT_STORED)
    return FALSE;
  g_autoptr(SightSession) session = sight_session_table_find(db, 1, id, error);
  if (session == NULL || !sight_analysis_table_take_lease(db, session->row, "bench", G_MAXINT64, &revision, error))
    return FALSE;
  g_autoptr(GPtrArray) views = some_views(rand);
  gboolean ordered = g_rand_int_range(rand, 0, 10) < 6;
  g_autoptr(GPtrArray) signals = some_signals(rand, &session->flags);
  if (g_rand_int_range(rand, 0, 10) < 6)
    session->user = g_strdup_printf("user%d@mail.example", g_rand_int_range(rand, 0, 300000));
  session->duration_ms = g_rand_int_range(rand, 5000, 1200000);
  session->friction = g_rand_int_range(rand, 0, 300) / 10.0;
  session->n_pages = (int)views->len;
  session->n_signals = (int)signals->len;
  session->entry = g_strdup(((SightPageView *)views->pdata[0])->page);
  session->exit = g_strdup(((SightPageView *)views->pdata[views->len - 1])->page);
  session->device = g_strdup("Chrome on Linux");
  g_autoptr(SightOccurrences) none = sight_occurrences_new();
  g_autoptr(SightOccurrences) index = sight_terms_rename(none, session, views, signals);
  if (ordered)
    sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_EVENT, "order"), 10, 10);
  if (!sight_analysis_table_save(db, session, revision, "rules", 1, signals, views, error) ||
      !sight_index_table_save(db, session->row, session->endpoint, index, error))
    return FALSE;
  if (i % 500 != 0)
    return TRUE;
  g_autoptr(SightAnnotation) tag = sight_annotation_new(1, id, "tag", 1000, "look at this coupon");
  return sight_annotation_table_put(db, tag, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

static gboolean add_some(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;

  for (gint64 i = bench->from; i < bench->to; i++) {
    if (!add_one(db, bench->rand, i, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean set_rules(SightDb *db, gpointer data, GError **error) {
  return sight_annotation_table_put_settings(
      db, 1, "{\"key-actions\":[{\"name\":\"Order\",\"kind\":\"event\",\"value\":\"order\"}]}", error);
}

static gboolean list(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;

  g_clear_pointer(&bench->rows, g_array_unref);
  bench->rows = sight_library_list(db, &bench->query, error);
  return bench->rows != NULL;
}

static gboolean count(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  g_autoptr(SightSet) all = sight_library_sessions(db, NULL, 0, error);

  return all != NULL && sight_library_count(db, all, filters, G_N_ELEMENTS(filters), bench->counts, error);
}

static gboolean read_rows(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;

  g_autoptr(SightFilter) filter = sight_filter_parse(bench->query.filter, NULL, error);
  g_autoptr(SightQuery) query = sight_query_new(db, filter, g_get_real_time() / 1000, error);

  for (guint i = 0; query != NULL && i < MIN(bench->rows->len, ROWS_ON_SCREEN); i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(bench->rows, gint64, i), error);
    SightLibraryReason reason;
    if (session == NULL || !sight_library_reason(db, query, session, &reason, error))
      return FALSE;
    sight_library_reason_clear(&reason);
  }
  return query != NULL;
}

static gboolean write_one(SightDb *db, gpointer data, GError **error) {
  Bench *bench = data;
  return add_one(db, bench->rand, 100000000 + g_rand_int_range(bench->rand, 0, 1000000000), error);
}

/* The best of a few rounds, ms. */
static double timed(Bench *bench, SightStoreFunc func) {
  double best = G_MAXDOUBLE;

  for (int round = 0; round < ROUNDS; round++) {
    g_autoptr(GError) error = NULL;
    double start = now_ms();
    if (!sight_store_read(bench->store, func, bench, &error))
      g_error("%s", error->message);
    best = MIN(best, now_ms() - start);
  }
  return best;
}

static double worst_first_page;

static void print_query(Bench *bench, const char *name, SightLibraryQuery query) {
  bench->query = query;
  bench->query.limit = FIRST_PAGE;
  double first = timed(bench, list);
  double rows = timed(bench, read_rows);
  bench->query.limit = 0;
  double all = timed(bench, list);
  worst_first_page = MAX(worst_first_page, first + rows);
  g_print("%-34s %9u %9.1f %9.1f %9.1f\n", name, bench->rows->len, first, rows, all);
}

static void fill(Bench *bench, gint64 n_sessions) {
  double start = now_ms();

  for (bench->from = 0; bench->from < n_sessions; bench->from += AT_ONCE) {
    g_autoptr(GError) error = NULL;
    bench->to = MIN(bench->from + AT_ONCE, n_sessions);
    if (!sight_store_write(bench->store, SIGHT_WRITE_NORMAL, add_some, bench, &error))
      g_error("%s", error->message);
  }
  sight_store_write(bench->store, SIGHT_WRITE_DURABLE, set_rules, NULL, NULL);
  g_print("filled with %" G_GINT64_FORMAT " sessions in %.0f s\n", n_sessions, (now_ms() - start) / 1000);
}

static void print_writes(Bench *bench) {
  double start = now_ms();

  for (int i = 0; i < 100; i++) {
    g_autoptr(GError) error = NULL;
    if (!sight_store_write(bench->store, SIGHT_WRITE_NORMAL, write_one, bench, &error))
      g_error("%s", error->message);
  }
  g_print("a session stored and analysed, a transaction each: %.2f ms\n", (now_ms() - start) / 100);
}

static void remove_folder(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_remove(path);
  }
  g_rmdir(folder);
}

static void measure(Bench *bench) {
  static const struct {
    SightSessionSort sort;
    const char *name;
  } sorts[] = {{SIGHT_SORT_NEWEST, "newest"}, {SIGHT_SORT_FRICTION, "friction"}, {SIGHT_SORT_LONGEST, "longest"}};

  g_print("%-34s %9s %9s %9s %9s\n", "ms", "matches", "first", "rows", "all");
  for (guint f = 0; f < G_N_ELEMENTS(filters); f++) {
    for (guint i = 0; i < G_N_ELEMENTS(sorts); i++) {
      g_autofree char *name = g_strdup_printf("%s, %s", *filters[f] != '\0' ? filters[f] : "all", sorts[i].name);
      print_query(bench, name, (SightLibraryQuery){.filter = filters[f], .sort = sorts[i].sort});
    }
  }
  g_print("counts of all of these: %.1f ms\n", timed(bench, count));
  g_print("slowest first page with its rows: %.1f ms (bar: 50)\n", worst_first_page);
  print_writes(bench);
  g_print("memory: %ld MB, at most %ld MB (bar for the application: 300)\n", memory_kb("VmRSS:") / 1024,
          memory_kb("VmHWM:") / 1024);
}

int main(int argc, char **argv) {
  gint64 n_sessions = argc > 1 ? g_ascii_strtoll(argv[1], NULL, 10) : 1000000;
  g_autofree char *folder = argc > 2 ? g_strdup(argv[2]) : g_dir_make_tmp("bench-library-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  Bench bench = {.store = store, .rand = rand};

  if (store == NULL)
    g_error("%s", error->message);
  timed(&bench, count);
  if (bench.counts[0] < n_sessions)
    fill(&bench, n_sessions);
  measure(&bench);
  g_clear_pointer(&bench.rows, g_array_unref);
  sight_store_close(store);
  if (argc <= 2)
    remove_folder(folder);
  return 0;
}
