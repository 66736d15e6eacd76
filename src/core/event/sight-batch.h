/* SPDX-License-Identifier: MIT */
/* SightBatch: consecutive events of one window of one session, as they were received; the unit of storing and of sync.
 */
#pragma once

#include "sight-assets.h"
#include "sight-user.h"

G_BEGIN_DECLS

/* Borrows everything. */
typedef struct {
  const char *session;   /* valid id, see sight_id_is_valid() */
  const char *window;    /* valid id; one tab */
  gint64 seq;            /* 0, 1, 2 … within the window */
  gint64 sent_at_ms;     /* the visitor's clock */
  gint64 received_at_ms; /* ours, or the collector's */
  const char *events;    /* JSON text: an array of checked events */
  gsize events_bytes;
  guint n_events;
  gint64 first_ms, last_ms; /* smallest and greatest event time */
  gboolean is_lost;         /* to damage, where it came from: there are no events, and the rest is still known */
  const GPtrArray *users;   /* of char: whom the events name, see SightUsers; NULL: nobody */
  const GPtrArray *assets;  /* of char: hashes that the events tell, see SightAssets; NULL: none */
  gboolean errored;         /* an exception is among the events */
} SightBatch;

/* Collects events one by one into the JSON array of a batch; line ends between their tokens are left out, so the array
 * is one line. Zero-initialise; clear at the end. */
typedef struct {
  GString *json;
  guint n_events;
  gint64 first_ms, last_ms;
  SightUsers users;
  SightAssets assets;
  gboolean errored;
} SightBatchBuilder;

void sight_batch_builder_add(SightBatchBuilder *builder, const SightEvent *event);
/* Closes the array and points `batch`'s events, users and assets at what was collected, until the next add or clear. */
void sight_batch_builder_finish(SightBatchBuilder *builder, SightBatch *batch);
/* Begins the next batch, in the same memory. */
void sight_batch_builder_restart(SightBatchBuilder *builder);
void sight_batch_builder_clear(SightBatchBuilder *builder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightBatchBuilder, sight_batch_builder_clear)

G_END_DECLS
