/* SPDX-License-Identifier: MIT */
/* Lists under filters: who is in each, who just is not, how many, why, and where watching starts. */
#include "sight-cohort-rules.h"
#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-ruleset.h"
#include "sight-terms.h"
#include "store-fixture.h"

#include <string.h>

#define KEY_ACTION "{" FIXTURE_KEY_ACTIONS
#define DAY_MS (24 * G_GINT64_CONSTANT(3600000))

typedef struct {
  SightLibraryQuery query;
  GString *ids;
  gint64 count;
  gint64 endpoint;
  const char *json, *filter;
  gint64 row;
  SightLibraryReason reason;
  GArray *moments;
  gboolean has;
} Call;

static void ask(SightStore *store, SightStoreFunc func, Call *call) {
  g_autoptr(GError) error = NULL;

  sight_store_read(store, func, call, &error);
  g_assert_no_error(error);
}

static gboolean do_list(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GArray) rows = sight_library_list(db, &call->query, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_string_append_printf(call->ids, "%s%s", i > 0 ? " " : "", session->session);
  }
  g_autoptr(SightSet) all = sight_library_sessions(db, NULL, call->query.endpoint, error);
  return rows != NULL && all != NULL && sight_library_count(db, all, &call->query.filter, 1, &call->count, error);
}

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_get(db, call->row, error);
  g_autoptr(GPtrArray) pages = sight_page_table_list(db, session->row, error);
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
  g_autoptr(SightOccurrences) none = sight_occurrences_new();
  g_autoptr(SightOccurrences) index = sight_terms_rename(none, session, pages, signals);

  sight_occurrences_number(index, SIGHT_NUMBER_STARTED, session->started_ms / 1000);
  if (session->flags & FIXTURE_ORDERED)
    sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_FORM, "order"), 10, 10);

  return sight_index_table_save(db, session->row, session->endpoint, index, error);
}

/* Analysed, and in the index. */
static gint64 save(SightStore *store, gint64 endpoint, Analysed what) {
  Call call = {.row = save_analysed(store, endpoint, what)};
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_NORMAL, do_index, &call, &error);
  g_assert_no_error(error);
  return call.row;
}

/* The list, and as many are counted. */
static void check_list(SightStore *store, const char *filter, gint64 endpoint, const char *wanted) {
  Call call = {.query = {.filter = filter, .endpoint = endpoint}, .ids = g_string_new(NULL)};
  g_auto(GStrv) ids = g_strsplit(wanted, " ", -1);

  ask(store, do_list, &call);
  g_test_message("%s: %s", filter, call.ids->str);
  g_assert_cmpstr(call.ids->str, ==, wanted);
  g_assert_cmpint(call.count, ==, *wanted != '\0' ? g_strv_length(ids) : 0);
  g_string_free(call.ids, TRUE);
}

static gboolean do_settings(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  return sight_annotation_table_put_settings(db, call->endpoint, call->json, error);
}

static void set_rules(SightStore *store, gint64 endpoint, const char *json) {
  Call call = {.endpoint = endpoint, .json = json};
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_DURABLE, do_settings, &call, &error);
  g_assert_no_error(error);
}

static gboolean do_reason(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_get(db, call->row, error);
  g_autoptr(SightFilter) filter = session != NULL ? sight_filter_parse(call->filter, NULL, error) : NULL;
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, START_MS + 8 * DAY_MS, error) : NULL;

  call->moments = query != NULL ? sight_library_moments(db, query, session, error) : NULL;
  return call->moments != NULL && sight_library_reason(db, query, session, &call->reason, error);
}

static void check_reason(SightStore *store, const char *filter, gint64 row, const char *reason, gint64 at_ms,
                         guint n_moments) {
  Call call = {.filter = filter, .row = row};

  ask(store, do_reason, &call);
  if (reason == NULL) {
    g_assert_null(call.reason.reason);
  } else {
    g_assert_nonnull(call.reason.reason);
    g_assert_nonnull(strstr(call.reason.reason, reason));
  }
  g_assert_cmpint(call.reason.at_ms, ==, at_ms);
  g_assert_cmpint(call.moments->len, ==, n_moments);
  if (n_moments > 0 && call.reason.condition != NULL)
    g_assert_cmpint(g_array_index(call.moments, gint64, 0), ==, at_ms);
  g_array_unref(call.moments);
  sight_library_reason_clear(&call.reason);
}

