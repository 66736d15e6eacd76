/* SPDX-License-Identifier: MIT */
/* Spots, frames and bands. */
#include "sight-ui-heat-layer.h"

#include <glib/gi18n.h>
#include <math.h>

#define SPOT_RADIUS 18.0f
#define SPOT_ALPHA 0.35f
#define MAX_SPOTS 4000
#define BAND_ALPHA 0.55f
#define MOVED_ALPHA 0.6f
/* Of elements in elements: on each other more numbers cannot be read. */
#define MAX_MOVED_LABELS 20
#define LINE 2.0f
#define LABEL_INSET 4.0f
#define WHOLE 1000

struct _SightUiHeatLayer {
  GtkWidget parent_instance;
  SightUiWholePage *page; /* beneath it */
  const SightHeatmap *heatmap;
  const SightMovement *movement;
  SightUiHeatKind kind;
};

G_DEFINE_FINAL_TYPE(SightUiHeatLayer, sight_ui_heat_layer, GTK_TYPE_WIDGET)

static guint element_signal;

/* The recorded page is light or dark as it likes: the same colours in both schemes. */
static const GdkRGBA hot = {0.88f, 0.11f, 0.14f, 1}, cold = {0.11f, 0.44f, 0.85f, 1}, ink = {1, 1, 1, 1};

gint64 sight_ui_heat_clicks(const SightHeatElement *element, SightUiHeatKind kind) {
  return kind == SIGHT_UI_HEAT_DEAD ? element->n_dead : element->n_clicks;
}

char *sight_ui_heat_per_view(const SightMovement *movement, const SightMovedElement *element) {
  return g_strdup_printf("%.2f s", (double)element->ms / 1000 / (double)MAX(movement->n_views, 1));
}

static gint64 most_clicks(const SightUiHeatLayer *self) {
  gint64 most = 1;

  for (guint i = 0; i < self->heatmap->elements->len; i++)
    most = MAX(most, sight_ui_heat_clicks(self->heatmap->elements->pdata[i], self->kind));
  return most;
}

/* White on a plate of the colour, at a corner or beside an edge. */
static void draw_label(SightUiHeatLayer *self, GtkSnapshot *to, const char *text, float x, float y,
                       const GdkRGBA *color) {
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  int width = 0, height = 0;

  pango_layout_get_pixel_size(layout, &width, &height);
  gtk_snapshot_append_color(to, color, &GRAPHENE_RECT_INIT(x, y, (float)width + 2 * LABEL_INSET, (float)height));
  gtk_snapshot_save(to);
  gtk_snapshot_translate(to, &GRAPHENE_POINT_INIT(x + LABEL_INSET, y));
  gtk_snapshot_append_layout(to, layout, &ink);
  gtk_snapshot_restore(to);
}

static void draw_spot(GtkSnapshot *to, float x, float y, float alpha) {
  GdkRGBA clear = hot, color = hot;
  color.alpha = alpha;
  clear.alpha = 0;
  const GskColorStop stops[] = {{0, color}, {1, clear}};
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT(x - SPOT_RADIUS, y - SPOT_RADIUS, 2 * SPOT_RADIUS, 2 * SPOT_RADIUS);

  gtk_snapshot_append_radial_gradient(to, &bounds, &GRAPHENE_POINT_INIT(x, y), SPOT_RADIUS, SPOT_RADIUS, 0, 1, stops,
                                      G_N_ELEMENTS(stops));
}

/* Where it was clicked as far as that is known; the others in the middle. */
static guint draw_spots(SightUiHeatLayer *self, GtkSnapshot *to, const SightHeatElement *element,
                        const graphene_rect_t *box, guint n_left) {
  guint n = 0;
  gint64 n_middle = sight_ui_heat_clicks(element, self->kind);

  for (guint i = 0; i < element->places->len && n < n_left; i++) {
    const SightHeatPlace *place = &g_array_index(element->places, SightHeatPlace, i);
    if (self->kind == SIGHT_UI_HEAT_DEAD && !place->dead)
      continue;
    draw_spot(to, box->origin.x + box->size.width * place->x / WHOLE,
              box->origin.y + box->size.height * place->y / WHOLE, SPOT_ALPHA);
    n_middle--;
    n++;
  }
  if (n_middle > 0)
    draw_spot(to, box->origin.x + box->size.width / 2, box->origin.y + box->size.height / 2,
              MIN(SPOT_ALPHA + 0.1f * (float)log2((double)n_middle), 0.9f));
  return n;
}

static void draw_frame(SightUiHeatLayer *self, GtkSnapshot *to, const SightHeatElement *element,
                       const graphene_rect_t *box, double share) {
  GdkRGBA color = hot;
  const float widths[] = {LINE, LINE, LINE, LINE};
  GskRoundedRect outline;
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, sight_ui_heat_clicks(element, self->kind));

  color.alpha = (float)(0.25 + 0.75 * share);
  const GdkRGBA colors[] = {color, color, color, color};
  gsk_rounded_rect_init_from_rect(&outline, box, 0);
  gtk_snapshot_append_border(to, &outline, widths, colors);
  draw_label(self, to, text, box->origin.x + box->size.width - LABEL_INSET, box->origin.y - 2 * LABEL_INSET, &hot);
}

