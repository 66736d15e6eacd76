/* SPDX-License-Identifier: MIT */
/* Days and times as rows of the list show them. */
#include "sight-ui-text.h"

#define HOUR_MS G_GINT64_CONSTANT(3600000)
/* Friday, 27 November 2026, 14:05 UTC. */
#define NOW_MS (G_GINT64_CONSTANT(1795788300) * 1000)

static void test_day_and_time(void) {
  static const struct {
    int hours_ago;
    const char *text;
  } cases[] = {
      {0, "today 14:05"},         {14, "today 00:05"},        {15, "yesterday 23:05"},
      {38, "yesterday 00:05"},    {39, "Wed 23:05"},          {6 * 24, "Sat 14:05"},
      {7 * 24, "20 Nov 14:05"},   {300 * 24, "31 Jan 14:05"}, {400 * 24, "23 Oct 2025 14:05"},
      {-24, "28 Nov 2026 14:05"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = sight_ui_text_day_and_time(NOW_MS - cases[i].hours_ago * HOUR_MS, NOW_MS);
    g_assert_cmpstr(text, ==, cases[i].text);
  }
}

int main(int argc, char **argv) {
  g_setenv("TZ", "UTC", TRUE);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/text/day-and-time", test_day_and_time);
  return g_test_run();
}
