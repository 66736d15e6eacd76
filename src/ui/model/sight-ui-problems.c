/* SPDX-License-Identifier: MIT */
/* The list of problems: asks on workers, one question at a time. */
#include "sight-ui-problems.h"

#include "sight-library.h"
#include "sight-problem-where.h"

#include <string.h>

#define REFRESH_DELAY_MS 500

struct _SightUiProblems {
  GObject parent_instance;
  SightStore *store;
  SightUiFilter *filter;
  GPtrArray *all;      /* of SightProblem */
  GPtrArray *problems; /* of them those in that state, borrowed */
  SightUiProblemSpan span;
  SightProblemState state;
  guint n_in[SIGHT_N_PROBLEM_STATES];
  char *text;           /* of the last question */
  gint64 endpoint;      /* of the last question */
  GCancellable *cancel; /* of the question under way, or NULL */
  guint refresh_source;
  gboolean active, listed, stale;
  gboolean wants_all, whole;
  GError *error;
  SightUiProblemAct *undo; /* takes back what was said last; NULL: nothing was */
};

static void sight_ui_problems_list_model_init(GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE(SightUiProblems, sight_ui_problems, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, sight_ui_problems_list_model_init))

enum { ABOUT_TO_LIST, LISTED, SAID, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static GType get_item_type(GListModel *model) {
  return SIGHT_UI_TYPE_PROBLEM_ITEM;
}

static guint get_n_items(GListModel *model) {
  return SIGHT_UI_PROBLEMS(model)->problems->len;
}

static gpointer get_item(GListModel *model, guint position) {
  SightUiProblems *self = SIGHT_UI_PROBLEMS(model);
  return position < self->problems->len
             ? sight_ui_problem_item_new(self->all, self->problems->pdata[position], &self->span)
             : NULL;
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
  guint limit;
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
  question->problems =
      sessions != NULL ? sight_problems_list(db, sessions, question->limit, question->cancel, error) : NULL;
  return question->problems != NULL;
}

/* One that has come back is as new. */
static SightProblemState group_of(const SightProblem *problem) {
  return problem->state == SIGHT_PROBLEM_REGRESSED ? SIGHT_PROBLEM_NEW : problem->state;
}

static void show_state(SightUiProblems *self) {
  guint n_before = self->problems->len;
  g_signal_emit(self, signals[ABOUT_TO_LIST], 0);
  g_ptr_array_set_size(self->problems, 0);
  for (guint i = 0; i < self->all->len; i++) {
    if (group_of(self->all->pdata[i]) == self->state)
      g_ptr_array_add(self->problems, self->all->pdata[i]);
  }
  g_list_model_items_changed(G_LIST_MODEL(self), 0, n_before, self->problems->len);
}

static void take(SightUiProblems *self, GPtrArray *problems) {
  /* Rows of the old ones keep them for as long as they are on display. */
  g_autoptr(GPtrArray) old = self->all;
  self->all = problems;
  memset(self->n_in, 0, sizeof self->n_in);
  self->span = (SightUiProblemSpan){G_MAXINT64, 0};
  for (guint i = 0; i < problems->len; i++) {
    const SightProblem *problem = problems->pdata[i];
    self->n_in[group_of(problem)]++;
    if (problem->days->len == 0)
      continue;
    self->span.first = MIN(self->span.first, g_array_index(problem->days, SightProblemDay, 0).day);
    self->span.last = MAX(self->span.last, g_array_index(problem->days, SightProblemDay, problem->days->len - 1).day);
  }
  show_state(self);
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
    self->whole = question->limit == 0 || question->problems->len < question->limit;
    take(self, g_steal_pointer(&question->problems));
  } else {
    self->error = g_steal_pointer(&error);
  }
  self->listed = TRUE;
  g_signal_emit(self, signals[LISTED], 0);
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
  if (g_strcmp0(text, self->text) != 0 || endpoint != self->endpoint) {
    self->listed = FALSE;
    self->wants_all = self->state != SIGHT_PROBLEM_NEW;
  }
  cancel(self);
  self->stale = FALSE;
  g_free(self->text);
  self->text = g_strdup(text);
  self->endpoint = endpoint;
  self->cancel = g_cancellable_new();
  question->self = g_object_ref(self);
  question->text = g_steal_pointer(&text);
  question->endpoint = endpoint;
  question->limit = self->wants_all ? 0 : SIGHT_UI_PROBLEMS_FIRST;
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
  g_ptr_array_unref(self->all);
  g_free(self->text);
  g_clear_error(&self->error);
  sight_ui_problem_act_free(self->undo);
  G_OBJECT_CLASS(sight_ui_problems_parent_class)->finalize(object);
}

