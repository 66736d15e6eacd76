/* SPDX-License-Identifier: MIT */
/* Times as people write and read them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  SIGHT_UI_TIME_UNKNOWN, /* not a time */
  SIGHT_UI_TIME_BEYOND,  /* a time, but neither in the session nor of a clock while it went on */
  SIGHT_UI_TIME_OK,
} SightUiTimeResult;

/* Reads "90" (seconds), "1:30", "1:02:03", each with or without a fraction; a share like "50 %"; or, where that would
 * be beyond the end, a time of the clock in `zone` ("14:05", "14:05:10") on the day or days of the session. Gives the
 * time from the start of the session. */
SightUiTimeResult sight_ui_time_parse(const char *text, gint64 started_ms, gint64 duration_ms, GTimeZone *zone,
                                      gint64 *at_ms);

/* "1:02.345". The caller's. */
char *sight_ui_time_exact(gint64 at_ms);
/* Date and time of the clock here, so long after the start, to the millisecond, with its distance from UTC; “Unknown”
 * where the visitor's clock cannot be believed (sight_session_is_dated()). The caller's. */
char *sight_ui_time_clock(gint64 started_ms, gint64 received_ms, gint64 at_ms, GTimeZone *zone);

G_END_DECLS
