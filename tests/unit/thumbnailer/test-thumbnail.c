/* SPDX-License-Identifier: MIT */
/* Thumbnails: what is in them, and what a stranger's file can do to whoever draws one. */
#include "sight-thumbnail.h"

#include <cairo.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define META                                                                                                           \
  "{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/cart\",\"width\":1200,\"height\":800}}"
#define MOVES                                                                                                          \
  "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":1,\"positions\":[{\"x\":300,\"y\":200,\"id\":1,"                \
  "\"timeOffset\":0},{\"x\":600,\"y\":100,\"id\":1,\"timeOffset\":50}]}}"
#define CLICK "{\"type\":3,\"timestamp\":64000,\"data\":{\"source\":2,\"type\":7,\"id\":1,\"x\":600,\"y\":600}}"

static SightThumbnail *read_text(const char *text, GError **error) {
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp("sight-thumbnail-XXXXXX", &path, NULL);
  g_assert_cmpint(fd, >=, 0);
  close(fd);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  g_autoptr(GFile) file = g_file_new_for_path(path);
  SightThumbnail *thumbnail = sight_thumbnail_read(file, error);
  g_remove(path);
  return thumbnail;
}

typedef struct {
  const guint8 *data;
  gsize left;
} Source;

static cairo_status_t give(void *closure, unsigned char *data, unsigned int bytes) {
  Source *source = closure;
  if (source->left < bytes)
    return CAIRO_STATUS_READ_ERROR;
  memcpy(data, source->data, bytes);
  source->data += bytes;
  source->left -= bytes;
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *drawn(const SightThumbnail *thumbnail, int size_px) {
  g_autoptr(GBytes) png = sight_thumbnail_draw(thumbnail, size_px);
  Source source = {.data = g_bytes_get_data(png, NULL), .left = g_bytes_get_size(png)};
  cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(give, &source);
  g_assert_cmpint(cairo_surface_status(surface), ==, CAIRO_STATUS_SUCCESS);
  return surface;
}

static guint32 pixel(cairo_surface_t *surface, int x, int y) {
  const guint8 *line = cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface);
  guint32 value = 0;
  memcpy(&value, line + 4 * x, sizeof value);
  return value & 0xffffff;
}

static void test_drawn(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightThumbnail) thumbnail = read_text("[" META "," MOVES "," CLICK "]", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(thumbnail->address, ==, "shop.example/cart");
  g_assert_cmpint(thumbnail->length_ms, ==, 63000);
  g_assert_cmpuint(thumbnail->points->len, ==, 3);
  g_assert_cmpfloat_with_epsilon(thumbnail->aspect, 1.5, 1e-9);

  cairo_surface_t *surface = drawn(thumbnail, 256);
  int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
  g_assert_cmpint(width, ==, 256);
  g_assert_cmpint(height, >, 190);
  g_assert_cmpint(height, <=, 256);
  /* The page begins below the bar: orange where it was tapped, blue on the way of the pointer, which did not lead
   * there, white elsewhere. */
  guint32 tap = pixel(surface, width / 2, 31 + (height - 31) * 3 / 4),
          between = pixel(surface, width / 2, 31 + (height - 31) / 2);
  guint32 way = pixel(surface, (int)(width * 0.375), 31 + (int)((height - 31) * 0.1875));
  g_assert_cmpuint(tap >> 16, >, (tap & 0xff) + 40);
  g_assert_cmpuint(way & 0xff, >, (way >> 16) + 20);
  g_assert_cmphex(between, ==, 0xffffff);
  cairo_surface_destroy(surface);
  for (int size = 0; size <= 64; size += 16)
    cairo_surface_destroy(drawn(thumbnail, size));
}

/* What no page has. */
static void test_hostile(void) {
  static const char *const events[] = {
      "{\"type\":4,\"timestamp\":1,\"data\":{\"href\":\"\\u202e\\u0000gpj.exe\",\"width\":1e308,\"height\":1}}",
      "{\"type\":4,\"timestamp\":1,\"data\":{\"href\":5,\"width\":-5,\"height\":\"x\"}}",
      "{\"type\":4,\"timestamp\":1,\"data\":{\"width\":1000000,\"height\":1}}," CLICK,
      "{\"type\":4,\"timestamp\":9000000000000000,\"data\":{\"width\":1,\"height\":1000000}}," MOVES,
      MOVES "," CLICK,
      META ",{\"type\":3,\"timestamp\":2,\"data\":{\"source\":1,\"positions\":[{\"x\":1e300,\"y\":-1e300},7,null,[]]}}",
      META ",{\"type\":3,\"timestamp\":2,\"data\":{\"source\":2,\"type\":2}}",
  };
  for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf("{\"sightclip\":1,\"events\":[%s]}", events[i]);
    g_autoptr(SightThumbnail) thumbnail = read_text(text, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(thumbnail->aspect, >=, 0.3);
    g_assert_cmpfloat(thumbnail->aspect, <=, 3);
    g_assert_true(thumbnail->address == NULL || strstr(thumbnail->address, "\u202e") == NULL);
    cairo_surface_destroy(drawn(thumbnail, 256));
  }
  g_autoptr(GError) error = NULL;
  g_assert_null(read_text("no recording at all", &error));
  g_assert_nonnull(error);
}

/* Of very much the beginning is drawn. */
static void test_much(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new("[" META);
  for (int i = 0; i < 20000; i++)
    g_string_append(text, "," MOVES);
  g_string_append_c(text, ']');
  g_autoptr(SightThumbnail) thumbnail = read_text(text->str, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(thumbnail->points->len, ==, 20000);
  /* Cut in the middle. */
  g_string_truncate(text, text->len / 2);
  g_autoptr(SightThumbnail) cut = read_text(text->str, &error);
  g_assert_no_error(error);
  cairo_surface_destroy(drawn(cut, 128));
}

/* As a file manager starts it: with nothing around it. What libraries keep of fonts would count as leaks. */
static void test_program(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-thumbnail-XXXXXX", NULL);
  g_autofree char *input = g_build_filename(folder, "a.sightclip", NULL),
                  *output = g_build_filename(folder, "a.png", NULL);
  g_autofree char *program =
      g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src/thumbnailer/sessionsight-thumbnailer", NULL);
  g_autofree char *saved = NULL;
  gsize bytes = 0;
  char *words[] = {program, (char *)"--size", (char *)"128", input, output, NULL},
       *environment[] = {(char *)"ASAN_OPTIONS=detect_leaks=0", NULL};
  int status = -1;

  g_assert_true(
      g_file_set_contents(input, "{\"sightclip\":1,\"name\":\"n\",\"events\":[" META "," CLICK "]}", -1, NULL));
  g_spawn_sync(folder, words, environment, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error(error);
  g_assert_cmpint(status, ==, 0);
  g_assert_true(g_file_get_contents(output, &saved, &bytes, NULL));
  g_assert_cmpmem(saved, 8, "\x89PNG\r\n\x1a\n", 8);
  g_remove(output);
  /* What is none leaves nothing behind. */
  g_assert_true(g_file_set_contents(input, "none", -1, NULL));
  g_spawn_sync(folder, words, environment, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error(error);
  g_assert_cmpint(status, !=, 0);
  g_assert_false(g_file_test(output, G_FILE_TEST_EXISTS));
  g_remove(input);
  g_rmdir(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/thumbnail/drawn", test_drawn);
  g_test_add_func("/thumbnail/hostile", test_hostile);
  g_test_add_func("/thumbnail/much", test_much);
  g_test_add_func("/thumbnail/program", test_program);
  return g_test_run();
}
