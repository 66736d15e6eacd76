/* SPDX-License-Identifier: MIT */
/* From moment to moment. */
#include "sight-ui-navigator.h"

struct _SightUiNavigator {
  GObject parent_instance;
  SightUiLibrary *library;
  SightUiPlayback *playback;
  gint64 heading_row; /* the session that is about to be opened; 0: none */
  guint n_asked;      /* answers to older questions are let go */
};

G_DEFINE_FINAL_TYPE(SightUiNavigator, sight_ui_navigator, G_TYPE_OBJECT)

enum { OPENING, NOWHERE, N_SIGNALS };
static guint signals[N_SIGNALS];

/* How many sessions are looked through at a time; then it is seen whether somebody still wants to know. */
#define PORTION 1000

/* What to find out on a worker: where to begin, or which moment comes next. */
typedef struct {
  SightUiNavigator *self; /* a reference */
  guint number;
  gint64 row;
  char *filter;
  gboolean play;
  int direction;      /* 0: where the reason says */
  gint64 after_ms;    /* moments after (or before) this */
  GArray *candidates; /* rows to look through after `row`, in order; gint64 */
  gint64 next;        /* the place in the list after them */
  gint64 found_row, found_ms;
  char *reason; /* what is to be seen there, or NULL */
} Step;

static void step_free(Step *step) {
  g_object_unref(step->self);
  g_clear_pointer(&step->candidates, g_array_unref);
  g_free(step->filter);
  g_free(step->reason);
  g_free(step);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Step, step_free)

/* The first of sorted times beyond `after_ms` in that direction; -1: none. */
static gint64 pick(GArray *moments, int direction, gint64 after_ms) {
  gint64 found = -1;
  for (guint i = 0; i < moments->len; i++) {
    gint64 at = g_array_index(moments, gint64, i);
    if (direction > 0 && at > after_ms)
      return at;
    if (direction < 0 && at < after_ms)
      found = at;
  }
  return found;
}

static gboolean find_start(SightDb *db, SightQuery *query, Step *step, GError **error) {
  g_autoptr(SightSession) session = sight_session_table_get(db, step->row, error);
  if (session == NULL)
    return FALSE;
  SightLibraryReason reason = {.signal = -1};
  if (!sight_library_reason(db, query, session, &reason, error))
    return FALSE;
  step->found_row = step->row;
  step->found_ms = reason.at_ms;
  step->reason = g_steal_pointer(&reason.reason);
  sight_library_reason_clear(&reason);
  return TRUE;
}

static gboolean find_moment(SightDb *db, SightQuery *query, Step *step, GError **error) {
  for (guint i = 0; i <= step->candidates->len; i++) {
    gint64 row = i == 0 ? step->row : g_array_index(step->candidates, gint64, i - 1);
    g_autoptr(GError) gone = NULL;
    g_autoptr(SightSession) session = row != 0 ? sight_session_table_get(db, row, &gone) : NULL;
    if (session == NULL)
      continue;
    g_autoptr(GArray) moments = sight_library_moments(db, query, session, error);
    if (moments == NULL)
      return FALSE;
    gint64 from = i == 0 ? step->after_ms : step->direction > 0 ? -1 : G_MAXINT64;
    gint64 at = pick(moments, step->direction, from);
    if (at < 0)
      continue;
    step->found_row = row;
    step->found_ms = at;
    step->reason = sight_library_moment_reason(db, query, session, at, NULL);
    return TRUE;
  }
  return TRUE;
}

static gboolean run_step(SightDb *db, gpointer user_data, GError **error) {
  Step *step = user_data;
  g_autoptr(SightFilter) filter = sight_filter_parse(step->filter, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  if (query == NULL)
    return FALSE;
  return step->direction == 0 ? find_start(db, query, step, error) : find_moment(db, query, step, error);
}

static void open_there(SightUiNavigator *self, gint64 row, gint64 at_ms, const char *reason, gboolean play) {
  guint position = sight_ui_library_find(self->library, row);
  if (position != G_MAXUINT)
    g_signal_emit(self, signals[OPENING], 0, position);
  sight_ui_playback_open(self->playback, row, at_ms, play);
  sight_ui_playback_set_moment_text(self->playback, reason);
}

static void find_out(Step *step);

/* FALSE: the list ends there, or is another one now. */
static gboolean take_portion(Step *step) {
  SightUiLibrary *library = step->self->library;
  if (g_strcmp0(step->filter, sight_ui_library_get_query(library)->filter) != 0)
    return FALSE;
  guint n_rows = g_list_model_get_n_items(G_LIST_MODEL(library));
  g_array_set_size(step->candidates, 0);
  for (; step->next >= 0 && step->next < n_rows && step->candidates->len < PORTION; step->next += step->direction) {
    gint64 candidate = sight_ui_library_row_at(library, (guint)step->next);
    g_array_append_val(step->candidates, candidate);
  }
  return step->candidates->len > 0;
}

static void step_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Step) step = user_data;
  SightUiNavigator *self = step->self;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (step->number != self->n_asked)
    return;
  if (ok && step->found_row == 0 && step->direction != 0 && take_portion(step)) {
    step->row = 0;
    find_out(g_steal_pointer(&step));
    return;
  }
  self->heading_row = 0;
  if (!ok || step->found_row == 0) {
    if (!ok)
      g_debug("No way there: %s", error->message);
    g_signal_emit(self, signals[NOWHERE], 0, step->direction >= 0);
    return;
  }
  open_there(self, step->found_row, step->found_ms, step->reason, step->play);
}

