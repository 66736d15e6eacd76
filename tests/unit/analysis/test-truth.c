/* SPDX-License-Identifier: MIT */
/* What is found in recordings: "kind target" of each signal in order of time. Of ../shared people wrote down what is
 * right; the project's own rows are what was found when they were written, and tell of changes, not of right and wrong.
 * That is asked by tests/bench/bench-signals, with what visitors wrote down, and by tests/field, with what the live
 * page showed. */
#include "analysis-fixture.h"

typedef struct {
  const char *file, *right;
  int n_clicks;
} Truth;

/* Of the project: nothing of it may change unnoticed. */
static const Truth own[] = {
    {"bounce-1.jsonl.zst", "", 0},
    {"stepper-1.jsonl.zst", "", 22},
    {"select-text-1.jsonl.zst", "", 10},
    {"asks-twice-1.jsonl.zst", "slow Check availability, slow Check availability", 8},
    {"wish-list-1.jsonl.zst", "dead ♡ Remember this, rage ♡ Remember this, dead ♡ Remember this", 13},
    {"abandoned-1.jsonl.zst", "form Checkout", 10},
    {"quick-back-1.jsonl.zst", "quick-back, quick-back", 5},
};

/* Of ../shared, after the tables of its pages. */
static const Truth shared[] = {
    {"cases/errors-extension.json", "noise", 0},
    {"cases/errors-resize-observer.json", "noise", 0},
    {"cases/look-controls.json", "", 1},
    {"cases/look-css-animation.json", "", 1},
    {"cases/look-late-element.json", "", 1},
    {"cases/look-scripting-media.json", "", 0},
    {"cases/look-svg-url.json", "", 0},
    {"cases/pages-addresses.json", "", 0},
    {"cases/signal-clicks-by-script.json", "", 0},
    {"cases/signal-dead-then-closed.json", "dead Pay now", 1},
    {"cases/signal-scroll-by-script.json", "", 0},
    {"cases-apps/bounce.jsonl", "", 1},
    {"cases-apps/dark-scheme.jsonl", "", 0},
    {"cases-apps/dead-then-close.jsonl", "dead Order now", 1},
    {"cases-apps/drawing-numbers.jsonl", "", 0},
    {"cases-apps/entry-animation.jsonl", "", 1},
    {"cases-apps/field-scrolls-back.jsonl", "", 2},
    {"cases-apps/hidden-fields.jsonl", "", 1},
    {"cases-apps/hover-answers.jsonl", "dead Archive", 1},
    {"cases-apps/layout-skeleton.jsonl", "", 2},
    {"cases-apps/no-form.jsonl", "", 3},
    {"cases-apps/press-class.jsonl", "dead Export my data, slow Check, dead Export my data", 5},
    {"cases-apps/query-pages.jsonl", "", 3},
    {"cases-apps/reader-only-alert.jsonl", "", 4},
    /* Two fields were filled in, and nothing was sent. */
    {"cases-apps/secrets-beside-fields.jsonl", "form Add user", 3},
    {"cases-apps/shadow-fields.jsonl", "dead Export my data", 5},
    {"cases-apps/typed-then-shown.jsonl", "", 1},
    {"cases-apps/wrap-and-move.jsonl", "", 1},
};

static char *found(const SightAnalysis *analysis) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < analysis->signals->len; i++) {
    const SightSignal *signal = analysis->signals->pdata[i];
    g_string_append_printf(text, "%s%s%s%s", text->len > 0 ? ", " : "", sight_signal_kind_name(signal->kind),
                           signal->target != NULL ? " " : "", signal->target != NULL ? signal->target : "");
  }
  return g_string_free(text, FALSE);
}

/* One act is one line of the story, and so is one signal. */
static void check_no_doubles(const SightAnalysis *analysis) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < analysis->story->len; i++) {
    const SightStoryItem *item = analysis->story->pdata[i];
    /* Scripted visitors click twice within a millisecond. */
    if (item->kind == SIGHT_STORY_CLICK)
      continue;
    g_assert_true(
        g_hash_table_add(seen, g_strdup_printf("%d %" G_GINT64_FORMAT " %s %d %d %s", (int)item->kind, item->start_ms,
                                               item->window, item->node, item->signal, item->text)));
  }
}

static void check(AnalysisFixture *f, const char *folder, const Truth *truth) {
  g_autofree char *path = g_build_filename(folder, truth->file, NULL);
  g_test_message("%s", truth->file);
  g_assert_true(analysis_import(f, path, "session-1"));
  g_autoptr(SightAnalysis) analysis = analysis_of(f, "session-1");
  g_autofree char *signals = found(analysis);
  g_assert_cmpstr(signals, ==, truth->right);
  g_assert_cmpint(analysis->session->n_clicks, ==, truth->n_clicks);
  g_assert_cmpint(analysis->session->n_errors, ==, 0);
  check_no_doubles(analysis);
}

static void test_all(const char *folder, const Truth *table, guint n) {
  for (guint i = 0; i < n; i++) {
    AnalysisFixture fixture = {0};
    analysis_set_up(&fixture, NULL);
    check(&fixture, folder, &table[i]);
    analysis_tear_down(&fixture, NULL);
  }
}

static void test_own(void) {
  g_autofree char *folder = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
  test_all(folder, own, G_N_ELEMENTS(own));
}

static void test_shared(void) {
  const char *corpus = g_getenv("SIGHT_CORPUS");
  g_autofree char *folder = g_path_get_dirname(corpus != NULL ? corpus : "shared/corpus");
  g_autofree char *cases = g_build_filename(folder, "cases-apps", NULL);
  if (!g_file_test(cases, G_FILE_TEST_IS_DIR)) {
    g_test_message("the shared cases are not there: the project's own samples alone were tried");
    return;
  }
  test_all(folder, shared, G_N_ELEMENTS(shared));
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/truth/unchanged", test_own);
  g_test_add_func("/truth/shared", test_shared);
  return g_test_run();
}
