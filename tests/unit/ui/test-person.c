/* SPDX-License-Identifier: MIT */
/* The sessions of a person on one line of time. */
#include "sight-index-table.h"
#include "sight-ui-person-line.h"
#include "sight-ui-person.h"
#include "store-fixture.h"

#include <string.h>

#define DAY_MS G_GINT64_CONSTANT(86400000)
#define HOSTILE "\u202e<b>Zoe</b> \"%s\""

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  const SightSession *session = data;
  g_autoptr(SightOccurrences) occurrences = sight_occurrences_new();

  if (session->user != NULL)
    sight_occurrences_also(occurrences, sight_occurrences_term(occurrences, SIGHT_TERM_USER, session->user));
  return sight_index_table_save(db, session->row, session->endpoint, occurrences, error);
}

/* Looked through, and found by its user. */
static gint64 put(SightStore *store, Analysed what) {
  g_autoptr(GError) error = NULL;
  gint64 row = save_analysed(store, 1, what);
  g_autoptr(SightSession) session = get_session(store, row);

  sight_store_write(store, SIGHT_WRITE_NORMAL, do_index, session, &error);
  g_assert_no_error(error);
  return row;
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  SightUiPerson **person = user_data;
  g_autoptr(GError) error = NULL;

  *person = sight_ui_person_read_finish(result, &error);
  g_assert_no_error(error);
}

static SightUiPerson *read_person(SightStore *store, gint64 row) {
  SightUiPerson *person = NULL;

  sight_ui_person_read_async(store, row, NULL, read_cb, &person);
  while (person == NULL)
    g_main_context_iteration(NULL, TRUE);
  return person;
}

static const SightUiPersonSession *session_at(const SightUiPerson *person, guint i) {
  g_assert_cmpuint(i, <, person->sessions->len);
  return person->sessions->pdata[i];
}

static const SightUiPersonSpan *span_at(const SightUiPersonLine *line, guint i) {
  return &g_array_index(line->spans, SightUiPersonSpan, i);
}

static const SightUiPersonMark *mark_at(const SightUiPersonLine *line, guint i) {
  return &g_array_index(line->marks, SightUiPersonMark, i);
}

/* In the order in which they began, whenever they were received; those of others are not among them. */
static void test_order(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  put(store, (Analysed){.session = "third-1", .user = HOSTILE, .pages = "/a", .start_ms = START_MS + 3 * DAY_MS});
  gint64 first = put(
      store,
      (Analysed){
          .session = "first-1", .user = HOSTILE, .pages = "/a /b", .signals = "s@2000 r@5000", .start_ms = START_MS});
  put(store, (Analysed){.session = "second-1", .user = HOSTILE, .pages = "/a", .start_ms = START_MS + 20000 + 7199000});
  put(store, (Analysed){.session = "during-1", .user = HOSTILE, .pages = "/a", .start_ms = START_MS + 5000});
  put(store, (Analysed){.session = "others-1", .user = "bob", .pages = "/a", .start_ms = START_MS + DAY_MS});
  gint64 nobody = put(store, (Analysed){.session = "nobody-1", .pages = "/a", .start_ms = START_MS + DAY_MS});

  g_autoptr(SightUiPerson) person = read_person(store, first);
  static const char *const later[] = {NULL, "at the same time", "1 h later", "2 days later"};
  g_assert_cmpstr(person->user, ==, HOSTILE);
  g_assert_cmpuint(person->sessions->len, ==, G_N_ELEMENTS(later));
  g_assert_cmpuint(person->n_sessions, ==, G_N_ELEMENTS(later));
  for (guint i = 0; i < G_N_ELEMENTS(later); i++) {
    g_assert_cmpstr(session_at(person, i)->later, ==, later[i]);
    g_assert_true(i == 0 || session_at(person, i)->start_ms > session_at(person, i - 1)->start_ms);
  }
  g_assert_cmpint(session_at(person, 0)->row, ==, first);
  g_assert_cmpint(session_at(person, 0)->end_ms - session_at(person, 0)->start_ms, ==, 20000);
  g_assert_nonnull(strstr(session_at(person, 0)->when, " · 0:20"));
  g_assert_nonnull(session_at(person, 0)->day);
  g_assert_null(session_at(person, 1)->day); /* the same one */
  g_assert_nonnull(session_at(person, 3)->day);
  const GArray *moments = session_at(person, 0)->moments;
  g_assert_cmpuint(moments->len, ==, 2);
  g_assert_cmpint(g_array_index(moments, SightUiPersonMoment, 0).kind, ==, SIGHT_SIGNAL_RAGE);
  g_assert_cmpint(g_array_index(moments, SightUiPersonMoment, 0).at_ms, ==, 5000);

  g_autoptr(SightUiPerson) unknown = read_person(store, nobody);
  g_assert_null(unknown->user);
  g_assert_cmpuint(unknown->sessions->len, ==, 0);
  sight_store_close(store);
  remove_folder(folder);
}

