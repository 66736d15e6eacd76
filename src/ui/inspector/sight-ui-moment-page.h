/* SPDX-License-Identifier: MIT */
/* SightUiMomentPage: one page of the inspector: lines that follow the playhead, and lead there. */
#pragma once

#include "sight-ui-moments.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_MOMENT_PAGE (sight_ui_moment_page_get_type())
/* Signals: "chosen" (int64 ms): a line was activated; "edit", "remove", "answer" (int): what is to be done to what
 * the team says that a line was made of. */
G_DECLARE_FINAL_TYPE(SightUiMomentPage, sight_ui_moment_page, SIGHT_UI, MOMENT_PAGE, GtkWidget)

/* `name` is what screen readers call it; `empty` the sentence that stands where there is nothing. */
GtkWidget *sight_ui_moment_page_new(const char *name, const char *icon, const char *empty);
SightUiMoments *sight_ui_moment_page_get_moments(SightUiMomentPage *self);
/* What its lines are chosen and ordered by, above them. */
void sight_ui_moment_page_set_tool(SightUiMomentPage *self, GtkWidget *tool);
/* Marks the line of that time and keeps it in sight, unless the pointer or the keyboard is at work in it. */
void sight_ui_moment_page_follow(SightUiMomentPage *self, gint64 time_ms);

G_END_DECLS
