/* SPDX-License-Identifier: MIT */
/* Syncing, analysis and import beside the window. */
#include "sight-ui-jobs.h"

#include "sight-analysis.h"
#include "sight-block-table.h"
#include "sight-import.h"
#include "sight-sync.h"
#include "sight-ui-settings.h"

#include <glib/gi18n.h>

#define LOCAL_INTERVAL_S 5
#define DEFAULT_INTERVAL_S 60
#define TELL_DELAY_MS 100
#define COMPACT_QUIET_MS (10 * 60 * 1000)
#define COMPACT_INTERVAL_US (10 * 60 * G_USEC_PER_SEC)
#define COMPACT_FIRST_US (60 * G_USEC_PER_SEC)

/* One endpoint that is synced with. */
typedef struct {
  SightUiSyncState state;
  gint64 due_us; /* monotonic */
  gint64 last_answer_ms;
  GCancellable *cancel; /* of the running round, or NULL */
} Round;

struct _SightUiJobs {
  GObject parent_instance;
  SightStore *store;
  gboolean stopped;
  guint n_threads;

  GPtrArray *endpoints; /* of SightEndpoint */
  gboolean known, reading, read_again;
  GPtrArray *rounds; /* of Round, whose first member is a SightUiSyncState */
  guint tick_source, tell_source;

  gboolean analysing, analyse_again;
  GCancellable *analysis_cancel;
  guint n_analysed;
  gint64 n_waiting;
  gint64 compact_due_us; /* monotonic; never while it is going on */

  GCancellable *import_cancel;
  GQueue imports; /* of ImportCall */
  guint n_imported, n_to_import;
};

G_DEFINE_FINAL_TYPE(SightUiJobs, sight_ui_jobs, G_TYPE_OBJECT)

enum { CHANGED, IMPORTED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void round_free(gpointer data) {
  Round *round = data;
  g_clear_pointer(&round->state.endpoint, sight_endpoint_free);
  g_free(round->state.problem);
  g_clear_object(&round->cancel);
  g_free(round);
}

static gboolean tell(gpointer user_data) {
  SightUiJobs *self = user_data;
  self->tell_source = 0;
  g_signal_emit(self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Threads report more often than anyone can read. */
static void tell_soon(SightUiJobs *self) {
  if (self->tell_source == 0 && !self->stopped)
    self->tell_source = g_timeout_add(TELL_DELAY_MS, tell, self);
}

/* Not behind the drawing: a busy window would show old numbers. */
static void to_main(GSourceFunc func, gpointer data) {
  g_idle_add_full(G_PRIORITY_DEFAULT, func, data, NULL);
}

/* A report of a round, carried to the main thread. */
typedef struct {
  SightUiJobs *self; /* a reference */
  gint64 endpoint;
  SightSyncProgress progress;
} Report;

typedef struct {
  SightUiJobs *self; /* a reference */
  gint64 endpoint;
} SyncCall;

static void sync_call_free(gpointer data) {
  SyncCall *call = data;
  g_object_unref(call->self);
  g_free(call);
}

static Round *find_round(SightUiJobs *self, gint64 endpoint) {
  for (guint i = 0; i < self->rounds->len; i++) {
    Round *round = g_ptr_array_index(self->rounds, i);
    if (round->state.endpoint->row == endpoint)
      return round;
  }
  return NULL;
}

static gboolean sync_reported(gpointer user_data) {
  g_autofree Report *report = user_data;
  g_autoptr(SightUiJobs) self = report->self;
  Round *round = find_round(self, report->endpoint);
  if (round != NULL && round->state.running) {
    round->state.n_done = report->progress.n_sessions;
    round->state.n_total = report->progress.n_sessions_total;
    tell_soon(self);
  }
  return G_SOURCE_REMOVE;
}

static void sync_progress(const SightSyncProgress *progress, gpointer user_data) {
  SyncCall *call = user_data;
  Report *report = g_new0(Report, 1);
  report->self = g_object_ref(call->self);
  report->endpoint = call->endpoint;
  report->progress = *progress;
  to_main(sync_reported, report);
}

static void sync_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  SyncCall *call = task_data;
  GError *error = NULL;
  SightSyncProgress total = {0};
  if (sight_sync_run(call->self->store, call->endpoint, sync_progress, call, &total, cancellable, &error))
    g_task_return_pointer(task, sight_sync_problem(call->self->store, call->endpoint), g_free);
  else
    g_task_return_error(task, error);
}

static int interval_s(const SightEndpoint *endpoint) {
  g_autoptr(GUri) uri = endpoint->url != NULL ? g_uri_parse(endpoint->url, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
  if (g_strcmp0(host, "127.0.0.1") == 0 || g_strcmp0(host, "::1") == 0 || g_strcmp0(host, "localhost") == 0)
    return LOCAL_INTERVAL_S;
  GSettings *settings = sight_ui_settings_get();
  return settings != NULL ? g_settings_get_int(settings, "sync-interval") : DEFAULT_INTERVAL_S;
}

/* `aside`: what the round had to leave; NULL: nothing. */
static void round_ended(Round *round, const char *aside, const GError *error) {
  gint64 now_ms = g_get_real_time() / 1000;
  g_clear_pointer(&round->state.problem, g_free);
  round->state.refused = round->state.faulty = FALSE;
  if (error == NULL) {
    round->state.problem = g_strdup(aside);
    round->state.offline_since_ms = 0;
    round->last_answer_ms = now_ms;
    return;
  }
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  round->state.problem = g_strdup(error->message);
  round->state.refused = g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_REFUSED);
  round->state.faulty = g_error_matches(error, SIGHT_SYNC_ERROR, SIGHT_SYNC_ERROR_PROTOCOL);
  if (round->state.refused || round->state.faulty)
    round->state.offline_since_ms = 0;
  else if (round->state.offline_since_ms == 0)
    round->state.offline_since_ms = round->last_answer_ms != 0 ? round->last_answer_ms : now_ms;
}

static void synced_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiJobs) self = SIGHT_UI_JOBS(g_object_ref(source));
  SyncCall *call = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  g_autofree char *aside = g_task_propagate_pointer(G_TASK(result), &error);
  self->n_threads--;
  Round *round = find_round(self, call->endpoint);
  if (round == NULL)
    return;
  round->state.running = FALSE;
  round->state.n_done = round->state.n_total = 0;
  g_clear_object(&round->cancel);
  round->due_us = g_get_monotonic_time() + interval_s(round->state.endpoint) * G_USEC_PER_SEC;
  round_ended(round, aside, error);
  tell_soon(self);
}

