/* SPDX-License-Identifier: MIT */
/* Answers as JSON: the same in a terminal, for agents and in reports. */
#pragma once

#include "sight-compare.h"
#include "sight-flow.h"
#include "sight-json.h"
#include "sight-problems.h"
#include "sight-query.h"

G_BEGIN_DECLS

/* An object. */
void sight_problem_put(SightJsonWriter *w, const SightProblem *problem);
/* An object; `n_waiting`: sessions that are not in it because they wait for analysis. */
void sight_flow_put(SightJsonWriter *w, const SightFlow *flow, gint64 n_waiting);
/* An object. `opportunity`: who could have met it; `steps`: texts of the steps of a flow (char). */
void sight_comparison_put(SightJsonWriter *w, const SightComparison *comparison, const char *opportunity,
                          const GPtrArray *steps);
/* Members of an object that the caller has begun. */
void sight_moment_put(SightJsonWriter *w, const SightQueryMoment *moment);

G_END_DECLS
