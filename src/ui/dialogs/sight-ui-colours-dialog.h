/* SPDX-License-Identifier: MIT */
/* SightUiColoursDialog: the colours that a project's team gives its tags, by name. */
#pragma once

#include "sight-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_COLOURS_DIALOG (sight_ui_colours_dialog_get_type())
/* Signal "failed" (string): why what was changed could not be kept. */
G_DECLARE_FINAL_TYPE(SightUiColoursDialog, sight_ui_colours_dialog, SIGHT_UI, COLOURS_DIALOG, AdwWindow)

/* It reads what they are now. */
GtkWidget *sight_ui_colours_dialog_new(GtkWindow *parent, SightStore *store, gint64 endpoint);

G_END_DECLS
