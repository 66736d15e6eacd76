/* SPDX-License-Identifier: MIT */
/* SightUiFoldRow: a row of controls that leaves out the less needed ones where it is narrow. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_FOLD_ROW (sight_ui_fold_row_get_type())
/* Children with a style class "fold-1" … "fold-6" may be left out: those of the highest number first. What is left out
 * must be reachable elsewhere. A child that expands takes what is left. For a template. */
G_DECLARE_FINAL_TYPE(SightUiFoldRow, sight_ui_fold_row, SIGHT_UI, FOLD_ROW, GtkWidget)

G_END_DECLS
