/* SPDX-License-Identifier: MIT */
/* What analysis tells of a session beside the tables of the store: story, console, requests, tabs, idle stretches and
 * the curve, as one compressed text. */
#pragma once

#include "sight-analysis.h"

G_BEGIN_DECLS

/* The caller's. */
GBytes *sight_account_pack(const SightAnalysis *analysis);
/* Fills those parts of an analysis whose session, signals and pages are there already. FALSE where the text is damaged:
 * then the analysis is of no use. */
gboolean sight_account_unpack(SightAnalysis *analysis, GBytes *packed);

G_END_DECLS
