/* SPDX-License-Identifier: MIT */
/* SightUiFilterEntry: where one more condition is typed, with what may be typed there. */
#pragma once

#include "sight-ui-completion.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_FILTER_ENTRY (sight_ui_filter_entry_get_type())
/* Signals: "entered": a condition was added, or Enter was pressed where none is typed; "left": Escape where nothing is
 * typed; "problem" (string or NULL): what is typed is no filter, or is none no longer. */
G_DECLARE_FINAL_TYPE(SightUiFilterEntry, sight_ui_filter_entry, SIGHT_UI, FILTER_ENTRY, GtkWidget)

GtkWidget *sight_ui_filter_entry_new(void);
void sight_ui_filter_entry_set_filter(SightUiFilterEntry *self, SightUiFilter *filter, SightStore *store);
void sight_ui_filter_entry_focus(SightUiFilterEntry *self);
/* Takes a part (as text; NULL: none) out of the sentence and goes on with `typed`; Escape puts it back. */
void sight_ui_filter_entry_edit(SightUiFilterEntry *self, const char *part, const char *typed);

G_END_DECLS
