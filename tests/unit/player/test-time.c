/* SPDX-License-Identifier: MIT */
/* Times as people write them. */
#include "sight-ui-time.h"

/* 27 November 2026, 14:05:10.500 in a zone two hours ahead of UTC. */
#define STARTED_MS (G_GINT64_CONSTANT(1795781110) * 1000 + 500)
#define MINUTE_MS G_GINT64_CONSTANT(60000)

static void test_parse(void) {
  static const struct {
    const char *text;
    gint64 duration_ms;
    SightUiTimeResult result;
    gint64 at_ms;
  } cases[] = {
      {"0", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 0},
      {"90", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 90000},
      {"1:30", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 90000},
      {"  01:30.25 ", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 90250},
      {"1:30,5", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 90500},
      {"1:02:03", 90 * MINUTE_MS, SIGHT_UI_TIME_OK, 3723000},
      {"50%", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 180000},
      {"12.5 %", 8 * MINUTE_MS, SIGHT_UI_TIME_OK, 60000},
      {"100%", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 360000},
      {"6:00", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 360000},
      {"6:01", 6 * MINUTE_MS, SIGHT_UI_TIME_BEYOND, 0},
      {"101%", 6 * MINUTE_MS, SIGHT_UI_TIME_BEYOND, 0},
      {"361", 6 * MINUTE_MS, SIGHT_UI_TIME_BEYOND, 0},
      {"99999999999999999999999999", 6 * MINUTE_MS, SIGHT_UI_TIME_BEYOND, 0},
      {"14:05:10", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 0},
      {"14:05:11", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 500},
      {"14:06", 6 * MINUTE_MS, SIGHT_UI_TIME_OK, 49500},
      {"14:05:09", 6 * MINUTE_MS, SIGHT_UI_TIME_BEYOND, 0},
      {"14:12:00", 6 * MINUTE_MS, SIGHT_UI_TIME_BEYOND, 0},
      /* Ten hours are within this session, and half past midnight is on its second day. */
      {"10:00:00", 11 * 60 * MINUTE_MS, SIGHT_UI_TIME_OK, 600 * MINUTE_MS},
      {"23:30:00", 11 * 60 * MINUTE_MS, SIGHT_UI_TIME_OK, 33889500},
      {"", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
      {"soon", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
      {"1:", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
      {":30", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
      {"1:60", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
      {"1:2:3:4", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
      {"1:30%", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
      {"-5", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
      {"1:30 pm", 6 * MINUTE_MS, SIGHT_UI_TIME_UNKNOWN, 0},
  };
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset(2 * 3600);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    gint64 at_ms = 0;
    g_test_message("“%s”", cases[i].text);
    SightUiTimeResult result = sight_ui_time_parse(cases[i].text, STARTED_MS, cases[i].duration_ms, zone, &at_ms);
    g_assert_cmpint(result, ==, cases[i].result);
    g_assert_cmpint(at_ms, ==, cases[i].at_ms);
  }
}

static void test_write(void) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_offset(2 * 3600);
  g_autofree char *clock = sight_ui_time_clock(STARTED_MS - 5, STARTED_MS, 5, zone);
  g_autofree char *before_all = sight_ui_time_clock(1000, STARTED_MS, 5, zone);
  g_autofree char *to_come = sight_ui_time_clock(STARTED_MS + 30 * G_TIME_SPAN_DAY / 1000, STARTED_MS, 5, zone);
  g_assert_cmpstr(before_all, ==, "Unknown");
  g_assert_cmpstr(to_come, ==, "Unknown");
  g_assert_cmpstr(clock, ==, "2026-11-27 14:05:10.500 +02:00");
  g_autofree char *brief = sight_ui_time_exact(62345);
  g_assert_cmpstr(brief, ==, "1:02.345");
  g_autofree char *lengthy = sight_ui_time_exact(3723004);
  g_assert_cmpstr(lengthy, ==, "1:02:03.004");
  g_autofree char *before = sight_ui_time_exact(-5);
  g_assert_cmpstr(before, ==, "0:00.000");
}

/* The end of a session as it is written is a time within the session, for each length that there is. */
static void test_end(void) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
  for (gint64 whole_ms = 1; whole_ms < 400000; whole_ms += 7) {
    gint64 at_ms = -1;
    g_autofree char *text = sight_ui_time_exact(whole_ms);
    g_assert_cmpint(sight_ui_time_parse(text, STARTED_MS, whole_ms, zone, &at_ms), ==, SIGHT_UI_TIME_OK);
    g_assert_cmpint(at_ms, ==, whole_ms);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/time/parse", test_parse);
  g_test_add_func("/player/time/write", test_write);
  g_test_add_func("/player/time/end", test_end);
  return g_test_run();
}
