/* SPDX-License-Identifier: MIT */
/* A change of page rules: pages of analysed sessions get new names, as a new analysis would give them, and no recording
 * is read for it. */
#include "analysis-fixture.h"

#include "sight-analysis-table.h"
#include "sight-annotation-table.h"
#include "sight-endpoint-table.h"
#include "sight-index-table.h"
#include "sight-naming.h"

#include <string.h>

#define META(href, at)                                                                                                 \
  ",{\"type\":4,\"data\":{\"href\":\"" href "\",\"width\":1280,\"height\":800},\"timestamp\":@" #at "}"
#define ERROR(at)                                                                                                      \
  ",{\"type\":5,\"data\":{\"tag\":\"ss:error\",\"payload\":{\"kind\":\"exception\",\"message\":\"Oh\"}},"              \
  "\"timestamp\":"                                                                                                     \
  "@" #at "}"

static guint run(AnalysisFixture *f) {
  g_autoptr(GError) error = NULL;
  guint n = 0;
  sight_analysis_run_pending(f->store, NULL, NULL, &n, NULL, &error);
  g_assert_no_error(error);
  return n;
}

static gboolean put_settings(SightDb *db, gpointer user_data, GError **error) {
  return sight_annotation_table_put_settings(db, SIGHT_ENDPOINT_FILES, user_data, error);
}

static void set_rules(AnalysisFixture *f, const char *json) {
  g_autoptr(GError) error = NULL;
  sight_store_write(f->store, SIGHT_WRITE_DURABLE, put_settings, (gpointer)json, &error);
  g_assert_no_error(error);
}

/* All that the store says of pages, as one text. */
static gboolean read_all(SightDb *db, gpointer user_data, GError **error) {
  GString *out = user_data;
  g_autoptr(GPtrArray) stats = sight_page_table_stats(db, 0, error);
  SightSessionFilter all = {0};
  g_autoptr(GArray) rows = sight_session_table_list(db, &all, SIGHT_SORT_NEWEST, error);
  for (guint i = 0; i < stats->len; i++) {
    const SightPageStat *stat = stats->pdata[i];
    g_string_append_printf(out, "%s %d %d %d\n", stat->page, (int)stat->n_sessions, (int)stat->n_exits,
                           (int)stat->n_open_exits);
  }
  for (guint i = 0; i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_autoptr(GPtrArray) views = sight_page_table_list(db, session->row, error);
    g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
    g_string_append_printf(out, "%s: key action %d, %s to %s, %g\n", session->session,
                           (session->flags & SIGHT_SESSION_KEY_ACTION) != 0, session->entry, session->exit,
                           session->friction);
    for (guint v = 0; v < views->len; v++)
      g_string_append_printf(out, "  view %s\n", ((SightPageView *)views->pdata[v])->page);
    for (guint s = 0; s < signals->len; s++) {
      const SightSignal *signal = signals->pdata[s];
      g_string_append_printf(out, "  signal %s, %s\n", signal->page, signal->fingerprint);
    }
    g_autoptr(SightOccurrences) occurrences = sight_index_table_get_values(db, session->row, error);
    g_autofree char *terms = analysis_describe_terms(occurrences, TRUE);
    g_string_append_printf(out, "%s\n", terms);
  }
  return TRUE;
}

static char *describe(AnalysisFixture *f) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_assert_true(sight_store_read(f->store, read_all, out, NULL));
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void put_visits(AnalysisFixture *f) {
  static const char *const visits[] = {
      META("https://x.example/team/red", 10) ERROR(2000) META("https://x.example/b", 3000) ERROR(4000)
          META("https://x.example/team/blue", 6000) ERROR(7000),
      META("https://x.example/b", 10) ERROR(500),
      META("https://x.example/list?tab=a", 10) META("https://x.example/list?tab=b", 500)};
  for (guint i = 0; i < G_N_ELEMENTS(visits); i++) {
    g_autofree char *session = g_strdup_printf("visit-%u", i);
    g_autofree char *events = g_strconcat(analysis_page, visits[i], NULL);
    analysis_put(f, session, "w", 0, events);
  }
}

static const char *const settings[] = {
    "{\"page-rules\":[{\"do\":\"fold\",\"pattern\":\"/team/*\"}]}",
    "{\"page-rules\":[{\"do\":\"fold\",\"pattern\":\"/team/*\"},{\"do\":\"rename\",\"pattern\":\"/b\",\"as\":\"/team/"
    ":id\"}]}",
    "{\"page-rules\":[{\"do\":\"keep\",\"pattern\":\"?tab\"}]}",
    "{}",
};

static void test_as_analysis_would(AnalysisFixture *f, gconstpointer data) {
  put_visits(f);
  g_assert_cmpuint(run(f), ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
    AnalysisFixture fresh = {0};
    set_rules(f, settings[i]);
    g_assert_cmpuint(run(f), ==, 0); /* nothing is analysed again … */
    analysis_set_up(&fresh, NULL);
    set_rules(&fresh, settings[i]);
    put_visits(&fresh);
    g_assert_cmpuint(run(&fresh), ==, 3);
    g_autofree char *named = describe(f);
    g_autofree char *analysed = describe(&fresh);
    g_assert_cmpstr(named, ==, analysed); /* … and all is as if it had been */
    analysis_tear_down(&fresh, NULL);
  }
}

/* A page that became a key action is one at once; one that is none any more may not have been the only one. */
static void test_key_action(AnalysisFixture *f, gconstpointer data) {
  static const char key[] = "\"key-actions\":[{\"kind\":\"page\",\"value\":\"/team/:id\"}]";
  g_autofree char *without = g_strdup_printf("{%s}", key);
  g_autofree char *with = g_strdup_printf("{%s,\"page-rules\":[{\"do\":\"fold\",\"pattern\":\"/team/*\"}]}", key);
  put_visits(f);
  set_rules(f, without);
  run(f);
  g_autofree char *before = describe(f);
  g_assert_nonnull(strstr(before, "visit-0: key action 0, /cart to /team/blue,"));
  set_rules(f, with);
  g_assert_cmpuint(run(f), ==, 0);
  g_autofree char *reached = describe(f);
  g_assert_nonnull(strstr(reached, "visit-0: key action 1, /cart to /team/:id,"));
  set_rules(f, without);
  g_assert_cmpuint(run(f), ==, 1);
  g_autofree char *after = describe(f);
  g_assert_cmpstr(after, ==, before);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  analysis_test("/analysis/naming/as-analysis-would", test_as_analysis_would);
  analysis_test("/analysis/naming/key-action", test_key_action);
  return g_test_run();
}
