/* SPDX-License-Identifier: MIT */
/* SightUiTimePopover: what time it is in the session, to copy, and a field to go to another one. */
#pragma once

#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_TIME_POPOVER (sight_ui_time_popover_get_type())
G_DECLARE_FINAL_TYPE(SightUiTimePopover, sight_ui_time_popover, SIGHT_UI, TIME_POPOVER, GtkPopover)

GtkWidget *sight_ui_time_popover_new(SightUiPlayback *playback);

G_END_DECLS