static gboolean do_has(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  call->has = sight_library_has_key_actions(db, call->endpoint);
  return TRUE;
}

static gboolean has_key_actions(SightStore *store, gint64 endpoint) {
  Call call = {.endpoint = endpoint};

  ask(store, do_has, &call);
  return call.has;
}

static void test_churned(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  /* ada ordered, and came back: her last session has no order. bob's last one has. cid is nobody known. */
  save(store, 1, (Analysed){.session = "ada-1", .user = "ada", .pages = "/done", .key_action = TRUE});
  gint64 row = save(
      store, 1,
      (Analysed){
          .session = "ada-2", .user = "ada", .start_ms = START_MS + 1, .pages = "/ / / / / / / / / / / / / / /pay"});
  save(store, 1, (Analysed){.session = "bob-1", .user = "bob", .pages = "/pay"});
  save(store, 1,
       (Analysed){.session = "bob-2", .user = "bob", .pages = "/done", .key_action = TRUE, .start_ms = START_MS + 2});
  gint64 brief = save(store, 1, (Analysed){.session = "cid-1", .pages = "/", .start_ms = START_MS + 3});
  save(store, 1, (Analysed){.session = "dan-1", .pages = "/done", .key_action = TRUE});
  put_batch(store, 1, "not-analysed", "w", 0, START_MS, "[]");

  g_assert_false(has_key_actions(store, 0));
  check_list(store, "churned", 0, "");
  set_rules(store, 1, "{\"key-actions\":[{\"kind\":\"page\",\"value\":\"\"},{\"kind\":\"wish\",\"value\":\"x\"},7]}");
  check_list(store, "churned", 1, "");
  set_rules(store, 1, KEY_ACTION "}");
  g_assert_true(has_key_actions(store, 0));
  g_assert_true(has_key_actions(store, 1));
  check_list(store, "churned", 0, "cid-1 ada-2");
  /* Two minutes before the end of 150 s, or the beginning. */
  check_reason(store, "churned", row, "/pay", 30000, 1);
  check_reason(store, "churned", brief, "without a key action", 0, 1);
  /* The last trouble before leaving says more; but not what nobody notices, nor what was long ago. */
  save(store, 1,
       (Analysed){.session = "cid-1", .pages = "/ /", .signals = "d@3000 r@15000 n@19000", .start_ms = START_MS + 3});
  check_reason(store, "churned", brief, "Left 4 s after: 4 clicks", 15000, 1);
  save(store, 1,
       (Analysed){.session = "cid-1",
                  .pages = "/ / / / / / / / / / / / / / /",
                  .signals = "r@15000",
                  .start_ms = START_MS + 3});
  check_reason(store, "churned", brief, "without a key action", 30000, 1);

  /* Another endpoint has rules of its own: without any, its sessions are not churned. */
  gint64 shop = add_endpoint(store, "collector", "shop");
  save(store, shop, (Analysed){.session = "eve-1", .pages = "/", .start_ms = START_MS + 4});
  check_list(store, "churned", 0, "cid-1 ada-2");
  check_list(store, "churned", shop, "");
  g_assert_false(has_key_actions(store, shop));
  set_rules(store, shop, KEY_ACTION "}");
  check_list(store, "churned", 0, "eve-1 cid-1 ada-2");
  check_list(store, "churned", shop, "eve-1");
  sight_store_close(store);
  remove_folder(folder);
}

/* What key actions ask for: pages, a click by text and by selector, a form without a name, an event. */
static gboolean do_index_acts(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  g_autoptr(SightOccurrences) index = sight_occurrences_new();

  sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_PAGE, "/done/:id"), 5000, 6000);
  sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_PAGE, "/donee"), 5500, 6000);
  sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_CLICK, "Buy"), 4000, 4000);
  sight_occurrences_also(index, sight_occurrences_term(index, SIGHT_TERM_CLICKED, "#buy"));
  sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_FORM, "?"), 3000, 3000);
  sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_EVENT, "order placed"), 7000, 7000);
  sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_EVENT, "order placed"), 2000, 2000);
  /* The same words as something else are no event, and what a rage click was about is no click. */
  sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_SEEN, "order placed"), 1000, 1000);
  sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_SIGNAL, "rage"), 500, 900);
  sight_occurrences_also(index, sight_occurrences_term(index, SIGHT_TERM_TARGET, "Buy"));
  return sight_index_table_save(db, call->row, call->endpoint, index, error);
}

