/* SPDX-License-Identifier: MIT */
/* Working off what waits for analysis: once, by one of several, again when more came in. */
#include "analysis-fixture.h"
#include "sight-annotation-table.h"
#include "sight-endpoint-table.h"

#include <string.h>

#define CLICKS                                                                                                         \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":10,\"x\":5,\"y\":5},\"timestamp\":@1000}"                     \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":10,\"x\":5,\"y\":5},\"timestamp\":@1300}"                     \
  ",{\"type\":3,\"data\":{\"source\":2,\"type\":2,\"id\":10,\"x\":5,\"y\":5},\"timestamp\":@1600}"

static void put_sessions(AnalysisFixture *f, int n) {
  for (int i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf("session-%03d", i);
    g_autofree char *events = g_strconcat(analysis_page, CLICKS, NULL);
    analysis_put(f, name, "w1", 0, events);
  }
}

static guint run(AnalysisFixture *f) {
  g_autoptr(GError) error = NULL;
  guint n = 0;
  sight_analysis_run_pending(f->store, NULL, NULL, &n, NULL, &error);
  g_assert_no_error(error);
  return n;
}

typedef struct {
  gint64 row;
  SightSession *session;
  GPtrArray *signals, *pages;
} Saved;

static gboolean read_saved(SightDb *db, gpointer user_data, GError **error) {
  Saved *saved = user_data;
  saved->session = sight_session_table_get(db, saved->row, error);
  saved->signals = sight_signal_table_list(db, saved->row, error);
  saved->pages = sight_page_table_list(db, saved->row, error);
  return saved->session != NULL && saved->signals != NULL && saved->pages != NULL;
}

static void saved_clear(Saved *saved) {
  sight_session_free(saved->session);
  g_ptr_array_unref(saved->signals);
  g_ptr_array_unref(saved->pages);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Saved, saved_clear)

static Saved saved_of(AnalysisFixture *f, const char *session) {
  g_autoptr(GError) error = NULL;
  Saved saved = {.row = analysis_row(f, session)};
  sight_store_read(f->store, read_saved, &saved, &error);
  g_assert_no_error(error);
  return saved;
}

static void on_progress(guint n_done, gint64 n_waiting, gpointer user_data) {
  GString *seen = user_data;
  g_string_append_printf(seen, "%u/%" G_GINT64_FORMAT " ", n_done, n_waiting);
}

static void test_works_off(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) seen = g_string_new(NULL);
  guint n = 0;
  put_sessions(f, 3);
  sight_analysis_run_pending(f->store, on_progress, seen, &n, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(n, ==, 3);
  g_assert_cmpstr(seen->str, ==, "1/2 2/1 3/0 ");
  g_auto(Saved) saved = saved_of(f, "session-001");
  g_assert_cmpint(saved.session->n_clicks, ==, 3);
  g_assert_cmpstr(saved.session->entry, ==, "/cart");
  g_assert_true(saved.session->flags & SIGHT_SESSION_RAGE);
  g_assert_cmpuint(saved.signals->len, ==, 1);
  g_assert_cmpuint(saved.pages->len, ==, 1);
  g_assert_cmpuint(run(f), ==, 0);
}

/* More than are looked up at once. */
static void test_many(AnalysisFixture *f, gconstpointer data) {
  put_sessions(f, 70);
  g_assert_cmpuint(run(f), ==, 70);
}

static void test_grows(AnalysisFixture *f, gconstpointer data) {
  put_sessions(f, 2);
  g_assert_cmpuint(run(f), ==, 2);
  analysis_put(f, "session-001", "w1", 1, "{\"type\":3,\"data\":{\"source\":1,\"positions\":[]},\"timestamp\":@9000}");
  g_assert_cmpuint(run(f), ==, 1);
  g_auto(Saved) saved = saved_of(f, "session-001");
  g_assert_cmpint(saved.session->duration_ms, ==, 9000);
  g_assert_true(saved.session->flags & SIGHT_SESSION_DEAD);
}

static gboolean put_settings(SightDb *db, gpointer user_data, GError **error) {
  return sight_annotation_table_put_settings(db, SIGHT_ENDPOINT_FILES, user_data, error);
}

/* Other rules: everything is judged anew. What cannot be read as rules leaves the defaults. */
static void test_rules_change(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  put_sessions(f, 2);
  g_assert_cmpuint(run(f), ==, 2);
  sight_store_write(f->store, SIGHT_WRITE_DURABLE, put_settings, (gpointer) "{\"rage-clicks\":4}", &error);
  g_assert_no_error(error);
  g_assert_cmpuint(run(f), ==, 2);
  g_auto(Saved) saved = saved_of(f, "session-000");
  g_assert_false(saved.session->flags & SIGHT_SESSION_RAGE);
  g_assert_cmpuint(run(f), ==, 0);
}

typedef struct {
  gint64 row;
  gboolean taken;
} Lease;

static gboolean take_lease(SightDb *db, gpointer user_data, GError **error) {
  Lease *lease = user_data;
  gint64 revision = 0;
  lease->taken = sight_analysis_table_take_lease(db, lease->row, "somebody-else",
                                                 g_get_real_time() / 1000 + 3600 * 1000, &revision, error);
  return TRUE;
}

static void test_leased_elsewhere(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  put_sessions(f, 3);
  Lease lease = {.row = analysis_row(f, "session-001")};
  sight_store_write(f->store, SIGHT_WRITE_NORMAL, take_lease, &lease, &error);
  g_assert_no_error(error);
  g_assert_true(lease.taken);
  g_assert_cmpuint(run(f), ==, 2);
}

static void cancel_at_second(guint n_done, gint64 n_waiting, gpointer user_data) {
  if (n_done == 2)
    g_cancellable_cancel(user_data);
}

/* Cancelled in the middle: what was done is kept, and nothing stays leased. */
static void test_cancelled(AnalysisFixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  guint n = 0;
  put_sessions(f, 5);
  g_assert_false(sight_analysis_run_pending(f->store, cancel_at_second, cancellable, &n, cancellable, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpuint(run(f), ==, 3);
}

static gpointer run_on_thread(gpointer data) {
  return GUINT_TO_POINTER(run(data));
}

/* Two at once: each session is analysed by exactly one of them. */
static void test_two_at_once(AnalysisFixture *f, gconstpointer data) {
  put_sessions(f, 40);
  g_autoptr(GThread) one = g_thread_new("one", run_on_thread, f);
  g_autoptr(GThread) two = g_thread_new("two", run_on_thread, f);
  guint n =
      GPOINTER_TO_UINT(g_thread_join(g_steal_pointer(&one))) + GPOINTER_TO_UINT(g_thread_join(g_steal_pointer(&two)));
  g_assert_cmpuint(n, ==, 40);
  g_assert_cmpuint(run(f), ==, 0);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  analysis_test("/pending/works-off", test_works_off);
  analysis_test("/pending/many", test_many);
  analysis_test("/pending/grows", test_grows);
  analysis_test("/pending/rules-change", test_rules_change);
  analysis_test("/pending/leased-elsewhere", test_leased_elsewhere);
  analysis_test("/pending/cancelled", test_cancelled);
  analysis_test("/pending/two-at-once", test_two_at_once);
  return g_test_run();
}
