/* SPDX-License-Identifier: MIT */
/* Counting, and writing the counts down. */
#include "sight-metrics.h"

#include "sight-config.h"
#include "sight-hash.h"
#include "sight-route.h"

#include <string.h>

#define MAX_STATUS 600
/* Who has been silent for so long, or was revoked meanwhile, follows no more. */
#define FOLLOWED_US ((gint64)24 * 60 * 60 * G_USEC_PER_SEC)

/* Upper bounds of the buckets of a duration. */
static const double bounds[] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
#define N_BUCKETS (G_N_ELEMENTS(bounds) + 1)

static const char *const put_names[] = {
    [SIGHT_DEPOT_STORED] = "stored",           [SIGHT_DEPOT_DUPLICATE] = "duplicate",
    [SIGHT_DEPOT_FOREIGN] = "foreign",         [SIGHT_DEPOT_LARGE] = "session_full",
    [SIGHT_DEPOT_OVER_BYTES] = "project_full", [SIGHT_DEPOT_OVER_SESSIONS] = "sessions_full"};

typedef struct {
  guint64 by_status[MAX_STATUS];
  guint64 by_duration[N_BUCKETS]; /* each by itself */
  guint64 n;
  double seconds;
} OfRoute;

typedef struct {
  gint64 revision, at_us;
} Followed;

struct SightMetrics {
  GMutex lock;
  OfRoute *routes; /* by the table of routes, and one for what is none of them */
  gsize n_routes;
  GHashTable *refusals; /* guint64 by code */
  GHashTable *followed; /* Followed, by gint64, the row of a key */
  guint64 body_bytes, answer_bytes, puts[G_N_ELEMENTS(put_names)], event_bytes;
  guint connections, requests;
  gsize held_bytes;
  gint64 started_s;
};

SightMetrics *sight_metrics_new(void) {
  SightMetrics *metrics = g_new0(SightMetrics, 1);
  g_mutex_init(&metrics->lock);
  sight_route_list(&metrics->n_routes);
  metrics->routes = g_new0(OfRoute, metrics->n_routes + 1);
  metrics->refusals = g_hash_table_new_full(sight_hash_text, g_str_equal, NULL, g_free);
  metrics->followed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  metrics->started_s = g_get_real_time() / G_USEC_PER_SEC;
  return metrics;
}

void sight_metrics_free(SightMetrics *metrics) {
  if (metrics == NULL)
    return;
  g_mutex_clear(&metrics->lock);
  g_free(metrics->routes);
  g_hash_table_unref(metrics->refusals);
  g_hash_table_unref(metrics->followed);
  g_free(metrics);
}

static void count_refusal(SightMetrics *metrics, const char *code) {
  guint64 *n = g_hash_table_lookup(metrics->refusals, code);
  if (n == NULL) {
    n = g_new0(guint64, 1);
    g_hash_table_insert(metrics->refusals, (char *)code, n);
  }
  (*n)++;
}

void sight_metrics_answered(SightMetrics *metrics, const SightCall *call, gsize bytes, gint64 us) {
  gsize n_routes = 0, bucket = 0;
  const SightRoute *routes = sight_route_list(&n_routes);
  double seconds = (double)us / G_USEC_PER_SEC;
  while (bucket < G_N_ELEMENTS(bounds) && seconds > bounds[bucket])
    bucket++;
  g_mutex_lock(&metrics->lock);
  OfRoute *of_route = &metrics->routes[call->route != NULL ? (gsize)(call->route - routes) : n_routes];
  of_route->by_status[MIN(call->status, MAX_STATUS - 1)]++;
  of_route->by_duration[bucket]++;
  of_route->n++;
  of_route->seconds += seconds;
  if (call->code != NULL)
    count_refusal(metrics, call->code);
  if (call->body != NULL)
    metrics->body_bytes += g_bytes_get_size(call->body);
  metrics->answer_bytes += bytes;
  g_mutex_unlock(&metrics->lock);
}

