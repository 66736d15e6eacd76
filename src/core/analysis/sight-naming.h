/* SPDX-License-Identifier: MIT */
/* Naming the pages of analysed sessions anew after a change of page rules, from their stored addresses: no recording is
 * read again. */
#pragma once

#include "sight-ruleset.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Brings the pages of an endpoint's sessions up to the rules: templates of views and signals, entry and exit, friction,
 * key actions that are pages. Does nothing where that was done. Sessions of another rule set (`ruleset`: its id) are
 * left to their analysis. Blocks, in transactions of few sessions each; goes on where it was cut off. */
gboolean sight_naming_run(SightStore *store, gint64 endpoint, const SightRuleset *rules, const char *ruleset,
                          GCancellable *cancellable, GError **error);

/* What other page rules would do: a page today and what it would be. Owns its strings. */
typedef struct {
  char *from, *to;
  guint n_views;
  gboolean merges; /* another page of today would be `to`, too */
  gboolean splits; /* `from` would be several pages */
} SightNamingChange;
void sight_naming_change_free(SightNamingChange *change);

/* For an endpoint (0: all). GPtrArray of SightNamingChange, by `to` and `from`, the caller's; of what stays the same
 * there is nothing.
 * `*n_views`: how many views it was tried on, those of the newest sessions, at most SIGHT_NAMING_PREVIEW_VIEWS. */
#define SIGHT_NAMING_PREVIEW_VIEWS 50000
GPtrArray *sight_naming_preview(SightDb *db, gint64 endpoint, const GPtrArray *page_rules, guint *n_views,
                                GError **error);

G_END_DECLS
