/* SPDX-License-Identifier: MIT */
/* What the view shows after opening at a time, seeking to it by difference and playing up to it is what rrweb's own
 * Replayer shows paused at that time, in the same view. Over scenes of our own, the samples, and the corpus where it is
 * there. */
#include "sight-event-reader.h"
#include "sight-web-fixture.h"

#include <string.h>

#define MAX_POINTS 25
/* Playing begins so long before the time. */
#define PLAY_MS 3000

typedef struct {
  GPtrArray *windows;
  SightUiReel *reel;
  GString *events; /* as a JSON array */
  char *window;
} Recording;

typedef struct {
  gint64 first_ms; /* of the recording that is compared */
  guint points, equal, explained;
  GString *wrong;
} Count;

static gboolean take(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Recording *recording = user_data;
  const char *window = tainted_window ? tainted_window : "w";
  if (!recording->window)
    recording->window = g_strdup(window);
  if (!g_str_equal(window, recording->window))
    return TRUE;
  sight_recording_add(recording->windows, "w", event);
  g_string_append_c(recording->events, recording->events->len > 1 ? ',' : ' ');
  g_string_append_len(recording->events, event->text, (gssize)event->text_bytes);
  return TRUE;
}

static void recording_clear(Recording *recording) {
  g_clear_pointer(&recording->reel, sight_ui_reel_unref);
  g_ptr_array_unref(recording->windows);
  g_string_free(recording->events, TRUE);
  g_free(recording->window);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Recording, recording_clear)

static gboolean has_played(gpointer user_data) {
  Stage *stage = user_data;
  return stage->failed || stage->n_shown > 0;
}

static gboolean on_tick(gpointer user_data) {
  return G_SOURCE_CONTINUE;
}

static gboolean is_over(gpointer user_data) {
  return g_get_monotonic_time() >= *(gint64 *)user_data;
}

/* The reason that tests/conformance tells, by a pattern of the file's name and the time; NULL where it tells none. */
static char *explained(const char *name, gint64 offset_ms) {
  g_autofree char *place = g_strdup_printf("%s at %" G_GINT64_FORMAT, name, offset_ms);
  g_autofree char *path =
      g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "tests", "conformance", "explained.json", NULL);
  g_autofree char *text = NULL;
  gsize bytes;
  SightJson root;
  g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  g_assert_true(g_file_get_contents(path, &text, &bytes, NULL));
  g_assert_true(sight_json_parser_parse(parser, text, bytes, &root, NULL));
  SightJsonIter it = sight_json_iter(root);
  while (sight_json_next(&it))
    if (g_regex_match_simple(sight_json_string(sight_json_get(it.value, "file"), NULL), place, 0, 0))
      return g_strdup(sight_json_string(sight_json_get(it.value, "reason"), NULL));
  return NULL;
}

static void compare(Stage *stage, Count *count, const char *name, const char *how, gint64 at_ms) {
  g_autofree char *question = g_strdup_printf("reference.differs(%" G_GINT64_FORMAT ")", at_ms);
  g_autofree char *difference = fixture_ask(stage->web, question);
  g_autofree char *reason = difference[0] != 0 ? explained(name, at_ms - count->first_ms) : NULL;
  count->points++;
  if (difference[0] == 0)
    count->equal++;
  else if (reason) {
    count->explained++;
    g_test_message("%s at %" G_GINT64_FORMAT ", %s: %s", name, at_ms, how, reason);
  } else
    g_string_append_printf(count->wrong, "%s at %" G_GINT64_FORMAT ", %s: %.400s\n", name, at_ms, how, difference);
}

static void play_to(Stage *stage, gint64 at_ms) {
  stage->n_shown = 0;
  sight_ui_replay_view_show(stage->view, 0, at_ms - PLAY_MS, TRUE, 16.0);
  fixture_wait(has_played, stage, "playing");
  gint64 until_us = g_get_monotonic_time() + (gint64)PLAY_MS * 1000 / 16 + 50000;
  guint tick = g_timeout_add(10, on_tick, NULL);
  fixture_wait(is_over, &until_us, "the time");
  g_source_remove(tick);
  stage_show(stage, at_ms);
}

