/* SPDX-License-Identifier: MIT */
/* Notes of one session, read anew whenever the store changes. */
#include "sight-ui-notes.h"

#include "sight-hash.h"
#include "sight-unread-table.h"

#include <string.h>

struct _SightUiNotes {
  GObject parent_instance;
  SightStore *store;
  gint64 endpoint;
  char *session; /* NULL: none is open */
  GPtrArray *list;
  char **colours;
  GHashTable *news; /* ids that were unread since the session was opened */
  guint n_unread;
  guint n_asked; /* answers to older questions are let go */
};

G_DEFINE_FINAL_TYPE(SightUiNotes, sight_ui_notes, G_TYPE_OBJECT)

static guint changed_signal;

typedef struct {
  SightUiNotes *self; /* a reference */
  guint number;
  gint64 endpoint;
  char *session;
  GPtrArray *list;
  char **colours;
  GHashTable *unread;
} Reading;

static void reading_free(Reading *reading) {
  g_object_unref(reading->self);
  g_free(reading->session);
  g_clear_pointer(&reading->list, g_ptr_array_unref);
  g_strfreev(reading->colours);
  g_clear_pointer(&reading->unread, g_hash_table_unref);
  g_free(reading);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reading, reading_free)

static gboolean read_notes(SightDb *db, gpointer user_data, GError **error) {
  Reading *reading = user_data;

  reading->list = sight_note_table_list(db, reading->endpoint, reading->session, error);
  reading->colours = reading->list != NULL ? sight_note_table_colours(db, reading->endpoint, error) : NULL;
  reading->unread =
      reading->colours != NULL ? sight_unread_table_list(db, reading->endpoint, reading->session, error) : NULL;
  return reading->unread != NULL;
}

static GPtrArray *empty_list(void) {
  return g_ptr_array_new_with_free_func((GDestroyNotify)sight_note_free);
}

static void take(SightUiNotes *self, GPtrArray *list, char **colours) {
  g_ptr_array_unref(self->list);
  g_strfreev(self->colours);
  self->list = list;
  self->colours = colours;
  g_signal_emit(self, changed_signal, 0);
}

/* Where they cannot be read, those of before stay. */
static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Reading) reading = user_data;
  SightUiNotes *self = reading->self;

  if (!sight_store_read_finish(SIGHT_STORE(source), result, NULL) || reading->number != self->n_asked)
    return;
  GHashTableIter it;
  gpointer id = NULL;
  self->n_unread = g_hash_table_size(reading->unread);
  g_hash_table_iter_init(&it, reading->unread);
  while (g_hash_table_iter_next(&it, &id, NULL))
    g_hash_table_add(self->news, g_strdup(id));
  take(self, g_steal_pointer(&reading->list), g_steal_pointer(&reading->colours));
}

static void load(SightUiNotes *self) {
  if (self->session == NULL)
    return;
  Reading *reading = g_new0(Reading, 1);
  reading->self = g_object_ref(self);
  reading->number = ++self->n_asked;
  reading->endpoint = self->endpoint;
  reading->session = g_strdup(self->session);
  sight_store_read_async(self->store, read_notes, reading, NULL, NULL, read_cb, reading);
}

void sight_ui_notes_set_session(SightUiNotes *self, gint64 endpoint, const char *session) {
  gboolean other = self->endpoint != endpoint;

  if (!other && g_strcmp0(self->session, session) == 0)
    return;
  g_free(self->session);
  self->endpoint = endpoint;
  self->session = g_strdup(session);
  g_hash_table_remove_all(self->news);
  self->n_unread = 0;
  self->n_asked++;
  /* Colours are of a project. */
  if (self->list->len > 0 || other)
    take(self, empty_list(), other ? NULL : g_steal_pointer(&self->colours));
  load(self);
}

gint64 sight_ui_notes_get_endpoint(SightUiNotes *self) {
  return self->endpoint;
}

GPtrArray *sight_ui_notes_get_list(SightUiNotes *self) {
  return self->list;
}

gboolean sight_ui_notes_is_new(SightUiNotes *self, const SightAnnotation *said) {
  return g_hash_table_contains(self->news, said->id);
}

guint sight_ui_notes_get_n_unread(SightUiNotes *self) {
  return self->n_unread;
}

typedef struct {
  gint64 endpoint;
  char *session;
} Clearing;

static void clearing_free(gpointer data) {
  Clearing *clearing = data;

  g_free(clearing->session);
  g_free(clearing);
}

static gboolean clear_unread(SightDb *db, gpointer user_data, GError **error) {
  const Clearing *clearing = user_data;

  return sight_unread_table_clear(db, clearing->endpoint, clearing->session, error);
}

void sight_ui_notes_mark_read(SightUiNotes *self) {
  if (self->n_unread == 0)
    return;
  self->n_unread = 0;
  Clearing *clearing = g_new0(Clearing, 1);
  clearing->endpoint = self->endpoint;
  clearing->session = g_strdup(self->session);
  /* Where it cannot be kept, they are new once more. */
  sight_store_write_async(self->store, SIGHT_WRITE_NORMAL, clear_unread, clearing, clearing_free, NULL, NULL, NULL);
}

const char *const *sight_ui_notes_get_colours(SightUiNotes *self) {
  static const char *const none[] = {NULL};

  return self->colours != NULL ? (const char *const *)self->colours : none;
}

const char *sight_ui_notes_get_colour(SightUiNotes *self, const SightNote *note) {
  const char *const *colours = sight_ui_notes_get_colours(self);

  for (guint i = 0; note->colour != NULL && colours[i] != NULL; i++) {
    const char *value = strrchr(colours[i], '=');
    gsize length = (gsize)(value - colours[i]);
    if (strlen(note->colour) == length && strncmp(colours[i], note->colour, length) == 0)
      return value + 1;
  }
  return NULL;
}

static void finalize(GObject *object) {
  SightUiNotes *self = SIGHT_UI_NOTES(object);

  g_object_unref(self->store);
  g_free(self->session);
  g_ptr_array_unref(self->list);
  g_strfreev(self->colours);
  g_hash_table_unref(self->news);
  G_OBJECT_CLASS(sight_ui_notes_parent_class)->finalize(object);
}

static void sight_ui_notes_class_init(SightUiNotesClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  changed_signal = g_signal_new("changed", SIGHT_UI_TYPE_NOTES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_ui_notes_init(SightUiNotes *self) {
  self->list = empty_list();
  self->news = g_hash_table_new_full(sight_hash_text, g_str_equal, g_free, NULL);
}

SightUiNotes *sight_ui_notes_new(SightStore *store) {
  SightUiNotes *self = g_object_new(SIGHT_UI_TYPE_NOTES, NULL);

  self->store = g_object_ref(store);
  g_signal_connect_object(store, "changed", G_CALLBACK(load), self, G_CONNECT_SWAPPED);
  return self;
}
