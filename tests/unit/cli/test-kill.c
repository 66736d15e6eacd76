/* SPDX-License-Identifier: MIT */
/* kill -9 of the collector, of a sync and of an analysis at random points: what was acknowledged is there, once, and
 * the work goes on where it was. The real programs, real files; 20 kills, 200 with SIGHT_TEST_FULL. */
#include "collector-fixture.h"

#include "sight-analysis.h"
#include "sight-annotation-table.h"
#include "sight-batch-table.h"
#include "sight-endpoint-table.h"
#include "sight-session-table.h"

#include <signal.h>
#include <string.h>

#define COLLECTOR_KILLS 8
#define SYNC_KILLS 6
#define ANALYSIS_KILLS 6

static const char *const no_limits[] = {"--rate-address", "0", "--rate-key", "0", NULL};

static int rounds(int usual) {
  const char *full = g_getenv("SIGHT_TEST_FULL");

  return full != NULL && *full != '\0' ? usual * 10 : usual;
}

/* What stands in a store: a line for each batch and tag, in an order that does not depend on how they came. */
typedef struct {
  GPtrArray *lines;
  const SightSession *session;
} Dump;

static gboolean dump_batch(const SightStoredBatch *stored, gpointer data, GError **error) {
  Dump *dump = data;
  g_autofree char *digest =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)stored->batch.events, stored->batch.events_bytes);

  g_ptr_array_add(dump->lines, g_strdup_printf("%s %s %" G_GINT64_FORMAT " %s", dump->session->session,
                                               stored->batch.window, stored->batch.seq, digest));
  return TRUE;
}

static gboolean dump_session(SightDb *db, gint64 row, Dump *dump, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
  g_autoptr(GPtrArray) notes =
      session != NULL ? sight_annotation_table_list(db, session->endpoint, session->session, error) : NULL;
  guint n_damaged = 0;

  dump->session = session;
  if (notes == NULL || !sight_batch_table_each_in_sequence(db, row, NULL, dump_batch, dump, &n_damaged, error))
    return FALSE;
  g_assert_cmpint(n_damaged, ==, 0);
  for (guint i = 0; i < notes->len; i++) {
    const SightAnnotation *note = g_ptr_array_index(notes, i);
    g_ptr_array_add(dump->lines, g_strdup_printf("%s %s %s", session->session, note->kind, note->body));
  }
  return TRUE;
}

static gboolean dump_all(SightDb *db, gpointer data, GError **error) {
  SightSessionFilter all = {0};
  g_autoptr(GArray) rows = sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    if (!dump_session(db, g_array_index(rows, gint64, i), data, error))
      return FALSE;
  }
  return rows != NULL;
}

static int compare_lines(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *contents(const char *folder, SightStoreRole role) {
  g_autofree char *aside = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, role, &aside, &error);
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  Dump dump = {.lines = lines};

  g_assert_no_error(error);
  g_assert_null(aside);
  sight_store_read(store, dump_all, &dump, &error);
  g_assert_no_error(error);
  sight_store_close(store);
  g_ptr_array_sort(lines, compare_lines);
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}

static guint count_lines_with(const char *text, const char *part) {
  guint n = 0;

  for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part))
    n++;
  return n;
}

/* The collector */

static gpointer kill_soon(gpointer data) {
  Collector *collector = data;

  g_usleep((gulong)g_random_int_range(0, 60000));
  g_subprocess_force_exit(collector->process);
  return NULL;
}

/* Posts one after the other until no answer comes; the number of the first that was not acknowledged. */
static int post_until_killed(const Collector *collector, int seq) {
  while (TRUE) {
    g_autofree char *batch = batch_json("killed", "w", seq, (gsize)g_random_int_range(0, 60000));
    g_autoptr(Answer) answer = post(collector, batch);
    if (answer->status != 202)
      return seq;
    seq++;
  }
}

