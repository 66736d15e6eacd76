/* SPDX-License-Identifier: MIT */
/* What a heatmap is made of: the clicks of many sessions on a page, and one of them that shows how the page looked.
 * Without widgets. */
#pragma once

#include "sight-heatmap.h"
#include "sight-movement.h"
#include "sight-ui-explore-ask.h"
#include "sight-ui-reel.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  SightHeatmap *heatmap;
  GPtrArray *pages; /* of char: those of the sessions, the most viewed first */
  guint n_examples; /* sessions that may show the page */

  /* How it looked; reel NULL: `problem` says why not. */
  SightUiReel *reel;
  gint64 row, moment_ms; /* the session that shows it, and the moment (from its start) */
  guint window;
  gint64 at_ms; /* wall clock */
  char *who;    /* whose session that is */
  char *problem;
} SightUiHeat;
void sight_ui_heat_free(SightUiHeat *heat);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiHeat, sight_ui_heat_free)

/* On a worker. Of the sessions under a filter of an endpoint (0: all); page NULL or one that nobody viewed: the most
 * viewed one. `state`: a selector of what is to stand on the page as it is shown, or "": any moment will do. `example`
 * counts through the sessions that may show it, the newest first. An answer without a heatmap:
 * nobody viewed any page. */
void sight_ui_heat_read_async(SightStore *store, const char *filter, gint64 endpoint, const char *page,
                              const char *state, guint example, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
SightUiHeat *sight_ui_heat_read_finish(GAsyncResult *result, GError **error);

/* Where the pointer was on a page, in the newest sessions under the filter, on a worker. Where it is cancelled: what
 * was read until then. */
void sight_ui_heat_move_async(SightStore *store, const char *filter, gint64 endpoint, const char *page,
                              SightUiExploreProgress *progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
SightMovement *sight_ui_heat_move_finish(GAsyncResult *result, GError **error);

G_END_DECLS
