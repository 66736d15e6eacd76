/* SPDX-License-Identifier: MIT */
/* Problems: each is one, is ranked by the users whom it meets, and says where, what it costs and which filter shows it.
 */
#include "sight-compare-ask.h"
#include "sight-index-table.h"
#include "sight-pages.h"
#include "sight-problem-where.h"
#include "sight-problems.h"
#include "sight-terms.h"
#include "store-fixture.h"

#include <string.h>

#define DAY_MS (G_GINT64_CONSTANT(86400000))
#define HOUR_MS (60 * 60 * G_GINT64_CONSTANT(1000))
#define KEY_ACTION "{" FIXTURE_KEY_ACTIONS "}"

typedef struct {
  const char *text; /* a filter, or the id of a session */
  GPtrArray *problems;
  gint64 n;
} Call;

static gboolean do_settings(SightDb *db, gpointer data, GError **error) {
  return sight_annotation_table_put_settings(db, 1, data, error);
}

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, call->text, error);
  g_autoptr(GPtrArray) pages = sight_page_table_list(db, session->row, error);
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
  g_autoptr(SightOccurrences) none = sight_occurrences_new();
  g_autoptr(SightOccurrences) index = sight_terms_rename(none, session, pages, signals);

  sight_occurrences_term(index, SIGHT_TERM_RELEASE, session->release);
  sight_occurrences_term(index, SIGHT_TERM_DEVICE, g_str_has_prefix(call->text, "met-") ? "phone" : "desktop");
  if (session->flags & FIXTURE_ORDERED)
    sight_occurrences_moment(index, sight_occurrences_term(index, SIGHT_TERM_FORM, "order"), 10, 10);

  return sight_index_table_save(db, session->row, session->endpoint, index, error);
}

static void save_at(SightStore *store, gint64 endpoint, Analysed what) {
  Call call = {.text = what.session};
  g_autoptr(GError) error = NULL;

  save_analysed(store, endpoint, what);
  sight_store_write(store, SIGHT_WRITE_NORMAL, do_index, &call, &error);
  g_assert_no_error(error);
}

static void save(SightStore *store, Analysed what) {
  save_at(store, 1, what);
}

static gboolean do_list(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) filter = sight_filter_parse(call->text, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, START_MS, error) : NULL;
  g_autoptr(SightSet) set = query != NULL ? sight_query_sessions(query, error) : NULL;

  call->n = set != NULL ? (gint64)sight_set_n(set) : -1;
  call->problems = set != NULL ? sight_problems_list(db, set, 0, NULL, error) : NULL;
  return call->problems != NULL;
}

static Call problems_of(SightStore *store, const char *filter) {
  Call call = {.text = filter};
  g_autoptr(GError) error = NULL;

  sight_store_read(store, do_list, &call, &error);
  g_assert_no_error(error);
  return call;
}

/* Ten users each meet "r@11000" (the fixture's fingerprint is its text), of whom one orders; three "d@5000"; one alone
 * "r@3000", in 20 visits. Ten more view /pay without trouble, of whom nine order. */
static SightStore *make_store(char **folder) {
  *folder = make_folder();
  SightStore *store = open_store(*folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_DURABLE, do_settings, (gpointer)KEY_ACTION, &error);
  g_assert_no_error(error);
  for (int i = 0; i < 10; i++) {
    g_autofree char *met = g_strdup_printf("met-%d", i), *calm = g_strdup_printf("calm-%d", i);
    g_autofree char *signals = g_strconcat("r@11000", i < 3 ? " d@5000" : "", i == 4 ? " n@2000" : "", NULL);
    save(store, (Analysed){.session = met,
                           .user = met,
                           .pages = "/cart /pay",
                           .signals = signals,
                           .key_action = i == 0,
                           .start_ms = START_MS + i});
    save(store, (Analysed){.session = calm, .user = calm, .pages = "/cart /pay", .key_action = i > 0});
  }
  for (int i = 0; i < 20; i++) {
    g_autofree char *storm = g_strdup_printf("storm-%d", i);
    save(store, (Analysed){.session = storm, .user = "one", .pages = "/", .signals = "r@3000"});
  }
  return store;
}

