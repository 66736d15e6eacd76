/* SPDX-License-Identifier: MIT */
/* What the visitors of two sessions did alike, in the same order: by that the two are watched side by side. Plain data;
 * a side is 0 or 1, times from the start of its session. */
#pragma once

#include "sight-analysis.h"

G_BEGIN_DECLS

/* Owns its string. */
typedef struct {
  gint64 at_ms[2];
  char *title; /* "Clicked “Pay now”" */
} SightUiCommonStep;

/* The longest row of pages opened, clicks, forms sent and events that both have: GPtrArray of SightUiCommonStep, the
 * caller's. The first one is the start of both. Of a very long session only the first thousand acts are looked at. */
GPtrArray *sight_ui_common_steps(const SightAnalysis *one, const SightAnalysis *other);

/* The last step that a side has come to. */
guint sight_ui_common_steps_at(const GPtrArray *steps, int side, gint64 at_ms);
/* Where the other side is when one is there: as long after the same step, but before the next one. */
gint64 sight_ui_common_steps_other(const GPtrArray *steps, int side, gint64 at_ms, gint64 other_whole_ms);
/* While both play, one that has come to a step waits there until the other has come to it, too. `ended`: nothing more
 * comes of that side; nobody waits for it, and it plays no more. */
void sight_ui_common_steps_waits(const GPtrArray *steps, const gint64 at_ms[2], const gboolean ended[2],
                                 gboolean waits[2]);

G_END_DECLS
