/* SPDX-License-Identifier: MIT */
/* SightUiHeatView: a page as it was, with what the sessions under the filter did on it laid over, and the same in
 * numbers beside it. */
#pragma once

#include "sight-store.h"
#include "sight-ui-filter.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_HEAT_VIEW (sight_ui_heat_view_get_type())
/* It asks on a worker while it is on display. Signals "narrow" (a filter): it is to join the sentence, and the sessions
 * are wanted; "watch" (a filter, int64 session row, int64 ms from its start): so is that, and that moment is wanted. */
G_DECLARE_FINAL_TYPE(SightUiHeatView, sight_ui_heat_view, SIGHT_UI, HEAT_VIEW, GtkWidget)

GtkWidget *sight_ui_heat_view_new(SightStore *store, SightUiFilter *filter);
/* Which page (its template) it shows from now on. */
void sight_ui_heat_view_set_page(SightUiHeatView *self, const char *page);

G_END_DECLS
