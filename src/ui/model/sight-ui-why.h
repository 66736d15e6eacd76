/* SPDX-License-Identifier: MIT */
/* Why a session answers a filter, or does not: each of its conditions, whether it is met, and where. */
#pragma once

#include "sight-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  char *condition; /* the part of the filter, as a filter; NULL: the endpoint that is looked at */
  char *phrase;    /* the same in words, where it is no condition; else NULL */
  char *says;      /* where it is met, or what keeps the session out */
  gint64 at_ms;    /* the first moment that meets it; -1: it is said of the whole session, or not met */
  gboolean met;
} SightUiWhyPart;

typedef struct {
  gboolean matches;
  GPtrArray *parts; /* of SightUiWhyPart, as they stand in the filter */
} SightUiWhy;
void sight_ui_why_free(SightUiWhy *why);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiWhy, sight_ui_why_free)

/* Asks on a worker; endpoint 0: all. The text may be no filter: that is the error then. */
void sight_ui_why_read_async(SightStore *store, gint64 row, const char *filter, gint64 endpoint,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SightUiWhy *sight_ui_why_read_finish(GAsyncResult *result, GError **error);

G_END_DECLS
