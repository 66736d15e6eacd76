/* SPDX-License-Identifier: MIT */
/* What leaves as a report: nothing private that was to be masked, and a line in the log. */
#include "sight-audit-findings.h"
#include "sight-endpoint-table.h"
#include "sight-log-table.h"
#include "sight-ui-report.h"
#include "store-fixture.h"

#include <string.h>

#define MAIL "ada.lovelace@example.org"

static void keep_result(GObject *source, GAsyncResult *result, gpointer user_data) {
  *(GAsyncResult **)user_data = g_object_ref(result);
}

static SightUiReport *read_report(SightStore *store, const char *json) {
  const SightUiReportAsk ask = {.kind = SIGHT_UI_REPORT_COMPARISON, .filter = "", .json = json};
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  sight_ui_report_read_async(store, &ask, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration(NULL, TRUE);
  SightUiReport *report = sight_ui_report_read_finish(result, &error);
  g_assert_no_error(error);
  return report;
}

/* What stands in the file then, the caller's. */
static char *write_report(SightStore *store, SightUiReport *report, const char *path, SightRedaction *redaction) {
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  sight_ui_report_write_async(store, report, "For " MAIL, path, redaction, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration(NULL, TRUE);
  g_autoptr(GFile) file = sight_ui_report_write_finish(result, &error);
  g_assert_no_error(error);
  g_file_load_contents(file, NULL, &text, NULL, NULL, &error);
  g_assert_no_error(error);
  return text;
}

static gboolean count_line(const SightLogLine *line, gpointer user_data) {
  *(guint *)user_data += strstr(line->line, "exported") != NULL && strstr(line->line, MAIL) == NULL ? 1 : 0;
  return TRUE;
}

static gboolean count_lines(SightDb *db, gpointer user_data, GError **error) {
  return sight_log_table_each(db, SIGHT_ENDPOINT_FILES, count_line, user_data, error);
}

static void test_masked(void) {
  char *folder = make_folder();
  g_autoptr(SightStore) store = open_store(folder, SIGHT_STORE_CACHE);
  g_autoptr(SightUiReport) report = read_report(
      store, "{\"says\":\"mail of " MAIL "\",\"steps\":[{\"step\":\"typed \\\"ada.lovelace@example.org\\\"\"}]}");
  GPtrArray *findings = sight_ui_report_findings(report);
  SightRedaction *redaction = sight_redaction_new();
  g_autofree char *html = g_build_filename(folder, "a.html", NULL), *markdown = g_build_filename(folder, "a.md", NULL);
  guint n_lines = 0;

  g_assert_cmpuint(findings->len, ==, 1);
  g_assert_cmpint(((SightAuditFinding *)findings->pdata[0])->kind, ==, SIGHT_AUDIT_EMAIL);
  sight_redaction_add_all_kinds(redaction);
  g_autofree char *masked = write_report(store, report, html, redaction);
  g_assert_nonnull(strstr(masked, "<h1>For ***"));
  g_assert_nonnull(strstr(masked, "mail of ***"));
  g_assert_null(strstr(masked, "lovelace"));
  g_autofree char *bare = write_report(store, report, markdown, NULL);
  g_assert_nonnull(strstr(bare, "lovelace"));
  g_assert_null(strstr(bare, "<h1>"));
  g_assert_true(sight_store_read(store, count_lines, &n_lines, NULL));
  g_assert_cmpuint(n_lines, ==, 2);
  sight_store_close(store);
  remove_folder(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ui/report/masked", test_masked);
  return g_test_run();
}
