/* SPDX-License-Identifier: MIT */
/* What of a recording can be drawn: its windows, and the events that the page is given. */
#include "sight-ui-screen.h"

#include <string.h>

#define SNAPSHOT "{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[]}}"

static void add(GPtrArray *recording, const char *window, int type, gint64 time_ms, const char *data) {
  static SightEventParser *parser;
  g_autoptr(GError) error = NULL;
  if (!parser)
    parser = sight_event_parser_new();
  g_autofree char *text =
      g_strdup_printf("{\"type\":%d,\"timestamp\":%" G_GINT64_FORMAT ",\n\"data\":%s}", type, time_ms, data);
  SightEvent event;
  sight_event_parser_parse(parser, text, strlen(text), &event, &error);
  g_assert_no_error(error);
  sight_recording_add(recording, window, &event);
}

static SightUiReel *finish(GPtrArray *recording) {
  sight_recording_finish(recording);
  return sight_ui_reel_new(recording, NULL);
}

/* The types and times of what the page gets: "4@10 2@10 3@20". */
static void assert_events(SightUiReel *reel, guint window, const char *expected) {
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  g_autoptr(SightUiScreen) screen = sight_ui_screen_new(reel);
  g_autoptr(GError) error = NULL;
  SightJson root;
  g_autoptr(GBytes) step = sight_ui_screen_step(screen, window, 0, &error);
  g_assert_no_error(error);
  g_autoptr(GBytes) events = sight_ui_screen_coming(screen, G_MININT64, G_MAXINT64, &error);
  g_assert_no_error(error);
  sight_json_parser_parse(parser, g_bytes_get_data(events, NULL), g_bytes_get_size(events), &root, &error);
  g_assert_no_error(error);
  SightJsonIter iter = sight_json_iter(root);
  while (sight_json_next(&iter))
    g_string_append_printf(out, "%s%d@%d", out->len ? " " : "",
                           (int)sight_json_int(sight_json_get(iter.value, "type"), -1),
                           (int)sight_json_int(sight_json_get(iter.value, "timestamp"), -1));
  g_assert_cmpstr(out->str, ==, expected);
}

static void test_order(void) {
  g_autoptr(GPtrArray) recording = sight_recording_new();
  add(recording, "w", 3, 30, "{\"source\":3,\"id\":1,\"x\":0,\"y\":3}");
  add(recording, "w", 4, 10, "{\"href\":\"https://a.example/\",\"width\":640,\"height\":400}");
  add(recording, "w", 2, 12, SNAPSHOT);
  add(recording, "w", 3, 20, "{\"source\":3,\"id\":1,\"x\":0,\"y\":2}");
  g_autoptr(SightUiReel) reel = finish(recording);
  assert_events(reel, 0, "4@10 2@12 3@20 3@30");
  g_assert_cmpint(sight_ui_reel_get_window(reel, 0)->snapshot_ms, ==, 12);
}

static void test_unplayable(void) {
  g_autoptr(GPtrArray) recording = sight_recording_new();
  add(recording, "w", 2, 10, SNAPSHOT);
  add(recording, "w", 2, 11, "{\"node\":7}");
  add(recording, "w", 3, 12, "{\"source\":1,\"positions\":[]}");
  add(recording, "w", 3, 13, "{\"source\":1,\"positions\":[{\"x\":1,\"y\":1,\"id\":1,\"timeOffset\":0}]}");
  add(recording, "w", 3, 14, "{\"source\":99}");
  add(recording, "w", 5, 15, "{\"tag\":\"ss:event\",\"payload\":{}}");
  add(recording, "w", 3, 16, "[]");
  g_autoptr(SightUiReel) reel = finish(recording);
  assert_events(reel, 0, "2@10 3@13");
  g_assert_cmpint(sight_ui_reel_n_events(reel), ==, 7);
  g_assert_cmpint(sight_ui_reel_last_ms(reel), ==, 16);
}

static void test_windows(void) {
  g_autoptr(GPtrArray) recording = sight_recording_new();
  add(recording, "a", 3, 5, "{\"source\":3,\"id\":1,\"x\":0,\"y\":3}");
  add(recording, "b", 2, 30, SNAPSHOT);
  add(recording, "c", 2, 20, SNAPSHOT);
  g_autoptr(SightUiReel) reel = finish(recording);
  g_assert_cmpint(sight_ui_reel_n_windows(reel), ==, 3);
  g_assert_cmpint(sight_ui_reel_find(reel, "b"), ==, 2);
  g_assert_cmpint(sight_ui_reel_find(reel, "z"), ==, -1);
  g_assert_cmpint(sight_ui_reel_first_page(reel), ==, 1);
  assert_events(reel, 0, "3@5");
  g_assert_null(sight_ui_reel_problem(reel));
}

static void test_problem(void) {
  g_autoptr(GPtrArray) nothing = sight_recording_new(), recording = sight_recording_new();
  g_autoptr(SightUiReel) empty = finish(nothing);
  g_autofree char *why_empty = sight_ui_reel_problem(empty);
  g_assert_nonnull(strstr(why_empty, "empty"));
  add(recording, "a", 3, 5, "{\"source\":3,\"id\":1,\"x\":0,\"y\":3}");
  g_autoptr(SightUiReel) blind = finish(recording);
  g_autofree char *why_blind = sight_ui_reel_problem(blind);
  g_assert_nonnull(strstr(why_blind, "no full snapshot"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/reel/order", test_order);
  g_test_add_func("/player/reel/unplayable", test_unplayable);
  g_test_add_func("/player/reel/windows", test_windows);
  g_test_add_func("/player/reel/problem", test_problem);
  return g_test_run();
}
