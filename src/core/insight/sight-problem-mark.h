/* SPDX-License-Identifier: MIT */
/* What a team says of a problem: its state, where it is filed, the release with the fix, and that it is the same as
 * another. Each is an annotation of the project, which syncs to teammates and which its newest version wins, so that of
 * two who say different things offline both are heard. Its id is the problem's, "_" and the field's name; versions
 * before said all of it under the id of the problem alone, and are read on. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

typedef enum {
  SIGHT_PROBLEM_NEW,
  SIGHT_PROBLEM_FILED,     /* `issue` says where */
  SIGHT_PROBLEM_FIXED,     /* `release` is said to have the fix */
  SIGHT_PROBLEM_VERIFIED,  /* it is gone */
  SIGHT_PROBLEM_REGRESSED, /* was verified, and seen with the fix; or said to be fixed, and is not: nobody sets it */
  SIGHT_PROBLEM_IGNORED,   /* until twice as many users meet it as did then */
  SIGHT_N_PROBLEM_STATES
} SightProblemState;

const char *sight_problem_state_name(SightProblemState state); /* "filed"; stable */
int sight_problem_state_from_name(const char *name);           /* -1 where unknown */

/* What is said of it, each by itself. */
typedef enum {
  SIGHT_PROBLEM_SAYS_STATE = 1 << 0,   /* with `n_users` and `since_ms` */
  SIGHT_PROBLEM_SAYS_ISSUE = 1 << 1,   /* with `tracker` */
  SIGHT_PROBLEM_SAYS_CLOSED = 1 << 2,  /* of that issue; gone where the issue is another */
  SIGHT_PROBLEM_SAYS_RELEASE = 1 << 3, /* NULL: of none */
  SIGHT_PROBLEM_SAYS_SAME = 1 << 4,    /* NULL: as none */
} SightProblemSaid;
#define SIGHT_N_PROBLEM_FIELDS 5

/* Owns its strings; NULL: nothing is said of it. */
typedef struct {
  SightProblemState state;
  gint64 state_ms; /* when that was said, wall clock; written it is the present time */
  gint64 since_ms; /* since when it is said to be fixed; 0, written: since then */
  gint64 n_users;  /* of an ignored one: that had met it by then, in all of the project */
  char *issue, *release;
  char *tracker;     /* where the issue was filed, as sight-tracker.h names it */
  gint64 closed_ms;  /* when the tracker closed it, or was first seen to have done so, wall clock; 0: it did not */
  char *same_as;     /* id of the problem that it is a part of */
  char *author;      /* who said anything last */
  gint64 changed_ms; /* and when; 0: nobody said anything */
} SightProblemMark;
SightProblemMark *sight_problem_mark_copy(const SightProblemMark *mark);
void sight_problem_mark_free(SightProblemMark *mark);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightProblemMark, sight_problem_mark_free)

/* Of one endpoint, which is a project; what is said in another is not said here, though it has the same problem:
 * SightProblemMark by id of the problem, the caller's. Inside sight_store_read(). */
GHashTable *sight_problem_marks_read(SightDb *db, gint64 endpoint, GError **error);
/* How many users of the project have met a problem, by its filter, whatever is listed: what `n_users` counts. -1 with
 * error. */
gint64 sight_problem_mark_users(SightDb *db, gint64 endpoint, const char *filter, GError **error);
/* Those fields, SightProblemSaid, in place of what is said there; the author and the time are this computer's. Inside
 * sight_store_write(). */
gboolean sight_problem_mark_write(SightDb *db, gint64 endpoint, const char *problem, const SightProblemMark *mark,
                                  guint said, GError **error);

G_END_DECLS
