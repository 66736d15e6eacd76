/* SPDX-License-Identifier: MIT */
/* Flows (funnels): how many sessions come through the steps of a sequence, where the others drop, and how long it
 * takes.
 */
#pragma once

#include "sight-query.h"
#include "sight-split.h"
#include "sight-statistics.h"

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  char *step;             /* as it stands in the sequence: "page:/cart", "not error" */
  char *reached;          /* picks the sessions that came so far */
  char *dropped;          /* those that came so far and no further; NULL: the last step */
  gint64 n;               /* sessions that came so far */
  gint64 median_ms;       /* from the step before, of those that came so far; -1: the first, or one with "not" */
  SightInterval from_one; /* the share of those that came to the first step, 95 % */
} SightFlowStep;

/* The sessions of one value of a key. Owns its strings and its array. */
typedef struct {
  char *value, *filter; /* as in SightPart */
  gint64 n_sessions;
  GArray *reached; /* of gint64: how many came to each step */
} SightFlowPart;

typedef struct {
  char *sequence;    /* as a filter */
  gint64 n_sessions; /* that were looked at */
  GPtrArray *steps;  /* of SightFlowStep */
  GPtrArray *parts;  /* of SightFlowPart; empty where no key was asked for */
} SightFlow;
void sight_flow_free(SightFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightFlow, sight_flow_free)

/* The same steps where nothing else of their kinds may come between two of them (`strict`), and each at most so long
 * after the one before where it does not say itself (`within_ms`; 0: whenever). `steps`: a sequence, or one key of
 * moments. The caller's; NULL with SIGHT_FILTER_ERROR. */
char *sight_flow_sequence(const SightFilter *steps, gboolean strict, gint64 within_ms, GError **error);
/* What a visitor did in a stretch of a session, as a sequence: pages, clicks, forms sent, events; the caller's. NULL
 * with error; SIGHT_STORE_ERROR_NOT_FOUND where nothing happened. Inside sight_store_read(). */
char *sight_flow_from(SightDb *db, const SightSession *session, gint64 from_ms, gint64 to_ms, GError **error);
/* Through the pages that most of some sessions viewed, where nobody has said through what; "": they viewed none. The
 * caller's; NULL with error. Inside sight_store_read(). */
char *sight_flow_default(SightDb *db, const SightSet *sessions, GCancellable *cancellable, GError **error);
/* Of a set of sessions; by a key as of sight_split(), or NULL. Steps with "not" stand with the step that they come
 * before. Inside sight_store_read(), on a worker. The caller's; NULL with error. */
SightFlow *sight_flow_run(SightDb *db, const SightSet *sessions, const char *sequence, const char *by, gint64 now_ms,
                          GCancellable *cancellable, GError **error);

G_END_DECLS
