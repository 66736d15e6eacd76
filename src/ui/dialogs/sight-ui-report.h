/* SPDX-License-Identifier: MIT */
/* A report on its way out: read, looked through for what is private, masked, looked through again, written and put
 * into the log, on workers. Without widgets. */
#pragma once

#include "sight-redaction.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_UI_REPORT_PROBLEM,    /* one */
  SIGHT_UI_REPORT_PROBLEMS,   /* of the sessions under a filter */
  SIGHT_UI_REPORT_FLOW,       /* how they come through its steps */
  SIGHT_UI_REPORT_MOMENTS,    /* where they match the filter, with links */
  SIGHT_UI_REPORT_COMPARISON, /* that was made already */
  SIGHT_UI_N_REPORTS
} SightUiReportKind;

/* Copied. */
typedef struct {
  SightUiReportKind kind;
  const char *filter;  /* of the sessions that it is about */
  gint64 endpoint;     /* 0: all */
  const char *problem; /* id; PROBLEM only */
  const char *steps;   /* FLOW only; "": through the most viewed pages */
  const char *json;    /* COMPARISON only: the answer (sight_comparison_put()) */
} SightUiReportAsk;

/* Immutable; any thread. */
typedef struct SightUiReport SightUiReport;
SightUiReport *sight_ui_report_ref(SightUiReport *report);
void sight_ui_report_unref(SightUiReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiReport, sight_ui_report_unref)
/* What of it looks private: of SightAuditFinding. Borrowed. */
GPtrArray *sight_ui_report_findings(SightUiReport *report);

void sight_ui_report_read_async(SightStore *store, const SightUiReportAsk *ask, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
SightUiReport *sight_ui_report_read_finish(GAsyncResult *result, GError **error);

/* Masks (takes `redaction`; NULL: nothing is), and writes Markdown where the path ends with .md, else HTML. Where
 * something is left of what was to be masked, nothing is written. */
void sight_ui_report_write_async(SightStore *store, SightUiReport *report, const char *title, const char *path,
                                 SightRedaction *redaction, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
/* The file, the caller's; NULL with error. */
GFile *sight_ui_report_write_finish(GAsyncResult *result, GError **error);

G_END_DECLS
