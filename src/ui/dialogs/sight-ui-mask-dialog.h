/* SPDX-License-Identifier: MIT */
/* SightUiMaskDialog: masking what looks private in recordings that are here already, or erasing them, for good: asks
 * which, tells how far it is, can be stopped, and tells what it did. */
#pragma once

#include "sight-store.h"
#include "sight-ui-finding.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_MASK_DIALOG (sight_ui_mask_dialog_get_type())
/* Signal "changed": something was masked or erased. */
G_DECLARE_FINAL_TYPE(SightUiMaskDialog, sight_ui_mask_dialog, SIGHT_UI, MASK_DIALOG, AdwWindow)

/* The finding is copied. `reaches`: there is an endpoint that can be told to erase sessions. */
GtkWidget *sight_ui_mask_dialog_new(GtkWindow *parent, SightStore *store, const SightUiFinding *finding,
                                    gboolean reaches);

G_END_DECLS
