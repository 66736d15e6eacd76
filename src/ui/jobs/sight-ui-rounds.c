/* SPDX-License-Identifier: MIT */
/* SightUiRounds: one job for each endpoint. */
#include "sight-ui-rounds.h"

#include "sight-source.h"
#include "sight-ui-job.h"
#include "sight-ui-settings.h"

#define DEFAULT_INTERVAL_S 60
#define MINUTE_MS 60000

/* What a job works with, and what it leaves. The job owns it. */
typedef struct {
  SightStore *store; /* a reference */
  gint64 endpoint;
  char *aside; /* what the last round had to leave; NULL: nothing */
  SightUiJob *job;
  int left_min; /* atomic: about how long the rest takes, as its thread told last; 0: not known */
} Work;

/* One endpoint that is synced with. */
typedef struct {
  SightUiSyncState state;
  SightUiJob *job;
  Work *work;
  gint64 due_us; /* monotonic */
  gint64 last_answer_ms;
} Round;

struct _SightUiRounds {
  GObject parent_instance;
  SightStore *store;
  GPtrArray *rounds; /* of Round, whose first member is a SightUiSyncState */
};

G_DEFINE_FINAL_TYPE(SightUiRounds, sight_ui_rounds, G_TYPE_OBJECT)

static guint changed_signal;

static void work_free(gpointer data) {
  Work *work = data;
  g_object_unref(work->store);
  g_free(work->aside);
  g_free(work);
}

static void round_free(gpointer data) {
  Round *round = data;
  sight_ui_job_close(round->job);
  g_object_unref(round->job);
  g_clear_pointer(&round->state.endpoint, sight_endpoint_free);
  g_free(round->state.problem);
  g_free(round);
}

static void sync_progress(const SightSyncProgress *progress, gpointer user_data) {
  Work *work = user_data;
  g_atomic_int_set(&work->left_min, (int)MIN((progress->left_ms + MINUTE_MS - 1) / MINUTE_MS, G_MAXINT));
  sight_ui_job_report(work->job, progress->n_sessions, progress->n_sessions_total);
}

static gboolean run_round(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  Work *work = user_data;
  SightSyncProgress total = {0};
  g_clear_pointer(&work->aside, g_free);
  work->job = job;
  gboolean done = sight_source_run(work->store, work->endpoint, sync_progress, work, &total, cancellable, error);
  g_atomic_int_set(&work->left_min, 0);
  if (!done)
    return FALSE;
  work->aside = sight_sync_problem(work->store, work->endpoint);
  return TRUE;
}

static gint64 interval_us(const SightEndpoint *endpoint) {
  GSettings *settings = sight_ui_settings_get();
  int wanted_s = settings != NULL ? g_settings_get_int(settings, "sync-interval") : DEFAULT_INTERVAL_S;
  return (gint64)sight_source_interval_s(endpoint, wanted_s) * G_USEC_PER_SEC;
}

/* Opening the window is no reason to ask a product again; a collector answers anybody at any time. */
static gint64 first_due_us(const SightEndpoint *endpoint) {
  gint64 since_us = g_get_real_time() - endpoint->synced_ms * 1000, wait_us = interval_us(endpoint);
  gboolean at_once = sight_source_kind(endpoint->kind)->every_s == 0 || endpoint->problem != NULL || since_us < 0;
  return at_once ? 0 : g_get_monotonic_time() + MAX(wait_us - since_us, 0);
}

static void take_outcome(Round *round, const GError *error) {
  gint64 now_ms = g_get_real_time() / 1000;
  g_clear_pointer(&round->state.problem, g_free);
  round->state.refused = round->state.faulty = round->state.misset = FALSE;
  if (error == NULL) {
    round->state.problem = g_steal_pointer(&round->work->aside);
    round->state.offline_since_ms = 0;
    round->last_answer_ms = now_ms;
    return;
  }
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  round->state.problem = g_strdup(error->message);
  round->state.refused = g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED);
  round->state.faulty = g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
  round->state.misset = g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_SETTING);
  if (round->state.refused || round->state.faulty || round->state.misset)
    round->state.offline_since_ms = 0;
  else if (round->state.offline_since_ms == 0)
    round->state.offline_since_ms = round->last_answer_ms != 0 ? round->last_answer_ms : now_ms;
}

static Round *find_round(SightUiRounds *self, const SightUiJob *job) {
  for (guint i = 0; i < self->rounds->len; i++) {
    Round *round = g_ptr_array_index(self->rounds, i);
    if (round->job == job)
      return round;
  }
  return NULL;
}

