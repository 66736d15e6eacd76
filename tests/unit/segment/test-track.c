/* SPDX-License-Identifier: MIT */
/* Tracks: any time read by itself is what reading from the beginning gives; growing, out of order, idle, jumps. */
#include <string.h>

#include "sight-event-reader.h"
#include "sight-track-private.h"

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

static void add_text(SightTrack *track, const char *json) {
  g_autoptr(GError) error = NULL;
  sight_event_read_bytes(json, strlen(json), &sight_reader_default_limits, add, track, NULL, &error);
  g_assert_no_error(error);
}

/* The page from the events alone, without any keyframe. */
static SightDom *page_from_start(SightTrack *track, gint64 at_ms) {
  g_autoptr(GString) json = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  g_assert_true(sight_track_events(track, G_MININT64, at_ms, json, &error));
  g_assert_no_error(error);
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  SightJson root;
  g_assert_true(sight_json_parser_parse(parser, json->str, json->len, &root, NULL));
  SightDom *dom = sight_dom_new();
  g_autoptr(SightEventParser) events = sight_event_parser_new();
  SightJsonIter it = sight_json_iter(root);
  while (sight_json_next(&it)) {
    g_autoptr(GString) text = g_string_new(NULL);
    SightEvent event;
    sight_json_append_value(text, it.value);
    if (sight_event_parser_parse(events, text->str, text->len, &event, NULL))
      sight_dom_apply(dom, &event);
  }
  return dom;
}

static void check_times(SightTrack *track, const char *path, guint times) {
  g_autoptr(SightCursor) cursor = sight_cursor_new(track);
  gint64 length = sight_track_last_ms(track) - sight_track_first_ms(track);
  for (guint i = 0; i < times; i++) {
    gint64 at_ms = sight_track_first_ms(track) + (gint64)(g_test_rand_double() * (double)(length + 2));
    g_autoptr(GError) error = NULL;
    g_assert_true(sight_cursor_seek(cursor, at_ms, &error));
    g_assert_no_error(error);
    g_autoptr(SightDom) expected = page_from_start(track, at_ms);
    if (sight_dom_hash(expected) != sight_dom_hash(sight_cursor_page(cursor))) {
      g_autoptr(GString) a = g_string_new(NULL), b = g_string_new(NULL);
      sight_dom_write_events(expected, 1, a);
      sight_dom_write_events(sight_cursor_page(cursor), 1, b);
      gsize at = 0;
      while (at < a->len && at < b->len && a->str[at] == b->str[at])
        at++;
      at -= MIN(at, 100);
      g_error("%s at %" G_GINT64_FORMAT "\nstart  %.300s\ncursor %.300s", path, at_ms, a->str + at, b->str + at);
    }
  }
}

static void check_folder(const char *folder, guint times, gboolean finely) {
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  if (dir == NULL) {
    g_test_message("no recordings at this place");
    return;
  }
  while ((name = g_dir_read_name(dir)) != NULL) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(SightTrack) track = sight_track_new();
    if (finely) {
      track->cut_bytes = 2000;
      track->cut_min_bytes = 0;
    }
    if (!sight_event_read_file(file, &sight_reader_default_limits, add, track, NULL, NULL, NULL))
      continue;
    sight_track_settle(track, NULL);
    if (sight_track_n_events(track) > 0)
      check_times(track, path, times);
  }
}

static void test_samples(void) {
  g_autofree char *folder = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
  check_folder(folder, 1, TRUE);
}

static void test_corpus(void) {
  const char *corpus = g_getenv("SIGHT_CORPUS");
  g_autofree char *folder = g_build_filename(corpus != NULL ? corpus : "/nonexistent", "recordings", NULL);
  check_folder(folder, 2, FALSE);
  check_folder(folder, 4, TRUE);
}

#define SNAPSHOT                                                                                                       \
  "{\"type\":2,\"timestamp\":1000,\"data\":{\"initialOffset\":{\"left\":0,\"top\":0},\"node\":{\"type\":0,\"id\":1,"   \
  "\"childNodes\":[{\"type\":2,\"id\":2,\"tagName\":\"html\",\"attributes\":{},\"childNodes\":[{\"type\":2,\"id\":3,"  \
  "\"tagName\":\"body\",\"attributes\":{},\"childNodes\":[]}]}]}}}"