static void compare_all(Stage *stage, Count *count, const char *name, const Recording *recording, guint n_points) {
  const SightUiReelWindow *window = sight_ui_reel_get_window(recording->reel, 0);
  gint64 first_ms = window->snapshot_ms + 1, last_ms = sight_track_last_ms(window->track) + 1;
  gint64 times[MAX_POINTS];
  count->first_ms = sight_track_first_ms(window->track);
  g_autoptr(GString) list = g_string_new("return await reference.at(input, [");
  for (guint i = 0; i < n_points; i++) {
    times[i] = first_ms + (last_ms - first_ms) * i / MAX(n_points - 1, 1);
    g_string_append_printf(list, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", times[i]);
  }
  g_string_append(list, "])");
  sight_ui_replay_view_set_reel(stage->view, NULL);
  g_free(fixture_run(stage->web, list->str, recording->events->str));
  for (guint i = 0; i < n_points; i++) {
    sight_ui_replay_view_set_reel(stage->view, recording->reel);
    stage_show(stage, times[i]);
    compare(stage, count, name, "opened", times[i]);
  }
  for (guint i = 0; i < 2 * n_points; i++) { /* forwards and backwards, over short and long ways */
    gint64 at_ms = times[i * 2 % MAX(n_points, 1)];
    if (i >= n_points)
      at_ms = times[2 * n_points - 1 - i];
    stage_show(stage, at_ms);
    compare(stage, count, name, "by difference", at_ms);
  }
  play_to(stage, times[n_points / 2]);
  compare(stage, count, name, "played", times[n_points / 2]);
}

static void compare_file(Stage *stage, Count *count, const char *folder, const char *name, guint n_points) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_auto(Recording) recording = {sight_recording_new(), NULL, g_string_new("["), NULL};
  if (!sight_event_read_file(file, &sight_reader_default_limits, take, &recording, NULL, NULL, NULL))
    return;
  g_string_append_c(recording.events, ']');
  sight_recording_finish(recording.windows);
  recording.reel = sight_ui_reel_new(recording.windows, NULL);
  if (sight_ui_reel_n_windows(recording.reel) == 0 || sight_ui_reel_first_page(recording.reel) < 0 ||
      sight_ui_reel_n_events(recording.reel) < 2)
    return;
  compare_all(stage, count, name, &recording, n_points);
  g_assert_cmpstr(stage->failed, ==, NULL);
}

static int by_name(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every `step`th file of a folder, in order of their names. */
static void compare_folder(Stage *stage, Count *count, const char *folder, const char *suffix, guint step,
                           guint n_points) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *only = g_getenv("SIGHT_TEST_ONLY"), *name;
  if (!dir) {
    g_test_message("%s is not here", folder);
    return;
  }
  while ((name = g_dir_read_name(dir)))
    if (g_str_has_suffix(name, suffix) && (!only || strstr(name, only)))
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, by_name);
  for (guint i = 0; i < names->len; i += only ? 1 : step)
    compare_file(stage, count, folder, g_ptr_array_index(names, i), n_points);
}

static void teach_page(Stage *stage) {
  const char *root = g_getenv("SIGHT_SOURCE_ROOT"), *built = g_getenv("SIGHT_BUILD_ROOT");
  char *files[] = {
      g_build_filename(built, "src/web/npm/node_modules/rrweb/dist/rrweb.umd.min.cjs", NULL),
      g_build_filename(root, "tests/conformance/page-state.js", NULL),
      g_build_filename(root, "tests/web/same.js", NULL),
  };
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(files[i], &text, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *body = g_strdup_printf("%s; return 'known'", text);
    g_autofree char *answer = fixture_run(stage->web, body, "");
    g_assert_cmpstr(answer, ==, "known");
    g_clear_pointer(&files[i], g_free);
  }
}

static void test_same(void) {
  gboolean full = g_getenv("SIGHT_TEST_FULL") && *g_getenv("SIGHT_TEST_FULL");
  const char *corpus = g_getenv("SIGHT_CORPUS");
  g_autofree char *recordings = g_build_filename(corpus ? corpus : "/nonexistent", "recordings", NULL);
  g_autofree char *samples = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "data", "samples", NULL);
  g_autofree char *scenes = g_build_filename(g_getenv("SIGHT_SOURCE_ROOT"), "tests", "fixtures", "scenes", NULL);
  Count count = {.wrong = g_string_new(NULL)};
  Stage stage;
  stage_open(&stage, 1000, 800);
  g_autoptr(SightUiReel) reel = fixture_reel(fixture_page);
  sight_ui_replay_view_set_reel(stage.view, reel);
  stage_show(&stage, 1500);
  teach_page(&stage);
  compare_folder(&stage, &count, scenes, ".json", 1, 12);
  compare_folder(&stage, &count, samples, ".jsonl.zst", full ? 1 : 45, full ? MAX_POINTS : 3);
  compare_folder(&stage, &count, recordings, ".json", full ? 1 : 8, full ? MAX_POINTS : 3);
  g_test_message("%u of %u states equal, %u others explained", count.equal, count.points, count.explained);
  if (count.wrong->len > 0)
    g_error("%u of %u states equal, %u others explained; the rest:\n%s", count.equal, count.points, count.explained,
            count.wrong->str);
  g_assert_cmpuint(count.points, >, 20);
  g_string_free(count.wrong, TRUE);
  stage_close(&stage);
}

int main(int argc, char **argv) {
  fixture_init(&argc, &argv);
  g_test_add_func("/web/same", test_same);
  return g_test_run();
}
