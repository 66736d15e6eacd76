/* SPDX-License-Identifier: MIT */
/* Reading the policy of a folder, and counting for it. */
#include "sight-quota.h"

#include "sight-file.h"
#include "sight-retention-table.h"

#include <glib/gstdio.h>
#include <string.h>

#define DAY_MS ((gint64)24 * 60 * 60 * 1000)

struct SightQuota {
  char *path;
  GMutex lock;
  SightPolicy *policy;
  gboolean is_known; /* it was read once */
  /* Of the file when it was read last, also in vain. */
  ino_t inode;
  long changed_ns;
  gboolean counted;
  gint64 n_bytes, day, n_begun;
  int stale; /* atomic */
};

SightPolicy *sight_quota_get(SightQuota *quota, GError **error) {
  g_autofree char *json = NULL;
  g_autoptr(GError) failure = NULL;
  if (g_file_get_contents(quota->path, &json, NULL, &failure))
    return sight_policy_read(json, error);
  if (g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return sight_policy_new();
  g_propagate_error(error, g_steal_pointer(&failure));
  return NULL;
}

gboolean sight_quota_set(SightQuota *quota, const SightPolicy *policy, GError **error) {
  g_autofree char *json = sight_policy_write(policy);
  if (!sight_file_write(quota->path, json, strlen(json), error))
    return FALSE;
  sight_quota_refresh(quota);
  return TRUE;
}

void sight_quota_refresh(SightQuota *quota) {
  g_autoptr(GError) error = NULL;
  GStatBuf now = {0};
  gboolean there = g_stat(quota->path, &now) == 0;
  g_autoptr(SightPolicy) policy = sight_quota_get(quota, &error);
  if (policy == NULL)
    g_warning("%s: %s", quota->path, error->message);
  g_mutex_lock(&quota->lock);
  quota->inode = there ? now.st_ino : 0;
  quota->changed_ns = there ? now.st_mtim.tv_nsec : 0;
  if (policy != NULL) {
    sight_policy_free(quota->policy);
    quota->policy = g_steal_pointer(&policy);
    quota->is_known = TRUE;
  }
  g_mutex_unlock(&quota->lock);
}

SightQuota *sight_quota_new(const char *directory) {
  SightQuota *quota = g_new0(SightQuota, 1);
  quota->path = g_build_filename(directory, "policy.json", NULL);
  quota->policy = sight_policy_new();
  g_mutex_init(&quota->lock);
  sight_quota_refresh(quota);
  return quota;
}

void sight_quota_free(SightQuota *quota) {
  g_mutex_clear(&quota->lock);
  sight_policy_free(quota->policy);
  g_free(quota->path);
  g_free(quota);
}

gboolean sight_quota_ages(SightQuota *quota, gint64 now_ms, gint64 *before_ms, gint64 *errored_before_ms) {
  g_mutex_lock(&quota->lock);
  gint64 days = quota->policy->keep_days, errored_days = MAX(days, quota->policy->keep_errored_days);
  g_mutex_unlock(&quota->lock);
  *before_ms = now_ms - days * DAY_MS;
  *errored_before_ms = now_ms - errored_days * DAY_MS;
  return days > 0;
}

gboolean sight_quota_is_closed(SightQuota *quota) {
  GStatBuf now = {0};
  gboolean there = g_stat(quota->path, &now) == 0;
  g_mutex_lock(&quota->lock);
  gboolean changed = there && (now.st_ino != quota->inode || now.st_mtim.tv_nsec != quota->changed_ns);
  g_mutex_unlock(&quota->lock);
  if (changed)
    sight_quota_refresh(quota);
  g_mutex_lock(&quota->lock);
  /* What it says may be just that. */
  gboolean closed = quota->policy->closed || !quota->is_known;
  g_mutex_unlock(&quota->lock);
  return closed;
}

static gboolean count(SightQuota *quota, SightDb *db, gint64 project, gint64 today, GError **error) {
  gboolean stale = g_atomic_int_compare_and_exchange(&quota->stale, TRUE, FALSE);
  if (quota->counted && !stale && quota->day == today)
    return TRUE;
  quota->counted = sight_retention_table_count(db, project, today * DAY_MS, &quota->n_bytes, &quota->n_begun, error);
  quota->day = today;
  return quota->counted;
}

gboolean sight_quota_admits(SightQuota *quota, SightDb *db, gint64 project, gboolean begins, gboolean *admits,
                            SightDepotPut *result, GError **error) {
  g_mutex_lock(&quota->lock);
  gint64 max_bytes = quota->policy->max_bytes, max_begun = quota->policy->max_sessions;
  g_mutex_unlock(&quota->lock);
  *admits = TRUE;
  if (max_bytes == 0 && max_begun == 0)
    return TRUE;
  if (!count(quota, db, project, g_get_real_time() / 1000 / DAY_MS, error))
    return FALSE;
  gboolean is_full = max_bytes > 0 && quota->n_bytes >= max_bytes;
  *admits = !is_full && (!begins || max_begun == 0 || quota->n_begun < max_begun);
  *result = is_full ? SIGHT_DEPOT_OVER_BYTES : SIGHT_DEPOT_OVER_SESSIONS;
  return TRUE;
}

void sight_quota_stored(SightQuota *quota, gsize bytes, gboolean begins) {
  quota->n_bytes += (gint64)bytes;
  quota->n_begun += begins ? 1 : 0;
}

void sight_quota_erased(SightQuota *quota, gint64 bytes) {
  quota->n_bytes -= bytes;
}

void sight_quota_recount(SightQuota *quota) {
  g_atomic_int_set(&quota->stale, TRUE);
}
