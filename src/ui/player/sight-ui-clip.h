/* SPDX-License-Identifier: MIT */
/* Saving a range of the session that is open, or a picture of it, as a file. */
#pragma once

#include "sight-analysis.h"
#include "sight-clip.h"
#include "sight-ui-reel.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* One part (SightClipPart) for each stretch between two times (from the start of the session) in which one window is in
 * front. `spans` (of SightWindowSpan) may be NULL; a window without a page is left to the one that the player shows in
 * its place. The tracks are the reel's. The caller's. */
GArray *sight_ui_clip_parts(const SightUiReel *reel, const GPtrArray *spans, gint64 started_ms, gint64 from_ms,
                            gint64 to_ms);

/* A name as a file may have it everywhere, with that ending (".html"). The caller's. */
char *sight_ui_clip_file_name(const char *name, const char *ending);

/* What is said of a clip. */
typedef struct {
  const char *name, *note, *folder; /* copied */
  GPtrArray *notes;                 /* of SightNote, kept; NULL: none */
  gint64 started_ms;                /* of the session: what the notes' times are told from */
  SightRedaction *redaction;        /* taken; NULL: nothing is masked */
} SightUiClipAbout;

/* Writes the clip into the folder on a worker, under its name or, where a file of that name is there, a similar one:
 * nothing is ever written over. Takes `parts`. */
void sight_ui_clip_save_async(SightUiReel *reel, GArray *parts, SightClipForm form, const SightUiClipAbout *about,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The same with a file that is made already, such as a film. */
void sight_ui_clip_save_bytes_async(GBytes *bytes, const char *ending, const char *name, const char *folder,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* The file that was written, the caller's; NULL with error: then there is none. */
GFile *sight_ui_clip_save_finish(GAsyncResult *result, GError **error);

G_END_DECLS
