/* SPDX-License-Identifier: MIT */
/* Locks of a store's file that somebody holds: whoever opens or closes it does not wait for ever, and says so. */
#include "sight-store-file.h"
#include "sight-store.h"
#include "store-fixture.h"

#include <string.h>

#define PATIENCE_MS 50

static void test_held(void) {
  g_autoptr(GError) error = NULL;
  char *folder = make_folder();
  g_autofree char *path = g_build_filename(folder, "library.db", NULL);
  SightStoreFile *opening = sight_store_file_open(path, PATIENCE_MS, &error);
  g_assert_no_error(error);
  g_assert_null(sight_store_file_open(path, PATIENCE_MS, &error));
  g_assert_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN);
  g_assert_nonnull(strstr(error->message, "another program"));
  g_clear_error(&error);

  sight_store_file_opened(opening, &error);
  g_assert_no_error(error);
  SightStoreFile *second = sight_store_file_open(path, PATIENCE_MS, &error);
  g_assert_no_error(error);
  g_assert_false(sight_store_file_is_alone(second));
  sight_store_file_close(opening, TRUE); /* while the second is still opening */
  sight_store_file_close(second, FALSE);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/file/held", test_held);
  return g_test_run();
}
