/* SPDX-License-Identifier: MIT */
/* SightUiMiniTimeline: a session in one line: how much went on, and where its signals are. */
#pragma once

#include "sight-session-table.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_MINI_TIMELINE (sight_ui_mini_timeline_get_type())
G_DECLARE_FINAL_TYPE(SightUiMiniTimeline, sight_ui_mini_timeline, SIGHT_UI, MINI_TIMELINE, GtkWidget)

/* Copies what it needs. NULL: nothing is known yet. Marks of the signal that the row is about (SightSignalKind, or -1)
 * are larger and above the others. */
void sight_ui_mini_timeline_set_session(SightUiMiniTimeline *self, const SightSession *session, int signal);

G_END_DECLS
