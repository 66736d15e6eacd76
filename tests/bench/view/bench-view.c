/* SPDX-License-Identifier: MIT */
/* The recorded page in the real view beside rrweb's own Replayer in the same page: seeking, scrubbing, the first frame.
 * And, in a run of its own, how much the web process grows. */
#include "sight-analysis.h"
#include "sight-event-reader.h"
#include "sight-import.h"
#include "sight-ui-guard.h"
#include "sight-ui-screen.h"
#include "sight-web-fixture.h"
#include "web-process.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES (1000 * 1000)
#define PIECE_BYTES ((gsize)2 << 20)
#define SCRUB_STEPS 60
#define MAX_ROUNDS 9

typedef struct {
  GPtrArray *windows;
  SightUiReel *reel;
  GString *events; /* as a JSON array */
  gsize max_bytes; /* 0: all */
} Recording;

static gboolean take(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Recording *recording = user_data;
  if (recording->max_bytes > 0 && recording->events->len > recording->max_bytes)
    return TRUE;
  sight_recording_add(recording->windows, "w", event);
  g_string_append_c(recording->events, recording->events->len > 0 ? ',' : '[');
  g_string_append_len(recording->events, event->text, (gssize)event->text_bytes);
  return TRUE;
}

static void read_recording(Recording *recording, const char *path, gsize max_bytes) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(path);
  g_autoptr(GError) error = NULL;
  *recording = (Recording){sight_recording_new(), NULL, g_string_new(NULL), max_bytes};
  if (!sight_event_read_file(file, &sight_reader_default_limits, take, recording, NULL, NULL, &error))
    g_error("%s: %s", path, error->message);
  g_string_append_c(recording->events, ']');
  sight_recording_finish(recording->windows);
  recording->reel = sight_ui_reel_new(recording->windows, NULL);
}

static void recording_clear(Recording *recording) {
  g_clear_pointer(&recording->reel, sight_ui_reel_unref);
  g_ptr_array_unref(recording->windows);
  g_string_free(recording->events, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Recording, recording_clear)

/* What the page says */

typedef struct {
  double script_ms, painted_ms;
} Cost;

static Cost parse_cost(const char *answer) {
  Cost cost;
  if (sscanf(answer, "%lf %lf", &cost.script_ms, &cost.painted_ms) != 2)
    g_error("%s", answer);
  return cost;
}

static void teach(Stage *stage, const char *const *scripts) {
  for (guint i = 0; scripts[i]; i++) {
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(scripts[i], &text, NULL, &error))
      g_error("%s", error->message);
    g_autofree char *body = g_strdup_printf("%s; return 'known'", text);
    g_autofree char *answer = fixture_run(stage->web, body, "");
    if (!g_str_equal(answer, "known"))
      g_error("%s: %s", scripts[i], answer);
  }
}

static void give_replayer(Stage *stage, const GString *events) {
  for (gsize at = 0; at < events->len;) {
    gsize end = MIN(at + PIECE_BYTES, events->len);
    while (end < events->len && (events->str[end] & 0xc0) == 0x80)
      end++;
    g_autofree char *piece = g_strndup(events->str + at, end - at);
    g_free(fixture_run(stage->web, "return bench.take(input)", piece));
    at = end;
  }
  g_autofree char *n = fixture_run(stage->web, "return bench.open()", "");
  if (atoi(n) < 2)
    g_error("%s", n);
}

typedef enum { OURS, REPLAYER, RELAYOUT, N_METHODS } Method;

static Cost seek(Stage *stage, Method method, gint64 at_ms) {
  g_autofree char *answer = NULL;
  g_autofree char *question = g_strdup_printf("await bench.pause(%" G_GINT64_FORMAT ")", at_ms);
  switch (method) {
  case OURS:
    stage_show(stage, at_ms);
    answer = fixture_ask(stage->web, "bench.marks()");
    break;
  case REPLAYER:
    answer = fixture_ask(stage->web, question);
    break;
  case RELAYOUT:
  case N_METHODS:
    answer = fixture_ask(stage->web, "await bench.relayout()");
    break;
  }
  return parse_cost(answer);
}

