/* SPDX-License-Identifier: MIT */
/* What the window shows, without a window: its filter, and the list of sessions over many rows. */
#include "sight-db.h"
#include "sight-endpoint-table.h"
#include "sight-index-table.h"
#include "sight-note-table.h"
#include "sight-terms.h"
#include "sight-ui-library.h"
#include "sight-ui-note-act.h"
#include "sight-ui-own-filters.h"
#include "sight-ui-problems.h"
#include "sight-ui-saved.h"
#include "sight-ui-why.h"
#include "store-fixture.h"

#include <string.h>

#define MANY 3000

static void count(int *n) {
  (*n)++;
}

static void set(SightUiFilter *filter, const char *text) {
  g_autoptr(GError) error = NULL;

  g_assert_true(sight_ui_filter_set(filter, text, NULL, &error));
  g_assert_no_error(error);
}

static void test_filter(void) {
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  g_autoptr(GError) error = NULL;
  int n = 0;
  gsize at = 0;

  g_signal_connect_swapped(filter, "changed", G_CALLBACK(count), &n);
  set(filter, "rage  page:/pay");
  g_assert_cmpstr(sight_ui_filter_get_text(filter), ==, "rage page:/pay");
  g_assert_cmpint(n, ==, 1);
  set(filter, "rage page:/pay");
  g_assert_cmpint(n, ==, 1); /* it says the same */
  g_assert_false(sight_ui_filter_set(filter, "rage releese:2", &at, &error));
  g_assert_nonnull(strstr(error->message, "release"));
  g_assert_cmpint(at, ==, strlen("rage "));
  g_assert_cmpstr(sight_ui_filter_get_text(filter), ==, "rage page:/pay");

  g_assert_true(sight_ui_filter_add(filter, "dead or slow", NULL, NULL));
  g_assert_cmpint(sight_ui_filter_n_parts(filter), ==, 3);
  g_assert_true(sight_ui_filter_add(filter, "dead or slow", NULL, NULL));
  g_assert_cmpint(sight_ui_filter_n_parts(filter), ==, 3);
  g_autofree char *other = sight_ui_filter_negated(filter, 0);
  g_assert_cmpstr(other, ==, "-rage page:/pay (dead or slow)");
  set(filter, other);
  g_autofree char *back = sight_ui_filter_negated(filter, 0);
  g_assert_cmpstr(back, ==, "rage page:/pay (dead or slow)");
  g_assert_true(sight_ui_filter_remove(filter, "dead or slow"));
  g_assert_false(sight_ui_filter_remove(filter, "dead or slow"));
  g_assert_cmpstr(sight_ui_filter_get_text(filter), ==, "-rage page:/pay");
  set(filter, "all");
  g_assert_cmpstr(sight_ui_filter_get_text(filter), ==, "");
}

/* A row of the sidebar takes the place of those of its group, and nothing else. */
static void test_rows(void) {
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  guint n = 0;
  const SightUiSaved *saved = sight_ui_saved(&n);

  for (guint i = 0; i < n; i++) {
    set(filter, saved[i].filter); /* each is one of the language */
    g_assert_true(sight_ui_filter_has(filter, saved[i].filter));
  }
  set(filter, "errored page:/pay churned");
  g_assert_true(sight_ui_filter_has(filter, "error"));
  g_autofree char *base = sight_ui_filter_base(filter, "rage");
  g_assert_cmpstr(base, ==, "page:/pay churned");
  sight_ui_filter_toggle(filter, "rage", FALSE);
  g_assert_cmpstr(sight_ui_filter_get_text(filter), ==, "page:/pay churned rage");
  sight_ui_filter_toggle(filter, "dead", TRUE);
  g_assert_cmpstr(sight_ui_filter_get_text(filter), ==, "page:/pay churned rage dead");
  sight_ui_filter_toggle(filter, "rage", FALSE);
  g_assert_cmpstr(sight_ui_filter_get_text(filter), ==, "page:/pay churned dead");
  sight_ui_filter_toggle(filter, "", FALSE);
  g_assert_cmpstr(sight_ui_filter_get_text(filter), ==, "");
}