static void test_list(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  Call all = problems_of(store, "all");

  g_assert_cmpint(all.n, ==, 40);
  /* Noise is none. */
  g_assert_cmpuint(all.problems->len, ==, 3);
  const SightProblem *worst = all.problems->pdata[0], *last = all.problems->pdata[2];
  g_assert_cmpint(worst->n_users, ==, 10);
  g_assert_cmpint(worst->n_sessions, ==, 10);
  g_assert_cmpint(worst->n_visits, ==, 20);
  g_assert_cmpstr(worst->title, ==, "Rage clicks on “Pay now” at /pay");
  g_assert_cmpstr(worst->page, ==, "/pay");
  /* To the second. */
  g_assert_cmpint(worst->first_seen_ms, ==, START_MS / 1000 * 1000);
  g_assert_cmpint(worst->last_seen_ms, ==, (START_MS + 9) / 1000 * 1000);
  g_assert_cmpint(worst->at_ms, ==, 11000);
  /* 9 of 10 without it order, 1 of 10 with it. */
  g_assert_true(worst->has_cost);
  g_assert_cmpfloat_with_epsilon(worst->cost, 0.8, 1e-9);
  g_assert_cmpfloat(worst->cost_between.low, >, 0.3);
  g_assert_cmpfloat(worst->cost_between.high, <, 1);
  g_assert_cmpfloat_with_epsilon(worst->score, 10 * worst->severity * worst->loss, 1e-9);
  /* One visitor's storm is below what three users met. */
  g_assert_cmpint(last->n_users, ==, 1);
  g_assert_cmpint(last->n_sessions, ==, 20);
  for (guint i = 0; i < all.problems->len; i++) {
    const SightProblem *problem = all.problems->pdata[i];
    Call shown = problems_of(store, problem->filter);
    g_assert_cmpint(shown.n, ==, problem->n_sessions);
    g_ptr_array_unref(shown.problems);
  }
  g_ptr_array_unref(all.problems);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_of_filter(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  Call dead = problems_of(store, "dead");

  g_assert_cmpint(dead.n, ==, 3);
  g_assert_cmpuint(dead.problems->len, ==, 2);
  g_assert_cmpint(((SightProblem *)dead.problems->pdata[0])->n_users, ==, 3);
  /* Nobody was on that page without it. */
  g_assert_false(((SightProblem *)dead.problems->pdata[0])->has_cost);
  g_ptr_array_unref(dead.problems);
  sight_store_close(store);
  remove_folder(folder);
}

typedef struct {
  gint64 endpoint;
  const char *problem;
  SightProblemMark mark;
  guint said;
} Mark;

static gboolean do_mark(SightDb *db, gpointer data, GError **error) {
  const Mark *mark = data;

  return sight_problem_mark_write(db, mark->endpoint, mark->problem, &mark->mark, mark->said, error);
}

static void say_only(SightStore *store, gint64 endpoint, const char *problem, guint said, SightProblemMark mark) {
  Mark call = {endpoint, problem, mark, said};
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_DURABLE, do_mark, &call, &error);
  g_assert_no_error(error);
}

/* All of it. */
static void say_at(SightStore *store, gint64 endpoint, const char *problem, SightProblemMark mark) {
  say_only(store, endpoint, problem, (1U << SIGHT_N_PROBLEM_FIELDS) - 1, mark);
}

static void say(SightStore *store, const char *problem, SightProblemMark mark) {
  say_at(store, 1, problem, mark);
}

static SightProblemState state_under(SightStore *store, const char *filter, const char *id) {
  Call all = problems_of(store, filter);
  int state = -1;

  for (guint i = 0; i < all.problems->len; i++) {
    const SightProblem *problem = all.problems->pdata[i];
    if (g_str_equal(problem->id, id))
      state = (int)problem->state;
  }
  g_ptr_array_unref(all.problems);
  g_assert_cmpint(state, >=, 0);
  return (SightProblemState)state;
}

static SightProblemState state_of(SightStore *store, const char *id) {
  return state_under(store, "all", id);
}

static void visit(SightStore *store, const char *session, const char *release) {
  save(store, (Analysed){.session = session,
                         .pages = "/pay",
                         .signals = "d@5000",
                         .release = release,
                         .start_ms = g_get_real_time() / 1000 + HOUR_MS});
}

