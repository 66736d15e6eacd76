/* SPDX-License-Identifier: MIT */
/* What cutting and reading of a track share. */
#pragma once

#include "sight-track.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where an event is in the text of its segment. */
typedef struct {
  gint64 time_ms;
  guint32 start, bytes;
} SightEntry;

typedef struct {
  GBytes *events;   /* zstd of the JSON texts, one after the other; NULL while the segment is open */
  GBytes *keyframe; /* zstd of the events that make the page before it; NULL where it needs none */
  gsize events_bytes, keyframe_bytes;
  GArray *entries; /* of SightEntry, in order of time */
} SightSegment;

struct SightTrack {
  GPtrArray *segments; /* of SightSegment; the last one may be open */
  GString *open;       /* the text of the open segment */
  SightDom *page;      /* after the last event that was added in order */
  GArray *changes;     /* gint64 */
  GArray *active;      /* of SightStretch: activity, those near each other in one */
  GArray *jumps;       /* of SightStretch */
  GHashTable *playing;
  gsize cut_bytes, cut_min_bytes;
  guint mutations; /* in the open segment */
  guint64 n_events;
  gint64 first_ms, last_ms, first_page_ms;
  gboolean has_page, unsorted, after_meta;
  guint generation; /* how often all was cut anew */
  gatomicrefcount ref_count;
};

/* The text of a segment. The caller owns it. */
GBytes *sight_segment_read(const SightTrack *track, const SightSegment *segment, GError **error);

G_END_DECLS
