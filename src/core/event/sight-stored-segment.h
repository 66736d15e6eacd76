/* SPDX-License-Identifier: MIT */
/* SightStoredSegment: a segment of a track as it is kept: what is cut (core/segment) and where it stands (core/store).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Events of one window with first_ms <= time <= last_ms in the batches first_seq … last_seq, in order of time and,
 * where that is equal, of their arrival in the batches: of those the first `skipped` belong to segments before, and
 * then n_events to this one. */
typedef struct {
  gint64 first_ms, last_ms; /* wall clock of the recording */
  gint64 first_seq, last_seq;
  guint skipped, n_events;
  gsize n_bytes;        /* of their JSON */
  gsize keyframe_bytes; /* of the keyframe's JSON; 0: it needs none */
  GBytes *tables;       /* zstd of JSON: what can be told without reading the events */
  GBytes *keyframe;     /* zstd of a JSON array of events; NULL: none, or it is read when it is needed */
} SightStoredSegment;

void sight_stored_segment_free(SightStoredSegment *segment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightStoredSegment, sight_stored_segment_free)

G_END_DECLS
