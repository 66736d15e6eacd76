/* SPDX-License-Identifier: MIT */
/* SightUiPeek: the page as it was where the pointer is on the timeline, in a second, small view. */
#pragma once

#include "sight-ui-reel.h"
#include "sight-ui-timeline.h"

G_BEGIN_DECLS

/* Zero-initialised: nothing was looked at yet. */
typedef struct {
  GtkWidget *view; /* the timeline's; NULL before the first time */
  gboolean has_reel;
} SightUiPeek;

/* Shows a window of the reel, or nothing (-1); the view is made when it is needed first. */
void sight_ui_peek_show(SightUiPeek *self, SightUiTimeline *timeline, SightUiReel *reel, int window, gint64 wall_ms);
/* There will be another reel. */
void sight_ui_peek_forget(SightUiPeek *self);

G_END_DECLS
