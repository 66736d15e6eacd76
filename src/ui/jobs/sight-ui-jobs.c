/* SPDX-License-Identifier: MIT */
/* What is done when, beside the window. */
#include "sight-ui-jobs.h"

#include "sight-analysis.h"
#include "sight-block-table.h"
#include "sight-ui-job.h"

#include <glib/gi18n-lib.h>

#define COMPACT_QUIET_MS (10 * 60 * 1000)
#define COMPACT_INTERVAL_US (10 * 60 * G_USEC_PER_SEC)
#define ASK_INTERVAL_US (10 * 60 * G_USEC_PER_SEC)
#define COMPACT_FIRST_US (60 * G_USEC_PER_SEC)

/* Those that the store alone needs. */
enum { READ_ENDPOINTS, ANALYSE, COMPACT, N_JOBS };

struct _SightUiJobs {
  GObject parent_instance;
  SightStore *store;
  SightUiRounds *rounds;
  SightUiImporter *importer;
  SightUiFollow *follow;
  SightUiNews *news;
  SightUiBackground *background;
  SightUiJob *jobs[N_JOBS];
  GPtrArray *endpoints; /* of SightEndpoint */
  GPtrArray *read;      /* the same, while the job that reads them has them */
  gboolean known;
  guint n_held;
  gboolean held;         /* somebody cancelled the analysis */
  gint64 compact_due_us; /* monotonic */
  gint64 ask_due_us;
  guint tick_source;
};

G_DEFINE_FINAL_TYPE(SightUiJobs, sight_ui_jobs, G_TYPE_OBJECT)

static guint changed_signal;

static const struct {
  const char *title, *advice;
} words[N_JOBS] = {
    [READ_ENDPOINTS] = {N_("The Endpoints Cannot Be Read"),
                        N_("Nothing was changed. Make room on the disk, or start the program again.")},
    [ANALYSE] = {N_("The Analysis Stopped"),
                 N_("What was looked through is here. The rest can be watched, but has no signals yet.")},
    [COMPACT] = {N_("The Cache Could Not Be Made Smaller"),
                 N_("Nothing was lost. It is tried again in ten minutes; see that there is room on the disk.")},
};

static void changed(SightUiJobs *self) {
  g_signal_emit(self, changed_signal, 0);
}

static gboolean list_endpoints(SightDb *db, gpointer user_data, GError **error) {
  GPtrArray **endpoints = user_data;
  *endpoints = sight_endpoint_table_list(db, error);
  return *endpoints != NULL;
}

static gboolean read_endpoints(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  SightUiJobs *self = user_data;
  return sight_store_read(self->store, list_endpoints, &self->read, error);
}

static void endpoints_read(SightUiJobs *self) {
  g_autoptr(GPtrArray) read = g_steal_pointer(&self->read);
  if (read != NULL) {
    g_ptr_array_unref(self->endpoints);
    self->endpoints = g_steal_pointer(&read);
    self->known = TRUE;
    sight_ui_rounds_take_endpoints(self->rounds, self->endpoints);
  }
  changed(self);
}

static void analysis_progress(guint n_done, gint64 n_waiting, gpointer user_data) {
  sight_ui_job_report(user_data, n_done, n_done + (guint)CLAMP(n_waiting, 0, G_MAXINT));
}

static gboolean analyse(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  SightUiJobs *self = user_data;
  return sight_analysis_run_pending(self->store, analysis_progress, job, NULL, cancellable, error);
}

static gboolean compact(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  SightUiJobs *self = user_data;
  return sight_block_table_compact(self->store, COMPACT_QUIET_MS, NULL, cancellable, error);
}

/* Nobody waits for it, so it gives way to everything that somebody may wait for. */
static void compact_if_idle(SightUiJobs *self) {
  gint64 now = g_get_monotonic_time();
  guint n_done, n_total;
  if (now < self->compact_due_us || sight_ui_job_is_running(self->jobs[ANALYSE]) ||
      sight_ui_importer_get_progress(self->importer, &n_done, &n_total))
    return;
  self->compact_due_us = now + COMPACT_INTERVAL_US;
  if (!sight_ui_job_is_running(self->jobs[COMPACT]))
    sight_ui_job_start(self->jobs[COMPACT]);
}

static gboolean tick(gpointer user_data) {
  SightUiJobs *self = user_data;
  compact_if_idle(self);
  if (g_get_monotonic_time() >= self->ask_due_us) {
    self->ask_due_us = g_get_monotonic_time() + ASK_INTERVAL_US;
    sight_ui_follow_ask(self->follow);
  }
  sight_ui_rounds_tick(self->rounds);
  return G_SOURCE_CONTINUE;
}

static void store_changed(SightUiJobs *self) {
  sight_ui_job_start(self->jobs[READ_ENDPOINTS]);
  /* What was written meanwhile may wait for analysis. */
  if (!self->held)
    sight_ui_job_start(self->jobs[ANALYSE]);
}

gboolean sight_ui_jobs_get_analysis(SightUiJobs *self, guint *n_done, guint *n_waiting) {
  guint n_total = 0;
  sight_ui_job_get_progress(self->jobs[ANALYSE], n_done, &n_total);
  *n_waiting = n_total - *n_done;
  return sight_ui_job_is_running(self->jobs[ANALYSE]) && *n_waiting > 0;
}

