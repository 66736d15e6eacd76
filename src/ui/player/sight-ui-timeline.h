/* SPDX-License-Identifier: MIT */
/* SightUiTimeline: a whole session at a glance: pages, activity, idle stretches, signals, the playhead, in and out
 * point. Drags scrub and move the points, the wheel zooms, with Shift it moves, arrow keys step. */
#pragma once

#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_TIMELINE (sight_ui_timeline_get_type())
/* Signal "peek" (int64 ms from the start of the session): the pointer rests there; the popover is about to show it. */
G_DECLARE_FINAL_TYPE(SightUiTimeline, sight_ui_timeline, SIGHT_UI, TIMELINE, GtkWidget)

/* For a template; binds to a playback afterwards. */
void sight_ui_timeline_set_playback(SightUiTimeline *self, SightUiPlayback *playback);

/* What the popover has above the time; the timeline owns it. Whoever sets it keeps it at the last "peek". */
void sight_ui_timeline_set_miniature(SightUiTimeline *self, GtkWidget *miniature);

/* What happened at a time, as one or two lines of plain text for people. The caller's. */
char *sight_ui_timeline_describe(const SightAnalysis *analysis, gint64 at_ms, gint64 around_ms);

G_END_DECLS
