/* SPDX-License-Identifier: MIT */
/* SightUiJobs: the work that goes on beside the window, on threads of its own: syncing, analysis, import. */
#pragma once

#include "sight-endpoint-table.h"
#include "sight-store.h"

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_JOBS (sight_ui_jobs_get_type())
/* Main thread only. Signals: "changed": anything that the functions below tell is different; "imported" (SightUiImport
 * pointer, borrowed): the files of one call of sight_ui_jobs_import() are through. */
G_DECLARE_FINAL_TYPE(SightUiJobs, sight_ui_jobs, SIGHT_UI, JOBS, GObject)

/* How it stands with one endpoint. Owns its strings. */
typedef struct {
  SightEndpoint *endpoint;
  gboolean running;
  guint n_done, n_total;   /* sessions of the running round; total 0: not known yet */
  gint64 offline_since_ms; /* wall clock of the last time it answered; 0: it answers */
  gboolean refused;        /* it answers, but does not let us in */
  gboolean faulty;         /* it answers, but not as a collector does */
  char *problem;           /* why the last round failed, for people; NULL: it did not */
} SightUiSyncState;

/* What became of the files of one import. */
typedef struct {
  guint n_files, n_done, n_duplicates;
  gint64 first_row;  /* of the first session that was read; 0: none */
  GString *problems; /* one line per file that could not be read or lost something; empty: none */
  guint n_failed, n_incomplete;
} SightUiImport;

SightUiJobs *sight_ui_jobs_new(SightStore *store);
/* Stops everything and waits for the threads: before the store is closed. */
void sight_ui_jobs_stop(SightUiJobs *self);

/* GPtrArray of SightUiSyncState of the collectors, borrowed until the next "changed"; may be empty. */
GPtrArray *sight_ui_jobs_get_sync(SightUiJobs *self);
/* GPtrArray of SightEndpoint, all of them, borrowed likewise. Empty until they were read. */
GPtrArray *sight_ui_jobs_get_endpoints(SightUiJobs *self);
gboolean sight_ui_jobs_knows_endpoints(SightUiJobs *self);
/* Now, rather than when it is due. endpoint 0: all. */
void sight_ui_jobs_sync_now(SightUiJobs *self, gint64 endpoint);
void sight_ui_jobs_cancel_sync(SightUiJobs *self);

/* Sessions looked through in this run and those that wait; FALSE where nothing is going on. */
gboolean sight_ui_jobs_get_analysis(SightUiJobs *self, guint *n_done, gint64 *n_waiting);
/* The rules changed: what was looked through by other ones is looked through again. */
void sight_ui_jobs_analyse(SightUiJobs *self);

/* Takes files and folders of files, one after the other. */
void sight_ui_jobs_import(SightUiJobs *self, GListModel *files);
/* Files done and to do of the imports under way; FALSE where there are none. */
gboolean sight_ui_jobs_get_import(SightUiJobs *self, guint *n_done, guint *n_total);

G_END_DECLS
