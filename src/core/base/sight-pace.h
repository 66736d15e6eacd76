/* SPDX-License-Identifier: MIT */
/* SightPace: how often somebody may be asked, as budgets ("60 a minute and 300 an hour"), and how long a number of
 * requests will take under them. It keeps no clock: times are milliseconds of one that only goes forward. One thread.
 */
#pragma once

#include "sight-json.h"

G_BEGIN_DECLS

typedef struct {
  guint n;   /* requests … */
  gint64 ms; /* … in each stretch of this length */
} SightPaceLimit;

typedef struct SightPace SightPace;

/* `limits` from the shortest stretch to the longest, at least one. */
SightPace *sight_pace_new(const SightPaceLimit *limits, guint n_limits);
void sight_pace_free(SightPace *pace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightPace, sight_pace_free)

/* How long to wait before the next request. */
gint64 sight_pace_wait_ms(const SightPace *pace, gint64 now_ms);
/* One is being sent. */
void sight_pace_count(SightPace *pace, gint64 now_ms);
/* The one counted last was refused, and `after_ms` told when to come again: nothing is sent before that. Where that is
 * when a budget of what was let through so far would be free again, the limit is lowered to it, down to an eighth of
 * what it was made with. */
void sight_pace_refuse(SightPace *pace, gint64 now_ms, gint64 after_ms);
/* What was used and learned, for whoever goes on later: a value of JSON. `wall_ms` is what a clock on the wall says at
 * now_ms. */
void sight_pace_write(const SightPace *pace, gint64 now_ms, gint64 wall_ms, SightJsonWriter *w);
/* Goes on from what another one wrote. A lower limit that was learned holds for a day; what makes no sense is left out.
 */
void sight_pace_read(SightPace *pace, SightJson tainted_written, gint64 now_ms, gint64 wall_ms);
/* How long `n` more requests take, of which each takes `each_ms` by itself. */
gint64 sight_pace_forecast_ms(const SightPace *pace, gint64 now_ms, guint64 n, gint64 each_ms);

G_END_DECLS