static gboolean do_reached(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GArray) reached = sight_cohort_reached(db, call->row, call->endpoint, error);

  for (guint i = 0; reached != NULL && i < reached->len; i++) {
    const SightReached *one = &g_array_index(reached, SightReached, i);
    g_string_append_printf(call->ids, "%s%s@%d", i > 0 ? " " : "", one->name, (int)one->at_ms);
  }
  return reached != NULL;
}

static void check_reached(SightStore *store, gint64 row, const char *actions, const char *wanted) {
  Call call = {.row = row, .endpoint = 1, .ids = g_string_new(NULL)};
  g_autofree char *json = g_strdup_printf("{\"key-actions\":[%s]}", actions);

  set_rules(store, 1, json);
  ask(store, do_reached, &call);
  g_assert_cmpstr(call.ids->str, ==, wanted);
  g_string_free(call.ids, TRUE);
}

/* The moments of key actions, and that a session is said to have reached them, there. */
static void test_reached(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;
  Call call = {.row = save_analysed(store, 1, (Analysed){.session = "ada", .pages = "/"}), .endpoint = 1};

  check_reached(store, call.row, "{\"kind\":\"page\",\"value\":\"/done/*\"}", "");
  sight_store_write(store, SIGHT_WRITE_NORMAL, do_index_acts, &call, &error);
  g_assert_no_error(error);
  check_reached(store, call.row, "", "");
  check_reached(store, call.row, "{\"kind\":\"page\",\"value\":\"/done/*\"}", "/done/*@5000");
  check_reached(store, call.row, "{\"kind\":\"click\",\"value\":\"Buy\"},{\"kind\":\"click\",\"value\":\"#buy\"}",
                "#buy@4000 Buy@4000");
  check_reached(store, call.row, "{\"kind\":\"submit\",\"value\":\"*\"},{\"kind\":\"wish\",\"value\":\"x\"}", "*@3000");
  check_reached(store, call.row, "{\"name\":\"Order\",\"kind\":\"event\",\"value\":\"order placed\"}",
                "Order@2000 Order@7000");
  check_reason(store, "converted", call.row, "Reached “Order”", 2000, 1);
  check_reason(store, "", call.row, "Reached “Order”", 2000, 0);
  sight_store_close(store);
  remove_folder(folder);
}

static void set_churn_days(SightStore *store, int days) {
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();

  g_assert_cmpint(rules->churn_days, ==, 7);
  rules->churn_days = days;
  sight_ruleset_add_key_action(rules, "Order", SIGHT_KEY_ACTION_SUBMIT, "order");
  g_autofree char *json = sight_ruleset_to_json(rules);
  set_rules(store, 1, json);
}

