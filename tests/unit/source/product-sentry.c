/* SPDX-License-Identifier: MIT */
/* Sentry's replays as its endpoints hand them out: data with a header Link, segments as arrays in an array, custom
 * events timed in seconds. */
#include "product.h"

#include <string.h>

#define PAGE 3
#define SEGMENT_EVENTS 2
#define PAGE_SEGMENTS 2

static guint n_segments(const ProductRecording *recording) {
  return (recording->events->len + SEGMENT_EVENTS - 1) / SEGMENT_EVENTS;
}

static void append_row(const Product *product, const ProductRecording *recording, GString *out) {
  g_autofree char *started = product_time(recording->started_ms);
  g_autofree char *ended =
      product_time(g_array_index(recording->events, ProductEvent, recording->events->len - 1).time_ms);
  if (recording->deleted)
    g_string_append_printf(out, "{\"id\":\"%s\",\"is_archived\":true,\"started_at\":null,\"urls\":[]}", recording->id);
  else
    g_string_append_printf(
        out,
        "{\"id\":\"%s\",\"is_archived\":false,\"started_at\":\"%s\",\"finished_at\":\"%s\","
        "\"count_segments\":%u,\"count_errors\":%d,\"urls\":[\"https://shop.example/\"],\"user\":{\"email\":\"%s\"}}",
        recording->id, started, ended, n_segments(recording), product->has_errors ? 1 : 0,
        product->user != NULL ? product->user : "");
}

static guint offset_of(const char *path) {
  g_autofree char *cursor = product_parameter(path, "cursor");
  return cursor != NULL ? (guint)atoi(strchr(cursor, ':') + 1) : 0;
}

static void append_link(GString *headers, guint next, gboolean more) {
  g_string_append_printf(headers,
                         "Link: <http://sentry/?cursor=0:0:1>; rel=\"previous\"; results=\"false\"; cursor=\"0:0:1\", "
                         "<http://sentry/?cursor=0:%u:0>; rel=\"next\"; results=\"%s\"; cursor=\"0:%u:0\"\r\n",
                         next, more ? "true" : "false", next);
}

static GString *list(Product *product, const char *path, GString *headers) {
  guint from = offset_of(path), all = product->recordings->len;
  guint n = from < all ? MIN(PAGE, all - from) : 0;
  GString *out = g_string_new("{\"data\":[");
  g_autoptr(GArray) order = product_order(product, n);
  for (guint i = 0; i < order->len; i++) {
    g_string_append(out, i > 0 ? "," : "");
    append_row(product, product->recordings->pdata[from + g_array_index(order, guint, i)], out);
  }
  g_string_append(out, "]}");
  append_link(headers, from + n, from + n < all);
  return out;
}

static void append_segment(Product *product, const ProductRecording *recording, guint segment, GString *out) {
  guint first = segment * SEGMENT_EVENTS;
  g_autoptr(GArray) order = product_order(product, MIN(SEGMENT_EVENTS, recording->events->len - first));
  g_string_append_c(out, '[');
  for (guint i = 0; i < order->len; i++) {
    const ProductEvent *event = &g_array_index(recording->events, ProductEvent, first + g_array_index(order, guint, i));
    g_string_append_printf(out,
                           "%s{\"type\":5,\"timestamp\":%" G_GINT64_FORMAT
                           ".%03d,\"data\":{\"tag\":\"breadcrumb\",\"payload\":{\"n\":%d,\"category\":\"ui.click\"}}}",
                           i > 0 ? "," : "", event->time_ms / 1000, (int)(event->time_ms % 1000), event->n);
  }
  g_string_append_c(out, ']');
}

static GString *segments(Product *product, const ProductRecording *recording, const char *path, GString *headers) {
  guint from = offset_of(path), all = n_segments(recording);
  guint n = from < all ? MIN(PAGE_SEGMENTS, all - from) : 0;
  GString *out = g_string_new("[");
  g_autoptr(GArray) order = product_order(product, n);
  for (guint i = 0; i < order->len; i++) {
    g_string_append(out, i > 0 ? "," : "");
    append_segment(product, recording, from + g_array_index(order, guint, i), out);
  }
  g_string_append_c(out, ']');
  append_link(headers, from + n, from + n < all);
  return out;
}

static GString *answer(Product *product, const char *path, GString *headers, const char **status) {
  g_autofree char *plain = g_strndup(path, strcspn(path, "?"));
  if (g_str_equal(plain, "/api/0/projects/acme/web/"))
    return g_string_new("{\"id\":\"45\",\"slug\":\"web\",\"name\":\"Web\"}");
  if (g_str_equal(plain, "/api/0/organizations/acme/replays/")) {
    g_autofree char *project = product_parameter(path, "project");
    g_assert_cmpstr(project, ==, "45");
    return list(product, path, headers);
  }
  if (g_str_equal(plain, "/api/0/organizations/acme/replays-events-meta/")) {
    g_autofree char *query = product_parameter(path, "query");
    g_assert_true(g_str_has_prefix(query, "replayId:"));
    g_autofree char *time = product_time(product_find(product, query + strlen("replayId:"))->started_ms + 1000);
    GString *out = g_string_new(NULL);
    g_string_printf(out, "{\"data\":[{\"id\":\"e\",\"title\":\"TypeError: x is undefined\",\"timestamp\":\"%s\"}]}",
                    time);
    return out;
  }
  if (g_str_equal(plain, "/api/0/projects/acme/web/events/e/") && !product->has_no_details)
    return g_string_new("{\"eventID\":\"e\",\"entries\":[{\"type\":\"breadcrumbs\"},{\"type\":\"exception\",\"data\":{"
                        "\"values\":[{\"type\":"
                        "\"TypeError\",\"mechanism\":{\"type\":\"onerror\",\"handled\":false},\"stacktrace\":{"
                        "\"frames\":[{\"filename\":"
                        "\"/app.js\",\"absPath\":\"https://shop.example/"
                        "app.js\",\"function\":null,\"lineNo\":1,\"colNo\":9},{\"filename\":"
                        "\"/pay.js\",\"absPath\":\"https://shop.example/"
                        "pay.js\",\"function\":\"pay\",\"lineNo\":7,\"colNo\":3}]}}]}}]}");
  g_auto(GStrv) steps = g_strsplit(plain, "/", -1);
  /* "", "api", "0", "organizations", "acme", "replays", id, "" */
  if (g_str_has_prefix(plain, "/api/0/organizations/acme/replays/")) {
    const ProductRecording *recording = product_find(product, steps[6]);
    GString *out = g_string_new("{\"data\":");
    append_row(product, recording, out);
    g_string_append_c(out, '}');
    return out;
  }
  /* "", "api", "0", "projects", "acme", "web", "replays", id, "recording-segments", "" */
  const ProductRecording *recording =
      g_str_has_prefix(plain, "/api/0/projects/acme/web/replays/") ? product_find(product, steps[7]) : NULL;
  if (recording != NULL && !recording->deleted)
    return segments(product, recording, path, headers);
  *status = "404 Not Found";
  return g_string_new("{\"detail\":\"The requested resource does not exist\"}");
}

const ProductKind product_sentry = {"sentry", "/organizations/acme/projects/web", FALSE, answer};
