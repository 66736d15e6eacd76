/* SPDX-License-Identifier: MIT */
/* Reading what is said of a picked element, on a worker. */
#pragma once

#include "sight-ui-element.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* sight_ui_element_read() without blocking. */
void sight_ui_picker_read_async(SightUiReel *reel, guint window, gint64 at_ms, int node, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
SightUiElement *sight_ui_picker_finish(GAsyncResult *result, GError **error);

G_END_DECLS
