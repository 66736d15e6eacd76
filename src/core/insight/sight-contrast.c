/* SPDX-License-Identifier: MIT */
/* Every term is tested; the false discovery rate is held, and terms of the same sessions are told as one. */
#include "sight-contrast.h"

#include "sight-index-table.h"
#include "sight-posting-table.h"
#include "sight-term-table.h"

#include <math.h>
#include <string.h>

/* Of which two terms so many sessions are the same, they say the same. */
#define SAME_SHARE 0.95

/* What may be a cause or a sign of one. */
static const SightTermField tested[] = {
    SIGHT_TERM_SEEN, SIGHT_TERM_SIGNAL,   SIGHT_TERM_TEXT,    SIGHT_TERM_PAGE,    SIGHT_TERM_CLICK,
    SIGHT_TERM_FORM, SIGHT_TERM_ELEMENT,  SIGHT_TERM_EVENT,   SIGHT_TERM_DEVICE,  SIGHT_TERM_BROWSER,
    SIGHT_TERM_OS,   SIGHT_TERM_LANGUAGE, SIGHT_TERM_RELEASE, SIGHT_TERM_VARIANT, SIGHT_TERM_REFERRER,
};

typedef struct {
  SightDb *db;
  const SightSet *these, *those;
  SightSet *both;
  SightQuery *asked;
  GCancellable *cancellable;
  GPtrArray *terms; /* of Tested */
} Run;

typedef struct {
  gint64 term;
  SightSet *sessions; /* of both sides */
  SightDifference *difference;
} Tested;

static void difference_free(gpointer data) {
  SightDifference *difference = data;

  if (difference == NULL)
    return;
  g_free(difference->value);
  g_free(difference->filter);
  g_clear_pointer(&difference->same, g_ptr_array_unref);
  g_free(difference);
}

static void tested_free(gpointer data) {
  Tested *one = data;

  sight_set_free(one->sessions);
  difference_free(one->difference);
  g_free(one);
}

void sight_contrast_free(SightContrast *contrast) {
  if (contrast == NULL)
    return;
  g_ptr_array_unref(contrast->differences);
  g_free(contrast);
}

static gboolean take(gint64 term, const guint64 *counts, gpointer data) {
  Run *run = data;

  g_autofree char *value = run->asked != NULL ? sight_term_table_value(run->db, term, NULL) : NULL;
  if (value != NULL && sight_query_asks(run->asked, sight_term_field_of(term), value))
    return TRUE;
  Tested *one = g_new0(Tested, 1);
  one->term = term;
  one->difference = g_new0(SightDifference, 1);
  one->difference->field = sight_term_field_of(term);
  one->difference->n_these = (gint64)counts[0];
  one->difference->n_those = (gint64)counts[1];
  g_ptr_array_add(run->terms, one);
  return !g_cancellable_is_cancelled(run->cancellable);
}

/* What is told of one that differs. FALSE on error. */
static gboolean fill(Run *run, Tested *one, GError **error) {
  SightDifference *difference = one->difference;

  difference->value = sight_term_table_value(run->db, one->term, error);
  one->sessions = difference->value != NULL ? sight_posting_table_sessions(run->db, &one->term, 1, error) : NULL;
  if (one->sessions == NULL)
    return FALSE;
  sight_set_and(one->sessions, run->both);
  difference->same = g_ptr_array_new_with_free_func(g_free);
  difference->filter = sight_query_term(difference->field, difference->value);
  return TRUE;
}

static gboolean tells_nothing(const SightDifference *difference, gint64 n_these, gint64 n_those) {
  gint64 n = difference->n_these + difference->n_those;
  return n == 0 || n == n_these + n_those;
}

static void measure(Run *run, SightContrast *contrast) {
  g_autofree double *chances = NULL;

  for (guint i = run->terms->len; i > 0; i--) {
    const Tested *one = run->terms->pdata[i - 1];
    if (tells_nothing(one->difference, contrast->n_these, contrast->n_those))
      g_ptr_array_remove_index_fast(run->terms, i - 1);
  }
  contrast->n_tested = run->terms->len;
  chances = g_new(double, run->terms->len + 1);
  for (guint i = 0; i < run->terms->len; i++) {
    const SightDifference *difference = ((Tested *)run->terms->pdata[i])->difference;
    chances[i] =
        sight_statistics_fisher(difference->n_these, contrast->n_these, difference->n_those, contrast->n_those);
  }
  sight_statistics_adjust(chances, run->terms->len);
  for (guint i = run->terms->len; i > 0; i--) {
    SightDifference *difference = ((Tested *)run->terms->pdata[i - 1])->difference;
    double rate = (double)difference->n_these / (double)contrast->n_these;
    double other = (double)difference->n_those / (double)contrast->n_those;
    difference->chance = chances[i - 1];
    difference->ratio = other > 0 ? rate / other : INFINITY;
    difference->ratio_between =
        sight_statistics_ratio(difference->n_these, contrast->n_these, difference->n_those, contrast->n_those);
    if (difference->chance >= SIGHT_CONTRAST_FALSE)
      g_ptr_array_remove_index_fast(run->terms, i - 1);
  }
}

