/* SPDX-License-Identifier: MIT */
/* SightUiProblemsPage: what is wrong, the worst first. */
#pragma once

#include "sight-ui-problems.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEMS_PAGE (sight_ui_problems_page_get_type())
/* Signal "watch" (pointer to SightProblem, borrowed): its clearest moment is wanted. */
G_DECLARE_FINAL_TYPE(SightUiProblemsPage, sight_ui_problems_page, SIGHT_UI, PROBLEMS_PAGE, GtkWidget)

/* Keeps the list; it is active while the page is on display. */
GtkWidget *sight_ui_problems_page_new(SightUiProblems *problems);

G_END_DECLS