/* Where the clock of a visitor was wrong nothing is said of how much later it was. */
static void test_undated(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);

  put(store, (Analysed){.session = "dated-1", .user = "ada", .pages = "/a", .start_ms = START_MS});
  put_late(store, 1, "wrong-1", 5, START_MS + DAY_MS);
  gint64 row = put(store, (Analysed){.session = "wrong-1", .user = "ada", .pages = "/a", .start_ms = 5});
  g_autoptr(SightUiPerson) person = read_person(store, row);
  g_assert_cmpuint(person->sessions->len, ==, 2);
  g_assert_cmpint(session_at(person, 1)->row, ==, row);
  g_assert_false(session_at(person, 1)->dated);
  g_assert_null(session_at(person, 1)->later);
  g_assert_cmpint(session_at(person, 1)->end_ms, ==, START_MS + DAY_MS);
  sight_store_close(store);
  remove_folder(folder);
}

/* So many are told, the newest ones, and of how many. */
static void test_many(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  gint64 row = 0;

  for (int i = 0; i < SIGHT_UI_PERSON_SESSIONS + 3; i++) {
    g_autofree char *id = g_strdup_printf("session-%04d", i);
    row = put(store, (Analysed){.session = id, .user = "ada", .pages = "/a", .start_ms = START_MS + i * DAY_MS});
  }
  g_autoptr(SightUiPerson) person = read_person(store, row);
  g_autofree char *text = sight_ui_person_describe(person);
  g_assert_cmpuint(person->sessions->len, ==, SIGHT_UI_PERSON_SESSIONS);
  g_assert_cmpuint(person->n_sessions, ==, SIGHT_UI_PERSON_SESSIONS + 3);
  g_assert_cmpint(session_at(person, 0)->start_ms, ==, START_MS + 3 * DAY_MS);
  g_assert_cmpint(session_at(person, SIGHT_UI_PERSON_SESSIONS - 1)->row, ==, row);
  g_assert_cmpstr(text, ==, "The newest 200 of 203 sessions");
  sight_store_close(store);
  remove_folder(folder);
}

static void session_clear(gpointer data) {
  SightUiPersonSession *session = data;

  g_array_unref(session->moments);
  g_free(session);
}

static SightUiPerson *person_new(void) {
  SightUiPerson *person = g_new0(SightUiPerson, 1);

  person->facts = g_ptr_array_new();
  person->sessions = g_ptr_array_new_with_free_func(session_clear);
  return person;
}

static void add_session(SightUiPerson *person, gint64 start_ms, gint64 end_ms) {
  SightUiPersonSession *session = g_new0(SightUiPersonSession, 1);

  session->start_ms = START_MS + start_ms;
  session->end_ms = START_MS + end_ms;
  session->moments = g_array_new(FALSE, FALSE, sizeof(SightUiPersonMoment));
  g_ptr_array_add(person->sessions, session);
}

static void add_moment(SightUiPerson *person, guint session, SightSignalKind kind, gint64 at_ms) {
  SightUiPersonMoment moment = {kind, at_ms};

  g_array_append_val(session_at(person, session)->moments, moment);
}

/* Each as long as it was beside the others; what is between them is short, however long it was. */
static void test_line(void) {
  g_autoptr(SightUiPerson) person = person_new();

  add_session(person, 0, 10000);
  add_session(person, 10 * DAY_MS, 10 * DAY_MS + 40000);
  add_session(person, 11 * DAY_MS, 11 * DAY_MS);
  g_autoptr(SightUiPersonLine) line = sight_ui_person_line_new(person, 500);
  double one = span_at(line, 0)->x1 - span_at(line, 0)->x0, other = span_at(line, 1)->x1 - span_at(line, 1)->x0;
  g_assert_cmpuint(line->spans->len, ==, 3);
  g_assert_cmpuint(line->folds->len, ==, 2);
  g_assert_cmpfloat(one, >, 50);
  g_assert_cmpfloat(other, >, 3 * one);
  g_assert_cmpfloat(span_at(line, 2)->x1 - span_at(line, 2)->x0, >=, 3);
  g_assert_cmpfloat(span_at(line, 0)->x0, >=, SIGHT_UI_PERSON_MARK / 2);
  g_assert_cmpfloat(span_at(line, 2)->x1, <=, 500);
  for (guint i = 0; i < 2; i++) {
    double fold = g_array_index(line->folds, double, i);
    g_assert_cmpfloat(fold, >, span_at(line, i)->x1);
    g_assert_cmpfloat(fold, <, span_at(line, i + 1)->x0);
    g_assert_cmpfloat(span_at(line, i + 1)->x0 - span_at(line, i)->x1, <, 20);
  }
  double x = sight_ui_person_line_x(line, person, 1, 20000);
  g_assert_cmpfloat_with_epsilon(x, (span_at(line, 1)->x0 + span_at(line, 1)->x1) / 2, 0.01);
  g_assert_cmpint(ABS(sight_ui_person_line_ms(line, person, 1, x) - 20000), <=, 1);
  g_assert_cmpint(sight_ui_person_line_ms(line, person, 1, 0), ==, 0);
  g_assert_cmpint(sight_ui_person_line_ms(line, person, 1, 1000), ==, 40000);
}

