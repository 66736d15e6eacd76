/* SPDX-License-Identifier: MIT */
/* The difference of two pages of one window: what to do to the one on display to make it the one that is wanted. The
 * form of the result is described in DIFFERENCE.md. */
#pragma once

#include "sight-dom.h"

G_BEGIN_DECLS

typedef struct {
  guint kept;    /* nodes that stay, by id */
  guint reused;  /* nodes that stay under a new id, by structure */
  guint added;   /* nodes made anew */
  guint removed; /* subtrees taken away */
  guint moved;   /* of those that stay: taken out and put in elsewhere */
} SightDifferenceStats;

/* Appends one JSON object to `out` and gives TRUE; or FALSE, leaving `out` as it was, where building the page anew from
 * sight_dom_write_events() is right, and `why` (may be NULL) says why, in a few words for logs. Takes time linear in
 * both pages. `time_ms` is what the events in it carry; `stats` may be NULL. */
gboolean sight_dom_difference(const SightDom *from, const SightDom *to, gint64 time_ms, GString *out,
                              SightDifferenceStats *stats, const char **why);

G_END_DECLS