/* Saved filters keep their order; one that is saved again takes the new title. */
static void test_own(void) {
  g_autoptr(SightUiOwnFilters) own = sight_ui_own_filters_new();
  int n = 0;

  g_assert_cmpuint(sight_ui_own_filters_get_n(own), ==, 0);
  g_signal_connect_swapped(own, "changed", G_CALLBACK(count), &n);
  sight_ui_own_filters_add(own, "Rage", "rage");
  sight_ui_own_filters_add(own, "Dead", "dead");
  sight_ui_own_filters_add(own, "Furious", "rage");
  g_assert_cmpuint(sight_ui_own_filters_get_n(own), ==, 2);
  g_assert_cmpstr(sight_ui_own_filters_get_title(own, 0), ==, "Furious");
  sight_ui_own_filters_move(own, 0, -1); /* there is nothing before it */
  sight_ui_own_filters_move(own, 0, 1);
  g_assert_cmpstr(sight_ui_own_filters_get_filter(own, 0), ==, "dead");
  g_autoptr(SightUiOwnFilters) kept = sight_ui_own_filters_new();
  g_assert_cmpuint(sight_ui_own_filters_get_n(kept), ==, 2);
  g_assert_cmpstr(sight_ui_own_filters_get_title(kept, 1), ==, "Furious");
  sight_ui_own_filters_remove(own, 0);
  sight_ui_own_filters_insert(own, 0, "Dead", "dead");
  g_assert_cmpstr(sight_ui_own_filters_get_title(own, 0), ==, "Dead");
  sight_ui_own_filters_remove(own, 0);
  sight_ui_own_filters_remove(own, 0);
  g_assert_cmpuint(sight_ui_own_filters_get_n(own), ==, 0);
  g_assert_cmpint(n, ==, 8);
}

static gboolean put_many(SightDb *db, gpointer data, GError **error) {
  for (int i = 0; i < MANY; i++) {
    g_autofree char *id = g_strdup_printf("session-%05d", i);
    SightBatch batch = {.session = id,
                        .window = "w",
                        .sent_at_ms = START_MS,
                        .received_at_ms = START_MS + i,
                        .events = "[{}]",
                        .events_bytes = 4,
                        .n_events = 1,
                        .first_ms = START_MS,
                        .last_ms = START_MS + 1000};
    if (sight_batch_table_put(db, 1, &batch, error) == SIGHT_PUT_FAILED)
      return FALSE;
  }
  return TRUE;
}

static void wait_until_read(SightUiSessionItem *item) {
  while (sight_ui_session_item_get_session(item) == NULL)
    g_main_context_iteration(NULL, TRUE);
}

/* As if the endpoint had as many again. */
static gboolean make_part(SightDb *db, gpointer data, GError **error) {
  return sight_endpoint_table_set_scope(db, SIGHT_ENDPOINT_FILES, "errored", error) &&
         sight_endpoint_table_set_there(db, SIGHT_ENDPOINT_FILES, 2 * MANY, MANY, error);
}

static void wait_until_listed(SightUiLibrary *library) {
  while (!sight_ui_library_is_listed(library) || sight_ui_library_get_counts(library) == NULL)
    g_main_context_iteration(NULL, TRUE);
}

