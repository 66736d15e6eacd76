/* SPDX-License-Identifier: MIT */
/* Shares of values out of postings, and likeness out of what is known of two problems. */
#include "sight-problem-where.h"

#include "sight-index-table.h"
#include "sight-library.h"
#include "sight-posting-table.h"
#include "sight-term-table.h"
#include "sight-text.h"

#include <string.h>

/* In the order in which they are told. */
static const SightTermField fields[] = {SIGHT_TERM_DEVICE, SIGHT_TERM_BROWSER, SIGHT_TERM_OS, SIGHT_TERM_RELEASE,
                                        SIGHT_TERM_VARIANT};

typedef struct {
  SightDb *db;
  SightProblemWhere *where;
  GError *error;
} Reading;

static void share_free(gpointer data) {
  SightProblemShare *share = data;

  g_free(share->value);
  g_free(share->filter);
  g_free(share);
}

void sight_problem_where_free(SightProblemWhere *where) {
  if (where == NULL)
    return;
  g_ptr_array_unref(where->shares);
  g_free(where);
}

static gboolean take(gint64 term, const guint64 *counts, gpointer data) {
  Reading *reading = data;
  /* What only others have is no place where it is met. */
  if (counts[0] == 0)
    return TRUE;
  g_autofree char *value = sight_term_table_value(reading->db, term, &reading->error);
  if (value == NULL)
    return FALSE;
  SightProblemShare *share = g_new0(SightProblemShare, 1);
  share->field = sight_term_field_of(term);
  share->filter = sight_query_term(share->field, value);
  share->value = g_steal_pointer(&value);
  share->n_these = (gint64)counts[0];
  share->n_those = (gint64)counts[1];
  g_ptr_array_add(reading->where->shares, share);
  return TRUE;
}

static void measure(SightProblemWhere *where) {
  g_autofree double *chances = g_new(double, where->shares->len + 1);

  for (guint i = 0; i < where->shares->len; i++) {
    const SightProblemShare *share = where->shares->pdata[i];
    chances[i] = where->n_those > 0
                     ? sight_statistics_fisher(share->n_these, where->n_these, share->n_those, where->n_those)
                     : 1;
  }
  sight_statistics_adjust(chances, where->shares->len);
  for (guint i = 0; i < where->shares->len; i++)
    ((SightProblemShare *)where->shares->pdata[i])->chance = chances[i];
}

static gsize place_of(SightTermField field) {
  gsize i = 0;

  while (i < G_N_ELEMENTS(fields) && fields[i] != field)
    i++;
  return i;
}

static int in_order(gconstpointer a, gconstpointer b) {
  const SightProblemShare *x = *(SightProblemShare *const *)a, *y = *(SightProblemShare *const *)b;

  if (x->field != y->field)
    return place_of(x->field) < place_of(y->field) ? -1 : 1;
  if (x->n_these != y->n_these)
    return x->n_these > y->n_these ? -1 : 1;
  return strcmp(x->value, y->value);
}

/* Who had the opportunity and did not meet it. NULL with error. */
static SightSet *others_of(SightDb *db, const SightSet *sessions, const SightSet *these, const char *page,
                           GError **error) {
  g_autoptr(SightSet) others =
      page != NULL ? sight_index_table_with(db, SIGHT_TERM_PAGE, page, error) : sight_set_copy(sessions);

  if (others == NULL)
    return NULL;
  sight_set_and(others, sessions);
  sight_set_and_not(others, these);
  return g_steal_pointer(&others);
}

SightProblemWhere *sight_problem_where(SightDb *db, const SightSet *sessions, const char *filter, const char *page,
                                       GError **error) {
  g_autoptr(SightProblemWhere) where = g_new0(SightProblemWhere, 1);
  g_autoptr(SightSet) these = sight_library_sessions(db, filter, 0, error);

  where->shares = g_ptr_array_new_with_free_func(share_free);
  if (these == NULL)
    return NULL;
  sight_set_and(these, sessions);
  g_autoptr(SightSet) those = others_of(db, sessions, these, page, error);
  if (those == NULL)
    return NULL;
  const SightSet *const sets[] = {these, those};
  Reading reading = {db, where, NULL};
  where->n_these = (gint64)sight_set_n(these);
  where->n_those = (gint64)sight_set_n(those);
  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
    if (!sight_posting_table_count(db, fields[i], sets, G_N_ELEMENTS(sets), take, &reading, error))
      return NULL;
    if (reading.error != NULL) {
      g_propagate_error(error, reading.error);
      return NULL;
    }
  }
  measure(where);
  g_ptr_array_sort(where->shares, in_order);
  return g_steal_pointer(&where);
}

gboolean sight_problem_share_is_more(const SightProblemWhere *where, const SightProblemShare *share) {
  return share->chance < SIGHT_PROBLEM_FALSE &&
         (double)share->n_these * (double)where->n_those > (double)share->n_those * (double)where->n_these;
}

static gboolean is_same_message(const char *one, const char *other) {
  g_autofree char *x = one != NULL ? sight_text_fold(one) : NULL, *y = other != NULL ? sight_text_fold(other) : NULL;

  return x != NULL && y != NULL && x[0] != '\0' && g_str_equal(x, y);
}

SightProblemLikeness sight_problem_likeness(const SightProblem *one, const SightProblem *other) {
  if (is_same_message(one->message, other->message))
    return SIGHT_PROBLEM_LIKE_MESSAGE;
  if (one->target != NULL && g_strcmp0(one->target, other->target) == 0)
    return SIGHT_PROBLEM_LIKE_TARGET;
  return one->page != NULL && g_strcmp0(one->page, other->page) == 0 ? SIGHT_PROBLEM_LIKE_PAGE : SIGHT_PROBLEM_UNLIKE;
}
