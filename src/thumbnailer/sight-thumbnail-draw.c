/* SPDX-License-Identifier: MIT */
/* The picture: a page with its address, the way of the pointer, a dot for each press, and the length. */
#include "sight-thumbnail.h"

#include "sight-clock-text.h"

#include <math.h>
#include <pango/pangocairo.h>

#define BAR_SHARE 0.12    /* of the size: the line with the address */
#define MIN_TEXT_PX 64    /* below this nobody can read it */
#define FONT_SHARE 0.062  /* of the size */
#define TRAIL_SHARE 0.012 /* its width */
#define DOT_SHARE 0.045   /* radius */

typedef struct {
  cairo_t *cr;
  double width, height, bar, size;
} Page;

static void rounded(cairo_t *cr, double x, double y, double width, double height, double radius) {
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc(cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc(cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc(cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path(cr);
}

static PangoLayout *text(const Page *page, const char *words, double width) {
  g_autoptr(PangoFontDescription) font = pango_font_description_from_string("Sans");
  PangoLayout *layout = pango_cairo_create_layout(page->cr);

  pango_font_description_set_absolute_size(font, page->size * FONT_SHARE * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_layout_set_single_paragraph_mode(layout, TRUE);
  if (width > 0)
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
  pango_layout_set_ellipsize(layout, page->width < page->size * 0.7 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_MIDDLE);
  pango_layout_set_text(layout, words, -1);
  return layout;
}

static void draw_paper(const Page *page) {
  cairo_t *cr = page->cr;
  double radius = page->size * 0.03;

  rounded(cr, 0.5, 0.5, page->width - 1, page->height - 1, radius);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_fill_preserve(cr);
  cairo_save(cr);
  cairo_clip_preserve(cr);
  cairo_new_path(cr);
  cairo_rectangle(cr, 0, 0, page->width, page->bar);
  cairo_set_source_rgb(cr, 0.92, 0.92, 0.93);
  cairo_fill(cr);
  cairo_restore(cr);
  rounded(cr, 0.5, 0.5, page->width - 1, page->height - 1, radius);
  cairo_set_line_width(cr, 1);
  cairo_set_source_rgb(cr, 0.6, 0.6, 0.62);
  cairo_stroke(cr);
}

static void draw_address(const Page *page, const char *address) {
  double margin = page->size * 0.04;

  if (address == NULL || page->size < MIN_TEXT_PX)
    return;
  g_autoptr(PangoLayout) layout = text(page, address, page->width - 2 * margin);
  int height = 0;
  pango_layout_get_pixel_size(layout, NULL, &height);
  cairo_move_to(page->cr, margin, (page->bar - height) / 2);
  cairo_set_source_rgb(page->cr, 0.24, 0.24, 0.26);
  pango_cairo_show_layout(page->cr, layout);
}

static void place(const Page *page, const SightThumbnailPoint *point, double *x, double *y) {
  *x = point->x * page->width;
  *y = page->bar + point->y * (page->height - page->bar);
}

/* Fainter where it began. */
static void draw_trail(const Page *page, const GArray *points) {
  cairo_t *cr = page->cr;

  cairo_set_line_width(cr, MAX(1, page->size * TRAIL_SHARE));
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 1; i < points->len; i++) {
    const SightThumbnailPoint *to = &g_array_index(points, SightThumbnailPoint, i);
    double x = 0, y = 0;
    if (to->apart)
      continue;
    place(page, to - 1, &x, &y);
    cairo_move_to(cr, x, y);
    place(page, to, &x, &y);
    cairo_line_to(cr, x, y);
    cairo_set_source_rgba(cr, 0.21, 0.52, 0.89, 0.25 + 0.55 * i / points->len);
    cairo_stroke(cr);
  }
}

static void draw_presses(const Page *page, const GArray *points) {
  cairo_t *cr = page->cr;

  for (guint i = 0; i < points->len; i++) {
    const SightThumbnailPoint *point = &g_array_index(points, SightThumbnailPoint, i);
    double x = 0, y = 0;
    if (!point->pressed)
      continue;
    place(page, point, &x, &y);
    cairo_arc(cr, x, y, page->size * DOT_SHARE, 0, 2 * G_PI);
    cairo_set_source_rgba(cr, 0.9, 0.38, 0, 0.35);
    cairo_fill_preserve(cr);
    cairo_set_source_rgba(cr, 0.78, 0.27, 0, 0.9);
    cairo_set_line_width(cr, MAX(1, page->size * TRAIL_SHARE));
    cairo_stroke(cr);
  }
}

/* As on a video: a triangle, and how long it is. */
static void draw_length(const Page *page, gint64 length_ms) {
  cairo_t *cr = page->cr;
  double pad = page->size * 0.03, triangle = page->size * FONT_SHARE;
  int width = 0, height = 0;

  if (page->size < MIN_TEXT_PX)
    return;
  g_autofree char *words = sight_clock_text(length_ms);
  g_autoptr(PangoLayout) layout = text(page, words, 0);
  pango_layout_get_pixel_size(layout, &width, &height);
  double pill_width = width + triangle + 3 * pad, pill_height = height + pad;
  double x = page->width - pill_width - pad * 1.5, y = page->height - pill_height - pad * 1.5;
  rounded(cr, x, y, pill_width, pill_height, pill_height / 2);
  cairo_set_source_rgba(cr, 0.1, 0.1, 0.12, 0.85);
  cairo_fill(cr);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_move_to(cr, x + pad, y + (pill_height - triangle) / 2);
  cairo_rel_line_to(cr, triangle * 0.85, triangle / 2);
  cairo_rel_line_to(cr, -triangle * 0.85, triangle / 2);
  cairo_fill(cr);
  cairo_move_to(cr, x + 2 * pad + triangle, y + pad / 2);
  pango_cairo_show_layout(cr, layout);
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int bytes) {
  g_byte_array_append(closure, data, bytes);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *sight_thumbnail_draw(const SightThumbnail *thumbnail, int size_px) {
  double size = CLAMP(size_px, SIGHT_THUMBNAIL_MIN_PX, SIGHT_THUMBNAIL_MAX_PX), bar = round(size * BAR_SHARE);
  double width = MIN(size, round((size - bar) * thumbnail->aspect));
  double height = bar + round(width / thumbnail->aspect);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)width, (int)height);
  Page page = {.cr = cairo_create(surface), .width = width, .height = height, .bar = bar, .size = size};
  GByteArray *png = g_byte_array_new();

  draw_paper(&page);
  draw_trail(&page, thumbnail->points);
  draw_presses(&page, thumbnail->points);
  draw_address(&page, thumbnail->address);
  draw_length(&page, thumbnail->length_ms);
  cairo_destroy(page.cr);
  cairo_surface_write_to_png_stream(surface, append, png);
  cairo_surface_destroy(surface);
  return g_byte_array_free_to_bytes(png);
}
