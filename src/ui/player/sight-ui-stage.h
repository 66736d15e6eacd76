/* SPDX-License-Identifier: MIT */
/* SightUiStage: what the pointer does with the recorded page, since the page itself takes none: zoom, move, pick. */
#pragma once

#include "sight-ui-replay-view.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_STAGE (sight_ui_stage_get_type())
/* Properties: "zoom-text" (string: "Fit", "150 %"), "picking" (boolean, rw: the pointer picks elements). Signal
 * "picked" (int node, 0: none): that element of the page on display was clicked while picking. */
G_DECLARE_FINAL_TYPE(SightUiStage, sight_ui_stage, SIGHT_UI, STAGE, GObject)

/* Adds controllers to the view, and to the group the actions zoom-in, zoom-out, zoom-fit, zoom-actual, pan(s: left,
 * right, up, down) and pick. */
SightUiStage *sight_ui_stage_new(SightUiReplayView *view, GActionMap *actions);
/* The recorded viewport that is on display now. */
void sight_ui_stage_set_page_size(SightUiStage *self, int width, int height);
/* Marks an element of the page on display; 0: none. */
void sight_ui_stage_mark(SightUiStage *self, int node);

G_END_DECLS
