/* SPDX-License-Identifier: MIT */
/* SightUiBars: a chart of one column of a table, the first rows as bars. What it shows stands in the table as well, so
 * it is no part of what a screen reader reads. */
#pragma once

#include "sight-ui-explore-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_BARS (sight_ui_bars_get_type())
G_DECLARE_FINAL_TYPE(SightUiBars, sight_ui_bars, SIGHT_UI, BARS, GtkWidget)

GtkWidget *sight_ui_bars_new(void);
/* Follows the list (of SightUiExploreRow). */
void sight_ui_bars_set_model(SightUiBars *self, GListModel *rows, guint column);

G_END_DECLS
