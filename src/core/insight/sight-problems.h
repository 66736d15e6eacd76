/* SPDX-License-Identifier: MIT */
/* Problems: what many signals are about (kind, page and target, or the fingerprint of an error or a request), ranked by
 * whom they cost. */
#pragma once

#include "sight-problem-mark.h"
#include "sight-query.h"
#include "sight-signal.h"
#include "sight-statistics.h"

G_BEGIN_DECLS

typedef struct {
  gint64 day; /* since 1970, in UTC */
  gint64 n;   /* sessions that met it */
} SightProblemDay;

/* Another that somebody said is the same. Owns its strings. */
typedef struct {
  char *id;
  char *title; /* as if it were listed */
} SightProblemPart;

/* Owns its strings and its arrays. */
typedef struct {
  char *id;     /* for the key problem:; of several that are the same the one that the others are the same as. Where
                   something is said of it in one of several projects that are listed, each has one of that id */
  char *title;  /* translated: "Rage clicks on “Pay now” at /checkout" */
  char *filter; /* picks its sessions */
  SightSignalKind kind;
  char *target, *message;             /* what it is about, or NULL */
  char *page;                         /* where it is met most often, or NULL */
  gint64 n_sessions, n_users;         /* a visitor without a name is one of his own */
  gint64 n_visits;                    /* sessions that viewed that page */
  gint64 first_seen_ms, last_seen_ms; /* when the first and the last of its sessions arrived */
  GPtrArray *releases;                /* of char, in which it was seen, the first one first */
  char *new_in;                       /* the release before which visitors of that page did not meet it, or NULL */
  GArray *days;                       /* of SightProblemDay, those on which its sessions arrived, in time order */
  GPtrArray *parts;                   /* of SightProblemPart: of all those that are the same but itself */

  SightProblemState state; /* as it is now */
  SightProblemMark *mark;  /* what was said of it; never NULL */

  /* The clearest moment; what is said of the problem is kept at the same endpoint. */
  gint64 endpoint, row, at_ms;
  char *session, *reason;

  /* Why it ranks where it does: score = users * severity * loss. */
  double score, severity, loss;
  /* How many of those who viewed the page reached a key action, without it less with it; known where a key action is
   * defined, and somebody viewed the page without it. */
  gboolean has_cost;
  double cost;
  SightInterval cost_between;
} SightProblem;

/* A list that owns them, empty. */
GPtrArray *sight_problems_new(void);

/* So many of its newest sessions are read to tell its kind, title, page and clearest moment. Everything that is counted
 * is exact, of all its sessions. */
#define SIGHT_PROBLEM_READ 10

/* Those of a set of sessions, the worst first, at most `limit` (0: all); noise is none. GPtrArray of SightProblem, the
 * caller's. Inside sight_store_read(), on a worker. */
GPtrArray *sight_problems_list(SightDb *db, const SightSet *sessions, guint limit, GCancellable *cancellable,
                               GError **error);

G_END_DECLS
