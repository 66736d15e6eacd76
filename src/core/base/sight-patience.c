/* SPDX-License-Identifier: MIT */
/* Bounding the time and the slowness of an exchange. */
#include "sight-patience.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>

const SightPatienceLimits sight_patience_for_files = {
    .total_ms = 3600 * 1000, .window_ms = 120 * 1000, .window_bytes = 1024};

struct SightPatience {
  SightPatienceLimits limits;
  GCancellable *parent, *cancellable;
  gulong handler;
  GThread *thread;
  GMutex lock; /* guards what follows */
  GCond ended;
  gboolean is_done, is_over;
  guint64 n_bytes; /* in this window */
};

/* FALSE: time is up. Locked. */
static gboolean wait_for_window(SightPatience *self, gint64 end_us) {
  gint64 window_us = g_get_monotonic_time() + self->limits.window_ms * 1000;
  gint64 until_us = MIN(window_us, end_us);
  self->n_bytes = 0;
  while (!self->is_done && g_cond_wait_until(&self->ended, &self->lock, until_us))
    continue;
  return self->is_done || (until_us < end_us && self->n_bytes >= self->limits.window_bytes);
}

static gpointer watch(gpointer user_data) {
  SightPatience *self = user_data;
  gint64 end_us = g_get_monotonic_time() + self->limits.total_ms * 1000;
  g_mutex_lock(&self->lock);
  while (!self->is_done && !self->is_over)
    self->is_over = !wait_for_window(self, end_us);
  gboolean is_over = self->is_over;
  g_mutex_unlock(&self->lock);
  if (is_over)
    g_cancellable_cancel(self->cancellable);
  return NULL;
}

static void pass_on(GCancellable *parent, gpointer user_data) {
  g_cancellable_cancel(user_data);
}

SightPatience *sight_patience_new(const SightPatienceLimits *limits, GCancellable *parent) {
  SightPatience *self = g_new0(SightPatience, 1);
  self->limits = *limits;
  self->cancellable = g_cancellable_new();
  self->parent = parent != NULL ? g_object_ref(parent) : NULL;
  if (parent != NULL)
    self->handler = g_cancellable_connect(parent, G_CALLBACK(pass_on), self->cancellable, NULL);
  g_mutex_init(&self->lock);
  g_cond_init(&self->ended);
  self->thread = g_thread_new("patience", watch, self);
  return self;
}

void sight_patience_free(SightPatience *self) {
  if (self == NULL)
    return;
  g_mutex_lock(&self->lock);
  self->is_done = TRUE;
  g_cond_signal(&self->ended);
  g_mutex_unlock(&self->lock);
  g_thread_join(self->thread);
  if (self->parent != NULL)
    g_cancellable_disconnect(self->parent, self->handler);
  g_clear_object(&self->parent);
  g_object_unref(self->cancellable);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->ended);
  g_free(self);
}

GCancellable *sight_patience_cancellable(SightPatience *self) {
  return self->cancellable;
}

void sight_patience_count(SightPatience *self, gsize bytes) {
  g_mutex_lock(&self->lock);
  self->n_bytes += bytes;
  g_mutex_unlock(&self->lock);
}

gboolean sight_patience_is_over(SightPatience *self) {
  g_mutex_lock(&self->lock);
  gboolean is_over = self->is_over;
  g_mutex_unlock(&self->lock);
  return is_over;
}

void sight_patience_explain(SightPatience *self, GError **error) {
  if (error == NULL || !g_error_matches(*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !sight_patience_is_over(self))
    return;
  g_clear_error(error);
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("it comes too slowly, or does not end"));
}

GInputStream *sight_patience_open(SightPatience *self, GFile *file, GError **error) {
  const char *path = g_file_peek_path(file);
  struct stat info;
  if (path == NULL || stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode))
    return G_INPUT_STREAM(g_file_read(file, self->cancellable, error));
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd >= 0)
    return g_unix_input_stream_new(fd, TRUE);
  int code = errno;
  g_set_error(error, G_IO_ERROR, (int)g_io_error_from_errno(code), "%s: %s", path, g_strerror(code));
  return NULL;
}
