/* SPDX-License-Identifier: MIT */
/* What cutting and reading of a track share. */
#pragma once

#include "sight-track.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Nothing of a recording, compressed, expands to more. */
#define SIGHT_TRACK_MAX_EXPANDED (1024u * 1024 * 1024)
/* Of what is stored; what is only kept in memory is compressed as quickly as can be. */
#define SIGHT_TRACK_LEVEL 9
#define SIGHT_TRACK_FAST_LEVEL 1

/* Where an event is in a text. */
typedef struct {
  gint64 time_ms, seq;
  gsize start, bytes;
} SightEntry;

/* Texts of events, one after the other. Immutable; counted. */
typedef struct {
  gatomicrefcount ref_count;
  GBytes *text;
  GArray *entries; /* of SightEntry, in order of time */
} SightTexts;

SightTexts *sight_texts_ref(SightTexts *texts);
void sight_texts_unref(SightTexts *texts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightTexts, sight_texts_unref)
/* The first entry with time_ms >= at_ms. */
guint sight_texts_from(const SightTexts *texts, gint64 at_ms);

typedef struct {
  gint64 first_ms, last_ms, first_seq, last_seq;
  guint skipped, n_events;
  gsize n_bytes, keyframe_bytes;
  GBytes *events;   /* zstd of the texts; NULL while it is open, and where they come from the source */
  GArray *entries;  /* of SightEntry; NULL where they come from the source */
  GBytes *keyframe; /* zstd; NULL: none, or it comes from the source */
  guint changes, active, jumps, places; /* where its part of the track's tables begins */
} SightSegment;

#define SIGHT_TRACK_CACHED 3

struct SightTrack {
  gboolean has_source;
  SightTrackSource source;
  GPtrArray *segments; /* of SightSegment; the last one may be open */
  gboolean open;       /* it is */
  GString *text;       /* of the open segment, where there is no source */
  SightDom *page;      /* after the last event that was added in order; NULL where nothing can be added */
  gsize cut_bytes, cut_min_bytes, sort_bytes;
  guint64 n_too_late; /* that were left out of it */
  guint mutations;    /* in the open segment */
  guint at_last;      /* events at last_ms … */
  gint64 at_last_seq; /* … and the first batch that has one */
  gint64 seq;
  guint64 n_events;
  gint64 first_ms, last_ms, first_page_ms;
  gboolean has_page, unsorted, after_meta;
  guint generation; /* how often all was cut anew */

  /* What sight-track-tables.c keeps. */
  GArray *changes; /* gint64 */
  GArray *active;  /* of SightStretch: activity, those near each other in one */
  GArray *jumps;   /* of SightStretch */
  GArray *places;  /* of SightPlace; a size of 0: none was said so far */
  GHashTable *playing;

  /* Segments that were read last, shared by all cursors. */
  GMutex lock;
  struct {
    guint segment, generation;
    SightTexts *texts;
  } cached[SIGHT_TRACK_CACHED];
  guint cached_next;
  gatomicrefcount ref_count;
};

/* The texts of a segment; the caller's. Any thread. */
SightTexts *sight_segment_read(SightTrack *track, guint index, GError **error);
/* Adds all events of the source of a track that was reset, in order of time: each that comes no more than `sort_bytes`
 * of texts too late is put in its place, others are left out and counted. */
gboolean sight_track_sort_source(SightTrack *track, GError **error);
/* Adds one of them. */
void sight_track_add_sorted(SightTrack *track, const SightEvent *event);
/* JSON of the keyframe, the caller's; NULL without error where there is none. */
GBytes *sight_segment_keyframe(SightTrack *track, guint index, GError **error);
void sight_track_clear_cache(SightTrack *track);

/* sight-track-tables.c */
void sight_track_tables_init(SightTrack *track);
void sight_track_tables_clear(SightTrack *track);
void sight_track_tables_reset(SightTrack *track);
gboolean sight_track_is_page(const SightEvent *event);
/* Before the event is counted. */
void sight_track_tables_note(SightTrack *track, const SightEvent *event);
GBytes *sight_track_tables_pack(const SightTrack *track, guint segment);
/* Appends what was packed of the next segment. FALSE where it is damaged. */
gboolean sight_track_tables_unpack(SightTrack *track, gint64 first_ms, GBytes *packed);

G_END_DECLS
