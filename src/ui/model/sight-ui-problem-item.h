/* SPDX-License-Identifier: MIT */
/* SightUiProblemItem: one row of the list of problems. */
#pragma once

#include "sight-problems.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEM_ITEM (sight_ui_problem_item_get_type())
G_DECLARE_FINAL_TYPE(SightUiProblemItem, sight_ui_problem_item, SIGHT_UI, PROBLEM_ITEM, GObject)

/* The problem at a place of a list (of SightProblem), which it keeps. */
SightUiProblemItem *sight_ui_problem_item_new(GPtrArray *problems, guint place);
const SightProblem *sight_ui_problem_item_get(SightUiProblemItem *self);

G_END_DECLS