/* At the same time they lie one below the other, each where it was. */
static void test_lanes(void) {
  g_autoptr(SightUiPerson) person = person_new();

  add_session(person, 0, 100000);
  add_session(person, 20000, 50000);
  add_session(person, 30000, 40000);
  add_session(person, 60000, 120000);
  add_session(person, 120000, 130000); /* as those before are over */
  g_autoptr(SightUiPersonLine) line = sight_ui_person_line_new(person, 600);
  static const guint lanes[] = {0, 1, 2, 1, 0}, n_lanes[] = {3, 3, 3, 3, 1};
  for (guint i = 0; i < G_N_ELEMENTS(lanes); i++) {
    g_assert_cmpuint(span_at(line, i)->lane, ==, lanes[i]);
    g_assert_cmpuint(span_at(line, i)->n_lanes, ==, n_lanes[i]);
    g_assert_true(i == 0 || span_at(line, i)->x0 > span_at(line, i - 1)->x0);
  }
  g_assert_cmpuint(line->folds->len, ==, 1);
  g_assert_cmpfloat(span_at(line, 1)->x1, <, span_at(line, 3)->x0);
  g_assert_cmpfloat(span_at(line, 0)->x1, <, span_at(line, 3)->x1);

  /* However narrow it is, each has some room. */
  g_autoptr(SightUiPerson) apart = person_new();
  add_session(apart, 0, 120000);
  add_session(apart, 120000, 130000);
  g_assert_cmpfloat(sight_ui_person_line_least(person), >=, sight_ui_person_line_least(apart) + 3 * 5);
}

/* Of marks that would cover each other the gravest one is drawn, also where there is hardly room. */
static void test_marks(void) {
  g_autoptr(SightUiPerson) person = person_new();

  add_session(person, 0, 100000);
  add_moment(person, 0, SIGHT_SIGNAL_SCROLL, 50000);
  add_moment(person, 0, SIGHT_SIGNAL_RAGE, 51000);
  add_moment(person, 0, SIGHT_SIGNAL_DEAD, 5000);
  g_autoptr(SightUiPersonLine) line = sight_ui_person_line_new(person, 500);
  g_assert_cmpuint(line->marks->len, ==, 2);
  g_assert_cmpint(mark_at(line, 0)->moment.kind, ==, SIGHT_SIGNAL_DEAD);
  g_assert_cmpint(mark_at(line, 1)->moment.kind, ==, SIGHT_SIGNAL_RAGE);
  g_assert_cmpfloat(mark_at(line, 1)->x, ==, sight_ui_person_line_x(line, person, 0, 51000));

  /* However many there are, each session can be told and has its gravest mark. */
  g_autoptr(SightUiPerson) busy = person_new();
  for (guint i = 0; i < SIGHT_UI_PERSON_SESSIONS; i++) {
    add_session(busy, i * DAY_MS, i * DAY_MS + (i % 7) * 60000);
    add_moment(busy, i, SIGHT_SIGNAL_SCROLL, 0);
    add_moment(busy, i, SIGHT_SIGNAL_RAGE, (i % 7) * 30000);
  }
  g_autoptr(SightUiPersonLine) packed = sight_ui_person_line_new(busy, 10);
  g_assert_cmpuint(packed->spans->len, ==, SIGHT_UI_PERSON_SESSIONS);
  g_assert_cmpuint(packed->marks->len, ==, SIGHT_UI_PERSON_SESSIONS);
  for (guint i = 0; i < packed->marks->len; i++) {
    g_assert_cmpuint(mark_at(packed, i)->session, ==, i);
    g_assert_cmpint(mark_at(packed, i)->moment.kind, ==, SIGHT_SIGNAL_RAGE);
    g_assert_cmpfloat(span_at(packed, i)->x1, <, sight_ui_person_line_least(busy));
    g_assert_true(i == 0 || mark_at(packed, i)->x - mark_at(packed, i - 1)->x >= SIGHT_UI_PERSON_MARK);
  }

  g_autoptr(SightUiPerson) none = person_new();
  g_autoptr(SightUiPersonLine) empty = sight_ui_person_line_new(none, 100);
  g_assert_cmpuint(empty->spans->len + empty->marks->len + empty->folds->len, ==, 0);
}

int main(int argc, char **argv) {
  g_setenv("LANGUAGE", "en", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/person/order", test_order);
  g_test_add_func("/person/undated", test_undated);
  g_test_add_func("/person/many", test_many);
  g_test_add_func("/person/line", test_line);
  g_test_add_func("/person/lanes", test_lanes);
  g_test_add_func("/person/marks", test_marks);
  return g_test_run();
}