static void draw_clicks(SightUiHeatLayer *self, GtkSnapshot *to) {
  gint64 most = most_clicks(self);
  guint n_spots = 0;
  graphene_rect_t box;

  for (guint i = 0; i < self->heatmap->elements->len; i++) {
    const SightHeatElement *element = self->heatmap->elements->pdata[i];
    if (sight_ui_heat_clicks(element, self->kind) > 0 && sight_ui_whole_page_get_box(self->page, i, &box))
      n_spots += draw_spots(self, to, element, &box, MAX_SPOTS - n_spots);
  }
  /* The rare ones first: numbers of the frequent ones stay readable. */
  for (guint i = self->heatmap->elements->len; i > 0; i--) {
    const SightHeatElement *element = self->heatmap->elements->pdata[i - 1];
    gint64 n = sight_ui_heat_clicks(element, self->kind);
    if (n > 0 && sight_ui_whole_page_get_box(self->page, i - 1, &box))
      draw_frame(self, to, element, &box, (double)n / (double)most);
  }
}

/* Where in an element it was depends on how that was laid out: its whole box is shaded. */
static void draw_movement(SightUiHeatLayer *self, GtkSnapshot *to) {
  const GPtrArray *moved = self->movement->elements;
  guint first = self->heatmap->elements->len;
  graphene_rect_t box;

  for (guint i = 0; i < moved->len; i++) {
    const SightMovedElement *element = moved->pdata[i], *most = moved->pdata[0];
    GdkRGBA color = hot;
    if (!sight_ui_whole_page_get_box(self->page, first + i, &box))
      continue;
    color.alpha = MOVED_ALPHA * (float)((double)element->ms / (double)most->ms);
    gtk_snapshot_append_color(to, &color, &box);
  }
  for (guint i = MIN(moved->len, MAX_MOVED_LABELS); i > 0; i--) {
    g_autofree char *text = sight_ui_heat_per_view(self->movement, moved->pdata[i - 1]);
    if (sight_ui_whole_page_get_box(self->page, first + i - 1, &box))
      draw_label(self, to, text, box.origin.x, box.origin.y, &hot);
  }
}

static double band_share(const SightUiHeatLayer *self, guint band) {
  const SightHeatmap *map = self->heatmap;
  gint64 most = 1;

  if (self->kind == SIGHT_UI_HEAT_DEPTH)
    return map->n_measured > 0 ? (double)map->n_reached[band] / (double)map->n_measured : 0;
  for (guint i = 0; i < SIGHT_USAGE_BANDS; i++)
    most = MAX(most, map->attention_ms[i]);
  return (double)map->attention_ms[band] / (double)most;
}

static void draw_bands(SightUiHeatLayer *self, GtkSnapshot *to) {
  graphene_rect_t area;

  sight_ui_whole_page_get_area(self->page, &area);
  float tall = area.size.height / SIGHT_USAGE_BANDS;
  for (guint i = 0; i < SIGHT_USAGE_BANDS; i++) {
    double share = band_share(self, i);
    float top = area.origin.y + tall * (float)i;
    GdkRGBA color = {(float)(cold.red + (hot.red - cold.red) * share),
                     (float)(cold.green + (hot.green - cold.green) * share),
                     (float)(cold.blue + (hot.blue - cold.blue) * share), BAND_ALPHA};
    g_autofree char *text = g_strdup_printf("%.0f %%", 100 * share);
    gtk_snapshot_append_color(to, &color, &GRAPHENE_RECT_INIT(area.origin.x, top, area.size.width, tall));
    color.alpha = 1;
    draw_label(self, to, text, area.origin.x, top, &color);
  }
  float fold = area.origin.y + area.size.height * (float)self->heatmap->fold / WHOLE;
  gtk_snapshot_append_color(to, &ink, &GRAPHENE_RECT_INIT(area.origin.x, fold, area.size.width, LINE));
  draw_label(self, to, _("Seen without scrolling"), area.origin.x + area.size.width / 2, fold, &hot);
}

void sight_ui_heat_layer_draw(SightUiHeatLayer *self, GtkSnapshot *to) {
  if (self->heatmap == NULL || !sight_ui_whole_page_is_laid_out(self->page))
    return;
  if (self->kind == SIGHT_UI_HEAT_CLICKS || self->kind == SIGHT_UI_HEAT_DEAD)
    draw_clicks(self, to);
  else if (self->kind == SIGHT_UI_HEAT_MOVEMENT && self->movement != NULL)
    draw_movement(self, to);
  else if (self->kind != SIGHT_UI_HEAT_MOVEMENT && self->heatmap->n_measured > 0)
    draw_bands(self, to);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *to) {
  sight_ui_heat_layer_draw(SIGHT_UI_HEAT_LAYER(widget), to);
}

