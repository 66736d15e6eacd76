/* SPDX-License-Identifier: MIT */
/* What looks private, of one kind in one place, with the sessions that have it. */
#pragma once

#include "sight-audit-report.h"

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  SightAuditKind kind;
  char *title;    /* kind and place, for people */
  char *selector; /* of its element; NULL: of none */
  GArray *rows;   /* of gint64: sessions that have it; a reference */
  gint64 n_times; /* in all of them */
} SightUiFinding;

SightUiFinding *sight_ui_finding_new(const SightAuditEntry *entry, const char *title);
void sight_ui_finding_free(SightUiFinding *finding);

G_END_DECLS
