/* SPDX-License-Identifier: MIT */
/* What analysis tells of a session beside the tables of the store: story, console, requests, tabs, idle stretches and
 * the curve, as one compressed text. */
#pragma once

#include "sight-analysis.h"
#include "sight-json-writer.h"

G_BEGIN_DECLS

/* The caller's. */
GBytes *sight_account_pack(const SightAnalysis *analysis);
/* Fills those parts of an analysis whose session, signals and pages are there already. FALSE where the text is damaged:
 * then the analysis is of no use. */
gboolean sight_account_unpack(SightAnalysis *analysis, GBytes *packed);

/* {ADDRESS: HASH, …} of what is kept. */
void sight_account_put_assets(SightJsonWriter *w, GHashTable *assets);
/* Those alone; the caller's, NULL where the text is damaged. */
GHashTable *sight_account_unpack_assets(GBytes *packed);

G_END_DECLS
