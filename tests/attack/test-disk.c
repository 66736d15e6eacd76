/* SPDX-License-Identifier: MIT */
/* A disk that takes no more: posts are refused, health tells, nothing that was acknowledged is lost. */
#include "collector-fixture.h"

#include <unistd.h>

#define DISK_BYTES (3 * 1024 * 1024)
#define MAX_POSTS 200

/* Compresses to about as much. */
static char *random_batch(int seq) {
  g_autoptr(GString) text = g_string_new(NULL);
  while (text->len < 60000)
    g_string_append_printf(text, "%08x", g_test_rand_int());
  return g_strdup_printf("{\"v\":1,\"session\":\"full\",\"window\":\"w\",\"seq\":%d,\"events\":[{\"type\":4,"
                         "\"timestamp\":1700000000000,\"data\":{\"href\":\"http://x.example/%s\",\"width\":1,"
                         "\"height\":1}}]}",
                         seq, text->str);
}

static guint health_of(const Collector *collector) {
  g_autoptr(Answer) answer = ask(collector, (Asking){.method = "GET", .path = "/v1/health"});
  return answer->status;
}

static gint64 count_batches(const Collector *collector) {
  g_autoptr(Answer) answer =
      ask(collector, (Asking){.method = "GET", .path = "/v1/changes", .token = collector->token});
  const char *member = answer->body != NULL ? g_strstr_len(answer->body, -1, "\"batches\":") : NULL;
  g_assert_nonnull(member);
  return g_ascii_strtoll(member + 10, NULL, 10);
}

static void test_full(void) {
  g_autoptr(Collector) collector = collector_start_on_small_disk(DISK_BYTES);
  g_assert_cmpuint(health_of(collector), ==, 200);
  int n_taken = 0;
  guint status = 202;
  for (; status == 202 && n_taken < MAX_POSTS; n_taken += status == 202) {
    g_autofree char *batch = random_batch(n_taken);
    g_autoptr(Answer) answer = post(collector, batch);
    status = answer->status;
    if (status != 202) {
      g_assert_nonnull(g_hash_table_lookup(answer->headers, "retry-after"));
    }
  }
  g_test_message("%d posts were taken", n_taken);
  g_assert_cmpuint(status, ==, 503);
  g_assert_cmpuint(health_of(collector), ==, 503);
  g_assert_cmpint(count_batches(collector), ==, n_taken);
  /* There is room again. */
  collector_restart(collector, NULL);
  g_assert_cmpuint(health_of(collector), ==, 200);
  g_autofree char *batch = random_batch(n_taken);
  g_autoptr(Answer) answer = post(collector, batch);
  g_assert_cmpuint(answer->status, ==, 202);
  g_assert_cmpint(count_batches(collector), ==, n_taken + 1);
}

static void insist_on_health(const Collector *collector, const char *code) {
  g_autoptr(Answer) answer = ask(collector, (Asking){.method = "GET", .path = "/v1/health"});
  g_autofree char *found = answer_string(answer, "error.code");
  g_assert_cmpuint(answer->status, ==, code != NULL ? 503 : 200);
  g_assert_cmpstr(found, ==, code);
}

/* Before nothing can be written any more, health tells. */
static void test_nearly_full(void) {
  char *folder = make_folder("sight-disk-XXXXXX");
  g_autofree char *left = g_build_filename(folder, "left", NULL);
  g_assert_true(g_file_set_contents(left, "", 0, NULL));
  g_assert_cmpint(truncate(left, 4 * 1024 * 1024), ==, 0);
  g_setenv("SIGHT_DISK_LEFT", left, TRUE);
  g_autoptr(Collector) collector = collector_start_preloaded(g_getenv("SIGHT_FULL_DISK"));
  insist_on_health(collector, NULL);
  g_assert_cmpint(truncate(left, 4 * 1024 * 1024 - 1), ==, 0);
  insist_on_health(collector, "disk_full");
  g_assert_cmpint(truncate(left, 1024 * 1024 * 1024), ==, 0);
  insist_on_health(collector, NULL);
  collector_stop(collector);
  remove_folder(folder);
  g_free(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/attack/disk/full", test_full);
  g_test_add_func("/attack/disk/nearly-full", test_nearly_full);
  return g_test_run();
}
