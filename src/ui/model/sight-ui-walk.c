/* SPDX-License-Identifier: MIT */
/* Reads the moments of the sessions as they are listed, some at a time. */
#include "sight-ui-walk.h"

#define AT_ONCE 100
#define DELAY_MS 250

struct _SightUiWalk {
  GObject parent_instance;
  SightUiLibrary *library;
  SightStore *store;
  GArray *moments;      /* of Moment */
  guint n_sessions;     /* looked through */
  char *filter;         /* whose moments these are, or NULL */
  GCancellable *cancel; /* of the reading under way, or NULL */
  guint start_source;
  gboolean whole;
};

G_DEFINE_FINAL_TYPE(SightUiWalk, sight_ui_walk, G_TYPE_OBJECT)

static guint changed_signal;

typedef struct {
  gint64 row, at_ms;
} Moment;

typedef struct {
  SightUiWalk *self; /* a reference */
  GCancellable *cancel;
  char *filter;
  GArray *rows;    /* gint64 */
  GArray *moments; /* of Moment */
} Part;

static void part_free(Part *part) {
  g_object_unref(part->self);
  g_object_unref(part->cancel);
  g_free(part->filter);
  g_array_unref(part->rows);
  g_array_unref(part->moments);
  g_free(part);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Part, part_free)

static gboolean read_session(SightDb *db, SightQuery *query, gint64 row, Part *part, GError **error) {
  g_autoptr(GError) gone = NULL;
  g_autoptr(SightSession) session = sight_session_table_get(db, row, &gone);
  g_autoptr(GArray) times = session != NULL ? sight_library_moments(db, query, session, error) : NULL;
  for (guint i = 0; times != NULL && i < times->len; i++) {
    Moment moment = {row, g_array_index(times, gint64, i)};
    g_array_append_val(part->moments, moment);
  }
  return session == NULL || times != NULL;
}

static gboolean read_part(SightDb *db, gpointer user_data, GError **error) {
  Part *part = user_data;
  g_autoptr(SightFilter) filter = sight_filter_parse(part->filter, NULL, error);
  g_autoptr(SightQuery) query = filter != NULL ? sight_query_new(db, filter, g_get_real_time() / 1000, error) : NULL;
  for (guint i = 0; query != NULL && i < part->rows->len; i++) {
    if (g_cancellable_set_error_if_cancelled(part->cancel, error) ||
        !read_session(db, query, g_array_index(part->rows, gint64, i), part, error))
      return FALSE;
  }
  return query != NULL;
}

static void read_more(SightUiWalk *self);

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Part) part = user_data;
  SightUiWalk *self = part->self;
  g_autoptr(GError) error = NULL;
  gboolean ok = sight_store_read_finish(SIGHT_STORE(source), result, &error);
  if (part->cancel != self->cancel)
    return;
  g_clear_object(&self->cancel);
  if (!ok) {
    g_debug("Moments cannot be read: %s", error->message);
    return;
  }
  g_array_append_vals(self->moments, part->moments->data, part->moments->len);
  self->n_sessions += part->rows->len;
  read_more(self);
  g_signal_emit(self, changed_signal, 0);
}

static void read_more(SightUiWalk *self) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->library));
  guint end = MIN(MIN(n, SIGHT_UI_WALK_SESSIONS), self->n_sessions + AT_ONCE);
  self->whole = self->n_sessions >= n;
  if (self->n_sessions >= end)
    return;
  Part *part = g_new0(Part, 1);
  self->cancel = g_cancellable_new();
  part->self = g_object_ref(self);
  part->cancel = g_object_ref(self->cancel);
  part->filter = g_strdup(sight_ui_library_get_query(self->library)->filter);
  part->rows = g_array_new(FALSE, FALSE, sizeof(gint64));
  part->moments = g_array_new(FALSE, FALSE, sizeof(Moment));
  for (guint i = self->n_sessions; i < end; i++) {
    gint64 row = sight_ui_library_row_at(self->library, i);
    g_array_append_val(part->rows, row);
  }
  sight_store_read_async(self->store, read_part, part, NULL, self->cancel, read_cb, part);
}

static void stop(SightUiWalk *self) {
  g_clear_handle_id(&self->start_source, g_source_remove);
  if (self->cancel != NULL)
    g_cancellable_cancel(self->cancel);
  g_clear_object(&self->cancel);
}

static gboolean start(gpointer user_data) {
  SightUiWalk *self = user_data;
  self->start_source = 0;
  stop(self);
  g_array_set_size(self->moments, 0);
  self->n_sessions = 0;
  g_free(self->filter);
  self->filter = g_strdup(sight_ui_library_get_query(self->library)->filter);
  read_more(self);
  g_signal_emit(self, changed_signal, 0);
  return G_SOURCE_REMOVE;
}

/* The list is told again with each session that is analysed: the walk begins anew once that has come to rest. Under
 * another filter there are other moments: until they are known there are none. */
static void listed(SightUiWalk *self) {
  stop(self);
  if (g_strcmp0(self->filter, sight_ui_library_get_query(self->library)->filter) != 0) {
    g_array_set_size(self->moments, 0);
    self->whole = FALSE;
    g_signal_emit(self, changed_signal, 0);
  }
  self->start_source = g_timeout_add(DELAY_MS, start, self);
}

static void dispose(GObject *object) {
  SightUiWalk *self = SIGHT_UI_WALK(object);
  stop(self);
  g_clear_object(&self->library);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_walk_parent_class)->dispose(object);
}

static void finalize(GObject *object) {
  g_array_unref(SIGHT_UI_WALK(object)->moments);
  g_free(SIGHT_UI_WALK(object)->filter);
  G_OBJECT_CLASS(sight_ui_walk_parent_class)->finalize(object);
}

static void sight_ui_walk_class_init(SightUiWalkClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal = g_signal_new("changed", SIGHT_UI_TYPE_WALK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_walk_init(SightUiWalk *self) {
  self->moments = g_array_new(FALSE, FALSE, sizeof(Moment));
}

SightUiWalk *sight_ui_walk_new(SightUiLibrary *library, SightStore *store) {
  SightUiWalk *self = g_object_new(SIGHT_UI_TYPE_WALK, NULL);
  self->library = g_object_ref(library);
  self->store = g_object_ref(store);
  g_signal_connect_object(library, "listed", G_CALLBACK(listed), self, G_CONNECT_SWAPPED);
  return self;
}

guint sight_ui_walk_get_n(SightUiWalk *self) {
  return self->moments->len;
}

gboolean sight_ui_walk_is_whole(SightUiWalk *self) {
  return self->whole;
}

int sight_ui_walk_find(SightUiWalk *self, gint64 row, gint64 at_ms) {
  for (guint i = 0; i < self->moments->len; i++) {
    const Moment *moment = &g_array_index(self->moments, Moment, i);
    if (moment->row == row && moment->at_ms == at_ms)
      return (int)i;
  }
  return -1;
}

gint64 sight_ui_walk_next_session(SightUiWalk *self, gint64 row, gint64 at_ms) {
  int place = sight_ui_walk_find(self, row, at_ms);
  for (guint i = (guint)(place + 1); place >= 0 && i < self->moments->len; i++) {
    const Moment *moment = &g_array_index(self->moments, Moment, i);
    if (moment->row != row)
      return moment->row;
  }
  return 0;
}