/* Of a user whose name is known the last session has churned once it is certain that nobody came back in time. */
static void test_churn_wait(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 now_ms = g_get_real_time() / 1000;
  gint64 shop = add_endpoint(store, "collector", "shop");

  set_rules(store, 1, KEY_ACTION "}");
  set_rules(store, shop, KEY_ACTION "}");
  save(store, 1, (Analysed){.session = "ada-1", .user = "ada", .pages = "/", .start_ms = now_ms - 20 * DAY_MS});
  save(store, 1, (Analysed){.session = "ada-2", .user = "ada", .pages = "/", .start_ms = now_ms - 14 * DAY_MS});
  save(store, 1, (Analysed){.session = "bob-1", .user = "bob", .pages = "/", .start_ms = now_ms - 20 * DAY_MS});
  save(store, 1, (Analysed){.session = "bob-2", .user = "bob", .pages = "/", .start_ms = now_ms - 12 * DAY_MS});
  save(store, 1, (Analysed){.session = "cid-1", .user = "cid", .pages = "/", .start_ms = now_ms - 6 * DAY_MS});
  save(store, 1, (Analysed){.session = "dan-1", .user = "dan", .pages = "/", .start_ms = now_ms - 8 * DAY_MS});
  save(store, 1, (Analysed){.session = "nobody", .pages = "/", .start_ms = now_ms - DAY_MS / 24});
  check_list(store, "churned", 1, "nobody dan-1 bob-2 ada-2");
  check_list(store, "-churned", 1, "cid-1 bob-1 ada-1");
  /* Somewhere else the same name is somebody else. */
  save(store, shop, (Analysed){.session = "dan-a", .user = "dan", .pages = "/", .start_ms = now_ms - DAY_MS});
  check_list(store, "churned", 0, "nobody dan-1 bob-2 ada-2");
  /* Other numbers, of one endpoint alone. */
  set_churn_days(store, 5);
  check_list(store, "churned", 0, "nobody cid-1 dan-1 bob-2 ada-2");
  set_churn_days(store, 13);
  check_list(store, "churned", 0, "nobody ada-2");
  set_churn_days(store, 0);
  save(store, 1, (Analysed){.session = "eve-1", .user = "eve", .pages = "/", .start_ms = now_ms - DAY_MS / 24});
  check_list(store, "churned", 0, "eve-1 nobody cid-1 dan-1 bob-2 ada-2");
  set_churn_days(store, 7);
  check_list(store, "churned", 0, "nobody dan-1 bob-2 ada-2");
  /* What comes later than it was recorded. */
  save(store, 1, (Analysed){.session = "dan-2", .user = "dan", .pages = "/", .start_ms = now_ms - 2 * DAY_MS});
  check_list(store, "churned", 1, "nobody bob-2 ada-2");
  set_churn_days(store, 1);
  check_list(store, "churned", 1, "nobody dan-2 cid-1 bob-2 ada-2");
  sight_store_close(store);
  remove_folder(folder);
}

/* 20 sessions see /a and /b; 5 end on /a; 15 on /b, of which 3 with a key action. */
static void fill_exits(SightStore *store, int n) {
  for (int i = 0; i < n; i++) {
    g_autofree char *id = g_strdup_printf("s%02d", i);
    save(store, 1,
         (Analysed){
             .session = id, .pages = i < 5 ? "/b /a" : "/b /a /a /b", .key_action = i >= 17, .start_ms = START_MS - i});
  }
}

static void test_high_exit(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  set_rules(store, 1, KEY_ACTION "}");
  fill_exits(store, 19);
  check_list(store, "high-exit", 0, ""); /* one view short */
  fill_exits(store, 20);
  check_list(store, "high-exit", 0, "s05 s06 s07 s08 s09 s10 s11 s12 s13 s14 s15 s16");
  gint64 row = row_of(store, 1, "s05");
  check_reason(store, "high-exit", row, "75 %", 30000, 1);
  /* A rate of one's own takes every page above it; none where nothing reaches it. */
  set_rules(store, 1, KEY_ACTION ",\"high-exit-rate\":25}");
  check_list(store, "high-exit", 1, "s00 s01 s02 s03 s04 s05 s06 s07 s08 s09 s10 s11 s12 s13 s14 s15 s16");
  set_rules(store, 1, "{\"high-exit-rate\":76}");
  check_list(store, "high-exit", 1, "");
  set_rules(store, 1, "{\"high-exit-views\":21}");
  check_list(store, "high-exit", 1, "");
  /* What is erased counts no longer. */
  set_rules(store, 1, KEY_ACTION "}");
  erase(store, row);
  check_list(store, "high-exit", 0, "");
  sight_store_close(store);
  remove_folder(folder);
}

/* The top tenth of twenty pages is two, however many sessions each has. */
static void test_top_decile(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GString) all_pages = g_string_new("/p00");

  set_rules(store, 1, "{\"high-exit-views\":4}");
  for (int page = 1; page < 20; page++)
    g_string_append_printf(all_pages, " /p%02d", page);
  const char *const exits[] = {"/p03", "/p03", "/p07", "/p11"};
  for (guint i = 0; i < G_N_ELEMENTS(exits); i++) {
    g_autofree char *id = g_strdup_printf("s%u", i);
    g_autofree char *pages = g_strdup_printf("%s %s", all_pages->str, exits[i]);
    save(store, 1, (Analysed){.session = id, .pages = pages, .start_ms = START_MS - i});
  }
  check_list(store, "high-exit", 0, "s0 s1 s2");
  sight_store_close(store);
  remove_folder(folder);
}

