/* SPDX-License-Identifier: MIT */
/* What the visitor sat in front of. */
#include "sight-device.h"

static void test_agents(void) {
  static const struct {
    const char *agent, *text;
    gboolean phone;
  } cases[] = {
      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
       "Chrome on Linux", FALSE},
      {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36",
       "Chrome on Linux", FALSE},
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
       "Safari/537.36 Edg/130.0.0.0",
       "Edge on Windows", FALSE},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
       "Safari/605.1.15",
       "Safari on macOS", FALSE},
      {"Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux", FALSE},
      {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
       "Mobile/15E148 Safari/604.1",
       "Safari on iPhone", TRUE},
      {"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile "
       "Safari/537.36",
       "Chrome on Android", TRUE},
      {"Mozilla/5.0 (Linux; Android 14; SM-X900) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
       "Chrome on Android", FALSE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    gboolean phone = !cases[i].phone;
    g_autofree char *text = sight_device_describe(cases[i].agent, 1280, 800, &phone);
    g_assert_cmpstr(text, ==, cases[i].text);
    g_assert_cmpint(phone, ==, cases[i].phone);
  }
}

static void test_viewports(void) {
  static const struct {
    const char *agent, *text;
    int width, height;
    gboolean phone;
  } cases[] = {{NULL, "Desktop", 1280, 800, FALSE},
               {"", "Tablet", 820, 1180, FALSE},
               {NULL, "Phone", 390, 844, TRUE},
               {NULL, NULL, 0, 0, FALSE},
               {"something else", "Phone", 360, 640, TRUE}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    gboolean phone = !cases[i].phone;
    g_autofree char *text = sight_device_describe(cases[i].agent, cases[i].width, cases[i].height, &phone);
    g_assert_cmpstr(text, ==, cases[i].text);
    g_assert_cmpint(phone, ==, cases[i].phone);
  }
}

int main(int argc, char *argv[]) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/device/agents", test_agents);
  g_test_add_func("/device/viewports", test_viewports);
  return g_test_run();
}