/* By how much at least the rates differ. */
static double strength(const SightDifference *difference) {
  return MAX(log(difference->ratio_between.low), -log(difference->ratio_between.high));
}

static int greatest_first(gconstpointer a, gconstpointer b) {
  const Tested *x = *(Tested *const *)a, *y = *(Tested *const *)b;
  double x_strength = strength(x->difference), y_strength = strength(y->difference);

  if (x_strength != y_strength)
    return x_strength > y_strength ? -1 : 1;
  return (x->term > y->term) - (x->term < y->term);
}

static gboolean say_the_same(const Tested *a, const Tested *b) {
  guint64 most = MAX(sight_set_n(a->sessions), sight_set_n(b->sessions));
  return (double)sight_set_n_and(a->sessions, b->sessions) >= SAME_SHARE * (double)most;
}

/* Each goes to the first that says the same, or stands for itself. */
static void fold(Run *run, SightContrast *contrast) {
  for (guint i = 0; i < run->terms->len; i++) {
    Tested *one = run->terms->pdata[i];
    const Tested *first = NULL;
    for (guint j = 0; j < i && first == NULL; j++) {
      const Tested *other = run->terms->pdata[j];
      if (other->difference->same != NULL && say_the_same(one, other))
        first = other;
    }
    if (first != NULL) {
      g_ptr_array_add(first->difference->same, g_strdup(one->difference->filter));
      /* So that nothing is folded into it. */
      g_clear_pointer(&one->difference->same, g_ptr_array_unref);
    }
  }
  for (guint i = 0; i < run->terms->len; i++) {
    Tested *one = run->terms->pdata[i];
    if (one->difference->same != NULL)
      g_ptr_array_add(contrast->differences, g_steal_pointer(&one->difference));
  }
}

static gboolean collect(Run *run, GError **error) {
  const SightSet *sets[] = {run->these, run->those};

  for (gsize i = 0; i < G_N_ELEMENTS(tested); i++) {
    if (!sight_posting_table_count(run->db, tested[i], sets, G_N_ELEMENTS(sets), take, run, error) ||
        g_cancellable_set_error_if_cancelled(run->cancellable, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean fill_all(Run *run, GError **error) {
  for (guint i = 0; i < run->terms->len; i++) {
    if (!fill(run, run->terms->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

SightContrast *sight_contrast_run(SightDb *db, const SightSet *these, const SightSet *those, SightQuery *asked,
                                  GCancellable *cancellable, GError **error) {
  g_autoptr(SightContrast) contrast = g_new0(SightContrast, 1);
  g_autoptr(SightSet) both = sight_set_copy(these);
  g_autoptr(GPtrArray) terms = g_ptr_array_new_with_free_func(tested_free);
  Run run = {.db = db,
             .these = these,
             .those = those,
             .both = both,
             .asked = asked,
             .cancellable = cancellable,
             .terms = terms};

  sight_set_or(both, those);
  contrast->differences = g_ptr_array_new_with_free_func(difference_free);
  contrast->n_these = (gint64)sight_set_n(these);
  contrast->n_those = (gint64)sight_set_n(those);
  if (contrast->n_these == 0 || contrast->n_those == 0)
    return g_steal_pointer(&contrast);
  if (!collect(&run, error))
    return NULL;
  measure(&run, contrast);
  if (!fill_all(&run, error))
    return NULL;
  g_ptr_array_sort(terms, greatest_first);
  fold(&run, contrast);
  return g_steal_pointer(&contrast);
}

static gboolean take_page(gint64 term, const char *value, gint64 n, gpointer data) {
  g_array_append_val((GArray *)data, term);
  return TRUE;
}

SightSet *sight_contrast_others(SightDb *db, const SightSet *these, GError **error) {
  g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightSet) others = sight_index_table_all(db, error);

  if (others == NULL || !sight_term_table_each(db, SIGHT_TERM_PAGE, take_page, pages, error))
    return NULL;
  for (guint i = 0; i < pages->len; i++) {
    gint64 page = g_array_index(pages, gint64, i);
    g_autoptr(SightSet) viewed = sight_posting_table_sessions(db, &page, 1, error);
    if (viewed == NULL)
      return NULL;
    if (sight_set_n_and(viewed, these) == sight_set_n(these) && sight_set_n(viewed) < sight_set_n(others)) {
      g_clear_pointer(&others, sight_set_free);
      others = g_steal_pointer(&viewed);
    }
  }
  sight_set_and_not(others, these);
  return g_steal_pointer(&others);
}
