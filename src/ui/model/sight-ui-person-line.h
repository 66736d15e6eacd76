/* SPDX-License-Identifier: MIT */
/* Where the sessions of a person stand on one line of time: each as long as it was beside the others, what is between
 * them folded to the same short piece. Plain numbers, in pixels from the left. */
#pragma once

#include "sight-ui-person.h"

G_BEGIN_DECLS

/* Marks are not nearer to each other. */
#define SIGHT_UI_PERSON_MARK 14

typedef struct {
  double x0, x1;
  guint lane, n_lanes; /* sessions at the same time lie one below the other; counted from 0 */
} SightUiPersonSpan;

/* One of the moments. Of those that would cover each other the gravest. */
typedef struct {
  guint session; /* its place among those of the person */
  SightUiPersonMoment moment;
  double x; /* its middle */
} SightUiPersonMark;

typedef struct {
  GArray *spans; /* of SightUiPersonSpan, as the sessions */
  GArray *folds; /* of double: middles of what is folded */
  GArray *marks; /* of SightUiPersonMark, from left to right */
} SightUiPersonLine;
void sight_ui_person_line_free(SightUiPersonLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiPersonLine, sight_ui_person_line_free)

/* So wide that each session can be seen. */
double sight_ui_person_line_least(const SightUiPerson *person);
/* The caller's; at least that wide. */
SightUiPersonLine *sight_ui_person_line_new(const SightUiPerson *person, double width);
/* Between pixels and times of a session, to which times are cut. */
double sight_ui_person_line_x(const SightUiPersonLine *line, const SightUiPerson *person, guint session, gint64 at_ms);
gint64 sight_ui_person_line_ms(const SightUiPersonLine *line, const SightUiPerson *person, guint session, double x);

G_END_DECLS
