/* SPDX-License-Identifier: MIT */
/* The work that a recording makes is at most so much for each of its bytes, whichever list in it is long. It is counted
 * in basic blocks of the modules that go through pages and acts, and not in time; what a library's function does within
 * one call is not in it (tests/bench/bench-hostile.c tells of time). */
#include "hostile-analyse.h"
#include "hostile.h"
#include "sight-audit-pass.h"
#include "sight-dom-difference.h"
#include "sight-event-reader.h"
#include "sight-query.h"
#include "store-fixture.h"

#include <string.h>

#define BYTES (80 * 1000)
#define LARGE_BYTES (1000 * 1000)
/* The worst that is linear takes nearly as many; a page that is gone through for each event, some thousands. */
#define MOST_PER_BYTE 1000

static guint64 n_blocks;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) {
  n_blocks++;
}

static gboolean apply(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_dom_apply(user_data, event);
  return TRUE;
}

static void draw(const char *window) {
  g_autoptr(SightDom) dom = sight_dom_new();
  g_autoptr(SightDom) nothing = sight_dom_new();
  g_autoptr(GString) out = g_string_new(NULL);
  sight_event_read_bytes(window, strlen(window), &sight_reader_default_limits, apply, dom, NULL, NULL);
  sight_dom_write_events(dom, 1, out);
  sight_dom_write_html(dom, out);
  sight_dom_write_text(dom, out);
  sight_dom_difference(nothing, dom, 1, out, NULL, NULL);
  sight_dom_difference(dom, dom, 1, out, NULL, NULL);
}

static void ignore(const SightAuditFound *found, gpointer user_data) {
}

static gboolean look(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_audit_pass_event(user_data, event);
  return TRUE;
}

/* What looks private, and what stands in elements of a rule. */
static void look_for_private(const char *window) {
  g_autoptr(SightAuditPass) pass = sight_audit_pass_new(ignore, NULL);
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func((GDestroyNotify)sight_selector_free);
  g_ptr_array_add(rules, sight_selector_new(".private", NULL));
  sight_audit_pass_set_rules(pass, rules, TRUE);
  sight_event_read_bytes(window, strlen(window), &sight_reader_default_limits, look, pass, NULL, NULL);
}

static void test_of(const HostileList *list, gsize bytes) {
  g_autoptr(GString) text = g_string_new(NULL);
  list->fill(text, bytes);
  g_auto(GStrv) windows = g_strsplit(text->str, "\n", -1);
  n_blocks = 0;
  draw(windows[0]);
  guint64 drawn = n_blocks;
  hostile_analyse(windows);
  guint64 analysed = n_blocks;
  look_for_private(windows[0]);
  g_test_message("%s: %.0f for each byte to draw, %.0f to analyse, %.0f to audit", list->name,
                 (double)drawn / (double)text->len, (double)(analysed - drawn) / (double)text->len,
                 (double)(n_blocks - analysed) / (double)text->len);
  g_assert_cmpuint(analysed, >, 1000); /* it is counted */
  g_assert_cmpuint(analysed / text->len, <=, MOST_PER_BYTE);
  g_assert_cmpuint((n_blocks - analysed) / text->len, <=, MOST_PER_BYTE);
}

static void test_list(gconstpointer data) {
  test_of(data, BYTES);
}

static void test_large(gconstpointer data) {
  test_of(data, LARGE_BYTES);
}

/* A page, and many small changes of it, each long after the one before. */
static void fill_late_changes(GString *out, gsize bytes) {
  hostile_begin(out, "", NODE_999);
  hostile_repeat(out, bytes / 2, "", "," BOX);
  g_string_append(out, PAGE_END);
  hostile_repeat(out, bytes, "", LATER(0, "\"texts\":[{\"id\":999,\"value\":\"#\"}]"));
  g_string_append(out, "]");
}

static gboolean look_for_elements(SightDb *db, gpointer user_data, GError **error) {
  g_autoptr(SightFilter) filter = sight_filter_parse(
      "element:\"b > [role=x]\" or element:\"b > [role=y]\" or element:\"b > [role=z]\"", NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, START_MS, error) : NULL;
  g_autoptr(SightSession) session = query != NULL ? sight_session_table_find(db, 0, "s", error) : NULL;
  g_autoptr(GPtrArray) moments = session != NULL ? sight_query_moments(query, session, error) : NULL;
  return moments != NULL;
}

/* Asking for elements that need the page goes through it again after changes: also that is paid for in bytes. */
static void test_elements(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  char *folder = make_folder();
  SightStore *store = open_store(folder, SIGHT_STORE_CACHE);
  fill_late_changes(text, LARGE_BYTES);
  put_batch(store, SIGHT_ENDPOINT_FILES, "s", "w", 0, START_MS, text->str);
  n_blocks = 0;
  sight_store_read(store, look_for_elements, NULL, &error);
  g_assert_no_error(error);
  g_test_message("%.0f for each byte to look for elements", (double)n_blocks / (double)text->len);
  g_assert_cmpuint(n_blocks, >, 1000); /* it is counted */
  g_assert_cmpuint(n_blocks / text->len, <=, MOST_PER_BYTE);
  sight_store_close(store);
  g_object_unref(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  const HostileList *const lists[] = {hostile_pages, hostile_acts, hostile_visits, hostile_large};
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
    for (const HostileList *list = lists[i]; list->name != NULL; list++) {
      g_autofree char *path = g_strconcat("/attack/lists/", list->name, NULL);
      g_test_add_data_func(path, list, lists[i] == hostile_large ? test_large : test_list);
    }
  g_test_add_func("/attack/elements", test_elements);
  return g_test_run();
}
