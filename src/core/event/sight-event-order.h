/* SPDX-License-Identifier: MIT */
/* SightEventOrder: hands the events of one window on in the order of time, whatever the order they were stored in. */
#pragma once

#include "sight-event.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* `at_ms`: wall clock, never falling. Borrowed for the call. FALSE (with error) stops. */
typedef gboolean (*SightEventOrderFunc)(const SightEvent *event, gint64 at_ms, gpointer user_data, GError **error);

/* One window, one thread. */
typedef struct SightEventOrder SightEventOrder;
SightEventOrder *sight_event_order_new(SightEventOrderFunc func, gpointer user_data, GCancellable *cancellable);
void sight_event_order_free(SightEventOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightEventOrder, sight_event_order_free)

/* The next batch: a JSON array of events. Within a batch they are sorted stably by time. A clock that jumps back (from
 * one batch to the next, or by more than a minute within one) does not reorder: the sequence is right then and the
 * clock is wrong, so time stands still until the clock has caught up. */
gboolean sight_event_order_push(SightEventOrder *order, const char *tainted_json, gsize bytes, GError **error);
/* Events that could not be read so far. */
guint64 sight_event_order_n_rejected(const SightEventOrder *order);

G_END_DECLS