void sight_metrics_put(SightMetrics *metrics, SightDepotPut result, gsize bytes) {
  g_mutex_lock(&metrics->lock);
  metrics->puts[result]++;
  if (result == SIGHT_DEPOT_STORED)
    metrics->event_bytes += bytes;
  g_mutex_unlock(&metrics->lock);
}

void sight_metrics_followed(SightMetrics *metrics, gint64 key_row, gint64 revision) {
  const Followed followed = {revision, g_get_monotonic_time()};
  g_mutex_lock(&metrics->lock);
  g_hash_table_replace(metrics->followed, g_memdup2(&key_row, sizeof key_row), g_memdup2(&followed, sizeof followed));
  g_mutex_unlock(&metrics->lock);
}

void sight_metrics_set_open(SightMetrics *metrics, guint connections, guint requests, gsize body_bytes) {
  g_mutex_lock(&metrics->lock);
  metrics->connections = connections;
  metrics->requests = requests;
  metrics->held_bytes = body_bytes;
  g_mutex_unlock(&metrics->lock);
}

/* Writing. Labels are words of this program and numbers: nothing in them has to be escaped. */

static void begin(GString *out, const char *name, const char *type, const char *help) {
  g_string_append_printf(out, "# HELP sessionsight_%s %s\n# TYPE sessionsight_%s %s\n", name, help, name, type);
}

static void write_one(GString *out, const char *name, const char *type, const char *help, gint64 value) {
  begin(out, name, type, help);
  g_string_append_printf(out, "sessionsight_%s %" G_GINT64_FORMAT "\n", name, value);
}

static char *labels_of(const SightRoute *routes, gsize n_routes, gsize i) {
  return i < n_routes ? g_strdup_printf("method=\"%s\",route=\"%s\"", routes[i].method, routes[i].path)
                      : g_strdup("method=\"\",route=\"\"");
}

static void write_requests(SightMetrics *metrics, const SightRoute *routes, GString *out) {
  begin(out, "requests_total", "counter", "Requests that were answered; no route: a path or method that is none.");
  for (gsize i = 0; i <= metrics->n_routes; i++) {
    g_autofree char *labels = labels_of(routes, metrics->n_routes, i);
    for (guint status = 0; status < MAX_STATUS; status++) {
      if (metrics->routes[i].by_status[status] > 0)
        g_string_append_printf(out, "sessionsight_requests_total{%s,status=\"%u\"} %" G_GUINT64_FORMAT "\n", labels,
                               status, metrics->routes[i].by_status[status]);
    }
  }
}

static void write_number(GString *out, const char *format, double number) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(out, g_ascii_formatd(text, sizeof text, format, number));
}

static void write_durations(SightMetrics *metrics, const SightRoute *routes, GString *out) {
  begin(out, "request_seconds", "histogram", "From the head of a request to its answer.");
  for (gsize i = 0; i < metrics->n_routes; i++) {
    const OfRoute *of_route = &metrics->routes[i];
    guint64 sum = 0;
    if (of_route->n == 0)
      continue;
    g_autofree char *labels = labels_of(routes, metrics->n_routes, i);
    for (gsize k = 0; k < N_BUCKETS; k++) {
      sum += of_route->by_duration[k];
      g_string_append_printf(out, "sessionsight_request_seconds_bucket{%s,le=\"", labels);
      if (k < G_N_ELEMENTS(bounds))
        write_number(out, "%.6g", bounds[k]);
      else
        g_string_append(out, "+Inf");
      g_string_append_printf(out, "\"} %" G_GUINT64_FORMAT "\n", sum);
    }
    g_string_append_printf(out, "sessionsight_request_seconds_sum{%s} ", labels);
    /* Grows for months, by microseconds. */
    write_number(out, "%.6f", of_route->seconds);
    g_string_append_printf(out, "\nsessionsight_request_seconds_count{%s} %" G_GUINT64_FORMAT "\n", labels, sum);
  }
}

