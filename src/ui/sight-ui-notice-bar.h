/* SPDX-License-Identifier: MIT */
/* SightUiNoticeBar: a line above the player that says that the store can only be read, and what is missing in the
 * session that is open. */
#pragma once

#include "sight-store.h"
#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_NOTICE_BAR (sight_ui_notice_bar_get_type())
G_DECLARE_FINAL_TYPE(SightUiNoticeBar, sight_ui_notice_bar, SIGHT_UI, NOTICE_BAR, GtkWidget)

/* Follows the playback; hidden while there is nothing to say. */
GtkWidget *sight_ui_notice_bar_new(SightUiPlayback *playback, SightStore *store);

G_END_DECLS
