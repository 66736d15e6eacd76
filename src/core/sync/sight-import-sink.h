/* SPDX-License-Identifier: MIT */
/* Where the events of a file or of a foreign recording go: into batches of their window, and into the store. Runs
 * inside one transaction, on the writer's thread. */
#pragma once

#include "sight-batch-table.h"
#include "sight-event.h"

G_BEGIN_DECLS

/* Borrows `db` for its life. `session` is the id for events that name none. */
typedef struct SightImportSink SightImportSink;
SightImportSink *sight_import_sink_new(SightDb *db, gint64 endpoint, const char *session, gint64 received_ms);
void sight_import_sink_free(SightImportSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightImportSink, sight_import_sink_free)

/* What is added goes behind what is stored of the windows of this session (its row). Before anything is added. */
gboolean sight_import_sink_go_on(SightImportSink *sink, gint64 session_row, GError **error);

/* A window's name as a valid id, the caller's: equal names give equal ids. */
char *sight_import_window_id(const char *tainted_window);
/* An event of the file's own session. A window that is no valid id gets one that is derived from it; FALSE without
 * error where the file has more windows than a visitor can have. */
gboolean sight_import_sink_add(SightImportSink *sink, const SightEvent *event, const char *tainted_window,
                               GError **error);
/* What is added from now on belongs to this session. Stores what is still collected of the one before. */
gboolean sight_import_sink_begin(SightImportSink *sink, const char *session, GError **error);
/* A batch that names its session itself. */
gboolean sight_import_sink_put(SightImportSink *sink, SightBatch *batch, GError **error);
/* Stores what is still collected. */
gboolean sight_import_sink_flush(SightImportSink *sink, GError **error);

guint64 sight_import_sink_n_events(const SightImportSink *sink);
/* Batches that were not there. */
guint64 sight_import_sink_n_stored(const SightImportSink *sink);
/* Ids in the order of their first batch, borrowed. */
GPtrArray *sight_import_sink_sessions(SightImportSink *sink);

G_END_DECLS
