/* SPDX-License-Identifier: MIT */
/* Reading the policy for the recorder, now and then. */
#include "sight-sampling.h"

/* A depot that does not answer is not asked for each request. */
#define ASKED_AGAIN_US G_USEC_PER_SEC

struct SightSampling {
  SightDepot *depot;
  GThreadPool *reader;
  GMutex reading; /* held while the depot is asked */
  gint64 asked_us;
  GMutex lock;
  gboolean known;
  char *script;
};

static void read_policy(SightSampling *sampling) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightPolicy) policy = sampling->depot->kind->get_policy(sampling->depot, &error);
  sampling->asked_us = g_get_monotonic_time();
  if (policy == NULL) {
    g_warning("%s", error->message);
    return;
  }
  g_mutex_lock(&sampling->lock);
  g_free(sampling->script);
  sampling->script = sight_policy_script(policy);
  sampling->known = TRUE;
  g_mutex_unlock(&sampling->lock);
}

static void refresh(gpointer data, gpointer user_data) {
  SightSampling *sampling = user_data;
  g_mutex_lock(&sampling->reading);
  read_policy(sampling);
  g_mutex_unlock(&sampling->reading);
}

SightSampling *sight_sampling_new(SightDepot *depot) {
  SightSampling *sampling = g_new0(SightSampling, 1);
  sampling->depot = depot;
  sampling->asked_us = -ASKED_AGAIN_US;
  g_mutex_init(&sampling->reading);
  g_mutex_init(&sampling->lock);
  sampling->reader = g_thread_pool_new(refresh, sampling, 1, FALSE, NULL);
  return sampling;
}

void sight_sampling_free(SightSampling *sampling) {
  g_thread_pool_free(sampling->reader, TRUE, TRUE);
  g_mutex_clear(&sampling->reading);
  g_mutex_clear(&sampling->lock);
  g_free(sampling->script);
  g_free(sampling);
}

void sight_sampling_refresh(SightSampling *sampling) {
  if (g_thread_pool_unprocessed(sampling->reader) == 0)
    g_thread_pool_push(sampling->reader, sampling, NULL);
}

static gboolean get_known(SightSampling *sampling, char **script) {
  g_mutex_lock(&sampling->lock);
  gboolean known = sampling->known;
  *script = g_strdup(sampling->script);
  g_mutex_unlock(&sampling->lock);
  return known;
}

gboolean sight_sampling_get(SightSampling *sampling, char **script) {
  if (get_known(sampling, script))
    return TRUE;
  g_mutex_lock(&sampling->reading);
  gboolean known = get_known(sampling, script);
  if (!known && g_get_monotonic_time() >= sampling->asked_us + ASKED_AGAIN_US) {
    read_policy(sampling);
    known = get_known(sampling, script);
  }
  g_mutex_unlock(&sampling->reading);
  return known;
}