static void test_collector(void) {
  g_autoptr(Collector) collector = collector_start(no_limits);
  g_autofree char *folder = g_build_filename(collector->folder, "store", NULL);
  int n = 0;

  for (int round = 0; round < rounds(COLLECTOR_KILLS); round++) {
    GThread *killer = g_thread_new("killer", kill_soon, collector);
    n = post_until_killed(collector, n);
    g_thread_join(killer);
    collector_kill(collector);
    collector_restart(collector, no_limits);
    /* As a recorder does, which had no answer: whether it was stored already or not, it is acknowledged now. */
    g_autofree char *batch = batch_json("killed", "w", n, 10);
    g_autoptr(Answer) again = post(collector, batch);
    g_assert_cmpuint(again->status, ==, 202);
    n++;
  }
  collector_kill(collector);
  g_autofree char *text = contents(folder, SIGHT_STORE_COLLECTOR);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, n);
  for (int seq = 0; seq < n; seq++) {
    g_autofree char *line = g_strdup_printf("killed w %d ", seq);
    g_assert_cmpuint(count_lines_with(text, line), ==, 1);
  }
  g_test_message("%d batches acknowledged", n);
}

/* sightctl */

static GSubprocess *start_sightctl(const char *cache, const char *const *words) {
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_autofree char *program = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "cli", "sightctl", NULL);
  g_autoptr(GError) error = NULL;

  g_strv_builder_add(builder, program);
  g_strv_builder_addv(builder, (const char **)words);
  g_strv_builder_add_many(builder, "--cache", cache, NULL);
  g_auto(GStrv) argv = g_strv_builder_end(builder);
  /* No keyring in a test, and none to wait for. */
  g_subprocess_launcher_setenv(launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  GSubprocess *process = g_subprocess_launcher_spawnv(launcher, (const char *const *)argv, &error);
  g_assert_no_error(error);
  return process;
}

static void run_sightctl(const char *cache, const char *const *words) {
  g_autoptr(GSubprocess) process = start_sightctl(cache, words);

  g_assert_true(g_subprocess_wait(process, NULL, NULL));
  g_assert_true(g_subprocess_get_if_exited(process));
  g_assert_cmpint(g_subprocess_get_exit_status(process), ==, 0);
}

/* Kills it after a random part of the time that it takes as a whole; TRUE where that was before its end. */
static gboolean run_and_kill(const char *cache, const char *const *words, gint64 whole_us) {
  g_autoptr(GSubprocess) process = start_sightctl(cache, words);

  g_usleep((gulong)(g_random_double() * (double)whole_us));
  g_subprocess_force_exit(process);
  g_assert_true(g_subprocess_wait(process, NULL, NULL));
  return g_subprocess_get_if_signaled(process);
}

static void post_sessions(const Collector *collector, int round) {
  for (int session = 0; session < 4; session++) {
    /* One that grows, and new ones. */
    g_autofree char *id = session == 0 ? g_strdup("grows") : g_strdup_printf("session-%d-%d", round, session);
    for (int seq = 0; seq < 5; seq++) {
      g_autofree char *batch = batch_json(id, "w", session == 0 ? round * 5 + seq : seq, 20000);
      g_autoptr(Answer) answer = post(collector, batch);
      g_assert_cmpuint(answer->status, ==, 202);
    }
  }
}

static void test_sync(void) {
  g_autoptr(Collector) collector = collector_start(no_limits);
  g_autofree char *cache = make_folder("sight-kill-XXXXXX");
  g_autofree char *folder = g_build_filename(collector->folder, "store", NULL);
  const char *const add[] = {"endpoints", "add", collector->url, "--token", collector->token, NULL};
  const char *const sync[] = {"sync", "--no-analysis", NULL};
  int n_rounds = rounds(SYNC_KILLS), n_killed = 0;

  run_sightctl(cache, add);
  post_sessions(collector, 0);
  gint64 start = g_get_monotonic_time();
  run_sightctl(cache, sync);
  gint64 whole_us = g_get_monotonic_time() - start;
  for (int round = 1; round <= n_rounds; round++) {
    g_autofree char *label = g_strdup_printf("tag <%d>", round);
    const char *const tag[] = {"tag", "grows", label, NULL};
    post_sessions(collector, round);
    run_sightctl(cache, tag);
    /* The first one at once, so that one at least does not come too late. */
    n_killed += run_and_kill(cache, sync, round == 1 ? 0 : whole_us);
  }
  run_sightctl(cache, sync);
  run_sightctl(cache, sync);
  collector_kill(collector);
  g_autofree char *there = contents(folder, SIGHT_STORE_COLLECTOR);
  g_autofree char *here = contents(cache, SIGHT_STORE_CACHE);
  g_assert_cmpstr(here, ==, there);
  g_assert_cmpuint(count_lines_with(here, " w "), ==, (guint)(n_rounds + 1) * 20);
  for (int round = 1; round <= n_rounds; round++) {
    g_autofree char *label = g_strdup_printf("tag <%d>", round);
    g_assert_cmpuint(count_lines_with(there, label), ==, 1);
  }
  g_assert_cmpint(n_killed, >, 0);
  g_test_message("%d of %d killed before the end", n_killed, n_rounds);
  remove_folder(cache);
}

