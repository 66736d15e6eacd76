/* SPDX-License-Identifier: MIT */
/* Putting the findings of all windows together: one time, one order, and what the session says of itself. */
#pragma once

#include "sight-findings.h"

G_BEGIN_DECLS

/* Completes the analysis that the findings were gathered into. Once. */
void sight_summary_complete(SightFindings *findings);

G_END_DECLS
