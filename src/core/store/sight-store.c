/* SPDX-License-Identifier: MIT */
/* The store: one writer thread with a queue, a pool of read-only connections, and news for whoever watches. */
#include "sight-store.h"

#include "sight-checkpoint.h"
#include "sight-db.h"
#include "sight-kept-table.h"
#include "sight-loss.h"
#include "sight-person-table.h"
#include "sight-readers.h"
#include "sight-schema.h"
#include "sight-store-file.h"
#include "sight-store-open.h"
#include "sight-store-reading.h"
#include "sight-text-table.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define CHANGED_GAP_US (200 * 1000)
/* How often the writer looks whether another process wrote, and tries again to purge after an erasure. */
#define POLL_US (500 * 1000)
#define PURGE_PATIENCE_MS 100
#define PROBE_GAP_US (10 * G_USEC_PER_SEC)
/* Durable jobs that wait share one commit, which is what they wait for; but not for long for each other's work. */
#define GROUP_JOBS 64
#define GROUP_US (20 * 1000)
/* A disk with less left cannot take what opening for writing needs. */
#define FULL_BYTES (1024 * 1024)

typedef struct {
  SightStoreFunc func; /* NULL: the thread is to end */
  gpointer user_data;
  SightWriteFlags flags;
  GCancellable *cancellable;
  GTask *task; /* asynchronous: answered there; otherwise `done` is set under the lock */
  gboolean done, result;
  GError *error;
} WriteJob;

struct _SightStore {
  GObject parent_instance;
  SightStoreRole role;
  char *directory, *path;
  char *reading, *copy; /* where it may only be read: what readers open, and the folder of a copy */
  char *why_reading;    /* for people */
  SightReaders *readers;
  GMainContext *context;

  GMutex lock; /* guards everything below */
  GCond job_done;
  GThread *writer;
  SightStoreFile *file;
  GAsyncQueue *jobs; /* of WriteJob */
  gboolean open, damaged;
  GSource *changed_source;
  gint64 changed_at_us, probed_at_us, failed_at_us; /* the last time that a probe went well, that a write failed */

  /* Of the writer thread alone. */
  SightDb *db;
  SightCheckpoint *checkpoint;
  gboolean full_sync, purge_wanted, is_behind;
  gint64 data_version;
};

G_DEFINE_FINAL_TYPE(SightStore, sight_store, G_TYPE_OBJECT)

enum { CHANGED, N_OBJECT_SIGNALS };
static guint object_signals[N_OBJECT_SIGNALS];

static void sight_store_finalize(GObject *object) {
  SightStore *store = SIGHT_STORE(object);

  sight_store_close(store);
  g_clear_pointer(&store->jobs, g_async_queue_unref);
  sight_readers_free(store->readers);
  g_main_context_unref(store->context);
  g_free(store->directory);
  g_free(store->path);
  g_free(store->reading);
  g_free(store->why_reading);
  sight_store_reading_end(store->copy);
  g_mutex_clear(&store->lock);
  g_cond_clear(&store->job_done);
  G_OBJECT_CLASS(sight_store_parent_class)->finalize(object);
}

