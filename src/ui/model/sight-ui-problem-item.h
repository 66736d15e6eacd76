/* SPDX-License-Identifier: MIT */
/* SightUiProblemItem: one row of the list of problems. */
#pragma once

#include "sight-problems.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* Days since 1970 on which any problem of a list was seen, both included: so that their trends can be compared. */
typedef struct {
  gint64 first, last;
} SightUiProblemSpan;

#define SIGHT_UI_TYPE_PROBLEM_ITEM (sight_ui_problem_item_get_type())
G_DECLARE_FINAL_TYPE(SightUiProblemItem, sight_ui_problem_item, SIGHT_UI, PROBLEM_ITEM, GObject)

/* One of a list (of SightProblem), which it keeps. */
SightUiProblemItem *sight_ui_problem_item_new(GPtrArray *problems, const SightProblem *problem,
                                              const SightUiProblemSpan *span);
const SightUiProblemSpan *sight_ui_problem_item_get_span(SightUiProblemItem *self);
const SightProblem *sight_ui_problem_item_get(SightUiProblemItem *self);

G_END_DECLS
