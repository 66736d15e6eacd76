/* SPDX-License-Identifier: MIT */
/* Comparing: who belongs to which side, who counts once, and what is said. */
#include "sight-compare-ask.h"
#include "sight-index-table.h"
#include "store-fixture.h"

#include <string.h>

#define DAY_MS (G_GINT64_CONSTANT(86400000))
#define CUT_DAY 20

typedef struct {
  const char *session, *click, *variant, *release;
  SightCompareSpec spec;
  const char *problem, *opportunity;
  SightComparison *comparison;
} Call;

typedef struct {
  const char *user, *release, *click, *variant;
  double day;
} Visit;

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  const Call *call = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, call->session, error);
  g_autoptr(SightOccurrences) index = sight_occurrences_new();

  sight_occurrences_term(index, SIGHT_TERM_PAGE, "/pay");
  if (call->click != NULL)
    sight_occurrences_term(index, SIGHT_TERM_CLICK, call->click);
  sight_occurrences_term(index, SIGHT_TERM_RELEASE, call->release != NULL ? call->release : session->release);
  if (call->variant != NULL)
    sight_occurrences_term(index, SIGHT_TERM_VARIANT, call->variant);
  return sight_index_table_save(db, session->row, session->endpoint, index, error);
}

static void visit(SightStore *store, Visit what) {
  static int n = 0;
  g_autofree char *session = g_strdup_printf("session-%d", n++);
  g_autoptr(GError) error = NULL;
  Call call = {.session = session, .click = what.click, .variant = what.variant};

  save_analysed(store, 1,
                (Analysed){.session = session,
                           .user = what.user,
                           .release = what.release,
                           .pages = what.click != NULL ? "/pay /pay" : "/pay",
                           .start_ms = START_MS + (gint64)(what.day * (double)DAY_MS)});
  sight_store_write(store, SIGHT_WRITE_UNSEEN, do_index, &call, &error);
  g_assert_no_error(error);
}

static gboolean do_compare(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) problem = sight_filter_parse(call->problem, NULL, error);
  g_autoptr(SightFilter) opportunity = sight_compare_opportunity("/pay");

  g_assert_nonnull(problem);
  call->spec.problem = problem;
  call->spec.opportunity = opportunity;
  call->comparison = sight_compare_run(db, &call->spec, NULL, error);
  return call->comparison != NULL;
}

static SightComparison *compare(SightStore *store, const char *problem, SightCompareSpec spec) {
  Call call = {.problem = problem, .spec = spec};
  g_autoptr(GError) error = NULL;

  call.spec.days = spec.days > 0 ? spec.days : SIGHT_COMPARE_DAYS;
  call.spec.now_ms = spec.now_ms > 0 ? spec.now_ms : START_MS + (CUT_DAY + 10) * DAY_MS;
  sight_store_read(store, do_compare, &call, &error);
  g_assert_no_error(error);
  return call.comparison;
}

/* Of 56 in the two weeks before, a quarter met it; 80 since, none. Beside them: visits of older days, an old tab after
 * the release, and one visitor who came again and again. */
static SightStore *make_store(char **folder) {
  *folder = make_folder();
  SightStore *store = open_store(*folder, SIGHT_STORE_CACHE);

  for (int i = 0; i < 56; i++)
    visit(store, (Visit){.release = "2.3", .click = i % 4 == 0 ? "Oops" : NULL, .day = CUT_DAY - 14 + 0.25 * i + 0.1});
  for (int i = 0; i < 10; i++)
    visit(store, (Visit){.release = "2.2", .click = "Oops", .day = 1});
  for (int i = 0; i < 80; i++)
    visit(store, (Visit){.release = i % 2 == 0 ? "2.4" : "2.5", .day = CUT_DAY + 0.1 * i});
  for (int i = 0; i < 10; i++)
    visit(store, (Visit){.release = "2.3", .click = "Oops", .day = CUT_DAY + 1});
  for (int i = 0; i < 10; i++)
    visit(store,
          (Visit){.user = "ada", .release = "2.3", .click = i > 0 ? "Oops" : NULL, .day = CUT_DAY - 9 + 0.5 * i});
  return store;
}

