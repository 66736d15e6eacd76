/* SPDX-License-Identifier: MIT */
/* A session in one line. */
#include "sight-ui-mini-timeline.h"

#include "sight-ui-player.h"

#include <adwaita.h>

#define CURVE_HEIGHT 16
#define MARK_SIZE 8
#define HEIGHT (CURVE_HEIGHT + MARK_SIZE + 3)
#define MAX_MARKS 256

struct _SightUiMiniTimeline {
  GtkWidget parent_instance;
  guint8 activity[SIGHT_ACTIVITY_BINS];
  GArray *marks; /* of SightSessionMark */
  gboolean known;
};

G_DEFINE_FINAL_TYPE(SightUiMiniTimeline, sight_ui_mini_timeline, GTK_TYPE_WIDGET)

static void draw_curve(SightUiMiniTimeline *self, cairo_t *cr, int width) {
  double step = (double)width / SIGHT_ACTIVITY_BINS;
  cairo_move_to(cr, 0, CURVE_HEIGHT);
  for (int i = 0; i < SIGHT_ACTIVITY_BINS; i++)
    cairo_line_to(cr, (i + 0.5) * step, CURVE_HEIGHT - 1 - self->activity[i] / 255.0 * (CURVE_HEIGHT - 1));
  cairo_line_to(cr, width, CURVE_HEIGHT);
  cairo_close_path(cr);
  cairo_fill(cr);
}

static void draw_further_mark(cairo_t *cr, SightSignalKind kind, double x, double y, double r) {
  static const double zigzag[][2] = {{-1, 0.7}, {-0.5, -0.7}, {0, 0.7}, {0.5, -0.7}, {1, 0.7}};
  static const double hourglass[][2] = {{-0.8, -1}, {0.8, -1}, {-0.8, 1}, {0.8, 1}};
  static const double arrow[][2] = {{-1, 0}, {0.7, -0.9}, {0.7, 0.9}};
  static const double tick[][2] = {{0, -0.6}, {0, 0.6}};
  static const double slash[][2] = {{-0.9, 0.9}, {0.9, -0.9}};
  static const struct {
    const double (*points)[2];
    guint n;
    gboolean filled, ring;
  } shapes[SIGHT_N_SIGNALS] = {
      [SIGHT_SIGNAL_SLOW] = {.ring = TRUE, .filled = TRUE},
      [SIGHT_SIGNAL_ERROR_CLICK] = {hourglass, G_N_ELEMENTS(hourglass), FALSE, TRUE},
      [SIGHT_SIGNAL_THRASH] = {zigzag, G_N_ELEMENTS(zigzag), FALSE, FALSE},
      [SIGHT_SIGNAL_QUICK_BACK] = {arrow, G_N_ELEMENTS(arrow), TRUE, FALSE},
      [SIGHT_SIGNAL_FORM] = {arrow, G_N_ELEMENTS(arrow), FALSE, FALSE},
      [SIGHT_SIGNAL_UNSEEN] = {slash, G_N_ELEMENTS(slash), FALSE, TRUE},
      [SIGHT_SIGNAL_WAITING] = {hourglass, G_N_ELEMENTS(hourglass), TRUE, FALSE},
      [SIGHT_SIGNAL_NOISE] = {tick, G_N_ELEMENTS(tick), FALSE, FALSE},
  };
  cairo_new_path(cr);
  for (guint i = 0; i < shapes[kind].n; i++)
    cairo_line_to(cr, x + shapes[kind].points[i][0] * r, y + shapes[kind].points[i][1] * r);
  if (shapes[kind].ring) {
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, r - 0.6, 0, 2 * G_PI);
  }
  if (shapes[kind].filled)
    cairo_fill(cr);
  else
    cairo_stroke(cr);
}

