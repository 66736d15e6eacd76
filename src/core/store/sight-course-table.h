/* SPDX-License-Identifier: MIT */
/* The course of each session that is in the index. Every function runs inside sight_store_read() or
 * sight_store_write(). */
#pragma once

#include "sight-course.h"
#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Those of `sessions` that have one, ascending, with the moments that are of one of the steps; `course` is borrowed for
 * the call. FALSE from `func` ends it without an error. */
typedef gboolean (*SightCourseFunc)(gint64 session, const SightCourse *course, gpointer user_data);
gboolean sight_course_table_each(SightDb *db, const SightSet *sessions, const SightCourseSteps *steps,
                                 SightCourseFunc func, gpointer user_data, GError **error);

/* For the index: in place of what stood there, after the session's own row is written. */
gboolean sight_course_table_put(SightDb *db, gint64 session, const SightOccurrences *occurrences, const gint64 *rows,
                                GError **error);
gboolean sight_course_table_remove(SightDb *db, gint64 session, GError **error);

G_END_DECLS
