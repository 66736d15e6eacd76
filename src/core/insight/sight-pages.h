/* SPDX-License-Identifier: MIT */
/* Pages: how often some sessions viewed each, for how long, and what went wrong there. */
#pragma once

#include "sight-set.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Owns its string. */
typedef struct {
  char *page;
  gint64 n_visits;   /* views */
  gint64 n_sessions; /* that viewed it */
  gint64 n_entries, n_exits;
  gint64 n_signals;  /* there; noise is none */
  gint64 median_ms;  /* of the time of a view; of an even number of views the lower one of the middle two */
  gint64 n_measured; /* views of which the height of the page is known */
  int depth[3];      /* of those: how much of it came into view, in thousandths: lower quartile, median, upper one */
} SightPageUse;

/* Of a set of sessions, the most viewed first. GPtrArray of SightPageUse, the caller's. Inside sight_store_read(), on a
 * worker: it reads the views and signals of each session. */
GPtrArray *sight_pages_list(SightDb *db, const SightSet *sessions, GCancellable *cancellable, GError **error);

G_END_DECLS
