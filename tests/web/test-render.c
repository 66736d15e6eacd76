/* SPDX-License-Identifier: MIT */
/* `sessionsight --render` as its users call it. */
#include "sight-web-fixture.h"

#include <glib/gstdio.h>

typedef struct {
  int status;
  char *words; /* on standard error */
} Run;

static void run_clear(Run *run) {
  g_free(run->words);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

static Run render(const char *folder, const char *session, const char *at, const char *output) {
  g_autoptr(GError) error = NULL;
  g_autofree char *program = g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "ui", "sessionsight", NULL);
  const char *const argv[] = {program, "--cache", folder, "--render", session, "--at", at, "--output", output, NULL};
  Run run = {0};
  g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &run.words, &run.status,
               &error);
  g_assert_no_error(error);
  return run;
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

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  g_test_add_func("/web/render", test_render);
  return g_test_run();
}
