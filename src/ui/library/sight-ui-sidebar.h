/* SPDX-License-Identifier: MIT */
/* SightUiSidebar: the saved filters with their counts under the sentence. */
#pragma once

#include "sight-ui-library.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_SIDEBAR (sight_ui_sidebar_get_type())
/* Signal "rename" (uint place): another title is wanted for one of the filters that the analyst saved. Its rows
 * activate win.narrow-by. */
G_DECLARE_FINAL_TYPE(SightUiSidebar, sight_ui_sidebar, SIGHT_UI, SIDEBAR, GtkWidget)

/* Follows the counts and the filter of the library, and changes the filter where a row is activated. */
void sight_ui_sidebar_set_library(SightUiSidebar *self, SightUiLibrary *library);

G_END_DECLS
