/* SPDX-License-Identifier: MIT */
/* Links to moments: what is printed is read again, and what anybody else makes is refused with a reason. */
#include "sight-link.h"

#include <gio/gio.h>
#include <string.h>

static void test_round(void) {
  static const struct {
    const char *session, *from, *text;
    gint64 at_ms;
  } rows[] = {
      {"s-4711", NULL, "sessionsight://session/s-4711", -1},
      {"s-4711", NULL, "sessionsight://session/s-4711?at=0", 0},
      {"A_b", "https://replay.example.com/a?b&c=ü", //
       "sessionsight://session/A_b?at=61500&from=https%3A%2F%2Freplay.example.com%2Fa%3Fb%26c%3D%C3%BC", 61500},
      {"A_b", "x", "sessionsight://session/A_b?from=x", -1},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *text = sight_link_print(rows[i].session, rows[i].at_ms, rows[i].from);
    g_assert_cmpstr(text, ==, rows[i].text);
    g_autoptr(SightLink) link = sight_link_read(text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(link->session, ==, rows[i].session);
    g_assert_cmpint(link->at_ms, ==, rows[i].at_ms);
    g_assert_cmpstr(link->from, ==, rows[i].from);
  }
}

static void test_filter(void) {
  static const char *const filters[] = {"", "rage page:/checkout", "seen:\"Ä & <b>?#%41\" or -device:phone"};
  g_autofree char *endless = g_strnfill(4096, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS(filters); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *text = sight_link_print_filter(filters[i]);
    g_autoptr(SightLink) link = sight_link_read(text, &error);
    g_assert_no_error(error);
    g_assert_null(link->session);
    g_assert_cmpstr(link->filter, ==, filters[i]);
  }
  g_assert_null(sight_link_print_filter(endless));
}

static void test_refused(void) {
  g_autofree char *endless = g_strnfill(5000, 'a'), *longest = g_strconcat("sessionsight://session/", endless, NULL);
  const struct {
    const char *text, *why;
  } rows[] = {
      {"", "sessionsight://"},
      {"https://session/abc", "sessionsight://"},
      {longest, "longer than 4096"},
      {"sessionsight:abc", "no session"},
      {"sessionsight://endpoint/abc", "no session"},
      {"sessionsight://session/", "no session"},
      {"sessionsight://filter/a?text=rage", "no session"},
      {"sessionsight://filter?text=%ff%fe", "“?” is damaged"},
      {"sessionsight://session/a/b", "no session"},
      {"sessionsight://session/..%2F..", "no session"},
      {"sessionsight://session/abc?at=-1", "milliseconds"},
      {"sessionsight://session/abc?at=1e9", "milliseconds"},
      {"sessionsight://session/abc?at=99999999999999999999", "milliseconds"},
      {"sessionsight://session/abc?at=%ff%fe", "“?” is damaged"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(SightLink) link = sight_link_read(rows[i].text, &error);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    g_assert_null(link);
    /* The text itself, which stands before it, is no reason. */
    const char *reason = g_strrstr(error->message, "session: ");
    if (reason == NULL || strstr(reason + strlen("session: "), rows[i].why) == NULL)
      g_error("%s: %s", rows[i].text, error->message);
  }
}

/* What another version adds is no reason to refuse it. */
static void test_unknown(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightLink) link = sight_link_read("sessionsight://session/abc?speed=2&at=5", &error);

  g_assert_no_error(error);
  g_assert_cmpint(link->at_ms, ==, 5);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/link/round", test_round);
  g_test_add_func("/link/filter", test_filter);
  g_test_add_func("/link/refused", test_refused);
  g_test_add_func("/link/unknown", test_unknown);
  return g_test_run();
}