/* Rows are read only where they are looked at, wherever that is. */
static void test_many(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_NORMAL, put_many, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(SightUiLibrary) library = sight_ui_library_new(store, filter);
  wait_until_listed(library);
  g_assert_cmpint(g_list_model_get_n_items(G_LIST_MODEL(library)), ==, MANY);
  g_assert_cmpint(sight_ui_library_get_counts(library)->n_all, ==, MANY);
  g_autoptr(SightUiSessionItem) first = g_list_model_get_item(G_LIST_MODEL(library), 0);
  g_autoptr(SightUiSessionItem) last = g_list_model_get_item(G_LIST_MODEL(library), MANY - 1);
  g_autoptr(SightUiSessionItem) again = g_list_model_get_item(G_LIST_MODEL(library), 0);
  g_assert_true(first == again);
  wait_until_read(first);
  wait_until_read(last);
  g_assert_cmpstr(sight_ui_session_item_get_session(first)->session, ==, "session-02999");
  g_assert_cmpstr(sight_ui_session_item_get_session(last)->session, ==, "session-00000");
  g_assert_cmpint(sight_ui_library_find(library, sight_ui_library_row_at(library, 1234)), ==, 1234);

  /* Nothing is known of sessions that were not looked through: another filter finds none of them. */
  set(filter, "rage converted");
  g_assert_false(sight_ui_library_is_listed(library));
  wait_until_listed(library);
  g_assert_cmpint(g_list_model_get_n_items(G_LIST_MODEL(library)), ==, 0);
  set(filter, "");
  wait_until_listed(library);
  g_assert_cmpint(g_list_model_get_n_items(G_LIST_MODEL(library)), ==, MANY);

  /* All is here, until a part is. */
  g_assert_cmpint(sight_ui_library_get_counts(library)->n_there, ==, 0);
  sight_store_write(store, SIGHT_WRITE_NORMAL, make_part, NULL, &error);
  g_assert_no_error(error);
  while (sight_ui_library_get_counts(library)->n_there == 0)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpint(sight_ui_library_get_counts(library)->n_there, ==, 2 * MANY);
  g_assert_cmpint(sight_ui_library_get_counts(library)->n_all, ==, MANY);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, data, error);
  g_autoptr(GPtrArray) pages = sight_page_table_list(db, session->row, error);
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
  g_autoptr(SightOccurrences) none = sight_occurrences_new();
  g_autoptr(SightOccurrences) index = sight_terms_rename(none, session, pages, signals);

  sight_occurrences_number(index, SIGHT_NUMBER_LENGTH, session->duration_ms);
  return sight_index_table_save(db, session->row, session->endpoint, index, error);
}

typedef struct {
  const char *text;
  SightSet *sessions;
} Asked;

static gboolean do_ask(SightDb *db, gpointer data, GError **error) {
  Asked *asked = data;
  g_autoptr(SightFilter) filter = sight_filter_parse(asked->text, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, START_MS, error) : NULL;

  asked->sessions = query != NULL ? sight_query_sessions(query, error) : NULL;
  return asked->sessions != NULL;
}

/* The fourth point of the contract of a filter: the window lists what every other way of asking finds. */
static void test_same_answer(void) {
  static const char *const texts[] = {
      "rage",          "dead -rage",          "page:/pay then rage", "page:/cart then not dead",
      "rage or error", "length:>15s -signal", "rage[page:/pay]",     "\"pay now\""};
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  g_autoptr(GError) error = NULL;
  guint n_some = 0;

  for (int i = 0; i < 60; i++) {
    g_autofree char *id = g_strdup_printf("visit-%d", i);
    g_autofree char *signals = g_strdup_printf("%s%s%s", i % 3 == 0 ? "r@11000 " : "", i % 5 == 0 ? "d@12000 " : "",
                                               i % 7 == 0 ? "e@3000 " : "");
    save_analysed(store, 1,
                  (Analysed){.session = id,
                             .pages = i % 2 > 0 ? "/cart /pay" : "/pay /cart",
                             .signals = signals[0] != '\0' ? g_strchomp(signals) : NULL});
    sight_store_write(store, SIGHT_WRITE_NORMAL, do_index, id, &error);
    g_assert_no_error(error);
  }
  g_autoptr(SightUiLibrary) library = sight_ui_library_new(store, filter);
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    Asked asked = {.text = texts[i]};
    set(filter, texts[i]);
    wait_until_listed(library);
    sight_store_read(store, do_ask, &asked, &error);
    g_assert_no_error(error);
    guint n = g_list_model_get_n_items(G_LIST_MODEL(library));
    g_assert_cmpuint(n, ==, sight_set_n(asked.sessions));
    for (guint j = 0; j < n; j++)
      g_assert_true(sight_set_contains(asked.sessions, sight_ui_library_row_at(library, j)));
    n_some += n > 0 && n < 60;
    sight_set_free(asked.sessions);
  }
  g_assert_cmpuint(n_some, >, 5);
  sight_store_close(store);
  remove_folder(folder);
}

typedef struct {
  const char *issue;
  SightProblemMark *mark; /* NULL: it is not of that issue yet */
} Marked;

static gboolean read_mark(SightDb *db, gpointer data, GError **error) {
  Marked *marked = data;
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, 1, error);
  const SightProblemMark *mark = marks != NULL ? g_hash_table_lookup(marks, "p") : NULL;

  if (mark != NULL && g_strcmp0(mark->issue, marked->issue) == 0)
    marked->mark = sight_problem_mark_copy(mark);
  return marks != NULL;
}

