/* SPDX-License-Identifier: MIT */
/* Values of the filter language: numbers, durations and times as text, both ways. Inside the query module only. */
#pragma once

#include "sight-filter.h"

G_BEGIN_DECLS

/* One value (nothing of "a,b") of a key; `text` is what was written, without its quotes and with
 * SIGHT_FILTER_ANY_RUN for "*". NULL where it is none: sight_filter_value_wants() tells what was expected. */
SightFilterValue *sight_filter_value_parse(const SightField *field, const char *text);
/* "a number such as 3, >3 or 2..5"; translated. */
const char *sight_filter_value_wants(const SightField *field);
/* Appends what gives this value again. */
void sight_filter_value_print(const SightField *field, const SightFilterValue *value, GString *out);

/* "90s", "1h30m", "1:48"; a number alone is seconds. FALSE where it is none. */
gboolean sight_filter_duration_parse(const char *text, double *ms);
void sight_filter_duration_print(double ms, GString *out);
/* When a written time begins and ends (exclusive), in ms since 1970: a day, a month, a minute; "7d" is the instant
 * seven days before `now_ms`. Local time. FALSE where it is none. */
gboolean sight_filter_time_parse(const char *text, gint64 now_ms, gint64 *from_ms, gint64 *to_ms);
/* Whether a written time counts back from now. */
gboolean sight_filter_time_is_ago(const char *text);

G_END_DECLS
