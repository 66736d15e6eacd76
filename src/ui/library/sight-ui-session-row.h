/* SPDX-License-Identifier: MIT */
/* SightUiSessionRow: who and when and how long; from where to where; the miniature timeline; why it is listed. */
#pragma once

#include "sight-ui-session-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_SESSION_ROW (sight_ui_session_row_get_type())
G_DECLARE_FINAL_TYPE(SightUiSessionRow, sight_ui_session_row, SIGHT_UI, SESSION_ROW, GtkWidget)

GtkWidget *sight_ui_session_row_new(void);
/* Follows the item; NULL lets go of it. */
void sight_ui_session_row_set_item(SightUiSessionRow *self, SightUiSessionItem *item);
SightUiSessionItem *sight_ui_session_row_get_item(SightUiSessionRow *self); /* borrowed; or NULL */

G_END_DECLS