static Cost measure_pair(Stage *stage, Method method, gint64 from_ms, gint64 to_ms) {
  g_free(fixture_ask(stage->web, method == REPLAYER ? "await bench.turn(true)" : "await bench.turn(false)"));
  if (method != RELAYOUT)
    seek(stage, method, from_ms);
  return seek(stage, method, to_ms);
}

/* Seeking */

typedef struct {
  gint64 first_ms, length_ms;
} Span;

typedef struct {
  const char *name;
  double from, to; /* shares of the whole; or, where they are equal, with `ms` from one to the other */
  gint64 ms;
} Pair;

static const Pair pairs[] = {
    {"+1 s", 0, 0, 1000},        {"-1 s", 0, 0, -1000},       {"+10 s", 0, 0, 10000},      {"-10 s", 0, 0, -10000},
    {"+60 s", 0, 0, 60000},      {"-60 s", 0, 0, -60000},     {"10 to 50 %", 0.1, 0.5, 0}, {"50 to 10 %", 0.5, 0.1, 0},
    {"50 to 90 %", 0.5, 0.9, 0}, {"90 to 50 %", 0.9, 0.5, 0}, {"10 to 90 %", 0.1, 0.9, 0}, {"90 to 10 %", 0.9, 0.1, 0},
};

static int by_value(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median(double *values, guint n) {
  qsort(values, n, sizeof *values, by_value);
  return values[n / 2];
}

static double native_ms(SightUiScreen *screen, gint64 from_ms, gint64 to_ms) {
  g_autoptr(GBytes) start = sight_ui_screen_step(screen, 0, from_ms, NULL);
  sight_ui_screen_confirm(screen);
  gint64 start_us = g_get_monotonic_time();
  g_autoptr(GBytes) step = sight_ui_screen_step(screen, 0, to_ms, NULL);
  return (double)(g_get_monotonic_time() - start_us) / 1000;
}

static void bench_pair(Stage *stage, SightUiReel *reel, const Pair *pair, const Span *span, guint rounds) {
  static const double places[] = {0.5, 0.2, 0.8, 0.35, 0.65};
  double script[N_METHODS][MAX_ROUNDS], painted[N_METHODS][MAX_ROUNDS], native[MAX_ROUNDS];
  guint slower = 0;
  g_autoptr(SightUiScreen) screen = sight_ui_screen_new(reel);
  for (guint round = 0; round < rounds; round++) {
    double from = pair->ms ? places[round % G_N_ELEMENTS(places)] : pair->from;
    gint64 from_ms = span->first_ms + (gint64)(from * (double)span->length_ms);
    gint64 to_ms = pair->ms ? from_ms + pair->ms : span->first_ms + (gint64)(pair->to * (double)span->length_ms);
    for (guint i = 0; i < N_METHODS; i++) {
      Method method = (Method)((i + round) % N_METHODS);
      Cost cost = measure_pair(stage, method, from_ms, to_ms);
      script[method][round] = cost.script_ms;
      painted[method][round] = cost.painted_ms;
    }
    slower += script[OURS][round] > script[REPLAYER][round] ? 1 : 0;
    native[round] = native_ms(screen, from_ms, to_ms);
  }
  double ours = median(script[OURS], rounds), replayer = median(script[REPLAYER], rounds);
  double ours_painted = median(painted[OURS], rounds), relayout = median(painted[RELAYOUT], rounds);
  g_print(
      "  %-11s native %5.1f, script %5.0f of %5.0f ms (1/%.1f), painted %5.0f of %5.0f; %4.2f of a relayout (%3.0f)",
      pair->name, median(native, rounds), ours, replayer, replayer / MAX(ours, 0.5), ours_painted,
      median(painted[REPLAYER], rounds), ours_painted / MAX(relayout, 1), relayout);
  g_print(slower > 0 ? "; slower in %u of %u\n" : "\n", slower, rounds);
}

/* Scrubbing */

/* To one place after the other, each painted; nothing else is asked of the page. */
static double scrub(Stage *stage, Method method, const Span *span, gboolean backward) {
  g_free(fixture_ask(stage->web, method == REPLAYER ? "await bench.turn(true)" : "await bench.turn(false)"));
  seek(stage, method, span->first_ms + (backward ? span->length_ms : 0));
  gint64 start_us = g_get_monotonic_time();
  for (gint64 i = 1; i <= SCRUB_STEPS; i++) {
    gint64 at_ms = span->first_ms + span->length_ms * (backward ? SCRUB_STEPS - i : i) / SCRUB_STEPS;
    if (method == OURS)
      stage_show(stage, at_ms);
    else
      seek(stage, method, at_ms);
  }
  return SCRUB_STEPS / ((double)(g_get_monotonic_time() - start_us) / 1e6);
}

static void bench_scrub(Stage *stage, const Span *span) {
  static const char *const names[] = {"forward", "backward"};
  for (int backward = 0; backward < 2; backward++) {
    double ours = scrub(stage, OURS, span, backward), replayer = scrub(stage, REPLAYER, span, backward);
    g_print("  scrub %s: %.1f of %.1f steps/s (%.1f times)\n", names[backward], ours, replayer, ours / replayer);
  }
}

/* The first frame */

/* Sessions as the application has them: imported, analysed, and opened from the store. */
static gint64 import(SightStore *store, const char *folder, const GString *events) {
  g_autofree char *path = g_build_filename(folder, "recording.json", NULL);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_auto(SightImportResult) result = {0};
  g_autoptr(GError) error = NULL;
  if (!g_file_set_contents(path, events->str, (gssize)events->len, &error) ||
      !sight_import_file(store, file, NULL, &result, &error) ||
      !sight_analysis_run_pending(store, NULL, NULL, NULL, NULL, &error))
    g_error("%s", error->message);
  return result.row;
}

static double first_frame_ms(Stage *stage, SightStore *store, gint64 row) {
  g_autoptr(GError) error = NULL;
  sight_ui_replay_view_set_reel(stage->view, NULL);
  g_free(fixture_ask(stage->web, "1"));
  gint64 start_us = g_get_monotonic_time();
  g_autoptr(GPtrArray) windows = sight_recording_open(store, row, NULL, &error);
  if (!windows)
    g_error("%s", error->message);
  g_autoptr(SightUiReel) reel = sight_ui_reel_new(windows, NULL);
  sight_ui_replay_view_set_reel(stage->view, reel);
  stage_show(stage, 0);
  return (double)(g_get_monotonic_time() - start_us) / 1000;
}

static void bench_first_frame(Stage *stage, const GString *events, const char *path, guint rounds) {
  double whole_ms[MAX_ROUNDS], part_ms[MAX_ROUNDS];
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("sight-bench-XXXXXX", &error);
  g_autoptr(SightStore) store = folder ? sight_store_open(folder, SIGHT_STORE_CACHE, NULL, &error) : NULL;
  if (!store)
    g_error("%s", error->message);
  g_auto(Recording) part = {0};
  read_recording(&part, path, FIRST_BYTES);
  gint64 part_row = import(store, folder, part.events), whole_row = import(store, folder, events);
  for (guint round = 0; round < rounds; round++) {
    part_ms[round] = first_frame_ms(stage, store, part_row);
    whole_ms[round] = first_frame_ms(stage, store, whole_row);
  }
  sight_ui_replay_view_set_reel(stage->view, NULL);
  sight_store_close(store);
  fixture_remove_tree(folder);
  double all = median(whole_ms, rounds), some = median(part_ms, rounds);
  g_print("  first frame from the cache %.0f ms, of its first 1 MB %.0f ms: %.2f times\n", all, some, all / some);
}

static Span span_of(SightUiReel *reel) {
  const SightUiReelWindow *window = sight_ui_reel_get_window(reel, 0);
  gint64 first_ms = window->snapshot_ms + 1;
  return (Span){first_ms, sight_track_last_ms(window->track) + 1 - first_ms};
}

static void bench_seek(const char *path, const char *const *scripts, guint rounds) {
  Stage stage;
  g_auto(Recording) recording = {0};
  g_autofree char *name = g_path_get_basename(path);
  read_recording(&recording, path, 0);
  Span span = span_of(recording.reel);
  stage_open(&stage, 1280, 860);
  g_print("%s: %.1f MB; ours of rrweb's, medians of %u\n", name, (double)recording.events->len / 1e6, rounds);
  bench_first_frame(&stage, recording.events, path, rounds);
  sight_ui_replay_view_set_reel(stage.view, recording.reel);
  stage_show(&stage, 0);
  teach(&stage, scripts);
  give_replayer(&stage, recording.events);
  g_string_truncate(recording.events, 0);
  for (guint i = 0; i < G_N_ELEMENTS(pairs); i++)
    bench_pair(&stage, recording.reel, &pairs[i], &span, rounds);
  bench_scrub(&stage, &span);
  stage_close(&stage);
}

/* Memory: opened, played at 16, scrubbed */

static gboolean on_tick(gpointer user_data) {
  return G_SOURCE_CONTINUE;
}

static void watch(Stage *stage, const Span *span, guint seconds) {
  gint64 start_us = g_get_monotonic_time(), end_us = start_us + (gint64)seconds * G_USEC_PER_SEC;
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  guint tick = g_timeout_add(20, on_tick, NULL);
  sight_ui_replay_view_show(stage->view, 0, span->first_ms, TRUE, 16.0);
  while (g_get_monotonic_time() < (start_us + end_us) / 2)
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(tick);
  while (g_get_monotonic_time() < end_us)
    stage_show(stage, span->first_ms + (gint64)(g_rand_double(rand) * (double)span->length_ms));
}

static double memory_after(const char *path, gsize max_bytes, guint seconds) {
  Stage stage;
  g_auto(Recording) recording = {0};
  read_recording(&recording, path, max_bytes);
  Span span = span_of(recording.reel);
  stage_open(&stage, 1280, 860);
  sight_ui_replay_view_set_reel(stage.view, recording.reel);
  stage_show(&stage, 0);
  watch(&stage, &span, seconds);
  double megabytes = (double)web_process_bytes() / 1e6;
  stage_close(&stage);
  return megabytes;
}

static double memory_of_child(const char *program, const char *path, const char *max_bytes, const char *seconds) {
  g_auto(GStrv) environment = g_environ_unsetenv(g_get_environ(), "JSC_useGenerationalGC");
  const char *args[] = {program, "--memory-of", path, max_bytes, seconds, NULL};
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;
  if (!g_spawn_sync(NULL, (char **)args, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, NULL, &error))
    g_error("%s", error->message);
  /* The last line: other things are said before. */
  const char *last = strrchr(g_strchomp(out), '\n');
  return g_ascii_strtod(last ? last + 1 : out, NULL);
}

int main(int argc, char **argv) {
  if (argc == 5 && g_str_equal(argv[1], "--memory-of")) {
    fixture_init(&argc, &argv);
    g_print("%.1f\n", memory_after(argv[2], (gsize)atoll(argv[3]), (guint)atoi(argv[4])));
    return 0;
  }
  const char *wish = g_getenv("SIGHT_BENCH_ROUNDS"), *seconds = g_getenv("SIGHT_BENCH_SECONDS");
  guint rounds = wish ? (guint)CLAMP(atoi(wish), 1, MAX_ROUNDS) : 5;
  if (argc < 4)
    g_error("bench-view RRWEB SCRIPT RECORDING…");
  const char *const scripts[] = {argv[1], argv[2], NULL};
  /* The Replayer keeps the whole recording in the heap: it shall not pay for looking at all of that. */
  g_setenv("JSC_useGenerationalGC", "1", FALSE);
  fixture_init(&argc, &argv);
  for (int i = 3; i < argc; i++) {
    g_autofree char *name = g_path_get_basename(argv[i]);
    if (!g_file_test(argv[i], G_FILE_TEST_EXISTS)) {
      g_print("%s is not here\n", name);
      continue;
    }
    bench_seek(argv[i], scripts, rounds);
    double part = memory_of_child(argv[0], argv[i], "1000000", seconds ? seconds : "120");
    double whole = memory_of_child(argv[0], argv[i], "0", seconds ? seconds : "120");
    g_print("  web process %.0f MB, with its first 1 MB %.0f MB: %+.0f MB\n", whole, part, whole - part);
  }
  return 0;
}
