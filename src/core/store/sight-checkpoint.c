/* SPDX-License-Identifier: MIT */
/* Checkpoints beside the writer. They cannot overtake one that never rests, so that the log would never begin anew:
 * once it is long the writer does the rest itself, which by then is little. */
#include "sight-checkpoint.h"

/* Pages of the log, as SQLite has it by itself. */
#define DUE_PAGES 1000
/* 32 MB. */
#define LONG_PAGES 8192

struct SightCheckpoint {
  char *path;
  GMutex lock; /* guards what follows */
  GCond changed;
  GThread *thread;
  gboolean due, ends;
  int asked; /* pages that the log had when it was asked for last; of the writer alone */
};

SightCheckpoint *sight_checkpoint_new(const char *path) {
  SightCheckpoint *self = g_new0(SightCheckpoint, 1);

  self->path = g_strdup(path);
  g_mutex_init(&self->lock);
  g_cond_init(&self->changed);
  return self;
}

void sight_checkpoint_free(SightCheckpoint *self) {
  if (self == NULL)
    return;
  g_mutex_lock(&self->lock);
  self->ends = TRUE;
  g_cond_signal(&self->changed);
  g_mutex_unlock(&self->lock);
  if (self->thread != NULL)
    g_thread_join(self->thread);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->changed);
  g_free(self->path);
  g_free(self);
}

static gboolean wait_until_due(SightCheckpoint *self) {
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

  while (!self->due && !self->ends)
    g_cond_wait(&self->changed, &self->lock);
  self->due = FALSE;
  return !self->ends;
}

/* What goes wrong goes wrong again for the writer, who tells. */
static gpointer run(gpointer data) {
  SightCheckpoint *self = data;
  SightDb *db = NULL;

  while (wait_until_due(self)) {
    if (db == NULL)
      db = sight_db_open(self->path, SIGHT_DB_WRITE, NULL);
    /* A connection that has read nothing yet knows of no log. */
    if (db != NULL && sight_db_query_int(db, "SELECT count(*) FROM sqlite_schema", NULL) >= 0)
      sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  }
  sight_db_close(db);
  return NULL;
}

static int on_commit(void *data, sqlite3 *handle, const char *name, int n_pages) {
  SightCheckpoint *self = data;

  if (n_pages >= LONG_PAGES) {
    sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return SQLITE_OK;
  }
  if (n_pages < self->asked)
    self->asked = 0; /* the log began anew */
  if (n_pages - self->asked < DUE_PAGES)
    return SQLITE_OK;
  self->asked = n_pages;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
  if (self->thread == NULL)
    self->thread = g_thread_new("store-checkpoint", run, self);
  self->due = TRUE;
  g_cond_signal(&self->changed);
  return SQLITE_OK;
}

void sight_checkpoint_follow(SightCheckpoint *self, SightDb *db) {
  sqlite3_wal_hook(db->handle, on_commit, self);
}