static void sight_ui_problems_class_init(SightUiProblemsClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  GType type = SIGHT_UI_TYPE_PROBLEMS;
  signals[ABOUT_TO_LIST] = g_signal_new("about-to-list", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LISTED] = g_signal_new("listed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAID] =
      g_signal_new("said", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void sight_ui_problems_init(SightUiProblems *self) {
  self->problems = g_ptr_array_new();
  self->all = g_ptr_array_new();
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

gint64 sight_ui_problems_get_endpoint(SightUiProblems *self) {
  return self->endpoint;
}

gboolean sight_ui_problems_is_listed(SightUiProblems *self) {
  return self->listed;
}

gboolean sight_ui_problems_is_whole(SightUiProblems *self) {
  return self->whole;
}

void sight_ui_problems_ask_all(SightUiProblems *self) {
  if (self->wants_all)
    return;
  self->wants_all = TRUE;
  /* A list that is whole has them; what is under way may not. */
  if (self->whole && self->cancel == NULL)
    return;
  self->stale = TRUE;
  self->listed = FALSE;
  if (self->active)
    ask(self);
}

gboolean sight_ui_problems_is_current(SightUiProblems *self) {
  return self->listed && !self->stale && self->cancel == NULL;
}

const GError *sight_ui_problems_get_error(SightUiProblems *self) {
  return self->error;
}

void sight_ui_problems_set_state(SightUiProblems *self, SightProblemState state) {
  self->state = state;
  if (state != SIGHT_PROBLEM_NEW)
    sight_ui_problems_ask_all(self);
  show_state(self);
  g_signal_emit(self, signals[LISTED], 0);
}

SightProblemState sight_ui_problems_get_state(SightUiProblems *self) {
  return self->state;
}

guint sight_ui_problems_get_n(SightUiProblems *self, SightProblemState state) {
  return self->n_in[state];
}

/* Of that project, else of any. */
static guint find(const GPtrArray *problems, gint64 endpoint, const char *id) {
  guint found = G_MAXUINT;
  for (guint i = 0; i < problems->len; i++) {
    const SightProblem *problem = problems->pdata[i];
    if (g_strcmp0(problem->id, id) != 0)
      continue;
    if (problem->endpoint == endpoint)
      return i;
    found = MIN(found, i);
  }
  return found;
}

gboolean sight_ui_problems_get_state_of(SightUiProblems *self, gint64 endpoint, const char *id,
                                        SightProblemState *state) {
  guint place = find(self->all, endpoint, id);
  if (place != G_MAXUINT)
    *state = group_of(self->all->pdata[place]);
  return place != G_MAXUINT;
}

guint sight_ui_problems_find(SightUiProblems *self, gint64 endpoint, const char *id) {
  return find(self->problems, endpoint, id);
}

const char *sight_ui_problems_get_text(SightUiProblems *self) {
  return self->text != NULL ? self->text : "";
}

typedef struct {
  SightProblem *problem;
  SightProblemLikeness likeness;
} Like;

/* The closest first, of equal ones as they rank. */
static int closest_first(gconstpointer a, gconstpointer b) {
  const Like *x = a, *y = b;
  if (x->likeness != y->likeness)
    return x->likeness < y->likeness ? -1 : 1;
  return (y->problem->score > x->problem->score) - (y->problem->score < x->problem->score);
}

GPtrArray *sight_ui_problems_similar(SightUiProblems *self, const SightProblem *problem, gboolean others) {
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Like));
  GPtrArray *similar = g_ptr_array_new();
  for (guint i = 0; i < self->all->len; i++) {
    SightProblem *other = self->all->pdata[i];
    Like like = {other, sight_problem_likeness(problem, other)};
    if (other->endpoint == problem->endpoint && !g_str_equal(other->id, problem->id) &&
        (others || like.likeness != SIGHT_PROBLEM_UNLIKE))
      g_array_append_val(found, like);
  }
  g_array_sort(found, closest_first);
  for (guint i = 0; i < found->len; i++)
    g_ptr_array_add(similar, g_array_index(found, Like, i).problem);
  return similar;
}

/* An act on its way into the store. */
typedef struct {
  SightUiProblems *self; /* a reference */
  SightUiProblemAct *act, *back;
  gboolean undoes;
} Say;

static void say_free(Say *say) {
  g_object_unref(say->self);
  sight_ui_problem_act_free(say->act);
  sight_ui_problem_act_free(say->back);
  g_free(say);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Say, say_free)

static gboolean run_act(SightDb *db, gpointer user_data, GError **error) {
  Say *say = user_data;
  g_clear_pointer(&say->back, sight_ui_problem_act_free);
  say->back = sight_ui_problem_act_run(db, say->act, error);
  return say->back != NULL;
}

static void written_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Say) say = user_data;
  SightUiProblems *self = say->self;
  g_autoptr(GError) error = NULL;
  gboolean done = sight_store_write_finish(SIGHT_STORE(source), result, &error);
  if (!done) {
    /* It can be tried once more. */
    if (say->undoes && self->undo == NULL)
      self->undo = g_steal_pointer(&say->act);
    g_signal_emit(self, signals[FAILED], 0, error->message);
    return;
  }
  if (!say->undoes) {
    g_clear_pointer(&self->undo, sight_ui_problem_act_free);
    self->undo = g_steal_pointer(&say->back);
  }
  g_signal_emit(self, signals[SAID], 0, say->act->words, !say->undoes);
}

/* Takes the act. */
static void do_it(SightUiProblems *self, SightUiProblemAct *act, gboolean undoes) {
  Say *say = g_new0(Say, 1);
  say->self = g_object_ref(self);
  say->act = act;
  say->undoes = undoes;
  sight_store_write_async(self->store, SIGHT_WRITE_DURABLE, run_act, say, NULL, NULL, written_cb, say);
}

void sight_ui_problems_do(SightUiProblems *self, SightUiProblemAct *act) {
  do_it(self, act, FALSE);
}

void sight_ui_problems_undo(SightUiProblems *self) {
  if (self->undo != NULL)
    do_it(self, g_steal_pointer(&self->undo), TRUE);
}