/* The page behind the order has the highest rate of all, but nobody is lost there. */
static void test_last_page_of_buyers(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  set_rules(store, 1, KEY_ACTION "}");
  for (int i = 0; i < 25; i++) {
    gboolean buys = i >= 3;
    g_autofree char *id = g_strdup_printf("s%02d", i);
    save(store, 1,
         (Analysed){
             .session = id, .pages = buys ? "/cart /thanks" : "/cart", .key_action = buys, .start_ms = START_MS - i});
  }
  check_list(store, "high-exit", 0, "s00 s01 s02");
  sight_store_close(store);
  remove_folder(folder);
}

static void test_signals(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  gint64 row =
      save(store, 1,
           (Analysed){.session = "one", .pages = "/ / / /", .signals = "r@9000 e@8000 e@20000 r@30000 d@100 c@5 q@6"});
  save(store, 1, (Analysed){.session = "two", .pages = "/", .signals = "c@5 q@6"}); /* no exception */
  check_list(store, "", 0, "two one");
  check_list(store, "errored", 0, "one");
  check_list(store, "rage", 0, "one");
  check_list(store, "dead", 0, "one");
  check_list(store, "scroll", 0, "");
  check_reason(store, "errored", row, "TypeError", 8000, 2);
  check_reason(store, "rage", row, "4 clicks", 9000, 2);
  check_reason(store, "dead", row, "Pay now", 100, 1);
  check_reason(store, "", row, "TypeError", 8000, 7);
  /* What it has as a whole is no reason to begin at its start. */
  check_reason(store, "pages:>2", row, "TypeError", 8000, 7);
  check_reason(store, "-scroll", row, "TypeError", 8000, 7);
  sight_store_close(store);
  remove_folder(folder);
}

/* A session opens at its worst moment, not at its first: of one kind the one with the most clicks, of all the gravest.
 */
