/* SPDX-License-Identifier: MIT */
/* SightUiProblemAct: one thing that is said of a problem, and what takes it back. Plain data; it is made on the main
 * thread and run by the writer. */
#pragma once

#include "sight-problems.h"

G_BEGIN_DECLS

/* Owns what it points to. */
typedef struct {
  gint64 endpoint;
  char *problem;          /* id */
  char *filter;           /* picks those whose users are counted now; NULL: as many as `mark` says */
  SightProblemMark *mark; /* what is said */
  guint said;             /* SightProblemSaid: of it this */
  char *words;            /* to tell what was done; translated */
} SightUiProblemAct;
void sight_ui_problem_act_free(SightUiProblemAct *act);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiProblemAct, sight_ui_problem_act_free)

/* It is in another state; `text`: the issue of a filed one, the release with the fix; NULL: as it was, "": not known.
 * `title`: of the state, translated. */
SightUiProblemAct *sight_ui_problem_act_state(const SightProblem *problem, SightProblemState state, const char *text,
                                              const char *title);
/* `part` is the same as `whole`, which is of the same endpoint, and is counted with it from now on. */
SightUiProblemAct *sight_ui_problem_act_merge(const SightProblem *part, const SightProblem *whole);
/* One that was said to be the same as `whole` is one of its own again. */
SightUiProblemAct *sight_ui_problem_act_split(const SightProblem *whole, const SightProblemPart *part);

/* Inside sight_store_write(), with SIGHT_WRITE_DURABLE. What takes it back; NULL with error, where nothing is to be
 * kept. */
SightUiProblemAct *sight_ui_problem_act_run(SightDb *db, const SightUiProblemAct *act, GError **error);

G_END_DECLS