static void find_out(Step *step) {
  sight_store_read_async(sight_ui_playback_get_store(step->self->playback), run_step, step, NULL, NULL, step_cb, step);
}

static void start_step(SightUiNavigator *self, Step *step) {
  self->heading_row = step->direction == 0 ? step->row : 0;
  step->number = ++self->n_asked;
  find_out(step);
}

static Step *step_new(SightUiNavigator *self) {
  Step *step = g_new0(Step, 1);
  step->self = g_object_ref(self);
  step->filter = g_strdup(sight_ui_library_get_query(self->library)->filter);
  return step;
}

void sight_ui_navigator_open(SightUiNavigator *self, gint64 row, gboolean play) {
  Step *step = step_new(self);
  step->row = row;
  step->play = play;
  start_step(self, step);
}

void sight_ui_navigator_stay(SightUiNavigator *self) {
  self->n_asked++;
  self->heading_row = 0;
}

void sight_ui_navigator_open_at(SightUiNavigator *self, gint64 row, gint64 at_ms) {
  sight_ui_navigator_stay(self);
  open_there(self, row, at_ms, NULL, TRUE);
}

void sight_ui_navigator_step_session(SightUiNavigator *self, int direction) {
  guint n_rows = g_list_model_get_n_items(G_LIST_MODEL(self->library));
  /* Pressed twice at once, it goes two sessions on. */
  gint64 from = self->heading_row != 0 ? self->heading_row : sight_ui_playback_get_session_row(self->playback);
  guint position = sight_ui_library_find(self->library, from);
  gint64 next = position == G_MAXUINT ? (direction > 0 ? 0 : (gint64)n_rows - 1) : (gint64)position + direction;
  if (next < 0 || next >= n_rows) {
    g_signal_emit(self, signals[NOWHERE], 0, direction > 0);
    return;
  }
  sight_ui_navigator_open(self, sight_ui_library_row_at(self->library, (guint)next), TRUE);
}

void sight_ui_navigator_step_moment(SightUiNavigator *self, int direction) {
  gint64 row = sight_ui_playback_get_session_row(self->playback);
  guint position = row != 0 ? sight_ui_library_find(self->library, row) : G_MAXUINT;
  guint n_rows = g_list_model_get_n_items(G_LIST_MODEL(self->library));
  Step *step = step_new(self);
  step->direction = direction;
  step->play = TRUE;
  step->row = position != G_MAXUINT ? row : 0;
  gint64 here = sight_ui_playback_get_position_ms(self->playback);
  /* A moment that was just gone to plays from a little before it: it is not the next one again, nor the previous. */
  gint64 moment_ms = sight_ui_playback_get_moment_ms(self->playback);
  step->after_ms = moment_ms < 0 ? here : direction > 0 ? MAX(here, moment_ms) : MIN(here, moment_ms);
  step->candidates = g_array_new(FALSE, FALSE, sizeof(gint64));
  step->next = position == G_MAXUINT ? (direction > 0 ? 0 : (gint64)n_rows - 1) : (gint64)position + direction;
  take_portion(step);
  start_step(self, step);
}

static void sight_ui_navigator_finalize(GObject *object) {
  SightUiNavigator *self = SIGHT_UI_NAVIGATOR(object);
  g_clear_object(&self->library);
  g_clear_object(&self->playback);
  G_OBJECT_CLASS(sight_ui_navigator_parent_class)->finalize(object);
}

static void sight_ui_navigator_class_init(SightUiNavigatorClass *class) {
  G_OBJECT_CLASS(class)->finalize = sight_ui_navigator_finalize;
  GType type = SIGHT_UI_TYPE_NAVIGATOR;
  signals[OPENING] = g_signal_new("opening", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[NOWHERE] =
      g_signal_new("nowhere", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void sight_ui_navigator_init(SightUiNavigator *self) {
}

SightUiNavigator *sight_ui_navigator_new(SightUiLibrary *library, SightUiPlayback *playback) {
  SightUiNavigator *self = g_object_new(SIGHT_UI_TYPE_NAVIGATOR, NULL);
  self->library = g_object_ref(library);
  self->playback = g_object_ref(playback);
  return self;
}
