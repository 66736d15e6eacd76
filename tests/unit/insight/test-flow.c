/* SPDX-License-Identifier: MIT */
/* Flows over random visits are what a plain walk through their pages counts; parts hold every session. */
#include "sight-flow.h"
#include "sight-index-table.h"
#include "sight-terms.h"
#include "sight-variants.h"
#include "store-fixture.h"

#include <string.h>

#define N_VISITS 60
#define MAX_PAGES 9
/* A view of the fixture. */
#define VIEW_MS 10000

static const char *const pages[] = {"/a", "/b", "/c", "/d"};
static const char *const devices[] = {"phone", "desktop", NULL};

typedef struct {
  guint n, pages[MAX_PAGES];
  const char *device;
} Visit;

typedef struct {
  SightStore *store;
  char *folder;
  Visit visits[N_VISITS];
  const char *id, *device; /* of the one that is indexed */
  const char *const *variants;
} Fixture;

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  const Fixture *f = data;
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, f->id, error);
  g_autoptr(GPtrArray) views = sight_page_table_list(db, session->row, error);
  g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
  g_autoptr(SightOccurrences) known = sight_occurrences_new();

  sight_occurrences_term(known, SIGHT_TERM_DEVICE, f->device);
  for (const char *const *variant = f->variants; variant != NULL && *variant != NULL; variant++)
    sight_occurrences_term(known, SIGHT_TERM_VARIANT, *variant);
  g_autoptr(SightOccurrences) index = sight_terms_rename(known, session, views, signals);
  return sight_index_table_save(db, session->row, session->endpoint, index, error);
}

static void set_up(Fixture *f, gconstpointer data) {
  f->folder = make_folder();
  f->store = open_store(f->folder, SIGHT_STORE_CACHE);
  for (guint i = 0; i < N_VISITS; i++) {
    Visit *visit = &f->visits[i];
    g_autofree char *id = g_strdup_printf("visit-%u", i);
    g_autoptr(GString) views = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    visit->n = (guint)g_test_rand_int_range(1, MAX_PAGES + 1);
    visit->device = devices[g_test_rand_int_range(0, G_N_ELEMENTS(devices))];
    for (guint j = 0; j < visit->n; j++) {
      visit->pages[j] = (guint)g_test_rand_int_range(0, G_N_ELEMENTS(pages));
      g_string_append_printf(views, "%s%s", j > 0 ? " " : "", pages[visit->pages[j]]);
    }
    save_analysed(f->store, 1, (Analysed){.session = id, .pages = views->str, .start_ms = START_MS + i});
    f->id = id;
    f->device = visit->device;
    sight_store_write(f->store, SIGHT_WRITE_NORMAL, do_index, f, &error);
    g_assert_no_error(error);
  }
}

static void tear_down(Fixture *f, gconstpointer data) {
  sight_store_close(f->store);
  g_object_unref(f->store);
  remove_folder(f->folder);
}

/* A flow of three pages, of which between the first two `refused` (or NULL) may not come. */
typedef struct {
  guint steps[3];
  int refused;
  gboolean strict;
  guint within; /* views; 0: whenever */
} Wanted;

static gboolean may_follow(const Visit *visit, const Wanted *wanted, guint from, guint to) {
  for (guint i = from + 1; i < to; i++) {
    if (wanted->strict || (int)visit->pages[i] == wanted->refused)
      return FALSE;
  }
  return wanted->within == 0 || to - from <= wanted->within;
}

/* Whether a visit comes through the steps from `step` on, up to `n_steps`, where `from` was the one before. */
static gboolean comes_through(const Visit *visit, const Wanted *wanted, guint step, guint n_steps, guint from) {
  if (step == n_steps)
    return TRUE;
  for (guint i = step == 0 ? 0 : from + 1; i < visit->n; i++) {
    Wanted here = *wanted;
    here.refused = step == 1 ? wanted->refused : -1;
    if (visit->pages[i] == wanted->steps[step] && (step == 0 || may_follow(visit, &here, from, i)) &&
        comes_through(visit, wanted, step + 1, n_steps, i))
      return TRUE;
  }
  return FALSE;
}

