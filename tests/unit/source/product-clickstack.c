/* SPDX-License-Identifier: MIT */
/* ClickStack's table hyperdx_sessions behind the HTTP interface of ClickHouse: the queries of the source are told apart
 * by what they select, and answered from the same recordings; every third event is in chunks. */
#include "product.h"

#include <string.h>

static void append_cell(GString *out, const char *name, const char *text) {
  g_string_append_printf(out, ",\"%s\":\"", name);
  for (const char *c = text; *c != '\0'; c++)
    g_string_append_printf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
  g_string_append_c(out, '"');
}

static void append_event_row(const ProductEvent *event, const char *body, int chunk, int n_chunks, GString *out) {
  g_autofree char *number = g_strdup_printf("%d", event->n % 5);
  g_autofree char *at = g_strdup_printf("%d", chunk), *of = g_strdup_printf("%d", n_chunks);
  g_string_append_printf(out, "%s{\"time\":\"%" G_GINT64_FORMAT "000000\"", g_str_has_suffix(out->str, "[") ? "" : ",",
                         event->time_ms);
  append_cell(out, "body", body);
  append_cell(out, "event", number);
  append_cell(out, "chunk", chunk > 0 ? at : "");
  append_cell(out, "chunks", chunk > 0 ? of : "");
  g_string_append_c(out, '}');
}

static void append_event(Product *product, const ProductEvent *event, GString *out) {
  g_autoptr(GString) body = g_string_new(NULL);
  product_append_event(event, body);
  if (event->n % 3 != 0) {
    append_event_row(event, body->str, 0, 0, out);
    return;
  }
  gsize part = body->len / 3 + 1;
  g_autoptr(GArray) order = product_order(product, 3);
  for (guint i = 0; i < order->len; i++) {
    guint chunk = g_array_index(order, guint, i);
    g_autofree char *text = g_strndup(body->str + chunk * part, MIN(part, body->len - chunk * part));
    append_event_row(event, text, (int)chunk + 1, 3, out);
  }
}

static void fetch(Product *product, const char *path, GString *out) {
  g_autofree char *id = product_parameter(path, "param_id");
  const ProductRecording *recording = product_find(product, id);
  if (recording->deleted)
    return;
  g_autoptr(GArray) order = product_order(product, recording->events->len);
  for (guint i = 0; i < order->len; i++)
    append_event(product, &g_array_index(recording->events, ProductEvent, g_array_index(order, guint, i)), out);
}

/* One of each, when the recording began; and a request that lasted a millisecond. */
static void beside(Product *product, const char *path, GString *out, const char **status) {
  g_autofree char *id = product_parameter(path, "param_id");
  const ProductRecording *recording = product_find(product, id);
  gint64 time_ms = g_array_index(recording->events, ProductEvent, 0).time_ms;
  if (!product->has_events)
    *status = "404 Not Found";
  g_string_append_printf(
      out,
      "{\"time\":\"%" G_GINT64_FORMAT "\",\"length\":\"0\",\"name\":\"console.warn\",\"state\":\"Unset\",\"component\":"
      "\"console\",\"message\":\"he said \\\"no\\\"\",\"status\":\"\"},"
      "{\"time\":\"%" G_GINT64_FORMAT "\",\"length\":\"0\",\"name\":\"onerror\",\"state\":\"Error\",\"component\":"
      "\"error\",\"error\":\"TypeError: x\",\"stack\":\"at pay\",\"status\":\"\"},"
      "{\"time\":\"%" G_GINT64_FORMAT "\",\"length\":\"1\",\"name\":\"HTTP POST\",\"state\":\"Error\",\"component\":"
      "\"fetch\",\"method\":\"POST\",\"url\":\"https://shop.example/pay\",\"status\":\"502\"}",
      time_ms, time_ms, time_ms);
}

static void list(Product *product, const char *path, GString *out) {
  g_autofree char *offset = product_parameter(path, "param_offset");
  g_autoptr(GArray) order = product_order(product, product->recordings->len);
  for (guint i = 0; i < order->len && g_str_equal(offset, "0"); i++) {
    const ProductRecording *recording = product->recordings->pdata[g_array_index(order, guint, i)];
    const ProductEvent *last = &g_array_index(recording->events, ProductEvent, recording->events->len - 1);
    if (!recording->deleted)
      g_string_append_printf(out,
                             "%s{\"id\":\"%s\",\"started\":\"%" G_GINT64_FORMAT "\",\"ended\":%" G_GINT64_FORMAT
                             ",\"version\":\"%u\"}",
                             g_str_has_suffix(out->str, "[") ? "" : ",", recording->id, recording->started_ms,
                             last->time_ms, recording->events->len);
  }
}

static GString *answer(Product *product, const char *path, GString *headers, const char **status) {
  g_autofree char *sql = product_parameter(path, "query");
  g_autofree char *database = product_parameter(path, "database");
  g_autofree char *id = product_parameter(path, "param_id");
  g_assert_cmpstr(database, ==, "default");
  GString *out = g_string_new("{\"meta\":[],\"data\":[");
  if (g_str_has_prefix(sql, "SELECT Body"))
    fetch(product, path, out);
  else if (strstr(sql, "FROM otel_traces") != NULL)
    beside(product, path, out, status);
  else if (id != NULL)
    g_string_append_printf(out, "{\"n\":\"%d\"}", product_find(product, id)->deleted ? 0 : 7);
  else
    list(product, path, out);
  g_string_append(out, "],\"rows\":1}");
  return out;
}

const ProductKind product_clickstack = {"clickstack", "/default", FALSE, answer};
