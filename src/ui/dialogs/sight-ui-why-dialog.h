/* SPDX-License-Identifier: MIT */
/* SightUiWhyDialog: which conditions of a filter a session meets, where, and which keep it out. */
#pragma once

#include "sight-store.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_WHY_DIALOG (sight_ui_why_dialog_get_type())
/* Signals: "watch" (int64 ms), the session from that moment on; "loosen" (string), a condition of the filter it was
 * opened with is not wanted any more. */
G_DECLARE_FINAL_TYPE(SightUiWhyDialog, sight_ui_why_dialog, SIGHT_UI, WHY_DIALOG, AdwWindow)

/* Endpoint 0: all. Another filter can be typed in it. */
GtkWidget *sight_ui_why_dialog_new(GtkWindow *parent, SightStore *store, gint64 row, const char *filter,
                                   gint64 endpoint);

G_END_DECLS