typedef struct {
  const char *sequence;
  SightFlow *flow;
  gint64 n; /* of a filter */
  const char *filter;
} Call;

static gboolean do_flow(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightSet) all = sight_index_table_all(db, error);

  call->flow = all != NULL ? sight_flow_run(db, all, call->sequence, "device", START_MS, NULL, error) : NULL;
  return call->flow != NULL;
}

static gboolean do_count(SightDb *db, gpointer data, GError **error) {
  Call *call = data;
  g_autoptr(SightFilter) filter = sight_filter_parse(call->filter, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, START_MS, error) : NULL;
  g_autoptr(SightSet) set = query != NULL ? sight_query_sessions(query, error) : NULL;

  call->n = set != NULL ? (gint64)sight_set_n(set) : -1;
  return set != NULL;
}

static void check(Fixture *f, const Wanted *wanted, const char *sequence) {
  Call call = {.sequence = sequence};
  g_autoptr(GError) error = NULL;
  gint64 n[4] = {0}, n_devices = 0;

  sight_store_read(f->store, do_flow, &call, &error);
  g_assert_no_error(error);
  for (guint step = 0; step < 3; step++) {
    const SightFlowStep *told = call.flow->steps->pdata[step];
    for (guint i = 0; i < N_VISITS; i++)
      n[step] += comes_through(&f->visits[i], wanted, 0, step + 1, 0);
    if (told->n != n[step])
      g_error("%s: %" G_GINT64_FORMAT " at step %u, not %" G_GINT64_FORMAT, sequence, told->n, step, n[step]);
    g_assert_cmpint(told->median_ms % VIEW_MS, ==, step > 0 && n[step] > 0 ? 0 : -1);
    g_assert_true(!wanted->strict || told->median_ms <= VIEW_MS);
  }
  for (guint step = 0; step < 2; step++) {
    call.filter = ((SightFlowStep *)call.flow->steps->pdata[step])->dropped;
    sight_store_read(f->store, do_count, &call, &error);
    g_assert_no_error(error);
    g_assert_cmpint(call.n, ==, n[step] - n[step + 1]);
  }
  /* Those of all devices and those without one are all. */
  for (guint i = 0; i < call.flow->parts->len; i++) {
    const SightFlowPart *part = call.flow->parts->pdata[i];
    call.filter = part->filter;
    sight_store_read(f->store, do_count, &call, &error);
    g_assert_no_error(error);
    g_assert_cmpint(call.n, ==, part->n_sessions);
    n_devices += part->n_sessions;
    n[3] += g_array_index(part->reached, gint64, 2);
  }
  g_assert_cmpint(n_devices, ==, N_VISITS);
  g_assert_cmpint(n[3], ==, n[2]);
  sight_flow_free(call.flow);
}

