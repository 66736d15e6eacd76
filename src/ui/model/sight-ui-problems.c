/* SPDX-License-Identifier: MIT */
/* The list of problems: asks on workers, one question at a time. */
#include "sight-ui-problems.h"

#include "sight-library.h"

#define REFRESH_DELAY_MS 500

struct _SightUiProblems {
  GObject parent_instance;
  SightStore *store;
  SightUiFilter *filter;
  GPtrArray *problems;  /* of SightProblem */
  char *text;           /* of the last question */
  gint64 endpoint;      /* of the last question */
  GCancellable *cancel; /* of the question under way, or NULL */
  guint refresh_source;
  gboolean active, listed, stale;
  GError *error;
};

static void sight_ui_problems_list_model_init(GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE(SightUiProblems, sight_ui_problems, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, sight_ui_problems_list_model_init))

static guint listed_signal;

static GType get_item_type(GListModel *model) {
  return SIGHT_UI_TYPE_PROBLEM_ITEM;
}

static guint get_n_items(GListModel *model) {
  return SIGHT_UI_PROBLEMS(model)->problems->len;
}

static gpointer get_item(GListModel *model, guint position) {
  GPtrArray *problems = SIGHT_UI_PROBLEMS(model)->problems;
  return position < problems->len ? sight_ui_problem_item_new(problems, position) : NULL;
}

static void sight_ui_problems_list_model_init(GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

typedef struct {
  SightUiProblems *self; /* a reference */
  char *text;
  gint64 endpoint;
  GCancellable *cancel;
  GPtrArray *problems;
} Question;

static void question_free(Question *question) {
  g_object_unref(question->self);
  g_object_unref(question->cancel);
  g_free(question->text);
  g_clear_pointer(&question->problems, g_ptr_array_unref);
  g_free(question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Question, question_free)

static gboolean read_problems(SightDb *db, gpointer user_data, GError **error) {
  Question *question = user_data;
  g_autoptr(SightSet) sessions = sight_library_sessions(db, question->text, question->endpoint, error);
  question->problems = sessions != NULL ? sight_problems_list(db, sessions, question->cancel, error) : NULL;
  return question->problems != NULL;
}

static void ask_soon(SightUiProblems *self);

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Question) question = user_data;
  SightUiProblems *self = question->self;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (question->cancel != self->cancel)
    return;
  g_clear_object(&self->cancel);
  g_clear_error(&self->error);
  if (ok) {
    g_autoptr(GPtrArray) old = self->problems;
    self->problems = g_steal_pointer(&question->problems);
    g_list_model_items_changed(G_LIST_MODEL(self), 0, old->len, self->problems->len);
  } else {
    self->error = g_steal_pointer(&error);
  }
  self->listed = TRUE;
  g_signal_emit(self, listed_signal, 0);
  if (self->stale)
    ask_soon(self);
}

static void cancel(SightUiProblems *self) {
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
}

static void ask(SightUiProblems *self) {
  Question *question = g_new0(Question, 1);
  g_autofree char *text = sight_ui_filter_base(self->filter, "problem");
  gint64 endpoint = sight_ui_filter_get_endpoint(self->filter);
  if (g_strcmp0(text, self->text) != 0 || endpoint != self->endpoint)
    self->listed = FALSE;
  cancel(self);
  self->stale = FALSE;
  g_free(self->text);
  self->text = g_strdup(text);
  self->endpoint = endpoint;
  self->cancel = g_cancellable_new();
  question->self = g_object_ref(self);
  question->text = g_steal_pointer(&text);
  question->endpoint = endpoint;
  question->cancel = g_object_ref(self->cancel);
  sight_store_read_async(self->store, read_problems, question, NULL, self->cancel, read_cb, question);
}

static gboolean refresh(gpointer user_data) {
  SightUiProblems *self = user_data;
  self->refresh_source = 0;
  if (self->active)
    ask(self);
  return G_SOURCE_REMOVE;
}

/* Analysis writes many times a second, and a list of problems reads much: what is under way is let come to its end. */
static void ask_soon(SightUiProblems *self) {
  if (self->active && self->refresh_source == 0 && self->cancel == NULL)
    self->refresh_source = g_timeout_add(REFRESH_DELAY_MS, refresh, self);
}

static void store_changed(SightUiProblems *self) {
  self->stale = TRUE;
  ask_soon(self);
}

static void filter_changed(SightUiProblems *self) {
  g_autofree char *text = sight_ui_filter_base(self->filter, "problem");
  if (g_strcmp0(text, self->text) == 0 && self->endpoint == sight_ui_filter_get_endpoint(self->filter))
    return;
  self->stale = TRUE;
  if (self->active)
    ask(self);
}

static void dispose(GObject *object) {
  SightUiProblems *self = SIGHT_UI_PROBLEMS(object);
  g_clear_handle_id(&self->refresh_source, g_source_remove);
  cancel(self);
  g_clear_object(&self->filter);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_problems_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  SightUiProblems *self = SIGHT_UI_PROBLEMS(object);
  g_ptr_array_unref(self->problems);
  g_free(self->text);
  g_clear_error(&self->error);
  G_OBJECT_CLASS(sight_ui_problems_parent_class)->finalize(object);
}

static void sight_ui_problems_class_init(SightUiProblemsClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  listed_signal =
      g_signal_new("listed", SIGHT_UI_TYPE_PROBLEMS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_problems_init(SightUiProblems *self) {
  self->problems = g_ptr_array_new();
  self->stale = TRUE;
}

SightUiProblems *sight_ui_problems_new(SightStore *store, SightUiFilter *filter) {
  SightUiProblems *self = g_object_new(SIGHT_UI_TYPE_PROBLEMS, NULL);
  self->store = g_object_ref(store);
  self->filter = g_object_ref(filter);
  g_signal_connect_object(store, "changed", G_CALLBACK(store_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(filter, "changed", G_CALLBACK(filter_changed), self, G_CONNECT_SWAPPED);
  return self;
}

void sight_ui_problems_set_active(SightUiProblems *self, gboolean active) {
  self->active = active;
  if (active && self->stale)
    ask(self);
}

gboolean sight_ui_problems_is_listed(SightUiProblems *self) {
  return self->listed;
}

const GError *sight_ui_problems_get_error(SightUiProblems *self) {
  return self->error;
}
