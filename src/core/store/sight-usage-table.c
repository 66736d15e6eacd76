/* SPDX-License-Identifier: MIT */
/* From the occurrences of a session to a row for each page, form and problem. */
#include "sight-usage-table.h"

#include "sight-db.h"

#include <string.h>

typedef struct {
  const SightOccurrences *occurrences;
  const gint64 *rows;
  GArray *pages;        /* of gint64: the page's term of each view */
  GHashTable *subjects; /* of GByteArray by term (gint64) */
} Sorting;

static gint64 term_at(const Sorting *self, const SightOccurrence *moment, guint i) {
  return self->rows[g_array_index(self->occurrences->links, guint, moment->first + i)];
}

static SightTermField field_at(const Sorting *self, const SightOccurrence *moment, guint i) {
  guint place = g_array_index(self->occurrences->links, guint, moment->first + i);
  return g_array_index(self->occurrences->terms, SightTerm, place).field;
}

static const SightOccurrence *moment_at(const Sorting *self, guint i) {
  return &g_array_index(self->occurrences->moments, SightOccurrence, i);
}

static void find_pages(Sorting *self) {
  for (guint i = 0; i < self->occurrences->moments->len; i++) {
    const SightOccurrence *moment = moment_at(self, i);
    if (field_at(self, moment, 0) != SIGHT_TERM_PAGE || moment->view < 0)
      continue;
    if ((guint)moment->view >= self->pages->len)
      g_array_set_size(self->pages, (guint)moment->view + 1);
    g_array_index(self->pages, gint64, (guint)moment->view) = term_at(self, moment, 0);
  }
}

static gint64 page_of(const Sorting *self, const SightOccurrence *moment) {
  return moment->view >= 0 && (guint)moment->view < self->pages->len
             ? g_array_index(self->pages, gint64, (guint)moment->view)
             : 0;
}

/* The form that a field or message is of. */
static gint64 form_of(const Sorting *self, const SightOccurrence *moment) {
  for (guint i = 0; i < moment->n_terms; i++) {
    if (field_at(self, moment, i) == SIGHT_TERM_FILLED)
      return term_at(self, moment, i);
  }
  return 0;
}

static void add(Sorting *self, gint64 subject, const SightOccurrence *moment, gint64 last_term, const int *numbers,
                guint n_numbers) {
  SightUsage usage = {.length_ms = moment->end_ms - moment->start_ms, .severe = moment->severe};
  GByteArray *data = g_hash_table_lookup(self->subjects, &subject);

  if (subject == 0)
    return;
  if (data == NULL) {
    data = g_byte_array_new();
    g_hash_table_insert(self->subjects, g_memdup2(&subject, sizeof subject), data);
  }
  usage.n_terms = MIN(moment->n_terms, SIGHT_USAGE_MAX_TERMS - 1);
  for (guint i = 0; i < usage.n_terms; i++)
    usage.terms[i] = term_at(self, moment, i);
  if (last_term != 0)
    usage.terms[usage.n_terms++] = last_term;
  usage.n_numbers = MIN(n_numbers, SIGHT_USAGE_MAX_NUMBERS);
  for (guint i = 0; i < usage.n_numbers; i++)
    usage.numbers[i] = numbers[i];
  sight_usage_pack(data, &usage);
}

/* A signal tells in its only number whether it has a target; what else is asked of it stands in its moment. */
static void add_signal(Sorting *self, const SightOccurrence *moment, gint64 page) {
  int target = moment->n_numbers > 0 ? g_array_index(self->occurrences->numbers, int, moment->first_number) : 0;
  const int numbers[] = {[SIGHT_MET_START] = (int)CLAMP(moment->start_ms, 0, G_MAXINT),
                         [SIGHT_MET_COUNT] = moment->count,
                         [SIGHT_MET_AMOUNT] = moment->amount,
                         [SIGHT_MET_TARGET] = target};

  for (guint i = 0; i < moment->n_terms; i++) {
    if (field_at(self, moment, i) == SIGHT_TERM_PROBLEM)
      add(self, term_at(self, moment, i), moment, page, numbers, G_N_ELEMENTS(numbers));
  }
}

static void sort(Sorting *self) {
  for (guint i = 0; i < self->occurrences->moments->len; i++) {
    const SightOccurrence *moment = moment_at(self, i);
    SightTermField field = field_at(self, moment, 0);
    gint64 page = page_of(self, moment);
    const int *numbers = (const int *)(gpointer)self->occurrences->numbers->data + moment->first_number;
    if (field == SIGHT_TERM_PAGE || field == SIGHT_TERM_CLICK)
      add(self, page, moment, 0, numbers, moment->n_numbers);
    if (field == SIGHT_TERM_FILLED || field == SIGHT_TERM_FORM_FIELD || field == SIGHT_TERM_MESSAGE)
      add(self, form_of(self, moment), moment, page, numbers, moment->n_numbers);
    if (field == SIGHT_TERM_SIGNAL)
      add_signal(self, moment, page);
  }
}

static gboolean put(SightDb *db, gint64 session, gint64 subject, const GByteArray *data, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_USAGE_PUT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, subject);
  sight_statement_bind_int(statement, 2, session);
  sight_statement_bind_blob(statement, 3, data->data, data->len);
  return sight_statement_run(statement, error);
}

static void data_free(gpointer data) {
  g_byte_array_unref(data);
}

gboolean sight_usage_table_set(SightDb *db, gint64 session, const SightOccurrences *occurrences, const gint64 *rows,
                               GError **error) {
  g_autoptr(GArray) pages = g_array_new(FALSE, TRUE, sizeof(gint64));
  g_autoptr(GHashTable) subjects = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, data_free);
  Sorting self = {occurrences, rows, pages, subjects};
  GHashTableIter iter;
  gpointer subject = NULL, data = NULL;

  if (!sight_usage_table_remove(db, session, error))
    return FALSE;
  find_pages(&self);
  sort(&self);
  g_hash_table_iter_init(&iter, subjects);
  while (g_hash_table_iter_next(&iter, &subject, &data)) {
    if (!put(db, session, *(gint64 *)subject, data, error))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_usage_table_of(SightDb *db, gint64 subject, gint64 session, SightUsageFunc func, gpointer user_data,
                              GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_USAGE_GET, error);
  gsize bytes = 0;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, subject);
  sight_statement_bind_int(statement, 2, session);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_ROW) {
    const void *data = sight_statement_blob(statement, 0, &bytes);
    func(session, data, bytes, user_data);
  }
  return step != SIGHT_STEP_FAILED;
}

gboolean sight_usage_table_remove(SightDb *db, gint64 session, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_USAGE_REMOVE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session);
  return sight_statement_run(statement, error);
}

gboolean sight_usage_table_each(SightDb *db, gint64 subject, SightUsageFunc func, gpointer user_data, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_USAGE_EACH, error);
  SightStep step;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, subject);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gsize bytes = 0;
    const void *data = sight_statement_blob(statement, 1, &bytes);
    if (!func(sight_statement_int(statement, 0), data, bytes, user_data))
      return TRUE;
  }
  return step == SIGHT_STEP_DONE;
}
