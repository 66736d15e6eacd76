/* SPDX-License-Identifier: MIT */
/* How the newest sessions of a problem met it: what it is about, where, and at which moment it is clearest. Inside the
 * insight module only. */
#pragma once

#include "sight-signal.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  SightSignalKind kind;
  char *page;             /* where it was met most often, or NULL */
  char *target, *message; /* of the first signal that was read */
  /* The clearest moment; `session` NULL: there is none. */
  gint64 endpoint, row, at_ms;
  char *session, *reason;
} SightProblemMet;
void sight_problem_met_clear(SightProblemMet *met);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightProblemMet, sight_problem_met_clear)

/* The SightSignalKind of a problem's signals, by the value of its term: the first word names it; -1: none is named so.
 */
int sight_problem_kind(const char *value);

/* Keeps the texts that many problems share. Inside one sight_store_read(). */
typedef struct SightProblemMeetings SightProblemMeetings;
SightProblemMeetings *sight_problem_meetings_new(SightDb *db);
void sight_problem_meetings_free(SightProblemMeetings *self);

/* Of sessions (rows, ascending) that have the term of a problem. What was analysed by an earlier version is told by its
 * signals. */
gboolean sight_problem_meetings_read(SightProblemMeetings *self, gint64 problem, const gint64 *rows, guint n,
                                     SightProblemMet *met, GError **error);

G_END_DECLS
