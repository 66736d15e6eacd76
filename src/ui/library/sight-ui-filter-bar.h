/* SPDX-License-Identifier: MIT */
/* SightUiFilterBar: search, sentence and count in one line, the same over all pages. */
#pragma once

#include "sight-ui-walk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_FILTER_BAR (sight_ui_filter_bar_get_type())
/* Its menus activate win.filter-set, -remove, -copy, -edit, -save, win.sort and win.reel. Signals: "entered": a
 * condition was added, or Enter was pressed where none is typed; "left": Escape where nothing is typed. */
G_DECLARE_FINAL_TYPE(SightUiFilterBar, sight_ui_filter_bar, SIGHT_UI, FILTER_BAR, GtkWidget)

/* For a template; follows the library and its filter afterwards. */
void sight_ui_filter_bar_set_library(SightUiFilterBar *self, SightUiLibrary *library, SightUiWalk *walk,
                                     SightStore *store);
/* One of the parts of the sentence in words; the caller's. */
char *sight_ui_filter_bar_phrase(SightUiFilterBar *self, guint i);
/* Takes a part (as text; NULL: none) out of the sentence, to be gone on with as `typed` in the entry. Escape puts it
 * back. */
void sight_ui_filter_bar_edit(SightUiFilterBar *self, const char *part, const char *typed);
/* To the entry. */
void sight_ui_filter_bar_focus(SightUiFilterBar *self);

G_END_DECLS
