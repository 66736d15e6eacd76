/* SPDX-License-Identifier: MIT */
/* The text that a search over sessions looks in. */
#include "sight-text-table.h"

#include "sight-db.h"
#include "sight-index-table.h"
#include "sight-text.h"

#include <string.h>

/* A session of which more is said than this is found by what comes first. */
#define MAX_TEXT_BYTES (64 * 1024)
/* However short they are: all tags are read for each one that is new. */
#define MAX_TAGS 2000

static char *build(SightDb *db, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TEXT_BUILD, error);
  g_autoptr(GString) text = g_string_new(NULL);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_int(statement, 2, MAX_TAGS);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    const char *part = sight_statement_text(statement, 0);
    if (part == NULL || text->len > MAX_TEXT_BYTES)
      continue;
    sight_text_append_words(text, part);
    g_string_append_c(text, ' ');
  }
  return step == SIGHT_STEP_DONE ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static gboolean stands_already(SightDb *db, gint64 row, const char *text, gboolean *same, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TEXT_GET, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  SightStep step = sight_statement_step(statement, error);
  *same = step == SIGHT_STEP_ROW && g_strcmp0(sight_statement_text(statement, 0), text) == 0;
  return step != SIGHT_STEP_FAILED;
}

gboolean sight_text_table_update(SightDb *db, gint64 row, GError **error) {
  g_autofree char *text = build(db, row, error);
  gboolean same = FALSE;

  if (text == NULL || !stands_already(db, row, text, &same, error))
    return FALSE;
  if (same)
    return TRUE;
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TEXT_PUT, error);
  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  sight_statement_bind_text(statement, 2, text);
  return sight_statement_run(statement, error);
}

static gboolean run_with_row(SightDb *db, SightSql sql, gint64 row, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, sql, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, row);
  return sight_statement_run(statement, error);
}

gboolean sight_text_table_remove(SightDb *db, gint64 row, GError **error) {
  return run_with_row(db, SIGHT_SQL_TEXT_REMOVE, row, error);
}

gboolean sight_text_table_remove_endpoint(SightDb *db, gint64 endpoint, GError **error) {
  return run_with_row(db, SIGHT_SQL_TEXT_REMOVE_ENDPOINT, endpoint, error);
}

static gboolean set_purge(SightDb *db, gint64 value, GError **error) {
  return run_with_row(db, SIGHT_SQL_TEXT_SET_PURGE, value, error);
}

gboolean sight_text_table_mark_erased(SightDb *db, GError **error) {
  db->erased = TRUE;
  return set_purge(db, 1, error);
}

gboolean sight_text_table_purge(SightDb *db, GError **error) {
  g_autoptr(SightStatement) wanted = sight_db_statement(db, SIGHT_SQL_TEXT_GET_PURGE, error);
  g_autoptr(SightStatement) optimize = sight_db_statement(db, SIGHT_SQL_TEXT_OPTIMIZE, error);
  gint64 value = 0;

  if (wanted == NULL || optimize == NULL || !sight_statement_run_int(wanted, &value, 0, error))
    return FALSE;
  if (value == 0)
    return TRUE;
  return sight_statement_run(optimize, error) && sight_index_table_purge(db, error) && set_purge(db, 0, error);
}

char **sight_text_table_pieces(const char *text) {
  g_autoptr(GStrvBuilder) pieces = g_strv_builder_new();
  g_auto(GStrv) parts = g_strsplit_set(text != NULL ? text : "", " \t\r\n", -1);

  for (guint i = 0; parts[i] != NULL; i++) {
    g_autoptr(GString) piece = g_string_new(NULL);
    sight_text_append_words(piece, parts[i]);
    if (piece->len > 0)
      g_strv_builder_add(pieces, piece->str);
  }
  return g_strv_builder_end(pieces);
}

/* "ada pay.now" becomes "ada"* "pay now"*: a quoted string in which nothing is an operator. */
static char *match_expression(char **pieces) {
  g_autoptr(GString) expression = g_string_new(NULL);

  for (guint i = 0; pieces[i] != NULL; i++)
    g_string_append_printf(expression, "\"%s\"* ", pieces[i]);
  return g_string_free(g_steal_pointer(&expression), FALSE);
}

GArray *sight_text_table_match(SightDb *db, char **pieces, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_TEXT_MATCH, error);
  g_autofree char *expression = match_expression(pieces);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return NULL;
  sight_statement_bind_text(statement, 1, expression);
  while ((step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gint64 row = sight_statement_int(statement, 0);
    g_array_append_val(rows, row);
  }
  return step == SIGHT_STEP_DONE ? g_steal_pointer(&rows) : NULL;
}
