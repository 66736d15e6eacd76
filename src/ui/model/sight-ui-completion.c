/* SPDX-License-Identifier: MIT */
/* Completion of the filter bar: the question is about the whole sentence, the answer is for what is typed. */
#include "sight-ui-completion.h"

#include <string.h>

#define MAX_ROWS 12
/* More than there are keys: all of them can be browsed. */
#define MAX_KEYS 200

struct _SightUiCompletion {
  GObject parent_instance;
  SightStore *store;
  SightUiFilter *filter;
  GCancellable *cancel; /* of the question under way, or NULL */
  GPtrArray *rows;
  char *typed;    /* that the rows are for */
  guint from, to; /* bytes of it that a row replaces */
};

G_DEFINE_FINAL_TYPE(SightUiCompletion, sight_ui_completion, G_TYPE_OBJECT)

static guint listed_signal;

typedef struct {
  SightUiCompletion *self; /* a reference */
  GCancellable *cancel;
  char *text, *typed;
  gsize before; /* bytes of the sentence before what is typed */
  SightCompletions *found;
} Question;

static void question_free(Question *question) {
  g_object_unref(question->self);
  g_object_unref(question->cancel);
  g_free(question->text);
  g_free(question->typed);
  g_clear_pointer(&question->found, sight_completions_free);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static gboolean read_rows(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  guint limit = *question->typed == '\0' ? MAX_KEYS : MAX_ROWS;
  question->found =
      sight_complete(db, question->text, (guint)strlen(question->text), limit, g_get_real_time() / 1000, error);
  return question->found != NULL;
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Question) question = user_data;
  SightUiCompletion *self = question->self;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, NULL);
  if (question->cancel != self->cancel)
    return;
  g_clear_object(&self->cancel);
  if (!ok || question->found->from < question->before)
    return;
  g_ptr_array_unref(self->rows);
  self->rows = g_ptr_array_ref(question->found->rows);
  g_free(self->typed);
  self->typed = g_steal_pointer(&question->typed);
  self->from = question->found->from - (guint)question->before;
  self->to = question->found->to - (guint)question->before;
  g_signal_emit(self, listed_signal, 0);
}

static void cancel(SightUiCompletion *self) {
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
}

void sight_ui_completion_ask(SightUiCompletion *self, const char *typed) {
  cancel(self);
  if (typed == NULL) {
    g_ptr_array_unref(self->rows);
    self->rows = g_ptr_array_new();
    g_signal_emit(self, listed_signal, 0);
    return;
  }
  g_autofree char *before = sight_ui_filter_before(self->filter);
  Question *question = g_new0(Question, 1);
  self->cancel = g_cancellable_new();
  question->self = g_object_ref(self);
  question->cancel = g_object_ref(self->cancel);
  question->typed = g_strdup(typed);
  question->text = g_strconcat(before, typed, NULL);
  question->before = strlen(before);
  sight_store_read_async(self->store, read_rows, question, NULL, self->cancel, read_cb, question);
}

GPtrArray *sight_ui_completion_get_rows(SightUiCompletion *self) {
  return self->rows;
}

char *sight_ui_completion_apply(SightUiCompletion *self, guint row) {
  const SightCompletion *found = self->rows->pdata[row];
  return g_strdup_printf("%.*s%s%s", (int)self->from, self->typed, found->insert, self->typed + self->to);
}

static void dispose(GObject *object) {
  SightUiCompletion *self = SIGHT_UI_COMPLETION(object);
  cancel(self);
  g_clear_object(&self->filter);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_completion_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiCompletion *self = SIGHT_UI_COMPLETION(object);
  g_ptr_array_unref(self->rows);
  g_free(self->typed);
  G_OBJECT_CLASS(sight_ui_completion_parent_class)->finalize(object);
}

static void sight_ui_completion_class_init(SightUiCompletionClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  listed_signal =
      g_signal_new("listed", SIGHT_UI_TYPE_COMPLETION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_completion_init(SightUiCompletion *self) {
  self->rows = g_ptr_array_new();
}

SightUiCompletion *sight_ui_completion_new(SightStore *store, SightUiFilter *filter) {
  SightUiCompletion *self = g_object_new(SIGHT_UI_TYPE_COMPLETION, NULL);
  self->store = g_object_ref(store);
  self->filter = g_object_ref(filter);
  return self;
}
