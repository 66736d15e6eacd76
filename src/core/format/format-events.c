/* SPDX-License-Identifier: MIT */
/* The usual forms: arrays of events, JSON Lines of events. */
#include "sight-format-private.h"

#include <glib/gi18n-lib.h>

static SightCertainty looks_so(const char *tainted_head, gsize bytes) {
  return SIGHT_CERTAINTY_MAYBE;
}

static gboolean read_events(GBytes *tainted_content, SightFormatSink *sink, SightReaderReport *report, GError **error) {
  gsize bytes;
  const void *data = g_bytes_get_data(tainted_content, &bytes);
  return sight_event_read_bytes(data, bytes, NULL, sight_format_sink_take, sink, report, error);
}

const SightFormat sight_format_events = {N_("rrweb events (an array or JSON Lines)"), looks_so, read_events};
