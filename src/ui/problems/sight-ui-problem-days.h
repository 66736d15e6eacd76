/* SPDX-License-Identifier: MIT */
/* SightUiProblemDays: how many sessions met a problem on each day, as bars. What it shows is told in words as well: see
 * sight_ui_problem_days_describe(). */
#pragma once

#include "sight-ui-problem-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEM_DAYS (sight_ui_problem_days_get_type())
G_DECLARE_FINAL_TYPE(SightUiProblemDays, sight_ui_problem_days, SIGHT_UI, PROBLEM_DAYS, GtkWidget)

GtkWidget *sight_ui_problem_days_new(int height);
void sight_ui_problem_days_set(SightUiProblemDays *self, SightUiProblemItem *item);
/* "26 May: 5", a line for each day on which it was seen, the newest first; the caller's. */
char *sight_ui_problem_days_describe(const SightProblem *problem);

G_END_DECLS
