/* SPDX-License-Identifier: MIT */
/* Contrast: a planted cause comes first, what is there by chance is not told, and what says the same is told as one. */
#include "sight-contrast.h"
#include "sight-index-table.h"
#include "store-fixture.h"

#include <string.h>

#define N_SESSIONS 160
#define N_RANDOM 40
#define N_SETS 200

typedef struct {
  gint64 rows[N_SESSIONS];
  gboolean has_cause[N_SESSIONS];
  int at; /* which is being saved */
  guint n_first, n_chance, n_same;
} Fixture;

static gboolean do_index(SightDb *db, gpointer data, GError **error) {
  Fixture *f = data;
  g_autoptr(SightOccurrences) index = sight_occurrences_new();

  sight_occurrences_term(index, SIGHT_TERM_PAGE, "/pay");
  for (int i = 0; i < N_RANDOM; i++) {
    g_autofree char *value = g_strdup_printf("Button %d", i);
    if (g_test_rand_int_range(0, 10) < 3)
      sight_occurrences_term(index, SIGHT_TERM_CLICK, value);
  }
  if (f->has_cause[f->at]) {
    sight_occurrences_term(index, SIGHT_TERM_SEEN, "Your card was declined.");
    sight_occurrences_term(index, SIGHT_TERM_ELEMENT, "p#declined[role=\"alert\"]");
  }
  return sight_index_table_save(db, f->rows[f->at], 1, index, error);
}

static SightStore *make_store(Fixture *f, char **folder) {
  *folder = make_folder();
  SightStore *store = open_store(*folder, SIGHT_STORE_CACHE);
  g_autoptr(GError) error = NULL;

  for (f->at = 0; f->at < N_SESSIONS; f->at++) {
    g_autofree char *session = g_strdup_printf("session-%d", f->at);
    f->rows[f->at] = save_analysed(store, 1, (Analysed){.session = session, .pages = "/pay"});
    f->has_cause[f->at] = f->at % 3 == 0;
    sight_store_write(store, SIGHT_WRITE_UNSEEN, do_index, f, &error);
    g_assert_no_error(error);
  }
  return store;
}

/* Those who left: with the cause four in five, else one in ten; without any cause half of all. */
static SightSet *leave(const Fixture *f, gboolean caused) {
  SightSet *set = sight_set_new();

  for (int i = 0; i < N_SESSIONS; i++) {
    int tenths = !caused ? 5 : f->has_cause[i] ? 8 : 1;
    if (g_test_rand_int_range(0, 10) < tenths)
      sight_set_add(set, f->rows[i]);
  }
  return set;
}

static SightContrast *contrast_of(SightDb *db, const SightSet *these) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightSet) others = sight_contrast_others(db, these, &error);

  g_assert_no_error(error);
  g_assert_cmpint((gint64)sight_set_n(others) + (gint64)sight_set_n(these), ==, N_SESSIONS);
  SightContrast *contrast = sight_contrast_run(db, these, others, NULL, NULL, &error);
  g_assert_no_error(error);
  return contrast;
}

static gboolean do_sets(SightDb *db, gpointer data, GError **error) {
  Fixture *f = data;

  for (int i = 0; i < N_SETS; i++) {
    g_autoptr(SightSet) left = leave(f, TRUE), anybody = leave(f, FALSE);
    g_autoptr(SightContrast) caused = contrast_of(db, left), chance = contrast_of(db, anybody);
    const SightDifference *first = caused->differences->len > 0 ? caused->differences->pdata[0] : NULL;
    gboolean is_cause = first != NULL && (first->field == SIGHT_TERM_SEEN || first->field == SIGHT_TERM_ELEMENT);
    f->n_first += is_cause;
    f->n_same += is_cause && first->same->len == 1;
    f->n_chance += chance->differences->len > 0;
    if (is_cause) {
      g_assert_cmpfloat(first->ratio_between.low, >, 1);
      g_assert_cmpstr(first->filter, ==,
                      first->field == SIGHT_TERM_SEEN ? "seen:\"Your card was declined.\""
                                                      : "element:\"p#declined[role=\\\"alert\\\"]\"");
    }
  }
  return TRUE;
}

/* Whether a filter's contrast tells a term that it asks for itself, and any at all. */
static gboolean do_asked(SightDb *db, gpointer data, GError **error) {
  static const char *const texts[] = {"seen:declined", "seen:\"your card\" or click:nowhere", "-seen:declined",
                                      "element:p#declined"};

  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(SightFilter) filter = sight_filter_parse(texts[i], NULL, error);
    g_autoptr(SightQuery) query = sight_query_new(db, filter, START_MS, error);
    g_autoptr(SightSet) these = sight_query_sessions(query, error);
    g_autoptr(SightSet) others = sight_contrast_others(db, these, error);
    g_autoptr(SightContrast) contrast = sight_contrast_run(db, these, others, query, NULL, error);
    /* The element and the text were always there together: the other one is what is told, first. What else is told is
     * chance, as in one set of twenty. */
    g_assert_cmpuint(contrast->differences->len, >=, 1);
    const SightDifference *first = contrast->differences->pdata[0];
    g_assert_cmpint(first->field, ==, i < 3 ? SIGHT_TERM_ELEMENT : SIGHT_TERM_SEEN);
    g_assert_cmpuint(first->same->len, ==, 0);
    for (guint j = 1; j < contrast->differences->len; j++) {
      const SightDifference *other = contrast->differences->pdata[j];
      g_assert_null(strstr(other->filter, "declined"));
    }
  }
  return TRUE;
}

static void test_asked(void) {
  Fixture f = {0};
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&f, &folder);
  g_autoptr(GError) error = NULL;

  sight_store_read(store, do_asked, NULL, &error);
  g_assert_no_error(error);
  sight_store_close(store);
  remove_folder(folder);
}

static void test_sets(void) {
  Fixture f = {0};
  char *folder = NULL;
  g_autoptr(SightStore) store = make_store(&f, &folder);
  g_autoptr(GError) error = NULL;

  sight_store_read(store, do_sets, &f, &error);
  g_assert_no_error(error);
  g_test_message("of %d sets the cause is first in %u, folded in %u; without one %u tell something", N_SETS, f.n_first,
                 f.n_same, f.n_chance);
  g_assert_cmpuint(f.n_first, >=, N_SETS * 95 / 100);
  g_assert_cmpuint(f.n_same, ==, f.n_first);
  /* 10 are expected at most, more than 25 in less than one run of 100,000. */
  g_assert_cmpuint(f.n_chance, <=, 25);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/insight/contrast/asked", test_asked);
  g_test_add_func("/insight/contrast/sets", test_sets);
  return g_test_run();
}
