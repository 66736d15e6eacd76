/* SPDX-License-Identifier: MIT */
/* Signals: names there and back, titles, and a reason for every kind. */
#include "sight-signal.h"

static void test_names(void) {
  for (int kind = 0; kind < SIGHT_N_SIGNALS; kind++) {
    g_assert_cmpint(sight_signal_kind_from_name(sight_signal_kind_name((SightSignalKind)kind)), ==, kind);
    g_assert_nonnull(sight_signal_kind_title((SightSignalKind)kind));
  }
  g_assert_cmpstr(sight_signal_kind_name(SIGHT_SIGNAL_RAGE), ==, "rage");
  g_assert_cmpint(sight_signal_kind_from_name("none"), ==, -1);
  g_assert_cmpint(sight_signal_kind_from_name(NULL), ==, -1);
}

/* The text is both the label of the target and the message; each kind uses one of them. */
static void check(SightSignal signal, const char *text, const char *expected) {
  g_autofree char *copy = g_strdup(text);
  signal.target = signal.message = copy;
  g_autofree char *reason = sight_signal_reason(&signal);
  g_assert_cmpstr(reason, ==, expected);
}

static void test_reasons(void) {
  check((SightSignal){.kind = SIGHT_SIGNAL_RAGE, .start_ms = 1000, .end_ms = 2200, .count = 4}, "Pay now",
        "4 clicks in 1.2 s on “Pay now”");
  check((SightSignal){.kind = SIGHT_SIGNAL_RAGE, .start_ms = 0, .end_ms = 500, .count = 3}, NULL,
        "3 clicks in 0.5 s on one spot");
  check((SightSignal){.kind = SIGHT_SIGNAL_DEAD, .count = 1}, "Buy\n", "1 click on “Buy”, nothing on the page changed");
  check((SightSignal){.kind = SIGHT_SIGNAL_DEAD, .count = 2}, " ", "2 clicks, nothing on the page changed");
  check((SightSignal){.kind = SIGHT_SIGNAL_SCROLL, .end_ms = 20500, .count = 7, .magnitude = 8400}, NULL,
        "Scrolled back and forth 7 times in 20.5 s, 8400 px in all");
  check((SightSignal){.kind = SIGHT_SIGNAL_ERROR, .count = 1}, "TypeError: x is undefined",
        "TypeError: x is undefined");
  check((SightSignal){.kind = SIGHT_SIGNAL_ERROR, .count = 3}, NULL, "An exception without a message (3 times)");
  check((SightSignal){.kind = SIGHT_SIGNAL_CONSOLE, .count = 1}, "a\xE2\x80\xAE<b>%s", "Console error: a<b>%s");
  check((SightSignal){.kind = SIGHT_SIGNAL_REQUEST, .magnitude = 500, .count = 2}, "GET /cart 500",
        "Failed request: GET /cart 500 (2 times)");
  check((SightSignal){.kind = SIGHT_SIGNAL_REQUEST, .count = 1}, "GET /cart", "Request without an answer: GET /cart");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/signal/names", test_names);
  g_test_add_func("/signal/reasons", test_reasons);
  return g_test_run();
}
