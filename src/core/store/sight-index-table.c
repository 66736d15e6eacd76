/* SPDX-License-Identifier: MIT */
/* The index of each session, and the sets that filters begin with. */
#include "sight-index-table.h"

#include "sight-compress.h"
#include "sight-course-table.h"
#include "sight-db.h"
#include "sight-kept-table.h"
#include "sight-posting-table.h"
#include "sight-term-table.h"
#include "sight-usage-table.h"

#define ZSTD_LEVEL 3
/* The bounds of its parts together. */
#define MAX_PACKED_BYTES (4 * 1024 * 1024)

static int by_number(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

SightOccurrences *sight_index_table_get(SightDb *db, gint64 session, GArray *rows, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_OCCURRENCE_GET, error);
  gsize bytes = 0;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session);
  if (sight_statement_step(statement, error) != SIGHT_STEP_ROW)
    return NULL;
  const void *data = sight_statement_blob(statement, 0, &bytes);
  g_autoptr(GBytes) packed = sight_zstd_expand(data, bytes, MAX_PACKED_BYTES, error);
  if (packed == NULL)
    return NULL;
  const guint8 *plain = g_bytes_get_data(packed, &bytes);
  SightOccurrences *occurrences = sight_occurrences_unpack(plain, bytes, rows);
  if (occurrences == NULL)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "occurrences of a session are damaged");
  return occurrences;
}

SightOccurrences *sight_index_table_get_values(SightDb *db, gint64 session, GError **error) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightOccurrences) occurrences = sight_index_table_get(db, session, rows, error);

  for (guint i = 0; occurrences != NULL && i < rows->len; i++) {
    SightTerm *term = &g_array_index(occurrences->terms, SightTerm, i);
    gint64 row = g_array_index(rows, gint64, i);
    term->field = sight_term_field_of(row);
    term->value = sight_term_table_value(db, row, error);
    if (term->value == NULL)
      return NULL;
  }
  return g_steal_pointer(&occurrences);
}

/* The terms that a session had, ascending. What is damaged is made anew, and nothing is known of it. */
static GArray *terms_before(SightDb *db, gint64 session) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightOccurrences) before = sight_index_table_get(db, session, rows, NULL);

  return rows;
}

static gboolean put(SightDb *db, gint64 session, const SightOccurrences *occurrences, const gint64 *rows,
                    GError **error) {
  g_autoptr(GByteArray) plain = sight_occurrences_pack(occurrences, rows);
  g_autoptr(GBytes) packed = sight_zstd_compress(plain->data, plain->len, ZSTD_LEVEL);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_OCCURRENCE_PUT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session);
  sight_statement_bind_blob(statement, 2, g_bytes_get_data(packed, NULL), g_bytes_get_size(packed));
  return sight_statement_run(statement, error);
}

/* Those in `a` but not in `b`; both ascending. */
static GArray *without(GArray *a, GArray *b) {
  GArray *rest = g_array_new(FALSE, FALSE, sizeof(gint64));

  for (guint i = 0; i < a->len; i++) {
    gint64 number = g_array_index(a, gint64, i);
    if (!g_array_binary_search(b, &number, by_number, NULL))
      g_array_append_val(rest, number);
  }
  return rest;
}

/* From the terms before to those that it has now, with those that the store keeps: whether it is in the index has
 * changed, or what these follow. */
static gboolean change(SightDb *db, gint64 session, GArray *terms, GArray *before, GError **error) {
  g_autoptr(GArray) added = without(terms, before), gone = without(before, terms);

  if (!sight_kept_table_change(db, session, added, gone, error))
    return FALSE;
  g_array_sort(added, by_number);
  g_array_sort(gone, by_number);
  return sight_posting_table_change(db, session, added, gone, error);
}

gboolean sight_index_table_save(SightDb *db, gint64 session, gint64 endpoint, SightOccurrences *occurrences,
                                GError **error) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64)), before = terms_before(db, session);
  g_autofree char *place = g_strdup_printf("%" G_GINT64_FORMAT, endpoint);

  sight_occurrences_term(occurrences, SIGHT_TERM_INDEXED, "");
  sight_occurrences_term(occurrences, SIGHT_TERM_ENDPOINT, place);
  for (guint i = 0; i < occurrences->terms->len; i++) {
    const SightTerm *term = &g_array_index(occurrences->terms, SightTerm, i);
    gint64 row = sight_term_table_ensure(db, term->field, term->value, error);
    if (row < 0)
      return FALSE;
    g_array_append_val(rows, row);
  }
  sight_occurrences_sort(occurrences);
  const gint64 *numbers = (const gint64 *)(gpointer)rows->data;
  if (!put(db, session, occurrences, numbers, error) ||
      !sight_course_table_put(db, session, occurrences, numbers, error) ||
      !sight_usage_table_set(db, session, occurrences, numbers, error))
    return FALSE;
  g_array_sort(rows, by_number);
  return change(db, session, rows, before, error);
}

