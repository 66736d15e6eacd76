/* SPDX-License-Identifier: MIT */
/* Whom the events of a session name, so that a person's sessions are found where nothing is analysed. Inside the store
 * module only. */
#pragma once

#include "sight-batch.h"
#include "sight-store.h"

G_BEGIN_DECLS

/* Notes the users of the batch's ss:identify events. */
gboolean sight_person_table_note(SightDb *db, gint64 session_row, const SightBatch *batch, GError **error);

G_END_DECLS
