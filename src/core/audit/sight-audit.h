/* SPDX-License-Identifier: MIT */
/* Finding what looks private in a text: pure functions over plain text, any thread. README.md names the sources. */
#pragma once

#include "sight-audit-kinds.h"

#include <glib.h>

G_BEGIN_DECLS

#define SIGHT_AUDIT_ID(id, ...) SIGHT_AUDIT_##id,
typedef enum { SIGHT_AUDIT_KINDS(SIGHT_AUDIT_ID) SIGHT_N_AUDIT_KINDS } SightAuditKind;

const char *sight_audit_kind_name(SightAuditKind kind);
const char *sight_audit_kind_title(SightAuditKind kind); /* translated */

/* Bytes of the text that was looked through: from start on, before end. */
typedef struct {
  gsize start, end;
  SightAuditKind kind;
} SightAuditHit;

/* Appends every hit to `hits` (of SightAuditHit), in order, none within another. `label` (NULL: none) says what the
 * text is, as a field's label does: numbers that could be anything count where it or the words before them name their
 * kind. Linear. */
void sight_audit_text(const char *tainted_text, gsize bytes, const char *label, GArray *hits);

/* What somebody who types into a field with such a label, name and autocomplete tokens gives away, whatever it looks
 * like; -1: nothing. */
int sight_audit_field(const char *tainted_label);

/* Whether a number has the form and the check digits of its kind, written without separators. */
gboolean sight_audit_is_valid(SightAuditKind kind, const char *tainted_number);

G_END_DECLS