static void start_round(SightUiJobs *self, Round *round) {
  if (round->state.running || self->stopped)
    return;
  round->state.running = TRUE;
  round->cancel = g_cancellable_new();
  SyncCall *call = g_new0(SyncCall, 1);
  call->self = g_object_ref(self);
  call->endpoint = round->state.endpoint->row;
  g_autoptr(GTask) task = g_task_new(self, round->cancel, synced_cb, NULL);
  g_task_set_task_data(task, call, sync_call_free);
  self->n_threads++;
  g_task_run_in_thread(task, sync_thread);
  tell_soon(self);
}

static void compaction_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  SightUiJobs *self = source;
  GError *error = NULL;
  if (sight_block_table_compact(self->store, COMPACT_QUIET_MS, NULL, cancellable, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void compacted_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  SightUiJobs *self = SIGHT_UI_JOBS(source);
  g_autoptr(GError) error = NULL;
  if (!g_task_propagate_boolean(G_TASK(result), &error) && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning("Compacting stopped: %s", error->message);
  self->n_threads--;
  self->compact_due_us = g_get_monotonic_time() + COMPACT_INTERVAL_US;
}

/* Nobody waits for it, so it gives way to everything that somebody may wait for. */
static void compact_if_idle(SightUiJobs *self, gint64 now) {
  if (now < self->compact_due_us || self->analysing || !g_queue_is_empty(&self->imports))
    return;
  self->compact_due_us = G_MAXINT64;
  self->n_threads++;
  g_autoptr(GTask) task = g_task_new(self, self->analysis_cancel, compacted_cb, NULL);
  g_task_run_in_thread(task, compaction_thread);
}

static gboolean tick(gpointer user_data) {
  SightUiJobs *self = user_data;
  gint64 now = g_get_monotonic_time();
  compact_if_idle(self, now);
  for (guint i = 0; i < self->rounds->len; i++) {
    Round *round = g_ptr_array_index(self->rounds, i);
    if (round->due_us <= now)
      start_round(self, round);
  }
  return G_SOURCE_CONTINUE;
}

static SightEndpoint *copy_endpoint(const SightEndpoint *endpoint) {
  SightEndpoint *copy = g_memdup2(endpoint, sizeof *endpoint);
  copy->kind = g_strdup(endpoint->kind);
  copy->name = g_strdup(endpoint->name);
  copy->url = g_strdup(endpoint->url);
  copy->cursor = g_strdup(endpoint->cursor);
  copy->annotation_cursor = g_strdup(endpoint->annotation_cursor);
  copy->problem = g_strdup(endpoint->problem);
  return copy;
}

static void take_endpoints(SightUiJobs *self, GPtrArray *endpoints) {
  g_autoptr(GPtrArray) old = g_steal_pointer(&self->rounds);
  self->rounds = g_ptr_array_new_with_free_func(round_free);
  for (guint i = 0; i < endpoints->len; i++) {
    const SightEndpoint *endpoint = g_ptr_array_index(endpoints, i);
    if (endpoint->url == NULL)
      continue;
    Round *round = NULL;
    for (guint j = 0; j < old->len && round == NULL; j++) {
      Round *candidate = g_ptr_array_index(old, j);
      if (candidate->state.endpoint->row == endpoint->row)
        round = g_ptr_array_steal_index_fast(old, j);
    }
    if (round == NULL) {
      round = g_new0(Round, 1);
      round->last_answer_ms = endpoint->synced_ms;
    }
    g_clear_pointer(&round->state.endpoint, sight_endpoint_free);
    round->state.endpoint = copy_endpoint(endpoint);
    g_ptr_array_add(self->rounds, round);
  }
  for (guint i = 0; i < old->len; i++) {
    Round *removed = g_ptr_array_index(old, i);
    if (removed->cancel != NULL)
      g_cancellable_cancel(removed->cancel);
  }
  g_clear_pointer(&self->endpoints, g_ptr_array_unref);
  self->endpoints = endpoints;
  self->known = TRUE;
}

typedef struct {
  SightUiJobs *self;
  GPtrArray *endpoints;
} EndpointCall;

static gboolean read_endpoints(SightDb *db, gpointer user_data, GError **error) {
  EndpointCall *call = user_data;
  call->endpoints = sight_endpoint_table_list(db, error);
  return call->endpoints != NULL;
}

static void look_for_endpoints(SightUiJobs *self);

static void endpoints_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autofree EndpointCall *call = user_data;
  g_autoptr(SightUiJobs) self = call->self;
  g_autoptr(GPtrArray) endpoints = call->endpoints;
  g_autoptr(GError) error = NULL;
  self->reading = FALSE;
  if (!sight_store_read_finish(SIGHT_STORE(source), result, &error) || self->stopped)
    return;
  take_endpoints(self, g_steal_pointer(&endpoints));
  tick(self);
  tell_soon(self);
  if (self->read_again)
    look_for_endpoints(self);
}

static void look_for_endpoints(SightUiJobs *self) {
  self->read_again = self->reading;
  if (self->reading || self->stopped)
    return;
  self->reading = TRUE;
  EndpointCall *call = g_new0(EndpointCall, 1);
  call->self = g_object_ref(self);
  sight_store_read_async(self->store, read_endpoints, call, NULL, NULL, endpoints_cb, call);
}

typedef struct {
  SightUiJobs *self; /* a reference */
  guint n_done;
  gint64 n_waiting;
} AnalysisReport;

static gboolean analysis_reported(gpointer user_data) {
  g_autofree AnalysisReport *report = user_data;
  g_autoptr(SightUiJobs) self = report->self;
  self->n_analysed = report->n_done;
  self->n_waiting = report->n_waiting;
  tell_soon(self);
  return G_SOURCE_REMOVE;
}

static void analysis_progress(guint n_done, gint64 n_waiting, gpointer user_data) {
  AnalysisReport *report = g_new0(AnalysisReport, 1);
  report->self = g_object_ref(user_data);
  report->n_done = n_done;
  report->n_waiting = n_waiting;
  to_main(analysis_reported, report);
}

static void analysis_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  SightUiJobs *self = source;
  GError *error = NULL;
  guint n_analysed = 0;
  if (sight_analysis_run_pending(self->store, analysis_progress, self, &n_analysed, cancellable, &error))
    g_task_return_int(task, n_analysed);
  else
    g_task_return_error(task, error);
}

