/* SPDX-License-Identifier: MIT */
/* Movement: how long the pointer was over the elements of a page, read from the recordings of some sessions. The index
 * does not hold it: each session has thousands of positions. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* A position tells where the pointer was until the next one, at most for so long: a mouse that is left lying says
 * nothing. */
#define SIGHT_MOVEMENT_MOST_MS 2000
/* Of a finger the next position has to come within this time: it is lifted, and then it is nowhere. */
#define SIGHT_MOVEMENT_FINGER_MS 500
/* A browser tells a tap as a mouse that moves, too, so long after it at most: that is none. */
#define SIGHT_MOVEMENT_TAP_MS 500
/* Of so many sessions, the newest ones, it is read unless somebody asks for more. */
#define SIGHT_MOVEMENT_SESSIONS 200

/* Owns its strings. The element is the one that a click there would be told of. */
typedef struct {
  char *selector, *label; /* as the recording had them; the label may be "" */
  gint64 ms;              /* that the pointer was over it */
  gint64 n_sessions;
  /* Where it was over it longest without leaving: the session, the moment from its start, and for how long. */
  char *session;
  gint64 row, at_ms, longest_ms;
} SightMovedElement;

typedef struct {
  char *page;
  guint n_sessions;    /* whose recordings were read */
  guint n_missing;     /* whose recordings are not here (any more) */
  gint64 n_views;      /* of the page in those that were read */
  gint64 ms;           /* that the pointer was over elements of it */
  GPtrArray *elements; /* of SightMovedElement, that with the longest time first */
} SightMovement;
void sight_movement_free(SightMovement *movement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightMovement, sight_movement_free)

/* On one page (its template), in sessions of these rows (gint64), one after the other. Of a session at most 1000
 * elements are told apart, of all 20,000; of others the time alone counts. `progress` (may be NULL) is called on this
 * thread before each session. Blocks for as long as reading takes: on a worker, outside of sight_store_read(). Where it
 * is cancelled: what was read until then, whole sessions. The caller's; NULL with error. */
typedef void (*SightMovementProgress)(guint n_done, guint n_total, gpointer user_data);
SightMovement *sight_movement_read(SightStore *store, const char *page, const GArray *rows,
                                   SightMovementProgress progress, gpointer user_data, GCancellable *cancellable,
                                   GError **error);

G_END_DECLS
