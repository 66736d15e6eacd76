/* SPDX-License-Identifier: MIT */
/* Working off the sessions that wait for analysis: lease, run, save. */
#include "sight-account.h"
#include "sight-annotation-table.h"
#include "sight-endpoint-table.h"
#include "sight-index-table.h"
#include "sight-kept-table.h"
#include "sight-naming.h"
#include "sight-text.h"
#include "sight-track-table.h"
#include "sight-track.h"

/* Long enough for the longest recording; after it another process may take over from one that died. */
#define LEASE_MS (5 * 60 * 1000)
/* A session that still grows is analysed again only after so many times what the last analysis took, so that it never
 * costs more than a tenth of one processor. */
#define REST_FACTOR 9
#define MAX_REST_US (60 * G_USEC_PER_SEC)
/* Shorter rests are not worth remembering. */
#define MIN_REST_US G_USEC_PER_SEC
#define SETTINGS_DEPTH 32

static GMutex rests_lock;

typedef struct {
  SightStore *store;
  const char *owner;
  GCancellable *cancellable;
  GHashTable *rests;   /* session row → monotonic time before which it rests; kept with the store */
  GHashTable *skipped; /* rows of which somebody else holds the lease, or that failed */
  SightAnalysisProgress progress;
  gpointer user_data;
  guint n_done;
  gint64 wait_until_us; /* the earliest end of a rest; 0: nothing rests */

  /* Of the endpoint at hand. */
  gint64 endpoint;
  SightRuleset *rules;
  char *ruleset;
} Work;

/* Of the session at hand. */
typedef struct {
  Work *work;
  gint64 row, revision;
  gboolean leased;
  SightAnalysis *analysis;
  GPtrArray *tracks; /* of SightStoredTrack */
  gint64 arrival;    /* of the newest batch that is in them */
} Job;

SightRuleset *sight_analysis_rules(SightDb *db, gint64 endpoint, GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autofree char *settings = sight_annotation_table_settings(db, endpoint, &problem);
  if (problem != NULL) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
  }
  SightJson root = {0};
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SETTINGS_DEPTH);
  /* Settings that cannot be read (a teammate's newer program wrote them) leave the defaults. */
  if (settings != NULL && !sight_json_parser_parse(parser, settings, strlen(settings), &root, NULL))
    root = (SightJson){0};
  return sight_ruleset_from_json(root);
}

static gboolean read_rules(SightDb *db, gpointer user_data, GError **error) {
  Work *work = user_data;
  g_clear_pointer(&work->rules, sight_ruleset_free);
  g_clear_pointer(&work->ruleset, g_free);
  work->rules = sight_analysis_rules(db, work->endpoint, error);
  if (work->rules == NULL)
    return FALSE;
  work->ruleset = sight_ruleset_id(work->rules);
  return TRUE;
}

static gboolean list_endpoints(SightDb *db, gpointer user_data, GError **error) {
  GPtrArray **endpoints = user_data;
  *endpoints = sight_endpoint_table_list(db, error);
  return *endpoints != NULL;
}

typedef struct {
  Work *work;
  gint64 n_waiting;
} Pending;

static gboolean count_pending(SightDb *db, gpointer user_data, GError **error) {
  Pending *pending = user_data;
  pending->n_waiting = sight_analysis_table_count_pending(db, pending->work->endpoint, pending->work->ruleset,
                                                          SIGHT_ANALYSIS_VERSION, error);
  return pending->n_waiting >= 0;
}

/* Cancelled: the lease ends now. */
static gboolean end_lease(SightDb *db, gpointer user_data, GError **error) {
  Job *job = user_data;
  sight_analysis_table_take_lease(db, job->row, job->work->owner, g_get_real_time() / 1000, &job->revision, NULL);
  return TRUE;
}

static gboolean run(SightDb *db, gpointer user_data, GError **error) {
  Job *job = user_data;
  job->arrival = sight_track_table_newest_arrival(db, job->row, error);
  if (job->arrival < 0)
    return FALSE;
  job->tracks = g_ptr_array_new_with_free_func((GDestroyNotify)sight_stored_track_free);
  job->analysis = sight_analysis_run(db, job->row, job->work->rules, job->tracks, job->work->cancellable, error);
  return job->analysis != NULL;
}

/* Pages may be named by other rules since: what has named all that was analysed would not come by again. */
static gboolean check_page_rules(SightDb *db, Job *job, GError **error) {
  g_autoptr(SightRuleset) now = sight_analysis_rules(db, job->work->endpoint, error);
  if (now == NULL)
    return FALSE;
  g_autofree char *id_now = sight_page_rules_id(now->page_rules);
  g_autofree char *id = sight_page_rules_id(job->work->rules->page_rules);
  if (!g_str_equal(id, id_now))
    job->revision = -1;
  return TRUE;
}