static SightProblemMark was = {.state = SIGHT_PROBLEM_FILED,
                               .issue = (char *)"https://tracker.example/1",
                               .tracker = (char *)"gitea:https://tracker.example/acme/shop",
                               .closed_ms = START_MS};

static gboolean write_was(SightDb *db, gpointer data, GError **error) {
  return sight_problem_mark_write(
      db, 1, "p", &was, SIGHT_PROBLEM_SAYS_STATE | SIGHT_PROBLEM_SAYS_ISSUE | SIGHT_PROBLEM_SAYS_CLOSED, error);
}

static SightProblemMark *mark_filed(SightStore *store, SightUiProblems *problems, const char *issue) {
  const SightProblem problem = {.id = (char *)"p", .endpoint = 1, .mark = &was};
  Marked marked = {.issue = issue};

  sight_ui_problems_do(problems, sight_ui_problem_act_state(&problem, SIGHT_PROBLEM_FILED, issue, "Filed"));
  while (marked.mark == NULL) {
    g_main_context_iteration(NULL, TRUE);
    g_assert_true(sight_store_read(store, read_mark, &marked, NULL));
  }
  return marked.mark;
}

static gboolean read_ignored(SightDb *db, gpointer data, GError **error) {
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, 1, error);
  const SightProblemMark *mark = marks != NULL ? g_hash_table_lookup(marks, "p") : NULL;
  gint64 *n_users = data;

  if (mark != NULL && mark->state == SIGHT_PROBLEM_IGNORED)
    *n_users = mark->n_users;
  return marks != NULL;
}

static gboolean index_row(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightOccurrences) occurrences = sight_occurrences_new();

  sight_occurrences_term(occurrences, SIGHT_TERM_PAGE, "/pay");
  return sight_index_table_save(db, *(const gint64 *)data, 1, occurrences, error);
}

/* All who met it are counted, not those that the filter shows: it would come back when that is cleared. */
static void test_ignored(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  g_autoptr(SightUiProblems) problems = sight_ui_problems_new(store, filter);
  SightProblemMark nothing = {0};
  const SightProblem problem = {
      .id = (char *)"p", .endpoint = 1, .mark = &nothing, .n_users = 1, .filter = (char *)"all"};
  gint64 n_users = -1;

  for (int i = 0; i < 3; i++) {
    g_autofree char *session = g_strdup_printf("met-%d", i);
    gint64 row = save_analysed(store, 1, (Analysed){.session = session, .pages = "/pay"});
    g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, index_row, &row, NULL));
  }
  sight_ui_problems_do(problems, sight_ui_problem_act_state(&problem, SIGHT_PROBLEM_IGNORED, NULL, "Ignored"));
  while (n_users < 0) {
    g_main_context_iteration(NULL, TRUE);
    g_assert_true(sight_store_read(store, read_ignored, &n_users, NULL));
  }
  g_assert_cmpint(n_users, ==, 3);
  sight_store_close(store);
  remove_folder(folder);
}

/* What the tracker said of an issue is not said of another one. */
static void test_mark(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  g_autoptr(SightUiProblems) problems = sight_ui_problems_new(store, filter);

  g_assert_true(sight_store_write(store, SIGHT_WRITE_DURABLE, write_was, NULL, NULL));
  g_autoptr(SightProblemMark) same = mark_filed(store, problems, "https://tracker.example/1");
  g_autoptr(SightProblemMark) other = mark_filed(store, problems, "https://tracker.example/2");

  g_assert_cmpint(same->closed_ms, ==, START_MS);
  g_assert_nonnull(same->tracker);
  g_assert_cmpint(other->closed_ms, ==, 0);
  g_assert_null(other->tracker);
  sight_store_close(store);
  remove_folder(folder);
}

#define N_PROBLEMS (SIGHT_UI_PROBLEMS_FIRST + 20)

