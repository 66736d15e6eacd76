/* SPDX-License-Identifier: MIT */
/* What the forms share. Inside of this module only. */
#pragma once

#include "sight-format.h"

G_BEGIN_DECLS

/* Where events go: made plain, checked, and handed on. One thread. */
typedef struct {
  SightFormatFunc func;
  gpointer user_data;
  SightEventParser *parser;
  SightJsonParser *json;
  GString *plain;                          /* of the event at hand, where it had to be written anew */
  guint64 n_expanded_bytes, n_event_bytes; /* of compressed fields: of all events, of the one at hand */
  gboolean is_begun;                       /* something was handed on */
} SightFormatSink;

void sight_format_sink_init(SightFormatSink *sink, SightFormatFunc func, gpointer user_data);
void sight_format_sink_clear(SightFormatSink *sink);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightFormatSink, sight_format_sink_clear)

/* An event that was read. FALSE with error where what it is handed to stops. */
gboolean sight_format_sink_add(SightFormatSink *sink, const SightEvent *event, const char *tainted_session,
                               const char *tainted_window, GError **error);
/* For sight_event_read_…(): hands on to the sink that `user_data` is. Fails with SIGHT_EVENT_ERROR_NOT_EVENTS where the
 * first event is a row of a table with its data as text. */
gboolean sight_format_sink_take(const SightEvent *event, const char *tainted_window, gpointer user_data,
                                GError **error);
/* Milliseconds of a time in seconds, milliseconds, microseconds or nanoseconds since 1970, told by its size: a number,
 * one written as a string, or a date of ISO 8601. Negative where it is none. */
double sight_format_time_ms(SightJson value);

typedef enum {
  SIGHT_CERTAINTY_NONE,
  SIGHT_CERTAINTY_MAYBE,
  SIGHT_CERTAINTY_SURE, /* no other form is tried */
} SightCertainty;

/* One form. */
typedef struct {
  const char *title; /* for people, as what was looked for */
  SightCertainty (*looks_so)(const char *tainted_head, gsize bytes);
  /* FALSE with SIGHT_EVENT_ERROR_NOT_EVENTS, EMPTY or SYNTAX and nothing handed on where it is not of this form. */
  gboolean (*read)(GBytes *tainted_content, SightFormatSink *sink, SightReaderReport *report, GError **error);
} SightFormat;

extern const SightFormat sight_format_events; /* format-events.c: rrweb events, in arrays and lines */
extern const SightFormat sight_format_export; /* format-export.c: the zip of a recording from PostHog's support */
extern const SightFormat sight_format_rows; /* format-rows.c: rows, texts and containers with events somewhere inside */

G_END_DECLS
