/* SPDX-License-Identifier: MIT */
#include "sight-ui-waterfall.h"

#include "sight-ui-compat.h"

#define WIDTH 56
#define HEIGHT 16
#define THICK 6
#define LINE_ALPHA 0.18f
/* However short it was, it is seen. */
#define LEAST 2

struct _SightUiWaterfall {
  GtkWidget parent_instance;
  double start, end;
  gboolean failed;
};

G_DEFINE_FINAL_TYPE(SightUiWaterfall, sight_ui_waterfall, GTK_TYPE_WIDGET)

/* Time runs as on the timeline, whatever the language. */
static void snapshot(GtkWidget *widget, GtkSnapshot *to) {
  SightUiWaterfall *self = SIGHT_UI_WATERFALL(widget);
  float width = (float)gtk_widget_get_width(widget), middle = (float)gtk_widget_get_height(widget) / 2;
  float from = (float)self->start * width, length = MAX((float)(self->end - self->start) * width, LEAST);
  GdkRGBA ink = sight_ui_compat_ink(widget), line = ink, bar = ink;

  line.alpha *= LINE_ALPHA;
  sight_ui_compat_colour(widget, self->failed ? "error_color" : "accent_color", &bar);
  from = CLAMP(from, 0, MAX(width - LEAST, 0));
  length = MIN(length, width - from);
  gtk_snapshot_append_color(to, &line, &GRAPHENE_RECT_INIT(0, middle - 0.5f, width, 1));
  gtk_snapshot_append_color(to, &bar, &GRAPHENE_RECT_INIT(from, middle - THICK / 2.0f, length, THICK));
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : HEIGHT;
}

static void sight_ui_waterfall_class_init(SightUiWaterfallClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_css_name(widget_class, "waterfall");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void sight_ui_waterfall_init(SightUiWaterfall *self) {
}

GtkWidget *sight_ui_waterfall_new(void) {
  return g_object_new(SIGHT_UI_TYPE_WATERFALL, NULL);
}

void sight_ui_waterfall_set(SightUiWaterfall *self, double start, double end, gboolean failed) {
  self->start = start;
  self->end = end;
  self->failed = failed;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
