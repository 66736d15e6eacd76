/* SPDX-License-Identifier: MIT */
/* SightUiProblems: the problems of the sessions under the filter, the worst first, as a list model. A condition that
 * names a problem says which one is looked at, so it does not narrow the list. */
#pragma once

#include "sight-store.h"
#include "sight-ui-filter.h"
#include "sight-ui-problem-act.h"
#include "sight-ui-problem-item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* So many are asked for at first: each is read to be ranked, and there may be very many. */
#define SIGHT_UI_PROBLEMS_FIRST 100

#define SIGHT_UI_TYPE_PROBLEMS (sight_ui_problems_get_type())
/* A list of SightUiProblemItem: those in one state, at first the new ones. Main thread only. Signals:
 * "about-to-list" before rows are replaced; "listed" after each answer, also a failed one; "said" (string, gboolean):
 * what was said of a problem is kept, and whether it can be taken back; "failed" (string): why it could not be kept. */
G_DECLARE_FINAL_TYPE(SightUiProblems, sight_ui_problems, SIGHT_UI, PROBLEMS, GObject)

/* Asks nothing before it is active. */
SightUiProblems *sight_ui_problems_new(SightStore *store, SightUiFilter *filter);
/* Whether somebody looks: only then does it follow the filter and the store. */
void sight_ui_problems_set_active(SightUiProblems *self, gboolean active);
/* Whose problems are asked for; 0: those of all endpoints. */
gint64 sight_ui_problems_get_endpoint(SightUiProblems *self);
/* FALSE until the first answer to the present question is there. */
gboolean sight_ui_problems_is_listed(SightUiProblems *self);
/* FALSE: there may be more than the worst ones that were asked for at first. */
gboolean sight_ui_problems_is_whole(SightUiProblems *self);
/* Asks for all of them, as long as the filter stays. */
void sight_ui_problems_ask_all(SightUiProblems *self);
/* Nothing came into the store since that answer. */
gboolean sight_ui_problems_is_current(SightUiProblems *self);
/* Why the last question could not be answered; NULL: it was. */
const GError *sight_ui_problems_get_error(SightUiProblems *self);

/* Which ones are listed; those that came back after a fix are among the new ones. Of others than these all are asked
 * for: the worst ones may have been dealt with. */
void sight_ui_problems_set_state(SightUiProblems *self, SightProblemState state);
SightProblemState sight_ui_problems_get_state(SightUiProblems *self);
/* How many are known in a state. */
guint sight_ui_problems_get_n(SightUiProblems *self, SightProblemState state);
/* In which state a problem is listed, that of the endpoint where there are several; FALSE: it is in none. */
gboolean sight_ui_problems_get_state_of(SightUiProblems *self, gint64 endpoint, const char *id,
                                        SightProblemState *state);
/* Its place among those that are listed; G_MAXUINT: it is not. */
guint sight_ui_problems_find(SightUiProblems *self, gint64 endpoint, const char *id);
/* The filter of which they are listed; borrowed. */
const char *sight_ui_problems_get_text(SightUiProblems *self);
/* Those that are known of its project, in whichever state, that are like it, the most similar first; `others`: behind
 * them all others. GPtrArray of SightProblem, borrowed until the next answer; the caller's. */
GPtrArray *sight_ui_problems_similar(SightUiProblems *self, const SightProblem *problem, gboolean others);

/* Says it; takes the act. The list is read again when it is kept. */
void sight_ui_problems_do(SightUiProblems *self, SightUiProblemAct *act);
/* Takes back what was said last. */
void sight_ui_problems_undo(SightUiProblems *self);

G_END_DECLS
