/* SPDX-License-Identifier: MIT */
/* Events of a window in the order of time, whatever the order of the batch. */
#include "sight-event-order.h"

#include <string.h>

typedef struct {
  GString *ids;   /* data.id of each event as it came */
  GString *times; /* and its time */
  GCancellable *cancel_at_first;
} Seen;

static gboolean see(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  Seen *seen = user_data;
  gint64 id = sight_json_int(sight_json_get(event->data, "id"), -1);
  g_string_append_printf(seen->ids, "%" G_GINT64_FORMAT " ", id);
  g_string_append_printf(seen->times, "%" G_GINT64_FORMAT " ", at_ms);
  if (seen->cancel_at_first != NULL)
    g_cancellable_cancel(seen->cancel_at_first);
  return TRUE;
}

static void seen_clear(Seen *seen) {
  g_string_free(seen->ids, TRUE);
  g_string_free(seen->times, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Seen, seen_clear)

static Seen seen_new(void) {
  return (Seen){.ids = g_string_new(NULL), .times = g_string_new(NULL)};
}

#define EVENT(id, time) "{\"type\":5,\"data\":{\"id\":" #id "},\"timestamp\":" #time "}"

static void push(SightEventOrder *order, const char *json) {
  g_autoptr(GError) error = NULL;
  sight_event_order_push(order, json, strlen(json), &error);
  g_assert_no_error(error);
}

static void test_in_order(void) {
  g_auto(Seen) seen = seen_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(see, &seen, NULL);
  push(order, "[" EVENT(1, 10) "," EVENT(2, 10) "," EVENT(3, 20) "]");
  push(order, "[" EVENT(4, 30) "]");
  g_assert_cmpstr(seen.ids->str, ==, "1 2 3 4 ");
  g_assert_cmpstr(seen.times->str, ==, "10 10 20 30 ");
  g_assert_cmpuint(sight_event_order_n_rejected(order), ==, 0);
}

static void test_sorted_stably(void) {
  g_auto(Seen) seen = seen_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(see, &seen, NULL);
  push(order, "[" EVENT(1, 30) "," EVENT(2, 10) "," EVENT(3, 20) "," EVENT(4, 10) "," EVENT(5, 30) "]");
  g_assert_cmpstr(seen.ids->str, ==, "2 4 3 1 5 ");
  g_assert_cmpstr(seen.times->str, ==, "10 10 20 30 30 ");
}

/* However the times are written. */
static void test_written_otherwise(void) {
  g_auto(Seen) seen = seen_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(see, &seen, NULL);
  push(order, "[{\"type\":5,\"data\":{\"id\":1},\"timestamp\" : 30},"
              "{\"type\":5,\"data\":{\"id\":2},\"timestamp\"\t:\n10}]");
  push(order, "[{\"type\":5,\"data\":{\"id\":3},\"\\u0074imestamp\":60}," EVENT(4, 50) "]");
  push(order, "[{\"type\":5,\"data\":{\"id\":5},\"timestamp\":8e1}," EVENT(6, 70) "]");
  push(order, "[{\"type\":5,\"data\":{\"id\":7},\"timestamp\":\"99\"}," EVENT(8, 90) "]");
  push(order, "[{\"timestamp\":95.5E0,\"type\":5,\"data\":{\"id\":9}}," EVENT(10, 93) "]");
  g_assert_cmpstr(seen.ids->str, ==, "2 1 4 3 6 5 8 7 10 9 ");
}

/* What is late by a batch keeps its place: time stands still. */
static void test_late_batch(void) {
  g_auto(Seen) seen = seen_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(see, &seen, NULL);
  push(order, "[" EVENT(1, 1000) "]");
  push(order, "[" EVENT(2, 900) "," EVENT(3, 1100) "]");
  g_assert_cmpstr(seen.ids->str, ==, "1 2 3 ");
  g_assert_cmpstr(seen.times->str, ==, "1000 1000 1100 ");
}

/* A clock set back by an hour in the middle: the sequence is right, not the clock. */
static void test_clock_set_back(void) {
  g_auto(Seen) seen = seen_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(see, &seen, NULL);
  push(order, "[" EVENT(1, 9000000) "," EVENT(2, 9001000) "," EVENT(3, 5401000) "," EVENT(4, 5402000) "]");
  g_assert_cmpstr(seen.ids->str, ==, "1 2 3 4 ");
  g_assert_cmpstr(seen.times->str, ==, "9000000 9001000 9001000 9001000 ");
}

/* A key of that name inside of an event costs a second look and changes nothing; nor does one inside of a string. */
static void test_other_timestamps(void) {
  g_auto(Seen) seen = seen_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(see, &seen, NULL);
  push(order, "[{\"type\":5,\"data\":{\"id\":1,\"timestamp\":1,\"text\":\"\\\"timestamp\\\":0\"},\"timestamp\":10},"
              "{\"type\":5,\"data\":{\"id\":2,\"timestamp\":\"x\"},\"timestamp\":20}]");
  g_assert_cmpstr(seen.ids->str, ==, "1 2 ");
  g_assert_cmpstr(seen.times->str, ==, "10 20 ");
}

static void test_rejected(void) {
  g_auto(Seen) seen = seen_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(see, &seen, NULL);
  push(order, "[" EVENT(1, 20) ",{\"timestamp\":1},17," EVENT(2, 10) "]");
  push(order, "[1,2,3]");
  g_assert_cmpstr(seen.ids->str, ==, "2 1 ");
  g_assert_cmpuint(sight_event_order_n_rejected(order), >=, 3);
}

static void test_cancelled(void) {
  g_auto(Seen) seen = seen_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(SightEventOrder) order = sight_event_order_new(see, &seen, cancellable);
  g_autoptr(GString) json = g_string_new("[");
  for (int i = 0; i < 5000; i++)
    g_string_append_printf(json, "%s{\"type\":5,\"data\":{},\"timestamp\":%d}", i > 0 ? "," : "", i);
  g_string_append_c(json, ']');
  seen.cancel_at_first = cancellable;
  g_assert_false(sight_event_order_push(order, json->str, json->len, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error(&error);
  g_assert_false(sight_event_order_push(order, "[]", 2, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/event-order/in-order", test_in_order);
  g_test_add_func("/event-order/sorted-stably", test_sorted_stably);
  g_test_add_func("/event-order/written-otherwise", test_written_otherwise);
  g_test_add_func("/event-order/late-batch", test_late_batch);
  g_test_add_func("/event-order/clock-set-back", test_clock_set_back);
  g_test_add_func("/event-order/other-timestamps", test_other_timestamps);
  g_test_add_func("/event-order/rejected", test_rejected);
  g_test_add_func("/event-order/cancelled", test_cancelled);
  return g_test_run();
}
