/* SPDX-License-Identifier: MIT */
/* A recording for a verb: a session of the cache, or a file, as tracks of its windows. */
#pragma once

#include "sight-cli.h"
#include "sight-clip.h"
#include "sight-recording.h"

G_BEGIN_DECLS

/* The windows of the session `id`, or of `file` where that is not NULL; GPtrArray of SightRecordingWindow, in the order
 * in which they begin. NULL with error. Blocks. */
GPtrArray *sight_cli_read_recording(SightCli *cli, const char *id, const char *file, GError **error);
/* Fetches the recording of the session `id` of the opened cache where it is not here. FALSE with error. Blocks. */
gboolean sight_cli_need(SightCli *cli, const char *id, GError **error);
/* Pictures, fonts and sheets that are kept of a session of the cache, as sight_shown_table() gives them. NULL with
 * error.
 */
GHashTable *sight_cli_read_shown(SightCli *cli, const char *id, GError **error);
/* The one named, else the one that was in use at that time: of those with a page by then, the one with the last event
 * before it. NULL with error. */
SightTrack *sight_cli_choose_track(const GPtrArray *windows, const char *window, gint64 at_ms, GError **error);
/* Parts (SightClipPart) of a clip, wall clock: one for each stretch in which a window is the one in use, or of the one
 * that is named. NULL with error. */
GArray *sight_cli_clip_parts(const GPtrArray *tracks, const char *window, gint64 from_ms, gint64 to_ms, GError **error);

G_END_DECLS
