/* SPDX-License-Identifier: MIT */
/* An issue drafted from a moment of a session: what was tried, what happened, what they saw, where, and how to see it
 * again. */
#pragma once

#include "sight-analysis.h"
#include "sight-dom.h"
#include "sight-problems.h"

G_BEGIN_DECLS

/* Owns its strings. Plain text from the recording, in which what looks private (core/audit) is masked. */
typedef struct {
  char *title;
  char *severity; /* "high", "medium", "low" */
  char *tried, *happened, *saw, *where;
  gint64 n_users, n_sessions;
  GPtrArray *steps;       /* of char: what to do, in order; the last ones */
  guint n_before;         /* steps before these */
  GPtrArray *environment; /* of char: "Browser: …" */
  GPtrArray *lines;       /* of char: console and requests around the moment; the first ones of each */
  guint n_more_lines;     /* that there were */
  char *script;           /* the steps for Playwright */
  char *moment;           /* SESSION@MS, as `sightctl issue` takes it */
  char *link;             /* to the moment: sight-link.h */
  char *problem;          /* problem:ID, as a filter takes it, or NULL */
} SightIssue;
void sight_issue_free(SightIssue *issue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightIssue, sight_issue_free)

/* `page`: the page at the moment, or NULL. `problem`: which one it is about, or NULL; then users and sessions are those
 * of the problem. `from`: the address of the endpoint that has the session, or NULL. The same input gives the same
 * draft. */
SightIssue *sight_issue_draft(const SightAnalysis *analysis, const SightDom *page, const SightProblem *problem,
                              gint64 at_ms, const char *from);
/* The whole but the title, as CommonMark; texts of the recording cannot be read as markup. The caller's. */
char *sight_issue_markdown(const SightIssue *issue);
/* The same below its title as a heading. The caller's. */
char *sight_issue_document(const SightIssue *issue);

G_END_DECLS
