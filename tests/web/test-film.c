/* SPDX-License-Identifier: MIT */
/* `sessionsight --film` as its users call it, and what can be read in its pictures. */
#include "sight-web-fixture.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>
#include <string.h>

/* From 0 s "Yesterday", from 1 s "Visible", from 3 s "Tomorrow"; a card number all the time, which a click is on. */
static const char recording[] =
    "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://shop.example/\",\"width\":640,\"height\":400}},"
    "{\"type\":2,\"timestamp\":1010,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"
    "\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":4,"
    "\"tagName\":\"body\",\"attributes\":{\"style\":\"font: 40px sans-serif; background: #fff; color: #000\"},"
    "\"childNodes\":[{\"type\":2,\"id\":5,\"tagName\":\"h1\",\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":6,"
    "\"textContent\":\"Yesterday\"}]},{\"type\":2,\"id\":7,\"tagName\":\"p\",\"attributes\":{},\"childNodes\":[{"
    "\"type\":3,\"id\":8,\"textContent\":\"4111 1111 1111 1111\"}]}]}]}]}}},"
    "{\"type\":3,\"timestamp\":2000,\"data\":{\"source\":0,\"adds\":[],\"removes\":[],\"attributes\":[],\"texts\":[{"
    "\"id\":6,\"value\":\"Visible\"}]}},"
    "{\"type\":3,\"timestamp\":2500,\"data\":{\"source\":2,\"type\":2,\"id\":7,\"x\":600,\"y\":360}},"
    "{\"type\":3,\"timestamp\":4000,\"data\":{\"source\":0,\"adds\":[],\"removes\":[],\"attributes\":[],\"texts\":[{"
    "\"id\":6,\"value\":\"Tomorrow\"}]}}]";

typedef struct {
  char *folder, *recording, *film;
} Fixture;

static void setup(Fixture *fixture, gconstpointer data) {
  g_autoptr(GError) error = NULL;

  fixture->folder = g_dir_make_tmp("sight-film-XXXXXX", &error);
  g_assert_no_error(error);
  fixture->recording = g_build_filename(fixture->folder, "recording.json", NULL);
  fixture->film = g_build_filename(fixture->folder, "film", NULL);
  g_file_set_contents(fixture->recording, recording, -1, &error);
  g_assert_no_error(error);
}

static void teardown(Fixture *fixture, gconstpointer data) {
  fixture_remove_tree(fixture->folder);
  g_free(fixture->folder);
  g_free(fixture->recording);
  g_free(fixture->film);
}

/* "--film" with `words` behind it, separated by blanks. */
static GSubprocess *start(Fixture *fixture, const char *words) {
  g_autoptr(GError) error = NULL;
  g_autofree char *program = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "ui", "sessionsight", NULL);
  g_auto(GStrv) more = g_strsplit(words, " ", -1);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  const char *const first[] = {program, "--film", fixture->recording, "--output", fixture->film};

  for (guint i = 0; i < G_N_ELEMENTS(first); i++)
    g_ptr_array_add(argv, (gpointer)first[i]);
  for (guint i = 0; more[i] != NULL; i++)
    g_ptr_array_add(argv, more[i]);
  g_ptr_array_add(argv, NULL);
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  /* GStreamer has so many names that GLib lets go of its first table of quarks, which would be a leak. */
  g_subprocess_launcher_setenv(launcher, "ASAN_OPTIONS", "detect_leaks=0", TRUE);
  GSubprocess *process = g_subprocess_launcher_spawnv(launcher, (const char *const *)argv->pdata, &error);
  g_assert_no_error(error);
  return process;
}

static char *film(Fixture *fixture, const char *words) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) process = start(fixture, words);
  char *said = NULL;

  g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &said, &error);
  g_assert_no_error(error);
  g_assert_cmpint(g_subprocess_get_successful(process), ==, g_file_test(fixture->film, G_FILE_TEST_EXISTS));
  return said;
}

/* The pictures of the video, as files; how many there are. */
static guint take_apart(Fixture *fixture, gint64 *length_ms) {
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strdup_printf("filesrc location=%s ! matroskademux ! vp9dec ! videoconvert ! pngenc ! "
                                          "multifilesink location=%s/%%03d.png",
                                          fixture->film, fixture->folder);
  g_autoptr(GstElement) pipeline = gst_parse_launch(text, &error);
  g_assert_no_error(error);
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  g_autoptr(GstMessage) message =
      gst_bus_timed_pop_filtered(bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint(GST_MESSAGE_TYPE(message), ==, GST_MESSAGE_EOS);
  g_assert_true(gst_element_query_duration(pipeline, GST_FORMAT_TIME, length_ms));
  *length_ms /= GST_MSECOND;
  gst_element_set_state(pipeline, GST_STATE_NULL);
  for (guint n = 0;; n++) {
    g_autofree char *path = g_strdup_printf("%s/%03u.png", fixture->folder, n);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
      return n;
  }
}

/* What can be read in one of them. */
static char *read_picture(Fixture *fixture, guint n) {
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_strdup_printf("%s/%03u.png", fixture->folder, n);
  g_autoptr(GSubprocess) process = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                                                    &error, "tesseract", path, "stdout", NULL);
  char *text = NULL;

  g_assert_no_error(error);
  g_subprocess_communicate_utf8(process, NULL, NULL, &text, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_get_successful(process));
  return text;
}