static void analysed_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiJobs) self = SIGHT_UI_JOBS(g_object_ref(source));
  g_autoptr(GError) error = NULL;
  g_task_propagate_int(G_TASK(result), &error);
  self->n_threads--;
  self->analysing = FALSE;
  self->n_analysed = 0;
  self->n_waiting = 0;
  if (error != NULL && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning("Analysis stopped: %s", error->message);
  tell_soon(self);
  if (self->analyse_again && !self->stopped)
    sight_ui_jobs_analyse(self);
}

void sight_ui_jobs_analyse(SightUiJobs *self) {
  /* What was written meanwhile may wait for analysis: one more look when this one is through. */
  self->analyse_again = self->analysing;
  if (self->analysing || self->stopped)
    return;
  self->analysing = TRUE;
  g_autoptr(GTask) task = g_task_new(self, self->analysis_cancel, analysed_cb, NULL);
  self->n_threads++;
  g_task_run_in_thread(task, analysis_thread);
}

gboolean sight_ui_jobs_get_analysis(SightUiJobs *self, guint *n_done, gint64 *n_waiting) {
  *n_done = self->n_analysed;
  *n_waiting = self->n_waiting;
  return self->analysing && self->n_waiting > 0;
}

typedef struct {
  GPtrArray *files; /* of GFile */
  SightUiImport outcome;
} ImportCall;

