/* SPDX-License-Identifier: MIT */
/* Derives the terms from the session's row and its annotations, and tells the postings what changed. */
#include "sight-kept-table.h"

#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-occurrences.h"
#include "sight-posting-table.h"
#include "sight-session-table.h"
#include "sight-term-table.h"
#include "sight-text.h"

#include <string.h>

/* Sessions of one transaction. */
#define PORTION 5000
/* As long as other values, and as many as a person reads. */
#define MAX_CHARS 200
#define MAX_ANNOTATIONS 500

static int by_number(gconstpointer a, gconstpointer b) {
  gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;

  return (x > y) - (x < y);
}

static gboolean add_term(SightDb *db, SightTermField field, const char *value, GArray *terms, GError **error) {
  gint64 term = sight_term_table_ensure(db, field, value, error);

  for (guint i = 0; i < terms->len; i++) {
    if (g_array_index(terms, gint64, i) == term)
      return TRUE;
  }
  if (term > 0)
    g_array_append_val(terms, term);
  return term > 0;
}

/* What was noted outside of the recording counts for nothing. However many there are and however long they are, the
 * first ones are kept, and of each its beginning: all are read again for each change of one. */
static gboolean add_annotations(SightDb *db, gint64 endpoint, const char *session, gint64 duration_ms, GArray *terms,
                                GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_KEPT_ANNOTATIONS, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, endpoint);
  sight_statement_bind_text(statement, 2, session);
  sight_statement_bind_int(statement, 3, MAX_CHARS + 1);
  sight_statement_bind_int(statement, 4, duration_ms);
  sight_statement_bind_int(statement, 5, MAX_ANNOTATIONS);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gboolean tag = g_str_equal(sight_statement_text(statement, 0), "tag");
    g_autofree char *text = sight_text_excerpt(sight_statement_text(statement, 1), -1, MAX_CHARS);
    if (text[0] != '\0' && !add_term(db, tag ? SIGHT_TERM_TAG : SIGHT_TERM_NOTE, text, terms, error))
      return FALSE;
  }
  return step == SIGHT_STEP_DONE;
}

/* Ascending; none where the session is not in the index. */
static GArray *derive(SightDb *db, gint64 session, GError **error) {
  static const char *const states[] = {SIGHT_STATE_WATCHED, SIGHT_STATE_TO_WATCH, SIGHT_STATE_NEW, SIGHT_STATE_LAST};
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightStatement) facts = sight_db_statement(db, SIGHT_SQL_KEPT_FACTS, error);

  if (facts == NULL)
    return NULL;
  sight_statement_bind_int(facts, 1, session);
  SightStep step = sight_statement_step(facts, error);
  if (step != SIGHT_STEP_ROW)
    return step == SIGHT_STEP_DONE ? g_steal_pointer(&terms) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
    if (sight_statement_int(facts, (int)i) != 0 && !add_term(db, SIGHT_TERM_STATE, states[i], terms, error))
      return NULL;
  }
  if ((sight_statement_int(facts, 9) != 0 && !add_term(db, SIGHT_TERM_STATE, SIGHT_STATE_UNREAD, terms, error)) ||
      (sight_statement_int(facts, 10) != 0 && !add_term(db, SIGHT_TERM_STATE, SIGHT_STATE_NAMED, terms, error)))
    return NULL;
  gboolean dated = sight_session_is_dated(sight_statement_int(facts, 4), sight_statement_int(facts, 5));
  if ((dated && !add_term(db, SIGHT_TERM_STATE, SIGHT_STATE_DATED, terms, error)) ||
      !add_annotations(db, sight_statement_int(facts, 6), sight_statement_text(facts, 7), sight_statement_int(facts, 8),
                       terms, error))
    return NULL;
  g_array_sort(terms, by_number);
  return g_steal_pointer(&terms);
}

GArray *sight_kept_table_get(SightDb *db, gint64 session, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_KEPT_GET, error);
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  gsize bytes = 0;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, session);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_ROW) {
    const guint8 *packed = sight_statement_blob(statement, 0, &bytes);
    sight_numbers_unpack(packed, bytes, terms);
  }
  return step != SIGHT_STEP_FAILED ? g_steal_pointer(&terms) : NULL;
}

static gboolean put(SightDb *db, gint64 session, GArray *terms, GError **error) {
  SightSql sql = terms->len > 0 ? SIGHT_SQL_KEPT_PUT : SIGHT_SQL_KEPT_REMOVE;
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);
  g_autoptr(GByteArray) packed = g_byte_array_new();

  if (statement == NULL)
    return FALSE;
  sight_numbers_pack(packed, (const gint64 *)(gpointer)terms->data, terms->len);
  sight_statement_bind_int(statement, 1, session);
  if (terms->len > 0)
    sight_statement_bind_blob(statement, 2, packed->data, packed->len);
  return sight_statement_run(statement, error);
}

