/* SPDX-License-Identifier: MIT */
/* SightStore: one SQLite database in a directory; the workstation's cache and the collector's store alike. One thread
 * of its own does all writing; reading happens on whichever thread asks, over a pool of read-only connections (WAL). */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGHT_STORE_ERROR (sight_store_error_quark())
GQuark sight_store_error_quark(void);

typedef enum {
  SIGHT_STORE_ERROR_OPEN,      /* cannot be opened or created */
  SIGHT_STORE_ERROR_NEWER,     /* made by a newer version of the program; left as it is */
  SIGHT_STORE_ERROR_DATABASE,  /* SQLite said no: disk full, locked for too long … */
  SIGHT_STORE_ERROR_NOT_FOUND, /* no such session, endpoint … */
  SIGHT_STORE_ERROR_ERASED,    /* the session was erased and takes no more batches */
} SightStoreError;

typedef enum {
  SIGHT_STORE_CACHE,     /* batches can be synced again: synchronous=NORMAL, but FULL for SIGHT_WRITE_DURABLE */
  SIGHT_STORE_COLLECTOR, /* synchronous=FULL for everything */
} SightStoreRole;

typedef enum {
  SIGHT_WRITE_NORMAL,
  SIGHT_WRITE_DURABLE, /* what exists nowhere else: annotations, settings */
  SIGHT_WRITE_UNSEEN,  /* changes nothing that anybody could see: no signal */
} SightWriteFlags;

#define SIGHT_TYPE_STORE (sight_store_get_type())
/* Signal "changed" (no arguments): something was written by this or another process. Emitted in the main context that
 * was the thread-default one at open, coalesced to at most 5 a second. */
G_DECLARE_FINAL_TYPE(SightStore, sight_store, SIGHT, STORE, GObject)

/* One connection. Only handed to callbacks. */
typedef struct SightDb SightDb;

/* A cache that cannot be written (read-only medium, somebody else's folder, full disk) is opened for reading, where its
 * schema is today's: then sight_store_why_reading() says why, and everything that writes fails with that.
 * Blocks (it may migrate). Creates the directory. After an unclean end, and where others changed it, the database is
 * checked; a damaged one is set aside as NAME.damaged-YYYYMMDD-HHMMSS, and what can be read of it is taken over into a
 * new one: `set_aside` (may be NULL) then holds its path, the caller's. What was lost: sight_store_loss(). */
SightStore *sight_store_open(const char *directory, SightStoreRole role, char **set_aside, GError **error);
/* Waits for what is being written, ends what is being read (for that it waits a few seconds at most), and closes. Safe
 * to call twice. */
void sight_store_close(SightStore *store);
const char *sight_store_directory(SightStore *store);
/* Why the store can only be read, for people; NULL: it can be written. Borrowed. */
const char *sight_store_why_reading(SightStore *store);
/* What was lost to damage, for people, the caller's; NULL where nothing was. Up to the first empty line it is a few
 * lines long; after it the ids of all sessions that are concerned may follow. Told at each start until it is accepted.
 */
char *sight_store_loss(SightStore *store);
gboolean sight_store_accept_loss(SightStore *store, GError **error);

/* FALSE with error rolls the transaction back. */
typedef gboolean (*SightStoreFunc)(SightDb *db, gpointer user_data, GError **error);
/* What ends the work that is going on, or NULL: for long work between its statements. Borrowed. */
GCancellable *sight_db_cancellable(const SightDb *db);

/* Runs func in one transaction on the writer thread and waits for the commit. Any thread but the writer's. */
gboolean sight_store_write(SightStore *store, SightWriteFlags flags, SightStoreFunc func, gpointer user_data,
                           GError **error);
/* The same without waiting. destroy, which may be NULL, is called for user_data on the caller's context. */
void sight_store_write_async(SightStore *store, SightWriteFlags flags, SightStoreFunc func, gpointer user_data,
                             GDestroyNotify destroy, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer callback_data);
gboolean sight_store_write_finish(SightStore *store, GAsyncResult *result, GError **error);

/* Whether the store can be written: FALSE where a write failed in the last ten seconds, or where 256 KiB cannot be
 * written now, which is tried every ten seconds at most. Waits for the commit. Any thread but the writer's. */
gboolean sight_store_probe(SightStore *store, GError **error);

/* Runs func on this thread over one consistent state of the database. Blocks: not for the main thread of the window. */
gboolean sight_store_read(SightStore *store, SightStoreFunc func, gpointer user_data, GError **error);
/* On a worker thread. */
void sight_store_read_async(SightStore *store, SightStoreFunc func, gpointer user_data, GDestroyNotify destroy,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data);
gboolean sight_store_read_finish(SightStore *store, GAsyncResult *result, GError **error);

G_END_DECLS
