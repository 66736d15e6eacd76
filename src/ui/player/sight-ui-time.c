/* SPDX-License-Identifier: MIT */
/* Reading and writing times. */
#include "sight-ui-time.h"

#include "sight-session-table.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_PARTS 3
/* More than anybody can mean, and far from what overflows. */
#define MAX_NUMBER 1e9

/* What somebody wrote: up to three numbers between colons, the last one perhaps with a fraction. */
typedef struct {
  double parts[MAX_PARTS];
  int n_parts;
  gboolean percent;
} Written;

static gboolean read_number(const char **cursor, gboolean fraction, double *number) {
  const char *start = *cursor;
  if (!g_ascii_isdigit(*start))
    return FALSE;
  double value = 0.0, place = 1.0;
  for (; g_ascii_isdigit(**cursor); (*cursor)++)
    value = MIN(value * 10 + (**cursor - '0'), MAX_NUMBER);
  if (fraction && (**cursor == '.' || **cursor == ',') && g_ascii_isdigit((*cursor)[1]))
    for ((*cursor)++; g_ascii_isdigit(**cursor); (*cursor)++)
      value += (place /= 10) * (**cursor - '0');
  *number = value;
  return TRUE;
}

static gboolean read_written(const char *text, Written *written) {
  *written = (Written){0};
  while (written->n_parts < MAX_PARTS) {
    if (!read_number(&text, TRUE, &written->parts[written->n_parts]))
      return FALSE;
    written->n_parts++;
    if (*text != ':')
      break;
    text++;
  }
  while (*text == ' ')
    text++;
  if (*text == '%' && written->n_parts == 1) {
    written->percent = TRUE;
    text++;
  }
  for (int i = 1; i < written->n_parts; i++)
    if (written->parts[i] >= 60)
      return FALSE;
  return *text == '\0';
}

static double from_start(const Written *written) {
  double seconds = 0.0;
  for (int i = 0; i < written->n_parts; i++)
    seconds = seconds * 60 + written->parts[i];
  return seconds * 1000;
}

/* The first time at or after the start at which a clock shows it; -1: it shows no such time. */
static gint64 by_clock(const Written *written, gint64 started_ms, GTimeZone *zone) {
  if (written->n_parts < 2 || written->parts[0] > 23)
    return -1;
  g_autoptr(GDateTime) start_utc = g_date_time_new_from_unix_utc(started_ms / 1000);
  g_autoptr(GDateTime) start = start_utc ? g_date_time_to_timezone(start_utc, zone) : NULL;
  if (!start)
    return -1;
  double seconds = written->n_parts > 2 ? written->parts[2] : 0.0;
  g_autoptr(GDateTime) that_day =
      g_date_time_new(zone, g_date_time_get_year(start), g_date_time_get_month(start),
                      g_date_time_get_day_of_month(start), (int)written->parts[0], (int)written->parts[1], seconds);
  if (!that_day)
    return -1;
  g_autoptr(GDateTime) next_day = g_date_time_add_days(that_day, 1);
  gint64 wall_ms = g_date_time_to_unix(that_day) * 1000 + g_date_time_get_microsecond(that_day) / 1000;
  /* A second that had begun when the session did is the session's first. */
  if (wall_ms < started_ms - started_ms % 1000)
    wall_ms = g_date_time_to_unix(next_day) * 1000 + g_date_time_get_microsecond(next_day) / 1000;
  return MAX(wall_ms, started_ms);
}

SightUiTimeResult sight_ui_time_parse(const char *text, gint64 started_ms, gint64 duration_ms, GTimeZone *zone,
                                      gint64 *at_ms) {
  g_autofree char *stripped = g_strstrip(g_strdup(text));
  Written written;
  if (!read_written(stripped, &written))
    return SIGHT_UI_TIME_UNKNOWN;
  /* Whole milliseconds are compared: "4:29.123" as a double is a little more than it, and would be beyond the end. */
  gint64 time_ms =
      (gint64)((written.percent ? (double)duration_ms * written.parts[0] / 100 : from_start(&written)) + 0.5);
  if (time_ms <= duration_ms) {
    *at_ms = time_ms;
    return SIGHT_UI_TIME_OK;
  }
  gint64 wall_ms = written.percent ? -1 : by_clock(&written, started_ms, zone);
  if (wall_ms < 0 || wall_ms - started_ms > duration_ms)
    return SIGHT_UI_TIME_BEYOND;
  *at_ms = wall_ms - started_ms;
  return SIGHT_UI_TIME_OK;
}

char *sight_ui_time_exact(gint64 at_ms) {
  at_ms = MAX(at_ms, 0);
  gint64 hours = at_ms / 3600000;
  int minutes = (int)(at_ms / 60000 % 60), seconds = (int)(at_ms / 1000 % 60), rest = (int)(at_ms % 1000);
  if (hours > 0)
    return g_strdup_printf("%" G_GINT64_FORMAT ":%02d:%02d.%03d", hours, minutes, seconds, rest);
  return g_strdup_printf("%d:%02d.%03d", minutes, seconds, rest);
}

char *sight_ui_time_clock(gint64 started_ms, gint64 received_ms, gint64 at_ms, GTimeZone *zone) {
  if (!sight_session_is_dated(started_ms, received_ms))
    return g_strdup(_("Unknown"));
  gint64 wall_ms = started_ms + at_ms;
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(wall_ms / 1000);
  g_autoptr(GDateTime) time = utc ? g_date_time_to_timezone(utc, zone) : NULL;
  if (!time)
    return g_strdup("");
  g_autofree char *second = g_date_time_format(time, "%Y-%m-%d %H:%M:%S");
  g_autofree char *distance = g_date_time_format(time, "%:z");
  return g_strdup_printf("%s.%03d %s", second, (int)(wall_ms % 1000), distance);
}
