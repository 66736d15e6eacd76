/* SPDX-License-Identifier: MIT */
/* What products hold, and answers that go wrong. */
#include "product.h"

#include <string.h>

#define HOUR_MS 3600000

static void recording_free(gpointer data) {
  ProductRecording *recording = data;
  g_free(recording->id);
  g_array_unref(recording->events);
  g_free(recording);
}

void product_grow(Product *product, ProductRecording *recording, int n_events) {
  gint64 time_ms = recording->started_ms;
  if (recording->events->len > 0)
    time_ms = g_array_index(recording->events, ProductEvent, recording->events->len - 1).time_ms;
  for (int i = 0; i < n_events; i++) {
    time_ms += g_rand_int_range(product->rand, 1, 2000);
    ProductEvent event = {.window = product->kind->has_windows ? g_rand_int_range(product->rand, 0, 2) : 0,
                          .time_ms = time_ms,
                          .n = product->next_n++};
    g_array_append_val(recording->events, event);
  }
}

ProductRecording *product_find(const Product *product, const char *id) {
  for (guint i = 0; i < product->recordings->len; i++) {
    ProductRecording *recording = product->recordings->pdata[i];
    if (g_str_equal(recording->id, id))
      return recording;
  }
  return product->recordings->pdata[0]; /* an id that nobody gave */
}

void product_append_event(const ProductEvent *event, GString *out) {
  g_string_append_printf(
      out, "{\"type\":5,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":{\"tag\":\"mark\",\"payload\":{\"n\":%d}}}",
      event->time_ms, event->n);
}

GArray *product_order(Product *product, guint n) {
  GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));
  for (guint i = 0; i < n; i++) {
    guint again = product->fault == FAULT_DUPLICATE ? (guint)g_rand_int_range(product->rand, 1, 3) : 1;
    for (guint k = 0; k < again; k++)
      g_array_append_val(order, i);
  }
  for (guint i = order->len; product->fault == FAULT_DISORDER && i > 1; i--) {
    guint k = (guint)g_rand_int_range(product->rand, 0, (gint32)i);
    guint kept = g_array_index(order, guint, i - 1);
    g_array_index(order, guint, i - 1) = g_array_index(order, guint, k);
    g_array_index(order, guint, k) = kept;
  }
  return order;
}

char *product_parameter(const char *path, const char *name) {
  const char *query = strchr(path, '?');
  g_auto(GStrv) pairs = g_strsplit(query != NULL ? query + 1 : "", "&", -1);
  gsize bytes = strlen(name);
  for (char **pair = pairs; *pair != NULL; pair++)
    if (strncmp(*pair, name, bytes) == 0 && (*pair)[bytes] == '=')
      return g_uri_unescape_string(*pair + bytes + 1, NULL);
  return NULL;
}

char *product_time(gint64 time_ms) {
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(time_ms / 1000);
  g_autofree char *text = g_date_time_format(date, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf("%s.%03dZ", text, (int)(time_ms % 1000));
}

int product_by_text(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *product_wanted(const Product *product) {
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < product->recordings->len; i++) {
    const ProductRecording *recording = product->recordings->pdata[i];
    for (int window = 0; window < 2 && !recording->deleted; window++) {
      g_autoptr(GString) line = g_string_new(NULL);
      for (guint k = 0; k < recording->events->len; k++) {
        const ProductEvent *event = &g_array_index(recording->events, ProductEvent, k);
        if (event->window == window)
          g_string_append_printf(line, " %d", event->n);
      }
      if (line->len > 0) {
        g_autofree char *name = product->kind->has_windows ? g_strdup_printf("w%d", window) : g_strdup("main");
        g_ptr_array_add(lines, g_strdup_printf("%s %s:%s", recording->id, name, line->str));
      }
    }
  }
  g_ptr_array_sort(lines, product_by_text);
  g_ptr_array_add(lines, NULL);
  return g_strjoinv("\n", (char **)lines->pdata);
}

static void write_answer(GOutputStream *out, const char *status, const GString *headers, const GString *body,
                         gsize sent) {
  g_autofree char *head = g_strdup_printf("HTTP/1.1 %s\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n", status,
                                          headers->str, body->len);
  g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL);
  g_output_stream_write_all(out, body->str, MIN(sent, body->len), NULL, NULL, NULL);
}