/* What analysis found, as text. */
static gboolean dump_results(SightDb *db, gpointer data, GError **error) {
  GString *text = data;
  SightSessionFilter all = {0};
  g_autoptr(GArray) rows = sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error);
  g_autoptr(GPtrArray) pages = sight_page_table_stats(db, 0, error);

  for (guint i = 0; i < rows->len; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    g_autoptr(SightSession) session = sight_session_table_get(db, row, error);
    g_autoptr(GPtrArray) signals = sight_signal_table_list(db, row, error);
    g_autoptr(GPtrArray) views = sight_page_table_list(db, row, error);
    g_string_append_printf(text, "%s %x %" G_GINT64_FORMAT " %s %s clicks %d\n", session->session, session->flags,
                           session->duration_ms, session->entry, session->exit, session->n_clicks);
    for (guint k = 0; k < signals->len; k++) {
      const SightSignal *signal = g_ptr_array_index(signals, k);
      g_string_append_printf(text, "  %s %d\n", signal->fingerprint, (int)signal->start_ms);
    }
    for (guint k = 0; k < views->len; k++)
      g_string_append_printf(text, "  %s\n", ((SightPageView *)g_ptr_array_index(views, k))->page);
  }
  for (guint i = 0; i < pages->len; i++) {
    const SightPageStat *stat = g_ptr_array_index(pages, i);
    g_string_append_printf(text, "%s %d %d\n", stat->page, (int)stat->n_sessions, (int)stat->n_exits);
  }
  return TRUE;
}

static char *results(const char *cache) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(cache, SIGHT_STORE_CACHE, NULL, &error);
  GString *text = g_string_new(NULL);

  g_assert_no_error(error);
  g_assert_true(sight_store_read(store, dump_results, text, &error));
  sight_store_close(store);
  return g_string_free(text, FALSE);
}

static GPtrArray *sample_files(void) {
  g_autofree char *folder = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
  const char *name;

  while ((name = g_dir_read_name(dir)) != NULL) {
    if (g_str_has_suffix(name, ".jsonl.zst"))
      g_ptr_array_add(files, g_build_filename(folder, name, NULL));
  }
  g_assert_cmpint(files->len, >=, 3);
  g_ptr_array_sort(files, compare_lines);
  return files;
}

/* One file of sessions, a few at once; the caller's words end where the array does. */
static char **import_words(GPtrArray *files, guint n) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  g_strv_builder_add(builder, "import");
  for (guint i = 0; i < n; i++)
    g_strv_builder_add(builder, g_ptr_array_index(files, i));
  return g_strv_builder_end(builder);
}

static void test_analysis(void) {
  g_autoptr(GPtrArray) files = sample_files();
  g_auto(GStrv) words = import_words(files, MIN(files->len, 4));
  g_autofree char *calm = make_folder("sight-calm-XXXXXX");
  int n_killed = 0, n_rounds = rounds(ANALYSIS_KILLS);

  gint64 start = g_get_monotonic_time();
  run_sightctl(calm, (const char *const *)words);
  gint64 whole_us = g_get_monotonic_time() - start;
  g_autofree char *wanted = results(calm);
  for (int round = 0; round < n_rounds;) {
    g_autofree char *cache = make_folder("sight-kill-XXXXXX");
    /* Killed a few times over the same cache, at whichever point; then it is let through. */
    for (int i = 0; i < 3 && round < n_rounds; i++, round++)
      n_killed += run_and_kill(cache, (const char *const *)words, round == 0 ? 0 : whole_us);
    run_sightctl(cache, (const char *const *)words);
    g_autofree char *found = results(cache);
    g_assert_cmpstr(found, ==, wanted);
    remove_folder(cache);
  }
  g_assert_cmpint(n_killed, >, 0);
  g_test_message("%d of %d killed before the end", n_killed, n_rounds);
  remove_folder(calm);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/kill/collector", test_collector);
  g_test_add_func("/kill/sync", test_sync);
  g_test_add_func("/kill/analysis", test_analysis);
  return g_test_run();
}
