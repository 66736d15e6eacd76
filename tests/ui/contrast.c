/* SPDX-License-Identifier: MIT */
/* Of the pixels of a label the most frequent colour is the ground; the one that differs most from it is the text: at
 * the size at which it is drawn here its stems are wider than a pixel. */
#include "contrast.h"

#include <math.h>

/* Of rounding, and of stems that no pixel lies wholly in. */
#define TOLERANCE 0.2
#define BYTES 4
/* So much of a label is to be seen for it to be looked at. */
#define WHOLE 0.98f

typedef struct {
  guchar *pixels; /* BGRA, premultiplied, as cairo has them on a little-endian machine */
  int width, height;
} Picture;

static Picture take(GtkWidget *window) {
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(window);
  g_autoptr(GtkSnapshot) snapshot = gtk_snapshot_new();
  Picture picture = {NULL, gtk_widget_get_width(window), gtk_widget_get_height(window)};

  gdk_paintable_snapshot(paintable, snapshot, picture.width, picture.height);
  g_autoptr(GskRenderNode) node = gtk_snapshot_to_node(snapshot);
  const graphene_rect_t whole = GRAPHENE_RECT_INIT(0, 0, (float)picture.width, (float)picture.height);
  g_autoptr(GdkTexture) texture =
      gsk_renderer_render_texture(gtk_native_get_renderer(GTK_NATIVE(window)), node, &whole);
  picture.pixels = g_malloc((gsize)picture.width * (gsize)picture.height * BYTES);
  gdk_texture_download(texture, picture.pixels, (gsize)picture.width * BYTES);
  return picture;
}

static double linear(guchar value) {
  double share = value / 255.0;

  return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4);
}

/* Relative luminance. */
static double light_of(guint32 color) {
  return 0.2126 * linear(color >> 16 & 255) + 0.7152 * linear(color >> 8 & 255) + 0.0722 * linear(color & 255);
}

static double contrast(guint32 a, guint32 b) {
  double x = light_of(a), y = light_of(b);

  return (MAX(x, y) + 0.05) / (MIN(x, y) + 0.05);
}

/* How often each colour occurs in a part of the picture; by the colour. */
static GHashTable *count(const Picture *picture, const graphene_rect_t *part) {
  int left = MAX((int)part->origin.x, 0), top = MAX((int)part->origin.y, 0);
  int right = MIN((int)(part->origin.x + part->size.width), picture->width);
  int bottom = MIN((int)(part->origin.y + part->size.height), picture->height);
  GHashTable *colors = g_hash_table_new(NULL, NULL);

  for (int y = top; y < bottom; y++) {
    for (int x = left; x < right; x++) {
      const guchar *pixel = picture->pixels + ((gsize)y * (gsize)picture->width + (gsize)x) * BYTES;
      gpointer color = GUINT_TO_POINTER((guint)pixel[2] << 16 | (guint)pixel[1] << 8 | pixel[0]);
      guint n = GPOINTER_TO_UINT(g_hash_table_lookup(colors, color));
      g_hash_table_insert(colors, color, GUINT_TO_POINTER(n + 1));
    }
  }
  return colors;
}

/* 0: nothing is written there. */
static double contrast_in(const Picture *picture, const graphene_rect_t *part) {
  g_autoptr(GHashTable) colors = count(picture, part);
  GHashTableIter iter;
  gpointer color = NULL, n = NULL;
  guint32 ground = 0;
  guint n_ground = 0;
  double most = 0;

  g_hash_table_iter_init(&iter, colors);
  while (g_hash_table_iter_next(&iter, &color, &n)) {
    if (GPOINTER_TO_UINT(n) <= n_ground)
      continue;
    n_ground = GPOINTER_TO_UINT(n);
    ground = GPOINTER_TO_UINT(color);
  }
  g_hash_table_iter_init(&iter, colors);
  while (g_hash_table_size(colors) > 1 && g_hash_table_iter_next(&iter, &color, NULL))
    most = MAX(most, contrast(ground, GPOINTER_TO_UINT(color)));
  return most;
}

/* Where it is; FALSE: it is scrolled away in part, or something lies over it. */
static gboolean find_seen(GtkWidget *window, GtkWidget *label, graphene_rect_t *seen) {
  if (!gtk_widget_compute_bounds(label, window, seen))
    return FALSE;
  float area = graphene_rect_get_area(seen);
  for (GtkWidget *widget = gtk_widget_get_parent(label); widget != NULL; widget = gtk_widget_get_parent(widget)) {
    graphene_rect_t around;
    if (!gtk_widget_compute_bounds(widget, window, &around) || !graphene_rect_intersection(seen, &around, seen))
      return FALSE;
  }
  if (graphene_rect_get_area(seen) < area * WHOLE)
    return FALSE;
  GtkWidget *top =
      gtk_widget_pick(window, seen->origin.x + seen->size.width / 2, seen->origin.y + seen->size.height / 2,
                      GTK_PICK_INSENSITIVE | GTK_PICK_NON_TARGETABLE);
  return top != NULL && (top == label || gtk_widget_is_ancestor(label, top));
}

static void check(const Picture *picture, GtkWidget *window, GtkWidget *widget, ContrastFunc func, gpointer user_data) {
  graphene_rect_t seen;

  if (!gtk_widget_get_mapped(widget) || !gtk_widget_is_sensitive(widget) || gtk_widget_get_opacity(widget) == 0)
    return;
  if (GTK_IS_LABEL(widget) && gtk_label_get_text(GTK_LABEL(widget))[0] != '\0' &&
      GTK_WIDGET(gtk_widget_get_native(widget)) == window && find_seen(window, widget, &seen)) {
    double has = contrast_in(picture, &seen);
    if (has > 0 && has < CONTRAST_LEAST - TOLERANCE)
      func(widget, has, user_data);
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL; child = gtk_widget_get_next_sibling(child))
    check(picture, window, child, func, user_data);
}

void contrast_check(GtkWidget *window, ContrastFunc func, gpointer user_data) {
  Picture picture = take(window);

  check(&picture, window, window, func, user_data);
  g_free(picture.pixels);
}
