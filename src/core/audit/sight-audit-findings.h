/* SPDX-License-Identifier: MIT */
/* What of some events looks private, for somebody who is about to give them away. */
#pragma once

#include "sight-audit-pass.h"

G_BEGIN_DECLS

/* A text that was found. Owns it. */
typedef struct {
  char *text; /* the whole of it: only for who may see the recording */
  guint n_times;
} SightAuditText;

/* Everything of a kind. */
typedef struct {
  SightAuditKind kind;
  guint n_times;    /* in all */
  GPtrArray *texts; /* of SightAuditText, each text once, in the order in which they come */
} SightAuditFinding;

/* Looks through a JSON array of events of one window (NULL: none), and through other texts (NULL: none): GPtrArray of
 * SightAuditFinding by kind, the caller's. Of a kind 200 texts at most are kept. Blocks. NULL with error. */
GPtrArray *sight_audit_findings(const char *events, gsize bytes, const char *const *texts, GCancellable *cancellable,
                                GError **error);

G_END_DECLS
