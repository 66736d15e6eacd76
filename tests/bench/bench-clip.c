/* SPDX-License-Identifier: MIT */
/* Clips of thirty seconds, from places all over a recording that is open: how long each takes and how large it is. */
#include "sight-clip.h"
#include "sight-event-reader.h"

#include <stdlib.h>

#define CLIPS 21
#define LENGTH_MS 30000

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

static int by_value(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void print_row(const char *what, const char *unit, double *values, guint n) {
  qsort(values, n, sizeof *values, by_value);
  g_print("  %-6s median %8.1f %s, largest %8.1f %s\n", what, values[n / 2], unit, values[n - 1], unit);
}

static void cut(SightTrack *track, SightClipForm form, const char *name) {
  const SightClipAbout about = {.name = "Thirty seconds", .note = "What there is to see"};
  gint64 first_ms = sight_track_first_page_ms(track);
  gint64 room_ms = MAX(sight_track_last_ms(track) - first_ms - LENGTH_MS, 0);
  double times_ms[CLIPS], sizes_kb[CLIPS];
  for (guint i = 0; i < CLIPS; i++) {
    gint64 from_ms = first_ms + room_ms * i / (CLIPS - 1), start_us = g_get_monotonic_time();
    const SightClipPart part = {track, from_ms, from_ms + LENGTH_MS};
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    if (!sight_clip_write(&part, 1, form, &about, NULL, out, &error))
      g_error("%s", error->message);
    times_ms[i] = (double)(g_get_monotonic_time() - start_us) / 1000;
    sizes_kb[i] = (double)out->len / 1000;
  }
  print_row(name, "ms", times_ms, CLIPS);
  print_row("", "KB", sizes_kb, CLIPS);
}

static void measure(const char *path) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(path);
  g_autoptr(SightTrack) track = sight_track_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_path_get_basename(path);
  if (!g_file_query_exists(file, NULL)) {
    g_print("%s is not here\n", name);
    return;
  }
  if (!sight_event_read_file(file, &sight_reader_default_limits, add, track, NULL, NULL, &error))
    g_error("%s: %s", path, error->message);
  sight_track_settle(track, NULL);
  g_print("%s: 30 s, %d times\n", name, CLIPS);
  cut(track, SIGHT_CLIP_HTML, "html");
  cut(track, SIGHT_CLIP_JSON, "json");
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    measure(argv[i]);
  return 0;
}