static char *text_event(gint64 at_ms, int id, gsize length) {
  g_autofree char *text = g_strnfill(length, 'x');
  return g_strdup_printf(
      "[{\"type\":3,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":{\"source\":0,\"removes\":[],\"texts\":[],"
      "\"attributes\":[],\"adds\":[{\"parentId\":3,\"nextId\":null,\"node\":{\"type\":3,\"id\":%d,\"textContent\":"
      "\"%s\"}}]}}]",
      at_ms, id, text);
}

static SightTrack *long_track(int n) {
  SightTrack *track = sight_track_new();
  add_text(track, "[{\"type\":4,\"timestamp\":999,\"data\":{\"href\":\"https://a.example/"
                  "\",\"width\":800,\"height\":600}}," SNAPSHOT "]");
  for (int i = 0; i < n; i++) {
    g_autofree char *json = text_event(1000 + i, 10 + i, 2000);
    add_text(track, json);
  }
  return track;
}

/* Long recordings are cut; every piece is read alone; the cuts are where they are worth it. */
static void test_cuts(void) {
  g_autoptr(SightTrack) track = long_track(3000);
  sight_track_settle(track, NULL);
  g_assert_cmpuint(sight_track_n_segments(track), >, 2);
  g_assert_cmpuint(sight_track_n_segments(track), <, 12);
  check_times(track, "long track", 12);
  g_assert_cmpuint(sight_track_bytes(track), <, 4000000);
}

/* However often the recorder says Meta, keyframes are no more than what was recorded. */
static void test_keyframes(void) {
  g_autoptr(SightTrack) track = sight_track_new();
  g_autofree char *page = text_event(1001, 10, 3000000), *more = g_strnfill(128 * 1024, 'x');
  guint64 n_keyframe_bytes = 0, n_bytes = 0;
  add_text(track, "[" SNAPSHOT "]");
  add_text(track, page);
  for (int i = 0; i < 40; i++) {
    g_autofree char *json = g_strdup_printf("[{\"type\":5,\"timestamp\":%d,\"data\":{\"tag\":\"t\",\"payload\":"
                                            "\"%s\"}},{\"type\":4,\"timestamp\":%d,\"data\":{\"href\":\"a\"}}]",
                                            2000 + i, more, 2000 + i);
    add_text(track, json);
  }
  sight_track_settle(track, NULL);
  for (guint i = 0; i < sight_track_n_segments(track); i++) {
    SightSegmentInfo info;
    sight_track_segment(track, i, &info);
    n_keyframe_bytes += info.keyframe_bytes;
    n_bytes += info.bytes;
  }
  g_assert_cmpuint(sight_track_n_segments(track), >, 2);
  g_assert_cmpuint(n_keyframe_bytes, <=, n_bytes);
}

static void test_grows(void) {
  g_autoptr(SightTrack) track = long_track(100);
  g_autoptr(SightCursor) cursor = sight_cursor_new(track);
  g_assert_true(sight_cursor_seek(cursor, 1050, NULL));
  g_autofree char *later = text_event(5000, 5000, 10), *sooner = text_event(1020, 5001, 10);
  add_text(track, later);
  sight_track_settle(track, NULL);
  g_assert_true(sight_cursor_seek(cursor, 6000, NULL));
  g_assert_cmpint(sight_dom_node_type(sight_cursor_page(cursor), 5000), ==, SIGHT_NODE_TEXT);
  add_text(track, sooner);
  sight_track_settle(track, NULL);
  g_assert_true(sight_cursor_seek(cursor, 1021, NULL));
  g_assert_cmpint(sight_dom_node_type(sight_cursor_page(cursor), 5001), ==, SIGHT_NODE_TEXT);
  g_assert_true(sight_cursor_seek(cursor, 1020, NULL));
  g_assert_cmpint(sight_dom_node_type(sight_cursor_page(cursor), 5001), ==, SIGHT_NODE_NONE);
  g_assert_cmpuint(sight_track_n_events(track), ==, 104);
}

#define SCROLL(at) "{\"type\":3,\"timestamp\":" #at ",\"data\":{\"source\":3,\"id\":1,\"x\":0,\"y\":" #at "}}"
#define MEDIA(at, kind) "{\"type\":3,\"timestamp\":" #at ",\"data\":{\"source\":7,\"id\":3,\"type\":" #kind "}}"
#define TICK(at) "{\"type\":5,\"timestamp\":" #at ",\"data\":{\"tag\":\"t\",\"payload\":{}}}"

static void test_tables(void) {
  g_autoptr(SightTrack) track = sight_track_new();
  add_text(track, "[" SNAPSHOT "," SCROLL(2000) "," TICK(15000) "," SCROLL(30000) "," MEDIA(31000, 0) "," TICK(
                      80000) "," MEDIA(81000, 1) "," SCROLL(200000000) "," SCROLL(200000500) "]");
  sight_track_settle(track, NULL);
  g_autoptr(GArray) idle = sight_track_idle(track, 10000);
  g_assert_cmpuint(idle->len, ==, 2);
  g_assert_cmpint(g_array_index(idle, SightStretch, 0).start_ms, ==, 2000);
  g_assert_cmpint(g_array_index(idle, SightStretch, 0).end_ms, ==, 30000);
  g_assert_cmpint(g_array_index(idle, SightStretch, 1).start_ms, ==, 81000);
  const GArray *jumps = sight_track_jumps(track);
  g_assert_cmpuint(jumps->len, ==, 1);
  g_assert_cmpint(g_array_index(jumps, SightStretch, 0).end_ms, ==, 200000000);
  g_assert_cmpint(sight_track_change(track, 2000, 1), ==, 30000);
  g_assert_cmpint(sight_track_change(track, 2000, -1), ==, 1000);
  g_assert_cmpint(sight_track_change(track, 1000, -1), ==, -1);
  g_assert_cmpint(sight_track_change(track, 200000500, 1), ==, -1);
}

#define META(at, text) "{\"type\":4,\"timestamp\":" #at ",\"data\":{" text "}}"
#define CUSTOM(at, tag, href)                                                                                          \
  "{\"type\":5,\"timestamp\":" #at ",\"data\":{\"tag\":\"" tag "\",\"payload\":{\"href\":\"" href "\"}}}"

static void assert_place(const SightTrack *track, gint64 at_ms, int width, int height, const char *href) {
  SightPlace place;
  g_assert_true(sight_track_place(track, at_ms, &place));
  g_assert_cmpint(place.width, ==, width);
  g_assert_cmpint(place.height, ==, height);
  g_assert_cmpstr(place.href, ==, href);
}

/* A size that nobody said yet is the first one that somebody says; a monstrous one is cut. */
static void test_places(void) {
  g_autoptr(SightTrack) track = sight_track_new();
  add_text(
      track,
      "[" SNAPSHOT
      "," CUSTOM(1100, "ss:route", "one") "," META(2000, "\"href\":\"two\",\"width\":320,\"height\":200") "," CUSTOM(
          2100, "ss:event",
          "three") "," CUSTOM(2200, "$pageview",
                              "four") "," META(3000, "\"href\":\"five\",\"width\":999999999,\"height\":-4") "]");
  sight_track_settle(track, NULL);
  assert_place(track, 0, 320, 200, "one");
  assert_place(track, 1500, 320, 200, "one");
  assert_place(track, 2100, 320, 200, "two");
  assert_place(track, 2300, 320, 200, "four");
  assert_place(track, 3000, 8192, 200, "five");
}

static void assert_media(const SightTrack *track, gint64 at_ms, const char *media) {
  SightPlace place;
  g_assert_true(sight_track_place(track, at_ms, &place));
  g_assert_cmpstr(place.media, ==, media);
}

/* What the visitor's browser preferred, also before it was told; nothing but words. */
static void test_media(void) {
  g_autoptr(SightTrack) track = sight_track_new();
  add_text(
      track,
      "[" SNAPSHOT "," CUSTOM(
          1100, "ss:route",
          "one") ","
                 "{\"type\":5,\"timestamp\":1200,\"data\":{\"tag\":\"ss:context\",\"payload\":{\"media\":{\"scheme\":"
                 "\"dark\",\"motion\":\"</script>\",\"A\":\"b\",\"hover\":5}}}},"
                 "{\"type\":5,\"timestamp\":1300,\"data\":{\"tag\":\"ss:context\",\"payload\":{\"release\":\"2\"}}},"
                 "{\"type\":5,\"timestamp\":2000,\"data\":{\"tag\":\"ss:context\",\"payload\":{\"media\":{\"scheme\":"
                 "\"light\"}}}}," CUSTOM(2100, "ss:route", "two") "]");
  sight_track_settle(track, NULL);
  assert_media(track, 0, "{\"scheme\":\"dark\"}");
  assert_media(track, 1500, "{\"scheme\":\"dark\"}");
  assert_media(track, 2200, "{\"scheme\":\"light\"}");
  assert_place(track, 2050, 1280, 800, "one");
}

static void test_nothing(void) {
  SightPlace place;
  g_autoptr(SightTrack) track = sight_track_new();
  sight_track_settle(track, NULL);
  g_autoptr(SightCursor) cursor = sight_cursor_new(track);
  g_assert_true(sight_cursor_seek(cursor, 0, NULL));
  g_assert_false(sight_dom_has_page(sight_cursor_page(cursor)));
  g_assert_cmpint(sight_track_first_page_ms(track), ==, -1);
  g_assert_false(sight_track_place(track, 0, &place));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/segment/track/cuts", test_cuts);
  g_test_add_func("/segment/track/keyframes", test_keyframes);
  g_test_add_func("/segment/track/grows", test_grows);
  g_test_add_func("/segment/track/tables", test_tables);
  g_test_add_func("/segment/track/media", test_media);
  g_test_add_func("/segment/track/places", test_places);
  g_test_add_func("/segment/track/nothing", test_nothing);
  g_test_add_func("/segment/track/samples", test_samples);
  g_test_add_func("/segment/track/corpus", test_corpus);
  return g_test_run();
}
