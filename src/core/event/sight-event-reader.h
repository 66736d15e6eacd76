/* SPDX-License-Identifier: MIT */
/* Reading a recording from a stream of bytes: finds the format, splits it into events without parsing the whole, and
 * hands each valid event on.
 *
 * Forms: an array of events, arrays of such arrays (segments), {"events":[…]}, PostHog's {"data":{"snapshots":[…]}},
 * and several of these one after the other; JSON Lines of events, of ["window",{event}], or of
 * {"windowId":…,"data":[…]}. Each plain, gzip or zstd, but compressed only once. A byte order mark is passed over;
 * UTF-16 is refused.
 *
 * What is wrong costs as little as it can without guessing:
 * - valid JSON that is no valid event (no type or time, a number beyond all limits, nested too deeply) costs that
 * event;
 * - a line of JSON Lines that is no JSON costs that line;
 * - a text that is no JSON (bytes that are not UTF-8, control characters in strings, a comma too few, something behind
 *   the end) is refused, with the place;
 * - a text or a compressed stream that ends in the middle counts up to there, and is reported as partial. */
#pragma once

#include "sight-event.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  guint64 max_bytes;       /* of the text, expanded, and of what packed events expand to, valid or not */
  guint64 max_event_bytes; /* of one event */
  guint64 max_events;
  guint64 max_event_values; /* 0: what the parser takes */
  gboolean refuse_large;    /* an event beyond a limit ends the reading; otherwise it costs that event */
} SightReaderLimits;

/* 4 GiB, 64 MiB, 50 million, and the parser's 4 million values. Memory follows the largest event: up to 5 times its
 * size, and 100 MB. */
extern const SightReaderLimits sight_reader_default_limits;

typedef struct {
  guint64 n_events;    /* handed on */
  guint64 n_rejected;  /* events that were left out */
  gboolean partial;    /* the text ended in the middle; what came before was handed on */
  guint64 n_bytes;     /* of the text that was read, expanded */
  char *first_reason;  /* why the first rejected event was, with its place ("event 17 at byte 4711: …"), or NULL */
  guint64 first_index; /* where there is a reason: which one it was, from 0 … */
  SightEventError first_code; /* … and what was wrong with it */
} SightReaderReport;

void sight_reader_report_clear(SightReaderReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightReaderReport, sight_reader_report_clear)

/* `window` is NULL where the format does not tell windows apart. Borrowed for the call. FALSE (with error) stops. */
typedef gboolean (*SightReaderFunc)(const SightEvent *event, const char *tainted_window, gpointer user_data,
                                    GError **error);

/* One thread at a time. Memory is bounded by the largest event, not by the recording. */
typedef struct SightEventReader SightEventReader;
SightEventReader *sight_event_reader_new(const SightReaderLimits *limits, SightReaderFunc func, gpointer user_data);
void sight_event_reader_free(SightEventReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightEventReader, sight_event_reader_free)

/* Bytes as they come, in pieces of any size. After FALSE nothing more may be pushed. */
gboolean sight_event_reader_push(SightEventReader *reader, const void *tainted_data, gsize bytes, GError **error);
/* What was read so far; borrowed. */
const SightReaderReport *sight_event_reader_report(const SightEventReader *reader);
/* The end. FALSE where there was not one event in it. The report tells what was left out, either way. */
gboolean sight_event_reader_finish(SightEventReader *reader, SightReaderReport *report, GError **error);

/* The whole of a buffer. Blocks. */
gboolean sight_event_read_bytes(const void *tainted_data, gsize bytes, const SightReaderLimits *limits,
                                SightReaderFunc func, gpointer user_data, SightReaderReport *report, GError **error);
/* A file, or a pipe that does not keep one waiting for ever; blocks, so it is for worker threads. */
gboolean sight_event_read_file(GFile *file, const SightReaderLimits *limits, SightReaderFunc func, gpointer user_data,
                               SightReaderReport *report, GCancellable *cancellable, GError **error);

G_END_DECLS
