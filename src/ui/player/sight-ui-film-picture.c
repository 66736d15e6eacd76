/* SPDX-License-Identifier: MIT */
#include "sight-ui-film-picture.h"

#include <pango/pangocairo.h>

#define GROUND 0.96
/* Of the height of the picture, but readable in small ones. */
#define FONT_SHARE 0.026
#define FONT_LEAST 13.0
#define MAX_LINES 3

static void draw_page(cairo_t *cr, GdkTexture *page, int width) {
  int page_width = gdk_texture_get_width(page), page_height = gdk_texture_get_height(page);
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, page_width, page_height);
  double scale = (double)width / page_width;

  gdk_texture_download(page, cairo_image_surface_get_data(surface), (gsize)cairo_image_surface_get_stride(surface));
  cairo_surface_mark_dirty(surface);
  cairo_save(cr);
  cairo_scale(cr, scale, scale); /* where a pixel of the desktop is several of the screen */
  cairo_set_source_surface(cr, surface, 0, 0);
  cairo_paint(cr);
  cairo_restore(cr);
  cairo_surface_destroy(surface);
}

static const char *caption_at(const SightUiFilmPlan *plan, gint64 at_ms) {
  const char *text = NULL;

  for (guint i = 0; i < plan->captions->len; i++) {
    const SightUiFilmCaption *caption = g_ptr_array_index(plan->captions, i);
    if (caption->from_ms <= at_ms && at_ms < caption->to_ms)
      text = caption->text;
  }
  return text;
}

/* White on a dark band over the lower edge, plain text. */
static void draw_caption(cairo_t *cr, const char *text, int width, int height) {
  double size = MAX(FONT_LEAST, FONT_SHARE * height), margin = size * 0.7;
  g_autoptr(PangoLayout) layout = pango_cairo_create_layout(cr);
  PangoFontDescription *font = pango_font_description_from_string("Sans");
  int text_width, text_height;

  pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, (int)((width - 2 * margin) * PANGO_SCALE));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_height(layout, -MAX_LINES);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text(layout, text, -1);
  pango_layout_get_pixel_size(layout, &text_width, &text_height);
  double top = height - text_height - 2 * margin;
  cairo_set_source_rgba(cr, 0, 0, 0, 0.78);
  cairo_rectangle(cr, 0, top, width, height - top);
  cairo_fill(cr);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_move_to(cr, margin, top + margin);
  pango_cairo_show_layout(cr, layout);
}

static cairo_status_t take_png(void *closure, const unsigned char *data, unsigned int bytes) {
  g_byte_array_append(closure, data, bytes);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *sight_ui_film_picture_png(GdkTexture *page, const SightUiFilmPlan *plan) {
  g_autoptr(GBytes) pixels = sight_ui_film_picture(page, plan, 0);
  GByteArray *png = g_byte_array_new();
  /* It is only read. */
  cairo_surface_t *surface =
      cairo_image_surface_create_for_data((unsigned char *)(gpointer)g_bytes_get_data(pixels, NULL), CAIRO_FORMAT_RGB24,
                                          plan->width, plan->height, plan->width * 4);

  cairo_surface_write_to_png_stream(surface, take_png, png);
  cairo_surface_destroy(surface);
  return g_byte_array_free_to_bytes(png);
}

GBytes *sight_ui_film_picture(GdkTexture *page, const SightUiFilmPlan *plan, gint64 film_ms) {
  gsize bytes = (gsize)plan->width * 4 * (gsize)plan->height;
  guint8 *pixels = g_malloc(bytes);
  cairo_surface_t *surface =
      cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, plan->width, plan->height, plan->width * 4);
  cairo_t *cr = cairo_create(surface);
  const char *caption = caption_at(plan, (gint64)((double)film_ms * plan->wish.speed));

  cairo_set_source_rgb(cr, GROUND, GROUND, GROUND);
  cairo_paint(cr);
  draw_page(cr, page, plan->width);
  if (caption != NULL)
    draw_caption(cr, caption, plan->width, plan->height);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
  return g_bytes_new_take(pixels, bytes);
}
