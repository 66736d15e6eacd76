/* SPDX-License-Identifier: MIT */
/* Taking recordings from files into the cache. */
#pragma once

#include "sight-store.h"

G_BEGIN_DECLS

/* Owns its strings. */
typedef struct {
  char *session; /* id it got: derived from the content, so that importing again changes nothing */
  gint64 row;
  gboolean duplicate; /* it was there already, complete */
  guint64 n_events, n_rejected;
  gboolean partial;
  char *notice; /* what was left out and why, for people; or NULL */
} SightImportResult;
void sight_import_result_clear(SightImportResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SightImportResult, sight_import_result_clear)

/* Reads one file (every form of sight-event-reader.h, and an envelope or JSON lines of envelopes) and stores it, a
 * session per file (per session id where the file names them; the result then tells the first). Blocks: for workers.
 * All or nothing but for events that are none. The error names the file, the place and what to do. */
gboolean sight_import_file(SightStore *store, GFile *file, GCancellable *cancellable, SightImportResult *result,
                           GError **error);

G_END_DECLS
