/* SPDX-License-Identifier: MIT */
/* SightUiPersonPopover: what is known of the open session, each line a condition, and the user's sessions on one line
 * of time. */
#pragma once

#include "sight-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_PERSON_POPOVER (sight_ui_person_popover_get_type())
/* It activates the actions "win.filter-add" and "win.filter-set" (a filter), and "win.open-session" (its row). */
G_DECLARE_FINAL_TYPE(SightUiPersonPopover, sight_ui_person_popover, SIGHT_UI, PERSON_POPOVER, GtkPopover)

GtkWidget *sight_ui_person_popover_new(void);
/* Reads what is known of the session, on a worker; opens with it. */
void sight_ui_person_popover_open(SightUiPersonPopover *self, SightStore *store, gint64 row);
/* What is being read is not shown any more, either. */
void sight_ui_person_popover_close(SightUiPersonPopover *self);

G_END_DECLS
