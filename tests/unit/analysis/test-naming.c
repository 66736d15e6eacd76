/* SPDX-License-Identifier: MIT */
/* A change of page rules: pages of analysed sessions get new names, as a new analysis would give them. A change of key
 * actions: others reached one. No recording is read for either. */
#include "analysis-fixture.h"

#include "sight-analysis-table.h"
#include "sight-annotation-table.h"
#include "sight-cohort-rules.h"
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
    g_string_append_printf(out, "%s %d %d\n", stat->page, (int)stat->n_sessions, (int)stat->n_exits);
  }
  for (guint i = 0; i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_autoptr(GPtrArray) views = sight_page_table_list(db, session->row, error);
    g_autoptr(GPtrArray) signals = sight_signal_table_list(db, session->row, error);
    g_string_append_printf(out, "%s: %s to %s, %g\n", session->session, session->entry, session->exit,
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

static gboolean read_converted(SightDb *db, gpointer user_data, GError **error) {
  g_autoptr(SightSet) converted = sight_cohort_converted(db, error);
  g_autoptr(GArray) rows = converted != NULL ? sight_set_rows(converted) : NULL;
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    g_autoptr(SightSession) session = sight_session_table_get(db, g_array_index(rows, gint64, i), error);
    g_string_append_printf(user_data, "%s%s", i > 0 ? " " : "", session->session);
  }
  return rows != NULL;
}

/* With these settings no recording is read, and those reached a key action. */
static void check_converted(AnalysisFixture *f, const char *json, const char *wanted) {
  g_autoptr(GString) out = g_string_new(NULL);
  set_rules(f, json);
  g_assert_cmpuint(run(f), ==, 0);
  g_assert_true(sight_store_read(f->store, read_converted, out, NULL));
  g_assert_cmpstr(out->str, ==, wanted);
}

#define CUSTOM(tag, payload, at)                                                                                       \
  ",{\"type\":5,\"data\":{\"tag\":\"" tag "\",\"payload\":" payload "},\"timestamp\":@" #at "}"
#define PRESS(type, at) ",{\"type\":3,\"data\":{\"source\":2,\"type\":" #type ",\"id\":10},\"timestamp\":@" #at "}"
#define KEY(kind, value) "{\"key-actions\":[{\"kind\":\"" kind "\",\"value\":\"" value "\"}]}"

static void test_key_actions(AnalysisFixture *f, gconstpointer data) {
  static const char *const cases[][2] = {
      {KEY("page", "/p/*/buy"), "buyer"},
      {KEY("page", "/p/*/sell"), ""},
      {KEY("click", "Pay now"), "buyer"},
      {KEY("click", "Pay"), ""},
      {KEY("submit", "checkout"), "buyer"},
      {KEY("submit", "check"), ""},
      {KEY("submit", "*"), "buyer"},
      {KEY("submit", "x*"), ""},
      {KEY("event", "purchase"), "buyer"},
      {KEY("event", "purchase*"), ""},
      {KEY("wish", "*"), ""},
      {"{}", ""},
      {KEY("page", "/team/:id"), ""},
      {"{\"key-actions\":[{\"kind\":\"page\",\"value\":\"/team/:id\"},{\"kind\":\"event\",\"value\":\"purchase\"}],"
       "\"page-rules\":[{\"do\":\"fold\",\"pattern\":\"/team/*\"}]}",
       "visit-0 buyer"},
      {KEY("page", "/team/red"), "visit-0"},
  };
  put_visits(f);
  g_autofree char *events =
      g_strconcat(analysis_page,
                  PRESS(1, 990) PRESS(0, 995) PRESS(2, 1000) META("https://shop.example/p/77/buy?x=1", 2000)
                      CUSTOM("ss:form", "{\"form\":\"checkout\",\"what\":\"submit\"}", 3000)
                          CUSTOM("ss:event", "{\"name\":\"purchase\",\"properties\":{}}", 4000),
                  NULL);
  analysis_put(f, "buyer", "w", 0, events);
  g_assert_cmpuint(run(f), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    check_converted(f, cases[i][0], cases[i][1]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  analysis_test("/analysis/naming/as-analysis-would", test_as_analysis_would);
  analysis_test("/analysis/key-actions", test_key_actions);
  return g_test_run();
}
