/* SPDX-License-Identifier: MIT */
/* SightUiFilterBar: search, sentence and count in one line, the same over all pages. */
#pragma once

#include "sight-ui-filter.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_FILTER_BAR (sight_ui_filter_bar_get_type())
/* Signals: "entered": Enter without another condition; "left": Escape where nothing is left to clear. */
G_DECLARE_FINAL_TYPE(SightUiFilterBar, sight_ui_filter_bar, SIGHT_UI, FILTER_BAR, GtkWidget)

/* For a template; follows the filter afterwards. */
void sight_ui_filter_bar_set_filter(SightUiFilterBar *self, SightUiFilter *filter);
/* To the entry. */
void sight_ui_filter_bar_focus(SightUiFilterBar *self);

G_END_DECLS
