/* SPDX-License-Identifier: MIT */
/* What of the recordings that one has looks private: by kind, place and element. */
#pragma once

#include "sight-audit-pass.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  SightAuditKind kind;
  SightAuditPlace place;
  char *selector; /* NULL: of no element */
  char *sample;   /* its first and last letter and how long it is: never the whole */
  char *advice;   /* translated: what to do about it */
  gint64 n_times;
  gint64 n_ruled; /* of these times it stands in an element of a rule */
  GArray *rows;   /* of gint64: the sessions that have it, as they were looked through */
  char *session;  /* the first of them, and when there */
  gint64 at_ms;
} SightAuditEntry;

/* One thread at a time. */
typedef struct SightAuditReport SightAuditReport;
SightAuditReport *sight_audit_report_new(void);
void sight_audit_report_free(SightAuditReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightAuditReport, sight_audit_report_free)

/* What a masking rule would do: see sight_audit_pass_set_rules(). Borrowed until the report is freed. */
void sight_audit_report_set_rules(SightAuditReport *report, const GPtrArray *selectors);
/* Looks through a session. Inside sight_store_read(); blocks for as long as reading it takes. */
gboolean sight_audit_report_session(SightAuditReport *report, SightDb *db, gint64 row, GCancellable *cancellable,
                                    GError **error);
/* GPtrArray of SightAuditEntry, borrowed: what most sessions have first. */
const GPtrArray *sight_audit_report_entries(SightAuditReport *report);

G_END_DECLS
