/* SPDX-License-Identifier: MIT */
/* Whether who met a problem can have had its fix. */
#pragma once

#include "sight-session-facts.h"
#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Borrowed. */
typedef struct {
  const char *name;
  const SightSet *sessions; /* that had it */
} SightProblemRelease;

/* When the last of `rows` (sessions, gint64) arrived, without those that had nothing but releases first seen before
 * `release`: who visits with one of them does not have the fix. Where nobody has seen `release` all count. 0: none; -1
 * on error. `releases`: of SightProblemRelease. Inside sight_store_read(). */
gint64 sight_problem_last_since(SightDb *db, const SightSessionFacts *facts, const GArray *rows, const char *release,
                                const GArray *releases, GError **error);

G_END_DECLS
