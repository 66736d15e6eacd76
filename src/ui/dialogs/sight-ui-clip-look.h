/* SPDX-License-Identifier: MIT */
/* Looking through a range before it is given away: what of it looks private; and what the team said of it. */
#pragma once

#include "sight-audit-findings.h"
#include "sight-store.h"
#include "sight-ui-reel.h"

G_BEGIN_DECLS

/* Takes `parts` (of SightClipPart, whose tracks are the reel's). `session`: its id. */
void sight_ui_clip_look_async(SightStore *store, gint64 endpoint, const char *session, SightUiReel *reel, GArray *parts,
                              GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Of SightAuditFinding, the caller's; NULL with error. */
GPtrArray *sight_ui_clip_look_finish(GAsyncResult *result, GError **error);

/* What the team said of the session, on a worker. */
void sight_ui_clip_notes_async(SightStore *store, gint64 endpoint, const char *session, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
/* Of SightNote, the caller's; NULL with error. */
GPtrArray *sight_ui_clip_notes_finish(GAsyncResult *result, GError **error);

G_END_DECLS