static void test_worst(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 row = save(store, 1,
                    (Analysed){.session = "one",
                               .pages = "/ / / / / / / /",
                               .signals = "s@5 d@1000 r@9000*3 r@30000*9 r@50000*9 c@70000"});
  gint64 calm = save(store, 1, (Analysed){.session = "two", .pages = "/", .signals = ""});
  Call rage = {.filter = "rage", .row = row}, all = {.filter = "", .row = row};

  ask(store, do_reason, &rage);
  g_assert_nonnull(strstr(rage.reason.reason, "9 clicks"));
  g_assert_cmpint(rage.reason.at_ms, ==, 30000);
  ask(store, do_reason, &all);
  g_assert_cmpint(all.reason.signal, ==, SIGHT_SIGNAL_RAGE);
  g_assert_cmpint(all.reason.at_ms, ==, 30000);
  check_reason(store, "", calm, "Looked at 1 page, left", 0, 0);
  gint64 noisy = save(store, 1, (Analysed){.session = "three", .pages = "/", .signals = "n@10 c@500"});
  Call least = {.filter = "", .row = noisy};
  ask(store, do_reason, &least);
  g_assert_cmpint(least.reason.signal, ==, SIGHT_SIGNAL_CONSOLE);
  g_array_unref(least.moments);
  sight_library_reason_clear(&least.reason);
  g_array_unref(rage.moments);
  g_array_unref(all.moments);
  sight_library_reason_clear(&rage.reason);
  sight_library_reason_clear(&all.reason);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_tagged(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  /* A tag may arrive before its session. */
  put_tag(store, 1, "late", 62000, "check the coupon");
  gint64 late = save(store, 1, (Analysed){.session = "late", .pages = "/ / / / / / /"});
  gint64 plain = save(store, 1, (Analysed){.session = "plain", .pages = "/", .start_ms = START_MS + 1});
  check_list(store, "tagged", 0, "late");
  check_reason(store, "tagged", late, "“check the coupon” at 1:02", 62000, 1);
  put_tag(store, 1, "plain", -1, "whole");
  check_list(store, "tagged", 0, "plain late");
  check_reason(store, "tagged", plain, "whole", 0, 1);
  sight_store_close(store);
  remove_folder(folder);
}

/* The module reads the settings by their names: they are those that the rule sets write. */
static void test_rules(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();

  g_assert_cmpint(rules->high_exit_min_views, ==, 20);
  g_assert_cmpint(rules->high_exit_percent, ==, 0);
  fill_exits(store, 10);
  check_list(store, "high-exit", 0, "");
  rules->high_exit_min_views = 10;
  rules->high_exit_percent = 51;
  g_autofree char *rates = sight_ruleset_to_json(rules);
  set_rules(store, 1, rates);
  g_assert_false(has_key_actions(store, 1));
  check_list(store, "high-exit", 0, ""); /* half of them end on each page */
  rules->high_exit_percent = 50;
  for (SightKeyActionKind kind = SIGHT_KEY_ACTION_PAGE; kind <= SIGHT_KEY_ACTION_EVENT; kind++) {
    g_autoptr(SightRuleset) with_one = sight_ruleset_new_default();
    sight_ruleset_add_key_action(with_one, "Order", kind, "done");
    g_autofree char *json = sight_ruleset_to_json(with_one);
    set_rules(store, 1, json);
    g_assert_true(has_key_actions(store, 1));
  }
  g_autofree char *half = sight_ruleset_to_json(rules);
  set_rules(store, 1, half);
  check_list(store, "high-exit", 0, "s00 s01 s02 s03 s04 s05 s06 s07 s08 s09");
  sight_store_close(store);
  remove_folder(folder);
}

static char *list_some(SightStore *store, const char *filter, SightSessionSort sort, guint limit) {
  Call call = {.query = {.filter = filter, .sort = sort, .limit = limit}, .ids = g_string_new(NULL)};

  ask(store, do_list, &call);
  return g_string_free(call.ids, FALSE);
}

/* However a filter is answered, a limit gives the beginning of the same list. */
static void test_first_rows(void) {
  static const char *const filters[] = {"rage",
                                        "page:/a then rage",
                                        "rage[page:/a]",
                                        "-rage[page:/a]",
                                        "rage[page:/b] or dead[count:9] or -error",
                                        "page:/b -(page:/a then not rage then dead)",
                                        "(page:/a then dead) -error[page:/b] length:>10s"};
  static const char *const signals[] = {"r@5000", "d@15000*9 r@25000", "e@500 d@15000", "", "r@15000 e@12000"};
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  guint n_found = 0;

  for (int i = 0; i < 260; i++) {
    g_autofree char *id = g_strdup_printf("s%03d", i);
    save(store, 1,
         (Analysed){.session = id,
                    .pages = i % 3 ? "/a /b /a" : "/b /a",
                    .signals = signals[(i * 7 + i / 11) % G_N_ELEMENTS(signals)],
                    .start_ms = START_MS + (i * 7919) % 1000,
                    .friction = i % 17});
  }
  for (guint i = 0; i < G_N_ELEMENTS(filters); i++) {
    for (SightSessionSort sort = SIGHT_SORT_NEWEST; sort <= SIGHT_SORT_OLDEST; sort++) {
      g_autofree char *whole = list_some(store, filters[i], sort, 0);
      for (guint limit = 1; limit <= 40; limit += 13) {
        g_autofree char *first = list_some(store, filters[i], sort, limit);
        g_auto(GStrv) ids = g_strsplit(first, " ", -1);
        g_assert_true(g_str_has_prefix(whole, first));
        g_assert_true(g_strv_length(ids) == limit || g_str_equal(first, whole));
        n_found += g_strv_length(ids);
      }
    }
  }
  g_assert_cmpuint(n_found, >, 500);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/library/churned", test_churned);
  g_test_add_func("/library/reached", test_reached);
  g_test_add_func("/library/churn-wait", test_churn_wait);
  g_test_add_func("/library/high-exit", test_high_exit);
  g_test_add_func("/library/last-page-of-buyers", test_last_page_of_buyers);
  g_test_add_func("/library/top-decile", test_top_decile);
  g_test_add_func("/library/signals", test_signals);
  g_test_add_func("/library/worst", test_worst);
  g_test_add_func("/library/tagged", test_tagged);
  g_test_add_func("/library/rules", test_rules);
  g_test_add_func("/library/first-rows", test_first_rows);
  return g_test_run();
}