void sight_ui_jobs_cancel_analysis(SightUiJobs *self) {
  guint n_done = 0;
  if (!sight_ui_jobs_get_analysis(self, &n_done, &self->n_held))
    return;
  self->held = TRUE;
  sight_ui_job_cancel(self->jobs[ANALYSE]);
  changed(self);
}

guint sight_ui_jobs_get_held(SightUiJobs *self) {
  return self->held ? self->n_held : 0;
}

void sight_ui_jobs_go_on(SightUiJobs *self) {
  self->held = FALSE;
  self->compact_due_us = MIN(self->compact_due_us, g_get_monotonic_time() + COMPACT_FIRST_US);
  store_changed(self);
  changed(self);
}

gboolean sight_ui_jobs_get_problem(SightUiJobs *self, guint index, SightUiProblem *problem) {
  for (guint i = 0; i < N_JOBS; i++) {
    const char *details = sight_ui_job_get_problem(self->jobs[i]);
    if (details == NULL || index-- > 0)
      continue;
    *problem = (SightUiProblem){_(words[i].title), _(words[i].advice), details};
    return TRUE;
  }
  return FALSE;
}

void sight_ui_jobs_stop(SightUiJobs *self) {
  g_clear_handle_id(&self->tick_source, g_source_remove);
  g_signal_handlers_disconnect_by_data(self->store, self);
  for (guint i = 0; i < N_JOBS; i++)
    sight_ui_job_close(self->jobs[i]);
  sight_ui_follow_close(self->follow);
  sight_ui_importer_cancel(self->importer);
  sight_ui_rounds_cancel(self->rounds);
  sight_ui_job_wait_for_all();
}

/* All that came in is looked through. */
static void analysed(SightUiJobs *self) {
  if (sight_ui_job_is_running(self->jobs[ANALYSE]))
    return;
  sight_ui_follow_look(self->follow);
  sight_ui_news_look(self->news);
}

static void sight_ui_jobs_finalize(GObject *object) {
  SightUiJobs *self = SIGHT_UI_JOBS(object);
  g_clear_handle_id(&self->tick_source, g_source_remove);
  for (guint i = 0; i < N_JOBS; i++)
    g_object_unref(self->jobs[i]);
  g_object_unref(self->rounds);
  g_object_unref(self->importer);
  g_object_unref(self->follow);
  g_object_unref(self->news);
  g_object_unref(self->background);
  g_ptr_array_unref(self->endpoints);
  g_clear_pointer(&self->read, g_ptr_array_unref);
  g_object_unref(self->store);
  G_OBJECT_CLASS(sight_ui_jobs_parent_class)->finalize(object);
}

static void sight_ui_jobs_class_init(SightUiJobsClass *class) {
  G_OBJECT_CLASS(class)->finalize = sight_ui_jobs_finalize;
  changed_signal = g_signal_new("changed", SIGHT_UI_TYPE_JOBS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_jobs_init(SightUiJobs *self) {
  static const SightUiJobFunc funcs[N_JOBS] = {
      [READ_ENDPOINTS] = read_endpoints, [ANALYSE] = analyse, [COMPACT] = compact};
  self->endpoints = g_ptr_array_new();
  for (guint i = 0; i < N_JOBS; i++) {
    self->jobs[i] = sight_ui_job_new(funcs[i], self, NULL);
    GCallback over = i == READ_ENDPOINTS ? G_CALLBACK(endpoints_read) : G_CALLBACK(changed);
    g_signal_connect_object(self->jobs[i], "changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->jobs[i], "ended", over, self, G_CONNECT_SWAPPED);
  }
}

SightUiJobs *sight_ui_jobs_new(SightStore *store, SightUiBackground *background) {
  SightUiJobs *self = g_object_new(SIGHT_UI_TYPE_JOBS, NULL);
  self->store = g_object_ref(store);
  self->rounds = sight_ui_rounds_new(store);
  self->importer = sight_ui_importer_new(store);
  self->follow = sight_ui_follow_new(store);
  self->news = sight_ui_news_new(store);
  self->background = g_object_ref(background);
  g_signal_connect_object(self->jobs[ANALYSE], "ended", G_CALLBACK(analysed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->rounds, "changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->importer, "changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(store, "changed", G_CALLBACK(store_changed), self, G_CONNECT_SWAPPED);
  self->compact_due_us = g_get_monotonic_time() + COMPACT_FIRST_US;
  self->tick_source = g_timeout_add_seconds(1, tick, self);
  store_changed(self);
  return self;
}

SightUiRounds *sight_ui_jobs_get_rounds(SightUiJobs *self) {
  return self->rounds;
}

SightUiImporter *sight_ui_jobs_get_importer(SightUiJobs *self) {
  return self->importer;
}

GPtrArray *sight_ui_jobs_get_endpoints(SightUiJobs *self) {
  return self->endpoints;
}

gboolean sight_ui_jobs_knows_endpoints(SightUiJobs *self) {
  return self->known;
}

SightUiFollow *sight_ui_jobs_get_follow(SightUiJobs *self) {
  return self->follow;
}

SightUiNews *sight_ui_jobs_get_news(SightUiJobs *self) {
  return self->news;
}

SightUiBackground *sight_ui_jobs_get_background(SightUiJobs *self) {
  return self->background;
}
