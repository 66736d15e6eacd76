/* SPDX-License-Identifier: MIT */
/* SightUiClipDialog: C, Enter: the range that is marked, or what is around the moment, as a file to share. */
#pragma once

#include "sight-ui-player.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_CLIP_DIALOG (sight_ui_clip_dialog_get_type())
/* Signals: "saved" (GFile): it is there; the dialog closes itself; "picking": it steps aside until an element of the
 * page was clicked, or Escape was pressed. */
G_DECLARE_FINAL_TYPE(SightUiClipDialog, sight_ui_clip_dialog, SIGHT_UI, CLIP_DIALOG, AdwWindow)

/* Proposes the range between in and out point, else around the signal at the playhead, else around the playhead. */
GtkWidget *sight_ui_clip_dialog_new(GtkWindow *parent, SightUiPlayback *playback, SightUiPlayer *player);

G_END_DECLS
