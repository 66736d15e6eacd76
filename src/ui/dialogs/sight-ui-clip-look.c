/* SPDX-License-Identifier: MIT */
#include "sight-ui-clip-look.h"

#include "sight-clip.h"
#include "sight-note-table.h"

typedef struct {
  SightStore *store;
  gint64 endpoint;
  char *session;
  SightUiReel *reel;
  GArray *parts;
  GPtrArray *notes, *findings;
} Looking;

static void looking_free(gpointer data) {
  Looking *self = data;

  g_object_unref(self->store);
  g_clear_pointer(&self->reel, sight_ui_reel_unref);
  g_clear_pointer(&self->parts, g_array_unref);
  g_clear_pointer(&self->notes, g_ptr_array_unref);
  g_clear_pointer(&self->findings, g_ptr_array_unref);
  g_free(self->session);
  g_free(self);
}

static gboolean read_notes(SightDb *db, gpointer user_data, GError **error) {
  Looking *self = user_data;

  self->notes = sight_note_table_list(db, self->endpoint, self->session, error);
  return self->notes != NULL;
}

/* What the team said goes along in some forms: it counts as well. */
static char **texts_of(const GPtrArray *notes) {
  g_autoptr(GStrvBuilder) texts = g_strv_builder_new();

  for (guint i = 0; i < notes->len; i++)
    g_strv_builder_add(texts, ((const SightNote *)g_ptr_array_index(notes, i))->annotation->body);
  return g_strv_builder_end(texts);
}

static gboolean look(Looking *self, GCancellable *cancellable, GError **error) {
  g_autoptr(GString) events = g_string_new(NULL);
  const SightClipPart *parts = (const SightClipPart *)(const void *)self->parts->data;

  if (!sight_store_read(self->store, read_notes, self, error) ||
      !sight_clip_write(parts, self->parts->len, SIGHT_CLIP_JSON, NULL, cancellable, events, error))
    return FALSE;
  g_auto(GStrv) texts = texts_of(self->notes);
  self->findings = sight_audit_findings(events->str, events->len, (const char *const *)texts, cancellable, error);
  return self->findings != NULL;
}

static void look_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Looking *self = data;
  GError *error = NULL;

  if (look(self, cancellable, &error))
    g_task_return_pointer(task, g_steal_pointer(&self->findings), (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error(task, error);
}

void sight_ui_clip_look_async(SightStore *store, gint64 endpoint, const char *session, SightUiReel *reel, GArray *parts,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Looking *self = g_new0(Looking, 1);

  self->store = g_object_ref(store);
  self->endpoint = endpoint;
  self->session = g_strdup(session);
  self->reel = sight_ui_reel_ref(reel);
  self->parts = parts;
  g_task_set_task_data(task, self, looking_free);
  g_task_run_in_thread(task, look_thread);
}

GPtrArray *sight_ui_clip_look_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}

static void notes_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Looking *self = data;
  GError *error = NULL;

  if (sight_store_read(self->store, read_notes, self, &error))
    g_task_return_pointer(task, g_steal_pointer(&self->notes), (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error(task, error);
}

void sight_ui_clip_notes_async(SightStore *store, gint64 endpoint, const char *session, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
  Looking *self = g_new0(Looking, 1);

  self->store = g_object_ref(store);
  self->endpoint = endpoint;
  self->session = g_strdup(session);
  g_task_set_task_data(task, self, looking_free);
  g_task_run_in_thread(task, notes_thread);
}

GPtrArray *sight_ui_clip_notes_finish(GAsyncResult *result, GError **error) {
  return g_task_propagate_pointer(G_TASK(result), error);
}
