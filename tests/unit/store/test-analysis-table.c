/* SPDX-License-Identifier: MIT */
/* Analysis: who waits for it, who works on it, and what it leaves. */
#include "store-fixture.h"

typedef struct {
  gint64 endpoint;
  const char *ruleset;
  int version;
  guint limit;
  GString *seen;
  gint64 count;
  gint64 row, until_ms, revision;
  const char *owner;
  gboolean taken;
} Call;

static gboolean do_pending(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GArray) rows =
      sight_analysis_table_pending(db, call->endpoint, call->ruleset, call->version, call->limit, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_string_append_printf(call->seen, "%s%s", i > 0 ? " " : "", session->session);
  }
  call->count = sight_analysis_table_count_pending(db, call->endpoint, call->ruleset, call->version, error);
  return rows != NULL;
}

static void check_pending(SightStore *store, Call call, const char *wanted, gint64 count) {
  g_autoptr(GError) error = NULL;

  call.seen = g_string_new(NULL);
  call.limit = call.limit != 0 ? call.limit : 10;
  sight_store_read(store, do_pending, &call, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(call.seen->str, ==, wanted);
  g_assert_cmpint(call.count, ==, count);
  g_string_free(call.seen, TRUE);
}

static gboolean do_lease(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->taken = sight_analysis_table_take_lease(db, call->row, call->owner, call->until_ms, &call->revision, error);
  return *error == NULL;
}

static gboolean take_lease(SightStore *store, gint64 row, const char *owner, gint64 until_ms) {
  Call call = {.row = row, .owner = owner, .until_ms = until_ms};
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_NORMAL, do_lease, &call, &error);
  g_assert_no_error(error);
  return call.taken;
}