/* Whether an element of the kind has anything to show, and where it is. */
static gboolean get_box(SightUiHeatLayer *self, guint place, graphene_rect_t *box) {
  if (self->kind == SIGHT_UI_HEAT_MOVEMENT)
    return sight_ui_whole_page_get_box(self->page, self->heatmap->elements->len + place, box);
  return sight_ui_heat_clicks(self->heatmap->elements->pdata[place], self->kind) > 0 &&
         sight_ui_whole_page_get_box(self->page, place, box);
}

/* The smallest element there: one in another lies over it. */
static int element_at(SightUiHeatLayer *self, double x, double y) {
  int found = -1;
  float smallest = INFINITY;
  graphene_rect_t box;
  const GPtrArray *elements = self->heatmap != NULL ? self->heatmap->elements : NULL;

  if (elements != NULL && self->kind == SIGHT_UI_HEAT_MOVEMENT)
    elements = self->movement != NULL ? self->movement->elements : NULL;
  for (guint i = 0; elements != NULL && i < elements->len; i++) {
    if (!get_box(self, i, &box) || !graphene_rect_contains_point(&box, &GRAPHENE_POINT_INIT((float)x, (float)y)) ||
        graphene_rect_get_area(&box) >= smallest)
      continue;
    smallest = graphene_rect_get_area(&box);
    found = (int)i;
  }
  return found;
}

static char *describe_clicks(SightUiHeatLayer *self, const SightHeatElement *element, const char *sessions) {
  gint64 n = sight_ui_heat_clicks(element, self->kind);
  gint64 n_all = self->kind == SIGHT_UI_HEAT_DEAD ? self->heatmap->n_dead : self->heatmap->n_clicks;
  g_autofree char *clicks = g_strdup_printf(ngettext("%d click", "%d clicks", (gulong)n), (int)n);

  /* Translators: an element: its label, "3 clicks", their share of the clicks on the page, "2 sessions" */
  return g_strdup_printf(_("“%s”: %s, %.1f %% of those on this page, in %s"),
                         element->label[0] != '\0' ? element->label : element->selector, clicks,
                         100.0 * (double)n / (double)MAX(n_all, 1), sessions);
}

static char *describe_movement(SightUiHeatLayer *self, const SightMovedElement *element, const char *sessions) {
  g_autofree char *time = sight_ui_heat_per_view(self->movement, element);

  /* TRANSLATORS: an element: its label, "1.20 s", its share of all the time of the pointer, "2 sessions" */
  return g_strdup_printf(_("“%s”: the pointer over it for %s of each view, %.1f %% of its time, in %s"),
                         element->label[0] != '\0' ? element->label : element->selector, time,
                         100.0 * (double)element->ms / (double)MAX(self->movement->ms, 1), sessions);
}

static gboolean query_tooltip(GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip) {
  SightUiHeatLayer *self = SIGHT_UI_HEAT_LAYER(widget);
  int place = element_at(self, x, y);

  if (place < 0)
    return FALSE;
  const SightMovedElement *moved = self->kind == SIGHT_UI_HEAT_MOVEMENT ? self->movement->elements->pdata[place] : NULL;
  const SightHeatElement *clicked = moved == NULL ? self->heatmap->elements->pdata[place] : NULL;
  gint64 n = moved != NULL ? moved->n_sessions : clicked->n_sessions;
  g_autofree char *sessions = g_strdup_printf(ngettext("%d session", "%d sessions", (gulong)n), (int)n);
  g_autofree char *text =
      moved != NULL ? describe_movement(self, moved, sessions) : describe_clicks(self, clicked, sessions);
  gtk_tooltip_set_text(tooltip, text);
  return TRUE;
}

static void released(GtkGestureClick *gesture, int n_press, double x, double y, SightUiHeatLayer *self) {
  int place = element_at(self, x, y);

  if (place >= 0)
    g_signal_emit(self, element_signal, 0, (guint)place);
}

static void sight_ui_heat_layer_class_init(SightUiHeatLayerClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);

  widget_class->snapshot = snapshot;
  widget_class->query_tooltip = query_tooltip;
  element_signal = g_signal_new("element", SIGHT_UI_TYPE_HEAT_LAYER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name(widget_class, "heat-layer");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void sight_ui_heat_layer_init(SightUiHeatLayer *self) {
  GtkGesture *click = gtk_gesture_click_new();

  g_signal_connect_object(click, "released", G_CALLBACK(released), self, 0);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(click));
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  gtk_widget_set_overflow(GTK_WIDGET(self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *sight_ui_heat_layer_new(SightUiWholePage *page) {
  SightUiHeatLayer *self = g_object_new(SIGHT_UI_TYPE_HEAT_LAYER, NULL);

  self->page = page;
  return GTK_WIDGET(self);
}

void sight_ui_heat_layer_set(SightUiHeatLayer *self, const SightHeatmap *heatmap, const SightMovement *movement,
                             SightUiHeatKind kind) {
  self->heatmap = heatmap;
  self->movement = movement;
  self->kind = kind;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
