/* SPDX-License-Identifier: MIT */
/* Keeping, lending and closing connections that only read. */
#include "sight-readers.h"

#include "sight-store.h"

#include <glib/gi18n-lib.h>

#define MAX_IDLE 4
#define PATIENCE_US (5 * G_USEC_PER_SEC)

struct SightReaders {
  GMutex lock; /* guards everything */
  GCond given_back;
  GPtrArray *idle;
  GPtrArray *lent; /* borrowed of who has them */
  guint n_out;     /* lent, being opened or being closed */
  gboolean is_closed, damaged;
};

SightReaders *sight_readers_new(void) {
  SightReaders *readers = g_new0(SightReaders, 1);
  g_mutex_init(&readers->lock);
  g_cond_init(&readers->given_back);
  readers->idle = g_ptr_array_new_with_free_func((GDestroyNotify)sight_db_close);
  readers->lent = g_ptr_array_new();
  return readers;
}

void sight_readers_free(SightReaders *readers) {
  if (readers == NULL)
    return;
  g_ptr_array_unref(readers->idle);
  g_ptr_array_unref(readers->lent);
  g_mutex_clear(&readers->lock);
  g_cond_clear(&readers->given_back);
  g_free(readers);
}

static void count_back(SightReaders *readers) {
  g_mutex_lock(&readers->lock);
  readers->n_out--;
  g_cond_broadcast(&readers->given_back);
  g_mutex_unlock(&readers->lock);
}

SightDb *sight_readers_take(SightReaders *readers, const char *path, GError **error) {
  g_mutex_lock(&readers->lock);
  gboolean is_closed = readers->is_closed;
  SightDb *db = NULL;
  if (!is_closed && readers->idle->len > 0)
    db = g_ptr_array_steal_index_fast(readers->idle, readers->idle->len - 1);
  readers->n_out += is_closed ? 0 : 1;
  g_mutex_unlock(&readers->lock);

  if (is_closed) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("The store is closed."));
    return NULL;
  }
  if (db == NULL)
    db = sight_db_open(path, SIGHT_DB_READ, error);
  if (db == NULL) {
    count_back(readers);
    return NULL;
  }
  db->thread = g_thread_self();
  g_mutex_lock(&readers->lock);
  g_ptr_array_add(readers->lent, db);
  g_mutex_unlock(&readers->lock);
  return db;
}

void sight_readers_give(SightReaders *readers, SightDb *db) {
  g_mutex_lock(&readers->lock);
  readers->damaged |= db->damaged;
  g_ptr_array_remove_fast(readers->lent, db);
  gboolean keep = !readers->is_closed && !db->damaged && readers->idle->len < MAX_IDLE;
  if (keep)
    g_ptr_array_add(readers->idle, db);
  g_mutex_unlock(&readers->lock);
  if (!keep)
    sight_db_close(db);
  count_back(readers);
}

gboolean sight_readers_close(SightReaders *readers) {
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&readers->lock);
  gint64 end_us = g_get_monotonic_time() + PATIENCE_US;
  readers->is_closed = TRUE;
  g_ptr_array_set_size(readers->idle, 0);
  for (guint i = 0; i < readers->lent->len; i++)
    sqlite3_interrupt(((SightDb *)g_ptr_array_index(readers->lent, i))->handle);
  while (readers->n_out > 0 && g_cond_wait_until(&readers->given_back, &readers->lock, end_us))
    continue;
  return readers->damaged;
}