static void round_changed(SightUiRounds *self, SightUiJob *job) {
  Round *round = find_round(self, job);
  if (round == NULL)
    return;
  round->state.running = sight_ui_job_is_running(job);
  sight_ui_job_get_progress(job, &round->state.n_done, &round->state.n_total);
  round->state.left_min = g_atomic_int_get(&round->work->left_min);
  g_signal_emit(self, changed_signal, 0);
}

static void round_ended(SightUiRounds *self, const GError *error, SightUiJob *job) {
  Round *round = find_round(self, job);
  if (round == NULL)
    return;
  round->due_us = g_get_monotonic_time() + interval_us(round->state.endpoint);
  take_outcome(round, error);
  round_changed(self, job);
}

static void start_round(SightUiRounds *self, Round *round) {
  if (round->state.running)
    return;
  sight_ui_job_start(round->job);
  round_changed(self, round->job);
}

void sight_ui_rounds_tick(SightUiRounds *self) {
  gint64 now = g_get_monotonic_time();
  for (guint i = 0; i < self->rounds->len; i++) {
    Round *round = g_ptr_array_index(self->rounds, i);
    if (round->due_us <= now)
      start_round(self, round);
  }
}

static Round *round_new(SightUiRounds *self, const SightEndpoint *endpoint) {
  Round *round = g_new0(Round, 1);
  round->last_answer_ms = endpoint->synced_ms;
  round->due_us = first_due_us(endpoint);
  round->work = g_new0(Work, 1);
  round->work->store = g_object_ref(self->store);
  round->work->endpoint = endpoint->row;
  round->job = sight_ui_job_new(run_round, round->work, work_free);
  g_signal_connect_object(round->job, "changed", G_CALLBACK(round_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(round->job, "ended", G_CALLBACK(round_ended), self, G_CONNECT_SWAPPED);
  return round;
}

void sight_ui_rounds_take_endpoints(SightUiRounds *self, GPtrArray *endpoints) {
  g_autoptr(GPtrArray) old = g_steal_pointer(&self->rounds);
  self->rounds = g_ptr_array_new_with_free_func(round_free);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    Round *round = NULL;
    if (!sight_source_can(endpoint, SIGHT_SOURCE_SYNCS))
      continue;
    for (guint j = 0; j < old->len && round == NULL; j++) {
      if (((Round *)g_ptr_array_index(old, j))->work->endpoint == endpoint->row)
        round = g_ptr_array_steal_index_fast(old, j);
    }
    if (round == NULL)
      round = round_new(self, endpoint);
    else if (g_strcmp0(round->state.endpoint->scope, endpoint->scope) != 0)
      sight_ui_job_start(round->job);
    g_clear_pointer(&round->state.endpoint, sight_endpoint_free);
    round->state.endpoint = sight_endpoint_copy(endpoint);
    g_ptr_array_add(self->rounds, round);
  }
  sight_ui_rounds_tick(self);
}

GPtrArray *sight_ui_rounds_get_states(SightUiRounds *self) {
  return self->rounds;
}

void sight_ui_rounds_start(SightUiRounds *self, gint64 endpoint) {
  for (guint i = 0; i < self->rounds->len; i++) {
    Round *round = g_ptr_array_index(self->rounds, i);
    if (endpoint == 0 || round->work->endpoint == endpoint)
      start_round(self, round);
  }
}

void sight_ui_rounds_cancel(SightUiRounds *self) {
  for (guint i = 0; i < self->rounds->len; i++)
    sight_ui_job_cancel(((Round *)g_ptr_array_index(self->rounds, i))->job);
}

static void sight_ui_rounds_dispose(GObject *object) {
  SightUiRounds *self = SIGHT_UI_ROUNDS(object);
  g_clear_pointer(&self->rounds, g_ptr_array_unref);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_rounds_parent_class)->dispose(object);
}

static void sight_ui_rounds_class_init(SightUiRoundsClass *class) {
  G_OBJECT_CLASS(class)->dispose = sight_ui_rounds_dispose;
  changed_signal =
      g_signal_new("changed", SIGHT_UI_TYPE_ROUNDS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_rounds_init(SightUiRounds *self) {
  self->rounds = g_ptr_array_new_with_free_func(round_free);
}

SightUiRounds *sight_ui_rounds_new(SightStore *store) {
  SightUiRounds *self = g_object_new(SIGHT_UI_TYPE_ROUNDS, NULL);
  self->store = g_object_ref(store);
  return self;
}
