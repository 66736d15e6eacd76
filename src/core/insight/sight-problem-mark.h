/* SPDX-License-Identifier: MIT */
/* What a team says of a problem: its state, and that it is the same as another. Kept as annotations of the project,
 * which sync to teammates; of two versions the later one counts. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_PROBLEM_NEW,
  SIGHT_PROBLEM_FILED,     /* `issue` says where */
  SIGHT_PROBLEM_FIXED,     /* `release` is said to have the fix */
  SIGHT_PROBLEM_VERIFIED,  /* it is gone */
  SIGHT_PROBLEM_REGRESSED, /* was verified, and seen afterwards: nobody sets it */
  SIGHT_PROBLEM_IGNORED,   /* until twice as many users meet it as did then */
  SIGHT_N_PROBLEM_STATES
} SightProblemState;

const char *sight_problem_state_name(SightProblemState state); /* "filed"; stable */
int sight_problem_state_from_name(const char *name);           /* -1 where unknown */

/* Owns its strings; NULL: nothing is said of it. */
typedef struct {
  SightProblemState state;
  char *issue, *release;
  char *tracker;     /* where the issue was filed, as sight-tracker.h names it */
  gint64 closed_ms;  /* when the tracker was first seen to have closed it, wall clock; 0: it did not */
  char *same_as;     /* id of the problem that it is a part of */
  gint64 n_users;    /* that had met it by then */
  char *author;      /* who said it last */
  gint64 changed_ms; /* and when, wall clock; 0: nobody said anything */
} SightProblemMark;
SightProblemMark *sight_problem_mark_copy(const SightProblemMark *mark);
void sight_problem_mark_free(SightProblemMark *mark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightProblemMark, sight_problem_mark_free)

/* Of one endpoint, which is a project; what is said in another is not said here, though it has the same problem:
 * SightProblemMark by id of the problem, the caller's. Inside sight_store_read(). */
GHashTable *sight_problem_marks_read(SightDb *db, gint64 endpoint, GError **error);
/* In place of what stood there; the author and the time are this computer's. Inside sight_store_write(). */
gboolean sight_problem_mark_write(SightDb *db, gint64 endpoint, const char *problem, const SightProblemMark *mark,
                                  GError **error);

G_END_DECLS
