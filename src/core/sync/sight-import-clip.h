/* SPDX-License-Identifier: MIT */
/* What a .sightclip holds beside its events: what the team said. */
#pragma once

#include "sight-session-table.h"

G_BEGIN_DECLS

/* Adds the notes of a .sightclip (src/core/clip/README.md) to the session that its events became; under ids that follow
 * from what they say, so that importing again adds nothing. What is no note is left out. Other files have none: nothing
 * happens. *n_left: notes and answers that were left out, since there are more of them than a team writes. In a
 * transaction. FALSE with error where the database says no. */
gboolean sight_import_clip_notes(SightDb *db, GBytes *tainted_content, const SightSession *session, guint *n_left,
                                 GError **error);

G_END_DECLS
