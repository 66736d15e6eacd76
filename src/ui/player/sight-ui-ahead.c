/* SPDX-License-Identifier: MIT */
#include "sight-ui-ahead.h"

/* The store may change many times a second. */
#define CALM_MS 1000

struct _SightUiAhead {
  GObject parent_instance;
  SightStore *store;
  gint64 row; /* 0: none */
  SightUiReel *reel;
  GCancellable *reading;
  guint calm;
};

G_DEFINE_FINAL_TYPE(SightUiAhead, sight_ui_ahead, G_TYPE_OBJECT)

static void drop(SightUiAhead *self) {
  g_clear_handle_id(&self->calm, g_source_remove);
  if (self->reading != NULL)
    g_cancellable_cancel(self->reading);
  g_clear_object(&self->reading);
  g_clear_pointer(&self->reel, sight_ui_reel_unref);
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(SightUiAhead) self = user_data;
  g_autoptr(SightUiReel) reel = sight_ui_reel_open_finish(result, NULL);
  if (self->reading == NULL || g_task_get_cancellable(G_TASK(result)) != self->reading)
    return;
  g_clear_object(&self->reading);
  self->reel = g_steal_pointer(&reel);
}

static void read_it(SightUiAhead *self) {
  drop(self);
  if (self->row == 0)
    return;
  self->reading = g_cancellable_new();
  sight_ui_reel_open_async(self->store, self->row, self->reading, read_cb, g_object_ref(self));
}

static gboolean calmed(gpointer user_data) {
  SightUiAhead *self = user_data;
  self->calm = 0;
  read_it(self);
  return G_SOURCE_REMOVE;
}

static void store_changed(SightUiAhead *self) {
  drop(self);
  if (self->row != 0)
    self->calm = g_timeout_add(CALM_MS, calmed, self);
}

static void dispose(GObject *object) {
  SightUiAhead *self = SIGHT_UI_AHEAD(object);
  self->row = 0;
  drop(self);
  g_clear_object(&self->store);
  G_OBJECT_CLASS(sight_ui_ahead_parent_class)->dispose(object);
}

static void sight_ui_ahead_class_init(SightUiAheadClass *class) {
  G_OBJECT_CLASS(class)->dispose = dispose;
}

static void sight_ui_ahead_init(SightUiAhead *self) {
}

SightUiAhead *sight_ui_ahead_new(SightStore *store) {
  SightUiAhead *self = g_object_new(SIGHT_UI_TYPE_AHEAD, NULL);
  self->store = g_object_ref(store);
  g_signal_connect_object(store, "changed", G_CALLBACK(store_changed), self, G_CONNECT_SWAPPED);
  return self;
}

void sight_ui_ahead_prepare(SightUiAhead *self, gint64 row) {
  if (self->row == row)
    return;
  self->row = row;
  read_it(self);
}

SightUiReel *sight_ui_ahead_take(SightUiAhead *self, gint64 row) {
  if (self->row != row)
    return NULL;
  SightUiReel *reel = g_steal_pointer(&self->reel);
  self->row = 0;
  drop(self);
  return reel;
}
