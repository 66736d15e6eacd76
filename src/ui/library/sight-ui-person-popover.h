/* SPDX-License-Identifier: MIT */
/* SightUiPersonPopover: what is known of the open session, each line a condition, and the user's sessions on one line
 * of time, as a chart and as a list. */
#pragma once

#include "sight-ui-playback.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PERSON_POPOVER (sight_ui_person_popover_get_type())
/* It activates the actions "win.filter-add" and "win.filter-set" (a filter), "win.open-session" (its row),
 * "win.open-moment" (its row, and ms from its start), and "win.play-person". */
G_DECLARE_FINAL_TYPE(SightUiPersonPopover, sight_ui_person_popover, SIGHT_UI, PERSON_POPOVER, GtkPopover)

GtkWidget *sight_ui_person_popover_new(SightUiPlayback *playback);
/* Reads what is known of the session that is open, on a worker; opens with it. */
void sight_ui_person_popover_open(SightUiPersonPopover *self);
/* What is being read is not shown any more, either. */
void sight_ui_person_popover_close(SightUiPersonPopover *self);

G_END_DECLS
