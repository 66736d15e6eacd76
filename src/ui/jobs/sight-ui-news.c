/* SPDX-License-Identifier: MIT */
/* Sessions behind the newest one of when the window was closed. */
#include "sight-ui-news.h"

#include "sight-news-table.h"

#define PAUSE_US (30 * 60 * G_USEC_PER_SEC)

struct _SightUiNews {
  GObject parent_instance;
  SightStore *store;
  gboolean unwatched;
  gint64 last_row; /* -1: not known yet */
  gint64 n_told;
  gint64 due_us; /* monotonic: not before */
  gboolean looking;
  guint generation; /* rises whenever somebody comes or goes: what is under way then is of no use */
};

G_DEFINE_FINAL_TYPE(SightUiNews, sight_ui_news, G_TYPE_OBJECT)

static guint news_signal;

typedef struct {
  SightUiNews *self; /* a reference */
  guint generation;
  gint64 last_row;
  gint64 n, n_rough;
} Look;

static void look_free(Look *look) {
  g_object_unref(look->self);
  g_free(look);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Look, look_free)

static gboolean read_news(SightDb *db, gpointer user_data, GError **error) {
  Look *look = user_data;

  if (look->last_row >= 0)
    return sight_news_table_count_behind(db, look->last_row, &look->n, &look->n_rough, error);
  look->last_row = sight_news_table_last_row(db, error);
  return look->last_row >= 0;
}

static void read_cb(GObject *source, GAsyncResult *result, gpointer user_data) {
  g_autoptr(Look) look = user_data;
  SightUiNews *self = look->self;
  g_autoptr(GError) error = NULL;
  gboolean read = sight_store_read_finish(SIGHT_STORE(source), result, &error);

  self->looking = FALSE;
  /* Counted the next time. */
  if (!read || look->generation != self->generation)
    return;
  self->last_row = look->last_row;
  if (look->n <= self->n_told)
    return;
  self->n_told = look->n;
  self->due_us = g_get_monotonic_time() + PAUSE_US;
  g_signal_emit(self, news_signal, 0, (guint)look->n, (guint)look->n_rough);
}

void sight_ui_news_look(SightUiNews *self) {
  if (!self->unwatched || self->looking || g_get_monotonic_time() < self->due_us)
    return;
  Look *look = g_new0(Look, 1);
  *look = (Look){.self = g_object_ref(self), .generation = self->generation, .last_row = self->last_row};
  self->looking = TRUE;
  sight_store_read_async(self->store, read_news, look, NULL, NULL, read_cb, look);
}

void sight_ui_news_set_watched(SightUiNews *self, gboolean watched) {
  if (self->unwatched == !watched)
    return;
  self->unwatched = !watched;
  self->generation++;
  self->looking = FALSE;
  self->last_row = -1;
  self->n_told = self->due_us = 0;
  sight_ui_news_look(self);
}

static void finalize(GObject *object) {
  SightUiNews *self = SIGHT_UI_NEWS(object);
  g_object_unref(self->store);
  G_OBJECT_CLASS(sight_ui_news_parent_class)->finalize(object);
}

static void sight_ui_news_class_init(SightUiNewsClass *class) {
  G_OBJECT_CLASS(class)->finalize = finalize;
  news_signal = g_signal_new("news", SIGHT_UI_TYPE_NEWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                             G_TYPE_UINT, G_TYPE_UINT);
}

static void sight_ui_news_init(SightUiNews *self) {
  self->last_row = -1;
}

SightUiNews *sight_ui_news_new(SightStore *store) {
  SightUiNews *self = g_object_new(SIGHT_UI_TYPE_NEWS, NULL);

  self->store = g_object_ref(store);
  return self;
}
