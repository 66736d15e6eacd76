/* SPDX-License-Identifier: MIT */
/* A session in one line. */
#include "sight-ui-mini-timeline.h"

#include "sight-ui-compat.h"
#include "sight-ui-player.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define CURVE_HEIGHT 16
#define MARK_SIZE 9
#define MATCH_SIZE 12
#define MORE_SIZE 10
#define MORE_WIDTH 16
#define HEIGHT (CURVE_HEIGHT + MATCH_SIZE + 2)
#define MAX_MARKS 256

struct _SightUiMiniTimeline {
  GtkWidget parent_instance;
  guint8 activity[SIGHT_ACTIVITY_BINS];
  GArray *marks; /* of SightSessionMark */
  int signal;    /* the kind that the row is about, or -1 */
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

static double mark_x(const SightSessionMark *mark, int width) {
  return MATCH_SIZE / 2.0 + mark->at / 65535.0 * (width - MATCH_SIZE);
}

/* Whether a mark of the kind that the row is about stands in what is `size` wide around x. */
static gboolean is_covered(SightUiMiniTimeline *self, double x, double size, int width) {
  for (guint i = 0; i < self->marks->len; i++) {
    const SightSessionMark *mark = &g_array_index(self->marks, SightSessionMark, i);
    if (mark->kind == self->signal && ABS(mark_x(mark, width) - x) < (MATCH_SIZE + size) / 2.0)
      return TRUE;
  }
  return FALSE;
}

static void draw_tick(GtkSnapshot *snapshot, const GdkRGBA *color, double x) {
  gtk_snapshot_append_color(snapshot, color, &GRAPHENE_RECT_INIT((float)x - 0.5f, 0, 1, CURVE_HEIGHT));
}

/* So many more stand there; said on the left where a mark of the row's kind would cover it. */
static void write_more(SightUiMiniTimeline *self, GtkSnapshot *snapshot, guint n_more, double x, float size) {
  g_autofree char *text = g_strdup_printf(_("+%u"), n_more);
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_size_new_absolute(MORE_SIZE * PANGO_SCALE));
  pango_layout_set_attributes(layout, attributes);
  int height;
  pango_layout_get_pixel_size(layout, NULL, &height);
  GdkRGBA color = sight_ui_compat_ink(GTK_WIDGET(self));
  double start = x + size / 2 + 1;
  if (is_covered(self, start + MORE_WIDTH / 2.0, MORE_WIDTH, gtk_widget_get_width(GTK_WIDGET(self))))
    start = x - size / 2 - 1 - MORE_WIDTH;
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot,
                         &GRAPHENE_POINT_INIT((float)start, (float)(HEIGHT - MATCH_SIZE / 2.0 - height / 2.0)));
  gtk_snapshot_append_layout(snapshot, layout, &color);
  gtk_snapshot_restore(snapshot);
}

/* Marks of the kind that the row is about, or all others; those that would cover each other are one, with their
 * number. */
static void draw_marks(SightUiMiniTimeline *self, GtkSnapshot *snapshot, int width, gboolean matching) {
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  float size = matching ? MATCH_SIZE : MARK_SIZE, middle = HEIGHT - MATCH_SIZE / 2.0f;
  double last = -2 * MATCH_SIZE;
  guint n_more = 0;
  for (guint i = 0; i < self->marks->len; i++) {
    const SightSessionMark *mark = &g_array_index(self->marks, SightSessionMark, i);
    double x = mark_x(mark, width);
    if (mark->kind >= SIGHT_N_SIGNALS || (mark->kind == self->signal) != matching ||
        (!matching && is_covered(self, x, MARK_SIZE, width)))
      continue;
    GdkRGBA color;
    sight_ui_signal_color(mark->kind, dark, &color);
    if (matching)
      draw_tick(snapshot, &color, x);
    if (x - last < size + (n_more > 0 ? MORE_WIDTH : 0)) {
      n_more++;
      continue;
    }
    if (n_more > 0)
      write_more(self, snapshot, n_more, last, size);
    n_more = 0;
    last = x;
    if (!matching && self->signal >= 0)
      color.alpha = 0.5f;
    sight_ui_signal_draw(GTK_WIDGET(self), snapshot, mark->kind, &color, (float)x, middle, size);
  }
  if (n_more > 0)
    write_more(self, snapshot, n_more, last, size);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  SightUiMiniTimeline *self = SIGHT_UI_MINI_TIMELINE(widget);
  int width = gtk_widget_get_width(widget);
  if (width <= 0)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, (float)width, HEIGHT));
  GdkRGBA color = sight_ui_compat_ink(widget);
  color.alpha *= 0.22f;
  gdk_cairo_set_source_rgba(cr, &color);
  cairo_rectangle(cr, 0, CURVE_HEIGHT - 1, width, 1);
  cairo_fill(cr);
  if (self->known) {
    color.alpha *= 1.5f;
    gdk_cairo_set_source_rgba(cr, &color);
    draw_curve(self, cr, width);
  }
  cairo_destroy(cr);
  draw_marks(self, snapshot, width, FALSE);
  draw_marks(self, snapshot, width, TRUE);
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

void sight_ui_mini_timeline_set_session(SightUiMiniTimeline *self, const SightSession *session, int signal) {
  g_array_set_size(self->marks, 0);
  self->signal = signal;
  self->known = session != NULL;
  if (session != NULL) {
    memcpy(self->activity, session->activity, sizeof self->activity);
    if (session->marks != NULL)
      g_array_append_vals(self->marks, session->marks->data, MIN(session->marks->len, MAX_MARKS));
  }
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
