/* SPDX-License-Identifier: MIT */
/* SightUiProblemDetail: everything that is known of one problem. */
#pragma once

#include "sight-store.h"
#include "sight-ui-problems.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEM_DETAIL (sight_ui_problem_detail_get_type())
/* Signals: "watch" (int64 row, int64 ms): a moment of it is wanted; "state" (int SightProblemState): it is to be in
 * that state; "compare": what is different about those who met it is wanted; "narrow" (string): a condition to be added
 * to the filter; "other" (string): another problem is wanted, by its id. */
G_DECLARE_FINAL_TYPE(SightUiProblemDetail, sight_ui_problem_detail, SIGHT_UI, PROBLEM_DETAIL, GtkWidget)

/* What is said of it is said by `problems`, of which it is one. */
GtkWidget *sight_ui_problem_detail_new(SightStore *store, SightUiProblems *problems);
/* NULL: none. Its moments are those of an endpoint; 0: of all. */
void sight_ui_problem_detail_set_item(SightUiProblemDetail *self, SightUiProblemItem *item, gint64 endpoint);
/* Opens the states to choose from. */
void sight_ui_problem_detail_choose_state(SightUiProblemDetail *self);
/* Opens the problems to choose the one from that it is the same as. */
void sight_ui_problem_detail_choose_same(SightUiProblemDetail *self);
/* "Fixed?"; translated, static. */
const char *sight_ui_problem_state_title(SightProblemState state);
/* As it is listed: one that came back is not one that never went. */
const char *sight_ui_problem_state_title_of(const SightProblem *problem);

G_END_DECLS
