/* SPDX-License-Identifier: MIT */
/* What is told of problems that were dealt with, from one start of the application to the next. */
#include "sight-index-table.h"
#include "sight-problems.h"
#include "sight-set.h"
#include "sight-terms.h"
#include "sight-ui-follow.h"
#include "sight-ui-job.h"
#include "sight-ui-settings.h"
#include "store-fixture.h"

#define DAY_MS (G_GINT64_CONSTANT(86400000))
/* Longer than a follower waits before it looks. */
#define LOOKED_MS 1100

static gint64 now_ms(void) {
  return g_get_real_time() / 1000;
}

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, data, error);
  g_autoptr(GPtrArray) pages = sight_page_table_list(db, session->row, error);
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
  g_autoptr(SightOccurrences) none = sight_occurrences_new();
  g_autoptr(SightOccurrences) index = sight_terms_rename(none, session, pages, signals);

  return sight_index_table_save(db, session->row, session->endpoint, index, error);
}

/* A visit of /pay that arrives then; `met`: it has the problem. */
static void visit(SightStore *store, gint64 at_ms, gboolean met) {
  static int n = 0;
  g_autofree char *session = g_strdup_printf("visit-%d", n++);
  g_autoptr(GError) error = NULL;

  save_analysed(store, 1,
                (Analysed){.session = session, .pages = "/pay", .signals = met ? "d@5000" : NULL, .start_ms = at_ms});
  sight_store_write(store, SIGHT_WRITE_NORMAL, do_index, session, &error);
  g_assert_no_error(error);
}

typedef struct {
  char *id;
  SightProblemState state;
  gint64 since_ms;
} Only;

/* The one problem that there is. */
static gboolean read_only_problem(SightDb *db, gpointer data, GError **error) {
  Only *only = data;
  g_autoptr(SightSet) all = sight_index_table_all(db, error);
  g_autoptr(GPtrArray) problems = all != NULL ? sight_problems_list(db, all, 0, NULL, error) : NULL;

  if (problems == NULL)
    return FALSE;
  g_assert_cmpuint(problems->len, ==, 1);
  const SightProblem *problem = problems->pdata[0];
  g_free(only->id);
  only->id = g_strdup(problem->id);
  only->state = problem->state;
  return TRUE;
}

static gboolean write_state(SightDb *db, gpointer data, GError **error) {
  const Only *only = data;
  const SightProblemMark mark = {.state = only->state, .since_ms = only->since_ms};

  return sight_problem_mark_write(db, 1, only->id, &mark, SIGHT_PROBLEM_SAYS_STATE, error);
}

static void say(SightStore *store, SightProblemState state, gint64 since_ms) {
  Only only = {0};
  g_autoptr(GError) error = NULL;

  sight_store_read(store, read_only_problem, &only, &error);
  g_assert_no_error(error);
  only.state = state;
  only.since_ms = since_ms;
  sight_store_write(store, SIGHT_WRITE_DURABLE, write_state, &only, &error);
  g_assert_no_error(error);
  g_free(only.id);
}

static void add_sentence(SightUiFollow *follow, gint64 endpoint, const char *problem, const char *title,
                         const char *sentence, GString *told) {
  g_assert_cmpint(endpoint, ==, 1);
  g_assert_cmpstr(title, ==, "Dead clicks on “Pay now” at /pay");
  g_string_append_printf(told, "%.*s;", (int)(strchr(sentence, ':') - sentence), sentence);
}

static gboolean set_looked(gpointer user_data) {
  *(gboolean *)user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* The application starts, looks once and ends; how what it told begins, the caller's. */
static char *run_once(SightStore *store) {
  GString *told = g_string_new(NULL);
  g_autoptr(SightUiFollow) follow = sight_ui_follow_new(store);
  gboolean looked = FALSE;

  g_signal_connect(follow, "news", G_CALLBACK(add_sentence), told);
  sight_ui_follow_look(follow);
  g_timeout_add(LOOKED_MS, set_looked, &looked);
  while (!looked)
    g_main_context_iteration(NULL, TRUE);
  sight_ui_job_wait_for_all();
  sight_ui_follow_close(follow);
  return g_string_free(told, FALSE);
}

/* A problem that was verified in one run and is met while nothing runs is told of in the next, and in no further one.
 */
static void test_came_back(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 fixed_ms = now_ms() - 3 * DAY_MS;

  g_settings_reset(sight_ui_settings_get(), "verified-problems");
  for (int i = 0; i < 20; i++)
    visit(store, fixed_ms - DAY_MS - i * 60000, TRUE);
  say(store, SIGHT_PROBLEM_FIXED, fixed_ms);
  g_autofree char *waits = run_once(store);
  for (int i = 0; i < 40; i++)
    visit(store, fixed_ms + DAY_MS + i * 60000, FALSE);
  g_autofree char *verified = run_once(store);
  visit(store, now_ms() + 1000, TRUE);
  g_autofree char *back = run_once(store), *again = run_once(store);

  g_assert_cmpstr(waits, ==, "");
  g_assert_cmpstr(verified, ==, "Fixed;");
  g_assert_cmpstr(back, ==, "It came back;");
  g_assert_cmpstr(again, ==, "");
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_autofree char *schemas = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "data", NULL);

  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv("GSETTINGS_SCHEMA_DIR", schemas, TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ui/follow/came-back", test_came_back);
  return g_test_run();
}
