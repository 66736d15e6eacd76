/* SPDX-License-Identifier: MIT */
/* Courses, read one after the other where many are wanted. */
#include "sight-course-table.h"

#include "sight-db.h"

static gboolean fail_damaged(SightDb *db, GError **error) {
  db->damaged = TRUE;
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the course of a session is damaged");
  return FALSE;
}

gboolean sight_course_table_each(SightDb *db, const SightSet *sessions, const SightCourseSteps *steps,
                                 SightCourseFunc func, gpointer user_data, GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(sessions);
  g_autoptr(SightCourse) course = sight_course_new();
  g_autoptr(SightDbColumn) column = sight_db_column_new(db, "course", "data");
  gboolean more = TRUE;

  for (guint i = 0; more && i < rows->len; i++) {
    gint64 session = g_array_index(rows, gint64, i);
    const guint8 *data = NULL;
    gsize bytes = 0;
    if (g_cancellable_set_error_if_cancelled(sight_db_cancellable(db), error) ||
        !sight_db_column_get(column, session, &data, &bytes, error))
      return FALSE;
    if (data != NULL && !sight_course_find(data, bytes, steps, course))
      return fail_damaged(db, error);
    more = data == NULL || func(session, course, user_data);
  }
  return TRUE;
}

gboolean sight_course_table_put(SightDb *db, gint64 session, const SightOccurrences *occurrences, const gint64 *rows,
                                GError **error) {
  g_autoptr(SightStatement) length = sight_db_statement(db, SIGHT_SQL_COURSE_LENGTH, error);
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COURSE_PUT, error);
  gint64 duration_ms = 0;

  if (length == NULL || statement == NULL)
    return FALSE;
  sight_statement_bind_int(length, 1, session);
  if (!sight_statement_run_int(length, &duration_ms, 0, error))
    return FALSE;
  g_autoptr(GByteArray) packed = sight_course_pack(occurrences, rows, duration_ms);
  sight_statement_bind_int(statement, 1, session);
  sight_statement_bind_blob(statement, 2, packed->data, packed->len);
  return sight_statement_run(statement, error);
}

gboolean sight_course_table_remove(SightDb *db, gint64 session, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COURSE_REMOVE, error);

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, session);
  return sight_statement_run(statement, error);
}