static void test_random(Fixture *f, gconstpointer data) {
  for (int i = 0; i < 30; i++) {
    Wanted wanted = {.refused = i % 3 == 0 ? g_test_rand_int_range(0, G_N_ELEMENTS(pages)) : -1,
                     .strict = i % 5 == 0,
                     .within = i % 4 == 0 ? 2 : 0};
    for (guint j = 0; j < 3; j++)
      wanted.steps[j] = (guint)g_test_rand_int_range(0, G_N_ELEMENTS(pages));
    g_autofree char *refused =
        wanted.refused >= 0 ? g_strdup_printf("then not page:%s ", pages[wanted.refused]) : g_strdup("");
    g_autofree char *text = g_strdup_printf("page:%s %sthen page:%s then page:%s", pages[wanted.steps[0]], refused,
                                            pages[wanted.steps[1]], pages[wanted.steps[2]]);
    g_autoptr(GError) error = NULL;
    g_autoptr(SightFilter) steps = sight_filter_parse(text, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *sequence = sight_flow_sequence(steps, wanted.strict, (gint64)wanted.within * VIEW_MS, &error);
    g_assert_no_error(error);
    check(f, &wanted, sequence);
  }
}

/* The steps of a stretch lead through the session that they were taken from. */
static gboolean do_from(SightDb *db, gpointer data, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_find(db, 0, "visit-0", error);
  const Visit *visit = data;
  g_autofree char *all = sight_flow_from(db, session, 0, G_MAXINT32, error);
  g_autofree char *second = sight_flow_from(db, session, VIEW_MS + 1, VIEW_MS + 2, NULL);
  g_autofree char *page = visit->n > 1 ? g_strdup_printf("page:%s", pages[visit->pages[1]]) : NULL;

  g_assert_cmpstr(second, ==, page);
  g_autoptr(SightSet) one = sight_set_new();
  sight_set_add(one, session->row);
  g_autoptr(SightFlow) flow = all != NULL ? sight_flow_run(db, one, all, NULL, START_MS, NULL, error) : NULL;
  for (guint i = 0; flow != NULL && i < flow->steps->len; i++)
    g_assert_cmpint(((SightFlowStep *)flow->steps->pdata[i])->n, ==, 1);
  return flow != NULL;
}

static void test_from(Fixture *f, gconstpointer data) {
  g_autoptr(GError) error = NULL;

  sight_store_read(f->store, do_from, &f->visits[0], &error);
  g_assert_no_error(error);
}

/* Forty of A, ten of B, and one of both. */
static gboolean do_variants(SightDb *db, gpointer data, GError **error) {
  const double shares[] = {4, 1};
  g_autoptr(SightSet) all = sight_index_table_all(db, error);
  g_autoptr(GPtrArray) even = sight_variants_list(db, all, NULL, 0, error);
  g_autoptr(GPtrArray) planned = sight_variants_list(db, all, shares, 2, error);
  const SightVariant *variant = even->pdata[0];
  const SightVariantValue *first = variant->values->pdata[0];

  g_assert_cmpuint(even->len, ==, 1);
  g_assert_cmpstr(variant->name, ==, "pay button");
  g_assert_cmpint(variant->n_several, ==, 1);
  g_assert_cmpuint(variant->values->len, ==, 2);
  g_assert_cmpstr(first->value, ==, "A");
  g_assert_cmpstr(first->filter, ==, "variant.\"pay button\":A");
  g_assert_cmpint(first->n_sessions, ==, 40);
  /* chi-squared 18 with one degree of freedom */
  g_assert_cmpfloat_with_epsilon(variant->chance, 2.2090e-5, 1e-8);
  g_assert_cmpfloat(variant->chance, <, SIGHT_VARIANTS_MISMATCH);
  g_assert_cmpfloat(((SightVariant *)planned->pdata[0])->chance, ==, 1);
  return TRUE;
}

static void test_variants(Fixture *f, gconstpointer data) {
  static const char *const a[] = {"pay button=A", NULL}, *const b[] = {"pay button=B", NULL};
  static const char *const both[] = {"pay button=A", "pay button=B", NULL};
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 51; i++) {
    g_autofree char *id = g_strdup_printf("visit-%u", i);
    f->id = id;
    f->variants = i < 40 ? a : i < 50 ? b : both;
    sight_store_write(f->store, SIGHT_WRITE_NORMAL, do_index, f, &error);
    g_assert_no_error(error);
  }
  sight_store_read(f->store, do_variants, NULL, &error);
  g_assert_no_error(error);
}

static void test_refused(Fixture *f, gconstpointer data) {
  static const char *const wrong[] = {"rage", "length:3", "page:/a or page:/b", ""};
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(SightFilter) filter = sight_filter_parse(wrong[i], NULL, &error);
    g_assert_no_error(error);
    g_autofree char *text = sight_flow_sequence(filter, FALSE, 0, &error);
    g_assert_true((text != NULL) == (i == 0));
    g_assert_true(i == 0 || g_error_matches(error, SIGHT_FILTER_ERROR, SIGHT_FILTER_ERROR_SYNTAX));
    g_clear_error(&error);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/insight/flow/random", Fixture, NULL, set_up, test_random, tear_down);
  g_test_add("/insight/flow/from", Fixture, NULL, set_up, test_from, tear_down);
  g_test_add("/insight/variants", Fixture, NULL, set_up, test_variants, tear_down);
  g_test_add("/insight/flow/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run();
}
