/* SPDX-License-Identifier: MIT */
/* What of a recording can be drawn: sorted, checked; and where its windows were. */
#include "sight-ui-reel.h"

#include <string.h>

#define SNAPSHOT "{\"node\":{\"type\":0,\"id\":1,\"childNodes\":[]}}"

static void add(SightUiReel *reel, const char *window, int type, gint64 time_ms, const char *data) {
  static SightEventParser *parser;
  g_autoptr(GError) error = NULL;
  if (!parser)
    parser = sight_event_parser_new();
  g_autofree char *text =
      g_strdup_printf("{\"type\":%d,\"timestamp\":%" G_GINT64_FORMAT ",\n\"data\":%s}", type, time_ms, data);
  SightEvent event;
  sight_event_parser_parse(parser, text, strlen(text), &event, &error);
  g_assert_no_error(error);
  sight_ui_reel_add(reel, window, &event);
}

/* The types and times of what the page gets: "4@10 2@10 3@20". */
static char *events_of(const SightUiReelWindow *window) {
  GString *out = g_string_new(NULL);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  g_autoptr(GString) events = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  SightJson root;
  g_assert_true(sight_track_events(window->track, G_MININT64, G_MAXINT64, events, &error));
  g_assert_no_error(error);
  sight_json_parser_parse(parser, events->str, events->len, &root, &error);
  g_assert_no_error(error);
  SightJsonIter iter = sight_json_iter(root);
  while (sight_json_next(&iter))
    g_string_append_printf(out, "%s%d@%d", out->len ? " " : "",
                           (int)sight_json_int(sight_json_get(iter.value, "type"), -1),
                           (int)sight_json_int(sight_json_get(iter.value, "timestamp"), -1));
  return g_string_free(out, FALSE);
}

static void assert_events(SightUiReel *reel, guint index, const char *expected) {
  g_autofree char *events = events_of(sight_ui_reel_get_window(reel, index));
  g_assert_cmpstr(events, ==, expected);
}

static void test_order(void) {
  g_autoptr(SightUiReel) reel = sight_ui_reel_new();
  add(reel, "w", 3, 30, "{\"source\":3,\"id\":1,\"x\":0,\"y\":3}");
  add(reel, "w", 4, 10, "{\"href\":\"https://a.example/\",\"width\":640,\"height\":400}");
  add(reel, "w", 2, 12, SNAPSHOT);
  add(reel, "w", 3, 20, "{\"source\":3,\"id\":1,\"x\":0,\"y\":2}");
  sight_ui_reel_finish(reel);
  assert_events(reel, 0, "4@10 2@12 3@20 3@30");
  const SightUiReelWindow *window = sight_ui_reel_get_window(reel, 0);
  g_assert_cmpint(window->snapshot_ms, ==, 12);
  g_assert_cmpstr(sight_ui_reel_window_place(window, 15)->href, ==, "https://a.example/");
}

static void test_meta(void) {
  g_autoptr(SightUiReel) reel = sight_ui_reel_new();
  /* None at all before the first snapshot, one behind it, one of another size between two, a monstrous one. */
  add(reel, "w", 2, 10, SNAPSHOT);
  add(reel, "w", 4, 20, "{\"href\":\"b\",\"width\":320,\"height\":200}");
  add(reel, "w", 4, 30, "{\"href\":\"c\",\"width\":999999999,\"height\":-4}");
  add(reel, "w", 2, 40, SNAPSHOT);
  sight_ui_reel_finish(reel);
  assert_events(reel, 0, "2@10 4@20 4@30 2@40");
  const SightUiReelWindow *window = sight_ui_reel_get_window(reel, 0);
  g_assert_cmpint(sight_ui_reel_window_place(window, 40)->width, ==, 8192);
  g_assert_cmpint(sight_ui_reel_window_place(window, 40)->height, ==, 200);
}