static void write_slowly(GOutputStream *out, const char *status, const GString *headers, const GString *body) {
  g_autofree char *head = g_strdup_printf("HTTP/1.1 %s\r\nConnection: close\r\n%s\r\n", status, headers->str);
  g_output_stream_write_all(out, head, strlen(head), NULL, NULL, NULL);
  for (gsize at = 0, piece = body->len / 5 + 1; at < body->len; at += piece) {
    g_output_stream_write_all(out, body->str + at, MIN(piece, body->len - at), NULL, NULL, NULL);
    g_usleep(2000);
  }
}

static void write_huge(GOutputStream *out, const GString *headers) {
  g_autoptr(GString) body = g_string_new(NULL);
  g_string_set_size(body, 40 * 1024 * 1024);
  memset(body->str, ' ', body->len);
  write_answer(out, "200 OK", headers, body, body->len);
}

/* Anywhere, and often where a line ends: nothing is torn then but the whole. */
static gsize cut_at(Product *product, const GString *body) {
  gsize at = (gsize)g_rand_int_range(product->rand, 0, (gint32)MAX(body->len, 1));
  const char *end = g_rand_boolean(product->rand) ? memchr(body->str + at, '\n', body->len - at) : NULL;
  gsize behind = end != NULL ? (gsize)(end - body->str) + 1 : body->len;
  return behind < body->len ? behind : at;
}

static void serve(const char *request, GOutputStream *out, gpointer user_data) {
  Product *product = user_data;
  const char *begin = request + strcspn(request, " ") + 1, *end = strstr(request, "\r\n\r\n");
  product->asked = end != NULL ? end + strlen("\r\n\r\n") : "";
  g_autofree char *path = g_strndup(begin, strcspn(begin, " "));
  g_autoptr(GString) headers = g_string_new(NULL);
  const char *status = "200 OK";
  gboolean faulty = product->n_answers++ >= product->n_good && product->n_faulty > 0;
  product->n_faulty -= faulty ? 1 : 0;
  g_autoptr(GString) none = g_string_new("{\"detail\":\"not now\"}");
  if (faulty && product->fault == FAULT_429) {
    g_string_append(headers, g_rand_boolean(product->rand) ? "Retry-After: 0\r\n" : "Retry-After: 1\r\n");
    write_answer(out, "429 Too Many Requests", headers, none, none->len);
    return;
  }
  if (faulty && (product->fault == FAULT_502 || product->fault == FAULT_EXPIRED)) {
    write_answer(out, product->fault == FAULT_502 ? "502 Bad Gateway" : "401 Unauthorized", headers, none, none->len);
    return;
  }
  g_autoptr(GString) body = product->kind->answer(product, path, headers, &status);
  if (faulty && product->fault == FAULT_CUT)
    write_answer(out, status, headers, body, cut_at(product, body));
  else if (faulty && product->fault == FAULT_HUGE)
    write_huge(out, headers);
  else if (product->fault == FAULT_SLOW)
    write_slowly(out, status, headers, body);
  else
    write_answer(out, status, headers, body, body->len);
}

Product *product_new(const ProductKind *kind, guint32 seed, int n_recordings) {
  Product *product = g_new0(Product, 1);
  gint64 now_ms = g_get_real_time() / 1000;
  product->kind = kind;
  product->rand = g_rand_new_with_seed(seed);
  product->recordings = g_ptr_array_new_with_free_func(recording_free);
  for (int i = 0; i < n_recordings; i++) {
    ProductRecording *recording = g_new0(ProductRecording, 1);
    recording->id = g_strdup_printf("%08x%08x%08x%08x", g_rand_int(product->rand), g_rand_int(product->rand),
                                    g_rand_int(product->rand), (guint)i);
    recording->started_ms = now_ms - (i + 2) * (gint64)HOUR_MS;
    recording->events = g_array_new(FALSE, FALSE, sizeof(ProductEvent));
    g_ptr_array_add(product->recordings, recording);
    product_grow(product, recording, g_rand_int_range(product->rand, 3, 9));
  }
  product->server = server_start(serve, product);
  product->url = g_strconcat(product->server->url, kind->address, NULL);
  return product;
}

void product_free(Product *product) {
  server_stop(product->server);
  g_ptr_array_unref(product->recordings);
  g_rand_free(product->rand);
  g_free(product->url);
  g_free(product);
}
