/* SPDX-License-Identifier: MIT */
/* What one exchange with a tracker may cost. */
#include "sight-tracker-private.h"

#include "sync-fixture.h"

#include <string.h>

/* A byte at a time, for as long as anybody listens. */
static void drip(const char *head, GOutputStream *out, gpointer user_data) {
  const char *answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
  gboolean goes_on = g_output_stream_write_all(out, answer, strlen(answer), NULL, NULL, NULL);
  while (goes_on) {
    goes_on = g_output_stream_write_all(out, " ", 1, NULL, NULL, NULL);
    g_usleep(20000);
  }
}

static gboolean send_to(const char *url, SightTrackerAnswer *answer, GError **error) {
  const SightTrackerTarget target = {.tracker = &sight_tracker_github, .base = (char *)url, .project = (char *)"a/b"};
  const SightTrackerRequest request = {.method = "GET", .url = (char *)url};
  return sight_tracker_exchange(&target, "secret", &request, answer, NULL, error);
}

static void test_slow(void) {
  g_autoptr(Server) server = server_start(drip, NULL);
  g_auto(SightTrackerAnswer) answer = {0};
  g_autoptr(GError) error = NULL;
  sight_tracker_patience = (SightPatienceLimits){.total_ms = 3600 * 1000, .window_ms = 400, .window_bytes = 1024};
  g_assert_false(send_to(server->url, &answer, &error));
  g_assert_error(error, SIGHT_TRACKER_ERROR, SIGHT_TRACKER_ERROR_UNSURE);
  g_assert_nonnull(strstr(error->message, "too slowly"));
}

static void endless(const char *head, GOutputStream *out, gpointer user_data) {
  g_autofree char *blanks = g_strnfill(65536, ' ');
  gboolean goes_on = g_output_stream_write_all(out, "HTTP/1.1 200 OK\r\n\r\n[", 20, NULL, NULL, NULL);
  while (goes_on)
    goes_on = g_output_stream_write_all(out, blanks, 65536, NULL, NULL, NULL);
}

/* It is cut, and so says nothing. */
static void test_endless(void) {
  g_autoptr(Server) server = server_start(endless, NULL);
  g_auto(SightTrackerAnswer) answer = {0};
  g_autoptr(GError) error = NULL;
  sight_tracker_patience = (SightPatienceLimits){.total_ms = 3600 * 1000, .window_ms = 60000, .window_bytes = 1};
  g_assert_true(send_to(server->url, &answer, &error));
  g_assert_no_error(error);
  g_assert_true(answer.success);
  g_assert_false(answer.good);
  g_assert_cmpuint(answer.bytes, ==, 8 * 1024 * 1024);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tracker/exchange/slow", test_slow);
  g_test_add_func("/tracker/exchange/endless", test_endless);
  return g_test_run();
}
