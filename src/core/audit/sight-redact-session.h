/* SPDX-License-Identifier: MIT */
/* Masking in what is stored already. */
#pragma once

#include "sight-redaction.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef struct {
  guint n_texts;       /* that were masked */
  guint n_batches;     /* in which something changed */
  guint n_annotations; /* tags and notes in which something changed: they go to the team as any change does */
} SightRedacted;

/* Masks in every batch of a session what the redaction names and what it finds in it, in its label, tags and notes,
 * too, and looks through the result before anything is written: one transaction, or nothing. Writes the line of the
 * log. The session then waits for analysis, which makes words, pages, signals and terms anew out of the masked events.
 * What its endpoint has stays as it is. `redaction`: of this session alone (what it found in one is no business of the
 * next). Blocks; not on the writer's thread. */
gboolean sight_redact_session(SightStore *store, gint64 row, SightRedaction *redaction, const char *detail,
                              SightRedacted *done, GCancellable *cancellable, GError **error);

/* What a person wants masked. Borrowed. */
typedef struct {
  const char *const *masks; /* names of kinds, or texts; NULL: none */
  gboolean all_kinds;
  const char *const *selectors; /* what stands in these elements; NULL: none */
} SightRedactWish;

/* What came of it: sums. */
typedef struct {
  guint n_looked;   /* sessions that were looked through */
  guint n_sessions; /* in which something was masked */
  SightRedacted all;
} SightRedactedSessions;

/* How many of how many sessions were looked through. */
typedef void (*SightRedactFunc)(guint n_done, guint n_total, gpointer user_data);

/* One after the other (gint64 rows); those that are gone meanwhile are left out. What the log says names kinds and
 * selectors, never a text. Where it fails or is cancelled, `done` tells what was done until then, and stays done. As
 * above. `progress` may be NULL. */
gboolean sight_redact_sessions(SightStore *store, const GArray *rows, const SightRedactWish *wish,
                               SightRedactFunc progress, gpointer user_data, SightRedactedSessions *done,
                               GCancellable *cancellable, GError **error);

G_END_DECLS
