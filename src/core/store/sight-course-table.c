/* SPDX-License-Identifier: MIT */
/* Courses, read one after the other where many are wanted. */
#include "sight-course-table.h"

#include "sight-db.h"

/* Stepping over one that is not wanted costs so much less than looking for one by its number. */
#define STEPS 8

static gboolean is_damaged(SightDb *db, const guint8 *data, gsize bytes, SightCourse *course, GError **error) {
  if (sight_course_unpack(data, bytes, course))
    return FALSE;
  db->damaged = TRUE;
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "the course of a session is damaged");
  return TRUE;
}

/* Rows from `first` to `last`, of which those in `sessions` are wanted. `*more`: nobody ended it. */
static gboolean each_between(SightDb *db, gint64 first, gint64 last, const SightSet *sessions, SightCourse *course,
                             SightCourseFunc func, gpointer user_data, gboolean *more, GError **error) {
  g_autoptr(SightStatement) statement = sight_db_statement(db, SIGHT_SQL_COURSE_EACH, error);
  SightStep step = SIGHT_STEP_FAILED;

  if (statement == NULL)
    return FALSE;
  sight_statement_bind_int(statement, 1, first);
  sight_statement_bind_int(statement, 2, last);
  while (*more && (step = sight_statement_step(statement, error)) == SIGHT_STEP_ROW) {
    gsize bytes = 0;
    gint64 session = sight_statement_int(statement, 0);
    if (!sight_set_contains(sessions, session))
      continue;
    const guint8 *data = sight_statement_blob(statement, 1, &bytes);
    if (is_damaged(db, data, bytes, course, error))
      return FALSE;
    *more = func(session, course, user_data);
  }
  return step != SIGHT_STEP_FAILED;
}

gboolean sight_course_table_each(SightDb *db, const SightSet *sessions, SightCourseFunc func, gpointer user_data,
                                 GError **error) {
  g_autoptr(GArray) rows = sight_set_rows(sessions);
  g_autoptr(SightCourse) course = sight_course_new();
  gboolean more = TRUE;

  for (guint i = 0, end = 0; more && i < rows->len; i = end) {
    gint64 first = g_array_index(rows, gint64, i), last = first;
    for (end = i + 1; end < rows->len && g_array_index(rows, gint64, end) - last <= STEPS; end++)
      last = g_array_index(rows, gint64, end);
    if (!each_between(db, first, last, sessions, course, func, user_data, &more, error))
      return FALSE;
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
