/* SPDX-License-Identifier: MIT */
/* SightUiZoom: how large the recorded page is shown, and which part of it, as plain numbers. The page in the web view
 * places itself by the same rules (src/web/player/zoom.js). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGHT_UI_ZOOM_MAX 4.0
#define SIGHT_UI_ZOOM_MIN 0.1

typedef struct {
  double scale; /* 0: fitted, never larger than recorded */
  double x, y;  /* the shares of the page that are in the middle of the view where it is larger */
} SightUiZoom;

/* In pixels: the recorded viewport, and the view. */
typedef struct {
  double page_width, page_height, view_width, view_height;
} SightUiZoomSizes;

void sight_ui_zoom_reset(SightUiZoom *zoom);
/* The scale that is in effect. */
double sight_ui_zoom_scale(const SightUiZoom *zoom, const SightUiZoomSizes *sizes);
gboolean sight_ui_zoom_can_pan(const SightUiZoom *zoom, const SightUiZoomSizes *sizes);
/* To another scale; the point of the page at these pixels of the view stays there as far as that goes. */
void sight_ui_zoom_to(SightUiZoom *zoom, const SightUiZoomSizes *sizes, double scale, double at_x, double at_y);
/* The next larger (1) or smaller (-1) of the usual scales. */
double sight_ui_zoom_step(double scale, int direction);
/* Moves what is seen by pixels of the view. */
void sight_ui_zoom_pan(SightUiZoom *zoom, const SightUiZoomSizes *sizes, double dx, double dy);

G_END_DECLS
