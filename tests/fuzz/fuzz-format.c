/* SPDX-License-Identifier: MIT */
/* Files in any form: what is handed on is always an event that stands by itself, and a refusal says why. */
#include "sight-format.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes);

static gboolean check(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                      gpointer user_data, GError **error) {
  g_autoptr(SightEventParser) parser = sight_event_parser_new();
  SightEvent again;
  g_assert_true(sight_event_parser_parse(parser, event->text, event->text_bytes, &again, NULL));
  g_assert_cmpint(again.time_ms, ==, event->time_ms);
  (*(guint *)user_data)++;
  return TRUE;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize bytes) {
  g_autoptr(GBytes) content = g_bytes_new(data, bytes);
  g_auto(SightReaderReport) report = {0};
  g_autoptr(GError) error = NULL;
  guint n = 0;
  gboolean ok = sight_format_read_bytes(content, check, &n, &report, &error);
  g_assert_true(ok == (error == NULL));
  g_assert_true(!ok || n > 0);
  return 0;
}
