/* SPDX-License-Identifier: MIT */
/* SightUiExploreView: one table of Explore with its chart, under the filter of the window. It asks on a worker while it
 * is on display. A number that stands for a condition is a button: it joins the sentence, and the sessions are shown.
 */
#pragma once

#include "sight-ui-explore-ask.h"
#include "sight-ui-filter.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_EXPLORE_VIEW (sight_ui_explore_view_get_type())
/* Signal "narrow" (a filter): it is to join the sentence, and the sessions are wanted. */
G_DECLARE_FINAL_TYPE(SightUiExploreView, sight_ui_explore_view, SIGHT_UI, EXPLORE_VIEW, GtkWidget)

/* `table` is static. */
GtkWidget *sight_ui_explore_view_new(SightStore *store, SightUiFilter *filter, const SightUiExploreTable *table);

G_END_DECLS
