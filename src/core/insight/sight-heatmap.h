/* SPDX-License-Identifier: MIT */
/* Heatmaps: where sessions clicked on a page, by element, and how far down it they looked. */
#pragma once

#include "sight-set.h"
#include "sight-store.h"
#include "sight-usage.h"

G_BEGIN_DECLS

/* Where in an element, in thousandths of its box. */
typedef struct {
  guint16 x, y;
  gboolean dead;
} SightHeatPlace;

/* Owns its strings and its array. */
typedef struct {
  char *selector, *label; /* as the recording had them; "" where they are not known */
  char *filter;           /* picks the sessions that clicked it there */
  gint64 n_clicks, n_sessions;
  gint64 n_dead;  /* clicks that nothing answered */
  GArray *places; /* of SightHeatPlace, of those clicks of which it is known; the others count for the middle */
} SightHeatElement;

typedef struct {
  char *page;
  gint64 n_sessions, n_views, n_clicks, n_dead;
  gint64 n_placed;     /* clicks of which the place in the element is known */
  GPtrArray *elements; /* of SightHeatElement, the most clicked first */

  /* How far down. Of the views of which the height of the page is known (`n_measured`): how many reached the end of
   * each twentieth of it, how long the middle of each was in view, and the median share that was in view before anybody
   * scrolled (in thousandths: the fold). */
  gint64 n_measured;
  gint64 n_reached[SIGHT_USAGE_BANDS];
  gint64 attention_ms[SIGHT_USAGE_BANDS];
  int fold;
} SightHeatmap;
void sight_heatmap_free(SightHeatmap *heatmap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightHeatmap, sight_heatmap_free)

/* Of one page (its template) in a set of sessions; of a session at most 1000 elements are told apart. Inside
 * sight_store_read(), on a worker. The caller's; NULL with error. */
SightHeatmap *sight_heatmap_make(SightDb *db, const SightSet *sessions, const char *page, GCancellable *cancellable,
                                 GError **error);
/* Rows of the sessions under a filter (NULL or "": all) of an endpoint (0: all) that viewed the page, the newest first,
 * at most `limit` of them (0: all): those whose recordings are to be read. GArray of gint64, the caller's. */
GArray *sight_heatmap_newest(SightDb *db, const char *filter, gint64 endpoint, const char *page, guint limit,
                             GError **error);

G_END_DECLS
