/* SPDX-License-Identifier: MIT */
/* How fast a recording is analysed, as a share of simdjson's bare parse of the same bytes in the same run. */
#include "bare-parse.h"
#include "sight-compress.h"
#include "sight-event-order.h"
#include "sight-summary.h"
#include "sight-track.h"
#include "sight-window-pass.h"

#define ROUNDS 3

static void nothing(gpointer data) {
}

typedef struct {
  SightTrack *track;
  SightWindowPass *pass;
} Pass;

static gboolean on_event(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  const Pass *pass = user_data;
  sight_track_add(pass->track, event);
  sight_window_pass_event(pass->pass, event, at_ms);
  return TRUE;
}

static gboolean only_read(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  *(guint64 *)user_data += 1;
  return TRUE;
}

static gboolean only_dom(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error) {
  sight_dom_apply(user_data, event);
  return TRUE;
}

static double push(SightEventOrderFunc func, gpointer data, const char *text, gsize bytes) {
  g_autoptr(GError) error = NULL;
  g_autoptr(SightEventOrder) order = sight_event_order_new(func, data, NULL);
  double begin = cpu_seconds();
  if (!sight_event_order_push(order, text, bytes, &error))
    g_error("%s", error->message);
  return cpu_seconds() - begin;
}

/* Reading, page, segments and detectors; the parts that putting together adds are the same for any length. */
static double analyse(const char *text, gsize bytes, guint *n_signals) {
  g_autoptr(SightRuleset) rules = sight_ruleset_new_default();
  SightAnalysis analysis = {.signals = g_ptr_array_new_with_free_func((GDestroyNotify)sight_signal_free),
                            .pages = g_ptr_array_new_with_free_func(nothing),
                            .story = g_ptr_array_new_with_free_func(nothing),
                            .console = g_ptr_array_new_with_free_func(nothing),
                            .requests = g_ptr_array_new_with_free_func(nothing),
                            .occurrences = sight_occurrences_new()};
  g_autoptr(SightFindings) findings = sight_findings_new(rules, &analysis);
  g_autoptr(SightWindowPass) pass = sight_window_pass_new(findings, "w");
  SightTrackSource nowhere = {0};
  g_autoptr(SightTrack) track = sight_track_new_cut(&nowhere);
  Pass both = {track, pass};
  double begin = cpu_seconds();
  push(on_event, &both, text, bytes);
  sight_window_pass_finish(pass);
  g_autoptr(GPtrArray) segments = sight_track_take_segments(track);
  double took = cpu_seconds() - begin;
  *n_signals = analysis.signals->len;
  g_ptr_array_unref(analysis.signals);
  return took;
}

static void measure(const char *path) {
  g_autoptr(GError) error = NULL;
  g_autofree char *packed = NULL;
  g_autofree char *name = g_path_get_basename(path);
  gsize packed_bytes = 0;
  guint n_signals = 0;
  guint64 n_events = 0;
  if (!g_file_get_contents(path, &packed, &packed_bytes, &error))
    g_error("%s", error->message);
  g_autoptr(GBytes) text = sight_codec_guess(packed, packed_bytes) == SIGHT_CODEC_ZSTD
                               ? sight_zstd_expand(packed, packed_bytes, 1u << 30, &error)
                               : g_bytes_new(packed, packed_bytes);
  if (text == NULL)
    g_error("%s: %s", path, error->message);
  gsize bytes = 0;
  const char *json = g_bytes_get_data(text, &bytes);
  double bare = bare_parse(json, bytes, ROUNDS), read = G_MAXDOUBLE, dom = G_MAXDOUBLE, full = G_MAXDOUBLE;
  for (int i = 0; i < ROUNDS; i++) {
    g_autoptr(SightDom) page = sight_dom_new();
    n_events = 0;
    double took = push(only_read, &n_events, json, bytes);
    read = MIN(read, took);
    took = push(only_dom, page, json, bytes);
    dom = MIN(dom, took);
    took = analyse(json, bytes, &n_signals);
    full = MIN(full, took);
  }
  double mb = (double)bytes / 1e6;
  g_print("%-28s %6.1f %8" G_GUINT64_FORMAT " %7u %9.0f %9.0f %9.0f %9.0f   1/%.1f\n", name, mb, n_events, n_signals,
          mb / bare, mb / read, mb / dom, mb / full, full / bare);
}

int main(int argc, char *argv[]) {
  g_print("%-28s %6s %8s %7s %9s %9s %9s %9s   %s\n", "MB/s", "MB", "events", "signals", "simdjson", "read", "and DOM",
          "analysis", "of simdjson");
  for (int i = 1; i < argc; i++)
    measure(argv[i]);
  return 0;
}