/* Each kind has a shape of its own, so that it can be told without its colour, too. */
static void draw_mark(cairo_t *cr, SightSignalKind kind, double x, double y) {
  const double r = MARK_SIZE / 2.0 - 0.5;
  cairo_set_line_width(cr, 1.8);
  switch (kind) {
  case SIGHT_SIGNAL_ERROR:
    cairo_move_to(cr, x - r + 0.8, y - r + 0.8);
    cairo_line_to(cr, x + r - 0.8, y + r - 0.8);
    cairo_move_to(cr, x + r - 0.8, y - r + 0.8);
    cairo_line_to(cr, x - r + 0.8, y + r - 0.8);
    cairo_stroke(cr);
    return;
  case SIGHT_SIGNAL_RAGE:
    cairo_move_to(cr, x + 0.8, y - r - 0.5);
    cairo_line_to(cr, x - r + 0.5, y + 0.8);
    cairo_line_to(cr, x - 0.2, y + 0.8);
    cairo_line_to(cr, x - 0.8, y + r + 0.5);
    cairo_line_to(cr, x + r - 0.5, y - 0.8);
    cairo_line_to(cr, x + 0.2, y - 0.8);
    cairo_fill(cr);
    return;
  case SIGHT_SIGNAL_DEAD:
    cairo_arc(cr, x, y, r - 0.6, 0, 2 * G_PI);
    cairo_stroke(cr);
    return;
  case SIGHT_SIGNAL_SCROLL:
    cairo_move_to(cr, x, y - r - 0.5);
    cairo_line_to(cr, x + r - 0.8, y);
    cairo_line_to(cr, x, y + r + 0.5);
    cairo_line_to(cr, x - r + 0.8, y);
    cairo_fill(cr);
    return;
  case SIGHT_SIGNAL_CONSOLE:
    cairo_rectangle(cr, x - r + 0.7, y - 1.2, 2 * r - 1.4, 2.4);
    cairo_fill(cr);
    return;
  case SIGHT_SIGNAL_REQUEST:
    cairo_move_to(cr, x, y - r + 0.3);
    cairo_line_to(cr, x + r, y + r - 0.5);
    cairo_line_to(cr, x - r, y + r - 0.5);
    cairo_fill(cr);
    return;
  case SIGHT_SIGNAL_SLOW:
  case SIGHT_SIGNAL_ERROR_CLICK:
  case SIGHT_SIGNAL_THRASH:
  case SIGHT_SIGNAL_QUICK_BACK:
  case SIGHT_SIGNAL_FORM:
  case SIGHT_SIGNAL_UNSEEN:
  case SIGHT_SIGNAL_WAITING:
  case SIGHT_SIGNAL_NOISE:
    draw_further_mark(cr, kind, x, y, r);
    return;
  case SIGHT_N_SIGNALS:
    return;
  }
}

static void draw_marks(SightUiMiniTimeline *self, cairo_t *cr, int width) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  double last[SIGHT_N_SIGNALS];
  for (guint i = 0; i < SIGHT_N_SIGNALS; i++)
    last[i] = -MARK_SIZE;
  for (guint i = 0; i < self->marks->len; i++) {
    const SightSessionMark *mark = &g_array_index(self->marks, SightSessionMark, i);
    if (mark->kind >= SIGHT_N_SIGNALS)
      continue;
    double x = MARK_SIZE / 2.0 + mark->at / 65535.0 * (width - MARK_SIZE);
    if (x - last[mark->kind] < 3)
      continue;
    last[mark->kind] = x;
    GdkRGBA color;
    sight_ui_signal_color(mark->kind, dark, &color);
    gdk_cairo_set_source_rgba(cr, &color);
    draw_mark(cr, mark->kind, x, HEIGHT - MARK_SIZE / 2.0 - 0.5);
  }
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  SightUiMiniTimeline *self = SIGHT_UI_MINI_TIMELINE(widget);
  int width = gtk_widget_get_width(widget);
  if (width <= 0)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)width, HEIGHT));
  GdkRGBA color;
  gtk_style_context_get_color(gtk_widget_get_style_context(widget), &color);
  color.alpha *= 0.22f;
  gdk_cairo_set_source_rgba(cr, &color);
  cairo_rectangle(cr, 0, CURVE_HEIGHT - 1, width, 1);
  cairo_fill(cr);
  if (self->known) {
    color.alpha *= 1.5f;
    gdk_cairo_set_source_rgba(cr, &color);
    draw_curve(self, cr, width);
    draw_marks(self, cr, width);
  }
  cairo_destroy(cr);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 60;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 280;
  *minimum_baseline = *natural_baseline = -1;
}

static void finalize(GObject *object) {
  g_array_unref(SIGHT_UI_MINI_TIMELINE(object)->marks);
  G_OBJECT_CLASS(sight_ui_mini_timeline_parent_class)->finalize(object);
}

static void sight_ui_mini_timeline_class_init(SightUiMiniTimelineClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_css_name(widget_class, "mini-timeline");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void sight_ui_mini_timeline_init(SightUiMiniTimeline *self) {
  self->marks = g_array_new(FALSE, FALSE, sizeof(SightSessionMark));
  g_signal_connect_object(adw_style_manager_get_default(), "notify::dark", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

void sight_ui_mini_timeline_set_session(SightUiMiniTimeline *self, const SightSession *session) {
  g_array_set_size(self->marks, 0);
  self->known = session != NULL;
  if (session != NULL) {
    memcpy(self->activity, session->activity, sizeof self->activity);
    if (session->marks != NULL)
      g_array_append_vals(self->marks, session->marks->data, MIN(session->marks->len, MAX_MARKS));
  }
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
