/* SPDX-License-Identifier: MIT */
/* SightUiJob: a thread for each run, and reports of it to the main thread. */
#include "sight-ui-job.h"

struct _SightUiJob {
  GObject parent_instance;
  SightUiJobFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  GCancellable *cancellable; /* of the run under way, or NULL */
  gboolean again, closed;
  char *problem;

  GMutex lock; /* of the members below */
  guint n_done, n_total;
  gboolean told; /* "changed" is on its way */
};

G_DEFINE_FINAL_TYPE(SightUiJob, sight_ui_job, G_TYPE_OBJECT)

/* Threads report more often than anyone can read. */
#define TELL_DELAY_MS 100

enum { CHANGED, ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

static guint n_running;

static gboolean tell(gpointer user_data) {
  SightUiJob *self = user_data;
  g_mutex_lock(&self->lock);
  self->told = FALSE;
  g_mutex_unlock(&self->lock);
  g_signal_emit(self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

void sight_ui_job_report(SightUiJob *self, guint n_done, guint n_total) {
  g_mutex_lock(&self->lock);
  gboolean tell_it = !self->told;
  self->n_done = n_done;
  self->n_total = n_total;
  self->told = TRUE;
  g_mutex_unlock(&self->lock);
  if (tell_it)
    g_timeout_add_full(G_PRIORITY_DEFAULT, TELL_DELAY_MS, tell, g_object_ref(self), g_object_unref);
}

void sight_ui_job_get_progress(SightUiJob *self, guint *n_done, guint *n_total) {
  g_mutex_lock(&self->lock);
  *n_done = self->n_done;
  *n_total = self->n_total;
  g_mutex_unlock(&self->lock);
}

static void run(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  SightUiJob *self = source;
  GError *error = NULL;
  if (self->func(self, self->user_data, cancellable, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void ended(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiJob) self = SIGHT_UI_JOB(g_object_ref(source));
  g_autoptr(GError) error = NULL;
  g_task_propagate_boolean(G_TASK(result), &error);
  n_running--;
  g_clear_object(&self->cancellable);
  g_mutex_lock(&self->lock);
  self->n_done = self->n_total = 0;
  g_mutex_unlock(&self->lock);
  gboolean failed = error != NULL && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_free(self->problem);
  self->problem = failed ? g_strdup(error->message) : NULL;
  g_signal_emit(self, signals[ENDED], 0, error);
  if (self->again && self->cancellable == NULL)
    sight_ui_job_start(self);
}

void sight_ui_job_start(SightUiJob *self) {
  self->again = self->cancellable != NULL && !self->closed;
  if (self->again || self->closed)
    return;
  self->cancellable = g_cancellable_new();
  g_autoptr(GTask) task = g_task_new(self, self->cancellable, ended, NULL);
  /* What was done when it was cancelled counts as done. */
  g_task_set_check_cancellable(task, FALSE);
  n_running++;
  g_task_run_in_thread(task, run);
}

void sight_ui_job_cancel(SightUiJob *self) {
  self->again = FALSE;
  if (self->cancellable != NULL)
    g_cancellable_cancel(self->cancellable);
}

void sight_ui_job_close(SightUiJob *self) {
  self->closed = TRUE;
  sight_ui_job_cancel(self);
}

gboolean sight_ui_job_is_running(SightUiJob *self) {
  return self->cancellable != NULL;
}

const char *sight_ui_job_get_problem(SightUiJob *self) {
  return self->problem;
}

void sight_ui_job_wait_for_all(void) {
  while (n_running > 0)
    g_main_context_iteration(NULL, TRUE);
}

static void sight_ui_job_finalize(GObject *object) {
  SightUiJob *self = SIGHT_UI_JOB(object);
  if (self->destroy != NULL)
    self->destroy(self->user_data);
  g_mutex_clear(&self->lock);
  g_free(self->problem);
  G_OBJECT_CLASS(sight_ui_job_parent_class)->finalize(object);
}

static void sight_ui_job_class_init(SightUiJobClass *class) {
  G_OBJECT_CLASS(class)->finalize = sight_ui_job_finalize;
  GType type = SIGHT_UI_TYPE_JOB;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ENDED] = g_signal_new("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void sight_ui_job_init(SightUiJob *self) {
  g_mutex_init(&self->lock);
}

SightUiJob *sight_ui_job_new(SightUiJobFunc func, gpointer user_data, GDestroyNotify destroy) {
  SightUiJob *self = g_object_new(SIGHT_UI_TYPE_JOB, NULL);
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return self;
}
