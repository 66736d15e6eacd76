/* SPDX-License-Identifier: MIT */
/* Every malformed file gets what the table says: from the reader, from the engine, from import and from analysis. */
#include "sight-analysis.h"
#include "sight-dom.h"
#include "sight-event-reader.h"
#include "sight-import.h"

#include <glib/gstdio.h>
#include <string.h>

/* One line of a table: what the reader answers, and the ids of the page's nodes after all of it. */
typedef struct {
  char *path, *reader, *page;
} Case;

static void case_free(gpointer data) {
  Case *self = data;
  g_free(self->path);
  g_free(self->reader);
  g_free(self->page);
  g_free(self);
}

static const char *error_name(const GError *error) {
  static const char *const names[] = {"empty", "no JSON", "no events", "beyond the limits", "field", "type", "time"};
  g_assert_true(error->domain == SIGHT_EVENT_ERROR);
  g_assert_cmpint(error->code, <, G_N_ELEMENTS(names));
  return names[error->code];
}

static char *outcome(gboolean ok, guint64 n_events, guint64 n_rejected, gboolean partial, const GError *error) {
  if (!ok)
    return g_strdup_printf("refused: %s", error_name(error));
  g_autoptr(GString) out = g_string_new(NULL);
  g_string_append_printf(out, "%d events", (int)n_events);
  if (n_rejected > 0)
    g_string_append_printf(out, ", %d left out", (int)n_rejected);
  if (partial)
    g_string_append(out, ", partial");
  return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Insists that the tree is one: a node that is met twice would be in a cycle. */
static void append_page(GString *out, const SightDom *dom, int id, GHashTable *seen) {
  g_assert_true(g_hash_table_add(seen, GINT_TO_POINTER(id)));
  g_string_append_printf(out, "%d", id);
  int child = sight_dom_first_child(dom, id);
  if (child == 0)
    return;
  g_string_append_c(out, '(');
  for (; child != 0; child = sight_dom_next_sibling(dom, child)) {
    g_assert_cmpint(sight_dom_parent(dom, child), ==, id);
    append_page(out, dom, child, seen);
    if (sight_dom_next_sibling(dom, child) != 0)
      g_string_append_c(out, ' ');
  }
  g_string_append_c(out, ')');
}

static char *page_of(const SightDom *dom) {
  if (!sight_dom_has_page(dom))
    return g_strdup("-");
  g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
  g_autoptr(GString) out = g_string_new(NULL);
  if (sight_dom_root(dom) != 0)
    append_page(out, dom, sight_dom_root(dom), seen);
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean apply(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_dom_apply(user_data, event);
  return TRUE;
}

static void check_reader(const Case *self, GFile *file) {
  g_autoptr(SightDom) dom = sight_dom_new();
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_event_read_file(file, NULL, apply, dom, &report, NULL, &error);
  g_autofree char *reader = outcome(ok, report.n_events, report.n_rejected, report.partial, error);
  g_autofree char *page = page_of(dom);
  int width, height;
  sight_dom_viewport(dom, &width, &height);
  g_assert_cmpint(width, >=, 0);
  g_assert_cmpint(height, >=, 0);
  if (g_strcmp0(reader, self->reader) != 0 || (ok && g_strcmp0(page, self->page) != 0))
    g_error("%s: got [%s\t%s], expected [%s\t%s]%s%s", self->path, reader, page, self->reader, self->page,
            report.first_reason != NULL ? ", as " : "", report.first_reason != NULL ? report.first_reason : "");
}

static gboolean check_session(SightDb *db, gpointer user_data, GError **error) {
  const SightImportResult *result = user_data;
  g_autoptr(SightRuleset) rules = sight_analysis_rules(db, 1, error);
  g_autoptr(SightAnalysis) analysis = sight_analysis_run(db, result->row, rules, NULL, NULL, error);
  g_assert_nonnull(analysis);
  g_assert_cmpint(analysis->session->duration_ms, >=, 0);
  for (guint i = 0; i < analysis->story->len; i++) {
    const SightStoryItem *item = analysis->story->pdata[i];
    g_assert_cmpint(item->start_ms, >=, 0);
    g_assert_cmpint(item->end_ms, <=, analysis->session->duration_ms);
  }
  return TRUE;
}

static void check_import(const Case *self, GFile *file, SightStore *store) {
  g_auto(SightImportResult) result = {0};
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_import_file(store, file, NULL, &result, &error);
  g_autofree char *got = outcome(ok, result.n_events, result.n_rejected, result.partial, error);
  g_assert_cmpstr(got, ==, self->reader);
  if (!ok)
    return;
  g_assert_true(g_regex_match_simple("^[A-Za-z0-9_-]{1,64}$", result.session, 0, 0));
  g_assert_true((result.notice != NULL) == (result.n_rejected > 0 || result.partial));
  sight_store_read(store, check_session, &result, &error);
  g_assert_no_error(error);
  g_auto(SightImportResult) again = {0};
  g_assert_true(sight_import_file(store, file, NULL, &again, NULL));
  g_assert_true(again.duplicate);
  g_assert_cmpint(again.row, ==, result.row);
}

static void remove_folder(const char *folder) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_remove(path);
  }
  g_rmdir(folder);
}

static void check_case(gconstpointer data) {
  const Case *self = data;
  g_autoptr(GFile) file = g_file_new_for_path(self->path);
  check_reader(self, file);
  g_autofree char *folder = g_dir_make_tmp("sight-malformed-XXXXXX", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(SightStore) store = sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error);
  g_assert_no_error(error);
  check_import(self, file, store);
  sight_store_close(store);
  remove_folder(folder);
}

/* Adds a test for each line of the table; the files stand in `folder`. */
static void add_table(const char *group, const char *table, const char *folder) {
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(table, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    if (**line == '#' || **line == '\0')
      continue;
    g_auto(GStrv) fields = g_strsplit(*line, "\t", -1);
    g_assert_cmpint(g_strv_length(fields), ==, 3);
    Case *self = g_new0(Case, 1);
    self->path = g_build_filename(folder, fields[0], NULL);
    self->reader = g_strdup(fields[1]);
    self->page = g_strdup(fields[2]);
    g_autofree char *name = g_strdup_printf("/malformed/%s/%s", group, fields[0]);
    g_test_add_data_func_full(name, self, check_case, case_free);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_autofree char *own = g_build_filename(g_getenv("G_TEST_SRCDIR"), "fixtures", "malformed", NULL);
  g_autofree char *own_table = g_build_filename(own, "EXPECTED.tsv", NULL);
  add_table("own", own_table, own);
  g_autofree char *corpus = g_build_filename(g_getenv("SIGHT_CORPUS"), "malformed", NULL);
  g_autofree char *corpus_table = g_build_filename(own, "CORPUS.tsv", NULL);
  if (g_file_test(corpus, G_FILE_TEST_IS_DIR))
    add_table("corpus", corpus_table, corpus);
  else
    g_test_message("the corpus is not there");
  return g_test_run();
}