static void test_release(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  g_autoptr(SightComparison) fixed = compare(store, "click:oops", (SightCompareSpec){.release = "2.4", .page = "/pay"});
  g_autofree char *says = sight_comparison_sentence(fixed);

  g_assert_cmpint(fixed->before.n, ==, 57);
  g_assert_cmpint(fixed->before.n_had, ==, 14);
  g_assert_cmpint(fixed->before.n_sessions, ==, 66);
  g_assert_cmpint(fixed->after.n, ==, 80);
  g_assert_cmpint(fixed->after.n_had, ==, 0);
  g_assert_cmpint(fixed->looks.look, ==, 80);
  g_assert_cmpint(fixed->looks.next, ==, 160);
  g_assert_cmpint(fixed->looks.verdict, ==, SIGHT_VERDICT_IMPROVED);
  g_assert_true(g_str_has_prefix(says, "Improved: 24.6 % of 57 before, 0.0 % of 80 after"));
  g_assert_cmpfloat(fixed->difference.high, <, 0);
  g_assert_cmpfloat(fixed->difference.low, <, fixed->once.low);
  /* 80 in ten days: as many more take ten more, which is not within two weeks. */
  g_assert_cmpint(fixed->next_ms, ==, 0);
  g_autoptr(SightComparison) longer = compare(store, "click:oops", (SightCompareSpec){.release = "2.4", .days = 28});
  g_assert_cmpint(longer->looks.next, ==, 160);
  g_assert_cmpint(longer->next_ms, ==, START_MS + (CUT_DAY + 20) * DAY_MS);
  g_assert_true(fixed->has_times);
  g_assert_cmpfloat(fixed->after.median_ms, ==, 10000);
  g_assert_nonnull(fixed->before.example);
  g_autofree char *met = g_strdup_printf("session:%s (click:oops)", fixed->before.example);
  g_autofree char *clean = g_strdup_printf("session:%s (page:/pay)", fixed->after.example);
  g_assert_cmpstr(fixed->before.moment, ==, met);
  g_assert_cmpstr(fixed->after.moment, ==, clean);
  /* They are all of endpoint 1. */
  g_autoptr(SightComparison) own = compare(store, "click:oops", (SightCompareSpec){.release = "2.4", .endpoint = 1});
  g_autoptr(SightComparison) other = compare(store, "click:oops", (SightCompareSpec){.release = "2.4", .endpoint = 2});
  g_assert_cmpint(own->before.n, ==, 57);
  g_assert_cmpint(own->after.n, ==, 80);
  g_assert_cmpint(other->before.n, ==, 0);
  g_assert_cmpint(other->after.n, ==, 0);
  sight_store_close(store);
  remove_folder(folder);
}

/* Who came when the time after was over is not counted, until a longer time is asked for. */
static void test_windows(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  SightCompareSpec spec = {.date_ms = START_MS + CUT_DAY * DAY_MS, .now_ms = START_MS + (CUT_DAY + 40) * DAY_MS};

  for (int i = 0; i < 40; i++)
    visit(store, (Visit){.click = i % 4 == 0 ? "Oops" : NULL, .day = CUT_DAY - 19 + 0.45 * i});
  for (int i = 0; i < 15; i++)
    visit(store, (Visit){.day = CUT_DAY + 1 + 2 * i});
  g_autoptr(SightComparison) two = compare(store, "click:oops", spec);
  g_autofree char *says = sight_comparison_sentence(two);
  g_assert_cmpint(two->after.n, ==, 7);
  g_assert_cmpint(two->after.to_ms, ==, START_MS + (CUT_DAY + 13) * DAY_MS);
  g_assert_true(two->over);
  g_assert_cmpint(two->next_ms, ==, 0);
  g_assert_nonnull(strstr(says, "the 14 days after it are over, and 13 visits are missing for the next look"));
  spec.days = 28;
  g_autoptr(SightComparison) four = compare(store, "click:oops", spec);
  g_assert_cmpint(four->before.n, ==, 40);
  g_assert_cmpint(four->after.n, ==, 14);
  g_assert_true(four->over);
  spec.now_ms = START_MS + (CUT_DAY + 20) * DAY_MS;
  g_autoptr(SightComparison) open = compare(store, "click:oops", spec);
  g_assert_false(open->over);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_guess(void) {
  static const char *const cases[][2] = {
      {"rage page:/pay", "page:/pay"},    {"device:phone rage[page:/pay target:\"Pay now\"]", "page:/pay"},
      {"page:/pay[url:*x]", "page:/pay"}, {"page:/cart or page:/pay", "all"},
      {"rage -page:/pay", "all"},         {"page:/cart then page:/pay", "page:/cart"}};

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *guess = sight_compare_guess(cases[i][0], &error);
    g_assert_no_error(error);
    g_assert_cmpstr(guess, ==, cases[i][1]);
  }
}

