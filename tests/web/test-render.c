/* SPDX-License-Identifier: MIT */
/* `sessionsight --render` as its users call it. */
#include "sight-web-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  int status;
  char *words; /* on standard error */
} Run;

static void run_clear(Run *run) {
  g_free(run->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static Run render_with(const char *folder, const char *session, const char *const *more) {
  g_autoptr(GError) error = NULL;
  g_autofree char *program = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "ui", "sessionsight", NULL);
  g_autoptr(GPtrArray) argv = g_ptr_array_new();
  const char *const first[] = {program, "--cache", folder, "--render", session};
  for (guint i = 0; i < G_N_ELEMENTS(first); i++)
    g_ptr_array_add(argv, (char *)first[i]);
  for (; *more; more++)
    g_ptr_array_add(argv, (char *)*more);
  g_ptr_array_add(argv, NULL);
  Run run = {0};
  g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &run.words, &run.status,
               &error);
  g_assert_no_error(error);
  return run;
}

static Run render(const char *folder, const char *session, const char *at, const char *output) {
  const char *const more[] = {"--at", at, "--output", output, NULL};
  return render_with(folder, session, more);
}

static void test_render(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-render-XXXXXX", &error);
  g_assert_no_error(error);
  g_autofree char *recording = g_build_filename(folder, "recording.json", NULL);
  g_autofree char *picture = g_build_filename(folder, "picture.png", NULL);
  g_file_set_contents(recording, fixture_page, -1, &error);
  g_assert_no_error(error);
  g_auto(Run) good = render(folder, recording, "3500", picture);
  if (!g_spawn_check_wait_status(good.status, NULL))
    g_error("it failed: %s", good.words);
  g_autoptr(GdkTexture) texture = gdk_texture_new_from_filename(picture, &error);
  g_assert_no_error(error);
  g_assert_cmpint(gdk_texture_get_width(texture), ==, 640);
  g_assert_cmpint(gdk_texture_get_height(texture), ==, 400);

  g_auto(Run) unknown = render(folder, "no-such-session", "0", picture);
  g_assert_false(g_spawn_check_wait_status(unknown.status, NULL));
  g_assert_nonnull(strstr(unknown.words, "no-such-session"));
  g_file_set_contents(recording, "[{\"type\":3,\"timestamp\":1,\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":5}}]", -1,
                      &error);
  g_assert_no_error(error);
  g_auto(Run) blind = render(folder, recording, "0", picture);
  g_assert_false(g_spawn_check_wait_status(blind.status, NULL));
  g_assert_nonnull(strstr(blind.words, "no full snapshot"));
  fixture_remove_tree(folder);
}

static GBytes *pixels_of(const char *picture) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = gdk_texture_new_from_filename(picture, &error);
  g_assert_no_error(error);
  gsize stride = (gsize)gdk_texture_get_width(texture) * 4, bytes = stride * (gsize)gdk_texture_get_height(texture);
  guchar *pixels = g_malloc(bytes);
  gdk_texture_download(texture, pixels, stride);
  return g_bytes_new_take(pixels, bytes);
}

/* Several moments in one go, back as well; gone to and played up to they are the same. */
static void test_moments(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-render-XXXXXX", &error);
  g_assert_no_error(error);
  g_autofree char *recording = g_build_filename(folder, "recording.json", NULL);
  g_autofree char *late = g_build_filename(folder, "late.png", NULL);
  g_autofree char *early = g_build_filename(folder, "early.png", NULL);
  g_autofree char *played = g_build_filename(folder, "played.png", NULL);
  g_file_set_contents(recording, fixture_page, -1, &error);
  g_assert_no_error(error);
  const char *const gone[] = {"--at", "1500", "--output", late, "--at", "500", "--output", early, NULL};
  g_auto(Run) both = render_with(folder, recording, gone);
  if (!g_spawn_check_wait_status(both.status, NULL))
    g_error("it failed: %s", both.words);
  const char *const lead[] = {"--at", "1500", "--output", played, "--lead", "1000", NULL};
  g_auto(Run) plays = render_with(folder, recording, lead);
  if (!g_spawn_check_wait_status(plays.status, NULL))
    g_error("it failed: %s", plays.words);
  g_autoptr(GBytes) at_late = pixels_of(late), at_early = pixels_of(early), at_played = pixels_of(played);
  g_assert_false(g_bytes_equal(at_late, at_early));
  g_assert_true(g_bytes_equal(at_late, at_played));
  const char *const odd[] = {"--at", "500", "--at", "1500", "--output", early, NULL};
  g_auto(Run) missing = render_with(folder, recording, odd);
  g_assert_false(g_spawn_check_wait_status(missing.status, NULL));
  g_assert_nonnull(strstr(missing.words, "one for each --at"));
  fixture_remove_tree(folder);
}