static gboolean put_problems(SightDb *db, gpointer data, GError **error) {
  SightBatch batch = {.session = "s",
                      .window = "w",
                      .sent_at_ms = START_MS,
                      .received_at_ms = START_MS,
                      .events = "[{}]",
                      .events_bytes = 4,
                      .n_events = 1,
                      .first_ms = START_MS,
                      .last_ms = START_MS + 1000};
  g_autoptr(SightOccurrences) occurrences = sight_occurrences_new();

  for (int i = 0; i < N_PROBLEMS; i++) {
    g_autofree char *fingerprint = g_strdup_printf("fingerprint %d", i);
    sight_occurrences_term(occurrences, SIGHT_TERM_PROBLEM, fingerprint);
  }
  return sight_batch_table_put(db, 1, &batch, error) != SIGHT_PUT_FAILED &&
         sight_index_table_save(db, 1, 1, occurrences, error);
}

static void wait_for_problems(SightUiProblems *problems, guint n) {
  while (!sight_ui_problems_is_current(problems) || g_list_model_get_n_items(G_LIST_MODEL(problems)) != n)
    g_main_context_iteration(NULL, TRUE);
}

/* The worst hundred come at first; all where they are asked for, or where others than new ones are looked at. */
static void test_bounded(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  g_autoptr(SightUiProblems) problems = sight_ui_problems_new(store, filter);
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_NORMAL, put_problems, NULL, &error);
  g_assert_no_error(error);
  sight_ui_problems_set_active(problems, TRUE);
  wait_for_problems(problems, SIGHT_UI_PROBLEMS_FIRST);
  g_assert_false(sight_ui_problems_is_whole(problems));
  sight_ui_problems_ask_all(problems);
  wait_for_problems(problems, N_PROBLEMS);
  g_assert_true(sight_ui_problems_is_whole(problems));

  set(filter, "length:<1h");
  while (!sight_ui_problems_is_current(problems))
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(problems)), <=, SIGHT_UI_PROBLEMS_FIRST);
  set(filter, "");
  wait_for_problems(problems, SIGHT_UI_PROBLEMS_FIRST);
  sight_ui_problems_set_state(problems, SIGHT_PROBLEM_FILED);
  wait_for_problems(problems, 0);
  g_assert_true(sight_ui_problems_is_whole(problems));
  g_assert_cmpuint(sight_ui_problems_get_n(problems, SIGHT_PROBLEM_NEW), ==, N_PROBLEMS);
  sight_store_close(store);
  remove_folder(folder);
}

static void count_said(SightUiProblems *problems, const char *words, gboolean can_undo, guint *n) {
  *n += can_undo ? 1 : 0x100;
}

static void wait_for_all(SightUiProblems *problems, guint n) {
  while (!sight_ui_problems_is_current(problems) || sight_ui_problems_get_n(problems, SIGHT_PROBLEM_NEW) != n)
    g_main_context_iteration(NULL, TRUE);
}

/* Merging is taken back, and so is splitting. */
static void test_merge(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  g_autoptr(SightUiProblems) problems = sight_ui_problems_new(store, filter);
  g_autoptr(GError) error = NULL;
  guint n_said = 0;

  sight_store_write(store, SIGHT_WRITE_NORMAL, put_problems, NULL, &error);
  g_assert_no_error(error);
  g_signal_connect(problems, "said", G_CALLBACK(count_said), &n_said);
  sight_ui_problems_set_active(problems, TRUE);
  wait_for_problems(problems, SIGHT_UI_PROBLEMS_FIRST);
  sight_ui_problems_ask_all(problems);
  wait_for_all(problems, N_PROBLEMS);
  g_autoptr(SightUiProblemItem) part = g_list_model_get_item(G_LIST_MODEL(problems), 0);
  g_autoptr(SightUiProblemItem) whole = g_list_model_get_item(G_LIST_MODEL(problems), 1);
  const char *whole_id = sight_ui_problem_item_get(whole)->id, *part_id = sight_ui_problem_item_get(part)->id;
  /* Nobody's signal says where these were met. */
  SightProblem one = *sight_ui_problem_item_get(part), other = *sight_ui_problem_item_get(whole);
  one.endpoint = other.endpoint = 1;
  g_autoptr(GPtrArray) others = sight_ui_problems_similar(problems, sight_ui_problem_item_get(part), TRUE);
  g_assert_cmpuint(others->len, ==, N_PROBLEMS - 1);

  sight_ui_problems_do(problems, sight_ui_problem_act_merge(&one, &other));
  wait_for_all(problems, N_PROBLEMS - 1);
  g_assert_cmpuint(sight_ui_problems_find(problems, 1, part_id), ==, G_MAXUINT);
  g_autoptr(SightUiProblemItem) merged =
      g_list_model_get_item(G_LIST_MODEL(problems), sight_ui_problems_find(problems, 1, whole_id));
  const GPtrArray *parts = sight_ui_problem_item_get(merged)->parts;
  g_assert_cmpuint(parts->len, ==, 1);
  g_assert_cmpstr(((SightProblemPart *)parts->pdata[0])->id, ==, part_id);
  sight_ui_problems_undo(problems);
  wait_for_all(problems, N_PROBLEMS);
  sight_ui_problems_do(problems, sight_ui_problem_act_merge(&one, &other));
  wait_for_all(problems, N_PROBLEMS - 1);
  sight_ui_problems_do(problems, sight_ui_problem_act_split(&other, parts->pdata[0]));
  wait_for_all(problems, N_PROBLEMS);
  sight_ui_problems_undo(problems);
  wait_for_all(problems, N_PROBLEMS - 1);
  /* Nothing is left to be undone. */
  sight_ui_problems_undo(problems);
  g_assert_cmpuint(n_said, ==, 0x203);
  sight_store_close(store);
  remove_folder(folder);
}

