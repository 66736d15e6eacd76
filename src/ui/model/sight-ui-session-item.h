/* SPDX-License-Identifier: MIT */
/* SightUiSessionItem: one row of the session list; it exists only while the list asks for it. */
#pragma once

#include "sight-library.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define SIGHT_UI_TYPE_SESSION_ITEM (sight_ui_session_item_get_type())
/* Signal "changed": what it holds was read, or read anew. Main thread. */
G_DECLARE_FINAL_TYPE(SightUiSessionItem, sight_ui_session_item, SIGHT_UI, SESSION_ITEM, GObject)

SightUiSessionItem *sight_ui_session_item_new(gint64 row);
/* NULL until it was read. */
const SightSession *sight_ui_session_item_get_session(SightUiSessionItem *self);
/* Why it is listed, and where to start; without a reason until it was read. */
const SightLibraryReason *sight_ui_session_item_get_reason(SightUiSessionItem *self);
/* Takes what both point at. */
void sight_ui_session_item_take(SightUiSessionItem *self, SightSession *session, SightLibraryReason *reason);

G_END_DECLS
