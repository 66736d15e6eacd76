/* SPDX-License-Identifier: MIT */
/* The builder of batches: commas, times, line ends, use again. */
#include "sight-batch.h"

#include <string.h>

static void add(SightBatchBuilder *builder, gint64 time_ms, const char *json) {
  const SightEvent event = {.time_ms = time_ms, .text = json, .text_bytes = strlen(json)};
  sight_batch_builder_add(builder, &event);
}

static void test_build(void) {
  g_auto(SightBatchBuilder) builder = {0};
  SightBatch batch = {0};
  sight_batch_builder_finish(&builder, &batch);
  g_assert_cmpstr(batch.events, ==, "[]");
  g_assert_cmpint(batch.n_events, ==, 0);
  add(&builder, 30, "{\"a\":1}");
  sight_batch_builder_finish(&builder, &batch);
  g_assert_cmpstr(batch.events, ==, "[{\"a\":1}]");
  add(&builder, 10, "{}");
  add(&builder, 20, "{}");
  sight_batch_builder_finish(&builder, &batch);
  g_assert_cmpmem(batch.events, batch.events_bytes, "[{\"a\":1},{},{}]", 15);
  g_assert_cmpint(batch.n_events, ==, 3);
  g_assert_cmpint(batch.first_ms, ==, 10);
  g_assert_cmpint(batch.last_ms, ==, 30);

  sight_batch_builder_restart(&builder);
  add(&builder, 50, "{}");
  sight_batch_builder_finish(&builder, &batch);
  g_assert_cmpstr(batch.events, ==, "[{}]");
  g_assert_cmpint(batch.first_ms, ==, 50);
}

static void test_one_line(void) {
  g_auto(SightBatchBuilder) builder = {0};
  SightBatch batch = {0};
  add(&builder, 1, "{\r\n  \"a\": \"b  c\",\n\t\"d\":\n [ 1 ]\n}\n");
  sight_batch_builder_finish(&builder, &batch);
  g_assert_cmpstr(batch.events, ==, "[{\"a\": \"b  c\",\"d\":[ 1 ]}]");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/batch/build", test_build);
  g_test_add_func("/batch/one-line", test_one_line);
  return g_test_run();
}
