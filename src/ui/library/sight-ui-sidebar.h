/* SPDX-License-Identifier: MIT */
/* SightUiSidebar: the facets with their counts, and the endpoints. */
#pragma once

#include "sight-ui-library.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_SIDEBAR (sight_ui_sidebar_get_type())
/* Activates win.facet (string) and win.endpoint (int64) where a row is chosen. */
G_DECLARE_FINAL_TYPE(SightUiSidebar, sight_ui_sidebar, SIGHT_UI, SIDEBAR, GtkWidget)

/* Follows the counts and the question of the library. */
void sight_ui_sidebar_set_library(SightUiSidebar *self, SightUiLibrary *library);
/* Shows what the library is asked for, after it was asked by other means. */
void sight_ui_sidebar_show_query(SightUiSidebar *self);
/* GPtrArray of SightEndpoint; copies what it needs. */
void sight_ui_sidebar_set_endpoints(SightUiSidebar *self, GPtrArray *endpoints);
const char *sight_ui_facet_icon_name(SightFacet facet);

G_END_DECLS
