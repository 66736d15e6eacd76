/* SPDX-License-Identifier: MIT */
/* Where a problem is met: by which devices, browsers, releases and variants, against the others that had the
 * opportunity; and which other problems are like it. */
#pragma once

#include "sight-problems.h"
#include "sight-term.h"

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  SightTermField field; /* DEVICE, BROWSER, OS, RELEASE or VARIANT */
  char *value;          /* of a variant: NAME=VALUE */
  char *filter;         /* picks the sessions that have it */
  gint64 n_these;       /* of those who met the problem */
  gint64 n_those;       /* of the others */
  double chance;        /* the least false discovery rate at which it is told that the shares differ */
} SightProblemShare;

/* How sure it is that there is more of a value than elsewhere. */
#define SIGHT_PROBLEM_FALSE 0.05

typedef struct {
  gint64 n_these;    /* sessions that met the problem */
  gint64 n_those;    /* the others that viewed its page; where it has none, all others */
  GPtrArray *shares; /* of SightProblemShare, field by field, in each what most of them have first */
} SightProblemWhere;
void sight_problem_where_free(SightProblemWhere *where);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightProblemWhere, sight_problem_where_free)

/* Of the problem's sessions (by its filter) among some sessions; `page`: that of the problem, or NULL. Inside
 * sight_store_read(), on a worker. The caller's; NULL with error. */
SightProblemWhere *sight_problem_where(SightDb *db, const SightSet *sessions, const char *filter, const char *page,
                                       GError **error);
/* Whether those who met it have the value more often than the others, beyond chance. */
gboolean sight_problem_share_is_more(const SightProblemWhere *where, const SightProblemShare *share);

/* In which way one problem is like another, the closest first. */
typedef enum {
  SIGHT_PROBLEM_LIKE_MESSAGE, /* the same message, but for its numbers, names and addresses */
  SIGHT_PROBLEM_LIKE_TARGET,  /* the same thing was pressed or filled in */
  SIGHT_PROBLEM_LIKE_PAGE,    /* the same page */
  SIGHT_PROBLEM_UNLIKE
} SightProblemLikeness;
SightProblemLikeness sight_problem_likeness(const SightProblem *one, const SightProblem *other);

G_END_DECLS