/* Those of `a` that are not in `b`. */
static void append_without(GArray *a, GArray *b, GArray *rest) {
  for (guint i = 0; i < a->len; i++) {
    gint64 term = g_array_index(a, gint64, i);
    if (!g_array_binary_search(b, &term, by_number, NULL))
      g_array_append_val(rest, term);
  }
}

gboolean sight_kept_table_change(SightDb *db, gint64 session, GArray *added, GArray *gone, GError **error) {
  g_autoptr(GArray) had = sight_kept_table_get(db, session, error);
  g_autoptr(GArray) has = had != NULL ? derive(db, session, error) : NULL;

  if (has == NULL)
    return FALSE;
  append_without(has, had, added);
  append_without(had, has, gone);
  gboolean same = had->len == has->len && (has->len == 0 || memcmp(had->data, has->data, has->len * 8) == 0);
  return same || put(db, session, has, error);
}

gboolean sight_kept_table_update(SightDb *db, gint64 session, GError **error) {
  g_autoptr(GArray) added = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(gint64));

  if (!sight_kept_table_change(db, session, added, gone, error))
    return FALSE;
  return (added->len == 0 && gone->len == 0) || sight_posting_table_change(db, session, added, gone, error);
}

/* The two at each end: of these one is it now, and the other was it before. */
gboolean sight_kept_table_update_user(SightDb *db, gint64 endpoint, const char *user, GError **error) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightStatement) ends = user != NULL ? sight_db_statement(db, SIGHT_SQL_USER_ENDS, error) : NULL;
  SightStep step = SIGHT_STEP_FAILED;

  if (user == NULL)
    return TRUE;
  if (ends == NULL)
    return FALSE;
  sight_statement_bind_int(ends, 1, endpoint);
  sight_statement_bind_text(ends, 2, user);
  while ((step = sight_statement_step(ends, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(ends, 0);
    g_array_append_val(rows, row);
  }
  for (guint i = 0; i < rows->len && step == SIGHT_STEP_DONE; i++) {
    if (!sight_kept_table_update(db, g_array_index(rows, gint64, i), error))
      return FALSE;
  }
  return step == SIGHT_STEP_DONE;
}

gint64 sight_kept_table_missing(SightDb *db, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COUNTER_GET, error);
  gint64 row = 0;

  if (statement == NULL)
    return -1;
  sight_statement_bind_text(statement, 1, "kept");
  return sight_statement_run_int(statement, &row, 0, error) ? row : -1;
}

static gboolean set_missing(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COUNTER_SET, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_text(statement, 1, "kept");
  sight_statement_bind_int(statement, 2, row);
  return sight_statement_run(statement, error);
}

/* Those that come next. */
static GArray *next_missing(SightDb *db, gint64 from, GError **error) {
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_KEPT_MISSING, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, from);
  sight_statement_bind_int(statement, 2, PORTION);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_array_append_val(rows, row);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&rows) : NULL;
}

/* What its postings lack; of a cache whose version knew fewer terms that is a part of them. */
static gboolean catch_up_session(SightDb *db, gint64 row, GArray *pairs, GError **error) {
  g_autoptr(GArray) added = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(gint64));

  if (!sight_kept_table_change(db, row, added, gone, error))
    return FALSE;
  if (gone->len > 0)
    return sight_posting_table_change(db, row, added, gone, error);
  for (guint i = 0; i < added->len; i++)
    sight_posting_pairs_add(pairs, g_array_index(added, gint64, i), row);
  return TRUE;
}

gboolean sight_kept_table_catch_up(SightDb *db, gboolean *done, GError **error) {
  gint64 from = sight_kept_table_missing(db, error);
  g_autoptr(GArray) rows = from > 0 ? next_missing(db, from, error) : NULL;
  g_autoptr(GArray) pairs = sight_posting_pairs_new();

  *done = from == 0;
  if (rows == NULL)
    return *done;
  for (guint i = 0; i < rows->len; i++) {
    if (!catch_up_session(db, g_array_index(rows, gint64, i), pairs, error))
      return FALSE;
  }
  *done = rows->len < PORTION;
  from = *done ? 0 : g_array_index(rows, gint64, rows->len - 1) - 1;
  return sight_posting_table_add(db, pairs, error) && set_missing(db, from, error);
}
