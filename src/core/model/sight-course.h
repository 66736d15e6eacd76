/* SPDX-License-Identifier: MIT */
/* SightCourse: what a visitor did and met in one session, in the order of time, as few bytes: its moments with their
 * terms, without what merely stood on the pages. What sequences are looked for in. */
#pragma once

#include "sight-occurrences.h"

G_BEGIN_DECLS

/* What is looked for: up to 64 steps, as bits. A moment is of a step where its first term, which says what it is, is of
 * one of the step's fields, and one of its terms is the step's. */
typedef struct {
  gint64 term;
  guint64 steps;
} SightCourseTerm;

typedef struct {
  guint64 fields[SIGHT_N_TERM_FIELDS]; /* the steps of which a moment may be that begins with a term of the field */
  guint64 any;                         /* steps that take whatever term */
  GArray *terms;                       /* of SightCourseTerm, ascending, each term once */
} SightCourseSteps;

typedef struct {
  gint64 start_ms; /* from the start of the session */
  guint64 steps;
} SightCourseMoment;

/* Room for one course after the other; read `moments` as you like. */
typedef struct {
  GArray *moments; /* of SightCourseMoment, in the order of time: those that are of a step */
  GArray *places;  /* its own */
} SightCourse;

SightCourse *sight_course_new(void);
void sight_course_free(SightCourse *course);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightCourse, sight_course_free)

/* Whether moments of a field are in it. */
gboolean sight_course_has(SightTermField field);

/* Of occurrences in the order of time, those that begin within `duration_ms`; `rows` as sight_occurrences_pack() takes
 * them. */
GByteArray *sight_course_pack(const SightOccurrences *occurrences, const gint64 *rows, gint64 duration_ms);
/* The moments of a course that are of one of the steps, in place of what stood in `course`; FALSE where the bytes are
 * damaged. */
gboolean sight_course_find(const guint8 *data, gsize bytes, const SightCourseSteps *steps, SightCourse *course);

G_END_DECLS
