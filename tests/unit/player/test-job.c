/* SPDX-License-Identifier: MIT */
/* One kind of work beside the window: runs, cancelling, failures. */
#include "sight-ui-job.h"

/* What the work is to do, and what was seen of it. */
typedef struct {
  gboolean fails, waits; /* for being cancelled */
  int n_runs;            /* by the thread */
  int n_ended, n_cancelled, n_freed;
  guint n_done, n_total; /* when it told how far it is */
} Plan;

static gboolean work(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  Plan *plan = user_data;
  g_atomic_int_inc(&plan->n_runs);
  sight_ui_job_report(job, 2, 5);
  while (plan->waits && !g_cancellable_is_cancelled(cancellable))
    g_usleep(1000);
  if (g_cancellable_set_error_if_cancelled(cancellable, error))
    return FALSE;
  if (plan->fails)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no room");
  return !plan->fails;
}

static void freed(gpointer user_data) {
  ((Plan *)user_data)->n_freed++;
}

static void on_changed(SightUiJob *job, Plan *plan) {
  sight_ui_job_get_progress(job, &plan->n_done, &plan->n_total);
}

static void on_ended(SightUiJob *job, const GError *error, Plan *plan) {
  plan->n_ended++;
  plan->n_cancelled += g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static SightUiJob *new_job(Plan *plan) {
  SightUiJob *job = sight_ui_job_new(work, plan, freed);
  g_signal_connect(job, "changed", G_CALLBACK(on_changed), plan);
  g_signal_connect(job, "ended", G_CALLBACK(on_ended), plan);
  return job;
}

static void test_failure(void) {
  Plan plan = {.fails = TRUE};
  SightUiJob *job = new_job(&plan);
  sight_ui_job_start(job);
  g_assert_true(sight_ui_job_is_running(job));
  sight_ui_job_wait_for_all();
  g_assert_false(sight_ui_job_is_running(job));
  g_assert_cmpstr(sight_ui_job_get_problem(job), ==, "no room");
  plan.fails = FALSE;
  sight_ui_job_start(job);
  sight_ui_job_wait_for_all();
  g_assert_null(sight_ui_job_get_problem(job));
  g_assert_cmpint(plan.n_ended, ==, 2);
  /* What told of progress may hold the job for a moment. */
  g_object_unref(job);
  while (plan.n_freed == 0)
    g_main_context_iteration(NULL, TRUE);
}

static void test_cancel(void) {
  Plan plan = {.waits = TRUE};
  g_autoptr(SightUiJob) job = new_job(&plan);
  sight_ui_job_start(job);
  while (plan.n_total == 0)
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpuint(plan.n_done, ==, 2);
  g_assert_cmpuint(plan.n_total, ==, 5);
  /* Asked for while it runs, it runs once more; but not where it is cancelled. */
  sight_ui_job_start(job);
  sight_ui_job_cancel(job);
  sight_ui_job_wait_for_all();
  g_assert_cmpint(plan.n_runs, ==, 1);
  g_assert_cmpint(plan.n_cancelled, ==, 1);
  g_assert_null(sight_ui_job_get_problem(job));
  guint n_done = 1, n_total = 1;
  sight_ui_job_get_progress(job, &n_done, &n_total);
  g_assert_cmpuint(n_total, ==, 0);
}

static void test_again(void) {
  Plan plan = {0};
  g_autoptr(SightUiJob) job = new_job(&plan);
  sight_ui_job_start(job);
  sight_ui_job_start(job);
  sight_ui_job_start(job);
  sight_ui_job_wait_for_all();
  g_assert_cmpint(plan.n_runs, ==, 2);
  sight_ui_job_close(job);
  sight_ui_job_start(job);
  g_assert_false(sight_ui_job_is_running(job));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/job/failure", test_failure);
  g_test_add_func("/job/cancel", test_cancel);
  g_test_add_func("/job/again", test_again);
  return g_test_run();
}
