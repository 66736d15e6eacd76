/* SPDX-License-Identifier: MIT */
/* SightUiHeatLayer: what is drawn over a page: where it was clicked, where the pointer was, or how far down it was
 * looked at. A list beside it says the same, so it is no part of what a screen reader reads. */
#pragma once

#include "sight-heatmap.h"
#include "sight-movement.h"
#include "sight-ui-whole-page.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_UI_HEAT_CLICKS,
  SIGHT_UI_HEAT_DEAD,
  SIGHT_UI_HEAT_MOVEMENT,
  SIGHT_UI_HEAT_DEPTH,
  SIGHT_UI_HEAT_ATTENTION,
  SIGHT_UI_N_HEATS
} SightUiHeatKind;

#define SIGHT_UI_TYPE_HEAT_LAYER (sight_ui_heat_layer_get_type())
/* Signal "element" (uint place among the elements of the kind): it was clicked. */
G_DECLARE_FINAL_TYPE(SightUiHeatLayer, sight_ui_heat_layer, SIGHT_UI, HEAT_LAYER, GtkWidget)

/* Lies exactly over the page, which was asked for the selectors of the heatmap's elements in their order, and then for
 * those of the movement's. */
GtkWidget *sight_ui_heat_layer_new(SightUiWholePage *page);
/* Borrowed: they live until others, or NULL, are set. Movement that is not known is NULL. */
void sight_ui_heat_layer_set(SightUiHeatLayer *self, const SightHeatmap *heatmap, const SightMovement *movement,
                             SightUiHeatKind kind);
/* Draws it, in px of the page widget. */
void sight_ui_heat_layer_draw(SightUiHeatLayer *self, GtkSnapshot *to);
/* Clicks of that kind: all, or dead ones. */
gint64 sight_ui_heat_clicks(const SightHeatElement *element, SightUiHeatKind kind);
/* "1.20 s": of the time over an element so much for each view. The caller's. */
char *sight_ui_heat_per_view(const SightMovement *movement, const SightMovedElement *element);

G_END_DECLS