/* Who still has the release before the fix meets it without its having come back. */
static void test_old_release(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  Call all = problems_of(store, "all");
  const char *id = ((SightProblem *)all.problems->pdata[1])->id;

  save(store, (Analysed){.session = "with-41", .pages = "/pay", .release = "41"});
  save(store, (Analysed){.session = "with-42", .pages = "/pay", .release = "42", .start_ms = START_MS + HOUR_MS});
  say(store, id, (SightProblemMark){.state = SIGHT_PROBLEM_VERIFIED, .release = (char *)"42"});
  visit(store, "old-release", "41");
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_VERIFIED);
  /* Of a release that nobody has seen nothing is known. */
  say(store, id, (SightProblemMark){.state = SIGHT_PROBLEM_VERIFIED, .release = (char *)"43"});
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_REGRESSED);
  say(store, id, (SightProblemMark){.state = SIGHT_PROBLEM_VERIFIED, .release = (char *)"42"});
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_VERIFIED);
  visit(store, "new-release", "42");
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_REGRESSED);
  g_ptr_array_unref(all.problems);
  sight_store_close(store);
  remove_folder(folder);
}

/* What is said of a problem holds; a verified one that is seen again regressed, an ignored one that grew is new. */
static void test_state(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  Call all = problems_of(store, "all");
  const char *id = ((SightProblem *)all.problems->pdata[1])->id;

  g_assert_cmpint(((SightProblem *)all.problems->pdata[1])->n_users, ==, 3);
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_NEW);
  say(store, id, (SightProblemMark){.state = SIGHT_PROBLEM_VERIFIED});
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_VERIFIED);
  save(store,
       (Analysed){.session = "later", .pages = "/pay", .signals = "d@5000", .start_ms = g_get_real_time() / 1000});
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_REGRESSED);
  /* Whatever else is said of it, it is not verified by that. */
  say_only(store, 1, id, SIGHT_PROBLEM_SAYS_RELEASE, (SightProblemMark){.release = (char *)"2.4"});
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_REGRESSED);
  say(store, id, (SightProblemMark){.state = SIGHT_PROBLEM_IGNORED, .n_users = 4});
  for (int i = 0; i < 4; i++) {
    g_autofree char *session = g_strdup_printf("more-%d", i);
    g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_IGNORED);
    g_assert_cmpint(state_under(store, "page:/cart", id), ==, SIGHT_PROBLEM_IGNORED);
    save(store, (Analysed){.session = session, .pages = "/pay", .signals = "d@5000"});
  }
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_NEW);
  g_assert_cmpint(state_under(store, "page:/cart", id), ==, SIGHT_PROBLEM_NEW);
  g_ptr_array_unref(all.problems);
  sight_store_close(store);
  remove_folder(folder);
}

typedef struct {
  const SightProblem *problem;
  SightProblemWhere *where;
} Where;

static gboolean do_where(SightDb *db, gpointer data, GError **error) {
  Where *call = data;
  g_autoptr(SightSet) all = sight_index_table_all(db, error);

  call->where = all != NULL ? sight_problem_where(db, all, call->problem->filter, call->problem->page, error) : NULL;
  return call->where != NULL;
}

