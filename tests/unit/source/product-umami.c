/* SPDX-License-Identifier: MIT */
/* Umami's replays as its API hands them out: pages by number, and all events of a visit at once. */
#include "product.h"

#include <string.h>

#define PAGE 3

static GString *list(Product *product, const char *path) {
  g_autofree char *page = product_parameter(path, "page");
  g_autoptr(GPtrArray) there = g_ptr_array_new();
  for (guint i = 0; i < product->recordings->len; i++)
    if (!((ProductRecording *)product->recordings->pdata[i])->deleted)
      g_ptr_array_add(there, product->recordings->pdata[i]);
  guint from = (guint)(atoi(page) - 1) * PAGE;
  guint n = from < there->len ? MIN(PAGE, there->len - from) : 0;
  GString *out = g_string_new("{\"data\":[");
  g_autoptr(GArray) order = product_order(product, n);
  for (guint i = 0; i < order->len; i++) {
    const ProductRecording *recording = there->pdata[from + g_array_index(order, guint, i)];
    const ProductEvent *last = &g_array_index(recording->events, ProductEvent, recording->events->len - 1);
    g_autofree char *started = product_time(recording->started_ms);
    g_autofree char *ended = product_time(last->time_ms);
    g_string_append_printf(out, "%s{\"id\":\"%s\",\"startedAt\":\"%s\",\"endedAt\":\"%s\",\"eventCount\":\"%u\"}",
                           i > 0 ? "," : "", recording->id, started, ended, recording->events->len);
  }
  g_string_append_printf(out, "],\"count\":%u,\"page\":%s,\"pageSize\":%d}", there->len, page, PAGE);
  return out;
}

static GString *replay(Product *product, const ProductRecording *recording) {
  GString *out = g_string_new(NULL);
  g_string_printf(out, "{\"sessionId\":\"%s\",\"events\":[", recording != NULL ? recording->id : "none");
  if (recording != NULL && !recording->deleted) {
    g_autoptr(GArray) order = product_order(product, recording->events->len);
    for (guint i = 0; i < order->len; i++) {
      g_string_append(out, i > 0 ? "," : "");
      product_append_event(&g_array_index(recording->events, ProductEvent, g_array_index(order, guint, i)), out);
    }
  }
  g_string_append(out, "],\"chunkCount\":1}");
  return out;
}

/* A page view, and an event by a name, when the recording began. */
static GString *activity(const Product *product, const ProductRecording *recording, const char **status) {
  GString *out = g_string_new(NULL);
  g_autofree char *time = product_time(g_array_index(recording->events, ProductEvent, 0).time_ms);
  if (!product->has_events)
    *status = "401 Unauthorized";
  g_string_printf(out,
                  "[{\"createdAt\":\"%s\",\"eventType\":1,\"eventName\":\"\",\"urlPath\":\"/\"},"
                  "{\"createdAt\":\"%s\",\"eventType\":2,\"eventName\":\"paid\",\"urlPath\":\"/pay\"}]",
                  time, time);
  return out;
}

static GString *answer(Product *product, const char *path, GString *headers, const char **status) {
  g_autofree char *plain = g_strndup(path, strcspn(path, "?"));
  g_auto(GStrv) steps = g_strsplit(plain, "/", -1);
  /* "", "api", "websites", id, "replays", id */
  guint n = g_strv_length(steps);
  if (n == 4)
    return g_string_new("{\"id\":\"site\",\"name\":\"Shop\"}");
  if (n == 7 && g_str_equal(steps[6], "activity"))
    return activity(product, product_find(product, steps[5]), status);
  return n == 5 ? list(product, path) : replay(product, product_find(product, steps[5]));
}

const ProductKind product_umami = {"umami", "/websites/site", FALSE, answer};
