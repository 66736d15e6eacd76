/* SPDX-License-Identifier: MIT */
/* SightUiProblemLike: the problems that were merged into one, to be split again, and those like it, to be merged. */
#pragma once

#include "sight-ui-problems.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEM_LIKE (sight_ui_problem_like_get_type())
/* Signal: "other" (string): that problem is wanted, by its id. */
G_DECLARE_FINAL_TYPE(SightUiProblemLike, sight_ui_problem_like, SIGHT_UI, PROBLEM_LIKE, GtkWidget)

GtkWidget *sight_ui_problem_like_new(SightUiProblems *problems);
/* The problem must stay until another is set; NULL: none. */
void sight_ui_problem_like_set(SightUiProblemLike *self, const SightProblem *problem);
/* A button, the widget's, that asks which other problem it is a part of; and the same by itself. */
GtkWidget *sight_ui_problem_like_get_button(SightUiProblemLike *self);
void sight_ui_problem_like_choose(SightUiProblemLike *self);

G_END_DECLS
