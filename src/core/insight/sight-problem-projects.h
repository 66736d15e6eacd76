/* SPDX-License-Identifier: MIT */
/* The projects whose sessions are listed: what is said of a problem is said in one of them, and holds there alone. For
 * the list of problems only. */
#pragma once

#include "sight-problem-mark.h"
#include "sight-set.h"

G_BEGIN_DECLS

/* Owns what it points to. */
typedef struct {
  gint64 endpoint;
  char *condition;    /* the filter that picks it */
  SightSet *sessions; /* all of it */
  GHashTable *marks;  /* of SightProblemMark by id */
} SightProblemProject;

typedef struct {
  GPtrArray *all;   /* of SightProblemProject: those that have any of the sessions */
  GHashTable *said; /* ids of problems of which something is said in any of them, or of others that they are the same */
  const SightProblemProject *only; /* NULL: there are several, or none */
  gboolean grouped;                /* a problem is not always one term: some are the same as others, or are apart */
} SightProblemProjects;
void sight_problem_projects_free(SightProblemProjects *projects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightProblemProjects, sight_problem_projects_free)

/* NULL with error. Inside sight_store_read(). */
SightProblemProjects *sight_problem_projects_read(SightDb *db, const SightSet *sessions, GError **error);
/* The problem that another is the same as in that project, however they were merged; borrowed. Of no project (NULL):
 * itself. */
const char *sight_problem_project_main(const SightProblemProject *project, const char *id);
/* NULL: nothing is said of it there. */
const SightProblemMark *sight_problem_project_mark(const SightProblemProject *project, const char *id);

G_END_DECLS
