/* SPDX-License-Identifier: MIT */
/* SightRhythm: which nodes of a page change by themselves, at a steady pace: clocks, tickers, carousels, animations.
 * Such a change does not answer a click, unless it comes out of step. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct SightRhythm SightRhythm;

SightRhythm *sight_rhythm_new(void);
void sight_rhythm_free(SightRhythm *rhythm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightRhythm, sight_rhythm_free)

/* The node changed at that time, and nothing that the user did was the cause. Times rise. */
void sight_rhythm_learn(SightRhythm *rhythm, int node, gint64 at_ms);
/* Whether a change at `at_ms` is the next beat of a rhythm that ran before `since_ms` already. Ask before learning it.
 */
gboolean sight_rhythm_explains(SightRhythm *rhythm, int node, gint64 at_ms, gint64 since_ms);
/* A new page: node ids mean something else now. */
void sight_rhythm_reset(SightRhythm *rhythm);

G_END_DECLS