/* An empty page; later one with an element whose name no document takes. */
static const char odd_page[] =
    "[{\"type\":4,\"timestamp\":1000,\"data\":{\"href\":\"https://a.example/\",\"width\":640,\"height\":400}},"
    "{\"type\":2,\"timestamp\":1001,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
    "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"body\",\"attributes\":{}"
    ","
    "\"childNodes\":[]}]}]},\"initialOffset\":{\"left\":0,\"top\":0}}},"
    "{\"type\":2,\"timestamp\":2000,\"data\":{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[{\"type\":2,\"id\":2,"
    "\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,\"tagName\":\"body\",\"attributes\":{}"
    ","
    "\"childNodes\":[{\"type\":2,\"id\":4,\"tagName\":\"b=\\\"1<\",\"attributes\":{},\"childNodes\":[]},"
    "{\"type\":3,\"id\":5,\"textContent\":\"after it\"}]}]}]},\"initialOffset\":{\"left\":0,\"top\":0}}},"
    "{\"type\":5,\"timestamp\":4000,\"data\":{\"tag\":\"x\",\"payload\":1}}]";

/* All else is drawn, and only then it is done. */
static void test_odd(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-render-XXXXXX", &error);
  g_assert_no_error(error);
  g_autofree char *recording = g_build_filename(folder, "recording.json", NULL);
  g_autofree char *empty = g_build_filename(folder, "empty.png", NULL);
  g_autofree char *odd = g_build_filename(folder, "odd.png", NULL);
  g_file_set_contents(recording, odd_page, -1, &error);
  g_assert_no_error(error);
  const char *const both[] = {"--at", "500", "--output", empty, "--at", "2000", "--output", odd, NULL};
  g_auto(Run) run = render_with(folder, recording, both);
  if (!g_spawn_check_wait_status(run.status, NULL))
    g_error("it failed: %s", run.words);
  g_autoptr(GBytes) before = pixels_of(empty), after = pixels_of(odd);
  g_assert_false(g_bytes_equal(before, after));
  fixture_remove_tree(folder);
}

/* The process of that name that was started by another one, or by one that it started; 0: none yet. */
static int find_process(GPid ancestor, const char *wanted) {
  g_autoptr(GHashTable) parents = g_hash_table_new(NULL, NULL);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(int));
  g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
  const char *entry;
  while ((entry = g_dir_read_name(proc))) {
    g_autofree char *path = g_build_filename("/proc", entry, "stat", NULL), *text = NULL;
    int pid = atoi(entry), parent = 0;
    const char *end = pid > 0 && g_file_get_contents(path, &text, NULL, NULL) ? strrchr(text, ')') : NULL;
    if (!end || sscanf(end + 1, " %*c %d", &parent) != 1)
      continue;
    g_hash_table_insert(parents, GINT_TO_POINTER(pid), GINT_TO_POINTER(parent));
    if (strstr(text, wanted))
      g_array_append_val(found, pid);
  }
  for (guint i = 0; i < found->len; i++)
    for (int pid = g_array_index(found, int, i); pid > 1;
         pid = GPOINTER_TO_INT(g_hash_table_lookup(parents, GINT_TO_POINTER(pid))))
      if (pid == ancestor)
        return g_array_index(found, int, i);
  return 0;
}

/* The process that draws goes as soon as it is there: that is told, and not waited for. */
static void test_ended(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-render-XXXXXX", &error);
  g_assert_no_error(error);
  g_autofree char *recording = g_build_filename(folder, "recording.json", NULL);
  g_autofree char *picture = g_build_filename(folder, "picture.png", NULL);
  g_autofree char *program = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "ui", "sessionsight", NULL);
  g_file_set_contents(recording, fixture_page, -1, &error);
  g_assert_no_error(error);
  g_autoptr(GSubprocess) run = g_subprocess_new(G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, program, "--cache", folder,
                                                "--render", recording, "--at", "1500", "--output", picture, NULL);
  g_assert_no_error(error);
  GPid pid = atoi(g_subprocess_get_identifier(run));
  int drawing;
  while ((drawing = find_process(pid, "(WebKitWebProces)")) == 0)
    g_usleep(100000);
  g_assert_cmpint(kill(drawing, SIGKILL), ==, 0);
  g_autofree char *words = NULL;
  g_subprocess_communicate_utf8(run, NULL, NULL, NULL, &words, &error);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_get_if_exited(run));
  g_assert_cmpint(g_subprocess_get_exit_status(run), ==, EXIT_FAILURE);
  g_assert_nonnull(strstr(words, "ended unexpectedly"));
  g_assert_false(g_file_test(picture, G_FILE_TEST_EXISTS));
  fixture_remove_tree(folder);
}

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  g_test_add_func("/web/render/one", test_render);
  g_test_add_func("/web/render/moments", test_moments);
  g_test_add_func("/web/render/odd", test_odd);
  g_test_add_func("/web/render/ended", test_ended);
  return g_test_run();
}