/* The store takes nothing that anybody says, until it does again. */
static gboolean refuse(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(
      db, "CREATE TEMP TRIGGER refuse BEFORE INSERT ON annotation BEGIN SELECT RAISE(FAIL, 'no room'); END", error);
}

static gboolean refuse_no_more(SightDb *db, gpointer data, GError **error) {
  return sight_db_exec(db, "DROP TRIGGER refuse", error);
}

static void count_failed(SightUiProblems *problems, const char *why, guint *n) {
  g_assert_nonnull(strstr(why, "no room"));
  (*n)++;
}

/* What could not be taken back can be once more; what could not be said is not there to be taken back. */
static void test_refused(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightUiFilter) filter = sight_ui_filter_new();
  g_autoptr(SightUiProblems) problems = sight_ui_problems_new(store, filter);
  g_autoptr(GError) error = NULL;
  guint n_said = 0, n_failed = 0;

  sight_store_write(store, SIGHT_WRITE_NORMAL, put_problems, NULL, &error);
  g_assert_no_error(error);
  g_signal_connect(problems, "said", G_CALLBACK(count_said), &n_said);
  g_signal_connect(problems, "failed", G_CALLBACK(count_failed), &n_failed);
  sight_ui_problems_set_active(problems, TRUE);
  wait_for_problems(problems, SIGHT_UI_PROBLEMS_FIRST);
  g_autoptr(SightUiProblemItem) first = g_list_model_get_item(G_LIST_MODEL(problems), 0);
  g_autoptr(SightUiProblemItem) second = g_list_model_get_item(G_LIST_MODEL(problems), 1);
  SightProblem one = *sight_ui_problem_item_get(first), other = *sight_ui_problem_item_get(second);
  one.endpoint = other.endpoint = 1;

  sight_ui_problems_do(problems, sight_ui_problem_act_state(&one, SIGHT_PROBLEM_FIXED, "2.0", "Fixed"));
  while (n_said != 1)
    g_main_context_iteration(NULL, TRUE);
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, refuse, NULL, NULL));
  sight_ui_problems_do(problems, sight_ui_problem_act_state(&other, SIGHT_PROBLEM_FIXED, "2.0", "Fixed"));
  sight_ui_problems_undo(problems);
  while (n_failed != 2)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpuint(n_said, ==, 1);
  g_assert_true(sight_store_write(store, SIGHT_WRITE_NORMAL, refuse_no_more, NULL, NULL));
  sight_ui_problems_set_state(problems, SIGHT_PROBLEM_FIXED);
  wait_for_problems(problems, 1);
  sight_ui_problems_undo(problems);
  wait_for_problems(problems, 0);
  g_assert_cmpuint(n_said, ==, 0x101);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean tag_stretch(SightDb *db, gpointer data, GError **error) {
  const SightUiNoteAct act = {.verb = SIGHT_UI_NOTE_ADD,
                              .endpoint = 1,
                              .session = (char *)"s",
                              .at_ms = 1000,
                              .end_ms = 5000,
                              .text = (char *)"slow"};
  g_autoptr(SightUiNoteAct) back = sight_ui_note_act_run(db, &act, error);
  g_autoptr(GPtrArray) notes = back != NULL ? sight_note_table_list(db, 1, "s", error) : NULL;

  if (notes == NULL)
    return FALSE;
  g_assert_cmpuint(notes->len, ==, 1);
  const SightNote *note = notes->pdata[0];
  g_assert_cmpint(note->annotation->at_ms, ==, 1000);
  g_assert_cmpint(note->end_ms, ==, 5000);
  return TRUE;
}

