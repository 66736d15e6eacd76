/* SPDX-License-Identifier: MIT */
/* SightUiProblemsPage: what is wrong, the worst first, by state, and everything that is known of the selected one. */
#pragma once

#include "sight-ui-problems.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEMS_PAGE (sight_ui_problems_page_get_type())
/* Signals: "watch" (pointer to SightProblem, borrowed; int64 row, int64 ms): a moment of it is wanted; "compare"
 * (pointer to SightProblem): what is different about those who met it is wanted; "narrow" (string): a condition to be
 * added to the filter. */
G_DECLARE_FINAL_TYPE(SightUiProblemsPage, sight_ui_problems_page, SIGHT_UI, PROBLEMS_PAGE, GtkWidget)

/* Keeps the list; it is active while the page is on display. Grabbing the focus gives it to the list, also where that
 * is still to come. */
GtkWidget *sight_ui_problems_page_new(SightUiProblems *problems, SightStore *store);
/* The one that is selected, borrowed; NULL: none. */
const SightProblem *sight_ui_problems_page_get_selected(SightUiProblemsPage *self);
/* Selects a problem of an endpoint, in whichever state it is; once it is listed. */
void sight_ui_problems_page_show(SightUiProblemsPage *self, gint64 endpoint, const char *id);
/* Opens the states to choose from for the one that is selected. */
void sight_ui_problems_page_choose_state(SightUiProblemsPage *self);
/* Opens the problems that it may be the same as. */
void sight_ui_problems_page_choose_same(SightUiProblemsPage *self);

/* The same as it stands in the list. */
SightUiProblemItem *sight_ui_problems_page_get_item(SightUiProblemsPage *self);

G_END_DECLS