static gboolean save(SightDb *db, gpointer user_data, GError **error) {
  Job *job = user_data;
  if (!check_page_rules(db, job, error))
    return FALSE;
  g_autoptr(GBytes) account = sight_account_pack(job->analysis);
  return sight_track_table_save(db, job->row, job->tracks, job->arrival, SIGHT_TRACK_VERSION, error) &&
         sight_account_table_save(db, job->row, account, error) &&
         sight_analysis_table_save(db, job->analysis->session, job->revision, job->work->ruleset,
                                   SIGHT_ANALYSIS_VERSION, job->analysis->signals, job->analysis->pages, error) &&
         sight_index_table_save(db, job->row, job->work->endpoint, job->analysis->occurrences, error);
}

static gpointer key_of(gint64 row) {
  return GSIZE_TO_POINTER((gsize)row);
}

static gboolean rests(Work *work, gint64 row) {
  g_mutex_lock(&rests_lock);
  const gint64 *until = g_hash_table_lookup(work->rests, key_of(row));
  gint64 until_us = until != NULL ? *until : 0;
  g_mutex_unlock(&rests_lock);
  if (until_us <= g_get_monotonic_time())
    return FALSE;
  work->wait_until_us = work->wait_until_us == 0 ? until_us : MIN(work->wait_until_us, until_us);
  return TRUE;
}

static void let_rest(Work *work, gint64 row, gint64 took_us) {
  gint64 until = g_get_monotonic_time() + MIN(took_us * REST_FACTOR, MAX_REST_US);
  g_mutex_lock(&rests_lock);
  g_hash_table_insert(work->rests, key_of(row), g_memdup2(&until, sizeof until));
  g_mutex_unlock(&rests_lock);
}

/* Looks for a session that waits and that this process may take. The row stays 0 where there is none. */
static gboolean pick(SightDb *db, gpointer user_data, GError **error) {
  Job *job = user_data;
  Work *work = job->work;
  guint limit = 1 + g_hash_table_size(work->skipped) + g_hash_table_size(work->rests);
  g_autoptr(GArray) rows =
      sight_analysis_table_pending(db, work->endpoint, work->ruleset, SIGHT_ANALYSIS_VERSION, limit, error);
  job->row = 0;
  for (guint i = 0; rows != NULL && i < rows->len && job->row == 0; i++) {
    gint64 row = g_array_index(rows, gint64, i);
    if (!g_hash_table_contains(work->skipped, key_of(row)) && !rests(work, row))
      job->row = row;
  }
  return rows != NULL;
}

/* Picks and takes the lease in one transaction: between the two another process could have analysed it. */
static gboolean claim(SightDb *db, gpointer user_data, GError **error) {
  Job *job = user_data;
  g_autoptr(GError) problem = NULL;
  gint64 until = g_get_real_time() / 1000 + LEASE_MS;
  job->leased = FALSE;
  if (!pick(db, job, error))
    return FALSE;
  if (job->row == 0)
    return TRUE;
  job->leased = sight_analysis_table_take_lease(db, job->row, job->work->owner, until, &job->revision, &problem);
  if (problem == NULL)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&problem));
  return FALSE;
}

/* One session that is leased to us. FALSE with error only where it makes no sense to go on with others: cancelled, or
 * the store fails. */
