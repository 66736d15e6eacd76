/* SPDX-License-Identifier: MIT */
/* Whom the events of a session name, so that a person's sessions are found where nothing is analysed. Inside the store
 * module only. */
#pragma once

#include "sight-batch.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Notes the users of the batch. */
gboolean sight_person_table_note(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error);
/* Notes those that its events name: of a batch that is read back. */
gboolean sight_person_table_note_read(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error);

#define SIGHT_PERSON_PORTION_BYTES ((gint64)8 * 1024 * 1024)
/* Reads sessions that an earlier version stored, about `max_bytes` of their events. *done: no more are to be read. */
gboolean sight_person_table_catch_up(SightDb *db, gint64 max_bytes, gboolean *done, GError **error);

G_END_DECLS
