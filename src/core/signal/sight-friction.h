/* SPDX-License-Identifier: MIT */
/* The friction score: how much of what annoys was in a session. A pure function of its signals. */
#pragma once

#include "sight-signal.h"

G_BEGIN_DECLS

/* What one signal of that kind weighs the first time. */
double sight_friction_weight(const SightSignal *signal);

/* The sum over `signals` (of SightSignal), where the n-th with the same fingerprint counts 1/n. `parts`, which may be
 * NULL, receives the share of each kind, so that the number can always be shown decomposed. */
double sight_friction_score(GPtrArray *signals, double parts[SIGHT_N_SIGNALS]);

G_END_DECLS
