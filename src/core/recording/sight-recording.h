/* SPDX-License-Identifier: MIT */
/* A recording as it is watched: a track for each of its windows, out of the store or out of a file. */
#pragma once

#include "sight-store.h"
#include "sight-track.h"

G_BEGIN_DECLS

typedef struct {
  char *window;
  SightTrack *track;
} SightRecordingWindow;

/* What fetches the recording of a stored session that is not here, and does nothing where it is: set once by each
 * program that can, before it opens any. Blocks. */
typedef gboolean (*SightRecordingFetch)(SightStore *store, gint64 session_row, GCancellable *cancellable,
                                        GError **error);
void sight_recording_set_fetch(SightRecordingFetch fetch);
/* Fetches it where it has to be: before more than one thing of the same recording is read. */
gboolean sight_recording_need(SightStore *store, gint64 session_row, GCancellable *cancellable, GError **error);

/* The windows of a stored session, which is fetched where it is not here, in the order in which they begin; GPtrArray
 * of SightRecordingWindow, the caller's. From the segments that analysis has stored, at the cost of their tables; where
 * something came in since, from all batches. The tracks keep the store and read from it while they are used, on
 * whichever (worker) thread that is; once it is closed they fail. Blocks. NULL with error, also G_IO_ERROR_CANCELLED.
 */
GPtrArray *sight_recording_open(SightStore *store, gint64 session_row, GCancellable *cancellable, GError **error);
/* Those of a file; a window without a name is "1". Blocks for as long as reading it takes. */
GPtrArray *sight_recording_read_file(GFile *file, GCancellable *cancellable, GError **error);
/* Or event by event, each window in any order of time. */
GPtrArray *sight_recording_new(void);
void sight_recording_add(GPtrArray *windows, const char *window, const SightEvent *event);
/* Before anything is read. */
void sight_recording_finish(GPtrArray *windows);

/* Wall clock of the first event of all; 0 where there is none. */
gint64 sight_recording_first_ms(const GPtrArray *windows);

/* For a pass over the batches of a window inside sight_store_read(): a track to add them to, valid as long as `db`. */
SightTrack *sight_recording_cut(SightDb *db, gint64 session_row, const char *window);

G_END_DECLS
