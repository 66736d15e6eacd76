/* SPDX-License-Identifier: MIT */
/* Events of a batch in the order of time, parsed once where they are in order already. */
#define _GNU_SOURCE /* memmem */
#include "sight-event-order.h"

#include "sight-event-reader.h"

#include <string.h>

/* Backwards by more than this is a clock that was set, not an event that came late. */
#define CLOCK_JUMP_MS 60000
/* Between two looks at the cancellable. */
#define CANCEL_EVERY 256

typedef struct {
  gint64 time_ms;
  GBytes *text;
} Late;

struct SightEventOrder {
  SightEventOrderFunc func;
  gpointer user_data;
  GCancellable *cancellable;
  SightEventParser *parser; /* for batches that are out of order */
  gint64 last_ms;
  guint64 n_rejected;
  guint n_since_cancel_check;
};

SightEventOrder *sight_event_order_new(SightEventOrderFunc func, gpointer user_data, GCancellable *cancellable) {
  SightEventOrder *order = g_new0(SightEventOrder, 1);
  order->func = func;
  order->user_data = user_data;
  order->cancellable = cancellable;
  order->last_ms = G_MININT64;
  return order;
}

void sight_event_order_free(SightEventOrder *order) {
  if (order == NULL)
    return;
  g_clear_pointer(&order->parser, sight_event_parser_free);
  g_free(order);
}

guint64 sight_event_order_n_rejected(const SightEventOrder *order) {
  return order->n_rejected;
}

static gboolean hand_on(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  SightEventOrder *order = user_data;
  if (++order->n_since_cancel_check >= CANCEL_EVERY) {
    order->n_since_cancel_check = 0;
    if (g_cancellable_set_error_if_cancelled(order->cancellable, error))
      return FALSE;
  }
  order->last_ms = MAX(order->last_ms, event->time_ms);
  return order->func(event, order->last_ms, order->user_data, error);
}

/* A batch in which nothing can be read is one thing more that was left out, not the end of the recording. */
static gboolean read_all(SightEventOrder *order, const char *tainted_json, gsize bytes, SightReaderFunc func,
                         gpointer user_data, GError **error) {
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) problem = NULL;
  gboolean ok =
      sight_event_read_bytes(tainted_json, bytes, &sight_reader_default_limits, func, user_data, &report, &problem);
  order->n_rejected += report.n_rejected;
  if (ok)
    return TRUE;
  if (problem->domain == SIGHT_EVENT_ERROR) {
    order->n_rejected += report.n_rejected == 0;
    return TRUE;
  }
  g_propagate_error(error, g_steal_pointer(&problem));
  return FALSE;
}

/* Reads the times alone, without parsing: inside a string the quotes of this key would be escaped. A key of that name
 * deeper in an event can only make an ordered batch look unordered, and so does all in which a time could hide: a key
 * written with escapes, a number with an exponent. */
static gboolean is_in_order(const char *json, gsize bytes) {
  static const char key[] = "\"timestamp\"";
  const char *at = json, *end = json + bytes;
  gint64 last = G_MININT64;
  if (memmem(json, bytes, "\\u00", 4) != NULL)
    return FALSE;
  while ((at = memmem(at, (gsize)(end - at), key, sizeof key - 1)) != NULL) {
    at += sizeof key - 1;
    gint64 time = 0;
    gsize digits = 0;
    for (; at < end && (g_ascii_isspace(*at) || *at == ':'); at++)
      ;
    for (; at + digits < end && g_ascii_isdigit(at[digits]) && digits < 18; digits++)
      time = time * 10 + (at[digits] - '0');
    gboolean whole = digits > 0 && digits < 18 && at + digits < end && (at[digits] | 0x20) != 'e';
    if (!whole || time < last)
      return FALSE;
    last = time;
  }
  return TRUE;
}

static void late_clear(gpointer data) {
  Late *late = data;
  g_bytes_unref(late->text);
}

static gboolean collect(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Late late = {.time_ms = event->time_ms, .text = g_bytes_new(event->text, event->text_bytes)};
  g_array_append_val((GArray *)user_data, late);
  return TRUE;
}

static int by_time(gconstpointer a, gconstpointer b) {
  const Late *x = a, *y = b;
  return (x->time_ms > y->time_ms) - (x->time_ms < y->time_ms);
}

static gboolean clock_jumped(const GArray *late) {
  gint64 greatest = G_MININT64;
  for (guint i = 0; i < late->len; i++) {
    gint64 time = g_array_index(late, Late, i).time_ms;
    if (i > 0 && time < greatest && (guint64)greatest - (guint64)time > CLOCK_JUMP_MS)
      return TRUE;
    greatest = MAX(greatest, time);
  }
  return FALSE;
}

static gboolean push_sorted(SightEventOrder *order, const char *tainted_json, gsize bytes, GError **error) {
  g_autoptr(GArray) late = g_array_new(FALSE, FALSE, sizeof(Late));
  g_array_set_clear_func(late, late_clear);
  if (!read_all(order, tainted_json, bytes, collect, late, error))
    return FALSE;
  if (!clock_jumped(late))
    g_array_sort(late, by_time);
  if (order->parser == NULL)
    order->parser = sight_event_parser_new();
  for (guint i = 0; i < late->len; i++) {
    gsize size = 0;
    const char *text = g_bytes_get_data(g_array_index(late, Late, i).text, &size);
    SightEvent event = {0};
    if (!sight_event_parser_parse(order->parser, text, size, &event, NULL))
      order->n_rejected++;
    else if (!hand_on(&event, NULL, order, error))
      return FALSE;
  }
  return TRUE;
}

gboolean sight_event_order_push(SightEventOrder *order, const char *tainted_json, gsize bytes, GError **error) {
  if (g_cancellable_set_error_if_cancelled(order->cancellable, error))
    return FALSE;
  if (!is_in_order(tainted_json, bytes))
    return push_sorted(order, tainted_json, bytes, error);
  return read_all(order, tainted_json, bytes, hand_on, order, error);
}