/* save_analysed() saves with the rules "rules" of version 1. */
static void test_pending(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 shop = add_endpoint(store, "collector", "shop");

  check_pending(store, (Call){.ruleset = "rules", .version = 1}, "", 0);
  put_batch(store, 1, "old", "w", 0, START_MS, "[]");
  put_batch(store, shop, "new", "w", 0, START_MS + 10, "[]");
  put_batch(store, 1, "mid", "w", 0, START_MS + 5, "[]");
  check_pending(store, (Call){.ruleset = "rules", .version = 1}, "new mid old", 3);
  check_pending(store, (Call){.ruleset = "rules", .version = 1, .limit = 2}, "new mid", 3);
  check_pending(store, (Call){.ruleset = "rules", .version = 1, .endpoint = 1}, "mid old", 2);
  save_analysed(store, 1, (Analysed){.session = "mid", .pages = "/"});
  check_pending(store, (Call){.ruleset = "rules", .version = 1}, "new old", 2);
  check_pending(store, (Call){.ruleset = "rules", .version = 2}, "new mid old", 3);
  check_pending(store, (Call){.ruleset = "rules", .version = 0}, "new old", 2);
  check_pending(store, (Call){.ruleset = "others", .version = 1}, "new mid old", 3);
  put_batch(store, 1, "mid", "w", 1, START_MS + 20, "[]");
  check_pending(store, (Call){.ruleset = "rules", .version = 1}, "mid new old", 3);
  erase(store, row_of(store, 1, "old"));
  check_pending(store, (Call){.ruleset = "rules", .version = 1}, "mid new", 2);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_lease(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  put_batch(store, 1, "s", "w", 0, START_MS, "[]");
  gint64 row = row_of(store, 1, "s");
  g_assert_true(take_lease(store, row, "a", G_MAXINT64));
  check_pending(store, (Call){.ruleset = "rules", .version = 1}, "", 1);
  g_assert_false(take_lease(store, row, "b", G_MAXINT64));
  g_assert_true(take_lease(store, row, "a", START_MS)); /* long over */
  check_pending(store, (Call){.ruleset = "rules", .version = 1}, "s", 1);
  g_assert_true(take_lease(store, row, "b", G_MAXINT64));

  Call gone = {.row = 4711, .owner = "a"};
  g_autoptr(GError) error = NULL;
  g_assert_false(sight_store_write(store, SIGHT_WRITE_NORMAL, do_lease, &gone, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean save_stale(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, 1, error);

  session->n_clicks = 3;
  return sight_analysis_table_save(db, session, 0, "rules", 1, NULL, NULL, error);
}

/* More came in while it was analysed: the results are there, and it waits again. */
static void test_overtaken(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  put_batch(store, 1, "s", "w", 0, START_MS, "[]");
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, save_stale, NULL, NULL));
  g_autoptr(SightSession) session = get_session(store, 1);
  g_assert_cmpint(session->n_clicks, ==, 3);
  check_pending(store, (Call){.ruleset = "rules", .version = 1}, "s", 1);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean check_results(SightDb *db, gpointer data, GError **error) {
  gint64 row = *(gint64 *)data;
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, row, error);
  g_autoptr(GPtrArray) views = sight_page_table_list(db, row, error);
  g_autoptr(GPtrArray) stats = sight_page_table_stats(db, 0, error);

  g_assert_cmpint(signals->len, ==, 2);
  const SightSignal *rage = g_ptr_array_index(signals, 0);
  g_assert_cmpint(rage->kind, ==, SIGHT_SIGNAL_RAGE);
  g_assert_cmpint(rage->start_ms, ==, 100);
  g_assert_cmpint(rage->end_ms, ==, 1300);
  g_assert_cmpstr(rage->target, ==, "Pay now");
  g_assert_null(rage->message);
  g_assert_cmpstr(rage->fingerprint, ==, "r@100");
  g_assert_cmpint(views->len, ==, 3);
  const SightPageView *view = g_ptr_array_index(views, 2);
  g_assert_cmpstr(view->page, ==, "/a");
  g_assert_cmpstr(view->url, ==, "https://shop.example/a");
  g_assert_cmpint(view->start_ms, ==, 20000);
  g_assert_cmpint(stats->len, ==, 2);
  const SightPageStat *a = g_ptr_array_index(stats, 0), *b = g_ptr_array_index(stats, 1);
  g_assert_cmpstr(a->page, ==, "/a");
  g_assert_cmpint(a->n_sessions, ==, 2);
  g_assert_cmpint(a->n_exits, ==, 1);
  g_assert_cmpint(b->n_sessions, ==, 2);
  g_assert_cmpint(b->n_exits, ==, 1);
  return TRUE;
}

static void test_results(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 row = 0;

  /* Analysing again replaces; counts do not add up. */
  for (int i = 0; i < 3; i++) {
    save_analysed(store, 1, (Analysed){.session = "other", .pages = "/a /b", .key_action = TRUE});
    row = save_analysed(
        store, 1,
        (Analysed){.session = "s", .pages = i < 2 ? "/x /y" : "/a /b /a", .signals = i < 2 ? "e@5" : "d@300 r@100"});
  }
  g_assert_true(sight_store_read(store, check_results, &row, NULL));
  g_autoptr(SightSession) session = get_session(store, row);
  g_assert_cmpint(session->flags, ==, SIGHT_SESSION_RAGE | SIGHT_SESSION_DEAD | SIGHT_SESSION_ANALYSED);
  g_assert_cmpstr(session->entry, ==, "/a");
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean save_marks(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, 1, error);
  SightSessionMark marks[] = {{.at = 0, .kind = 1}, {.at = 65535, .kind = 5}, {.at = 258, .kind = 0}};

  g_clear_pointer(&session->marks, g_array_unref);
  session->marks = g_array_new(FALSE, FALSE, sizeof(SightSessionMark));
  g_array_append_vals(session->marks, marks, G_N_ELEMENTS(marks));
  for (int i = 0; i < SIGHT_ACTIVITY_BINS; i++)
    session->activity[i] = (guint8)(i * 4);
  session->device = g_strdup("Chrome on Linux");
  session->viewport_w = 1440;
  return sight_analysis_table_save(db, session, 1, "rules", 1, NULL, NULL, error);
}

static void test_miniature(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  put_batch(store, 1, "s", "w", 0, START_MS, "[]");
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, save_marks, NULL, NULL));
  g_autoptr(SightSession) stored = get_session(store, 1);
  g_autoptr(SightSession) session = sight_session_copy(stored);
  g_assert_cmpint(session->marks->len, ==, 3);
  g_assert_cmpint(g_array_index(session->marks, SightSessionMark, 1).at, ==, 65535);
  g_assert_cmpint(g_array_index(session->marks, SightSessionMark, 1).kind, ==, 5);
  g_assert_cmpint(g_array_index(session->marks, SightSessionMark, 2).at, ==, 258);
  g_assert_cmpint(session->activity[63], ==, 252);
  g_assert_cmpstr(session->device, ==, "Chrome on Linux");
  g_assert_cmpint(session->viewport_w, ==, 1440);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/analysis/pending", test_pending);
  g_test_add_func("/analysis/lease", test_lease);
  g_test_add_func("/analysis/overtaken", test_overtaken);
  g_test_add_func("/analysis/results", test_results);
  g_test_add_func("/analysis/miniature", test_miniature);
  return g_test_run();
}
