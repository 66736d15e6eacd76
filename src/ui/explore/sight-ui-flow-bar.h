/* SPDX-License-Identifier: MIT */
/* SightUiFlowBar: the steps of a flow as buttons, each with a menu to move, refuse, bound and remove it, and one to add
 * a step. What they make stands in an entry, as a sequence of the language of filters, and can be written there too. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_FLOW_BAR (sight_ui_flow_bar_get_type())
/* Signal: "asked": the steps, or how strictly they follow each other, are others now. */
G_DECLARE_FINAL_TYPE(SightUiFlowBar, sight_ui_flow_bar, SIGHT_UI, FLOW_BAR, GtkWidget)

/* Follows the entry and writes into it. */
GtkWidget *sight_ui_flow_bar_new(GtkEditable *entry);
/* Pages (templates, of char) that are offered as a step. */
void sight_ui_flow_bar_set_pages(SightUiFlowBar *self, const GPtrArray *pages);
/* Whether nothing else of their kinds may come between the steps. */
gboolean sight_ui_flow_bar_is_strict(SightUiFlowBar *self);

G_END_DECLS
