/* SPDX-License-Identifier: MIT */
/* Terms and their words. */
#include "sight-term-table.h"

#include "sight-db.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gint64 sight_term_table_first(SightTermField field) {
  return (gint64)field << SIGHT_TERM_FIELD_SHIFT;
}

/* Six bytes of a hash with which nobody can make two values collide. */
static gint64 hash_of(const char *value) {
  guint8 digest[32];
  gsize bytes = sizeof digest;
  gint64 hash = 0;
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);

  g_checksum_update(checksum, (const guchar *)value, (gssize)strlen(value));
  g_checksum_get_digest(checksum, digest, &bytes);
  for (guint i = 0; i < 6; i++)
    hash = hash << 8 | digest[i];
  return hash;
}

gint64 sight_term_table_find(SightDb *db, SightTermField field, const char *value, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TERM_FIND, error);
  gint64 row = 0;

  if (statement == NULL)
    return -1;
  sight_statement_bind_int(statement, 1, hash_of(value));
  sight_statement_bind_int(statement, 2, field);
  sight_statement_bind_text(statement, 3, value);
  return sight_statement_run_int(statement, &row, 0, error) ? row : -1;
}

char *sight_term_table_value(SightDb *db, gint64 term, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TERM_VALUE, error);

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, term);
  SightStep step = sight_statement_step(statement, error);
  if (step == SIGHT_STEP_DONE)
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_NOT_FOUND, _("There is no such term."));
  return step == SIGHT_STEP_ROW ? sight_statement_dup_text(statement, 0) : NULL;
}

gboolean sight_term_table_each(SightDb *db, SightTermField field, SightTermFunc func, gpointer user_data,
                               GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TERM_EACH, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, sight_term_table_first(field));
  sight_statement_bind_int(statement, 2, sight_term_table_first(field + 1));
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    if (!func(sight_statement_int(statement, 0), sight_statement_text(statement, 2), sight_statement_int(statement, 1),
              user_data))
      return TRUE;
  }
  return step == SIGHT_STEP_DONE;
}

/* What FTS5 is asked for words as they follow each other; NULL: there are none. */
static char *match_of(const char *words, gboolean prefix) {
  g_autoptr(GString) match = g_string_new("\"");

  sight_text_append_words(match, words);
  if (match->len == 1)
    return NULL;
  g_string_append(match, prefix ? "\"*" : "\"");
  return g_string_free(g_steal_pointer(&match), FALSE);
}

GArray *sight_term_table_search(SightDb *db, SightTermField field, const char *words, gboolean prefix, GError **error) {
  g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autofree char *match = match_of(words, prefix);
  SightStep step = SIGHT_STEP_FAILED;

  if (match == NULL)
    return g_steal_pointer(&terms);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TERM_SEARCH, error);
  if (statement == NULL)
    return NULL;
  sight_statement_bind_text(statement, 1, match);
  sight_statement_bind_int(statement, 2, sight_term_table_first(field));
  sight_statement_bind_int(statement, 3, sight_term_table_first(field + 1) - 1);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_array_append_val(terms, row);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&terms) : NULL;
}

gboolean sight_term_table_common(SightDb *db, SightTermField field, const char *words, guint limit, SightTermFunc func,
                                 gpointer user_data, GError **error) {
  g_autofree char *match = match_of(words, TRUE);
  SightStep step = SIGHT_STEP_FAILED;

  if (match == NULL)
    return TRUE;
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TERM_COMMON, error);
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_text(statement, 1, match);
  sight_statement_bind_int(statement, 2, sight_term_table_first(field));
  sight_statement_bind_int(statement, 3, sight_term_table_first(field + 1) - 1);
  sight_statement_bind_int(statement, 4, limit);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    if (!func(sight_statement_int(statement, 0), sight_statement_text(statement, 2), sight_statement_int(statement, 1),
              user_data))
      return TRUE;
  }
  return step == SIGHT_STEP_DONE;
}

/* Writing. */

static gboolean write_words(SightDb *db, SightSql sql, gint64 term, const char *value, GError **error) {
  g_autoptr(GString) words = g_string_new(NULL);

  if (!sight_term_field_info(sight_term_field_of(term))->words)
    return TRUE;
  sight_text_append_words(words, value);
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, term);
  sight_statement_bind_text(statement, 2, words->str);
  return sight_statement_run(statement, error);
}

gint64 sight_term_table_ensure(SightDb *db, SightTermField field, const char *value, GError **error) {
  gint64 row = sight_term_table_find(db, field, value, error);

  if (row != 0)
    return row;
  g_autoptr(SightStatement) last = sight_db_statement(db, SIGHT_SQL_TERM_LAST, error);
  g_autoptr(SightStatement) add = sight_db_statement(db, SIGHT_SQL_TERM_ADD, error);
  if (last == NULL || add == NULL)
    return -1;
  sight_statement_bind_int(last, 1, sight_term_table_first(field));
  sight_statement_bind_int(last, 2, sight_term_table_first(field + 1));
  if (!sight_statement_run_int(last, &row, sight_term_table_first(field), error))
    return -1;
  row++;
  sight_statement_bind_int(add, 1, row);
  sight_statement_bind_int(add, 2, hash_of(value));
  sight_statement_bind_text(add, 3, value);
  return sight_statement_run(add, error) && write_words(db, SIGHT_SQL_TERM_ADD_WORDS, row, value, error) ? row : -1;
}

gboolean sight_term_table_remove(SightDb *db, gint64 term, GError **error) {
  g_autofree char *value = sight_term_table_value(db, term, error);
  g_autoptr(SightStatement) statement = value != NULL ? sight_db_statement(db, SIGHT_SQL_TERM_REMOVE, error) : NULL;

  if (statement == NULL || !write_words(db, SIGHT_SQL_TERM_REMOVE_WORDS, term, value, error))
    return FALSE;
  sight_statement_bind_int(statement, 1, term);
  return sight_statement_run(statement, error);
}

gboolean sight_term_table_count(SightDb *db, gint64 term, gint64 more, gint64 *n, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TERM_COUNT, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, term);
  sight_statement_bind_int(statement, 2, more);
  return sight_statement_run_int(statement, n, 0, error);
}