static void test_route(void) {
  g_autoptr(SightUiReel) reel = sight_ui_reel_new();
  add(reel, "w", 4, 10, "{\"href\":\"http://a.example/one\",\"width\":640,\"height\":400}");
  add(reel, "w", 2, 10, SNAPSHOT);
  add(reel, "w", 5, 20, "{\"tag\":\"ss:route\",\"payload\":{\"href\":\"http://a.example/two\",\"kind\":\"push\"}}");
  add(reel, "w", 5, 30, "{\"tag\":\"ss:event\",\"payload\":{\"href\":\"http://a.example/three\"}}");
  sight_ui_reel_finish(reel);
  assert_events(reel, 0, "4@10 2@10");
  const SightUiReelWindow *window = sight_ui_reel_get_window(reel, 0);
  g_assert_cmpstr(sight_ui_reel_window_place(window, 15)->href, ==, "http://a.example/one");
  g_assert_cmpstr(sight_ui_reel_window_place(window, 99)->href, ==, "http://a.example/two");
  g_assert_cmpint(sight_ui_reel_window_place(window, 99)->width, ==, 640);
}

static void test_unplayable(void) {
  g_autoptr(SightUiReel) reel = sight_ui_reel_new();
  add(reel, "w", 2, 10, SNAPSHOT);
  add(reel, "w", 2, 11, "{\"node\":7}");
  add(reel, "w", 3, 12, "{\"source\":1,\"positions\":[]}");
  add(reel, "w", 3, 13, "{\"source\":1,\"positions\":[{\"x\":1,\"y\":1,\"id\":1,\"timeOffset\":0}]}");
  add(reel, "w", 3, 14, "{\"source\":99}");
  add(reel, "w", 5, 15, "{\"tag\":\"ss:event\",\"payload\":{}}");
  add(reel, "w", 3, 16, "[]");
  sight_ui_reel_finish(reel);
  assert_events(reel, 0, "2@10 3@13");
  g_assert_cmpint(sight_ui_reel_n_events(reel), ==, 7);
  g_assert_cmpint(sight_ui_reel_last_ms(reel), ==, 16);
}

static void test_windows(void) {
  g_autoptr(SightUiReel) reel = sight_ui_reel_new();
  add(reel, "a", 3, 5, "{\"source\":3,\"id\":1,\"x\":0,\"y\":3}");
  add(reel, "b", 2, 30, SNAPSHOT);
  add(reel, "c", 2, 20, SNAPSHOT);
  sight_ui_reel_finish(reel);
  g_assert_cmpint(sight_ui_reel_n_windows(reel), ==, 3);
  g_assert_cmpint(sight_ui_reel_find(reel, "b"), ==, 1);
  g_assert_cmpint(sight_ui_reel_find(reel, "z"), ==, -1);
  g_assert_cmpint(sight_ui_reel_first_page(reel), ==, 2);
  assert_events(reel, 0, "3@5");
  g_assert_null(sight_ui_reel_problem(reel));
}

static void test_problem(void) {
  g_autoptr(SightUiReel) empty = sight_ui_reel_new();
  sight_ui_reel_finish(empty);
  g_autofree char *why_empty = sight_ui_reel_problem(empty);
  g_assert_nonnull(strstr(why_empty, "empty"));
  g_autoptr(SightUiReel) blind = sight_ui_reel_new();
  add(blind, "a", 3, 5, "{\"source\":3,\"id\":1,\"x\":0,\"y\":3}");
  sight_ui_reel_finish(blind);
  g_autofree char *why_blind = sight_ui_reel_problem(blind);
  g_assert_nonnull(strstr(why_blind, "no full snapshot"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/player/reel/order", test_order);
  g_test_add_func("/player/reel/meta", test_meta);
  g_test_add_func("/player/reel/route", test_route);
  g_test_add_func("/player/reel/unplayable", test_unplayable);
  g_test_add_func("/player/reel/windows", test_windows);
  g_test_add_func("/player/reel/problem", test_problem);
  return g_test_run();
}
