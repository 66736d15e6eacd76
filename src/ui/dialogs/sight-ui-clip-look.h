/* SPDX-License-Identifier: MIT */
/* Looking through a range before it is given away: what of it looks private, and what the team said of it. */
#pragma once

#include "sight-audit-findings.h"
#include "sight-store.h"
#include "sight-ui-reel.h"

G_BEGIN_DECLS

/* Owns what is in it. */
typedef struct {
  GPtrArray *findings; /* of SightAuditFinding */
  GPtrArray *notes;    /* of SightNote, of the whole session */
} SightUiClipLook;
void sight_ui_clip_look_free(SightUiClipLook *look);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SightUiClipLook, sight_ui_clip_look_free)

/* Takes `parts` (of SightClipPart, whose tracks are the reel's). `session`: its id. */
void sight_ui_clip_look_async(SightStore *store, gint64 endpoint, const char *session, SightUiReel *reel, GArray *parts,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
SightUiClipLook *sight_ui_clip_look_finish(GAsyncResult *result, GError **error);

G_END_DECLS
