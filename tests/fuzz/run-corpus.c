/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over a folder of inputs without a fuzzer: each as it is, cut short, and with bytes changed. */
#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

#define N_CUTS 16
#define N_CHANGES 64
#define N_CHANGES_FULL 5000

/* In memory of exactly that size, so that reading beyond it is noticed. */
static void run(const guint8 *data, gsize bytes) {
  g_autofree guint8 *copy = g_memdup2(data, bytes);
  LLVMFuzzerTestOneInput(copy, bytes);
}

static void test_input(gconstpointer path) {
  g_autofree char *text = NULL;
  gsize bytes;
  g_assert_true(g_file_get_contents(path, &text, &bytes, NULL));
  run((const guint8 *)text, bytes);
  for (gsize i = 1; i < N_CUTS; i++)
    run((const guint8 *)text, bytes * i / N_CUTS);
  g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)bytes);
  const char *full = g_getenv("SIGHT_TEST_FULL");
  int n_changes = full != NULL && full[0] != '\0' ? N_CHANGES_FULL : N_CHANGES;
  for (int i = 0; i < n_changes && bytes > 0; i++) {
    g_autofree guint8 *changed = g_memdup2(text, bytes);
    for (int n = g_rand_int_range(rand, 1, 5); n > 0; n--)
      changed[g_rand_int_range(rand, 0, (gint32)bytes)] = (guint8)g_rand_int_range(rand, 0, 256);
    run(changed, bytes);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_assert_cmpint(argc, ==, 2);
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = g_dir_open(argv[1], 0, &error);
  g_assert_no_error(error);
  const char *name;
  guint n_inputs = 0;
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *test = g_strdup_printf("/fuzz/%s", name);
    g_test_add_data_func_full(test, g_build_filename(argv[1], name, NULL), test_input, g_free);
    n_inputs++;
  }
  g_assert_cmpint(n_inputs, >, 0);
  return g_test_run();
}
