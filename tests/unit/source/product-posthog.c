/* SPDX-License-Identifier: MIT */
/* PostHog's recordings as session_recording_api.py hands them out: a listing by offset or cursor, sources, blocks by
 * their numbers (snappy behind its length, or lines), and long-term content in one. */
#include "product.h"

#include <snappy-c.h>
#include <string.h>

#define PAGE 4
#define BLOCK_EVENTS 2
#define MAX_BLOCKS 20

static gint64 ended_ms(const ProductRecording *recording) {
  return g_array_index(recording->events, ProductEvent, recording->events->len - 1).time_ms;
}

static void append_row(const Product *product, const ProductRecording *recording, guint index, GString *out) {
  g_autofree char *started = product_time(recording->started_ms);
  g_autofree char *ended = product_time(ended_ms(recording));
  g_string_append_printf(
      out,
      "{\"id\":\"%s\",\"start_time\":\"%s\",\"end_time\":\"%s\",\"recording_duration\":%d,"
      "\"start_url\":\"https://shop.example/%u\",\"distinct_id\":\"0190c1d2-7a51-7f2a-8e1b-1234567890ab\","
      "\"viewed\":false,\"person\":{\"properties\":{\"email\":\"%s\"}}}",
      recording->id, started, ended, (int)((ended_ms(recording) - recording->started_ms) / 1000), index,
      product->user != NULL ? product->user : "");
}

static GString *list(Product *product, const char *path) {
  g_autofree char *offset = product_parameter(path, "offset");
  g_autofree char *after = product_parameter(path, "after");
  guint from = offset != NULL ? (guint)atoi(offset) : after != NULL ? (guint)atoi(after + 1) : 0;
  g_autoptr(GPtrArray) there = g_ptr_array_new();
  for (guint i = 0; i < product->recordings->len; i++)
    if (!((ProductRecording *)product->recordings->pdata[i])->deleted)
      g_ptr_array_add(there, product->recordings->pdata[i]);
  GString *out = g_string_new("{\"results\":[");
  guint n = from < there->len ? MIN(PAGE, there->len - from) : 0;
  g_autoptr(GArray) order = product_order(product, n);
  for (guint i = 0; i < order->len; i++) {
    g_string_append(out, i > 0 ? "," : "");
    append_row(product, there->pdata[from + g_array_index(order, guint, i)], from, out);
  }
  gboolean more = from + n < there->len;
  g_string_append_printf(out, "],\"has_next\":%s,\"version\":4", more ? "true" : "false");
  /* Some of its versions page by cursor. */
  if (more && product->recordings->len % 2 == 0)
    g_string_append_printf(out, ",\"next_cursor\":\"=%u\"", from + n);
  g_string_append_c(out, '}');
  return out;
}

static gboolean is_long_term(const ProductRecording *recording) {
  return recording->id[0] % 3 == 0;
}

static guint n_blocks(const ProductRecording *recording) {
  return (recording->events->len + BLOCK_EVENTS - 1) / BLOCK_EVENTS;
}

static GString *sources(Product *product, const ProductRecording *recording) {
  GString *out = g_string_new("{\"sources\":[");
  if (is_long_term(recording)) {
    g_string_append_printf(out, "{\"source\":\"blob_v2_lts\",\"blob_key\":\"lts/%s\",\"start_timestamp\":null}",
                           recording->id);
  } else {
    g_autoptr(GArray) order = product_order(product, n_blocks(recording));
    for (guint i = 0; i < order->len; i++)
      g_string_append_printf(out, "%s{\"source\":\"blob_v2\",\"blob_key\":\"%u\"}", i > 0 ? "," : "",
                             g_array_index(order, guint, i));
  }
  g_string_append(out, "]}");
  return out;
}

static void append_lines(Product *product, const ProductRecording *recording, guint first, guint n, GString *out) {
  g_autoptr(GArray) order = product_order(product, n);
  for (guint i = 0; i < order->len; i++) {
    guint index = first + g_array_index(order, guint, i);
    const ProductEvent *event = &g_array_index(recording->events, ProductEvent, index);
    g_string_append_printf(out, "[\"w%d\",", event->window);
    product_append_event(event, out);
    g_string_append(out, "]\n");
  }
}

static void append_block(Product *product, const ProductRecording *recording, guint block, GString *out) {
  g_autoptr(GString) lines = g_string_new(NULL);
  guint first = block * BLOCK_EVENTS;
  append_lines(product, recording, first, MIN(BLOCK_EVENTS, recording->events->len - first), lines);
  gsize bytes = snappy_max_compressed_length(lines->len);
  g_autofree char *packed = g_malloc(bytes);
  g_assert_cmpint(snappy_compress(lines->str, lines->len, packed, &bytes), ==, SNAPPY_OK);
  guint32 length = GUINT32_TO_BE((guint32)bytes);
  g_string_append_len(out, (const char *)&length, sizeof length);
  g_string_append_len(out, packed, (gssize)bytes);
}