static gboolean run_with(SightDb *db, SightSql sql, gint64 number, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, number);
  return sight_statement_run(statement, error);
}

gboolean sight_index_table_remove(SightDb *db, gint64 session, GError **error) {
  g_autoptr(GArray) before = terms_before(db, session), none = g_array_new(FALSE, FALSE, sizeof(gint64));

  return run_with(db, SIGHT_SQL_OCCURRENCE_REMOVE, session, error) && sight_usage_table_remove(db, session, error) &&
         sight_course_table_remove(db, session, error) && change(db, session, none, before, error);
}

gboolean sight_index_table_remove_endpoint(SightDb *db, gint64 endpoint, GError **error) {
  g_autofree char *place = g_strdup_printf("%" G_GINT64_FORMAT, endpoint);
  g_autoptr(SightSet) sessions = sight_index_table_with(db, SIGHT_TERM_ENDPOINT, place, error);

  /* Their occurrences go with the sessions. */
  return sessions != NULL && (sight_set_n(sessions) == 0 || sight_posting_table_remove(db, sessions, error));
}

gboolean sight_index_table_purge(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TERM_OPTIMIZE, error);

  return statement != NULL && sight_statement_run(statement, error);
}

SightSet *sight_index_table_with(SightDb *db, SightTermField field, const char *value, GError **error) {
  gint64 term = sight_term_table_find(db, field, value, error);

  if (term < 0)
    return NULL;
  return term == 0 ? sight_set_new() : sight_posting_table_sessions(db, &term, 1, error);
}

SightSet *sight_index_table_all(SightDb *db, GError **error) {
  gint64 missing = sight_kept_table_missing(db, error);
  g_autoptr(SightSet) all = missing >= 0 ? sight_index_table_with(db, SIGHT_TERM_INDEXED, "", error) : NULL;

  if (all != NULL && missing > 0) {
    g_autoptr(SightSet) unknown = sight_set_new();
    sight_set_add_range(unknown, 1, missing);
    sight_set_and_not(all, unknown);
  }
  return g_steal_pointer(&all);
}

/* Of `all` those whose number is at most `most`: bit by bit from the highest, `equal` are those that are the same so
 * far, and `less` those that were found to be less. */
static SightSet *at_most(const SightSet *all, SightSet *const *bits, gint64 most) {
  g_autoptr(SightSet) less = sight_set_new();
  g_autoptr(SightSet) equal = sight_set_copy(all);

  for (guint bit = SIGHT_NUMBER_BITS; bit-- > 0;) {
    if ((most >> bit & 1) == 0) {
      sight_set_and_not(equal, bits[bit]);
      continue;
    }
    g_autoptr(SightSet) smaller = sight_set_copy(equal);
    sight_set_and_not(smaller, bits[bit]);
    sight_set_or(less, smaller);
    sight_set_and(equal, bits[bit]);
  }
  sight_set_or(less, equal);
  return g_steal_pointer(&less);
}

SightSet *sight_index_table_between(SightDb *db, SightNumber number, gint64 least, gint64 most, GError **error) {
  SightSet *bits[SIGHT_NUMBER_BITS] = {NULL};
  g_autoptr(SightSet) all = sight_index_table_all(db, error);
  gboolean ok = all != NULL;

  for (guint bit = 0; bit < SIGHT_NUMBER_BITS && ok; bit++) {
    g_autofree char *name = sight_number_bit(number, bit);
    bits[bit] = sight_index_table_with(db, SIGHT_TERM_BIT, name, error);
    ok = bits[bit] != NULL;
  }
  g_autoptr(SightSet) found = NULL;
  if (ok && most >= least && most >= 0) {
    found = at_most(all, bits, MIN(most, SIGHT_NUMBER_MAX));
    if (least > 0 && least <= SIGHT_NUMBER_MAX) {
      g_autoptr(SightSet) below = at_most(all, bits, least - 1);
      sight_set_and_not(found, below);
    }
  } else if (ok) {
    found = sight_set_new();
  }
  for (guint bit = 0; bit < SIGHT_NUMBER_BITS; bit++)
    sight_set_free(bits[bit]);
  return g_steal_pointer(&found);
}
