/* SPDX-License-Identifier: MIT */
/* The releases of the sessions that are listed: which of them a problem was met in, and whether who met it can have had
 * its fix. Inside the insight module only. */
#pragma once

#include "sight-session-facts.h"
#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

typedef struct SightProblemReleases SightProblemReleases;
/* `facts` must stay. Inside sight_store_read(), as everything here; NULL with error. */
SightProblemReleases *sight_problem_releases_read(SightDb *db, const SightSet *sessions, const SightSessionFacts *facts,
                                                  GError **error);
void sight_problem_releases_free(SightProblemReleases *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightProblemReleases, sight_problem_releases_free)

/* From 0 on, the one that was seen first at 0. All borrowed. */
guint sight_problem_releases_n(const SightProblemReleases *self);
const char *sight_problem_releases_name(const SightProblemReleases *self, guint i);
const SightSet *sight_problem_releases_sessions(const SightProblemReleases *self, guint i);

/* Whose releases are asked for next: sessions (rows, gint64, ascending), which must stay while they are. */
void sight_problem_releases_count(SightProblemReleases *self, const GArray *rows);
/* Whether any of those had it. */
gboolean sight_problem_releases_is_met(const SightProblemReleases *self, guint i);
/* When the last of those arrived, without those that had nothing but releases first seen before `release`: who visits
 * with one of them does not have the fix. Where nobody has seen `release` all count. 0: none; -1 on error. */
gint64 sight_problem_releases_last_since(const SightProblemReleases *self, const char *release, GError **error);

G_END_DECLS
