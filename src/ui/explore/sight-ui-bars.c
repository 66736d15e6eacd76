/* SPDX-License-Identifier: MIT */
/* Bars in the colour of the text's accent, with their labels on them. */
#include "sight-ui-bars.h"

#include "sight-ui-compat.h"

#define MAX_BARS 8
#define BAR_HEIGHT 22
#define GAP 4
#define INSET 6
#define RADIUS 4
#define FILL_ALPHA 0.25f

struct _SightUiBars {
  GtkWidget parent_instance;
  GListModel *rows;
  guint column;
};

G_DEFINE_FINAL_TYPE(SightUiBars, sight_ui_bars, GTK_TYPE_WIDGET)

static guint n_bars(const SightUiBars *self) {
  return self->rows != NULL ? MIN(g_list_model_get_n_items(self->rows), MAX_BARS) : 0;
}

static double number_at(const SightUiBars *self, guint place) {
  g_autoptr(SightUiExploreRow) row = g_list_model_get_item(self->rows, place);

  return MAX(sight_ui_explore_row_get(row, self->column)->number, 0);
}

static double greatest(const SightUiBars *self) {
  double most = 0;

  for (guint i = 0; i < n_bars(self); i++)
    most = MAX(most, number_at(self, i));
  return most;
}

static void draw_bar(SightUiBars *self, GtkSnapshot *snapshot, guint place, double most, float width) {
  g_autoptr(SightUiExploreRow) row = g_list_model_get_item(self->rows, place);
  g_autofree char *text = g_strdup_printf("%s  %s", sight_ui_explore_row_get(row, self->column)->text,
                                          sight_ui_explore_row_get(row, 0)->text);
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  float top = (float)(place * (BAR_HEIGHT + GAP)), share = most > 0 ? (float)(number_at(self, place) / most) : 0;
  GdkRGBA ink = sight_ui_compat_ink(GTK_WIDGET(self)), accent = ink;
  GskRoundedRect bar;
  int text_height = 0;

  sight_ui_compat_colour(GTK_WIDGET(self), "accent_color", &accent);
  accent.alpha = FILL_ALPHA;
  gsk_rounded_rect_init_from_rect(&bar, &GRAPHENE_RECT_INIT(0, top, MAX(width * share, 1), BAR_HEIGHT), RADIUS);
  gtk_snapshot_push_rounded_clip(snapshot, &bar);
  gtk_snapshot_append_color(snapshot, &accent, &bar.bounds);
  gtk_snapshot_pop(snapshot);
  pango_layout_set_width(layout, (int)MAX(width - 2 * INSET, 1) * PANGO_SCALE);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_MIDDLE);
  pango_layout_get_pixel_size(layout, NULL, &text_height);
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(INSET, top + (float)(BAR_HEIGHT - text_height) / 2));
  gtk_snapshot_append_layout(snapshot, layout, &ink);
  gtk_snapshot_restore(snapshot);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *to) {
  SightUiBars *self = SIGHT_UI_BARS(widget);
  double most = greatest(self);

  for (guint i = 0; i < n_bars(self); i++)
    draw_bar(self, to, i, most, (float)gtk_widget_get_width(widget));
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline) {
  guint n = n_bars(SIGHT_UI_BARS(widget));

  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? (int)n * (BAR_HEIGHT + GAP) : 100;
}

static void dispose(GObject *object) {
  g_clear_object(&SIGHT_UI_BARS(object)->rows);
  G_OBJECT_CLASS(sight_ui_bars_parent_class)->dispose(object);
}

static void sight_ui_bars_class_init(SightUiBarsClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  G_OBJECT_CLASS(class)->dispose = dispose;
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  gtk_widget_class_set_css_name(widget_class, "bars");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void sight_ui_bars_init(SightUiBars *self) {
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *sight_ui_bars_new(void) {
  return g_object_new(SIGHT_UI_TYPE_BARS, NULL);
}

void sight_ui_bars_set_model(SightUiBars *self, GListModel *rows, guint column) {
  g_set_object(&self->rows, rows);
  self->column = column;
  g_signal_connect_object(rows, "items-changed", G_CALLBACK(gtk_widget_queue_resize), self, G_CONNECT_SWAPPED);
}
