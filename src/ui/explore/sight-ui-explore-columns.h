/* SPDX-License-Identifier: MIT */
/* The columns of a table of Explore, and where their cells lead. Main thread. */
#pragma once

#include "sight-ui-explore-view.h"

G_BEGIN_DECLS

/* Those of `table`, which is static. A cell that is pressed leads where its owner says, for as long as that is there.
 */
void sight_ui_explore_columns_add(GtkColumnView *view, const SightUiExploreTable *table, SightUiExploreView *owner);

/* Of the owner. The first column stands for the row: where that leads to a moment, there. */
void sight_ui_explore_view_follow(SightUiExploreView *self, SightUiExploreRow *row, guint column);

G_END_DECLS
