/* SPDX-License-Identifier: MIT */
/* SightUiImporter: a queue before one job. */
#include "sight-ui-importer.h"

#include "sight-import.h"
#include "sight-ui-job.h"

#include <glib/gi18n-lib.h>

typedef struct {
  GPtrArray *files; /* of GFile */
  SightUiImport outcome;
} Call;

/* What the job works with. It owns it. */
typedef struct {
  SightStore *store; /* a reference */
  GQueue calls;      /* of Call; the first one is the thread's while it runs */
} Work;

struct _SightUiImporter {
  GObject parent_instance;
  SightUiJob *job;
  Work *work;
  guint n_before; /* files of the calls before, since there was something to do */
};

G_DEFINE_FINAL_TYPE(SightUiImporter, sight_ui_importer, G_TYPE_OBJECT)

enum { CHANGED, IMPORTED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void call_free(gpointer data) {
  Call *call = data;
  g_ptr_array_unref(call->files);
  g_string_free(call->outcome.problems, TRUE);
  g_free(call);
}

static void work_free(gpointer data) {
  Work *work = data;
  g_queue_clear_full(&work->calls, call_free);
  g_object_unref(work->store);
  g_free(work);
}

static void note_problem(SightUiImport *outcome, const char *problem) {
  g_string_append_printf(outcome->problems, "%s%s", outcome->problems->len > 0 ? "\n" : "", problem);
}

static void import_one(SightStore *store, GFile *file, SightUiImport *outcome, GCancellable *cancellable) {
  g_auto(SightImportResult) result = {0};
  g_autoptr(GError) error = NULL;
  if (!sight_import_file(store, file, cancellable, &result, &error)) {
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return;
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

static void add_folder(GPtrArray *files, GFile *folder, SightUiImport *outcome) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileEnumerator) children = g_file_enumerate_children(
      folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, NULL, &error);
  GFile *child;
  GFileInfo *info;
  while (children != NULL && g_file_enumerator_iterate(children, &info, &child, NULL, &error) && info != NULL) {
    if (g_file_info_get_file_type(info) == G_FILE_TYPE_REGULAR && strstr(g_file_info_get_name(info), ".json") != NULL)
      g_ptr_array_add(files, g_object_ref(child));
  }
  if (error != NULL) {
    outcome->n_failed++;
    note_problem(outcome, error->message);
  }
}

static gboolean run(SightUiJob *job, gpointer user_data, GCancellable *cancellable, GError **error) {
  Work *work = user_data;
  Call *call = g_queue_peek_head(&work->calls);
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < call->files->len; i++) {
    GFile *file = g_ptr_array_index(call->files, i);
    if (g_file_query_file_type(file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY)
      add_folder(files, file, &call->outcome);
    else
      g_ptr_array_add(files, g_object_ref(file));
  }
  call->outcome.n_files = files->len;
  for (guint i = 0; i < files->len && !g_cancellable_is_cancelled(cancellable); i++) {
    sight_ui_job_report(job, i, files->len);
    import_one(work->store, g_ptr_array_index(files, i), &call->outcome, cancellable);
  }
  call->outcome.stopped = g_cancellable_is_cancelled(cancellable);
  return TRUE;
}

static void changed(SightUiImporter *self) {
  g_signal_emit(self, signals[CHANGED], 0);
}

static void ended(SightUiImporter *self) {
  Call *call = g_queue_pop_head(&self->work->calls);
  if (call->outcome.stopped)
    g_queue_clear_full(&self->work->calls, call_free);
  self->n_before += call->outcome.n_files;
  if (g_queue_is_empty(&self->work->calls))
    self->n_before = 0;
  else
    sight_ui_job_start(self->job);
  /* First what came in: who hears that nothing is left to do may begin with something else. */
  g_signal_emit(self, signals[IMPORTED], 0, &call->outcome);
  changed(self);
  call_free(call);
}

void sight_ui_importer_add(SightUiImporter *self, GListModel *files) {
  Call *call = g_new0(Call, 1);
  call->files = g_ptr_array_new_with_free_func(g_object_unref);
  call->outcome.problems = g_string_new(NULL);
  for (guint i = 0; i < g_list_model_get_n_items(files); i++)
    g_ptr_array_add(call->files, g_list_model_get_item(files, i));
  g_queue_push_tail(&self->work->calls, call);
  if (!sight_ui_job_is_running(self->job))
    sight_ui_job_start(self->job);
  changed(self);
}

gboolean sight_ui_importer_get_progress(SightUiImporter *self, guint *n_done, guint *n_total) {
  GQueue *calls = &self->work->calls;
  sight_ui_job_get_progress(self->job, n_done, n_total);
  *n_done += self->n_before;
  *n_total += self->n_before;
  /* Of the first one what the job knows counts, once it knows. */
  for (GList *link = calls->head; link != NULL; link = link->next) {
    if (link != calls->head || *n_total == self->n_before)
      *n_total += ((Call *)link->data)->files->len;
  }
  return !g_queue_is_empty(calls);
}

void sight_ui_importer_cancel(SightUiImporter *self) {
  sight_ui_job_cancel(self->job);
}

static void sight_ui_importer_finalize(GObject *object) {
  SightUiImporter *self = SIGHT_UI_IMPORTER(object);
  sight_ui_job_close(self->job);
  g_object_unref(self->job);
  G_OBJECT_CLASS(sight_ui_importer_parent_class)->finalize(object);
}

static void sight_ui_importer_class_init(SightUiImporterClass *class) {
  G_OBJECT_CLASS(class)->finalize = sight_ui_importer_finalize;
  GType type = SIGHT_UI_TYPE_IMPORTER;
  signals[CHANGED] = g_signal_new("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[IMPORTED] =
      g_signal_new("imported", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void sight_ui_importer_init(SightUiImporter *self) {
}

SightUiImporter *sight_ui_importer_new(SightStore *store) {
  SightUiImporter *self = g_object_new(SIGHT_UI_TYPE_IMPORTER, NULL);
  self->work = g_new0(Work, 1);
  self->work->store = g_object_ref(store);
  g_queue_init(&self->work->calls);
  self->job = sight_ui_job_new(run, self->work, work_free);
  g_signal_connect_object(self->job, "changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->job, "ended", G_CALLBACK(ended), self, G_CONNECT_SWAPPED);
  return self;
}
