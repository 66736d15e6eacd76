/* SPDX-License-Identifier: MIT */
/* What the pages of the inspector say, out of what analysis found. */
#pragma once

#include "sight-analysis.h"
#include "sight-cohort-rules.h"
#include "sight-ui-notes.h"

G_BEGIN_DECLS

/* Borrowed from the notes. */
typedef struct {
  const SightNote *note;       /* that it belongs to */
  const SightAnnotation *what; /* the note itself, or one of its answers */
} SightUiSaid;

/* Each gives an array for sight_ui_moments_take(), the caller's. */
/* With the key actions that were reached (of SightReached). */
GArray *sight_ui_inspector_story(const SightAnalysis *analysis, const GArray *reached);
GArray *sight_ui_inspector_console(const SightAnalysis *analysis);
GArray *sight_ui_inspector_network(const SightAnalysis *analysis);
GArray *sight_ui_inspector_forms(const SightAnalysis *analysis);
/* Tags and notes, and under each its answers. `said` gets what each line is made of (SightUiSaid). */
GArray *sight_ui_inspector_tags(SightUiNotes *notes, GArray *said);

G_END_DECLS