/* Who met it has phones, the others that viewed the page have none; of those who were elsewhere nothing is said. */
static void test_where(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  Call all = problems_of(store, "all");
  g_autoptr(GError) error = NULL;
  Where worst = {.problem = all.problems->pdata[0]}, dead = {.problem = all.problems->pdata[1]};

  sight_store_read(store, do_where, &worst, &error);
  g_assert_no_error(error);
  sight_store_read(store, do_where, &dead, &error);
  g_assert_no_error(error);
  g_assert_cmpint(worst.where->n_these, ==, 10);
  g_assert_cmpint(worst.where->n_those, ==, 10);
  g_assert_cmpuint(worst.where->shares->len, ==, 1);
  const SightProblemShare *phone = worst.where->shares->pdata[0];
  g_assert_cmpstr(phone->value, ==, "phone");
  g_assert_cmpstr(phone->filter, ==, "device:phone");
  g_assert_cmpint(phone->n_these, ==, 10);
  g_assert_cmpint(phone->n_those, ==, 0);
  g_assert_true(sight_problem_share_is_more(worst.where, phone));
  /* Three of the ten that the page has a phone from: no more than chance does. */
  g_assert_cmpint(dead.where->n_these, ==, 3);
  g_assert_cmpint(dead.where->n_those, ==, 17);
  g_assert_false(sight_problem_share_is_more(dead.where, dead.where->shares->pdata[0]));
  sight_problem_where_free(worst.where);
  sight_problem_where_free(dead.where);
  g_ptr_array_unref(all.problems);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_likeness(void) {
  SightProblem one = {.page = (char *)"/pay", .message = (char *)"Order 1234 failed"};
  SightProblem family = {.page = (char *)"/cart", .message = (char *)"Order 99 failed"};
  SightProblem here = {.page = (char *)"/pay", .target = (char *)"Pay now"};
  SightProblem pressed = {.page = (char *)"/cart", .target = (char *)"Pay now"};

  g_assert_cmpint(sight_problem_likeness(&one, &family), ==, SIGHT_PROBLEM_LIKE_MESSAGE);
  g_assert_cmpint(sight_problem_likeness(&here, &pressed), ==, SIGHT_PROBLEM_LIKE_TARGET);
  g_assert_cmpint(sight_problem_likeness(&one, &here), ==, SIGHT_PROBLEM_LIKE_PAGE);
  g_assert_cmpint(sight_problem_likeness(&one, &pressed), ==, SIGHT_PROBLEM_UNLIKE);
}

/* Two that are the same are one, whose filter picks the sessions of both; split they are two again. */
static void test_same(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  Call all = problems_of(store, "all");
  const SightProblem *rage = all.problems->pdata[0], *storm = all.problems->pdata[2];

  say(store, storm->id, (SightProblemMark){.same_as = rage->id});
  Call merged = problems_of(store, "all");
  g_assert_cmpuint(merged.problems->len, ==, 2);
  const SightProblem *both = merged.problems->pdata[0];
  g_assert_cmpstr(both->id, ==, rage->id);
  g_assert_cmpstr(both->title, ==, rage->title);
  g_assert_cmpint(both->n_users, ==, 11);
  g_assert_cmpint(both->n_sessions, ==, 30);
  Call shown = problems_of(store, both->filter);
  g_assert_cmpint(shown.n, ==, 30);
  g_assert_cmpuint(both->days->len, >=, 1);
  say(store, storm->id, (SightProblemMark){0});
  Call split = problems_of(store, "all");
  g_assert_cmpuint(split.problems->len, ==, 3);
  /* A ring says nothing, and ends. */
  say(store, storm->id, (SightProblemMark){.same_as = rage->id});
  say(store, rage->id, (SightProblemMark){.same_as = storm->id});
  Call ring = problems_of(store, "all");
  g_assert_cmpuint(ring.problems->len, >=, 2);
  Call *const calls[] = {&all, &merged, &shown, &split, &ring};
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
    g_ptr_array_unref(calls[i]->problems);
  sight_store_close(store);
  remove_folder(folder);
}

typedef struct {
  const char *id, *body;
  gint64 time_ms;
  GPtrArray *annotations;
  SightProblemMark *mark;
} Said;

static gboolean do_read_mark(SightDb *db, gpointer data, GError **error) {
  Said *said = data;
  g_autoptr(GHashTable) marks = sight_problem_marks_read(db, 1, error);

  said->mark = marks != NULL ? sight_problem_mark_copy(g_hash_table_lookup(marks, said->id)) : NULL;
  said->annotations = marks != NULL ? sight_annotation_table_list_all(db, 1, NULL, error) : NULL;
  return said->annotations != NULL;
}

static SightProblemMark *mark_of(SightStore *store, const char *id) {
  Said said = {.id = id};

  g_assert_true(sight_store_read(store, do_read_mark, &said, NULL));
  g_ptr_array_unref(said.annotations);
  return said.mark;
}

static gboolean do_take(SightDb *db, gpointer data, GError **error) {
  guint n = 0;

  return sight_annotation_table_put_all(db, data, SIGHT_ANNOTATION_OF_ENDPOINT, &n, error);
}

/* All that one workstation says arrives at the other. */
static void send(SightStore *from, SightStore *to, const char *id) {
  Said said = {.id = id};

  g_assert_true(sight_store_read(from, do_read_mark, &said, NULL));
  g_assert_true(sight_store_write(to, SIGHT_WRITE_DURABLE, do_take, said.annotations, NULL));
  g_ptr_array_unref(said.annotations);
  sight_problem_mark_free(said.mark);
}

/* As versions before said it: all in one. */
static gboolean do_put_whole(SightDb *db, gpointer data, GError **error) {
  const Said *said = data;
  g_autoptr(SightAnnotation) annotation = sight_annotation_new(1, NULL, "problem", -1, said->body);

  g_free(annotation->id);
  annotation->id = g_strconcat(SIGHT_ANNOTATION_PROBLEM_ID, said->id, NULL);
  annotation->updated_ms = said->time_ms;
  return sight_annotation_table_put(db, annotation, SIGHT_ANNOTATION_MADE_HERE, NULL, error);
}

static void check_fields(const SightProblemMark *mark) {
  g_assert_cmpint(mark->state, ==, SIGHT_PROBLEM_IGNORED);
  g_assert_cmpstr(mark->issue, ==, "https://tracker.example/2");
  g_assert_cmpstr(mark->release, ==, "1.0");
  g_assert_cmpint(mark->closed_ms, ==, 0);
}

/* Of two who say different things of a problem offline both are heard, beside what was said before. */
static void test_fields(void) {
  char *folders[2] = {make_folder(), make_folder()};
  g_autoptr(SightStore) ada = open_store(folders[0], SIGHT_STORE_CACHE);
  g_autoptr(SightStore) bob = open_store(folders[1], SIGHT_STORE_CACHE);
  gint64 ahead_ms = g_get_real_time() / 1000 + 3600000;
  Said whole = {
      .id = "p",
      .body =
          "{\"state\":\"fixed\",\"issue\":\"https://tracker.example/1\",\"closed\":5,\"release\":\"1.0\",\"users\":3}",
      .time_ms = ahead_ms};

  g_assert_true(sight_store_write(ada, SIGHT_WRITE_DURABLE, do_put_whole, &whole, NULL));
  send(ada, bob, "p");
  g_autoptr(SightProblemMark) before = mark_of(bob, "p");
  g_assert_cmpint(before->state, ==, SIGHT_PROBLEM_FIXED);
  g_assert_cmpint(before->closed_ms, ==, 5);
  g_assert_cmpint(before->state_ms, ==, ahead_ms);
  say_only(ada, 1, "p", SIGHT_PROBLEM_SAYS_ISSUE, (SightProblemMark){.issue = (char *)"https://tracker.example/2"});
  /* The cut of a comparison stays where it was. */
  g_autoptr(SightProblemMark) filed = mark_of(ada, "p");
  g_assert_cmpint(filed->state_ms, ==, ahead_ms);
  g_assert_cmpint(filed->since_ms, ==, before->since_ms);
  say_only(bob, 1, "p", SIGHT_PROBLEM_SAYS_STATE, (SightProblemMark){.state = SIGHT_PROBLEM_IGNORED, .n_users = 4});
  send(ada, bob, "p");
  send(bob, ada, "p");
  g_autoptr(SightProblemMark) of_ada = mark_of(ada, "p"), of_bob = mark_of(bob, "p");
  check_fields(of_ada);
  check_fields(of_bob);
  sight_store_close(ada);
  sight_store_close(bob);
  remove_folder(folders[0]);
  remove_folder(folders[1]);
}

static const SightProblem *problem_at(const Call *call, gint64 endpoint) {
  const SightProblem *found = NULL;

  for (guint i = 0; i < call->problems->len; i++) {
    const SightProblem *problem = call->problems->pdata[i];
    if (problem->endpoint != endpoint)
      continue;
    g_assert_null(found);
    found = problem;
  }
  return found;
}

static gboolean do_follow(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(GPtrArray) follow_ups = sight_follow_ups(db, call->problems, START_MS + 20 * DAY_MS, NULL, error);

  call->n = follow_ups != NULL ? (gint64)follow_ups->len : -1;
  return follow_ups != NULL;
}

/* What is said of a problem in one project is not said in another one that has the same: they are two from then on, and
 * visits of one tell nothing of the other. */
static void test_projects(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 staging = add_endpoint(store, "files", "Stage \"two\"");
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 20; i++) {
    g_autofree char *session = g_strdup_printf("shop-%d", i);
    save(store, (Analysed){.session = session, .pages = "/pay", .signals = "d@5000", .start_ms = START_MS + i * 60000});
  }
  for (int i = 0; i < 43; i++) {
    g_autofree char *session = g_strdup_printf("stage-%d", i);
    save_at(store, staging,
            (Analysed){.session = session,
                       .pages = "/pay",
                       .signals = i < 3 ? "d@5000" : NULL,
                       .start_ms = START_MS + (i < 3 ? 0 : 2 * DAY_MS)});
  }
  Call whole = problems_of(store, "all");
  g_assert_cmpuint(whole.problems->len, ==, 1);
  g_autofree char *id = g_strdup(((SightProblem *)whole.problems->pdata[0])->id);
  g_assert_cmpint(((SightProblem *)whole.problems->pdata[0])->n_users, ==, 23);
  say_at(store, 1, id, (SightProblemMark){.state = SIGHT_PROBLEM_FILED, .closed_ms = START_MS + DAY_MS});
  Call both = problems_of(store, "all"), own = problems_of(store, "endpoint:\"Stage \\\"two\\\"\"");
  const SightProblem *shop = problem_at(&both, 1), *stage = problem_at(&both, staging);
  g_assert_cmpint(shop->state, ==, SIGHT_PROBLEM_FILED);
  g_assert_cmpint(shop->n_users, ==, 20);
  g_assert_cmpint(shop->n_visits, ==, 20);
  g_assert_cmpint(stage->state, ==, SIGHT_PROBLEM_NEW);
  g_assert_cmpint(stage->n_users, ==, 3);
  g_assert_cmpint(stage->n_visits, ==, 43);
  g_assert_cmpint(problem_at(&own, staging)->state, ==, SIGHT_PROBLEM_NEW);
  Call shown = problems_of(store, stage->filter);
  g_assert_cmpint(shown.n, ==, 3);
  /* Forty clean visits would do, of the same project. */
  sight_store_read(store, do_follow, &both, &error);
  g_assert_no_error(error);
  g_assert_cmpint(both.n, ==, 0);
  for (int i = 0; i < 40; i++) {
    g_autofree char *session = g_strdup_printf("clean-%d", i);
    save(store, (Analysed){.session = session, .pages = "/pay", .start_ms = START_MS + 2 * DAY_MS});
  }
  sight_store_read(store, do_follow, &both, &error);
  g_assert_no_error(error);
  g_assert_cmpint(both.n, ==, 1);
  Call *const calls[] = {&whole, &both, &own, &shown};
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
    g_ptr_array_unref(calls[i]->problems);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_follow_up(SightDb *db, gpointer data, GError **error) {
  g_autoptr(GPtrArray) follow_ups = sight_follow_ups(db, data, START_MS + 20 * DAY_MS, NULL, error);

  g_assert_cmpuint(follow_ups->len, ==, 1);
  const SightFollowUp *one = follow_ups->pdata[0];
  g_assert_true(g_str_has_prefix(one->sentence, "Worse: "));
  return sight_follow_up_write(db, one, error);
}

/* What was said to be fixed and is met more often since is not fixed, and says so; once. */
static void test_worse(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;

  for (int i = 0; i < 50; i++) {
    g_autofree char *session = g_strdup_printf("visit-%d", i);
    save(store, (Analysed){.session = session,
                           .pages = "/pay",
                           .signals = i < 5 || i >= 30 ? "d@5000" : NULL,
                           .start_ms = START_MS + (i < 30 ? 0 : 2 * DAY_MS)});
  }
  Call all = problems_of(store, "all");
  const char *id = ((SightProblem *)all.problems->pdata[0])->id;
  say(store, id, (SightProblemMark){.state = SIGHT_PROBLEM_FIXED, .since_ms = START_MS + DAY_MS});
  Call said = problems_of(store, "all");
  sight_store_write(store, SIGHT_WRITE_DURABLE, do_follow_up, said.problems, &error);
  g_assert_no_error(error);
  g_assert_cmpint(state_of(store, id), ==, SIGHT_PROBLEM_REGRESSED);
  Call told = problems_of(store, "all");
  sight_store_read(store, do_follow, &told, &error);
  g_assert_no_error(error);
  g_assert_cmpint(told.n, ==, 0);
  Call *const calls[] = {&all, &said, &told};
  for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
    g_ptr_array_unref(calls[i]->problems);
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_pages(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSet) all = sight_index_table_all(db, error);

  call->problems = all != NULL ? sight_pages_list(db, all, NULL, error) : NULL;
  return call->problems != NULL;
}

static void test_pages(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  Call call = {0};
  g_autoptr(GError) error = NULL;

  /* Views of the fixture take 10 s each. */
  save(store, (Analysed){.session = "back", .pages = "/cart /pay /cart"});
  sight_store_read(store, do_pages, &call, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(call.problems->len, ==, 3);
  const SightPageUse *cart = call.problems->pdata[0], *pay = call.problems->pdata[1];
  g_assert_cmpstr(cart->page, ==, "/cart");
  g_assert_cmpint(cart->n_visits, ==, 22);
  g_assert_cmpint(cart->n_sessions, ==, 21);
  g_assert_cmpint(cart->n_entries, ==, 21);
  g_assert_cmpint(cart->n_exits, ==, 1);
  g_assert_cmpint(cart->n_signals, ==, 0);
  g_assert_cmpint(cart->median_ms, ==, 10000);
  g_assert_cmpstr(pay->page, ==, "/pay");
  g_assert_cmpint(pay->n_exits, ==, 20);
  /* All signals of the fixture are there; noise is none. */
  g_assert_cmpint(pay->n_signals, ==, 10 + 3 + 20);
  g_ptr_array_unref(call.problems);
  sight_store_close(store);
  remove_folder(folder);
}

/* One problem as one pass over everything tells it. */
typedef struct {
  GHashTable *users, *sessions, *releases;
  gint64 first_ms, last_ms;
} Naive;

static Naive *naive_new(void) {
  Naive *naive = g_new0(Naive, 1);

  naive->users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  naive->sessions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  naive->releases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  naive->first_ms = G_MAXINT64;
  return naive;
}

static void naive_free(gpointer data) {
  Naive *naive = data;

  g_hash_table_unref(naive->users);
  g_hash_table_unref(naive->sessions);
  g_hash_table_unref(naive->releases);
  g_free(naive);
}

static void note(GHashTable *all, const SightSession *session, const char *fingerprint) {
  g_autofree char *id = sight_query_problem(fingerprint);
  Naive *naive = g_hash_table_lookup(all, id);
  gint64 at_ms = session->started_ms / 1000 * 1000;

  if (naive == NULL) {
    naive = naive_new();
    g_hash_table_insert(all, g_strdup(id), naive);
  }
  g_hash_table_add(naive->users, g_strdup(session->user != NULL ? session->user : session->session));
  g_hash_table_add(naive->sessions, g_strdup(session->session));
  if (session->release != NULL)
    g_hash_table_add(naive->releases, g_strdup(session->release));
  naive->first_ms = MIN(naive->first_ms, at_ms);
  naive->last_ms = MAX(naive->last_ms, at_ms);
}

static void check_naive(const SightProblem *problem, const Naive *naive) {
  gint64 n_days = 0;

  g_assert_cmpint(problem->n_users, ==, g_hash_table_size(naive->users));
  g_assert_cmpint(problem->n_sessions, ==, g_hash_table_size(naive->sessions));
  g_assert_cmpint(problem->releases->len, ==, g_hash_table_size(naive->releases));
  g_assert_cmpint(problem->first_seen_ms, ==, naive->first_ms);
  g_assert_cmpint(problem->last_seen_ms, ==, naive->last_ms);
  for (guint i = 0; i < problem->days->len; i++)
    n_days += g_array_index(problem->days, SightProblemDay, i).n;
  g_assert_cmpint(n_days, ==, problem->n_sessions);
}

/* A dead click that is one of a rage click's is about the same. */
static const char *about(const GPtrArray *signals, const SightSignal *signal) {
  for (guint i = 0; signal->kind == SIGHT_SIGNAL_DEAD && i < signals->len; i++) {
    const SightSignal *rage = signals->pdata[i];
    if (rage->kind == SIGHT_SIGNAL_RAGE && rage->start_ms <= signal->end_ms && rage->end_ms >= signal->start_ms &&
        g_strcmp0(rage->page, signal->page) == 0)
      return rage->fingerprint;
  }
  return signal->fingerprint;
}

/* Two passes tell what one over every signal tells, and a limit gives the beginning of the same list. */
static gboolean do_compare(SightDb *db, gpointer data, GError **error) {
  g_autoptr(GHashTable) naive = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, naive_free);
  g_autoptr(SightSet) all = sight_index_table_all(db, error);
  g_autoptr(GArray) rows = sight_set_rows(all);

  for (guint i = 0; i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
    for (guint j = 0; j < signals->len; j++)
      note(naive, session, about(signals, signals->pdata[j]));
  }
  g_autoptr(GPtrArray) whole = sight_problems_list(db, all, 0, NULL, error);
  g_assert_nonnull(whole);
  g_assert_cmpuint(whole->len, ==, g_hash_table_size(naive));
  for (guint i = 0; i < whole->len; i++) {
    const SightProblem *problem = whole->pdata[i];
    check_naive(problem, g_hash_table_lookup(naive, problem->id));
    if (i > 0)
      g_assert_cmpfloat(((SightProblem *)whole->pdata[i - 1])->score, >=, problem->score);
  }
  for (guint limit = 1; limit <= whole->len; limit += 3) {
    g_autoptr(GPtrArray) first = sight_problems_list(db, all, limit, NULL, error);
    g_assert_cmpuint(first->len, ==, limit);
    for (guint i = 0; i < limit; i++)
      g_assert_cmpstr(((SightProblem *)first->pdata[i])->id, ==, ((SightProblem *)whole->pdata[i])->id);
  }
  return TRUE;
}

static void test_two_passes(void) {
  static const char *const kinds = "rdecq";
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;

  sight_store_write(store, SIGHT_WRITE_DURABLE, do_settings, (gpointer)KEY_ACTION, &error);
  g_assert_no_error(error);
  for (int i = 0; i < 120; i++) {
    g_autofree char *id = g_strdup_printf("visit-%d", i), *user = g_strdup_printf("u%d", g_test_rand_int_range(0, 30));
    g_autofree char *release = g_strdup_printf("1.%d", g_test_rand_int_range(0, 3));
    g_autoptr(GString) signals = g_string_new(NULL);
    for (int n = g_test_rand_int_range(0, 4); n > 0; n--)
      g_string_append_printf(signals, "%s%c@%d", signals->len > 0 ? " " : "", kinds[g_test_rand_int_range(0, 5)],
                             1000 * g_test_rand_int_range(1, 6));
    save(store, (Analysed){.session = id,
                           .user = i % 4 > 0 ? user : NULL,
                           .pages = i % 3 > 0 ? "/cart /pay" : "/pay",
                           .signals = signals->str,
                           .release = release,
                           .key_action = g_test_rand_bit(),
                           .start_ms = START_MS + g_test_rand_int_range(0, 900000000)});
  }
  sight_store_read(store, do_compare, NULL, &error);
  g_assert_no_error(error);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/insight/problems/list", test_list);
  g_test_add_func("/insight/problems/state", test_state);
  g_test_add_func("/insight/problems/old-release", test_old_release);
  g_test_add_func("/insight/problems/same", test_same);
  g_test_add_func("/insight/problems/where", test_where);
  g_test_add_func("/insight/problems/likeness", test_likeness);
  g_test_add_func("/insight/problems/fields", test_fields);
  g_test_add_func("/insight/problems/projects", test_projects);
  g_test_add_func("/insight/problems/worse", test_worse);
  g_test_add_func("/insight/problems/of-filter", test_of_filter);
  g_test_add_func("/insight/pages/list", test_pages);
  g_test_add_func("/problems/two-passes", test_two_passes);
  return g_test_run();
}
