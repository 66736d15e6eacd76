/* SPDX-License-Identifier: MIT */
/* As sight_analysis_run() does, without a store: no more windows than that. */
#include "hostile-analyse.h"

#include "sight-analysis.h"
#include "sight-batch-table.h"
#include "sight-event-order.h"
#include "sight-findings.h"
#include "sight-summary.h"
#include "sight-window-pass.h"

#include <string.h>

static gboolean pass_event(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  sight_window_pass_event(user_data, event, at_ms);
  return TRUE;
}

void hostile_analyse(char **windows) {
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();
  g_autoptr(SightAnalysis) analysis = sight_analysis_new();
  g_autoptr(SightFindings) findings = sight_findings_new(rules, analysis);
  analysis->session = g_new0(SightSession, 1);
  for (guint i = 0; windows[i] != NULL && i < SIGHT_MAX_WINDOWS; i++) {
    g_autofree char *name = g_strdup_printf("w%u", i);
    g_autoptr(SightWindowPass) pass = sight_window_pass_new(findings, name);
    g_autoptr(SightEventOrder) order = sight_event_order_new(pass_event, pass, NULL);
    sight_event_order_push(order, windows[i], strlen(windows[i]), NULL);
    sight_window_pass_finish(pass);
  }
  sight_summary_complete(findings);
}
