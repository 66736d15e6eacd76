/* SPDX-License-Identifier: MIT */
/* SightUiProblems: the problems of the sessions under the filter, the worst first, as a list model. A condition that
 * names a problem says which one is looked at, so it does not narrow the list. */
#pragma once

#include "sight-store.h"
#include "sight-ui-filter.h"
#include "sight-ui-problem-item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROBLEMS (sight_ui_problems_get_type())
/* A list of SightUiProblemItem. Main thread only. Signal "listed" after each answer, also a failed one. */
G_DECLARE_FINAL_TYPE(SightUiProblems, sight_ui_problems, SIGHT_UI, PROBLEMS, GObject)

/* Asks nothing before it is active. */
SightUiProblems *sight_ui_problems_new(SightStore *store, SightUiFilter *filter);
/* Whether somebody looks: only then does it follow the filter and the store. */
void sight_ui_problems_set_active(SightUiProblems *self, gboolean active);
/* FALSE until the first answer to the present question is there. */
gboolean sight_ui_problems_is_listed(SightUiProblems *self);
/* Why the last question could not be answered; NULL: it was. */
const GError *sight_ui_problems_get_error(SightUiProblems *self);

G_END_DECLS
