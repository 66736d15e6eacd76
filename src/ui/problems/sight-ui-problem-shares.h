/* SPDX-License-Identifier: MIT */
/* SightUiProblemShares: by which devices, browsers, releases and variants a problem is met, each against those who did
 * not meet it. */
#pragma once

#include "sight-problem-where.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEM_SHARES (sight_ui_problem_shares_get_type())
/* Signal: "narrow" (string): a condition to be added to the filter. */
G_DECLARE_FINAL_TYPE(SightUiProblemShares, sight_ui_problem_shares, SIGHT_UI, PROBLEM_SHARES, GtkWidget)

GtkWidget *sight_ui_problem_shares_new(void);
/* NULL: nothing is known yet. */
void sight_ui_problem_shares_set(SightUiProblemShares *self, const SightProblemWhere *where);

G_END_DECLS
