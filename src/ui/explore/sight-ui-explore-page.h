/* SPDX-License-Identifier: MIT */
/* SightUiExplorePage: pages, forms, flows and comparing, each a table under the filter of the window. */
#pragma once

#include "sight-store.h"
#include "sight-ui-filter.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_EXPLORE_PAGE (sight_ui_explore_page_get_type())
/* Signals "narrow", "watch" and "act": of its tables (sight-ui-explore-view.h). */
G_DECLARE_FINAL_TYPE(SightUiExplorePage, sight_ui_explore_page, SIGHT_UI, EXPLORE_PAGE, GtkWidget)

GtkWidget *sight_ui_explore_page_new(SightStore *store, SightUiFilter *filter);
/* Shows one of its tables, by its name: "compare". */
void sight_ui_explore_page_show(SightUiExplorePage *self, const char *name);
/* Shows the next (1) or the previous one (-1), and gives it the keys. */
void sight_ui_explore_page_step(SightUiExplorePage *self, int direction);
/* The steps of the flow that is on display, borrowed; NULL: none is. */
const char *sight_ui_explore_page_get_flow(SightUiExplorePage *self);
/* Shows the heatmap of a page (its template). */
void sight_ui_explore_page_show_heatmap(SightUiExplorePage *self, const char *page);
/* Asks the table on display anew. */
void sight_ui_explore_page_refresh(SightUiExplorePage *self);

G_END_DECLS
