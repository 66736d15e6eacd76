/* SPDX-License-Identifier: MIT */
/* Where the events of a file or of a foreign recording go. */
#include "sight-import-sink.h"

#include "sight-endpoint-table.h"
#include "sight-hash.h"
#include "sight-text.h"

#include <glib/gi18n-lib.h>

#define BATCH_BYTES (256 * 1024)
/* Each has a batch in memory. */
#define MAX_WINDOWS 256
#define ONLY_WINDOW "main"

typedef struct {
  char *id;
  SightBatchBuilder builder;
  gint64 seq;
} Window;

struct SightImportSink {
  SightDb *db;
  gint64 endpoint;
  char *session;
  gint64 received_ms;
  GPtrArray *windows; /* of Window, in the order of their first event */
  GHashTable *by_id;
  GHashTable *known; /* sessions; the strings are those of the array */
  GPtrArray *sessions;
  guint64 n_events;
  guint64 n_stored;
};

static void window_free(gpointer data) {
  Window *window = data;
  sight_batch_builder_clear(&window->builder);
  g_free(window->id);
  g_free(window);
}

SightImportSink *sight_import_sink_new(SightDb *db, gint64 endpoint, const char *session, gint64 received_ms) {
  SightImportSink *self = g_new0(SightImportSink, 1);
  self->db = db;
  self->endpoint = endpoint;
  self->session = g_strdup(session);
  self->received_ms = received_ms;
  self->windows = g_ptr_array_new_with_free_func(window_free);
  self->by_id = g_hash_table_new(sight_hash_text, g_str_equal);
  self->known = g_hash_table_new(sight_hash_text, g_str_equal);
  self->sessions = g_ptr_array_new_with_free_func(g_free);
  return self;
}

void sight_import_sink_free(SightImportSink *self) {
  if (self == NULL)
    return;
  g_free(self->session);
  g_hash_table_unref(self->by_id);
  g_ptr_array_unref(self->windows);
  g_hash_table_unref(self->known);
  g_ptr_array_unref(self->sessions);
  g_free(self);
}

gboolean sight_import_sink_put(SightImportSink *self, SightBatch *batch, GError **error) {
  batch->received_at_ms = self->received_ms;
  SightPutResult result = sight_batch_table_put(self->db, self->endpoint, batch, error);
  if (result == SIGHT_PUT_FAILED)
    return FALSE;
  if (!g_hash_table_contains(self->known, batch->session)) {
    char *session = g_strdup(batch->session);
    g_ptr_array_add(self->sessions, session);
    g_hash_table_add(self->known, session);
  }
  self->n_stored += result == SIGHT_PUT_STORED ? 1 : 0;
  self->n_events += batch->n_events;
  return TRUE;
}

static gboolean flush_window(SightImportSink *self, Window *window, GError **error) {
  if (window->builder.n_events == 0)
    return TRUE;
  SightBatch batch = {.session = self->session, .window = window->id, .seq = window->seq++};
  sight_batch_builder_finish(&window->builder, &batch);
  batch.sent_at_ms = batch.last_ms;
  gboolean ok = sight_import_sink_put(self, &batch, error);
  sight_batch_builder_restart(&window->builder);
  return ok;
}

char *sight_import_window_id(const char *tainted_window) {
  if (tainted_window == NULL || tainted_window[0] == '\0')
    return g_strdup(ONLY_WINDOW);
  if (sight_id_is_valid(tainted_window))
    return g_strdup(tainted_window);
  g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, tainted_window, -1);
  return g_strdup_printf("w-%.20s", hash);
}

static Window *add_window(SightImportSink *self, const char *id, gint64 seq) {
  Window *window = g_new0(Window, 1);
  window->id = g_strdup(id);
  window->seq = seq;
  g_ptr_array_add(self->windows, window);
  g_hash_table_insert(self->by_id, window->id, window);
  return window;
}

static Window *find_window(SightImportSink *self, const char *tainted_window) {
  g_autofree char *id = sight_import_window_id(tainted_window);
  Window *window = g_hash_table_lookup(self->by_id, id);
  return window != NULL || self->windows->len >= MAX_WINDOWS ? window : add_window(self, id, 0);
}

gboolean sight_import_sink_go_on(SightImportSink *self, gint64 session_row, GError **error) {
  g_autoptr(GPtrArray) infos = sight_batch_table_windows(self->db, session_row, error);
  for (guint i = 0; infos != NULL && i < infos->len; i++) {
    const SightWindowInfo *info = infos->pdata[i];
    add_window(self, info->window, info->n_batches + info->n_missing);
  }
  return infos != NULL;
}

gboolean sight_import_sink_add(SightImportSink *self, const SightEvent *event, const char *tainted_window,
                               GError **error) {
  Window *window = find_window(self, tainted_window);
  if (window == NULL)
    return FALSE;
  sight_batch_builder_add(&window->builder, event);
  return window->builder.json->len < BATCH_BYTES || flush_window(self, window, error);
}

gboolean sight_import_sink_flush(SightImportSink *self, GError **error) {
  for (guint i = 0; i < self->windows->len; i++)
    if (!flush_window(self, self->windows->pdata[i], error))
      return FALSE;
  return TRUE;
}

gboolean sight_import_sink_begin(SightImportSink *self, const char *session, GError **error) {
  if (!sight_import_sink_flush(self, error))
    return FALSE;
  g_hash_table_remove_all(self->by_id);
  g_ptr_array_set_size(self->windows, 0);
  g_free(self->session);
  self->session = g_strdup(session);
  return TRUE;
}

guint64 sight_import_sink_n_events(const SightImportSink *self) {
  return self->n_events;
}

guint64 sight_import_sink_n_stored(const SightImportSink *self) {
  return self->n_stored;
}

GPtrArray *sight_import_sink_sessions(SightImportSink *self) {
  return self->sessions;
}