static void sight_store_class_init(SightStoreClass *klass) {
  G_OBJECT_CLASS(klass)->finalize = sight_store_finalize;
  object_signals[CHANGED] =
      g_signal_new("changed", SIGHT_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void sight_store_init(SightStore *store) {
  g_mutex_init(&store->lock);
  g_cond_init(&store->job_done);
  store->jobs = g_async_queue_new();
  store->readers = sight_readers_new();
  store->context = g_main_context_ref_thread_default();
  store->probed_at_us = store->failed_at_us = -PROBE_GAP_US;
}

/* News */

static gboolean emit_changed(gpointer data) {
  g_autoptr(SightStore) store = g_weak_ref_get(data);

  if (store == NULL)
    return G_SOURCE_REMOVE;
  g_mutex_lock(&store->lock);
  gboolean open = store->open;
  g_clear_pointer(&store->changed_source, g_source_unref);
  store->changed_at_us = g_get_monotonic_time();
  g_mutex_unlock(&store->lock);
  if (open)
    g_signal_emit(store, object_signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void weak_ref_free(gpointer data) {
  g_weak_ref_clear(data);
  g_free(data);
}

static void announce_change(SightStore *store) {
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);

  if (store->changed_source != NULL)
    return;
  gint64 wait_us = MAX(0, store->changed_at_us + CHANGED_GAP_US - g_get_monotonic_time());
  GWeakRef *weak = g_new0(GWeakRef, 1);
  g_weak_ref_init(weak, store);
  store->changed_source = g_timeout_source_new((guint)(wait_us / 1000));
  g_source_set_callback(store->changed_source, emit_changed, weak, weak_ref_free);
  g_source_attach(store->changed_source, store->context);
}

/* Writing */

static gboolean set_sync(SightStore *store, SightWriteFlags flags, GError **error) {
  gboolean full = store->role == SIGHT_STORE_COLLECTOR || flags == SIGHT_WRITE_DURABLE;

  if (full == store->full_sync)
    return TRUE;
  if (!sight_db_exec(store->db, full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error))
    return FALSE;
  store->full_sync = full;
  return TRUE;
}

static gboolean run_in_transaction(SightStore *store, WriteJob *job, GError **error) {
  SightDb *db = store->db;

  if (!set_sync(store, job->flags, error) || !sight_db_exec(db, "BEGIN IMMEDIATE", error))
    return FALSE;
  db->erased = FALSE;
  if (job->func(db, job->user_data, error) && sight_db_exec(db, "COMMIT", error))
    return TRUE;
  /* SQLite may have rolled back by itself already (a full disk). */
  if (!sqlite3_get_autocommit(db->handle))
    sight_db_exec(db, "ROLLBACK", NULL);
  db->erased = FALSE;
  return FALSE;
}

static gboolean purge_text(SightDb *db, gpointer user_data, GError **error) {
  return sight_text_table_purge(db, error);
}

/* What was erased must not stay readable in the index or the log. Readers can be in the way: then it is tried again. */
static void purge(SightStore *store) {
  WriteJob job = {.func = purge_text, .flags = SIGHT_WRITE_DURABLE};

  store->purge_wanted = !run_in_transaction(store, &job, NULL);
  if (store->purge_wanted)
    return;
  sqlite3_busy_timeout(store->db->handle, PURGE_PATIENCE_MS);
  int code = sqlite3_wal_checkpoint_v2(store->db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  sqlite3_busy_timeout(store->db->handle, SIGHT_DB_BUSY_TIMEOUT_MS);
  store->purge_wanted = code != SQLITE_OK;
}

static void answer(SightStore *store, WriteJob *job) {
  if (job->task != NULL) {
    if (job->error != NULL)
      g_task_return_error(job->task, g_steal_pointer(&job->error));
    else
      g_task_return_boolean(job->task, TRUE);
    g_object_unref(job->task);
    g_clear_object(&job->cancellable);
    g_free(job);
    return;
  }
  g_mutex_lock(&store->lock);
  job->done = TRUE;
  g_cond_broadcast(&store->job_done);
  g_mutex_unlock(&store->lock);
}

static void note_failure(SightStore *store) {
  g_mutex_lock(&store->lock);
  store->failed_at_us = g_get_monotonic_time();
  g_mutex_unlock(&store->lock);
}

static void finish_job(SightStore *store, WriteJob *job) {
  if (g_error_matches(job->error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE))
    note_failure(store);
  if (!job->result && job->error == NULL)
    g_set_error_literal(&job->error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, _("The store could not do it."));
  if (job->result && job->flags != SIGHT_WRITE_UNSEEN)
    announce_change(store);
  answer(store, job);
}

static void run_alone(SightStore *store, WriteJob *job) {
  if (!g_cancellable_set_error_if_cancelled(job->cancellable, &job->error)) {
    store->db->cancellable = job->cancellable;
    job->result = run_in_transaction(store, job, &job->error);
    store->db->cancellable = NULL;
  }
  store->purge_wanted |= job->result && store->db->erased;
  finish_job(store, job);
}

/* What is cancelled may take its whole transaction with it. */
static gboolean may_share(const WriteJob *job) {
  return job->func != NULL && job->flags == SIGHT_WRITE_DURABLE && job->cancellable == NULL;
}

static WriteJob *next_of_group(SightStore *store, const GPtrArray *group, gint64 end_us) {
  if (group->len >= GROUP_JOBS || sqlite3_get_autocommit(store->db->handle) || g_get_monotonic_time() >= end_us)
    return NULL;
  WriteJob *job = g_async_queue_try_pop(store->jobs);

  if (job == NULL || may_share(job))
    return job;
  g_async_queue_push_front(store->jobs, job);
  return NULL;
}

/* One that fails leaves the others as they are. */
static void run_within(SightStore *store, WriteJob *job, gboolean *erased) {
  SightDb *db = store->db;

  if (!sight_db_exec(db, "SAVEPOINT job", &job->error))
    return;
  db->erased = FALSE;
  job->result = job->func(db, job->user_data, &job->error) && sight_db_exec(db, "RELEASE job", &job->error);
  *erased |= job->result && db->erased;
  db->erased = FALSE;
  if (!job->result && !sqlite3_get_autocommit(db->handle))
    sight_db_exec(db, "ROLLBACK TO job; RELEASE job", NULL);
}

/* SQLite may roll back by itself (a full disk): then all that was done is undone, and nothing of it was acknowledged.
 */
static gboolean commit_group(SightStore *store, GError **error) {
  if (!sqlite3_get_autocommit(store->db->handle)) {
    if (sight_db_exec(store->db, "COMMIT", error))
      return TRUE;
    if (!sqlite3_get_autocommit(store->db->handle))
      sight_db_exec(store->db, "ROLLBACK", NULL);
    return FALSE;
  }
  g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, _("The store could not do it."));
  return FALSE;
}

static void run_group(SightStore *store, WriteJob *first) {
  g_autoptr(GPtrArray) group = g_ptr_array_new();
  g_autoptr(GError) error = NULL;
  gint64 end_us = g_get_monotonic_time() + GROUP_US;
  gboolean erased = FALSE;

  g_ptr_array_add(group, first);
  if (set_sync(store, first->flags, &error) && sight_db_exec(store->db, "BEGIN IMMEDIATE", &error)) {
    run_within(store, first, &erased);
    for (WriteJob *job; (job = next_of_group(store, group, end_us)) != NULL;) {
      g_ptr_array_add(group, job);
      run_within(store, job, &erased);
    }
    if (commit_group(store, &error))
      store->purge_wanted |= erased;
  }
  for (guint i = 0; i < group->len; i++) {
    WriteJob *job = group->pdata[i];
    if (error != NULL && job->error == NULL)
      job->error = g_error_copy(error);
    job->result = job->result && error == NULL;
    finish_job(store, job);
  }
}

static void run_job(SightStore *store, WriteJob *job) {
  if (may_share(job))
    run_group(store, job);
  else
    run_alone(store, job);
  if (store->purge_wanted && g_async_queue_length(store->jobs) <= 0)
    purge(store);
}

/* A portion of each. */
static gboolean read_old(SightDb *db, gpointer user_data, GError **error) {
  gboolean persons = FALSE, kept = FALSE;

  if (!sight_kept_table_catch_up(db, &kept, error) ||
      !sight_person_table_catch_up(db, SIGHT_PERSON_PORTION_BYTES, &persons, error))
    return FALSE;
  *(gboolean *)user_data = persons && kept;
  return TRUE;
}

/* Of sessions that an earlier version stored, as long as nobody waits. */
static void catch_up(SightStore *store) {
  gboolean done = FALSE;
  WriteJob job = {.func = read_old, .user_data = &done, .flags = SIGHT_WRITE_UNSEEN};

  while (!done && g_async_queue_length(store->jobs) <= 0) {
    if (!run_in_transaction(store, &job, NULL))
      return;
  }
  store->is_behind = !done;
}

static void look_around(SightStore *store) {
  gint64 version = sight_db_query_int(store->db, "PRAGMA data_version", NULL);

  if (version >= 0 && version != store->data_version) {
    store->data_version = version;
    announce_change(store);
  }
  if (store->purge_wanted)
    purge(store);
  if (store->is_behind)
    catch_up(store);
}

static gpointer writer_main(gpointer data) {
  SightStore *store = data;
  WriteJob *job = NULL;

  store->db->thread = g_thread_self();
  store->data_version = sight_db_query_int(store->db, "PRAGMA data_version", NULL);
  /* An erasure whose process ended before it was through. */
  store->purge_wanted = sight_db_query_int(store->db, "SELECT value FROM counter WHERE name = 'purge'", NULL) == 1;
  store->is_behind =
      sight_db_query_int(store->db, "SELECT max(value) FROM counter WHERE name IN ('persons', 'kept')", NULL) > 0;
  while (TRUE) {
    job = g_async_queue_timeout_pop(store->jobs, POLL_US);
    if (job == NULL) {
      look_around(store);
      continue;
    }
    if (job->func == NULL)
      break;
    run_job(store, job);
  }
  if (store->purge_wanted)
    purge(store);
  g_mutex_lock(&store->lock);
  store->damaged |= store->db->damaged;
  g_mutex_unlock(&store->lock);
  /* Whoever closes last empties the log. */
  g_clear_pointer(&store->checkpoint, sight_checkpoint_free);
  g_clear_pointer(&store->db, sight_db_close);
  answer(store, job);
  return NULL;
}

static gboolean enqueue(SightStore *store, WriteJob *job, GError **error) {
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&store->lock);

  if (!store->open) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("The store is closed."));
    return FALSE;
  }
  if (store->reading != NULL) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("Nothing can be stored: %s"), store->why_reading);
    return FALSE;
  }
  g_async_queue_push(store->jobs, job);
  return TRUE;
}

