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
/* Signals: "narrow" (a filter): it is to join the sentence, and the sessions are wanted; "watch" (a filter, int64 row
 * of a session, int64 ms from its start): the same, at that moment; "act" (SightUiExploreRow): what the table says can
 * be done about a row is wanted. */
G_DECLARE_FINAL_TYPE(SightUiExploreView, sight_ui_explore_view, SIGHT_UI, EXPLORE_VIEW, GtkWidget)

/* `table` is static. */
GtkWidget *sight_ui_explore_view_new(SightStore *store, SightUiFilter *filter, const SightUiExploreTable *table);
/* Asks anew, where something of it was changed by hand. */
void sight_ui_explore_view_refresh(SightUiExploreView *self);
/* The steps of its flow, borrowed until they change; NULL: it asks for none, or nobody has written any. */
const char *sight_ui_explore_view_get_flow(SightUiExploreView *self);

G_END_DECLS
