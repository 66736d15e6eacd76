/* SPDX-License-Identifier: MIT */
#include "sight-web-address.h"

static void test_secrets(void) {
  static const char *const good[] = {"https://collector.example", "https://[2001:db8::1]/p",  "http://127.0.0.1:8787",
                                     "http://[::1]:8787",         "HTTP://LOCALHOST:1/",      "http://shop.localhost",
                                     "http://10.1.2.3",           "http://192.168.0.4/gitea", "http://172.16.0.1",
                                     "http://[fd12::1]",          "http://[fe80::1]",         "http://collector:8787",
                                     "http://nas.local",          "http://replay.internal",   "http://nas.home.arpa"};
  static const char *const bad[] = {"",
                                    "127.0.0.1",
                                    "ftp://127.0.0.1",
                                    "http://",
                                    "http://collector.example",
                                    "http://8.8.8.8",
                                    "http://172.32.0.1",
                                    "http://[2001:db8::1]",
                                    "http://134744072", /* 8.8.8.8 as one number */
                                    "http://0x08080808",
                                    "http://localhost.example",
                                    "http://127.0.0.1.evil.example",
                                    "http://127.0.0.1:x@evil.example/p",
                                    "http://localhost:80@evil.example/p",
                                    "https://good.example@evil.example/p"};
  for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
    g_test_message("%s", good[i]);
    g_assert_true(sight_web_address_takes_secrets(good[i]));
  }
  for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_test_message("%s", bad[i]);
    g_assert_false(sight_web_address_takes_secrets(bad[i]));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/web-address/secrets", test_secrets);
  return g_test_run();
}
