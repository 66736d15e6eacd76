/* SPDX-License-Identifier: MIT */
/* SightTrack: one window of a recording, cut into segments, each a keyframe and the events after it; readable at any
 * time at the cost of one segment. */
#pragma once

#include "sight-dom.h"
#include "sight-stored-segment.h"

G_BEGIN_DECLS

/* Raise it when stored segments can no longer be read. */
#define SIGHT_TRACK_VERSION 1

/* Times are the wall clock of the recording, in ms. One thread adds; once nobody adds any more, any number may read. */
typedef struct SightTrack SightTrack;

SightTrack *sight_track_new(void);
SightTrack *sight_track_ref(SightTrack *track);
void sight_track_unref(SightTrack *track);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightTrack, sight_track_unref)

/* Takes an event, in any order: those that come late are put in their place by sight_track_settle(). */
void sight_track_add(SightTrack *track, const SightEvent *event);
/* To be called before reading, after one or many adds. Further adds may follow: a session that still grows. Blocks for
 * as long as it takes to cut the newest segment, and to cut all again where events came out of order. FALSE (with
 * error) only where a source fails. */
gboolean sight_track_settle(SightTrack *track, GError **error);

/* Events of a source that came so late that they were left out: behind very much of what comes after them. */
guint64 sight_track_n_too_late(const SightTrack *track);

/* Where a track's events are kept, if not in itself. Called on any thread that reads; each may block. */
typedef void (*SightTrackBatchFunc)(gint64 seq, const char *events, gsize bytes, gpointer user_data);
typedef struct {
  /* Calls `func` with each batch (a JSON array) from first_seq to last_seq, in their order. */
  gboolean (*read)(gpointer data, gint64 first_seq, gint64 last_seq, SightTrackBatchFunc func, gpointer user_data,
                   GError **error);
  /* The keyframe of segment `n` as it was stored (zstd), the caller's. NULL where tracks are only cut. */
  GBytes *(*keyframe)(gpointer data, guint n, GError **error);
  gpointer data;
  GDestroyNotify destroy; /* of `data`; may be NULL */
} SightTrackSource;

/* A track that is cut and not kept: events are added, each after sight_track_at_batch() with the number of its batch,
 * it is settled, and its segments are taken to be stored. Takes over the source. */
SightTrack *sight_track_new_cut(const SightTrackSource *source);
void sight_track_at_batch(SightTrack *track, gint64 seq);
/* GPtrArray of SightStoredSegment, the caller's. */
GPtrArray *sight_track_take_segments(SightTrack *track);
/* A track out of stored segments. Nothing can be added. Takes over the source, also where it fails: NULL with error
 * (G_IO_ERROR_INVALID_DATA) where a table is damaged. */
SightTrack *sight_track_new_stored(const GPtrArray *segments, const SightTrackSource *source, GError **error);

guint64 sight_track_n_events(const SightTrack *track);
gboolean sight_track_has_page(const SightTrack *track);    /* there is a full snapshot */
gint64 sight_track_first_ms(const SightTrack *track);      /* 0 where it is empty */
gint64 sight_track_last_ms(const SightTrack *track);       /* 0 where it is empty */
gint64 sight_track_first_page_ms(const SightTrack *track); /* of the first full snapshot; -1 where there is none */
/* Bytes kept in memory for events and keyframes. */
gsize sight_track_bytes(const SightTrack *track);

/* A stretch in which something is missing: users' activity, or any event at all. */
typedef struct {
  gint64 start_ms, end_ms;
} SightStretch;
/* Idle: no mouse, click, scroll, input or touch for at least `idle_ms`, and nothing playing. Jumps: no event at all for
 * at least a minute (a laptop that slept, a clock that was set). In order of time; GArray of SightStretch, the
 * caller's. */
GArray *sight_track_idle(const SightTrack *track, gint64 idle_ms);
const GArray *sight_track_jumps(const SightTrack *track);

/* Where a window was, from a time on. */
typedef struct {
  gint64 at_ms;
  int width, height;
  char *href;  /* GRefString; untrusted text; never NULL */
  char *media; /* GRefString; the visitor's media features (ss:context): JSON, an object of names and lower-case words;
                  or NULL */
} SightPlace;
/* Where it is at that time; before the first one (a size, features) is known, that. FALSE where none ever is. `place`
 * borrows. */
gboolean sight_track_place(const SightTrack *track, gint64 at_ms, SightPlace *place);

typedef struct {
  gint64 first_ms, last_ms; /* of its events */
  guint n_events;
  gsize bytes;          /* of their JSON */
  gsize keyframe_bytes; /* of its keyframe's JSON; 0: it begins with the recorder's own snapshot */
} SightSegmentInfo;
guint sight_track_n_segments(const SightTrack *track);
void sight_track_segment(const SightTrack *track, guint i, SightSegmentInfo *info);

/* Events with from_ms <= time < to_ms, in order of time, appended to `out` as a JSON array. FALSE (with error) where
 * what is kept is damaged. */
gboolean sight_track_events(SightTrack *track, gint64 from_ms, gint64 to_ms, GString *out, GError **error);
/* Time of the next (direction 1) or previous (-1) visible change after or before a time: a snapshot, mutation, input,
 * scroll or resize. -1 where there is none. */
gint64 sight_track_change(const SightTrack *track, gint64 at_ms, int direction);

/* A place in a track, with the page as it is there. One thread at a time. */
typedef struct SightCursor SightCursor;
SightCursor *sight_cursor_new(SightTrack *track);
void sight_cursor_free(SightCursor *cursor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightCursor, sight_cursor_free)
/* Goes to a time: every event strictly before it is applied. Forwards within a segment only what lies between is.
 * Blocks for some ms. FALSE (with error) where what is kept is damaged. */
gboolean sight_cursor_seek(SightCursor *cursor, gint64 at_ms, GError **error);
/* The page there, borrowed until the next seek. sight_dom_has_page() is FALSE before the first snapshot. */
const SightDom *sight_cursor_page(const SightCursor *cursor);
gint64 sight_cursor_at_ms(const SightCursor *cursor);

G_END_DECLS
