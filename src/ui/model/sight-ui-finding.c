/* SPDX-License-Identifier: MIT */
#include "sight-ui-finding.h"

SightUiFinding *sight_ui_finding_new(const SightAuditEntry *entry, const char *title) {
  SightUiFinding *finding = g_new0(SightUiFinding, 1);

  finding->kind = entry->kind;
  finding->title = g_strdup(title);
  finding->selector = g_strdup(entry->selector);
  finding->rows = g_array_ref(entry->rows);
  finding->n_times = entry->n_times;
  return finding;
}

void sight_ui_finding_free(SightUiFinding *finding) {
  g_free(finding->title);
  g_free(finding->selector);
  g_array_unref(finding->rows);
  g_free(finding);
}