static void import_call_free(gpointer data) {
  ImportCall *call = data;
  g_ptr_array_unref(call->files);
  g_string_free(call->outcome.problems, TRUE);
  g_free(call);
}

static gboolean file_reported(gpointer user_data) {
  g_autoptr(SightUiJobs) self = user_data;
  self->n_imported++;
  tell_soon(self);
  return G_SOURCE_REMOVE;
}

static void note_problem(SightUiImport *outcome, const char *problem) {
  g_string_append_printf(outcome->problems, "%s%s", outcome->problems->len > 0 ? "\n" : "", problem);
}

static void import_one(SightStore *store, GFile *file, SightUiImport *outcome, GCancellable *cancellable) {
  g_auto(SightImportResult) result = {0};
  g_autoptr(GError) error = NULL;
  if (!sight_import_file(store, file, cancellable, &result, &error)) {
    outcome->n_failed++;
    note_problem(outcome, error->message);
    return;
  }
  outcome->n_done++;
  outcome->n_duplicates += result.duplicate;
  if (outcome->first_row == 0)
    outcome->first_row = result.row;
  if (result.notice == NULL)
    return;
  g_autofree char *name = g_file_get_basename(file);
  g_autofree char *display_name = g_filename_display_name(name);
  g_autofree char *problem = g_strdup_printf("“%s”: %s", display_name, result.notice);
  outcome->n_incomplete++;
  note_problem(outcome, problem);
}

static void add_folder(GPtrArray *files, GFile *folder) {
  g_autoptr(GFileEnumerator) children = g_file_enumerate_children(
      folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  GFile *child;
  GFileInfo *info;
  while (children != NULL && g_file_enumerator_iterate(children, &info, &child, NULL, NULL) && info != NULL) {
    if (g_file_info_get_file_type(info) == G_FILE_TYPE_REGULAR && strstr(g_file_info_get_name(info), ".json") != NULL)
      g_ptr_array_add(files, g_object_ref(child));
  }
}

static void import_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  SightUiJobs *self = source;
  ImportCall *call = task_data;
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < call->files->len; i++) {
    GFile *file = g_ptr_array_index(call->files, i);
    if (g_file_query_file_type(file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY)
      add_folder(files, file);
    else
      g_ptr_array_add(files, g_object_ref(file));
  }
  call->outcome.n_files = files->len;
  for (guint i = 0; i < files->len && !g_cancellable_is_cancelled(cancellable); i++) {
    import_one(self->store, g_ptr_array_index(files, i), &call->outcome, cancellable);
    to_main(file_reported, g_object_ref(self));
  }
  g_task_return_boolean(task, TRUE);
}

static void start_import(SightUiJobs *self);

static void imported_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiJobs) self = SIGHT_UI_JOBS(g_object_ref(source));
  ImportCall *call = g_task_get_task_data(G_TASK(result));
  self->n_threads--;
  g_queue_pop_head(&self->imports);
  if (g_queue_is_empty(&self->imports))
    self->n_imported = self->n_to_import = 0;
  tell_soon(self);
  if (self->stopped)
    return;
  g_signal_emit(self, signals[IMPORTED], 0, &call->outcome);
  start_import(self);
}

