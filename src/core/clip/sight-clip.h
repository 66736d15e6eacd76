/* SPDX-License-Identifier: MIT */
/* A clip: exactly one range of a recording, cleaned, as a file to share. README.md says what is taken out. */
#pragma once

#include "sight-redaction.h"
#include "sight-track.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A stretch of one window. Wall clock in ms: events with from_ms <= time < to_ms, after the page as it is at from_ms.
 */
typedef struct {
  SightTrack *track; /* borrowed */
  gint64 from_ms, to_ms;
} SightClipPart;

typedef enum {
  SIGHT_CLIP_HTML, /* one file that plays by itself, in any current browser, without any network */
  SIGHT_CLIP_JSON, /* an array of rrweb events, for rrweb's own Replayer */
  SIGHT_CLIP_FILE, /* .sightclip: the events with name, note and what the team said, to be imported (README.md) */
} SightClipForm;

/* Plain text, for the reader; both may be NULL. `shown`: pictures, fonts and sheets to draw, the address as it stands
 * in the recording -> a data: URL; NULL: none. `notes`: of SightNote, from whose moments those of the range are taken
 * into a .sightclip, as told from `started_ms` (wall clock); NULL: none. `redaction`: what is masked, in names and
 * notes as well; NULL: nothing.
 */
typedef struct {
  const char *name, *note;
  GHashTable *shown;
  const GPtrArray *notes;
  gint64 started_ms;
  SightRedaction *redaction;
} SightClipAbout;

#define SIGHT_CLIP_ERROR (sight_clip_error_quark())
GQuark sight_clip_error_quark(void);

typedef enum {
  SIGHT_CLIP_ERROR_EMPTY, /* no page can be seen in the range */
} SightClipError;

/* Appends the clip to `out`. The parts follow one another in time (a session with several tabs has one for each stretch
 * in which a tab is in front); a part begins at its first page where there is none yet at from_ms. The same input gives
 * the same bytes. Blocks; may be called on any thread that may read the tracks. FALSE with error (SIGHT_CLIP_ERROR,
 * G_IO_ERROR_CANCELLED, or what reading the track gives): then `out` is as it was. */
gboolean sight_clip_write(const SightClipPart *parts, guint n_parts, SightClipForm form, const SightClipAbout *about,
                          GCancellable *cancellable, GString *out, GError **error);

/* Several clips in one HTML file, with a list of them: begun once, each added as sight_clip_write() does (where one
 * fails `out` is as it was, and the next may be added), ended once. */
gboolean sight_clip_page_begin(GString *out, const char *title, GError **error);
gboolean sight_clip_page_add(const SightClipPart *parts, guint n_parts, const SightClipAbout *about,
                             GCancellable *cancellable, GString *out, GError **error);
gboolean sight_clip_page_end(GString *out, GError **error);

G_END_DECLS
