/* SPDX-License-Identifier: MIT */
/* SightWindowPass: one pass over the events of one window, in the order of time: keeps its page, tells detectors what
 * happens, and gathers pages, story, console and requests. */
#pragma once

#include "sight-detector.h"
#include "sight-findings.h"

G_BEGIN_DECLS

typedef struct SightWindowPass SightWindowPass;

/* Borrows `findings`, which must outlive it. */
SightWindowPass *sight_window_pass_new(SightFindings *findings, const char *window);
void sight_window_pass_free(SightWindowPass *pass);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightWindowPass, sight_window_pass_free)

/* `at_ms` never falls. */
void sight_window_pass_event(SightWindowPass *pass, const SightEvent *event, gint64 at_ms);
/* The recording of the window ends here: what was still open is closed. */
void sight_window_pass_finish(SightWindowPass *pass);

G_END_DECLS
