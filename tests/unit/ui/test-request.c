/* SPDX-License-Identifier: MIT */
/* What the window says of requests: the command that makes one again, whatever a hostile page asked for, and the scale
 * by which they are drawn. */
#include "sight-ui-request.h"

#include <gio/gio.h>
#include <string.h>

/* What a shell makes of the command: each argument in a line of its own. */
static char *run(const char *command) {
  g_autofree char *script =
      g_strdup_printf("set -f; curl() { printf '%%s\\n' \"$@\"; }; rm() { echo ran; }; %s", command);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) shell = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "sh", "-c", script, NULL);
  char *out = NULL;

  g_assert_no_error(error);
  g_subprocess_communicate_utf8(shell, NULL, NULL, &out, NULL, &error);
  g_assert_no_error(error);
  return out;
}

static void test_curl(void) {
  static const struct {
    const char *method, *url, *arguments;
  } cases[] = {
      {"GET", "https://shop.example/a?b=1&c=2", "--globoff\n--url\nhttps://shop.example/a?b=1&c=2\n"},
      {"POST", "http://shop.example/a", "--globoff\n-X\nPOST\n--url\nhttp://shop.example/a\n"},
      {"HEAD", "http://shop.example/", "--globoff\n--head\n--url\nhttp://shop.example/\n"},
      {NULL, "http://shop.example/", "--globoff\n--url\nhttp://shop.example/\n"},
      {"GET", "http://a.example/';rm;'", "--globoff\n--url\nhttp://a.example/';rm;'\n"},
      {"GET", "http://a.example/$(rm)`rm`\"$HOME\\", "--globoff\n--url\nhttp://a.example/$(rm)`rm`\"$HOME\\\n"},
      {"GET", "http://a.example/\nrm\n", "--globoff\n--url\nhttp://a.example/%0Arm%0A\n"},
      {"GET", "http://a.example/\033[201~rm\r", "--globoff\n--url\nhttp://a.example/%1B[201~rm%0D\n"},
      {"GET",
       "http://a.example/\xe2\x80\xae"
       "fdp",
       "--globoff\n--url\nhttp://a.example/%E2%80%AEfdp\n"},
      {"GET", "http://a.example/ -o /etc/passwd", "--globoff\n--url\nhttp://a.example/%20-o%20/etc/passwd\n"},
      {"GET;rm", "http://a.example/", "--globoff\n--url\nhttp://a.example/\n"},
      {"", "http://a.example/", "--globoff\n--url\nhttp://a.example/\n"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *command = sight_ui_request_curl(cases[i].method, cases[i].url);
    g_assert_nonnull(command);
    g_autofree char *arguments = run(command);
    g_assert_cmpstr(arguments, ==, cases[i].arguments);
  }
}

static void test_no_curl(void) {
  const char *const others[] = {NULL, "", "/api/cart", "file:///etc/passwd", "-o", "javascript:alert(1)", "data:,x"};

  for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
    g_autofree char *command = sight_ui_request_curl("GET", others[i]);
    g_assert_null(command);
  }
}

/* What looks private is not copied, nor is what was masked already brought back. */
static void test_masked(void) {
  g_autofree char *secret =
      sight_ui_request_curl("GET", "https://shop.example/pay?token=k9Zq3vR7xT2mW8bL&mail=jane.roe@mail.example");
  g_autofree char *stars = sight_ui_request_curl("GET", "https://shop.example/?mail=****");

  g_assert_null(strstr(secret, "k9Zq3vR7xT2mW8bL"));
  g_assert_null(strstr(secret, "jane.roe"));
  g_assert_nonnull(strstr(secret, "https://shop.example/pay?token="));
  g_assert_nonnull(strstr(stars, "?mail=****'"));
}

static void add(SightAnalysis *analysis, gint64 at_ms, gint64 duration_ms) {
  SightRequestItem *item = g_new0(SightRequestItem, 1);

  item->at_ms = at_ms;
  item->duration_ms = duration_ms;
  g_ptr_array_add(analysis->requests, item);
}

static void test_scales(void) {
  SightAnalysis analysis = {.pages = g_ptr_array_new_with_free_func(g_free),
                            .requests = g_ptr_array_new_with_free_func(g_free)};
  const gint64 pages[] = {1000, 5000};
  const gint64 expected[][2] = {{0, 600}, {1000, 4000}, {1000, 4000}, {5000, 5001}};

  for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
    SightPageView *view = g_new0(SightPageView, 1);
    view->start_ms = pages[i];
    g_ptr_array_add(analysis.pages, view);
  }
  add(&analysis, 100, 500);
  add(&analysis, 1000, 3000);
  add(&analysis, 2000, 100);
  add(&analysis, 5000, 0);
  g_autoptr(GArray) scales = sight_ui_request_scales(&analysis);
  g_assert_cmpuint(scales->len, ==, G_N_ELEMENTS(expected));
  for (guint i = 0; i < scales->len; i++) {
    const SightUiRequestScale *scale = &g_array_index(scales, SightUiRequestScale, i);
    g_assert_cmpint(scale->start_ms, ==, expected[i][0]);
    g_assert_cmpint(scale->end_ms, ==, expected[i][1]);
  }
  g_ptr_array_unref(analysis.pages);
  g_ptr_array_unref(analysis.requests);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ui/request/curl", test_curl);
  g_test_add_func("/ui/request/no-curl", test_no_curl);
  g_test_add_func("/ui/request/masked", test_masked);
  g_test_add_func("/ui/request/scales", test_scales);
  return g_test_run();
}
