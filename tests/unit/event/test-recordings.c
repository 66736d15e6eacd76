/* SPDX-License-Identifier: MIT */
/* Real recordings: every event of the project's samples, and of the shared corpus where it is there, is read. */
#include "sight-event-reader.h"

#include <string.h>

typedef struct {
  GHashTable *kinds;
  SightJsonParser *strict;
} Reading;

static gboolean look(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  SightJson root;
  g_assert_true(sight_json_parser_parse(reading->strict, event->text, event->text_bytes, &root, NULL));
  g_assert_cmpint(sight_json_type(root), ==, SIGHT_JSON_OBJECT);
  g_hash_table_add(reading->kinds, GINT_TO_POINTER(event->type + 1));
  return TRUE;
}

static void check_file(gconstpointer path) {
  g_autoptr(GHashTable) kinds = g_hash_table_new(NULL, NULL);
  g_autoptr(SightJsonParser) strict = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  Reading reading = {kinds, strict};
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) error = NULL;
  sight_event_read_file(file, NULL, look, &reading, &report, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpint(report.n_events, >, 0);
  g_assert_cmpstr(report.first_reason, ==, NULL);
  g_assert_false(report.partial);
  gboolean shows = g_hash_table_contains(kinds, GINT_TO_POINTER(SIGHT_EVENT_FULL_SNAPSHOT + 1)) ||
                   g_hash_table_contains(kinds, GINT_TO_POINTER(SIGHT_EVENT_INCREMENTAL + 1));
  g_assert_true(shows);
}

static void add_folder(const char *top, const char *folder, const char *suffix) {
  g_autofree char *path = g_build_filename(top, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    if (!g_str_has_suffix(name, suffix))
      continue;
    g_autofree char *test = g_strdup_printf("/recordings/%s/%s", folder, name);
    g_test_add_data_func_full(test, g_build_filename(path, name, NULL), check_file, g_free);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  add_folder(g_getenv("SIGHT_SOURCE_ROOT"), "data/samples", ".jsonl.zst");
  add_folder(g_getenv("SIGHT_CORPUS"), "recordings", ".json");
  add_folder(g_getenv("SIGHT_CORPUS"), "long", ".json.zst");
  if (!g_file_test(g_getenv("SIGHT_CORPUS"), G_FILE_TEST_IS_DIR))
    g_test_message("the corpus is not there");
  return g_test_run();
}
