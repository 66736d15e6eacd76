/* SPDX-License-Identifier: MIT */
/* Recordings: however a text is cut into pieces, the same comes out; and what comes out is JSON. */
#include "sight-event-reader.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static const SightReaderLimits limits = {.max_bytes = 1024 * 1024, .max_event_bytes = 4096, .max_events = 1000};

typedef struct {
  GString *log;
  SightJsonParser *strict;
} Reading;

static gboolean note(const SightEvent *event, const char *tainted_window, gpointer user_data, GError **error) {
  Reading *reading = user_data;
  SightJson root;
  g_assert_true(sight_json_parser_parse(reading->strict, event->text, event->text_bytes, &root, NULL));
  g_assert_cmpint(event->time_ms, >=, 0);
  g_string_append_printf(reading->log, "%d %d %" G_GINT64_FORMAT " %s %.*s\n", event->type, event->source,
                         event->time_ms, tainted_window != NULL ? tainted_window : "-", (int)event->text_bytes,
                         event->text);
  return TRUE;
}

static GString *read_in_pieces(const guint8 *data, gsize bytes, gsize piece) {
  g_autoptr(SightJsonParser) strict = sight_json_parser_new(SIGHT_JSON_DEFAULT_DEPTH);
  Reading reading = {g_string_new(NULL), strict};
  g_autoptr(SightEventReader) reader = sight_event_reader_new(&limits, note, &reading);
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) error = NULL;
  gboolean ok = TRUE;
  for (gsize at = 0; ok && at < bytes; at += piece) {
    gsize some = MIN(piece, bytes - at);
    g_autofree guint8 *copy = g_memdup2(data + at, some);
    ok = sight_event_reader_push(reader, copy, some, &error);
  }
  ok = ok && sight_event_reader_finish(reader, &report, &error);
  g_assert_true(ok == (error == NULL));
  g_string_append_printf(reading.log, "%d %d %d %s %s", ok, (int)report.n_rejected, report.partial,
                         report.first_reason != NULL ? report.first_reason : "-", ok ? "-" : error->message);
  return reading.log;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  if (bytes < 1 || bytes > 16384)
    return 0;
  gsize piece = data[0] % 80 + 1;
  g_autoptr(GString) whole = read_in_pieces(data + 1, bytes - 1, bytes);
  g_autoptr(GString) pieces = read_in_pieces(data + 1, bytes - 1, piece);
  /* Damage in a compressed stream is found when its step is expanded: what was handed on before is left open. */
  gboolean is_damaged = g_str_has_suffix(whole->str, " damaged") || g_str_has_suffix(pieces->str, " damaged");
  if (!is_damaged && !g_string_equal(whole, pieces))
    g_error("whole:\n%s\nin pieces of %d:\n%s", whole->str, (int)piece, pieces->str);
  return 0;
}
