/* SPDX-License-Identifier: MIT */
/* Every recording there is, good and malformed, is analysed without harm, and what is said of it holds together. */
#include "analysis-fixture.h"

#include "sight-batch-table.h"
#include "sight-endpoint-table.h"

#include <string.h>

static guint check_folder(AnalysisFixture *f, const char *folder, guint *n_clicks) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name = NULL;
  guint n = 0;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *session = g_strdup_printf("session-%u", g_str_hash(path));
    if (!analysis_import(f, path, session))
      continue;
    g_autoptr(SightAnalysis) analysis = analysis_of(f, session);
    *n_clicks += (guint)analysis->session->n_clicks;
    n++;
  }
  return n;
}

static void test_folder(AnalysisFixture *f, gconstpointer data) {
  const char *name = data;
  const char *corpus = g_getenv("SIGHT_CORPUS");
  g_autofree char *folder = corpus != NULL ? g_build_filename(corpus, name, NULL) : NULL;
  guint n_clicks = 0;
  if (folder == NULL || !g_file_test(folder, G_FILE_TEST_IS_DIR)) {
    g_test_message("the corpus is not there: the project's own fixtures instead");
    g_free(folder);
    folder = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
  }
  guint n = check_folder(f, folder, &n_clicks);
  g_test_message("%u recordings, %u clicks", n, n_clicks);
  g_assert_cmpuint(n, >, 10);
}

/* What has to be found in a recording of which the contents are known. */
static void test_known(AnalysisFixture *f, gconstpointer data) {
  const char *corpus = g_getenv("SIGHT_CORPUS");
  g_autofree char *path =
      g_build_filename(corpus != NULL ? corpus : "", "recordings", "posthog-player-with-pageviews.json", NULL);
  if (!analysis_import(f, path, "with-pageviews")) {
    g_test_message("the corpus is not there");
    return;
  }
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "with-pageviews");
  g_assert_cmpint(analysis->session->n_pages, >=, 5);
  g_assert_cmpstr(analysis->session->entry, ==, "/");
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/corpus/recordings", AnalysisFixture, "recordings", analysis_set_up, test_folder, analysis_tear_down);
  g_test_add("/corpus/malformed", AnalysisFixture, "malformed", analysis_set_up, test_folder, analysis_tear_down);
  analysis_test("/corpus/known", test_known);
  return g_test_run();
}