static GString *blocks(Product *product, const ProductRecording *recording, const char *path, const char **status) {
  g_autofree char *first = product_parameter(path, "start_blob_key");
  g_autofree char *last = product_parameter(path, "end_blob_key");
  g_autofree char *decompress = product_parameter(path, "decompress");
  GString *out = g_string_new(NULL);
  if (first == NULL || last == NULL || atoi(last) - atoi(first) > MAX_BLOCKS) {
    *status = "400 Bad Request";
    return out;
  }
  if ((guint)atoi(last) >= n_blocks(recording)) {
    *status = "404 Not Found";
    return out;
  }
  g_assert_cmpstr(decompress, ==, "false");
  for (guint block = (guint)atoi(first); block <= (guint)atoi(last); block++)
    if (product->n_lost-- <= 0)
      append_block(product, recording, block, out);
  return out;
}

static GString *content(Product *product, const ProductRecording *recording, const char *path, const char **status) {
  g_autofree char *source = product_parameter(path, "source");
  if (source == NULL)
    return sources(product, recording);
  if (g_str_equal(source, "blob_v2"))
    return blocks(product, recording, path, status);
  g_autofree char *key = product_parameter(path, "blob_key");
  g_autofree char *wanted = g_strconcat("lts/", recording->id, NULL);
  GString *out = g_string_new(NULL);
  if (g_str_equal(source, "blob_v2_lts") && g_strcmp0(key, wanted) == 0)
    append_lines(product, recording, 0, recording->events->len, out);
  else
    *status = "404 Not Found";
  return out;
}

/* Of whichever recording is asked for: one captured while its window was recorded, for each, by the time alone; and who
 * the visitor is, if that is asked for. */
static GString *captured(Product *product, const char **status) {
  GString *out = g_string_new("{\"columns\":[\"event\",\"timestamp\",\"properties\"],\"results\":[");
  if (!product->has_events) {
    *status = "403 Forbidden";
    return out;
  }
  for (guint i = 0; i < product->recordings->len; i++) {
    const ProductRecording *recording = product->recordings->pdata[i];
    const ProductEvent *event = &g_array_index(recording->events, ProductEvent, 0);
    g_autofree char *time = product_time(event->time_ms);
    g_string_append_printf(out, "%s[\"paid\",\"%s\",\"{\\\"$window_id\\\":\\\"w%d\\\",\\\"sum\\\":%u}\"]",
                           i > 0 ? "," : "", time, event->window, i);
    if (strstr(product->asked, "'$identify'") == NULL)
      continue;
    g_string_append_printf(out,
                           ",[\"$identify\",\"%s\",\"{\\\"$window_id\\\":\\\"w%d\\\",\\\"distinct_id\\\":\\\"47%u\\\","
                           "\\\"$anon_distinct_id\\\":\\\"0190-anon\\\",\\\"$set\\\":{\\\"plan\\\":\\\"pro\\\"}}\"]",
                           time, event->window, i);
  }
  g_string_append(out, "]}");
  return out;
}

static GString *answer(Product *product, const char *path, GString *headers, const char **status) {
  g_autofree char *plain = g_strndup(path, strcspn(path, "?"));
  g_auto(GStrv) steps = g_strsplit(plain, "/", -1);
  guint n = g_strv_length(steps);
  if (g_str_has_suffix(plain, "/projects/7/query/"))
    return captured(product, status);
  /* "", "api", "projects" or "environments", number, "session_recordings", id, "snapshots" */
  if (n < 5 || !g_str_equal(steps[3], "7") || !g_str_equal(steps[4], "session_recordings")) {
    *status = "404 Not Found";
    return g_string_new("{\"type\":\"invalid_request\",\"detail\":\"Not found.\"}");
  }
  if (n == 5)
    return list(product, path);
  const ProductRecording *recording = product_find(product, steps[5]);
  if (recording == NULL || recording->deleted) {
    *status = n == 7 ? "410 Gone" : "404 Not Found";
    return g_string_new("{\"error\":\"recording_deleted\"}");
  }
  GString *out = g_string_new(NULL);
  if (n == 7 && g_str_equal(steps[6], "snapshots")) {
    g_string_free(out, TRUE);
    return content(product, recording, path, status);
  }
  append_row(product, recording, 0, out);
  return out;
}

const ProductKind product_posthog = {"posthog", "/project/7", TRUE, answer};
