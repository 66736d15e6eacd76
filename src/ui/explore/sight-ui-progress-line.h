/* SPDX-License-Identifier: MIT */
/* SightUiProgressLine: how far a question over recordings is, and a way to stop it. */
#pragma once

#include "sight-ui-explore-ask.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PROGRESS_LINE (sight_ui_progress_line_get_type())
/* Hidden while nothing takes long. Signal "stop": whoever waits wants it no more. */
G_DECLARE_FINAL_TYPE(SightUiProgressLine, sight_ui_progress_line, SIGHT_UI, PROGRESS_LINE, GtkWidget)

GtkWidget *sight_ui_progress_line_new(void);
/* Follows a question, of which it keeps a reference, and is there once it takes a while. */
void sight_ui_progress_line_follow(SightUiProgressLine *self, SightUiExploreProgress *progress);
/* It is over. */
void sight_ui_progress_line_end(SightUiProgressLine *self);

G_END_DECLS