static void test_stretch(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;

  save_analysed(store, 1, (Analysed){.session = "s", .pages = "/pay", .signals = ""});
  sight_store_write(store, SIGHT_WRITE_DURABLE, tag_stretch, NULL, &error);
  g_assert_no_error(error);
  sight_store_close(store);
  remove_folder(folder);
}

static void keep_result(GObject *source, GAsyncResult *result, gpointer user_data) {
  *(GAsyncResult **)user_data = g_object_ref(result);
}

static SightUiWhy *ask_why(SightStore *store, gint64 row, const char *filter, gint64 endpoint, GError **error) {
  g_autoptr(GAsyncResult) result = NULL;

  sight_ui_why_read_async(store, row, filter, endpoint, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration(NULL, TRUE);
  return sight_ui_why_read_finish(result, error);
}

/* Each condition by itself, met or not; the endpoint that is looked at is one, too. */
static void test_why(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;
  gint64 other = add_endpoint(store, "collector", "Shop");
  gint64 row = save_analysed(store, 1, (Analysed){.session = "s", .pages = "/pay", .signals = "r@1500"});
  sight_store_write(store, SIGHT_WRITE_NORMAL, do_index, (char[]){"s"}, &error);
  g_assert_no_error(error);

  g_autoptr(SightUiWhy) why = ask_why(store, row, "rage -page:/cart device:phone", 0, &error);
  g_assert_no_error(error);
  g_assert_false(why->matches);
  g_assert_cmpuint(why->parts->len, ==, 3);
  const SightUiWhyPart *rage = why->parts->pdata[0], *cart = why->parts->pdata[1], *phone = why->parts->pdata[2];
  g_assert_cmpstr(rage->condition, ==, "rage");
  g_assert_true(rage->met);
  g_assert_true(cart->met);
  g_assert_false(phone->met);
  g_assert_cmpint(rage->at_ms, ==, 1500);
  g_assert_cmpint(phone->at_ms, ==, -1);
  g_assert_cmpstr(phone->says, !=, "");

  g_autoptr(SightUiWhy) elsewhere = ask_why(store, row, "rage", other, &error);
  g_assert_no_error(error);
  g_assert_false(elsewhere->matches);
  g_assert_null(((const SightUiWhyPart *)elsewhere->parts->pdata[0])->condition);
  g_autoptr(SightUiWhy) every = ask_why(store, row, "", 0, &error);
  g_assert_no_error(error);
  g_assert_true(every->matches && every->parts->len == 0);
  g_autoptr(SightUiWhy) none = ask_why(store, row, "releese:2", 0, &error);
  g_assert_null(none);
  g_assert_nonnull(error);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_autofree char *schemas = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "data", NULL);

  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv("GSETTINGS_SCHEMA_DIR", schemas, TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ui/filter", test_filter);
  g_test_add_func("/ui/rows", test_rows);
  g_test_add_func("/ui/own", test_own);
  g_test_add_func("/ui/many", test_many);
  g_test_add_func("/ui/same-answer", test_same_answer);
  g_test_add_func("/ui/mark", test_mark);
  g_test_add_func("/ui/ignored", test_ignored);
  g_test_add_func("/ui/bounded", test_bounded);
  g_test_add_func("/ui/merge", test_merge);
  g_test_add_func("/ui/refused", test_refused);
  g_test_add_func("/ui/stretch", test_stretch);
  g_test_add_func("/ui/why", test_why);
  return g_test_run();
}