static void start_import(SightUiJobs *self) {
  ImportCall *call = g_queue_peek_head(&self->imports);
  if (call == NULL || self->stopped)
    return;
  g_autoptr(GTask) task = g_task_new(self, self->import_cancel, imported_cb, NULL);
  g_task_set_task_data(task, call, import_call_free);
  self->n_threads++;
  g_task_run_in_thread(task, import_thread);
}

void sight_ui_jobs_import(SightUiJobs *self, GListModel *files) {
  ImportCall *call = g_new0(ImportCall, 1);
  call->files = g_ptr_array_new_with_free_func(g_object_unref);
  call->outcome.problems = g_string_new(NULL);
  for (guint i = 0; i < g_list_model_get_n_items(files); i++)
    g_ptr_array_add(call->files, g_list_model_get_item(files, i));
  self->n_to_import += call->files->len;
  g_queue_push_tail(&self->imports, call);
  if (g_queue_get_length(&self->imports) == 1)
    start_import(self);
  tell_soon(self);
}

gboolean sight_ui_jobs_get_import(SightUiJobs *self, guint *n_done, guint *n_total) {
  *n_done = self->n_imported;
  *n_total = MAX(self->n_to_import, self->n_imported);
  return !g_queue_is_empty(&self->imports);
}

static void store_changed(SightUiJobs *self) {
  look_for_endpoints(self);
  sight_ui_jobs_analyse(self);
}

void sight_ui_jobs_stop(SightUiJobs *self) {
  self->stopped = TRUE;
  g_clear_handle_id(&self->tick_source, g_source_remove);
  g_clear_handle_id(&self->tell_source, g_source_remove);
  g_cancellable_cancel(self->analysis_cancel);
  g_cancellable_cancel(self->import_cancel);
  sight_ui_jobs_cancel_sync(self);
  while (self->n_threads > 0 || self->reading)
    g_main_context_iteration(NULL, TRUE);
}

static void sight_ui_jobs_finalize(GObject *object) {
  SightUiJobs *self = SIGHT_UI_JOBS(object);
  g_clear_handle_id(&self->tick_source, g_source_remove);
  g_clear_handle_id(&self->tell_source, g_source_remove);
  g_clear_object(&self->analysis_cancel);
  g_clear_object(&self->import_cancel);
  g_ptr_array_unref(self->rounds);
  g_clear_pointer(&self->endpoints, g_ptr_array_unref);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_jobs_parent_class)->finalize(object);
}

static void sight_ui_jobs_class_init(SightUiJobsClass *class) {
  G_OBJECT_CLASS(class)->finalize = sight_ui_jobs_finalize;
  GType type = SIGHT_UI_TYPE_JOBS;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[IMPORTED] =
      g_signal_new("imported", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void sight_ui_jobs_init(SightUiJobs *self) {
  self->rounds = g_ptr_array_new_with_free_func(round_free);
  self->endpoints = g_ptr_array_new();
  self->analysis_cancel = g_cancellable_new();
  self->import_cancel = g_cancellable_new();
  g_queue_init(&self->imports);
}

SightUiJobs *sight_ui_jobs_new(SightStore *store) {
  SightUiJobs *self = g_object_new(SIGHT_UI_TYPE_JOBS, NULL);
  self->store = g_object_ref(store);
  g_signal_connect_object(store, "changed", G_CALLBACK(store_changed), self, G_CONNECT_SWAPPED);
  self->compact_due_us = g_get_monotonic_time() + COMPACT_FIRST_US;
  self->tick_source = g_timeout_add_seconds(1, tick, self);
  store_changed(self);
  return self;
}

GPtrArray *sight_ui_jobs_get_sync(SightUiJobs *self) {
  return self->rounds;
}

GPtrArray *sight_ui_jobs_get_endpoints(SightUiJobs *self) {
  return self->endpoints;
}

gboolean sight_ui_jobs_knows_endpoints(SightUiJobs *self) {
  return self->known;
}

void sight_ui_jobs_sync_now(SightUiJobs *self, gint64 endpoint) {
  for (guint i = 0; i < self->rounds->len; i++) {
    Round *round = g_ptr_array_index(self->rounds, i);
    if (endpoint == 0 || round->state.endpoint->row == endpoint)
      start_round(self, round);
  }
}

void sight_ui_jobs_cancel_sync(SightUiJobs *self) {
  for (guint i = 0; i < self->rounds->len; i++) {
    Round *round = g_ptr_array_index(self->rounds, i);
    if (round->cancel != NULL)
      g_cancellable_cancel(round->cancel);
  }
}