static void test_waiting(void) {
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&folder);
  g_autoptr(SightComparison) nobody = compare(store, "click:oops", (SightCompareSpec){.release = "9.9"});
  g_autoptr(SightComparison) late =
      compare(store, "click:oops", (SightCompareSpec){.date_ms = START_MS + (CUT_DAY + 9) * DAY_MS});
  g_autoptr(SightComparison) first = compare(store, "click:oops", (SightCompareSpec){.date_ms = START_MS});
  g_autofree char *says = sight_comparison_sentence(nobody), *waits = sight_comparison_sentence(late);

  g_assert_cmpint(nobody->looks.verdict, ==, SIGHT_VERDICT_NO_VISITS);
  g_assert_true(g_str_has_prefix(says, "No visits:"));
  g_assert_cmpint(late->looks.verdict, ==, SIGHT_VERDICT_NO_VISITS);
  g_assert_nonnull(waits);
  g_assert_cmpint(first->looks.verdict, ==, SIGHT_VERDICT_NO_BASELINE);
  /* The last visits are those of day 28: none since day 29, 20 since day 26. */
  g_autoptr(SightComparison) some = compare(
      store, "click:oops", (SightCompareSpec){.date_ms = START_MS + CUT_DAY * DAY_MS + (gint64)(6.95 * DAY_MS)});
  g_autofree char *more = sight_comparison_sentence(some);
  g_assert_cmpint(some->after.n, ==, 10);
  g_assert_true(g_str_has_prefix(more, "Not enough: 10 more visits until the next look on about 20"));
  sight_store_close(store);
  remove_folder(folder);
}

static gboolean do_releases(SightDb *db, gpointer data, GError **error) {
  GPtrArray **releases = data;

  *releases = sight_compare_releases(db, 1, NULL, error);
  return *releases != NULL;
}

/* The newest is that which came last, whatever clocks of visitors say. */
static void test_releases(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  Call call = {.session = "old-clock", .release = "3.0"};
  GPtrArray *read = NULL;

  visit(store, (Visit){.release = "1.0", .day = 1});
  visit(store, (Visit){.release = "2.0", .day = 2});
  put_late(store, 1, call.session, DAY_MS, START_MS + 3 * DAY_MS);
  g_assert_true(sight_store_write(store, SIGHT_WRITE_UNSEEN, do_index, &call, NULL));
  g_assert_true(sight_store_read(store, do_releases, &read, NULL));
  g_autoptr(GPtrArray) releases = read;
  g_assert_cmpuint(releases->len, ==, 3);
  for (guint i = 0; i < releases->len; i++)
    g_assert_cmpint(((const char *)releases->pdata[i])[0], ==, "321"[i]);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_variants(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  SightCompareSpec spec = {.variant = "pay=new", .against = "pay=old", .share = 0.5};

  for (int i = 0; i < 200; i++)
    visit(store, (Visit){.variant = i % 2 == 0 ? "pay=new" : "pay=old",
                         .click = i % 2 == 0 && i % 3 == 0 ? "Oops" : NULL,
                         .day = 1 + 0.01 * i});
  g_autoptr(SightComparison) worse = compare(store, "click:oops", spec);
  g_assert_cmpint(worse->looks.verdict, ==, SIGHT_VERDICT_WORSE);
  g_assert_cmpint(worse->after.n, ==, 100);
  g_assert_cmpint(worse->before.n, ==, 100);
  g_assert_false(sight_comparison_is_broken(worse));
  g_assert_cmpuint(worse->contrast->differences->len, >, 0);
  for (int i = 0; i < 100; i++)
    visit(store, (Visit){.variant = "pay=new", .day = 4});
  g_autoptr(SightComparison) uneven = compare(store, "click:oops", spec);
  g_autofree char *says = sight_comparison_sentence(uneven);
  g_assert_true(sight_comparison_is_broken(uneven));
  g_assert_true(g_str_has_prefix(says, "Nothing can be said: the variants have 100 and 200 visitors"));
  spec.share = 2.0 / 3;
  g_autoptr(SightComparison) meant = compare(store, "click:oops", spec);
  g_assert_false(sight_comparison_is_broken(meant));
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/insight/compare/release", test_release);
  g_test_add_func("/insight/compare/waiting", test_waiting);
  g_test_add_func("/insight/compare/windows", test_windows);
  g_test_add_func("/insight/compare/guess", test_guess);
  g_test_add_func("/insight/compare/releases", test_releases);
  g_test_add_func("/insight/compare/variants", test_variants);
  return g_test_run();
}
