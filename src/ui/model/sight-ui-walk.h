/* SPDX-License-Identifier: MIT */
/* SightUiWalk: the moments of the filter in the order in which J goes through them: session by session as they are
 * listed. */
#pragma once

#include "sight-ui-library.h"

G_BEGIN_DECLS

/* So many sessions are looked through; of more the number of moments is said to be a lower bound. */
#define SIGHT_UI_WALK_SESSIONS 2000

#define SIGHT_UI_TYPE_WALK (sight_ui_walk_get_type())
/* Main thread only; reads on workers, after the list is there. Signal "changed". */
G_DECLARE_FINAL_TYPE(SightUiWalk, sight_ui_walk, SIGHT_UI, WALK, GObject)

SightUiWalk *sight_ui_walk_new(SightUiLibrary *library, SightStore *store);
/* How many moments are known. */
guint sight_ui_walk_get_n(SightUiWalk *self);
/* Whether these are all. */
gboolean sight_ui_walk_is_whole(SightUiWalk *self);
/* The place of a moment, from 0; -1: it is none that is known. */
int sight_ui_walk_find(SightUiWalk *self, gint64 row, gint64 at_ms);
/* The session of the first moment behind that one that is in another session; 0: none is known. */
gint64 sight_ui_walk_next_session(SightUiWalk *self, gint64 row, gint64 at_ms);

G_END_DECLS
