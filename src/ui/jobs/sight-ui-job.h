/* SPDX-License-Identifier: MIT */
/* SightUiJob: one kind of work beside the window, on a thread of its own, one run at a time: it tells how far it is,
 * can be cancelled, and keeps why its last run failed. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_JOB (sight_ui_job_get_type())
/* Main thread only but for sight_ui_job_report(). Signals: "changed": progress; "ended" (GError, borrowed; NULL: it
 * went well): a run is over, get_problem() is up to date. */
G_DECLARE_FINAL_TYPE(SightUiJob, sight_ui_job, SIGHT_UI, JOB, GObject)

/* The work, on the thread. FALSE with error, also G_IO_ERROR_CANCELLED. */
typedef gboolean (*SightUiJobFunc)(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error);

/* `destroy` (may be NULL) is called for user_data with the job's end: never while it runs. */
SightUiJob *sight_ui_job_new(SightUiJobFunc func, gpointer user_data, GDestroyNotify destroy);
/* Does nothing once it is closed; where it runs, it runs once more afterwards. */
void sight_ui_job_start(SightUiJob *self);
/* The run under way, and what was to come after it. */
void sight_ui_job_cancel(SightUiJob *self);
/* Cancels, for good. */
void sight_ui_job_close(SightUiJob *self);

gboolean sight_ui_job_is_running(SightUiJob *self);
/* How far the run under way is; zeros while nothing is known. */
void sight_ui_job_get_progress(SightUiJob *self, guint *n_done, guint *n_total);
/* Tells how far it is, from its thread. */
void sight_ui_job_report(SightUiJob *self, guint n_done, guint n_total);

/* Why the last run failed, in detail; NULL: it did not, or was cancelled. Borrowed. */
const char *sight_ui_job_get_problem(SightUiJob *self);

/* Runs the main loop until no job of the program runs. */
void sight_ui_job_wait_for_all(void);

G_END_DECLS
