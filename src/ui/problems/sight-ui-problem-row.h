/* SPDX-License-Identifier: MIT */
/* SightUiProblemRow: what is wrong, where, and whom it meets. */
#pragma once

#include "sight-ui-problem-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEM_ROW (sight_ui_problem_row_get_type())
/* Signal "watch": its button was pressed. */
G_DECLARE_FINAL_TYPE(SightUiProblemRow, sight_ui_problem_row, SIGHT_UI, PROBLEM_ROW, GtkWidget)

GtkWidget *sight_ui_problem_row_new(void);
/* NULL lets go of it. */
void sight_ui_problem_row_set_item(SightUiProblemRow *self, SightUiProblemItem *item);
SightUiProblemItem *sight_ui_problem_row_get_item(SightUiProblemRow *self);

G_END_DECLS
