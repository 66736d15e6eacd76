/* SPDX-License-Identifier: MIT */
/* SightUiElementPage: what is known of the element that was picked in the recorded page. */
#pragma once

#include "sight-ui-element.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_ELEMENT_PAGE (sight_ui_element_page_get_type())
/* Signals: "chosen" (int64 ms from the start of the session): a moment of it was activated; "closed": it is not wanted
 * any more. */
G_DECLARE_FINAL_TYPE(SightUiElementPage, sight_ui_element_page, SIGHT_UI, ELEMENT_PAGE, GtkWidget)

GtkWidget *sight_ui_element_page_new(void);
/* `started_ms`: wall clock of the start of the session. */
void sight_ui_element_page_show(SightUiElementPage *self, const SightUiElement *element, gint64 started_ms);
/* Marks the line of that time. */
void sight_ui_element_page_follow(SightUiElementPage *self, gint64 time_ms);

G_END_DECLS
