/* SPDX-License-Identifier: MIT */
/* Zooming and moving over the recorded page. */
#include "sight-ui-zoom.h"

#include <math.h>

#define PADDING 16.0
#define EPSILON 0.001

void sight_ui_zoom_reset(SightUiZoom *zoom) {
  *zoom = (SightUiZoom){0.0, 0.5, 0.5};
}

double sight_ui_zoom_scale(const SightUiZoom *zoom, const SightUiZoomSizes *sizes) {
  if (zoom->scale > 0)
    return zoom->scale;
  double width = MAX(sizes->view_width - 2 * PADDING, 1.0), height = MAX(sizes->view_height - 2 * PADDING, 1.0);
  return MIN(1.0, MIN(width / MAX(sizes->page_width, 1.0), height / MAX(sizes->page_height, 1.0)));
}

gboolean sight_ui_zoom_can_pan(const SightUiZoom *zoom, const SightUiZoomSizes *sizes) {
  double scale = sight_ui_zoom_scale(zoom, sizes);
  return sizes->page_width * scale > sizes->view_width || sizes->page_height * scale > sizes->view_height;
}

/* A share that does not leave a gap at a side. */
static double bounded(double share, double length, double room) {
  return length <= room ? 0.5 : CLAMP(share, room / 2 / length, 1 - room / 2 / length);
}

static double left_of(double share, double length, double room) {
  return length <= room ? (room - length) / 2 : room / 2 - bounded(share, length, room) * length;
}

/* Along one direction: the share that belongs in the middle so that what is at `at` stays there. */
static double zoomed(double share, double page, double view, double scale, double next, double at) {
  double point = (at - left_of(share, page * scale, view)) / (page * scale);
  double left = at - point * page * next;
  return bounded((view / 2 - left) / (page * next), page * next, view);
}

void sight_ui_zoom_to(SightUiZoom *zoom, const SightUiZoomSizes *sizes, double scale, double at_x, double at_y) {
  if (sizes->page_width <= 0 || sizes->page_height <= 0)
    return;
  double was = sight_ui_zoom_scale(zoom, sizes), next = CLAMP(scale, SIGHT_UI_ZOOM_MIN, SIGHT_UI_ZOOM_MAX);
  zoom->x = zoomed(zoom->x, sizes->page_width, sizes->view_width, was, next, at_x);
  zoom->y = zoomed(zoom->y, sizes->page_height, sizes->view_height, was, next, at_y);
  zoom->scale = next;
}

double sight_ui_zoom_step(double scale, int direction) {
  static const double usual[] = {0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4};
  double found = direction > 0 ? SIGHT_UI_ZOOM_MAX : SIGHT_UI_ZOOM_MIN;
  for (guint i = 0; i < G_N_ELEMENTS(usual); i++) {
    if (direction > 0 && usual[i] > scale + EPSILON)
      return usual[i];
    if (direction < 0 && usual[i] < scale - EPSILON)
      found = usual[i];
  }
  return found;
}

void sight_ui_zoom_pan(SightUiZoom *zoom, const SightUiZoomSizes *sizes, double dx, double dy) {
  double scale = sight_ui_zoom_scale(zoom, sizes);
  double width = sizes->page_width * scale, height = sizes->page_height * scale;
  if (width <= 0 || height <= 0)
    return;
  zoom->x = bounded(zoom->x + dx / width, width, sizes->view_width);
  zoom->y = bounded(zoom->y + dy / height, height, sizes->view_height);
}