static void test_video(Fixture *fixture, gconstpointer data) {
  gint64 length_ms = 0;
  g_autofree char *said = film(fixture, "--from 1200 --to 3000 --format webm");
  g_assert_true(g_file_test(fixture->film, G_FILE_TEST_EXISTS));
  guint n = take_apart(fixture, &length_ms);

  /* 1.8 s of it, and a click that comes and goes: at least three pictures. */
  g_assert_cmpint(length_ms, ==, 1800);
  g_assert_cmpuint(n, >=, 3);
  g_assert_cmpuint(n, <=, 18);
  g_autofree char *first = read_picture(fixture, 0), *last = read_picture(fixture, n - 1);
  g_assert_nonnull(strstr(first, "Visible"));
  g_assert_nonnull(strstr(first, "4111 1111"));
  g_assert_nonnull(strstr(last, "Visible"));
}

static void test_masked(Fixture *fixture, gconstpointer data) {
  gint64 length_ms = 0;
  g_autofree char *said = film(fixture, "--from 1200 --to 3000 --format webm --mask card --speed 2 --width 320");
  g_assert_true(g_file_test(fixture->film, G_FILE_TEST_EXISTS));
  guint n = take_apart(fixture, &length_ms);

  g_assert_cmpint(length_ms, ==, 900);
  for (guint i = 0; i < n; i++) {
    g_autofree char *text = read_picture(fixture, i);
    g_assert_nonnull(strstr(text, "Visible"));
    g_assert_null(strstr(text, "1111"));
    g_assert_null(strstr(text, "Yesterday"));
    g_assert_null(strstr(text, "Tomorrow"));
  }
  g_autofree char *path = g_strdup_printf("%s/000.png", fixture->folder);
  g_autoptr(GdkTexture) picture = gdk_texture_new_from_filename(path, NULL);
  g_assert_cmpint(gdk_texture_get_width(picture), ==, 320);
  g_assert_cmpint(gdk_texture_get_height(picture), ==, 200);
}

static void test_webp(Fixture *fixture, gconstpointer data) {
  g_autofree char *file = NULL;
  gsize bytes;
  g_autofree char *said = film(fixture, "--from 1200 --to 2600 --format webp");
  g_assert_true(g_file_get_contents(fixture->film, &file, &bytes, NULL));

  g_assert_cmpmem(file, 4, "RIFF", 4);
  g_assert_cmpmem(file + 8, 8, "WEBPVP8X", 8);
  g_assert_cmpmem(file + 30, 4, "ANIM", 4);
  /* Width and height, each less one, in three bytes. */
  g_assert_cmpint((guint8)file[24] | (guint8)file[25] << 8, ==, 639);
  g_assert_cmpint((guint8)file[27] | (guint8)file[28] << 8, ==, 399);
  g_remove(fixture->film);
  g_autofree char *too_long = film(fixture, "--from 0 --to 15200 --format webp");
  g_assert_nonnull(strstr(too_long, "15 seconds"));
}

static void test_refused(Fixture *fixture, gconstpointer data) {
  const char *const words[] = {"--from 5 --to 5 --format webm", "--from 0 --to 9 --format gif",
                               "--from 0 --to 9 --format webm --speed 99", "--from 0 --to 9 --format webm --mask x",
                               "--from 0 --to 5 --format webm --width 9"};

  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    g_autofree char *said = film(fixture, words[i]);
    g_assert_false(g_file_test(fixture->film, G_FILE_TEST_EXISTS));
    g_assert_cmpstr(said, !=, "");
  }
}

static void test_interrupt(Fixture *fixture, gconstpointer data) {
  g_autoptr(GSubprocess) process = start(fixture, "--from 0 --to 3600000 --format webm");
  g_autoptr(GError) error = NULL;
  g_autofree char *said = NULL;

  g_usleep(2 * G_USEC_PER_SEC); /* an hour takes longer, on any machine */
  g_subprocess_send_signal(process, SIGINT);
  g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &said, &error);
  g_assert_no_error(error);
  g_assert_false(g_subprocess_get_successful(process));
  g_assert_false(g_file_test(fixture->film, G_FILE_TEST_EXISTS));
}

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  gst_init(NULL, NULL);
  g_test_add("/web/film/video", Fixture, NULL, setup, test_video, teardown);
  g_test_add("/web/film/masked", Fixture, NULL, setup, test_masked, teardown);
  g_test_add("/web/film/webp", Fixture, NULL, setup, test_webp, teardown);
  g_test_add("/web/film/refused", Fixture, NULL, setup, test_refused, teardown);
  g_test_add("/web/film/interrupt", Fixture, NULL, setup, test_interrupt, teardown);
  return g_test_run();
}
