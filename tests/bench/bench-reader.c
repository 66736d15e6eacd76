/* SPDX-License-Identifier: MIT */
/* How fast recordings are read, beside simdjson's bare parse of the same bytes in the same run. */
#include "sight-event-reader.h"

#include <string.h>

#define ROUNDS 5

typedef struct {
  GString *text; /* an array of events */
  gint64 last_ms;
} Recording;

static gboolean keep(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Recording *recording = user_data;
  g_string_append_c(recording->text, recording->text->len == 0 ? '[' : ',');
  g_string_append_len(recording->text, event->text, (gssize)event->text_bytes);
  return TRUE;
}

static gboolean look(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  ((Recording *)user_data)->last_ms = event->time_ms;
  return TRUE;
}

static gint64 time_reader(Recording *recording, SightReaderReport *report) {
  gint64 start = g_get_monotonic_time();
  g_autoptr(GError) error = NULL;
  if (!sight_event_read_bytes(recording->text->str, recording->text->len, NULL, look, recording, report, &error))
    g_error("%s", error->message);
  return g_get_monotonic_time() - start;
}

static gint64 time_bare(SightJsonParser *parser, const Recording *recording) {
  gint64 start = g_get_monotonic_time();
  SightJson root;
  if (!sight_json_parser_parse_padded(parser, recording->text->str, recording->text->len, &root, NULL))
    g_error("it cannot be parsed as a whole");
  return g_get_monotonic_time() - start;
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    g_autoptr(GFile) file = g_file_new_for_commandline_arg(argv[i]);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    Recording recording = {.text = text};
    SightReaderReport report = {0};
    if (!sight_event_read_file(file, NULL, keep, &recording, &report, NULL, &error))
      g_error("%s: %s", argv[i], error->message);
    g_string_append_c(text, ']');
    g_string_set_size(text, text->len + SIGHT_JSON_PADDING);
    g_string_truncate(text, text->len - SIGHT_JSON_PADDING);
    g_autoptr(SightJsonParser) parser = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
    gint64 reader_us = G_MAXINT64, bare_us = G_MAXINT64;
    for (int round = 0; round < ROUNDS; round++) {
      sight_reader_report_clear(&report);
      reader_us = MIN(reader_us, time_reader(&recording, &report));
      bare_us = MIN(bare_us, time_bare(parser, &recording));
    }
    g_print("%s: %.1f MB, %" G_GUINT64_FORMAT " events; reader %.0f MB/s, bare parse %.0f MB/s, ratio %.2f\n", argv[i],
            (double)text->len / 1e6, report.n_events, (double)text->len / (double)reader_us,
            (double)text->len / (double)bare_us, (double)bare_us / (double)reader_us);
    sight_reader_report_clear(&report);
  }
  return 0;
}
