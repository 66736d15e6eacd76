/* SPDX-License-Identifier: MIT */
/* SightUiJobs: the work that goes on beside the window: syncing, import, analysis, compaction; and what of it failed.
 */
#pragma once

#include "sight-ui-background.h"
#include "sight-ui-follow.h"
#include "sight-ui-importer.h"
#include "sight-ui-news.h"
#include "sight-ui-rounds.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_JOBS (sight_ui_jobs_get_type())
/* Main thread only. Signal "changed": anything that the functions below tell is different. */
G_DECLARE_FINAL_TYPE(SightUiJobs, sight_ui_jobs, SIGHT_UI, JOBS, GObject)

SightUiJobs *sight_ui_jobs_new(SightStore *store, SightUiBackground *background);
/* Stops everything and waits for the threads: before the store is closed. */
void sight_ui_jobs_stop(SightUiJobs *self);

/* Syncing, import, following up, what came unwatched, and whether all of it goes on without a window: their own
 * functions do the rest. Borrowed. */
SightUiRounds *sight_ui_jobs_get_rounds(SightUiJobs *self);
SightUiImporter *sight_ui_jobs_get_importer(SightUiJobs *self);
SightUiFollow *sight_ui_jobs_get_follow(SightUiJobs *self);
SightUiNews *sight_ui_jobs_get_news(SightUiJobs *self);
SightUiBackground *sight_ui_jobs_get_background(SightUiJobs *self);

/* GPtrArray of SightEndpoint, all of them, borrowed until the next "changed". Empty until they were read. */
GPtrArray *sight_ui_jobs_get_endpoints(SightUiJobs *self);
gboolean sight_ui_jobs_knows_endpoints(SightUiJobs *self);

/* Sessions looked through in this run and those that wait; FALSE where nothing is going on. */
gboolean sight_ui_jobs_get_analysis(SightUiJobs *self, guint *n_done, guint *n_waiting);
/* Stops it until somebody wants it again: what was looked through stays. */
void sight_ui_jobs_cancel_analysis(SightUiJobs *self);
/* So many sessions wait since it was cancelled; 0: it was not. */
guint sight_ui_jobs_get_held(SightUiJobs *self);
/* Goes on with it, and tries once more what failed. */
void sight_ui_jobs_go_on(SightUiJobs *self);

/* A failure of the last run of a job that no other function tells. */
typedef struct {
  const char *title, *advice; /* what happened; what was kept and what to do. Translated. */
  const char *details;
} SightUiProblem;
/* The nth of them; FALSE: there are no more. Borrowed until the next "changed". */
gboolean sight_ui_jobs_get_problem(SightUiJobs *self, guint index, SightUiProblem *problem);

G_END_DECLS
