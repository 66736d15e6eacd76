/* SPDX-License-Identifier: MIT */
/* The forms in which recordings come as files. Each form is a file of its own behind SightFormat; adding one is a line
 * in the list of sight-format.c. */
#pragma once

#include "sight-event-reader.h"

G_BEGIN_DECLS

/* `tainted_session` is NULL where the form does not tell sessions apart, `tainted_window` where it does not tell
 * windows apart. Events of one session come one after the other. Borrowed for the call. FALSE (with error) stops. */
typedef gboolean (*SightFormatFunc)(const SightEvent *event, const char *tainted_session, const char *tainted_window,
                                    gpointer user_data, GError **error);

/* Reads a whole file, plain or compressed by gzip or zstd, in whichever form it is. Times in seconds, microseconds and
 * nanoseconds become milliseconds; fields that PostHog compressed (`cv`) are expanded. Blocks. The report (may be NULL)
 * tells what was left out. Where no form fits, the error says what was looked for and what was found. */
gboolean sight_format_read_bytes(GBytes *tainted_content, SightFormatFunc func, gpointer user_data,
                                 SightReaderReport *report, GError **error);
/* The same of a file, of which the usual forms are read in pieces. */
gboolean sight_format_read_file(GFile *file, SightFormatFunc func, gpointer user_data, SightReaderReport *report,
                                GCancellable *cancellable, GError **error);

G_END_DECLS
