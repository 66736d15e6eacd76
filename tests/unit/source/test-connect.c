/* SPDX-License-Identifier: MIT */
/* Connecting a product by sightctl, asking for a part of it, and syncing that. */
#include "product.h"

#include <string.h>

typedef struct {
  char *out, *err;
  int code;
} Run;

static void run_clear(Run *run) {
  g_clear_pointer(&run->out, g_free);
  g_clear_pointer(&run->err, g_free);
}

static void sightctl(Run *run, const char *folder, ...) {
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GError) error = NULL;
  int status = 0;
  va_list more;
  run_clear(run);
  g_ptr_array_add(words, g_build_filename(g_getenv("SIGHT_BUILD_ROOT"), "src", "cli", "sightctl", NULL));
  va_start(more, folder);
  for (const char *word = va_arg(more, const char *); word != NULL; word = va_arg(more, const char *))
    g_ptr_array_add(words, g_strdup(word));
  va_end(more);
  g_ptr_array_add(words, g_strconcat("--cache=", folder, NULL));
  g_ptr_array_add(words, NULL);
  g_spawn_sync(NULL, (char **)words->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &run->out, &run->err, &status, &error);
  g_assert_no_error(error);
  run->code = g_spawn_check_wait_status(status, &error) ? 0 : error->code;
  g_test_message("%s%s", run->out, run->err);
}

/* Recordings began 2, 3, … 9 hours ago; Umami does not list whose they are. */
static void test_connect(void) {
  g_autoptr(Product) product = product_new(&product_umami, (guint32)g_test_rand_int(), 8);
  g_autofree char *folder = make_folder("sight-connect-XXXXXX");
  Run run = {0};
  sightctl(&run, folder, "endpoints", "add", product->url, "--kind", "umami", "--token", "t", "--only", "user:ada",
           NULL);
  g_assert_cmpint(run.code, !=, 0);
  g_assert_nonnull(strstr(run.err, "user:ada"));
  g_assert_nonnull(strstr(run.err, "started, length, sample"));
  g_assert_cmpint(product->n_answers, ==, 0);
  sightctl(&run, folder, "endpoints", "add", product->url, "--kind", "umami", "--token", "t", "--only",
           "started:270m sample:100", NULL);
  g_assert_cmpint(run.code, ==, 0);
  g_assert_nonnull(strstr(run.out, "Shop"));
  sightctl(&run, folder, "sync", "--json", "--no-analysis", NULL);
  g_assert_cmpint(run.code, ==, 0);
  g_assert_nonnull(strstr(run.out, "\"sessions\":3,"));
  run_clear(&run);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/source/connect", test_connect);
  return g_test_run();
}