static int compare_words(gconstpointer a, gconstpointer b) {
  return strcmp(a, b);
}

static void write_refusals(SightMetrics *metrics, GString *out) {
  begin(out, "refusals_total", "counter", "Requests that were refused, by the code of the answer.");
  GList *codes = g_list_sort(g_hash_table_get_keys(metrics->refusals), compare_words);
  for (GList *code = codes; code != NULL; code = code->next)
    g_string_append_printf(out, "sessionsight_refusals_total{reason=\"%s\"} %" G_GUINT64_FORMAT "\n",
                           (const char *)code->data, *(guint64 *)g_hash_table_lookup(metrics->refusals, code->data));
  g_list_free(codes);
}

static void write_lag(SightMetrics *metrics, gint64 revision, GString *out) {
  GHashTableIter iter;
  gpointer key, value;
  begin(out, "feed_lag", "gauge",
        "By how many numbers the changes that a token was handed out are behind; key: see `keys list`.");
  g_hash_table_iter_init(&iter, metrics->followed);
  while (g_hash_table_iter_next(&iter, &key, &value)) {
    const Followed *followed = value;
    if (followed->at_us < g_get_monotonic_time() - FOLLOWED_US)
      g_hash_table_iter_remove(&iter);
    else
      g_string_append_printf(out, "sessionsight_feed_lag{key=\"%" G_GINT64_FORMAT "\"} %" G_GINT64_FORMAT "\n",
                             *(gint64 *)key, MAX(0, revision - followed->revision));
  }
}

static void write_depot(SightMetrics *metrics, const SightDepotMeasures *measures, GString *out) {
  write_one(out, "depot_up", "gauge", "1 where the store answers.", measures != NULL);
  if (measures == NULL)
    return;
  write_one(out, "feed_revision", "gauge", "The number of the newest change.", measures->revision);
  write_one(out, "batches_waiting", "gauge", "Batches that wait to be stored.", measures->n_waiting);
  write_one(out, "blobs_pending", "gauge", "Objects of the object store that are to be removed.", measures->n_dead);
  write_lag(metrics, measures->revision, out);
}

void sight_metrics_write(SightMetrics *metrics, const SightDepotMeasures *measures, GString *out) {
  gsize n_routes = 0;
  const SightRoute *routes = sight_route_list(&n_routes);
  g_mutex_lock(&metrics->lock);
  begin(out, "build_info", "gauge", "What runs here.");
  g_string_append(out, "sessionsight_build_info{version=\"" SIGHT_VERSION "\"} 1\n");
  write_one(out, "start_time_seconds", "gauge", "When it started, since 1970.", metrics->started_s);
  write_requests(metrics, routes, out);
  write_durations(metrics, routes, out);
  write_refusals(metrics, out);
  write_one(out, "body_bytes_total", "counter", "Bodies that were taken, as they were sent.",
            (gint64)metrics->body_bytes);
  write_one(out, "answer_bytes_total", "counter", "Answers, as they were sent.", (gint64)metrics->answer_bytes);
  begin(out, "batches_total", "counter", "Batches that were brought, by what became of them.");
  for (gsize i = 0; i < G_N_ELEMENTS(put_names); i++)
    g_string_append_printf(out, "sessionsight_batches_total{result=\"%s\"} %" G_GUINT64_FORMAT "\n", put_names[i],
                           metrics->puts[i]);
  write_one(out, "event_bytes_total", "counter", "Events that were stored, expanded.", (gint64)metrics->event_bytes);
  write_one(out, "connections", "gauge", "Open connections.", metrics->connections);
  write_one(out, "requests_open", "gauge", "Requests that are being received, worked on or taken.", metrics->requests);
  write_one(out, "body_bytes_open", "gauge", "Bodies of these, as they are sent.", (gint64)metrics->held_bytes);
  write_depot(metrics, measures, out);
  g_mutex_unlock(&metrics->lock);
}
