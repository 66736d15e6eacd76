/* SPDX-License-Identifier: MIT */
/* Drawn from the left end of what is shown, which always has nothing in it, to the right one. */
#include "sight-ui-difference.h"

#include "sight-ui-compat.h"

#define HEIGHT 28
#define WIDE 10
#define NARROW 3
#define ROOM 0.1
#define FADED 0.35

typedef struct {
  SightInterval wide, narrow;
} Difference;

static double place(const Difference *self, double value, double width) {
  double low = MIN(self->wide.low, 0), high = MAX(self->wide.high, 0), room = MAX((high - low) * ROOM, 0.01);
  return (value - low + room) / (high - low + 2 * room) * width;
}

static void draw_interval(const Difference *self, cairo_t *cr, SightInterval interval, double thick, double width,
                          double height) {
  double from = place(self, interval.low, width), to = place(self, interval.high, width);
  cairo_rectangle(cr, from, (height - thick) / 2, MAX(to - from, 1), thick);
  cairo_fill(cr);
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data) {
  const Difference *self = user_data;
  GdkRGBA ink = sight_ui_compat_ink(GTK_WIDGET(area)), accent = ink;
  sight_ui_compat_colour(GTK_WIDGET(area), "accent_color", &accent);
  cairo_set_source_rgba(cr, accent.red, accent.green, accent.blue, FADED);
  draw_interval(self, cr, self->wide, WIDE, width, height);
  cairo_set_source_rgba(cr, accent.red, accent.green, accent.blue, 1);
  draw_interval(self, cr, self->narrow, NARROW, width, height);
  gdk_cairo_set_source_rgba(cr, &ink);
  cairo_rectangle(cr, place(self, 0, width), 0, 1, height);
  cairo_fill(cr);
}

GtkWidget *sight_ui_difference_new(SightInterval wide, SightInterval narrow) {
  GtkWidget *area = g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                 "content-height", HEIGHT, NULL);
  Difference *self = g_new0(Difference, 1);
  *self = (Difference){wide, narrow};
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw, self, g_free);
  return area;
}
