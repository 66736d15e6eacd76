/* SPDX-License-Identifier: MIT */
/* What the pages of the inspector say, out of what analysis found. */
#pragma once

#include "sight-analysis.h"
#include "sight-annotation-table.h"

G_BEGIN_DECLS

/* Each gives an array for sight_ui_moments_take(), the caller's. */
GArray *sight_ui_inspector_story(const SightAnalysis *analysis);
GArray *sight_ui_inspector_console(const SightAnalysis *analysis);
GArray *sight_ui_inspector_network(const SightAnalysis *analysis);
GArray *sight_ui_inspector_forms(const SightAnalysis *analysis);
GArray *sight_ui_inspector_tags(GPtrArray *annotations); /* of SightAnnotation */

G_END_DECLS