static void wait_for(SightStore *store, WriteJob *job) {
  g_mutex_lock(&store->lock);
  while (!job->done)
    g_cond_wait(&store->job_done, &store->lock);
  g_mutex_unlock(&store->lock);
}

gboolean sight_store_write(SightStore *store, SightWriteFlags flags, SightStoreFunc func, gpointer user_data,
                           GError **error) {
  WriteJob job = {.func = func, .user_data = user_data, .flags = flags};

  g_return_val_if_fail(SIGHT_IS_STORE(store) && func != NULL, FALSE);
  g_assert(store->writer != g_thread_self());
  if (!enqueue(store, &job, error))
    return FALSE;
  wait_for(store, &job);
  if (job.error != NULL)
    g_propagate_error(error, job.error);
  return job.result;
}

/* As much as a larger batch: what is nearly full still takes a few bytes. */
static gboolean write_probe(SightDb *db, gpointer user_data, GError **error) {
  return sight_db_exec(db,
                       "INSERT INTO counter (name, value) VALUES ('probe', zeroblob(262144)) "
                       "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                       error);
}

gboolean sight_store_probe(SightStore *store, GError **error) {
  gint64 recent_us = g_get_monotonic_time() - PROBE_GAP_US;
  g_mutex_lock(&store->lock);
  gboolean failed = store->failed_at_us > recent_us, went_well = store->probed_at_us > recent_us;
  g_mutex_unlock(&store->lock);
  if (failed) {
    g_set_error_literal(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, _("The store could not do it."));
    return FALSE;
  }
  if (went_well)
    return TRUE;
  if (!sight_store_write(store, SIGHT_WRITE_UNSEEN, write_probe, NULL, error))
    return FALSE;
  g_mutex_lock(&store->lock);
  store->probed_at_us = g_get_monotonic_time();
  g_mutex_unlock(&store->lock);
  return TRUE;
}

/* What an asynchronous call brings along: given back in the caller's context whatever happens. */
typedef struct {
  SightStoreFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  GAsyncReadyCallback callback;
  gpointer callback_data;
} AsyncCall;

static void on_async_done(GObject *source, GAsyncResult *result, gpointer data) {
  AsyncCall *call = data;

  if (call->callback != NULL)
    call->callback(source, result, call->callback_data);
  if (call->destroy != NULL)
    call->destroy(call->user_data);
  g_free(call);
}

static GTask *async_call_new(SightStore *store, SightStoreFunc func, gpointer user_data, GDestroyNotify destroy,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data) {
  AsyncCall *call = g_new(AsyncCall, 1);

  *call = (AsyncCall){func, user_data, destroy, callback, callback_data};
  GTask *task = g_task_new(store, cancellable, on_async_done, call);
  g_task_set_task_data(task, call, NULL);
  /* What was written is written: cancelling afterwards does not turn it into an error. */
  g_task_set_check_cancellable(task, FALSE);
  return task;
}

void sight_store_write_async(SightStore *store, SightWriteFlags flags, SightStoreFunc func, gpointer user_data,
                             GDestroyNotify destroy, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer callback_data) {
  g_return_if_fail(SIGHT_IS_STORE(store) && func != NULL);
  g_autoptr(GTask) task = async_call_new(store, func, user_data, destroy, cancellable, callback, callback_data);
  g_autoptr(GError) error = NULL;
  WriteJob *job = g_new0(WriteJob, 1);

  g_task_set_source_tag(task, sight_store_write_async);
  job->func = func;
  job->user_data = user_data;
  job->flags = flags;
  job->cancellable = cancellable != NULL ? g_object_ref(cancellable) : NULL;
  job->task = g_object_ref(task);
  if (enqueue(store, job, &error))
    return;
  g_task_return_error(task, g_steal_pointer(&error));
  g_object_unref(job->task);
  g_clear_object(&job->cancellable);
  g_free(job);
}

gboolean sight_store_write_finish(SightStore *store, GAsyncResult *result, GError **error) {
  g_return_val_if_fail(g_task_is_valid(result, store), FALSE);
  return g_task_propagate_boolean(G_TASK(result), error);
}

/* Reading */

static gboolean read_snapshot(SightStore *store, SightStoreFunc func, gpointer user_data, GCancellable *cancellable,
                              GError **error) {
  if (g_cancellable_set_error_if_cancelled(cancellable, error))
    return FALSE;
  SightDb *db = sight_readers_take(store->readers, store->reading != NULL ? store->reading : store->path, error);
  if (db == NULL)
    return FALSE;
  db->cancellable = cancellable;
  gboolean result = sight_db_exec(db, "BEGIN", error) && func(db, user_data, error);
  db->cancellable = NULL;
  if (!sqlite3_get_autocommit(db->handle))
    sight_db_exec(db, "ROLLBACK", NULL);
  sight_readers_give(store->readers, db);
  return result;
}

gboolean sight_store_read(SightStore *store, SightStoreFunc func, gpointer user_data, GError **error) {
  g_return_val_if_fail(SIGHT_IS_STORE(store) && func != NULL, FALSE);
  return read_snapshot(store, func, user_data, NULL, error);
}

static void read_on_worker(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable) {
  AsyncCall *call = task_data;
  GError *error = NULL;

  if (read_snapshot(source, call->func, call->user_data, cancellable, &error))
    g_task_return_boolean(task, TRUE);
  else if (error != NULL)
    g_task_return_error(task, error);
  else
    g_task_return_new_error(task, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_DATABASE, "%s", _("The store could not do it."));
}

void sight_store_read_async(SightStore *store, SightStoreFunc func, gpointer user_data, GDestroyNotify destroy,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data) {
  g_return_if_fail(SIGHT_IS_STORE(store) && func != NULL);
  g_autoptr(GTask) task = async_call_new(store, func, user_data, destroy, cancellable, callback, callback_data);

  g_task_set_source_tag(task, sight_store_read_async);
  g_task_run_in_thread(task, read_on_worker);
}

gboolean sight_store_read_finish(SightStore *store, GAsyncResult *result, GError **error) {
  g_return_val_if_fail(g_task_is_valid(result, store), FALSE);
  return g_task_propagate_boolean(G_TASK(result), error);
}

/* Opening and closing */

static gboolean is_full(const char *directory) {
  struct statvfs info;
  return statvfs(directory, &info) == 0 && (guint64)info.f_bavail * info.f_frsize < FULL_BYTES;
}

/* Whether what stands in the way is that nothing can be written there. */
static gboolean may_be_read(SightStore *store, const GError *problem) {
  gboolean cannot_write = g_access(store->directory, W_OK) != 0 || g_access(store->path, W_OK) != 0;
  return store->role == SIGHT_STORE_CACHE && problem->domain == SIGHT_STORE_ERROR &&
         problem->code != SIGHT_STORE_ERROR_NEWER && (cannot_write || is_full(store->directory));
}

/* Nothing is migrated, checked or salvaged, and no analysis runs. */
static gboolean open_for_reading(SightStore *store, const GError *problem) {
  store->reading = sight_store_reading_begin(store->path, &store->copy, NULL);
  g_autoptr(SightDb) db = store->reading != NULL ? sight_db_open(store->reading, SIGHT_DB_READ, NULL) : NULL;

  if (db == NULL || !sight_schema_check(db, NULL) ||
      sight_db_query_int(db, "SELECT user_version FROM pragma_user_version", NULL) != sight_schema_version())
    return FALSE;
  store->why_reading = g_strdup(problem->message);
  store->open = TRUE;
  return TRUE;
}

SightStore *sight_store_open(const char *directory, SightStoreRole role, char **set_aside, GError **error) {
  g_return_val_if_fail(directory != NULL, NULL);
  g_autoptr(SightStore) store = g_object_new(SIGHT_TYPE_STORE, NULL);

  if (set_aside != NULL)
    *set_aside = NULL;
  store->role = role;
  store->directory = g_strdup(directory);
  store->path = g_build_filename(directory, role == SIGHT_STORE_CACHE ? "library.db" : "collector.db", NULL);
  /* Recordings are nobody else's business. */
  if (g_mkdir_with_parents(directory, 0700) != 0) {
    g_set_error(error, SIGHT_STORE_ERROR, SIGHT_STORE_ERROR_OPEN, _("The folder “%s” cannot be made: %s"), directory,
                g_strerror(errno));
    return NULL;
  }
  g_autoptr(GError) problem = NULL;
  store->file = sight_store_file_open(store->path, SIGHT_STORE_FILE_PATIENCE_MS, &problem);
  if (store->file != NULL)
    store->db = sight_store_open_writer(store->path, role, store->file, set_aside, &problem);
  if (store->db == NULL) {
    sight_store_file_close(g_steal_pointer(&store->file), FALSE);
    if (may_be_read(store, problem) && open_for_reading(store, problem))
      return g_steal_pointer(&store);
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
  }
  store->full_sync = TRUE;
  store->checkpoint = sight_checkpoint_new(store->path);
  sight_checkpoint_follow(store->checkpoint, store->db);
  store->open = TRUE;
  store->writer = g_thread_new("store-writer", writer_main, store);
  return g_steal_pointer(&store);
}

void sight_store_close(SightStore *store) {
  WriteJob last = {0};

  g_return_if_fail(SIGHT_IS_STORE(store));
  g_mutex_lock(&store->lock);
  gboolean was_open = store->open;
  g_autoptr(GThread) writer = g_steal_pointer(&store->writer);
  g_autoptr(GSource) source = g_steal_pointer(&store->changed_source);
  store->open = FALSE;
  g_mutex_unlock(&store->lock);

  if (source != NULL)
    g_source_destroy(source);
  gboolean damaged = sight_readers_close(store->readers);
  if (!was_open || writer == NULL)
    return;
  g_async_queue_push(store->jobs, &last);
  wait_for(store, &last);
  g_thread_join(g_steal_pointer(&writer));
  sight_store_file_close(g_steal_pointer(&store->file), !damaged && !store->damaged);
}

const char *sight_store_directory(SightStore *store) {
  return store->directory;
}

const char *sight_store_why_reading(SightStore *store) {
  return store->why_reading;
}

char *sight_store_loss(SightStore *store) {
  return sight_loss_read(store->path);
}

gboolean sight_store_accept_loss(SightStore *store, GError **error) {
  return sight_loss_accept(store->path, error);
}
