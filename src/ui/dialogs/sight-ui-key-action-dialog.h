/* SPDX-License-Identifier: MIT */
/* SightUiKeyActionDialog: names what counts as a success, so that churned sessions can be told. */
#pragma once

#include "sight-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_KEY_ACTION_DIALOG (sight_ui_key_action_dialog_get_type())
G_DECLARE_FINAL_TYPE(SightUiKeyActionDialog, sight_ui_key_action_dialog, SIGHT_UI, KEY_ACTION_DIALOG, AdwWindow)

/* endpoints: of SightEndpoint, those to choose from, at least one; `chosen` is the row that is proposed. */
GtkWidget *sight_ui_key_action_dialog_new(GtkWindow *parent, SightStore *store, GPtrArray *endpoints, gint64 chosen);

G_END_DECLS
