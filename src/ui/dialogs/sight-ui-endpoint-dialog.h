/* SPDX-License-Identifier: MIT */
/* SightUiEndpointDialog: connects an endpoint: its address, a token and what is wanted of it, tried before they are
 * kept. */
#pragma once

#include "sight-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_ENDPOINT_DIALOG (sight_ui_endpoint_dialog_get_type())
/* Signal "connected" (string): kept; what the analyst should know about where the token is, or NULL. */
G_DECLARE_FINAL_TYPE(SightUiEndpointDialog, sight_ui_endpoint_dialog, SIGHT_UI, ENDPOINT_DIALOG, AdwWindow)

/* url NULL: another endpoint; else another token for this one. */
GtkWidget *sight_ui_endpoint_dialog_new(GtkWindow *parent, SightStore *store, const char *url);

G_END_DECLS
