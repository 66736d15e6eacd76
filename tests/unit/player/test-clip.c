/* SPDX-License-Identifier: MIT */
/* Which parts a clip is made of, and how its file is called and written. */
#include "sight-event-reader.h"
#include "sight-ui-clip.h"

#include <glib/gstdio.h>

#define STARTED_MS 100000

static const char page[] =
    "{\"type\":2,\"timestamp\":%d,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"tagName\":"
    "\"html\",\"id\":2,\"attributes\":{},\"childNodes\":[{\"type\":3,\"id\":3,\"textContent\":\"%s\"}]}]},"
    "\"initialOffset\":{\"top\":0,\"left\":0}}}";

typedef struct {
  GPtrArray *recording;
  const char *window;
} Adding;

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Adding *adding = user_data;
  sight_recording_add(adding->recording, adding->window, event);
  return TRUE;
}

static void add_window(GPtrArray *recording, const char *window, int at_ms, gboolean with_page) {
  g_autofree char *snapshot = g_strdup_printf(page, at_ms, window);
  g_autofree char *json = g_strdup_printf("[%s%s{\"type\":4,\"timestamp\":%d,\"data\":{\"href\":\"http://x.example/\","
                                          "\"width\":800,\"height\":600}}]",
                                          with_page ? snapshot : "", with_page ? "," : "", at_ms);
  sight_event_read_bytes(json, strlen(json), &sight_reader_default_limits, add, &(Adding){recording, window}, NULL,
                         NULL);
}

/* "a" and "b" have a page, "c" has none. */
static SightUiReel *make_reel(void) {
  g_autoptr(GPtrArray) recording = sight_recording_new();
  add_window(recording, "a", STARTED_MS, TRUE);
  add_window(recording, "b", STARTED_MS + 1000, TRUE);
  add_window(recording, "c", STARTED_MS + 2000, FALSE);
  sight_recording_finish(recording);
  return sight_ui_reel_new(recording, NULL);
}

static void check(const GArray *parts, guint i, const SightUiReel *reel, const char *window, gint64 from_ms,
                  gint64 to_ms) {
  const SightClipPart *part = &g_array_index(parts, SightClipPart, i);
  int index = sight_ui_reel_find(reel, window);
  g_assert_true(part->track == sight_ui_reel_get_window(reel, (guint)index)->track);
  g_assert_cmpint(part->from_ms, ==, STARTED_MS + from_ms);
  g_assert_cmpint(part->to_ms, ==, STARTED_MS + to_ms);
}

static void test_parts(void) {
  g_autoptr(SightUiReel) reel = make_reel();
  g_autoptr(GPtrArray) spans = g_ptr_array_new();
  SightWindowSpan all[] = {
      {0, 5000, (char *)"a"}, {5000, 9000, (char *)"b"}, {9000, 12000, (char *)"c"}, {12000, 20000, (char *)"a"}};
  for (guint i = 0; i < G_N_ELEMENTS(all); i++)
    g_ptr_array_add(spans, &all[i]);

  g_autoptr(GArray) within = sight_ui_clip_parts(reel, spans, STARTED_MS, 1000, 4000);
  g_assert_cmpuint(within->len, ==, 1);
  check(within, 0, reel, "a", 1000, 4000);
  /* What the window without a page leaves goes to the first one, and with what follows it is one part. */
  g_autoptr(GArray) across = sight_ui_clip_parts(reel, spans, STARTED_MS, 4000, 20001);
  g_assert_cmpuint(across->len, ==, 3);
  check(across, 0, reel, "a", 4000, 5000);
  check(across, 1, reel, "b", 5000, 9000);
  check(across, 2, reel, "a", 9000, 20001);
  g_autoptr(GArray) unknown = sight_ui_clip_parts(reel, NULL, STARTED_MS, 4000, 6000);
  g_assert_cmpuint(unknown->len, ==, 1);
  check(unknown, 0, reel, "a", 4000, 6000);
}

static void test_file_name(void) {
  static const struct {
    const char *name, *file;
  } cases[] = {
      {"4 clicks on “Buy”", "4 clicks on “Buy”.html"},
      {"/cart at 0:29", "-cart at 0-29.html"},
      {"../../etc/passwd", "-..-etc-passwd.html"},
      {"  .hidden ", "hidden.html"},
      {"a\nb\tc", "abc.html"},
      {"gpj\xe2\x80\xae.exe", "gpj.exe.html"},
      {"", "Clip.html"},
      {"...", "Clip.html"},
      {"broken \xff", "broken \xef\xbf\xbd.html"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *file = sight_ui_clip_file_name(cases[i].name, ".html");
    g_assert_cmpstr(file, ==, cases[i].file);
  }
  g_autofree char *endless = g_strnfill(5000, 'x');
  g_autofree char *cut = sight_ui_clip_file_name(endless, ".html");
  g_assert_cmpuint(strlen(cut), ==, 85);
}

static void on_saved(GObject *source, GAsyncResult *result, gpointer user_data) {
  *(GAsyncResult **)user_data = g_object_ref(result);
}

static GFile *save(SightUiReel *reel, const char *folder, SightClipForm form, GError **error) {
  g_autoptr(GAsyncResult) result = NULL;
  GArray *parts = sight_ui_clip_parts(reel, NULL, STARTED_MS, 0, 5000);
  const SightUiClipAbout about = {.name = "what happened", .folder = folder};
  sight_ui_clip_save_async(reel, parts, form, &about, NULL, on_saved, &result);
  while (!result)
    g_main_context_iteration(NULL, TRUE);
  return sight_ui_clip_save_finish(result, error);
}

static void check_saved(GFile *file, const char *name, const char *text) {
  g_autofree char *base = g_file_get_basename(file), *content = NULL;
  g_assert_cmpstr(base, ==, name);
  g_assert_true(g_file_load_contents(file, NULL, &content, NULL, NULL, NULL));
  g_assert_nonnull(strstr(content, text));
  g_assert_true(g_file_delete(file, NULL, NULL));
}

static void test_save(void) {
  g_autoptr(SightUiReel) reel = make_reel();
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-clip-XXXXXX", NULL);
  g_autoptr(GFile) first = save(reel, folder, SIGHT_CLIP_HTML, &error);
  g_assert_no_error(error);
  g_autoptr(GFile) second = save(reel, folder, SIGHT_CLIP_HTML, &error);
  g_assert_no_error(error);
  g_autoptr(GFile) json = save(reel, folder, SIGHT_CLIP_JSON, &error);
  g_assert_no_error(error);
  check_saved(first, "what happened.html", "<!doctype html>");
  check_saved(second, "what happened (2).html", "what happened");
  check_saved(json, "what happened.json", "\"type\":2");
  g_assert_cmpint(g_rmdir(folder), ==, 0);
  g_autoptr(GFile) nowhere = save(reel, folder, SIGHT_CLIP_HTML, &error);
  g_assert_null(nowhere);
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/clip/parts", test_parts);
  g_test_add_func("/player/clip/file-name", test_file_name);
  g_test_add_func("/player/clip/save", test_save);
  return g_test_run();
}
