/* SPDX-License-Identifier: MIT */
/* The picture that goes along with an issue: the moment on display, masked as a clip of it is. */
#pragma once

#include "sight-ui-player.h"

G_BEGIN_DECLS

/* `place`: where it is seen being made, on a screen; it is shown meanwhile. Main thread. */
void sight_ui_issue_picture_async(GtkBox *place, SightUiPlayer *player, SightUiPlayback *playback,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* PNG, the caller's; NULL with error. */
GBytes *sight_ui_issue_picture_finish(GAsyncResult *result, GError **error);

G_END_DECLS
