/* SPDX-License-Identifier: MIT */
/* The engine: parse, page and keyframes of a recording beside simdjson's bare parse of the same bytes in the same run;
 * and what a seek costs natively: the page at a time, the difference to it, and its size. */
#include "bare-parse.h"
#include "sight-dom-difference.h"
#include "sight-event-reader.h"
#include "sight-track.h"

#include <stdlib.h>

#define ROUNDS 3
#define SEEKS 41

static gboolean keep(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  GString *text = user_data;
  g_string_append_c(text, text->len == 0 ? '[' : ',');
  g_string_append_len(text, event->text, (gssize)event->text_bytes);
  return TRUE;
}

static gboolean add(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  sight_track_add(user_data, event);
  return TRUE;
}

static SightTrack *read_track(const GString *text) {
  g_autoptr(SightTrack) track = sight_track_new();
  g_autoptr(GError) error = NULL;
  if (!sight_event_read_bytes(text->str, text->len, &sight_reader_default_limits, add, track, NULL, &error))
    g_error("%s", error->message);
  sight_track_settle(track, NULL);
  return g_steal_pointer(&track);
}

static int by_value(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void print_times(const char *what, double *ms, guint n) {
  qsort(ms, n, sizeof *ms, by_value);
  g_print("  %-28s median %6.2f ms, worst %6.2f ms\n", what, ms[n / 2], ms[n - 1]);
}

/* Back and forth over the whole: what is on display is always the page of the seek before. */
static void seek_all(SightTrack *track) {
  g_autoptr(SightCursor) shown = sight_cursor_new(track);
  g_autoptr(SightCursor) wanted = sight_cursor_new(track);
  double page_ms[SEEKS], difference_ms[SEEKS], all_ms[SEEKS];
  guint n = 0, rebuilds = 0;
  gsize bytes = 0;
  gint64 first_ms = sight_track_first_page_ms(track) + 1, length = sight_track_last_ms(track) - first_ms;
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  if (!sight_cursor_seek(shown, first_ms, NULL))
    g_error("the beginning cannot be read");
  for (guint i = 0; i < SEEKS; i++) {
    gint64 at_ms = first_ms + (gint64)(g_rand_double(rand) * (double)length), start_us = g_get_monotonic_time();
    if (!sight_cursor_seek(wanted, at_ms, NULL))
      g_error("a segment cannot be read");
    gint64 there_us = g_get_monotonic_time();
    g_string_truncate(out, 0);
    if (!sight_dom_difference(sight_cursor_page(shown), sight_cursor_page(wanted), at_ms, out, NULL, NULL)) {
      rebuilds++;
      sight_dom_write_events(sight_cursor_page(wanted), at_ms, out);
    }
    gint64 end_us = g_get_monotonic_time();
    page_ms[n] = (double)(there_us - start_us) / 1000;
    difference_ms[n] = (double)(end_us - there_us) / 1000;
    all_ms[n++] = (double)(end_us - start_us) / 1000;
    bytes += out->len;
    SightCursor *other = shown;
    shown = wanted;
    wanted = other;
  }
  print_times("page at any time", page_ms, n);
  print_times("difference and writing it", difference_ms, n);
  print_times("both", all_ms, n);
  g_print("  %u of %u by building anew; %.0f KB on average\n", rebuilds, n, (double)bytes / n / 1000);
}

static void measure(const char *path) {
  g_autoptr(GFile) file = g_file_new_for_commandline_arg(path);
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_path_get_basename(path);
  if (!g_file_query_exists(file, NULL)) {
    g_print("%s is not here\n", name);
    return;
  }
  if (!sight_event_read_file(file, &sight_reader_default_limits, keep, text, NULL, NULL, &error))
    g_error("%s: %s", path, error->message);
  g_string_append_c(text, ']');
  double engine_s = G_MAXDOUBLE;
  for (int round = 0; round < ROUNDS; round++) {
    gint64 start_us = g_get_monotonic_time();
    g_autoptr(SightTrack) track = read_track(text);
    engine_s = MIN(engine_s, (double)(g_get_monotonic_time() - start_us) / 1e6);
  }
  double bare_s = bare_parse(text->str, text->len, ROUNDS), megabytes = (double)text->len / 1e6;
  g_autoptr(SightTrack) track = read_track(text);
  g_print("%s: %.1f MB, engine %.0f MB/s, bare parse %.0f MB/s: 1/%.1f; %u segments, %.1f MB kept\n", name, megabytes,
          megabytes / engine_s, megabytes / bare_s, engine_s / bare_s, sight_track_n_segments(track),
          (double)sight_track_bytes(track) / 1e6);
  seek_all(track);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    measure(argv[i]);
  return 0;
}
