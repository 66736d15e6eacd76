/* SPDX-License-Identifier: MIT */
/* SightCourse: what a visitor did and met in one session, in the order of time, as few bytes: its moments with their
 * terms, without what merely stood on the pages. What sequences are looked for in. */
#pragma once

#include "sight-occurrences.h"

G_BEGIN_DECLS

/* Plain data; moment i has the terms from firsts[i] up to firsts[i + 1], of which the first says what it is. */
typedef struct {
  GArray *starts; /* of gint64: ms from the start of the session, ascending */
  GArray *firsts; /* of guint, one more than there are moments */
  GArray *terms;  /* of gint64 */
} SightCourse;

SightCourse *sight_course_new(void);
void sight_course_free(SightCourse *course);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightCourse, sight_course_free)

/* Whether moments of a field are in it. */
gboolean sight_course_has(SightTermField field);

/* Of occurrences in the order of time, those that begin within `duration_ms`; `rows` as sight_occurrences_pack() takes
 * them. */
GByteArray *sight_course_pack(const SightOccurrences *occurrences, const gint64 *rows, gint64 duration_ms);
/* In place of what stood in `course`; FALSE where the bytes are damaged. */
gboolean sight_course_unpack(const guint8 *data, gsize bytes, SightCourse *course);

G_END_DECLS