static gboolean work_on(Job *job, GError **error) {
  Work *work = job->work;
  g_autoptr(GError) problem = NULL;
  gint64 begun_us = g_get_monotonic_time();
  gboolean ok = sight_store_read(work->store, run, job, &problem);
  g_autoptr(GPtrArray) tracks = job->tracks;
  if (!ok && g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    sight_store_write(work->store, SIGHT_WRITE_NORMAL, end_lease, job, NULL);
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  g_autoptr(SightAnalysis) analysis = job->analysis;
  /* A session that was erased meanwhile, or cannot be read now, must not keep the others waiting: its lease stays, and
   * when that ends it is tried again. */
  if (!ok || !sight_store_write(work->store, SIGHT_WRITE_NORMAL, save, job, NULL)) {
    g_hash_table_add(work->skipped, key_of(job->row));
    return TRUE;
  }
  let_rest(work, job->row, g_get_monotonic_time() - begun_us);
  work->n_done++;
  if (work->progress != NULL) {
    Pending pending = {.work = work};
    if (!sight_store_read(work->store, count_pending, &pending, error))
      return FALSE;
    work->progress(work->n_done, pending.n_waiting, work->user_data);
  }
  return TRUE;
}

/* What waits at one endpoint now. `*any` is set where something was done. */
static gboolean work_on_endpoint(Work *work, gboolean *any, GError **error) {
  if (!sight_store_read(work->store, read_rules, work, error) ||
      !sight_naming_run(work->store, work->endpoint, work->rules, work->ruleset, work->cancellable, error))
    return FALSE;
  for (;;) {
    Job job = {.work = work};
    if (g_cancellable_set_error_if_cancelled(work->cancellable, error) ||
        !sight_store_read(work->store, pick, &job, error))
      return FALSE;
    if (job.row == 0)
      return TRUE;
    if (!sight_store_write(work->store, SIGHT_WRITE_NORMAL, claim, &job, error))
      return FALSE;
    if (job.row == 0)
      return TRUE;
    *any = TRUE;
    /* Leased since the look-up. */
    if (!job.leased)
      g_hash_table_add(work->skipped, key_of(job.row));
    else if (!work_on(&job, error))
      return FALSE;
  }
}

static gboolean wait_for_rest(Work *work, GError **error) {
  GPollFD fd = {0};
  gboolean pollable = work->cancellable != NULL && g_cancellable_make_pollfd(work->cancellable, &fd);
  gint64 left_us = work->wait_until_us - g_get_monotonic_time();
  if (left_us > 0)
    g_poll(&fd, pollable ? 1 : 0, (int)(left_us / 1000) + 1);
  if (pollable)
    g_cancellable_release_fd(work->cancellable);
  return !g_cancellable_set_error_if_cancelled(work->cancellable, error);
}

typedef struct {
  gint64 missing;
  gboolean done;
} CatchUp;

static gboolean is_missing(SightDb *db, gpointer user_data, GError **error) {
  CatchUp *self = user_data;
  self->missing = sight_kept_table_missing(db, error);
  return self->missing >= 0;
}

static gboolean catch_up_some(SightDb *db, gpointer user_data, GError **error) {
  CatchUp *self = user_data;
  return sight_kept_table_catch_up(db, &self->done, error);
}

/* What a cache of an earlier version lacks. */
static gboolean catch_up(Work *work, GError **error) {
  CatchUp self = {0};
  if (!sight_store_read(work->store, is_missing, &self, error))
    return FALSE;
  for (self.done = self.missing == 0; !self.done;) {
    if (g_cancellable_set_error_if_cancelled(work->cancellable, error) ||
        !sight_store_write(work->store, SIGHT_WRITE_NORMAL, catch_up_some, &self, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean work_off(Work *work, GError **error) {
  if (!catch_up(work, error))
    return FALSE;
  for (;;) {
    gboolean any = FALSE;
    g_autoptr(GPtrArray) endpoints = NULL;
    work->wait_until_us = 0;
    if (!sight_store_read(work->store, list_endpoints, &endpoints, error))
      return FALSE;
    for (guint i = 0; i < endpoints->len; i++) {
      work->endpoint = ((SightEndpoint *)endpoints->pdata[i])->row;
      if (!work_on_endpoint(work, &any, error))
        return FALSE;
    }
    if (!any && work->wait_until_us == 0)
      return TRUE;
    if (!any && !wait_for_rest(work, error))
      return FALSE;
  }
}

static GHashTable *rests_of(SightStore *store) {
  g_mutex_lock(&rests_lock);
  GHashTable *rests = g_object_get_data(G_OBJECT(store), "sight-analysis-rests");
  if (rests == NULL) {
    rests = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_object_set_data_full(G_OBJECT(store), "sight-analysis-rests", rests, (GDestroyNotify)g_hash_table_unref);
  }
  g_mutex_unlock(&rests_lock);
  return g_hash_table_ref(rests);
}

gboolean sight_analysis_run_pending(SightStore *store, SightAnalysisProgress progress, gpointer user_data,
                                    guint *n_analysed, GCancellable *cancellable, GError **error) {
  g_autofree char *owner = sight_id_new();
  g_autoptr(GHashTable) resting = rests_of(store);
  g_autoptr(GHashTable) skipped = g_hash_table_new(NULL, NULL);
  Work work = {.store = store,
               .owner = owner,
               .cancellable = cancellable,
               .rests = resting,
               .skipped = skipped,
               .progress = progress,
               .user_data = user_data};
  gboolean ok = work_off(&work, error);
  g_clear_pointer(&work.rules, sight_ruleset_free);
  g_free(work.ruleset);
  if (n_analysed != NULL)
    *n_analysed = work.n_done;
  return ok;
}
